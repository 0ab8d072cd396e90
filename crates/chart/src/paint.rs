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

/// The light theme, as in the page's `style/tokens.css`: for what is made to be printed.
pub const LIGHT: Paint = Paint {
    base: RGBColor(0xb9, 0xb8, 0xb2),
    ink: RGBColor(0x1b, 0x1c, 0x1f),
    muted: RGBColor(0x5f, 0x62, 0x69),
    line: RGBColor(0xdc, 0xda, 0xd3),
    accent: RGBColor(0x17, 0x68, 0xb3),
    bad: RGBColor(0xb3, 0x40, 0x1a),
    ground: RGBColor(0xff, 0xff, 0xff),
};

/// The light theme's accents, the first of them number 1.
const ACCENTS: [RGBColor; 10] = [
    RGBColor(0xc7, 0x77, 0x00),
    RGBColor(0x17, 0x68, 0xb3),
    RGBColor(0x0b, 0x85, 0x62),
    RGBColor(0xb8, 0x48, 0x7f),
    RGBColor(0x2a, 0x8f, 0xbd),
    RGBColor(0x7a, 0x55, 0xb5),
    RGBColor(0x6a, 0x6f, 0x78),
    RGBColor(0x8a, 0x6d, 0x1f),
    RGBColor(0x4f, 0x7d, 0x1c),
    RGBColor(0x9a, 0x4a, 0x4a),
];

/// The light theme's colour of accent `number`, counted from 1 and beginning anew after the last.
pub fn accent(number: usize) -> RGBColor {
    ACCENTS[(number + ACCENTS.len() - 1) % ACCENTS.len()]
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
    fn the_light_theme_is_that_of_the_page() {
        let tokens = include_str!("../../../style/tokens.css");
        let light = tokens.split("@media").next().expect("the light theme comes first");
        let token = |name: &str| {
            let rest = light.split(&format!("{name}:")).nth(1).unwrap_or_else(|| panic!("{name}"));
            colour(rest.split(';').next().expect("an end"))
        };
        let paint = Paint {
            accent: LIGHT.accent,
            ..Paint::from_tokens(|name| {
                light
                    .split(&format!("{name}:"))
                    .nth(1)
                    .map_or(String::new(), |rest| rest.split(';').next().expect("an end").to_owned())
            })
        };
        assert_eq!((paint, LIGHT.accent), (LIGHT, token("--focus")));
        for number in 1..=ACCENTS.len() {
            assert_eq!(accent(number), token(&format!("--accent-{number}")), "{number}");
        }
    }

    #[test]
    fn reads_both_lengths_and_nothing_else() {
        assert_eq!(hex(" #c77700"), Some(RGBColor(0xc7, 0x77, 0)));
        assert_eq!(hex("#fa0"), Some(RGBColor(255, 170, 0)));
        assert_eq!(hex("#ggg"), None);
        assert_eq!(hex("red"), None);
    }
}
