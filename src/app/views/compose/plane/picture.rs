//! The plane as it is drawn: axes, dots, and what can be had.

use super::plane_state::{Known, PlaneState};
use crate::app::format::{level, number};
use crate::chart::{PlaneChart, PlaneReach, PriceLine, colour, even_ticks};
use leptos::prelude::*;
use palette_study::PriceContour;

/// Dots drawn at most: more are a blot, and take time.
const MOST_DOTS: usize = 3000;
/// The axes go beyond what can be had by this share of it, to each side.
const AROUND: f64 = 0.4;

impl PlaneState {
    pub(super) fn axis(self, at: usize) -> [f64; 2] {
        let i = self.pair.get().unwrap_or_default()[at];
        let base = self.base(i);
        let (answers, sd) = self.with_table(|table| {
            let column = &table.columns[i];
            (column.axis, column.standard_deviation)
        });
        let shown = self.shown();
        let outline = shown.iter().flat_map(|known| &known.report.outline).map(|point| point[at]);
        let [low, high] = outline.fold([base; 2], |[low, high], x| [low.min(x), high.max(x)]);
        let margin = if high > low { AROUND * (high - low) } else { 2.0 * sd };
        // No further than there are answers, but always as far as something stands. What stands at the end takes
        // no margin: dragged along, it would push the end before it.
        let ends = [(low - margin).max(answers[0].min(low)), (high + margin).min(answers[1].max(high))];
        let (from, to) = self.bounds.get()[at];
        let stands = from.into_iter().chain(to).chain(self.attained().map(|levels| levels[at]));
        stands.filter(|x| x.is_finite()).fold(ends, |[low, high], x| [low.min(x), high.max(x)])
    }

    pub(super) fn stride(self) -> usize {
        self.with_table(|table| table.set.answers.len().div_ceil(MOST_DOTS).max(1))
    }

    pub(super) fn dots_now(self) -> Vec<([f64; 2], f64)> {
        let Some([a, b]) = self.pair.get() else { return Vec::new() };
        let outcome = self.outcome();
        self.with_table(|table| {
            let pooling = self.page.pooling_in_use(table);
            let all = table.set.answers.len();
            // The area stands for the weight; an answer of average weight has this radius.
            let usual = if all > 600 { 1.5 } else { 2.6 };
            (0..all)
                .step_by(self.stride())
                .map(|j| {
                    let share = match &outcome {
                        Some(outcome) => table.aligned_share(j, &outcome.weights, outcome.pooling),
                        None => table.base_share(j, pooling),
                    };
                    let radius = usual * (share * all as f64).sqrt();
                    let place = [table.columns[a].rewards[j], table.columns[b].rewards[j]];
                    (place, radius.min(8.0))
                })
                .filter(|(_, radius)| *radius >= 0.25)
                .collect()
        })
    }

    /// Lines of equal price, once they are known for what is held now.
    fn price_lines(self) -> Vec<PriceLine> {
        let Some(prices) = self.prices() else { return Vec::new() };
        let line = |contour: PriceContour| PriceLine {
            label: format!("{} nats", contour.kl),
            pieces: contour.pieces,
        };
        prices.contours.into_iter().map(line).collect()
    }

    /// What these lines are.
    pub(super) fn prices_in_words(self) -> Option<String> {
        let prices = self.prices().filter(|prices| !prices.contours.is_empty())?;
        let nats: Vec<String> = prices.contours.iter().map(|contour| contour.kl.to_string()).collect();
        Some(format!(
            "Thin rings: both levels together cost {} nats on them; the least, {}, where nothing is asked of the two.",
            nats.join(", "),
            number(prices.lowest_kl)
        ))
    }

    /// The chart as it should be now; `token` reads the colour of a value's accent.
    pub(super) fn chart(self, token: impl Fn(usize) -> String) -> PlaneChart {
        let axes = self.axes.get();
        let bounds = self.bounds.get();
        let pair = self.pair.get().unwrap_or_default();
        let reach = match self.shown() {
            None => PlaneReach::Unknown,
            Some(Known { report, .. }) if !report.possible => PlaneReach::Nothing,
            Some(known) => PlaneReach::Within {
                stale: self.is_stale(&known),
                frontier: known.report.frontier,
                bound: known.report.frontier_bound,
                outline: known.report.outline,
            },
        };
        let targets = [0, 1].map(|at| {
            let (from, to) = bounds[at];
            let levels = from.into_iter().chain(to.filter(|to| from != Some(*to))).collect();
            (levels, colour(&token(at)))
        });
        PlaneChart {
            axes,
            ticks: axes.map(|axis| even_ticks(axis).into_iter().map(|at| (at, level(at))).collect()),
            dots: self.dots.get(),
            reach,
            prices: self.price_lines(),
            targets,
            base: pair.map(|i| self.base(i)),
            aligned: self.attained(),
        }
    }
}
