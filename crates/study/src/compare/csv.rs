//! A comparison as CSV.

use super::comparison::{Comparison, Method, MethodKind};
use crate::align::MeasuredValue;
use crate::cells::{cell, verdict, with_interval};
use crate::interval::Estimate;
use palette_tables::csv_text::Writer;

const HEADER: [&str; 29] = [
    "method",
    "name",
    "value",
    "lambda",
    "lower",
    "upper",
    "relative",
    "pilot_base",
    "base",
    "expected",
    "expected_low",
    "expected_high",
    "lift",
    "lift_low",
    "lift_high",
    "picked",
    "picked_low",
    "picked_high",
    "win_rate",
    "place",
    "share_of_lift",
    "outcome",
    "more_prompts",
    "kl",
    "kl_low",
    "kl_high",
    "pilot_kl",
    "verdict",
    "reason",
];

impl Comparison {
    /// A line for every method and value, with a header.
    pub fn csv(&self) -> String {
        let mut writer = Writer::default();
        writer.row(HEADER);
        for method in &self.methods {
            match &method.measured {
                Some(measured) => {
                    measured
                        .values
                        .iter()
                        .for_each(|value| writer.row(self.line(method, &value.name, Some(value))));
                }
                None => self.asked.iter().for_each(|asked| writer.row(self.line(method, &asked.name, None))),
            }
        }
        writer.finish()
    }

    fn line(&self, method: &Method, name: &str, value: Option<&MeasuredValue>) -> Vec<String> {
        let asked = self.asked.iter().find(|asked| asked.name == name);
        let of = |of: fn(&MeasuredValue) -> Estimate| value.map(of);
        let mean = |x: Option<Estimate>| cell(x.map(|x| x.mean));
        let kl = method.measured.as_ref().map(|measured| measured.kl);
        let mut line = vec![
            kind(method.kind).to_owned(),
            method.name.clone(),
            name.to_owned(),
            cell(method.lambda.as_ref().and_then(|lambda| lambda.get(name))),
            cell(asked.and_then(|asked| asked.lower)),
            cell(asked.and_then(|asked| asked.upper)),
            asked.map_or(String::new(), |asked| asked.relative.to_string()),
            cell(asked.map(|asked| asked.base)),
            mean(of(|v| v.base)),
        ];
        line.extend(with_interval(of(|v| v.expected)));
        line.extend(with_interval(of(|v| v.lift)));
        line.extend(with_interval(of(|v| v.picked)));
        line.extend([
            mean(of(|v| v.win_rate)),
            cell(value.map(|v| v.place)),
            cell(value.and_then(|v| v.share_of_lift)),
            value.map_or(String::new(), |v| v.outcome.name().to_owned()),
            value.and_then(|v| v.more_prompts).map_or(String::new(), |more| more.to_string()),
        ]);
        line.extend(with_interval(kl));
        line.extend([
            cell(method.pilot_kl),
            method.verdict.map_or(String::new(), |v| verdict(v).to_owned()),
            method.reason.clone().unwrap_or_default(),
        ]);
        line
    }
}

/// As in JSON.
fn kind(kind: MethodKind) -> &'static str {
    match kind {
        MethodKind::Base => "base",
        MethodKind::EqualWeights => "equal-weights",
        MethodKind::Weights => "weights",
        MethodKind::WeightsOverBeta => "weights-over-beta",
        MethodKind::RandomWeights => "random-weights",
        MethodKind::BestOfK => "best-of-k",
        MethodKind::Pooled => "pooled",
        MethodKind::PerPrompt => "per-prompt",
        MethodKind::WithConfidence => "with-confidence",
        MethodKind::OneAfterAnother => "one-after-another",
        MethodKind::Mixture => "mixture",
    }
}
