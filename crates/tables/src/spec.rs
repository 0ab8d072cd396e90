//! Targets as text: in links, on the command line, in the cells of a table of palettes.
//!
//! A level is a number, `base`, `base+0.3`, `base-0.3`, `base+0.5sd`, `q80` (percent), `quantile80`, `keep` or
//! `log+0.25`.

use super::number::{self, NumberError};
use super::target::{Level, Target};
use std::fmt;

/// The forms of a level, for messages.
const LEVELS: &str =
    "a level must be a number, base+0.3, base-0.3, base+0.5sd, q80, quantile80, keep or log+0.25";

/// A target with the value it is for, as said on the command line.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// All that stood before the operator: it is the value's whole name where a value is called so.
    pub left: String,
    /// `left` up to its last `@`.
    pub value: String,
    /// `left` after its last `@`.
    pub group: Option<String>,
    pub target: Target,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            Level::At(c) => write!(f, "{c}"),
            Level::Base(0.0) => f.write_str("base"),
            Level::Base(delta) => write!(f, "base{delta:+}"),
            Level::BaseSd(share) => write!(f, "base{share:+}sd"),
            Level::Quantile(q) => write!(f, "q{}", percent(q)),
            Level::PlainQuantile(q) => write!(f, "quantile{}", percent(q)),
            Level::Maintain => f.write_str("keep"),
            Level::LogGain(kappa) => write!(f, "log{kappa:+}"),
        }
    }
}

/// As in a cell of a table of palettes.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Target::Off => f.write_str("off"),
            Target::AtLeast(level) => write!(f, "{level}"),
            Target::AtMost(level) => write!(f, "<={level}"),
            Target::Exactly(level) => write!(f, "={level}"),
            Target::Between(low, high) => write!(f, "{low}..{high}"),
        }
    }
}

/// Through a decimal number of percent, so that 0.07 is q7 and not q7.000000000000001.
fn percent(q: f64) -> f64 {
    (q * 100.0 * 1e9).round() / 1e9
}

/// Reads a cell: empty or `off`; a level or `>=` and a level for at least, `<=` for at most, `=` for exactly;
/// `A..B` for a range.
///
/// # Errors
/// A sentence with the text and what is expected.
pub fn parse_cell(text: &str) -> Result<Target, String> {
    let wrong = |why: String| format!("“{}” is not a target: {why}.", text.trim());
    let said = text.trim();
    if said.is_empty() || said == "off" {
        return Ok(Target::Off);
    }
    if let Some((kind, level)) = Kind::at_start_of(said) {
        return read_level(level).map(|level| kind.target(level)).map_err(wrong);
    }
    match read_range(said) {
        Some(range) => range.map_err(wrong),
        None => read_level(said).map(Target::AtLeast).map_err(|why| {
            wrong(format!("{why}; before it >=, <= or =, or two levels as in 0.2..0.4, or off"))
        }),
    }
}

/// Reads `VALUE>=LEVEL`, `VALUE<=LEVEL`, `VALUE=LEVEL`, `VALUE in A..B` or `VALUE off`, with `@GROUP` after
/// the value for one group of prompts.
///
/// # Errors
/// A sentence with the text and what is expected.
pub fn parse_constraint(text: &str) -> Result<Constraint, String> {
    const FORMS: &str = "write humor>=0.3, humor<=0.3, humor=0.3, humor in 0.2..0.4 or humor off; \
        harmless@medical>=q80 is for one group";
    let wrong = |why: String| format!("“{}” is not a target: {why}.", text.trim());
    // The last operator counts, so that names may hold an equals sign or the word “in”.
    let operator = Kind::last_in(text);
    let range = text.rfind(" in ").filter(|at| operator.as_ref().is_none_or(|(_, start, _)| at > start));
    let (left, target) = match (range, operator) {
        (Some(at), _) => {
            let target = read_range(&text[at + 4..]).unwrap_or_else(|| {
                Err("a range must be two levels with two points between, such as 0.2..0.4".into())
            });
            (&text[..at], target)
        }
        (None, Some((kind, start, end))) => {
            let level = text[end..].trim();
            let target = if level.is_empty() {
                Err(format!("there is no level; {LEVELS}"))
            } else {
                read_level(level).map(|level| kind.target(level))
            };
            let hint = |why| {
                if level.contains("..") {
                    format!("{why}; for a range write {} in {level}", text[..start].trim())
                } else {
                    why
                }
            };
            (&text[..start], target.map_err(hint))
        }
        (None, None) => {
            match text.trim().strip_suffix("off").filter(|left| left.ends_with(char::is_whitespace)) {
                Some(left) => (left, Ok(Target::Off)),
                None => return Err(wrong(FORMS.into())),
            }
        }
    };
    let left = left.trim();
    if left.is_empty() {
        return Err(wrong(format!("it names no value; {FORMS}")));
    }
    let target = target.map_err(wrong)?;
    let (value, group) = match left.rsplit_once('@').map(|(value, group)| (value.trim(), group.trim())) {
        Some((value, group)) if !value.is_empty() && !group.is_empty() => (value, Some(group)),
        _ => (left, None),
    };
    Ok(Constraint { left: left.into(), value: value.into(), group: group.map(String::from), target })
}

/// The kind of target that an operator stands for.
#[derive(Clone, Copy)]
enum Kind {
    AtLeast,
    AtMost,
    Exactly,
}

impl Kind {
    /// Longer ones first, so that `>=` is not taken for `=`.
    const OPERATORS: [(&str, Kind); 6] = [
        (">=", Kind::AtLeast),
        ("<=", Kind::AtMost),
        ("==", Kind::Exactly),
        ("≥", Kind::AtLeast),
        ("≤", Kind::AtMost),
        ("=", Kind::Exactly),
    ];

    fn target(self, level: Level) -> Target {
        match self {
            Kind::AtLeast => Target::AtLeast(level),
            Kind::AtMost => Target::AtMost(level),
            Kind::Exactly => Target::Exactly(level),
        }
    }

    fn at_start_of(text: &str) -> Option<(Kind, &str)> {
        Kind::OPERATORS.iter().find_map(|(sign, kind)| text.strip_prefix(sign).map(|rest| (*kind, rest)))
    }

    /// The last operator with its start and end.
    fn last_in(text: &str) -> Option<(Kind, usize, usize)> {
        let ends =
            |(sign, kind): &(&str, Kind)| text.rfind(sign).map(|start| (*kind, start, start + sign.len()));
        // Of those that end at the same place the longest, which comes first.
        Kind::OPERATORS.iter().filter_map(ends).reduce(|best, next| if next.2 > best.2 { next } else { best })
    }
}

/// Reads a level.
///
/// # Errors
/// What is expected, to stand in a sentence: without the text and without a full stop.
pub fn read_level(text: &str) -> Result<Level, String> {
    let text = text.trim();
    match text {
        "keep" => return Ok(Level::Maintain),
        "base" => return Ok(Level::Base(0.0)),
        _ => {}
    }
    if let Some(percent) = text.strip_prefix("quantile") {
        return read_quantile(percent)
            .map(Level::PlainQuantile)
            .ok_or_else(|| "a plain quantile must be quantile0 to quantile100".into());
    }
    if let Some(percent) = text.strip_prefix('q') {
        return read_quantile(percent)
            .map(Level::Quantile)
            .ok_or_else(|| "a quantile must be q0 to q100".into());
    }
    if let Some(delta) = text.strip_prefix("base") {
        let (delta, step): (&str, fn(f64) -> Level) = match delta.strip_suffix("sd") {
            Some(share) => (share.trim_end(), Level::BaseSd),
            None => (delta, Level::Base),
        };
        return read_signed(delta).map(step).ok_or_else(|| {
            "a step from the base mean must be such as base+0.3, base-0.3 or base+0.5sd".into()
        });
    }
    if let Some(kappa) = text.strip_prefix("log") {
        return match read_signed(kappa) {
            Some(kappa) if kappa > -1.0 => Ok(Level::LogGain(kappa)),
            _ => Err("a log gain must be such as log+0.25 or log-0.1, and above log-1".into()),
        };
    }
    match number::parse(text) {
        Ok(c) => Ok(Level::At(c)),
        Err(NumberError::Ambiguous { decimals, thousands, .. }) => {
            Err(format!("a level must be one number, and this could be {decimals} or {thousands}"))
        }
        Err(_) => Err(LEVELS.into()),
    }
}

/// `A..B`, or `None` where there are no two points. The error is as in [`read_level`].
pub fn read_range(text: &str) -> Option<Result<Target, String>> {
    let (low, high) = text.split_once("..")?;
    let read = || {
        let (low, high) = (read_level(low)?, read_level(high)?);
        if upside_down(low, high) {
            Err(format!("the range runs from the lower to the higher level, {high}..{low}"))
        } else {
            Ok(Target::Between(low, high))
        }
    };
    Some(read())
}

/// Whether the lower end is above the upper one on any table.
fn upside_down(low: Level, high: Level) -> bool {
    match (low, high) {
        (Level::At(a), Level::At(b))
        | (Level::Base(a), Level::Base(b))
        | (Level::BaseSd(a), Level::BaseSd(b))
        | (Level::LogGain(a), Level::LogGain(b)) => a > b,
        (Level::PlainQuantile(a), Level::PlainQuantile(b)) => a > b,
        _ => false,
    }
}

fn read_quantile(percent: &str) -> Option<f64> {
    number::parse(percent).ok().filter(|p| (0.0..=100.0).contains(p)).map(|p| p / 100.0)
}

/// A finite number with a sign that must stand there.
fn read_signed(text: &str) -> Option<f64> {
    let text = text.trim_start();
    let signed = text.starts_with(|c| c == '+' || number::is_minus(c));
    let mut rest = text.chars();
    rest.next();
    let digits =
        rest.as_str().trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    if signed && digits { number::parse(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVELS: [(&str, Level); 19] = [
        ("0.25", Level::At(0.25)),
        ("0,25", Level::At(0.25)),
        ("−3", Level::At(-3.0)),
        ("base − 0,3", Level::Base(-0.3)),
        ("-3", Level::At(-3.0)),
        ("1e-9", Level::At(1e-9)),
        ("base", Level::Base(0.0)),
        ("base+0.3", Level::Base(0.3)),
        ("base-0.3", Level::Base(-0.3)),
        ("base + 0.3", Level::Base(0.3)),
        ("base+0.5sd", Level::BaseSd(0.5)),
        ("base − 0,25 sd", Level::BaseSd(-0.25)),
        ("q80", Level::Quantile(0.8)),
        ("q7", Level::Quantile(0.07)),
        ("quantile80", Level::PlainQuantile(0.8)),
        ("quantile12.5", Level::PlainQuantile(0.125)),
        ("keep", Level::Maintain),
        ("log+0.25", Level::LogGain(0.25)),
        ("log-0.1", Level::LogGain(-0.1)),
    ];

    #[test]
    fn levels_are_read_and_written() {
        for (text, level) in LEVELS {
            assert_eq!(read_level(text), Ok(level), "{text}");
            assert_eq!(read_level(&level.to_string()), Ok(level), "{level}");
        }
        assert_eq!(Level::Quantile(0.07).to_string(), "q7");
        assert_eq!(Level::Base(-0.3).to_string(), "base-0.3");
    }

    #[test]
    fn what_is_no_level_is_said() {
        for text in [
            "",
            "q101",
            "q-1",
            "q",
            "qNaN",
            "quantile",
            "base+",
            "base+sd",
            "base0.5sd",
            "base*2",
            "base0.3",
            "base+-1",
            "base+inf",
            "nan",
            "inf",
            "-inf",
            "log-1",
            "log",
            "off",
            "0.5 nats",
        ] {
            let expected = read_level(text).expect_err(text);
            assert!(expected.contains("must be") && !expected.ends_with('.'), "{expected}");
        }
    }

    #[test]
    fn constraints_are_read() {
        let of = |text: &str| parse_constraint(text).unwrap_or_else(|e| panic!("{e}"));
        let plain = |text: &str, value: &str, target: Target| {
            let c = of(text);
            assert_eq!((c.value.as_str(), c.group, c.target), (value, None, target), "{text}");
        };
        plain("humor>=0.3", "humor", Target::AtLeast(Level::At(0.3)));
        plain("humor ≥ base+0.3", "humor", Target::AtLeast(Level::Base(0.3)));
        plain("gpt2-helpful <= q80", "gpt2-helpful", Target::AtMost(Level::Quantile(0.8)));
        plain("humor≤-1", "humor", Target::AtMost(Level::At(-1.0)));
        plain("a b.2 = keep", "a b.2", Target::Exactly(Level::Maintain));
        plain("humor==1", "humor", Target::Exactly(Level::At(1.0)));
        plain("humor in 0.2..0.4", "humor", Target::Between(Level::At(0.2), Level::At(0.4)));
        plain("humor in base-1 .. q90", "humor", Target::Between(Level::Base(-1.0), Level::Quantile(0.9)));
        plain("humor in .5...7", "humor", Target::Between(Level::At(0.5), Level::At(0.7)));
        plain("humor off", "humor", Target::Off);
        // Names may look like operators.
        plain("drive in >= 2", "drive in", Target::AtLeast(Level::At(2.0)));
        plain("a=b in 1..2", "a=b", Target::Between(Level::At(1.0), Level::At(2.0)));
        plain("a=b>=1", "a=b", Target::AtLeast(Level::At(1.0)));
        plain("hand off off", "hand off", Target::Off);
        let c = of("harmless@medical >= q80");
        assert_eq!(
            (c.left.as_str(), c.value.as_str(), c.group.as_deref()),
            ("harmless@medical", "harmless", Some("medical"))
        );
        let c = of("p@k@medical in 0..1");
        assert_eq!(
            (c.left.as_str(), c.value.as_str(), c.group.as_deref()),
            ("p@k@medical", "p@k", Some("medical"))
        );
        assert_eq!(of("harmless@medical off").group.as_deref(), Some("medical"));
    }

    #[test]
    fn what_is_no_constraint_is_said() {
        let cases = [
            ("", "humor>=0.3"),
            ("humor", "humor>=0.3"),
            ("humor>", "humor>=0.3"),
            ("humor>0.3", "humor>=0.3"),
            ("humor>=", "no level"),
            (">=0.3", "names no value"),
            ("off", "humor>=0.3"),
            ("humor>=q101", "q0 to q100"),
            ("humor>=nan", "must be a number"),
            ("humor in 0.4..0.2", "from the lower to the higher"),
            ("humor in 0.4", "two levels"),
            ("humor in 0.4..", "must be a number"),
            ("humor=0.2..0.4", "humor in 0.2..0.4"),
        ];
        for (text, words) in cases {
            let message = parse_constraint(text).expect_err(text);
            assert!(
                message.contains(&format!("“{text}”")) && message.contains(words) && message.ends_with('.'),
                "{message}"
            );
        }
    }

    #[test]
    fn cells_are_read_and_written() {
        let cells = [
            ("", Target::Off),
            ("off", Target::Off),
            ("q80", Target::AtLeast(Level::Quantile(0.8))),
            (" >= 0.3 ", Target::AtLeast(Level::At(0.3))),
            ("<=base", Target::AtMost(Level::Base(0.0))),
            ("=-0.5", Target::Exactly(Level::At(-0.5))),
            ("base-0.1..log+1", Target::Between(Level::Base(-0.1), Level::LogGain(1.0))),
        ];
        for (text, target) in cells {
            assert_eq!(parse_cell(text), Ok(target), "{text}");
            assert_eq!(parse_cell(&target.to_string()), Ok(target), "{target}");
        }
        for text in ["q101", "1..0", "much", "<=", ">1", "nan"] {
            let message = parse_cell(text).expect_err(text);
            assert!(message.contains(&format!("“{text}”")) && message.ends_with('.'), "{message}");
        }
    }
}
