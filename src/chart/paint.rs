//! The colours of a chart.

use plotters::style::RGBColor;

/// Colours of a chart, for one theme and one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// The base distribution.
    pub base: RGBColor,
    /// Words that matter most.
    pub ink: RGBColor,
    /// Ticks and small marks of the base.
    pub muted: RGBColor,
    /// Axes.
    pub line: RGBColor,
    /// The effect of the palette: the value's own colour.
    pub accent: RGBColor,
    /// Levels that cannot be had.
    pub bad: RGBColor,
    /// What the chart stands on.
    pub ground: RGBColor,
}

impl Paint {
    /// Colours from a look-up of the page's tokens, each written `#rgb` or `#rrggbb`; a missing one becomes
    /// mid-grey.
    pub fn from_tokens(token: impl Fn(&str) -> String) -> Self {
        let colour = |name| colour(&token(name));
        Paint {
            base: colour("--base"),
            ink: colour("--ink"),
            muted: colour("--muted"),
            line: colour("--line"),
            accent: colour("--c"),
            bad: colour("--bad"),
            ground: colour("--card"),
        }
    }
}

/// The colour of a token's text; mid-grey where it is none.
pub fn colour(token: &str) -> RGBColor {
    hex(token).unwrap_or(RGBColor(128, 128, 128))
}

fn hex(text: &str) -> Option<RGBColor> {
    let digits = text.trim().strip_prefix('#')?;
    if !digits.is_ascii() {
        return None;
    }
    let part = |at: usize, len: usize| u8::from_str_radix(digits.get(at..at + len)?, 16).ok();
    match digits.len() {
        3 => Some(RGBColor(part(0, 1)? * 17, part(1, 1)? * 17, part(2, 1)? * 17)),
        6 => Some(RGBColor(part(0, 2)?, part(2, 2)?, part(4, 2)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_lengths_and_nothing_else() {
        assert_eq!(hex(" #c77700"), Some(RGBColor(0xc7, 0x77, 0)));
        assert_eq!(hex("#fa0"), Some(RGBColor(255, 170, 0)));
        assert_eq!(hex("#ggg"), None);
        assert_eq!(hex("red"), None);
    }
}
