//! The lab at work: one setting after another, so that whoever waits can be told, and can give up.

use super::ascent::gradient;
use super::lbfgs::lbfgs;
use super::paper::adam;
use super::report::{Ended, Lab, LabMethod, LabRun, Setting};
use super::task::Task;
use super::words::seen;
use crate::Question;
use crate::compose::Composer;
use crate::studies::Progress;
use map_align::{
    Assessment, Bounds, Problem, Ranges, Solution, Status, Tilt, Verdict, VertexPool, assess, solve, tilt,
};

/// Levels that miss no target by more than this (standard deviations) count as meeting the palette.
const MEETS: f64 = 0.01;
/// The parts of the rows that growth is told by.
const STRIDES: [usize; 3] = [8, 4, 2];
/// A solver is timed again and again for so long, seconds, and at most so often; the median counts.
const REPEATED_FOR: f64 = 0.03;
const FEWEST_REPEATS: usize = 3;
const MOST_REPEATS: usize = 15;
/// What has taken so long, seconds, is not tried again.
const TOO_SLOW: f64 = 0.2;

/// Solvers on one palette, setting by setting.
pub struct LabStudy {
    names: Vec<String>,
    problem: Problem,
    bounds: Vec<Bounds>,
    /// The settings that are still to be tried, last first.
    left: Vec<Part>,
    /// Their number at first.
    total: usize,
    whole: Option<Setting>,
    by_rows: Vec<Setting>,
    by_values: Vec<Setting>,
}

/// A part of the problem.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    /// Every so manieth row or group.
    Rows(usize),
    /// The first so many targets.
    Values(usize),
}

impl Composer {
    /// The solvers on the palette of `question`.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn lab(&mut self, question: &Question) -> Result<LabStudy, String> {
        self.in_context(&question.palette, question.pooling, |context| {
            let asked = context.bounds.iter().filter(|bounds| !bounds.is_off()).count();
            let mut left: Vec<Part> = (1..asked).rev().map(Part::Values).collect();
            left.extend(STRIDES.iter().rev().map(|stride| Part::Rows(*stride)));
            left.push(Part::Whole);
            LabStudy {
                total: left.len(),
                names: context.column_names(),
                problem: context.problem.clone(),
                bounds: context.bounds.to_vec(),
                left,
                whole: None,
                by_rows: Vec::new(),
                by_values: Vec::new(),
            }
        })
    }
}

impl LabStudy {
    /// Settings that are still to be tried.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// Settings that were tried, of all.
    pub fn progress(&self) -> Progress {
        Progress { done: self.total - self.left.len(), total: self.total }
    }

    /// Tries the next setting, the whole table first; `clock` tells seconds from any start. Does nothing when
    /// none is left.
    pub fn step(&mut self, clock: &dyn Fn() -> f64) {
        match self.left.pop() {
            None => {}
            Some(Part::Whole) => self.whole = Some(self.setting(&self.problem, &self.bounds, clock)),
            Some(Part::Rows(stride)) => {
                // A small table has no such part.
                if let Some(thinned) = self.problem.thinned(stride) {
                    self.by_rows.push(self.setting(&thinned, &self.bounds, clock));
                }
            }
            Some(Part::Values(count)) => {
                let mut seen = 0;
                let mut first = self.bounds.clone();
                for bounds in first.iter_mut().filter(|bounds| !bounds.is_off()) {
                    seen += 1;
                    if seen > count {
                        *bounds = Bounds::OFF;
                    }
                }
                self.by_values.push(self.setting(&self.problem, &first, clock));
            }
        }
    }

    /// The whole table alone.
    pub fn whole(&self, clock: &dyn Fn() -> f64) -> Setting {
        self.setting(&self.problem, &self.bounds, clock)
    }

    /// What was found; what is left is tried before.
    pub fn finish(mut self, clock: &dyn Fn() -> f64) -> Lab {
        while self.left() > 0 {
            self.step(clock);
        }
        let whole = match self.whole.take() {
            Some(whole) => whole,
            None => self.whole(clock),
        };
        let (mut by_rows, mut by_values) = (self.by_rows, self.by_values);
        by_rows.push(whole.clone());
        by_values.push(whole.clone());
        let mut lab = Lab { whole, by_rows, by_values, sentences: Vec::new(), notes: Vec::new() };
        lab.sentences = seen(&lab);
        lab
    }

    fn setting(&self, problem: &Problem, bounds: &[Bounds], clock: &dyn Fn() -> f64) -> Setting {
        let before = clock();
        let found = assess(problem, &mut VertexPool::default(), bounds, None, Ranges::None);
        let seconds_with_proof = clock() - before;
        let exact = (found.verdict == Verdict::Reachable).then_some(&found.solution);
        let run = |method| self.run(problem, bounds, &found, method, clock);
        Setting {
            rows: problem.rows(),
            groups: problem.group_count(),
            values: bounds.iter().filter(|bounds| !bounds.is_off()).count(),
            verdict: found.verdict,
            slack: found.slack,
            kl: exact.map(|solution| solution.kl),
            kkt_residual: exact.map(|solution| solution.kkt_residual),
            duality_gap: exact.map(|solution| solution.duality_gap),
            seconds_with_proof,
            runs: LabMethod::ALL.into_iter().map(run).collect(),
        }
    }

    fn run(
        &self,
        problem: &Problem,
        bounds: &[Bounds],
        found: &Assessment,
        method: LabMethod,
        clock: &dyn Fn() -> f64,
    ) -> LabRun {
        // A compiler at work, or another program, makes single times worthless.
        let mut times = Vec::new();
        let (lambda, ended, passes) = loop {
            let before = clock();
            let found = solved(problem, bounds, method);
            times.push(clock() - before);
            let spent = times.iter().sum::<f64>();
            let enough = times.len() >= FEWEST_REPEATS && spent >= REPEATED_FOR;
            if enough || times.len() == MOST_REPEATS || spent >= TOO_SLOW {
                break found;
            }
        };
        times.sort_unstable_by(f64::total_cmp);
        let seconds = times[(times.len() - 1) / 2];
        let tilted = lambda.as_ref().map(|lambda| tilt(problem, lambda));
        let exact = (found.verdict == Verdict::Reachable).then_some(&found.solution);
        let error = |of: &dyn Fn(&Solution, &Tilt, &[f64]) -> f64| {
            Some(of(exact?, tilted.as_ref()?, lambda.as_ref()?))
        };
        let largest = |a: &[f64], b: &[f64], unit: &dyn Fn(usize) -> f64| {
            a.iter().zip(b).enumerate().map(|(i, (a, b))| (a - b).abs() * unit(i)).fold(0.0, f64::max)
        };
        let sd = |i: usize| problem.standard_deviation(i);
        let per_sd = |i: usize| if sd(i) > 0.0 { 1.0 / sd(i) } else { 0.0 };
        let shortfall = tilted.as_ref().map(|tilted| shortfall(problem, bounds, &tilted.realised));
        let says_reachable = shortfall.is_some_and(|shortfall| shortfall <= MEETS);
        LabRun {
            method,
            ended,
            lambda_error: error(&|exact, _, lambda| largest(lambda, &exact.lambda, &sd)),
            level_error: error(&|exact, tilted, _| largest(&tilted.realised, &exact.realised, &per_sd)),
            kl_error: error(&|exact, tilted, _| tilted.kl - exact.kl),
            kl: tilted.as_ref().map(|tilted| tilted.kl),
            lambda: lambda.map(|lambda| self.names.iter().cloned().zip(lambda).collect()),
            shortfall,
            passes,
            seconds,
            says_reachable,
            right: match found.verdict {
                Verdict::Edge => None,
                verdict => Some(says_reachable == (verdict == Verdict::Reachable)),
            },
        }
    }
}

/// λ per unit (`None` after an overflow), why the solver ended, and its passes over the rows.
fn solved(problem: &Problem, bounds: &[Bounds], method: LabMethod) -> (Option<Vec<f64>>, Ended, usize) {
    let task = Task::new(problem, bounds);
    match method {
        LabMethod::Newton => {
            let solution = solve(problem, bounds, None);
            let ended = match solution.status {
                Status::Converged => Ended::Converged,
                Status::Exceeded => Ended::Exceeded,
                Status::Stalled => Ended::Stalled,
                Status::OutOfSteps => Ended::Steps,
            };
            (Some(solution.lambda), ended, solution.passes)
        }
        LabMethod::Paper => {
            let (multipliers, ended) = adam(&task);
            // Its multipliers are per unit already.
            let per_sd = |multipliers: Vec<f64>| -> Vec<f64> {
                let sd = task.half_spaces.iter().map(|half| problem.standard_deviation(half.column));
                multipliers.iter().zip(sd).map(|(mu, sd)| mu * sd).collect()
            };
            (multipliers.map(|multipliers| task.lambda(&per_sd(multipliers))), ended, task.passes())
        }
        LabMethod::Gradient | LabMethod::Lbfgs => {
            let solver = if method == LabMethod::Lbfgs { lbfgs } else { gradient };
            let (multipliers, ended) = solver(&task);
            (Some(task.lambda(&multipliers)), ended, task.passes())
        }
    }
}

/// The largest shortfall of `levels` (own units) from a bound, standard deviations; infinite where a constant
/// column misses one.
fn shortfall(problem: &Problem, bounds: &[Bounds], levels: &[f64]) -> f64 {
    let short = |i: usize, gap: f64| {
        let (sd, mean) = (problem.standard_deviation(i), problem.mean(i));
        if sd > 0.0 {
            gap.max(0.0) / sd
        } else if gap > 1e-12 * mean.abs() {
            f64::INFINITY
        } else {
            0.0
        }
    };
    (bounds.iter().zip(levels).enumerate())
        .flat_map(|(i, (bounds, level))| {
            [bounds.lower.map(|c| short(i, c - level)), bounds.upper.map(|c| short(i, level - c))]
        })
        .flatten()
        .fold(0.0, f64::max)
}
