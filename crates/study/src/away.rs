//! What can be taken away of a palette, as page and command ask for it; `palette-exports` makes it.

use serde::{Deserialize, Serialize};

/// A form to take a palette away in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Verdict with proof, λ, price and levels, as `palette solve --json` has them, with what they are about.
    Solution,
    /// Every answer with its rewards and its probabilities, pooled and per prompt, as CSV.
    Weights,
    /// The reward definition for TRL, as Python.
    Trl,
    /// Likewise for OpenRLHF.
    OpenRlhf,
    /// Likewise for verl.
    Verl,
    /// All strips as one picture, SVG.
    Strips,
    /// The report: one HTML file.
    Report,
}

impl Form {
    /// Every form.
    pub const ALL: [Form; 7] =
        [Form::Solution, Form::Weights, Form::Trl, Form::OpenRlhf, Form::Verl, Form::Strips, Form::Report];

    /// What the file is called after the set's name, and its ending.
    pub fn file(self) -> (&'static str, &'static str) {
        match self {
            Form::Solution => ("solution", "json"),
            Form::Weights => ("weights", "csv"),
            Form::Trl => ("reward TRL", "py"),
            Form::OpenRlhf => ("reward OpenRLHF", "py"),
            Form::Verl => ("reward verl", "py"),
            Form::Strips => ("strips", "svg"),
            Form::Report => ("report", "html"),
        }
    }
}

/// When and where it was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Day, `2026-11-28`.
    pub date: String,
    /// Address of the palette, where it was composed on the page.
    pub link: Option<String>,
}

/// A file to take away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    pub name: String,
    pub text: String,
}
