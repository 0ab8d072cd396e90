//! Numbers as people type them: decimal comma or point, every kind of minus, spaces, separated thousands.

use std::fmt;

/// The sign between the whole part of a number and its decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    Point,
    Comma,
}

/// Why a text is no number. Its display is a sentence with a remedy.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberError {
    /// Nothing but blanks.
    Empty,
    /// The text, shortened.
    NotANumber(String),
    /// What the sign after the first digits separates cannot be told: decimals or thousands.
    Ambiguous { text: String, decimals: f64, thousands: f64 },
    /// Beyond the largest float. The text, shortened.
    TooLarge(String),
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            NumberError::Empty => f.write_str("There is no number. Write one, such as 0.5."),
            NumberError::NotANumber(text) => {
                write!(f, "“{text}” is not a number. Write digits with a decimal point, such as 0.5.")
            }
            NumberError::Ambiguous { text, decimals, thousands } => write!(
                f,
                "“{text}” could be {decimals} or {thousands}. Write the one that is meant, with a point \
                    before decimals and nothing between thousands."
            ),
            NumberError::TooLarge(text) => {
                write!(
                    f,
                    "“{text}” is beyond the largest number that can be computed with. Write a smaller one."
                )
            }
        }
    }
}

impl std::error::Error for NumberError {}

/// Reads a number. Where one comma could separate decimals or thousands (`1,248`) it is refused; a single
/// point always stands before decimals.
///
/// # Errors
/// When it is no finite number, or can be read in two ways.
pub fn parse(text: &str) -> Result<f64, NumberError> {
    read(text, None)
}

/// Reads a number where decimals are known to be written after `mark`: then `1,248` is 1.248 for a comma and
/// 1248 for a point. A point among numbers with decimal commas is refused where it could separate thousands.
///
/// # Errors
/// As [`parse`].
pub fn parse_with(text: &str, mark: DecimalMark) -> Result<f64, NumberError> {
    read(text, Some(mark))
}

/// A number written plainly: ASCII digits with a decimal point or an exponent, no blanks. Infinite where it
/// is beyond the largest float.
pub(crate) fn plain(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    // The standard parser takes “inf” and “nan” as well.
    if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') { text.parse().ok() } else { None }
}

/// Characters that are seen as blank or not at all.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Characters of no width.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}'
        | '\u{feff}' | '\u{ad}' | '\u{180e}')
}

/// Every sign that is seen as a minus.
pub(crate) fn is_minus(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2014}' | '\u{2212}' | '\u{fe63}' | '\u{fe58}' | '\u{ff0d}' | '\u{207b}'
    )
}

fn read(text: &str, mark: Option<DecimalMark>) -> Result<f64, NumberError> {
    let trimmed = text.trim_matches(is_blank);
    if trimmed.is_empty() {
        return Err(NumberError::Empty);
    }
    let said = || -> String { trimmed.chars().take(40).collect() };
    let no_number = || NumberError::NotANumber(said());
    let finite = |x: f64| if x.is_finite() { Ok(x) } else { Err(NumberError::TooLarge(said())) };

    let mut rest = trimmed;
    let negative = rest.starts_with(is_minus);
    if let Some(unsigned) = rest.strip_prefix(|c| is_minus(c) || matches!(c, '+' | '\u{ff0b}')) {
        rest = unsigned.trim_start_matches(is_blank);
    }
    let (size, exponent) = match rest.split_once(['e', 'E']) {
        Some((size, exponent)) => (size, Some(read_exponent(exponent).ok_or_else(no_number)?)),
        None => (rest, None),
    };
    let written = Written::of(size).ok_or_else(no_number)?;
    let value = |digits: &str| -> Result<f64, NumberError> {
        let text = format!("{digits}e{}", exponent.unwrap_or(0));
        let size = text.parse::<f64>().map_err(|_| no_number())?;
        Ok(if negative { -size } else { size })
    };
    match written.reading(mark).ok_or_else(no_number)? {
        Reading::One(digits) => finite(value(&digits)?),
        Reading::Two { decimals, thousands } => {
            // An exponent is not written after separated thousands.
            if exponent.is_some() {
                return finite(value(&decimals)?);
            }
            Err(NumberError::Ambiguous {
                text: said(),
                decimals: value(&decimals)?,
                thousands: value(&thousands)?,
            })
        }
    }
}

fn read_exponent(text: &str) -> Option<i32> {
    let negative = text.starts_with(is_minus);
    let digits = text.strip_prefix(|c| is_minus(c) || c == '+').unwrap_or(text);
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size: i32 = digits.parse().ok()?;
    Some(if negative { -size } else { size })
}

/// The part of a number between its sign and its exponent.
struct Written {
    /// Digits, points, commas, and a blank for every other separator of thousands.
    text: String,
}

enum Reading {
    /// Digits with at most one point.
    One(String),
    Two {
        decimals: String,
        thousands: String,
    },
}

impl Written {
    fn of(size: &str) -> Option<Written> {
        let mut text = String::with_capacity(size.len());
        for c in size.chars() {
            match c {
                '0'..='9' | '.' | ',' => text.push(c),
                // Digits as wide as ideographs.
                '\u{ff10}'..='\u{ff19}' => text.push(char::from(b'0' + (c as u32 - 0xff10) as u8)),
                '\'' | '\u{2019}' => text.push(' '),
                c if c.is_whitespace() => text.push(' '),
                c if is_invisible(c) => {}
                _ => return None,
            }
        }
        text.contains(|c: char| c.is_ascii_digit()).then_some(Written { text })
    }

    fn reading(&self, mark: Option<DecimalMark>) -> Option<Reading> {
        let text = self.text.as_str();
        let (points, commas) = (text.matches('.').count(), text.matches(',').count());
        let one =
            |decimal: Option<char>, thousands: char| plain_digits(text, decimal, thousands).map(Reading::One);
        if text.contains(' ') {
            // Blanks separate the thousands, so that a point or a comma is decimal.
            return match (points, commas) {
                (0, 0) => one(None, ' '),
                (1, 0) => one(Some('.'), ' '),
                (0, 1) => one(Some(','), ' '),
                _ => None,
            };
        }
        match (points, commas) {
            (0, 0) => Some(Reading::One(text.into())),
            (1.., 1..) => match text.rfind('.') > text.rfind(',') {
                true => one(Some('.'), ','),
                false => one(Some(','), '.'),
            },
            (2.., 0) => one(None, '.'),
            (0, 2..) => one(None, ','),
            (points, _) => {
                let (sign, own) = match points {
                    1 => ('.', DecimalMark::Point),
                    _ => (',', DecimalMark::Comma),
                };
                let decimals = plain_digits(text, Some(sign), ' ')?;
                match (plain_digits(text, None, sign), mark) {
                    (Some(thousands), Some(DecimalMark::Point)) if sign == ',' => {
                        Some(Reading::One(thousands))
                    }
                    (Some(thousands), mark) if mark.unwrap_or(DecimalMark::Point) != own => {
                        Some(Reading::Two { decimals, thousands })
                    }
                    _ => Some(Reading::One(decimals)),
                }
            }
        }
    }
}

/// The digits of `text` with a point before the decimals and no thousands; `None` where they do not stand in
/// groups of three.
fn plain_digits(text: &str, decimal: Option<char>, thousands: char) -> Option<String> {
    let (whole, decimals) = match decimal {
        Some(mark) => text.split_once(mark)?,
        None => (text, ""),
    };
    if !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut groups = whole.split(thousands);
    let first = groups.next().unwrap_or_default();
    let mut digits = String::from(first);
    let mut separated = false;
    for group in groups {
        separated = true;
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    // 0,248 is no number of thousands.
    if separated && (!(1..=3).contains(&first.len()) || first.starts_with('0')) {
        return None;
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if decimal.is_some() {
        digits.push('.');
        digits.push_str(decimals);
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_type_them() {
        for (text, number) in [
            ("0.5", 0.5),
            ("0,5", 0.5),
            (",5", 0.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("−0,5", -0.5),
            ("–3", -3.0),
            ("﹣ 3", -3.0),
            ("‐3", -3.0),
            ("－３", -3.0),
            ("+2", 2.0),
            ("\u{a0}7\u{2009}", 7.0),
            ("\u{200e}-7", -7.0),
            ("1 248", 1248.0),
            ("1\u{202f}248,5", 1248.5),
            ("1'248.5", 1248.5),
            ("1’248’000", 1_248_000.0),
            ("1,248.5", 1248.5),
            ("1.248,5", 1248.5),
            ("1,248,000", 1_248_000.0),
            ("1.248.000", 1_248_000.0),
            ("1.248", 1.248),
            ("0,248", 0.248),
            ("1248,500", 1248.5),
            ("12,34", 12.34),
            ("1,5e3", 1500.0),
            ("1E−3", 0.001),
            ("1e-400", 0.0),
        ] {
            assert_eq!(parse(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn what_could_be_two_numbers_needs_a_hint() {
        let said = parse("1,248").expect_err("two readings").to_string();
        assert!(said.contains("1.248 or 1248"), "{said}");
        assert_eq!(parse_with("1,248", DecimalMark::Comma), Ok(1.248));
        assert_eq!(parse_with("1,248", DecimalMark::Point), Ok(1248.0));
        assert_eq!(parse_with("-12,5", DecimalMark::Point), Ok(-12.5));
        assert_eq!(parse_with("0.5", DecimalMark::Comma), Ok(0.5));
        assert!(matches!(parse_with("1.248", DecimalMark::Comma), Err(NumberError::Ambiguous { .. })));
        assert_eq!(parse_with("1.248", DecimalMark::Point), Ok(1.248));
    }

    #[test]
    fn what_is_no_number_is_said() {
        for text in [
            "much",
            "1 2",
            "1,24,8",
            "1.2.3",
            "12,34,567",
            "1,248.5.1",
            "--1",
            "1-2",
            "1e",
            "e5",
            "1e5.5",
            "inf",
            "NaN",
            "-",
            ",",
            "45%",
            "3/4",
            "0x10",
            "1_000",
            "٣",
        ] {
            let said = parse(text).expect_err(text).to_string();
            assert!(said.contains(text) && said.contains("is not a number") && said.ends_with('.'), "{said}");
        }
        assert_eq!(parse(" \u{a0}\u{200b}"), Err(NumberError::Empty));
        assert!(matches!(parse("1e999"), Err(NumberError::TooLarge(_))));
    }
}
