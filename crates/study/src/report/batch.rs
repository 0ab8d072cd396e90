//! Many palettes over one table.

use crate::Pooling;
use crate::compose::{Composer, Ready};
use crate::resolved::ResolvedPalette;
use map_align::{BatchEntry, Bounds, Verdict, batch};
use palette_tables::Palette;
use serde::{Deserialize, Serialize};

/// The answers to many palettes, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchReport {
    pub palettes: Vec<BatchRow>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// The answer to one palette of a batch; figures of its solution, `None` unless it is reachable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchRow {
    pub name: String,
    pub verdict: Verdict,
    /// As in [`Report`](super::Report).
    #[serde(rename = "slack_sd")]
    pub slack: Option<f64>,
    /// Nats.
    pub kl: Option<f64>,
    /// e^KL.
    pub drafts: Option<f64>,
    #[serde(rename = "ess")]
    pub effective_samples: Option<f64>,
    /// One for each value of the sample set, in its order.
    pub values: Vec<BatchValue>,
}

/// One value's part in [`BatchRow`]; levels in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchValue {
    pub name: String,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub realised: Option<f64>,
    /// Nats per unit.
    pub lambda: Option<f64>,
}

impl Composer {
    /// What `palette` asks of each value, in its own unit. Targets on groups are left aside.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn bounds(&mut self, palette: &Palette, pooling: Pooling) -> Result<Vec<Bounds>, String> {
        let (set, ready) = self.ready(pooling)?;
        Ok(ResolvedPalette::new(&ready.table, set, palette)?.bounds)
    }

    /// Answers every palette, given by name and bounds ([`Composer::bounds`]), each starting from what the
    /// one before found: a grid is best given in an order in which neighbours are near.
    ///
    /// # Errors
    /// When weights leave nothing to choose from under this pooling.
    pub fn batch(
        &mut self,
        palettes: Vec<(String, Vec<Bounds>)>,
        pooling: Pooling,
    ) -> Result<BatchReport, String> {
        let (set, Ready { table, memory, .. }) = self.ready(pooling)?;
        let (names, palettes): (Vec<String>, Vec<Vec<Bounds>>) = palettes.into_iter().unzip();
        let found = batch(&table.problem, &mut memory.pool, &palettes);
        let values: Vec<&str> = set.values.iter().map(|v| v.name.as_str()).collect();
        let rows = names.into_iter().zip(&palettes).zip(found);
        Ok(BatchReport {
            palettes: rows.map(|((name, bounds), entry)| row(name, &values, bounds, entry)).collect(),
            notes: Vec::new(),
        })
    }
}

fn row(name: String, values: &[&str], bounds: &[Bounds], entry: BatchEntry) -> BatchRow {
    let met = entry.met.as_ref();
    let value = |(i, name): (usize, &&str)| BatchValue {
        name: (*name).to_owned(),
        lower: bounds[i].lower,
        upper: bounds[i].upper,
        realised: met.map(|m| m.realised[i]),
        lambda: met.map(|m| m.lambda[i]),
    };
    BatchRow {
        name,
        verdict: entry.verdict,
        slack: entry.slack,
        kl: met.map(|m| m.kl),
        drafts: met.map(|m| m.kl.exp()),
        effective_samples: met.map(|m| m.effective_samples),
        values: values.iter().enumerate().map(value).collect(),
    }
}
