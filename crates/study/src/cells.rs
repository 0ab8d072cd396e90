//! Figures as cells of CSV: plain numbers, empty where there is none.

use crate::interval::Estimate;
use map_align::Verdict;

pub(crate) fn cell(x: Option<f64>) -> String {
    x.map_or(String::new(), |x| x.to_string())
}

/// As in JSON.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reachable => "reachable",
        Verdict::Edge => "edge",
        Verdict::Unreachable => "unreachable",
    }
}

/// Mean, low and high.
pub(crate) fn with_interval(estimate: Option<Estimate>) -> [String; 3] {
    let interval = estimate.and_then(|estimate| estimate.interval);
    let end = |of: usize| cell(interval.map(|interval| interval[of]));
    [cell(estimate.map(|estimate| estimate.mean)), end(0), end(1)]
}
