//! The price in the plane of two values: lines on which both levels together cost the same.
//!
//! With the bounds on all other columns held, the price K(a, b) of exactly these two levels is convex. From its
//! lowest point rays go out in all directions; along each the price only grows, and its slope is known (λ), so
//! Newton's method finds where it is a given number of nats.

use super::PlaneReport;
use crate::Question;
use crate::compose::{Composer, SolveContext};
use map_align::{Bounds, Problem, Solution, solve};
use palette_tables::csv_text::Writer;
use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// The price of two values at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanePrices {
    pub names: [String; 2],
    /// Where both are with nothing asked of them and the others held: what costs least; `None` where the others alone
    /// are out of reach.
    pub lowest: Option<[f64; 2]>,
    /// What that costs, nats.
    pub lowest_kl: f64,
    /// In the order of their prices.
    pub contours: Vec<PriceContour>,
}

/// The levels of two values that cost as much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceContour {
    /// Nats.
    pub kl: f64,
    /// Pieces of the line; it ends where nothing can be had, and is closed where its first point is its last.
    pub pieces: Vec<Vec<[f64; 2]>>,
}

impl PlaneReport {
    /// The lines of the plane as a table: a row for each point, with the line that it is on (`frontier`, `outline`, or
    /// `price`, of which `piece` counts the pieces and `nats` is the price) and both levels.
    pub fn csv(&self, prices: Option<&PlanePrices>) -> String {
        let mut writer = Writer::default();
        let [a, b] = self.values.clone().map(|value| value.name);
        writer.row(["line", "nats", "piece", &a, &b]);
        let mut line = |name: &str, nats: &str, piece: usize, points: &[[f64; 2]]| {
            for [x, y] in points {
                writer.row([name, nats, &piece.to_string(), &x.to_string(), &y.to_string()]);
            }
        };
        line("frontier", "", 1, &self.frontier);
        line("outline", "", 1, &self.outline);
        for contour in prices.iter().flat_map(|prices| &prices.contours) {
            for (k, piece) in contour.pieces.iter().enumerate() {
                line("price", &contour.kl.to_string(), k + 1, piece);
            }
        }
        writer.finish()
    }
}

/// Prices that may be shown, nats.
const NATS: [f64; 13] = [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0];
/// More lines than this hide the plane.
const MOST_LINES: usize = 5;
/// Rays on small tables and on large ones.
const RAYS: [usize; 2] = [40, 20];
const LARGE: usize = 10_000;
/// A price this near, in nats and as a share of it, is found.
const NEAR: f64 = 1e-4;
/// Solutions for one price on one ray.
const TRIES: usize = 24;

/// Everything that the lines need, so that they can be traced in steps.
pub struct PlanePricesStudy {
    problem: Problem,
    bounds: Vec<Bounds>,
    axes: [usize; 2],
    names: [String; 2],
    /// The lowest price.
    lowest: Option<Solution>,
    nats: Vec<f64>,
    /// For each ray that is done, where each price is; fewer where the ray ends before.
    found: Vec<Vec<[f64; 2]>>,
    rays: usize,
}

impl Composer {
    /// Prepares the price of two values, by name, with the other targets of `question` held.
    ///
    /// # Errors
    /// A sentence when a value is not there or constant, both are one, and when the palette makes no sense on this
    /// set.
    pub fn plane_prices(
        &mut self,
        question: &Question,
        names: &[String; 2],
    ) -> Result<PlanePricesStudy, String> {
        self.in_context(&question.palette, question.pooling, |context| {
            let axes = super::plane::named(&context, names)?;
            Ok(study(&context, axes, names.clone()))
        })?
    }
}

fn study(context: &SolveContext, axes: [usize; 2], names: [String; 2]) -> PlanePricesStudy {
    let mut bounds = context.bounds.to_vec();
    axes.into_iter().for_each(|i| bounds[i] = Bounds::OFF);
    let lowest = Some(solve(context.problem, &bounds, None)).filter(Solution::converged);
    let from = lowest.as_ref().map_or(0.0, |lowest| lowest.kl);
    let most = context.problem.largest_kl();
    let nats: Vec<f64> =
        NATS.into_iter().filter(|nats| *nats > from + 0.1 * (most - from).min(0.1) && *nats < most).collect();
    let first = nats.len().saturating_sub(MOST_LINES);
    let rays = RAYS[usize::from(context.problem.rows() > LARGE)];
    PlanePricesStudy {
        problem: context.problem.clone(),
        bounds,
        axes,
        names,
        lowest,
        nats: nats[first..].to_vec(),
        found: Vec::new(),
        rays,
    }
}

impl PlanePricesStudy {
    /// Follows one more ray; `false` when all are done.
    pub fn step(&mut self) -> bool {
        let Some(lowest) = &self.lowest else { return false };
        if self.found.len() >= self.rays || self.nats.is_empty() {
            return false;
        }
        let angle = TAU * self.found.len() as f64 / self.rays as f64;
        let along = [angle.cos(), angle.sin()];
        let ray = Ray { study: self, from: self.axes.map(|i| lowest.realised[i]), along };
        let found = ray.follow(lowest);
        self.found.push(found);
        true
    }

    /// What was found, all rays done.
    pub fn finish(mut self) -> PlanePrices {
        while self.step() {}
        let contours =
            (0..self.nats.len()).map(|k| self.contour(k)).filter(|c| !c.pieces.is_empty()).collect();
        PlanePrices {
            lowest: self.lowest.as_ref().map(|lowest| self.axes.map(|i| lowest.realised[i])),
            lowest_kl: self.lowest.as_ref().map_or(0.0, |lowest| lowest.kl),
            contours,
            names: self.names,
        }
    }

    fn contour(&self, k: usize) -> PriceContour {
        let at = |ray: usize| self.found.get(ray % self.rays)?.get(k).copied();
        let kl = self.nats[k];
        // Begun after a ray on which the price is not had, if there is one, so that no piece is cut in two.
        let Some(gap) = (0..self.rays).find(|ray| at(*ray).is_none()) else {
            return PriceContour { kl, pieces: vec![(0..=self.rays).filter_map(at).collect()] };
        };
        let mut pieces = Vec::new();
        let mut piece = Vec::new();
        for ray in gap + 1..=gap + self.rays {
            match at(ray) {
                Some(point) => piece.push(point),
                None if piece.len() > 1 => pieces.push(std::mem::take(&mut piece)),
                None => piece.clear(),
            }
        }
        PriceContour { kl, pieces }
    }
}

/// One way out of the lowest price, in standard deviations.
struct Ray<'a> {
    study: &'a PlanePricesStudy,
    from: [f64; 2],
    along: [f64; 2],
}

impl Ray<'_> {
    /// The levels at so many standard deviations.
    fn levels(&self, t: f64) -> [f64; 2] {
        [0, 1].map(|k| self.from[k] + t * self.along[k] * self.sd(k))
    }

    fn sd(&self, k: usize) -> f64 {
        self.study.problem.standard_deviation(self.study.axes[k])
    }

    /// The solution there, where there is one.
    fn solved(&self, t: f64, start: &[f64]) -> Option<Solution> {
        let mut bounds = self.study.bounds.clone();
        let levels = self.levels(t);
        (0..2).for_each(|k| bounds[self.study.axes[k]] = Bounds::exactly(levels[k]));
        Some(solve(&self.study.problem, &bounds, Some(start))).filter(Solution::converged)
    }

    /// How fast the price grows, nats per standard deviation.
    fn slope(&self, at: &Solution) -> f64 {
        (0..2).map(|k| at.lambda[self.study.axes[k]] * self.along[k] * self.sd(k)).sum()
    }

    /// The levels of each price, up to the first that the ray does not come to.
    fn follow(&self, lowest: &Solution) -> Vec<[f64; 2]> {
        let mut found = Vec::new();
        let (mut t, mut at) = (0.0, lowest.clone());
        // The nearest place where nothing was had.
        let mut beyond = f64::INFINITY;
        for nats in &self.study.nats {
            let mut tries = 0;
            while (at.kl - nats).abs() > NEAR * nats.max(0.1) {
                tries += 1;
                let slope = self.slope(&at);
                // At the lowest price there is no slope: of a variance of 1 the price is half the square.
                let newton =
                    if slope > 1e-9 { t + (nats - at.kl) / slope } else { t + (2.0 * (nats - at.kl)).sqrt() };
                // From below a convex price is overshot: not by more than as far again.
                let next = if newton > t { newton.min(t + t.max(0.25)) } else { newton.max(0.5 * t) };
                let next = if next < beyond { next } else { 0.5 * (t + beyond) };
                if tries > TRIES || (next - t).abs() < 1e-9 {
                    return found;
                }
                match self.solved(next, &at.lambda) {
                    Some(solution) => (t, at) = (next, solution),
                    None if beyond - t < 1e-3 => return found,
                    None => beyond = next,
                }
            }
            found.push(self.levels(t));
        }
        found
    }
}
