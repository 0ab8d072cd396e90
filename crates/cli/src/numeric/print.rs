//! Reports for people, in tables of words and numbers, and for machines.

use super::input::BadInput;
use palette_study::Verdict;
use palette_study::align::BaseShift;
pub(super) use palette_study::figures::drafts_in_words as drafts;
use serde::Serialize;

/// Formats and writes to standard output.
macro_rules! say {
    ($($format:tt)*) => { $crate::numeric::print::out(&format!($($format)*)) };
}
pub(super) use say;

/// Four figures.
pub(super) fn number(x: f64) -> String {
    if x == 0.0 {
        return "0".into();
    }
    let power = x.abs().log10().floor();
    if !(-4.0..6.0).contains(&power) {
        return format!("{x:.3e}");
    }
    let places = (3.0 - power).max(0.0) as usize;
    format!("{x:.places$}")
}

/// A number of four figures, or a dash.
pub(super) fn maybe(x: Option<f64>) -> String {
    x.filter(|x| x.is_finite()).map_or("–".into(), number)
}

/// A 95% interval, or a dash.
pub(super) fn interval(interval: Option<[f64; 2]>) -> String {
    interval.map_or("–".into(), |[low, high]| format!("{} to {}", number(low), number(high)))
}

/// What a target asks for.
pub(super) fn bounds(lower: Option<f64>, upper: Option<f64>) -> String {
    match (lower, upper) {
        (None, None) => "off".into(),
        (Some(a), None) => format!("≥ {}", number(a)),
        (None, Some(b)) => format!("≤ {}", number(b)),
        (Some(a), Some(b)) if a == b => format!("= {}", number(a)),
        (Some(a), Some(b)) => format!("{}..{}", number(a), number(b)),
    }
}

/// A line for each value whose base differs on the new prompts.
pub(super) fn shifts(shifts: &[BaseShift]) -> String {
    let line = |shift: &BaseShift| {
        format!(
            "{}: these prompts give {} anyway, those that λ was solved on {} (p = {:.1e}).\n",
            shift.name,
            number(shift.new),
            number(shift.pilot),
            shift.p
        )
    };
    shifts.iter().filter(|shift| shift.significant).map(line).collect()
}

/// Columns of equal width: the first to the left, the others to the right.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |k: usize| {
        let cells = rows.iter().filter_map(|row| row.get(k)).map(|cell| cell.chars().count());
        cells.chain([header[k].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |cells: Vec<&str>| -> String {
        let padded = cells.iter().enumerate().map(|(k, cell)| {
            let space = " ".repeat(widths[k].saturating_sub(cell.chars().count()));
            if k == 0 { format!("{cell}{space}") } else { format!("{space}{cell}") }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    let mut text = line(header.to_vec());
    for row in rows {
        text += &line(row.iter().map(String::as_str).collect());
    }
    text
}

/// The verdict in one word.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reachable => "reachable",
        Verdict::Edge => "edge",
        Verdict::Unreachable => "unreachable",
    }
}

/// Writes `text` to standard output. Whoever reads it may have closed it (`palette … | head`): that is no
/// error.
pub(super) fn out(text: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        eprintln!("palette: the answer could not be written: {error}.");
        std::process::exit(1);
    }
}

/// A report as JSON for machines, with a line feed at its end.
pub(super) fn json(report: &impl Serialize) -> Result<(), BadInput> {
    let text = serde_json::to_string_pretty(report)
        .map_err(|e| BadInput(format!("The answer could not be written: {e}.")))?;
    out(&(text + "\n"));
    Ok(())
}

/// A report: as JSON, or its notes and what `in_words` says.
pub(crate) fn answer<R: Serialize>(
    report: &R,
    notes: &[String],
    json: bool,
    in_words: impl FnOnce(&R) -> String,
) -> Result<(), BadInput> {
    if json {
        return self::json(report);
    }
    self::notes(notes);
    out(&in_words(report));
    Ok(())
}

/// Notes on standard error, so that they never mix with an answer.
pub(super) fn notes(notes: &[String]) {
    for note in notes {
        eprintln!("note: {note}");
    }
}
