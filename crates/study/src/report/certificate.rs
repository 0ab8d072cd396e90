//! The proof that a palette is out of reach, in the table's own units and in standard deviations.

use super::ByName;
use crate::compose::SolveContext;
use map_align::Certificate;
use serde::{Deserialize, Serialize};

/// A direction along which the palette asks for more than even the best answers give.
///
/// A target on a group counts as (r − mean of the group)/(share of the group) within the group and as 0
/// outside; `share of GROUP` stands for the indicator of the group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CertificateReport {
    /// d per unit of each column, Σ|d| = 1: ≥ 0 on lower bounds, ≤ 0 on upper ones.
    pub direction: ByName,
    /// d·c − Σ_g π_g max_j d·r_gj > 0.
    pub margin: f64,
    /// d per standard deviation of each value; with `groups` and shares of groups, Σ|d| ≤ 1.
    #[serde(rename = "direction_sd")]
    pub values: Vec<f64>,
    /// The same for each of [`Report::groups`](super::Report::groups).
    #[serde(rename = "direction_groups_sd")]
    pub groups: Vec<f64>,
    /// d·(c − base), in standard deviations.
    #[serde(rename = "asked_sd")]
    pub asked: f64,
    /// Σ_g π_g max_j d·(r_gj − base), in standard deviations; less than `asked`.
    #[serde(rename = "best_sd")]
    pub best: f64,
}

impl CertificateReport {
    pub(super) fn new(context: &SolveContext, certificate: &Certificate) -> Self {
        let Certificate { direction: standardised, asked, best } = certificate;
        let per_unit: Vec<f64> = (standardised.iter().enumerate())
            .map(|(i, d)| {
                let sd = context.problem.standard_deviation(i);
                if sd > 0.0 { d / sd } else { *d }
            })
            .collect();
        let total: f64 = per_unit.iter().map(|d| d.abs()).sum();
        let mut direction = ByName::default();
        for (i, d) in per_unit.iter().enumerate() {
            *direction.entry(context.column_name(i)) += d / total;
        }
        CertificateReport {
            direction,
            margin: (asked - best) / total,
            values: standardised[..context.set.values.len()].to_vec(),
            groups: context.subgroup_columns().iter().map(|at| standardised[at.column]).collect(),
            asked: *asked,
            best: *best,
        }
    }
}
