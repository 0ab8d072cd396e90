//! What is measured, the same natively and in a browser.

use map_align::{Bounds, Problem, Ranges, Verdict, VertexPool, assess, solve};
use ndarray::{Array2, ShapeBuilder};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use wasm_bindgen::prelude::*;

/// A table with a palette of the kind of HHH-80%: the first three columns at the larger of mean and 80%
/// quantile (70% on drawn rows, 60% in groups, where fewer answers may not reach more), the others at their
/// mean.
#[wasm_bindgen]
pub struct Bench {
    problem: Problem,
    bounds: Vec<Bounds>,
    /// The same with the first target a little higher: a slider that moves.
    moved: Vec<Bounds>,
    pool: VertexPool,
    lambda: Vec<f64>,
    /// Whether the slider stands at its moved place.
    at_moved: bool,
}

#[wasm_bindgen]
impl Bench {
    /// The table in `csv` (numbers under a header); with `rows` other than 0 that many rows drawn from it, a
    /// little jittered. In groups of `group` rows, or one group when that is 0.
    #[wasm_bindgen(constructor)]
    pub fn new(csv: &str, rows: usize, group: usize) -> Bench {
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let table: Vec<Vec<f64>> = reader.deserialize().map(|r| r.expect("a row of numbers")).collect();
        let m = table[0].len();
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let n = if rows == 0 { table.len() } else { rows };
        let mut rewards = Array2::zeros((n, m).f());
        for j in 0..n {
            let row = if rows == 0 { &table[j] } else { &table[random.random_range(0..table.len())] };
            for i in 0..m {
                rewards[[j, i]] =
                    row[i] + if rows == 0 { 0.0 } else { 0.05 * (random.random::<f64>() - 0.5) };
            }
        }
        let levels: Vec<f64> = (0..m)
            .map(|i| {
                let column = rewards.column(i).to_vec();
                let mean = column.iter().sum::<f64>() / n as f64;
                if i < 3 {
                    palette_tables::quantile::quantile(
                        &column,
                        match (rows, group) {
                            (0, _) => 0.8,
                            (_, 0) => 0.7,
                            _ => 0.6,
                        },
                    )
                    .max(mean)
                } else {
                    mean
                }
            })
            .collect();
        let (sizes, rewards) = match n.checked_div(group) {
            None => (vec![n], rewards),
            Some(groups) => {
                (vec![group; groups], rewards.slice(ndarray::s![..groups * group, ..]).to_owned())
            }
        };
        let problem = Problem::new(rewards, &sizes).expect("a good table");
        let bounds: Vec<Bounds> = levels.iter().map(|c| Bounds::at_least(*c)).collect();
        let mut moved = bounds.clone();
        moved[0] = Bounds::at_least(levels[0] - 0.01 * problem.standard_deviation(0));
        let mut bench = Bench {
            problem,
            bounds,
            moved,
            pool: VertexPool::default(),
            lambda: Vec::new(),
            at_moved: false,
        };
        bench.answer_cold(1);
        bench
    }

    /// λ alone, from nothing. Returns the KL, so that nothing is optimised away.
    pub fn solve_cold(&mut self, repeats: usize) -> f64 {
        (0..repeats).map(|_| solve(&self.problem, &self.bounds, None).kl).sum::<f64>() / repeats as f64
    }

    /// λ and the verdict with its slack, from nothing.
    pub fn answer_cold(&mut self, repeats: usize) -> f64 {
        let mut kl = 0.0;
        for _ in 0..repeats {
            self.pool = VertexPool::default();
            let found = assess(&self.problem, &mut self.pool, &self.bounds, None, Ranges::None);
            assert_eq!(
                found.verdict,
                Verdict::Reachable,
                "{} rows: {:?} {:?}",
                self.problem.rows(),
                found.slack,
                found.certificate
            );
            kl += found.solution.kl;
            self.lambda = found.solution.lambda;
        }
        kl / repeats as f64
    }

    /// The same after a small move of one target, from what was known before.
    pub fn answer_warm(&mut self, repeats: usize) -> f64 {
        let mut kl = 0.0;
        for _ in 0..repeats {
            self.at_moved = !self.at_moved;
            let bounds = if self.at_moved { &self.moved } else { &self.bounds };
            let found = assess(&self.problem, &mut self.pool, bounds, Some(&self.lambda), Ranges::None);
            kl += found.solution.kl;
            self.lambda = found.solution.lambda;
        }
        kl / repeats as f64
    }

    /// λ, verdict and all end stops, from nothing.
    pub fn stops_cold(&mut self, repeats: usize) -> f64 {
        let mut highest = 0.0;
        for _ in 0..repeats {
            let found = assess(&self.problem, &mut VertexPool::default(), &self.bounds, None, Ranges::All);
            highest += found.attainable[0].highest.unwrap_or(0.0);
        }
        highest / repeats as f64
    }

    pub fn iterations(&self) -> usize {
        solve(&self.problem, &self.bounds, None).iterations
    }
}
