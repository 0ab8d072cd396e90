//! Targets and levels as lessons and answer sheets write them: in the words of links and tables of palettes.

use palette_tables::spec::{parse_cell, read_level};
use palette_tables::{Level, Target};
use serde::{Deserialize, Serialize};

/// A target, written `q80`, `keep`, `off`, `<=0.4`, `=0.3` or `0.2..0.4`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TargetText(pub Target);

impl TryFrom<String> for TargetText {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        parse_cell(&text).map(TargetText)
    }
}

impl From<TargetText> for String {
    fn from(TargetText(target): TargetText) -> String {
        target.to_string()
    }
}

/// A level, written `q80`, `base+0.3`, `keep` or as a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LevelText(pub Level);

impl TryFrom<String> for LevelText {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        read_level(&text).map(LevelText).map_err(|why| format!("“{}” is not a level: {why}.", text.trim()))
    }
}

impl From<LevelText> for String {
    fn from(LevelText(level): LevelText) -> String {
        level.to_string()
    }
}

/// A figure in a sentence: two decimals, or two figures where it is small.
pub(crate) fn said(x: f64) -> String {
    let text = if x == 0.0 || x.abs() >= 0.005 { format!("{x:.2}") } else { format!("{x:.1e}") };
    text.replace('-', "−")
}
