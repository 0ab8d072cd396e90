//! `palette export`: what the page's “Take away” saves.

use super::ask::{AskTargets, Asked};
use super::input::BadInput;
use super::print;
use clap::{Args, ValueEnum};
use palette_study::away::{Form, Taken};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ask: AskTargets,
    /// What to write.
    #[arg(long = "as", value_name = "FORM", default_value = "report")]
    form: As,
    /// File to write to; without it standard output.
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The forms by the names that are typed.
#[derive(Clone, Copy, ValueEnum)]
enum As {
    /// Verdict with proof, λ, price and levels as JSON, with what they are about.
    Json,
    /// Every answer with its probabilities, pooled and per prompt, as CSV.
    Weights,
    /// Reward weights and β for TRL, as Python.
    Trl,
    /// A reward function for OpenRLHF, as Python.
    #[value(name = "openrlhf")]
    OpenRlhf,
    /// A reward function for verl, as Python.
    Verl,
    /// All strips as one picture, SVG.
    Strips,
    /// The report: one HTML file that prints on A4.
    Report,
}

impl From<As> for Form {
    fn from(form: As) -> Self {
        match form {
            As::Json => Form::Solution,
            As::Weights => Form::Weights,
            As::Trl => Form::Trl,
            As::OpenRlhf => Form::OpenRlhf,
            As::Verl => Form::Verl,
            As::Strips => Form::Strips,
            As::Report => Form::Report,
        }
    }
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let Asked { mut composer, question, notes } = arguments.ask.ask()?;
    print::notes(&notes);
    let taken = Taken { date: today(), link: None };
    let file = palette_exports::take(&mut composer, &question, arguments.form.into(), &taken)?;
    match &arguments.out {
        Some(path) => std::fs::write(path, file.text)
            .map_err(|error| BadInput(format!("{} cannot be written: {error}.", path.display()))),
        None => {
            print::out(&file.text);
            Ok(())
        }
    }
}

/// The day by UTC, `2026-11-28`.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let [year, month, day] = civil(seconds / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of so many days after 1970-01-01, by the Gregorian calendar (H. Hinnant, “chrono-compatible
/// low-level date algorithms”).
fn civil(days: u64) -> [u64; 3] {
    let z = days + 719_468;
    let (era, of_era) = (z / 146_097, z % 146_097);
    let of_years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * of_years + of_years / 4 - of_years / 100);
    // Months count from March.
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    [of_years + era * 400 + u64::from(month <= 2), month, day]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        assert_eq!(civil(0), [1970, 1, 1]);
        assert_eq!(civil(11_016), [2000, 2, 29]);
        assert_eq!(civil(20_785), [2026, 11, 28]);
        assert_eq!(civil(20_818), [2026, 12, 31]);
        assert_eq!(civil(20_819), [2027, 1, 1]);
    }
}
