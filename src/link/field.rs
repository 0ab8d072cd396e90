//! The keys of a link: one declaration each for reading and writing.

use super::{LinkState, View};
use crate::protocol::Pooling;
use crate::table::Target;

pub(super) struct Field {
    pub key: &'static str,
    /// `None` when there is nothing to say.
    pub write: fn(&LinkState) -> Option<String>,
    /// The error says why, without a full stop.
    pub read: fn(&mut LinkState, &str) -> Result<(), String>,
}

const VIEWS: [(&str, View); 3] = [("compose", View::Compose), ("answers", View::Answers), ("data", View::Data)];
const POOLINGS: [(&str, Pooling); 2] = [("pooled", Pooling::Pooled), ("per-prompt", Pooling::PerPrompt)];

pub(super) const FIELDS: &[Field] = &[
    Field {
        key: "view",
        write: |s| (s.view != View::Compose).then(|| name_of(&VIEWS, s.view)),
        read: |s, text| put(&mut s.view, named(&VIEWS, text)?),
    },
    Field { key: "set", write: |s| s.set.clone(), read: |s, text| put(&mut s.set, (!text.is_empty()).then(|| text.into())) },
    Field {
        key: "answers",
        write: |s| s.pooling.map(|p| name_of(&POOLINGS, p)),
        read: |s, text| put(&mut s.pooling, Some(named(&POOLINGS, text)?)),
    },
    Field {
        key: "prompt",
        write: |s| s.prompt.map(|p| (p + 1).to_string()),
        read: |s, text| match text.parse::<usize>() {
            Ok(p) if p >= 1 => put(&mut s.prompt, Some(p - 1)),
            _ => Err("the prompt must be a whole number from 1".into()),
        },
    },
    Field {
        key: "seed",
        write: |s| s.seed.map(|s| s.to_string()),
        read: |s, text| put(&mut s.seed, Some(text.parse().map_err(|_| "the seed must be a whole number from 0".to_string())?)),
    },
];

fn put<T>(place: &mut T, value: T) -> Result<(), String> {
    *place = value;
    Ok(())
}

fn name_of<T: PartialEq + Copy>(names: &[(&str, T)], value: T) -> String {
    names.iter().find(|(_, v)| *v == value).map(|(n, _)| n.to_string()).unwrap_or_default()
}

fn named<T: Copy>(names: &[(&str, T)], text: &str) -> Result<T, String> {
    let known = || names.iter().map(|(n, _)| *n).collect::<Vec<_>>().join(", ");
    names.iter().find(|(n, _)| *n == text).map(|(_, v)| *v).ok_or_else(|| format!("it must be one of {}", known()))
}

/// `off`, `keep`, `q80` (a quantile in percent), or a level.
pub(super) fn write_target(target: Target) -> String {
    match target {
        Target::Off => "off".into(),
        Target::Maintain => "keep".into(),
        Target::Level(c) => c.to_string(),
        // Through a decimal number of percent, so that 0.07 is q7 and not q7.000000000000001.
        Target::Quantile(q) => format!("q{}", (q * 100.0 * 1e9).round() / 1e9),
    }
}

/// The inverse of [`write_target`].
pub(super) fn read_target(text: &str) -> Result<Target, String> {
    match text {
        "off" => return Ok(Target::Off),
        "keep" => return Ok(Target::Maintain),
        _ => {}
    }
    if let Some(percent) = text.strip_prefix('q') {
        return match percent.parse::<f64>() {
            Ok(p) if (0.0..=100.0).contains(&p) => Ok(Target::Quantile(p / 100.0)),
            _ => Err("a quantile must be q0 to q100".into()),
        };
    }
    match text.parse::<f64>() {
        Ok(c) if c.is_finite() => Ok(Target::Level(c)),
        _ => Err("a target must be a number, q and a percentage such as q80, keep, or off".into()),
    }
}
