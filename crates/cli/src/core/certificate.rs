//! The proof that a palette is out of reach, in the table's own units.

use super::ask::Asked;
use map_align::Certificate;
use serde_json::{Map, Value, json};

/// `direction` per unit of each value, Σ|d| = 1, and `margin` = d·c − Σ π_g max_j d·r_gj > 0. A target on a
/// group counts as r − target within the group, divided by the group's base share, and 0 outside.
pub fn shown(asked: &mut Asked, certificate: &Certificate) -> Value {
    let (problem, ..) = asked.parts();
    let raw: Vec<f64> = (certificate.direction.iter().enumerate())
        .map(
            |(i, d)| if problem.standard_deviation(i) > 0.0 { d / problem.standard_deviation(i) } else { *d },
        )
        .collect();
    let total: f64 = raw.iter().map(|d| d.abs()).sum();
    let mut direction = Map::new();
    for (i, d) in raw.iter().enumerate() {
        let entry = direction.entry(asked.name(i)).or_insert(json!(0.0));
        *entry = json!(entry.as_f64().unwrap_or(0.0) + d / total);
    }
    json!({ "direction": direction, "margin": (certificate.asked - certificate.best) / total })
}
