//! A comparison as CSV.

use super::comparison::{Comparison, Method, MethodKind};
use crate::align::{MEASURED, MeasuredValue, measured};
use crate::cells::{cell, verdict, with_interval};
use palette_tables::csv_text::Writer;

/// Before and after what was asked and measured.
const METHOD: [&str; 4] = ["method", "name", "value", "lambda"];
const PRICE: [&str; 6] = ["kl", "kl_low", "kl_high", "pilot_kl", "verdict", "reason"];

impl Comparison {
    /// A line for every method and value, with a header.
    pub fn csv(&self) -> String {
        let mut writer = Writer::default();
        writer.row(METHOD.into_iter().chain(MEASURED).chain(PRICE));
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
        let kl = method.measured.as_ref().map(|measured| measured.kl);
        let mut line = vec![
            kind(method.kind).to_owned(),
            method.name.clone(),
            name.to_owned(),
            cell(method.lambda.as_ref().and_then(|lambda| lambda.get(name))),
        ];
        line.extend(measured(asked, value));
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
