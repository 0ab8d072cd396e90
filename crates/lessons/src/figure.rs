//! A figure of the solver's report, by the path that leads to it.

use crate::facts::Facts;
use serde::{Deserialize, Serialize};

/// A number in the report of a palette.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Figure {
    /// Price, nats.
    Kl,
    /// Drafts, whole: e^KL rounded up, as the page says it.
    Drafts,
    /// Room left, standard deviations; negative out of reach.
    Slack,
    /// Effective sample size.
    EffectiveSamples,
    /// Along the proof: what is asked, in standard deviations above base.
    ProofAsked,
    /// Along the proof: what the best answers give.
    ProofBest,
    /// Of a value.
    Value { name: String, what: ValueFigure },
}

/// A number of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueFigure {
    Base,
    Deviation,
    Target,
    Realised,
    Lambda,
    /// Times the value's standard deviation, as the page shows it.
    LambdaPerSd,
    /// The most that can be had with the other targets held.
    Most,
}

const WHOLE: [(&str, Figure); 6] = [
    ("kl", Figure::Kl),
    ("drafts", Figure::Drafts),
    ("slack_sd", Figure::Slack),
    ("ess", Figure::EffectiveSamples),
    ("certificate.asked_sd", Figure::ProofAsked),
    ("certificate.best_sd", Figure::ProofBest),
];

const OF_VALUE: [(&str, ValueFigure); 7] = [
    ("base", ValueFigure::Base),
    ("sd", ValueFigure::Deviation),
    ("target", ValueFigure::Target),
    ("realised", ValueFigure::Realised),
    ("lambda", ValueFigure::Lambda),
    ("lambda_sd", ValueFigure::LambdaPerSd),
    ("max_reachable", ValueFigure::Most),
];

impl TryFrom<String> for Figure {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        if let Some((_, figure)) = WHOLE.iter().find(|(name, _)| *name == path) {
            return Ok(figure.clone());
        }
        let of_value = path.strip_prefix("values.").and_then(|rest| rest.rsplit_once('.'));
        let named = of_value.and_then(|(name, what)| {
            let (_, what) = OF_VALUE.iter().find(|(known, _)| *known == what)?;
            (!name.is_empty()).then(|| Figure::Value { name: name.to_owned(), what: *what })
        });
        named.ok_or_else(|| {
            format!(
                "“{path}” is no figure of the report: it must be kl, drafts, slack_sd, ess, \
                certificate.asked_sd, certificate.best_sd, or values.NAME with .base, .sd, .target, .realised, \
                .lambda, .lambda_sd or .max_reachable behind it."
            )
        })
    }
}

impl From<Figure> for String {
    fn from(figure: Figure) -> String {
        match &figure {
            Figure::Value { name, what } => {
                let what = OF_VALUE.iter().find(|(_, known)| known == what).map_or("", |(name, _)| *name);
                format!("values.{name}.{what}")
            }
            whole => WHOLE.iter().find(|(_, known)| known == whole).map_or("", |(name, _)| *name).to_owned(),
        }
    }
}

impl Figure {
    /// What the page calls it.
    pub fn words(&self) -> String {
        match self {
            Figure::Kl => "the price in nats".to_owned(),
            Figure::Drafts => "the drafts per answer".to_owned(),
            Figure::Slack => "the room left".to_owned(),
            Figure::EffectiveSamples => "the effective samples".to_owned(),
            Figure::ProofAsked => "what the proof says is asked".to_owned(),
            Figure::ProofBest => "what the proof says the best answers give".to_owned(),
            Figure::Value { name, what } => match what {
                ValueFigure::Base => format!("the base level of {name}"),
                ValueFigure::Deviation => format!("the standard deviation of {name}"),
                ValueFigure::Target => format!("the target of {name}"),
                ValueFigure::Realised => format!("the realised level of {name}"),
                ValueFigure::Lambda => format!("the λ of {name} per unit"),
                ValueFigure::LambdaPerSd => format!("the λ of {name}"),
                ValueFigure::Most => format!("the most of {name} that can be had"),
            },
        }
    }

    /// The number in this report.
    ///
    /// # Errors
    /// A sentence when it has none: out of reach there is no price, a value that is off has no target.
    pub fn of(&self, facts: &Facts) -> Result<f64, String> {
        let report = facts.report;
        let found = match self {
            Figure::Kl => report.kl,
            Figure::Drafts => report.drafts.map(|drafts| (drafts - 1e-9).ceil().max(1.0)),
            Figure::Slack => report.slack,
            Figure::EffectiveSamples => report.effective_samples,
            Figure::ProofAsked => report.certificate.as_ref().map(|proof| proof.asked),
            Figure::ProofBest => report.certificate.as_ref().map(|proof| proof.best),
            Figure::Value { name, what } => {
                let (_, value) = facts.value(name)?;
                match what {
                    ValueFigure::Base => Some(value.base),
                    ValueFigure::Deviation => Some(value.standard_deviation),
                    ValueFigure::Target => value.target,
                    ValueFigure::Realised => value.realised,
                    ValueFigure::Lambda => value.lambda,
                    ValueFigure::LambdaPerSd => value.lambda.map(|lambda| lambda * value.standard_deviation),
                    ValueFigure::Most => value.max_reachable,
                }
            }
        };
        found.filter(|number| number.is_finite()).ok_or_else(|| match self {
            Figure::ProofAsked | Figure::ProofBest => {
                "There is no proof while the palette can be had. Ask for more than can be had first."
                    .to_owned()
            }
            Figure::Value { what: ValueFigure::Target, name } => {
                format!("{name} has no target now. Give it one first.")
            }
            figure => format!(
                "There is no number for {} now, as this palette cannot be had. Ask for less first.",
                figure.words()
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_and_written() {
        for path in ["kl", "certificate.best_sd", "values.humor.lambda", "values.a.b c.max_reachable"] {
            let figure = Figure::try_from(path.to_owned()).expect(path);
            assert_eq!(String::from(figure), path);
        }
        for path in ["", "values.humor", "values..lambda", "values.humor.kl", "KL"] {
            let message = Figure::try_from(path.to_owned()).expect_err(path);
            assert!(message.contains("max_reachable") && message.ends_with('.'), "{message}");
        }
    }
}
