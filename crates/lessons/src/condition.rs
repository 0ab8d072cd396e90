//! What a palette must be like for a task: each condition is looked up in the solver's report, and says in a
//! sentence whether it holds.

use crate::facts::Facts;
use crate::figure::Figure;
use crate::text::{LevelText, said};
use palette_study::{Pooling, Verdict};
use palette_tables::Target;
use serde::{Deserialize, Serialize};

/// A property of a palette.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    Verdict(Verdict),
    /// The level that comes out.
    Level(OfLevel),
    /// The level that is asked for.
    Asks(OfLevel),
    /// How a value is treated.
    Target(OfTarget),
    /// The sign of a value's λ.
    Lambda(OfLambda),
    /// A number of the report.
    Figure(OfFigure),
    /// How many values have a target that asks for more than keeping them.
    Targets(Span),
    Pooling(Pooling),
    /// The set in use has these values: a table of the lesson's or the pupil's own.
    Values(Vec<String>),
}

/// A value's level between two others; at least one is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfLevel {
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<LevelText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<LevelText>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfTarget {
    pub value: String,
    pub is: Wants,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfLambda {
    pub value: String,
    pub is: Sign,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfFigure {
    pub of: Figure,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

/// A number between two others; at least one is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

/// How a value is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wants {
    Off,
    /// At least as good as it was.
    Kept,
    /// A target of its own.
    Asked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    Positive,
    Zero,
    Negative,
}

/// Whether a condition holds, and what to say of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub holds: bool,
    /// A sentence; where it does not hold it says what is there and what is wanted.
    pub says: String,
}

/// The largest λ, per standard deviation, that still counts as zero.
const ZERO: f64 = 1e-7;

fn reaches(x: f64, bound: f64) -> bool {
    x >= bound - 1e-6 * (1.0 + bound.abs())
}

impl Condition {
    /// What is wrong with it as it is written, in a sentence.
    pub(crate) fn problem(&self) -> Option<String> {
        let empty = |name: &str| name.trim().is_empty();
        let unbounded = "A condition needs at_least, at_most or both.";
        match self {
            Condition::Level(of) | Condition::Asks(of) => {
                if empty(&of.value) {
                    return Some("A condition names no value.".to_owned());
                }
                (of.at_least.is_none() && of.at_most.is_none()).then(|| unbounded.to_owned())
            }
            Condition::Target(OfTarget { value, .. }) | Condition::Lambda(OfLambda { value, .. }) => {
                empty(value).then(|| "A condition names no value.".to_owned())
            }
            Condition::Figure(OfFigure { at_least, at_most, .. })
            | Condition::Targets(Span { at_least, at_most }) => {
                let bounds = [*at_least, *at_most];
                if bounds.iter().flatten().any(|bound| !bound.is_finite()) {
                    return Some("A condition's number is not finite.".to_owned());
                }
                bounds.iter().all(Option::is_none).then(|| unbounded.to_owned())
            }
            Condition::Values(names) => {
                names.is_empty().then(|| "The condition “values” names no value.".to_owned())
            }
            Condition::Verdict(_) | Condition::Pooling(_) => None,
        }
    }

    /// Looks it up.
    pub fn find(&self, facts: &Facts) -> Finding {
        match self.looked_up(facts) {
            Ok(finding) => finding,
            Err(says) => Finding { holds: false, says },
        }
    }

    /// The error is a sentence about why it cannot be told yet.
    fn looked_up(&self, facts: &Facts) -> Result<Finding, String> {
        let found =
            |holds: bool, yes: String, no: String| Ok(Finding { holds, says: if holds { yes } else { no } });
        match self {
            Condition::Verdict(wanted) => {
                let is = facts.report.verdict;
                found(
                    is == *wanted,
                    format!("The verdict is “{}”.", verdict_words(is)),
                    format!(
                        "The verdict is “{}”; it has to become “{}”.",
                        verdict_words(is),
                        verdict_words(*wanted)
                    ),
                )
            }
            Condition::Level(of) => {
                let (at, value) = facts.value(&of.value)?;
                let name = &of.value;
                let level = value.realised.ok_or_else(|| {
                    format!("{name} has no level now, as no choice of answers meets this palette. Ask for less first.")
                })?;
                let (holds, wanted) = within(level, of, facts, at);
                found(
                    holds,
                    format!("{name} comes out at {}.", said(level)),
                    format!("{name} comes out at {}; the task wants {wanted}.", said(level)),
                )
            }
            Condition::Asks(of) => {
                let (at, value) = facts.value(&of.value)?;
                let name = &of.value;
                let level = value.target.ok_or_else(|| format!("{name} has no target. Give it one."))?;
                let (holds, wanted) = within(level, of, facts, at);
                found(
                    holds,
                    format!("You ask for {} of {name}.", said(level)),
                    format!("You ask for {} of {name}; the task wants {wanted}.", said(level)),
                )
            }
            Condition::Target(OfTarget { value: name, is }) => {
                facts.value(name)?;
                let now = match facts.palette.target(name) {
                    Target::Off => Wants::Off,
                    _ if facts.asked().contains(&name.as_str()) => Wants::Asked,
                    _ => Wants::Kept,
                };
                found(
                    now == *is,
                    format!("{name} {}.", treated(now)),
                    format!("{name} {}; for this task it {}.", treated(now), has_to_be(*is)),
                )
            }
            Condition::Lambda(OfLambda { value: name, is }) => {
                let (_, value) = facts.value(name)?;
                let lambda = value.lambda.ok_or_else(|| {
                    format!("The λ of {name} has no bound now: the palette has to be reachable first.")
                })?;
                let per_sd = lambda * value.standard_deviation;
                let now = match per_sd {
                    x if x.abs() <= ZERO => Sign::Zero,
                    x if x > 0.0 => Sign::Positive,
                    _ => Sign::Negative,
                };
                found(
                    now == *is,
                    format!("The λ of {name} is {}.", sign_words(now)),
                    format!("The λ of {name} is {}; it has to be {}.", sign_words(now), sign_words(*is)),
                )
            }
            Condition::Figure(OfFigure { of, at_least, at_most }) => {
                let number = of.of(facts)?;
                let span = Span { at_least: *at_least, at_most: *at_most };
                let words = capital(&of.words());
                found(
                    span.holds(number),
                    format!("{words} is {}.", said(number)),
                    format!("{words} is {}; the task wants {}.", said(number), span.words()),
                )
            }
            Condition::Targets(span) => {
                let count = facts.asked().len();
                let ask = if count == 1 { "1 value asks".to_owned() } else { format!("{count} values ask") };
                found(
                    span.holds(count as f64),
                    format!("{ask} for more than being kept."),
                    format!("{ask} for more than being kept; the task wants {}.", span.counted()),
                )
            }
            Condition::Pooling(wanted) => found(
                facts.pooling == *wanted,
                format!("Answers compete {}.", pooling_words(facts.pooling)),
                format!(
                    "Answers compete {} now; choose “{}” beside the name of the sample set.",
                    pooling_words(facts.pooling),
                    pooling_words(*wanted)
                ),
            ),
            Condition::Values(names) => {
                let missing = names.iter().find(|name| facts.set.value_index(name).is_none());
                Ok(match missing {
                    None => {
                        Finding { holds: true, says: format!("You compose on “{}”.", facts.set.name) }
                    }
                    Some(name) => Finding {
                        holds: false,
                        says: format!(
                            "You compose on “{}”, which has no value called “{name}”. Open the lesson's table first.",
                            facts.set.name
                        ),
                    },
                })
            }
        }
    }
}

/// Whether `level` lies where `of` wants it, and where that is, in words.
fn within(level: f64, of: &OfLevel, facts: &Facts, at: usize) -> (bool, String) {
    let span = Span {
        at_least: of.at_least.map(|LevelText(level)| facts.level(at, level)),
        at_most: of.at_most.map(|LevelText(level)| facts.level(at, level)),
    };
    (span.holds(level), span.words())
}

impl Span {
    fn holds(self, x: f64) -> bool {
        self.at_least.is_none_or(|low| reaches(x, low)) && self.at_most.is_none_or(|high| reaches(-x, -high))
    }

    fn words(self) -> String {
        match (self.at_least, self.at_most) {
            (Some(low), Some(high)) => format!("{} to {}", said(low), said(high)),
            (Some(low), None) => format!("at least {}", said(low)),
            (None, Some(high)) => format!("at most {}", said(high)),
            (None, None) => "any number".to_owned(),
        }
    }

    fn counted(self) -> String {
        match (self.at_least, self.at_most) {
            (Some(low), Some(high)) if low == high => format!("exactly {low}"),
            (Some(low), Some(high)) => format!("{low} to {high}"),
            (Some(low), None) => format!("at least {low}"),
            (None, Some(high)) => format!("at most {high}"),
            (None, None) => "any number".to_owned(),
        }
    }
}

fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reachable => "Reachable",
        Verdict::Edge => "On the edge",
        Verdict::Unreachable => "Out of reach",
    }
}

fn pooling_words(pooling: Pooling) -> &'static str {
    match pooling {
        Pooling::Pooled => "pooled",
        Pooling::PerPrompt => "per prompt",
    }
}

fn treated(wants: Wants) -> &'static str {
    match wants {
        Wants::Off => "is off",
        Wants::Kept => "is only kept",
        Wants::Asked => "has a target of its own",
    }
}

fn has_to_be(wants: Wants) -> &'static str {
    match wants {
        Wants::Off => "has to be off",
        Wants::Kept => "has to be kept: choose “maintain”",
        Wants::Asked => "needs a target of its own",
    }
}

fn sign_words(sign: Sign) -> &'static str {
    match sign {
        Sign::Positive => "above zero",
        Sign::Zero => "zero",
        Sign::Negative => "below zero",
    }
}

fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
