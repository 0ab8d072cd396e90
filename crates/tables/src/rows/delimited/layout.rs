//! How a delimited text is laid out: which sign separates the cells.

use super::records::Records;
use crate::number;

/// What separates cells, and where the first record begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layout {
    pub delimiter: u8,
    /// Byte of the first record.
    pub start: usize,
    /// Its line, counted from 1.
    pub line: usize,
}

/// Records that are looked at.
const LOOK_AT: usize = 200;

/// Finds the sign that makes records of one length: cells in quotation marks are read as such, so that signs
/// within them do not count.
pub(super) fn find(text: &str) -> Layout {
    if let Some(told) = told_by_first_line(text) {
        return told;
    }
    let layout = |delimiter| Layout { delimiter, start: 0, line: 1 };
    let best = [b',', b';', b'\t', b'|']
        .into_iter()
        .filter_map(|delimiter| Some((Fit::of(text, delimiter)?, delimiter)))
        .reduce(|best, next| if next.0.beats(&best.0) { next } else { best });
    let spaced = || if is_spaced(text) { b' ' } else { b',' };
    layout(best.map_or_else(spaced, |(_, delimiter)| delimiter))
}

/// Whether a space separates the names, as R writes tables: all in quotation marks, one space between two.
fn is_spaced(text: &str) -> bool {
    let (mut cells, mut marks) = (Vec::new(), Vec::new());
    let first = Records::new(text, b' ', 1).marked(&mut cells, &mut marks);
    first.is_ok() && marks.len() > 1 && marks.iter().all(|marked| *marked)
}

/// `sep=;`, as spreadsheets write and read it.
fn told_by_first_line(text: &str) -> Option<Layout> {
    let line = &text[..text.find(['\n', '\r'])?];
    let told = line.trim_matches([' ', '"', ',', ';']).to_ascii_lowercase();
    if !told.starts_with("sep=") && told != "sep" {
        return None;
    }
    // The sign itself may have been trimmed.
    let delimiter = *line.as_bytes().get(line.find('=')? + 1)?;
    let start = line.len() + if text[line.len()..].starts_with("\r\n") { 2 } else { 1 };
    (delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric() && delimiter != b'"').then_some(Layout {
        delimiter,
        start,
        line: 2,
    })
}

/// How well a sign separates cells.
struct Fit {
    /// A quotation mark does not close where its cell ends.
    broken: bool,
    /// Share of the records that have as many cells as the first.
    even: f64,
    /// Share of the cells that are numbers.
    numbers: f64,
    columns: usize,
}

impl Fit {
    /// `None` where the first record is one cell.
    fn of(text: &str, delimiter: u8) -> Option<Fit> {
        let mut records = Records::new(text, delimiter, 1);
        let mut cells = Vec::new();
        records.next(&mut cells).ok()??;
        let named = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        let columns = cells.len();
        if columns < 2 {
            return None;
        }
        let (mut broken, mut rows, mut even, mut filled, mut numbers) = (false, 0, 0, 0, 0);
        while rows < LOOK_AT {
            match records.next(&mut cells) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => {
                    broken = true;
                    break;
                }
            }
            rows += 1;
            let used = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
            if used == 0 || (cells.len() >= named && used <= columns) {
                even += 1;
            }
            let signs = if delimiter == b',' { number::plain } else { |text: &str| number::parse(text).ok() };
            filled += used;
            numbers += cells.iter().filter(|cell| signs(cell.trim()).is_some()).count();
        }
        let share = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        Some(Fit { broken, even: share(even, rows), numbers: share(numbers, filled), columns })
    }

    fn beats(&self, other: &Fit) -> bool {
        if self.broken != other.broken {
            return other.broken;
        }
        if self.even != other.even {
            return self.even > other.even;
        }
        if self.numbers != other.numbers {
            return self.numbers > other.numbers;
        }
        self.columns > other.columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_that_makes_even_records_separates_them() {
        for (text, delimiter) in [
            ("a,b\n1,2\n", b','),
            ("a;b;c\n0,5;1,5;x\n", b';'),
            ("p\t\"Is it, or is it, or not?\"\n\"a, b\"\t1\n", b'\t'),
            ("\"p\";\"h\n(1, low, to 5, high)\";x\nq;1;2\n", b';'),
            ("a|b\n1|2\n", b'|'),
            ("h, 1-5;k, 1-5;p, x\n1,5;2,5;q,r\n", b';'),
            ("text\nHello, you\n", b','),
            ("\"a\" \"b, c\"\n\"1\" 2\n", b' '),
            ("\"a\"  \"b\"\n", b','),
            ("\"a b\"\n", b','),
            ("a b\n1 2\n", b','),
        ] {
            assert_eq!(find(text).delimiter, delimiter, "{text}");
        }
        assert_eq!(find("sep=;\r\na;b\n"), Layout { delimiter: b';', start: 7, line: 2 });
        assert_eq!(find("\"sep=|\"\na|b\n"), Layout { delimiter: b'|', start: 8, line: 2 });
        assert_eq!(find("SEP=\t\na\tb\n").delimiter, b'\t');
    }
}
