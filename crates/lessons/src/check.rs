//! A task's check, and what a pupil's answer comes to.

use crate::condition::{Condition, Finding};
use crate::facts::Facts;
use crate::figure::Figure;
use serde::{Deserialize, Serialize};

/// What the page checks by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Palette(PaletteCheck),
    Number(NumberCheck),
    Choice(Choice),
}

/// A palette with all of these properties.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaletteCheck {
    pub all: Vec<Condition>,
}

/// A number that stands in the report of a palette with these properties.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberCheck {
    pub of: Figure,
    /// How far the answer may be off; half a percent of the number is allowed on top, as the page rounds.
    #[serde(default = "usual_tolerance")]
    pub tolerance: f64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// What the palette must be like first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Condition>,
}

fn usual_tolerance() -> f64 {
    0.01
}

/// One of several options is right; each says why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub options: Vec<ChoiceOption>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption {
    pub text: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub right: bool,
    /// Why it is right or wrong.
    pub because: String,
}

/// What an answer comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    pub right: bool,
    /// A sentence or a few, each with whether that part is right.
    pub findings: Vec<Finding>,
}

impl Tried {
    fn one(holds: bool, says: impl Into<String>) -> Self {
        Tried { right: holds, findings: vec![Finding { holds, says: says.into() }] }
    }
}

impl PaletteCheck {
    /// Whether the palette at hand has all the properties.
    pub fn check(&self, facts: &Facts) -> Tried {
        let findings: Vec<Finding> = self.all.iter().map(|condition| condition.find(facts)).collect();
        Tried { right: findings.iter().all(|finding| finding.holds), findings }
    }
}

impl NumberCheck {
    /// Whether `number` is what the report says. The number itself is not told.
    pub fn check(&self, number: f64, facts: &Facts) -> Tried {
        let missing: Vec<Finding> = self
            .when
            .iter()
            .map(|condition| condition.find(facts))
            .filter(|finding| !finding.holds)
            .collect();
        if !missing.is_empty() {
            let mut findings = missing;
            findings.insert(
                0,
                Finding { holds: false, says: "The palette is not yet as the task wants it.".to_owned() },
            );
            return Tried { right: false, findings };
        }
        let truth = match self.of.of(facts) {
            Ok(truth) => truth,
            Err(why) => return Tried::one(false, why),
        };
        let off = number - truth;
        // What is written with two decimals may be off by half of the last one.
        if off.abs() <= self.tolerance + 0.005 * truth.abs() + 1e-12 {
            return Tried::one(true, format!("Right: that is {}.", self.of.words()));
        }
        let way = if off > 0.0 { "too large" } else { "too small" };
        let other_sign = truth != 0.0 && number != 0.0 && (truth < 0.0) != (number < 0.0);
        let sign = if other_sign { " Look at its sign, too." } else { "" };
        Tried::one(
            false,
            format!(
                "That is {way}. Look for {} where Compose shows it, and type it as it stands there.{sign}",
                self.of.words()
            ),
        )
    }
}

impl Choice {
    /// Whether the option is right, with its reason. An option that is not there is wrong.
    pub fn check(&self, option: usize) -> Tried {
        match self.options.get(option) {
            Some(option) => Tried::one(option.right, option.because.clone()),
            None => Tried::one(false, "There is no such option."),
        }
    }
}

impl Check {
    /// What is wrong with it as it is written, in a sentence.
    pub(crate) fn problem(&self) -> Option<String> {
        match self {
            Check::Palette(check) if check.all.is_empty() => {
                Some("It asks for a palette without saying what that must be like.".to_owned())
            }
            Check::Palette(check) => check.all.iter().find_map(Condition::problem),
            Check::Number(check) if !(check.tolerance.is_finite() && check.tolerance >= 0.0) => {
                Some("Its tolerance must be a number from 0.".to_owned())
            }
            Check::Number(check) => check.when.iter().find_map(Condition::problem),
            Check::Choice(choice) => choice.problem(),
        }
    }
}

impl Choice {
    fn problem(&self) -> Option<String> {
        if self.options.len() < 2 {
            return Some("A choice needs two options or more.".to_owned());
        }
        if self.options.iter().filter(|option| option.right).count() != 1 {
            return Some("Exactly one option of a choice must be right.".to_owned());
        }
        let unsaid = self.options.iter().any(|o| o.text.trim().is_empty() || o.because.trim().is_empty());
        unsaid.then(|| "Every option needs its text and its reason.".to_owned())
    }
}
