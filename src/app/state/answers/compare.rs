//! Every method on the drafts of the last align job.

use leptos::prelude::*;
use palette_study::compare::Comparison;
use std::sync::Arc;

/// Signals of the comparison. Copies share them.
#[derive(Clone, Copy)]
pub struct CompareState {
    /// `None` until it is asked for; an error is a sentence.
    pub found: RwSignal<Option<Result<Arc<Comparison>, String>>>,
    /// Whether an answer is still to come.
    pub asking: RwSignal<bool>,
    /// The person's weights, per standard deviation, by name; a value that has none yet weighs 1.
    pub weights: RwSignal<Vec<(String, f64)>>,
    /// What they are divided by, beside its half, its double and four times it.
    pub beta: RwSignal<f64>,
}

impl CompareState {
    pub fn new() -> Self {
        CompareState {
            found: RwSignal::new(None),
            asking: RwSignal::new(false),
            weights: RwSignal::new(Vec::new()),
            beta: RwSignal::new(1.0),
        }
    }

    /// Forgets what was found: the drafts are others.
    pub fn clear(self) {
        self.found.set(None);
        self.asking.set(false);
    }

    /// The β at which the person's weights are shown, from the weakest penalty to the strongest.
    pub fn betas(self) -> Vec<f64> {
        [0.5, 1.0, 2.0, 4.0].map(|times| times * self.beta.get()).into()
    }

    /// The person's weight of a value.
    pub fn weight(self, name: &str) -> f64 {
        self.weights.with(|weights| {
            weights.iter().find(|(other, _)| other == name).map_or(1.0, |(_, weight)| *weight)
        })
    }

    /// Changes it.
    pub fn weigh(self, name: &str, weight: f64) {
        self.weights.update(|weights| {
            weights.retain(|(other, _)| other != name);
            weights.push((name.to_owned(), weight));
        });
    }
}
