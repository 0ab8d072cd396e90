//! How far the answer to a palette can be trusted: resampled prompts, held-out levels, and a warning in
//! words.

use crate::Question;
use crate::compose::Composer;
use crate::interval::expanded_tail;
use map_align::{
    Bootstrap, Bootstrapping, Bounds, HeldOut, HeldOutColumn, Problem, Solution, Units, Verdict,
    effective_samples, held_out, largest_weight,
};
use serde::{Deserialize, Serialize};

/// How far the answer to a palette can be trusted. Where the palette is not reachable it is about the
/// palette scaled back, and there are neither levels nor warnings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trust {
    /// Resamples of the prompts made, by `seed`.
    pub resamples: usize,
    pub seed: u64,
    /// On how many of them the palette is reachable, on the edge, proved out of reach.
    pub reachable: usize,
    pub edge: usize,
    pub unreachable: usize,
    /// Share of the resamples on which the palette is reachable; `None` where there are too few prompts for
    /// resampling to say anything.
    pub probability_reachable: Option<f64>,
    /// Prompts, or answers where all belong to one: what is resampled.
    pub units: usize,
    /// One for each value.
    pub values: Vec<TrustedValue>,
    /// Random halves that λ was solved on and judged on the other half.
    pub splits: usize,
    /// On how many of them no λ could be had.
    pub failed_splits: usize,
    #[serde(rename = "ess")]
    pub effective_samples: f64,
    /// The largest weight of a single answer, of 1.
    pub largest_weight: f64,
    /// Plain sentences: what not to rely on.
    pub warnings: Vec<String>,
}

/// One value's part in [`Trust`]; levels in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrustedValue {
    pub name: String,
    /// 95% bootstrap interval of λ; `None` with too few reachable resamples.
    pub lambda: Option<[f64; 2]>,
    /// 95% bootstrap interval of the level that this λ realises.
    pub realised: Option<[f64; 2]>,
    /// The level on prompts that λ was not solved on: mean over random halves.
    pub held_out: Option<f64>,
    /// 95% interval of that level over the halves.
    pub held_out_interval: Option<[f64; 2]>,
    /// Share of the halves on which the target is met; `None` where nothing is asked.
    pub held_out_met: Option<f64>,
}

impl TrustedValue {
    /// The held-out level where it lies outside the interval of the realised one.
    pub fn held_out_beyond(&self) -> Option<f64> {
        let [low, high] = self.realised?;
        self.held_out.filter(|held| !(low..=high).contains(held))
    }
}

/// Everything that the study of one palette needs, so that it can be made in steps.
pub struct TrustStudy {
    problem: Problem,
    units: Units,
    bounds: Vec<Bounds>,
    verdict: Verdict,
    solution: Solution,
    names: Vec<String>,
    seed: u64,
}

/// Effective answers below which the weights rest on few.
const FEW: f64 = 30.0;
/// With fewer prompts resampling says more about the sample than about others.
const FEWEST_UNITS: usize = 10;

impl Composer {
    /// Prepares the study of `question`, its resamples and folds drawn by `seed`.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub fn trust(&mut self, question: &Question, seed: u64) -> Result<TrustStudy, String> {
        self.in_context(&question.palette, question.pooling, |mut context| {
            let found = context.assessment();
            TrustStudy {
                problem: context.problem.clone(),
                units: context.table.units(),
                bounds: context.bounds.to_vec(),
                verdict: found.verdict,
                solution: found.solution.clone(),
                names: context.set.values.iter().map(|v| v.name.clone()).collect(),
                seed,
            }
        })
    }
}

impl TrustStudy {
    /// Whether the palette is reachable, so that it has levels to trust or not.
    pub fn is_reachable(&self) -> bool {
        self.verdict == Verdict::Reachable
    }

    /// The bootstrap, to be stepped.
    pub fn bootstrap(&self) -> Bootstrapping<'_> {
        Bootstrapping::new(&self.problem, &self.units, &self.bounds, &self.solution, self.seed)
            .with_tail(expanded_tail(self.units.count()))
    }

    /// Levels on held-out prompts, over random halves.
    pub fn held_out(&self, splits: usize) -> HeldOut {
        held_out(&self.problem, &self.units, &self.bounds, Some(&self.solution), splits, self.seed)
    }

    /// All of it, with warnings.
    pub fn report(&self, bootstrap: Bootstrap, held: HeldOut) -> Trust {
        let pair = |intervals: &Option<Vec<[f64; 2]>>, i: usize| intervals.as_ref().map(|x| x[i]);
        // What is out of reach has no λ whose levels could be judged.
        let judged = self.is_reachable();
        let enough = self.units.count() >= FEWEST_UNITS;
        let held_out = |i: usize| -> Option<HeldOutColumn> {
            held.columns.as_ref().map(|c| c[i]).filter(|_| judged && enough)
        };
        let values = (self.names.iter().enumerate())
            .map(|(i, name)| TrustedValue {
                name: name.clone(),
                lambda: pair(&bootstrap.lambda, i).filter(|_| enough),
                realised: pair(&bootstrap.realised, i).filter(|_| judged && enough),
                held_out: held_out(i).map(|h| h.mean),
                held_out_interval: held_out(i).map(|h| h.interval),
                held_out_met: held_out(i).map(|h| h.met).filter(|_| !self.bounds[i].is_off()),
            })
            .collect();
        let mut trust = Trust {
            resamples: bootstrap.resamples,
            seed: self.seed,
            reachable: bootstrap.reachable,
            edge: bootstrap.edge,
            unreachable: bootstrap.unreachable,
            probability_reachable: enough.then(|| bootstrap.probability_reachable()),
            units: self.units.count(),
            values,
            splits: held.splits,
            failed_splits: held.failed,
            effective_samples: effective_samples(&self.problem, &self.solution.weights),
            largest_weight: largest_weight(&self.problem, &self.solution.weights),
            warnings: Vec::new(),
        };
        if judged {
            trust.warnings = self.warnings(&trust);
        }
        trust
    }

    fn warnings(&self, trust: &Trust) -> Vec<String> {
        let mut warnings = Vec::new();
        let few = trust.effective_samples < FEW && self.solution.kl > 0.0;
        if self.problem.group_count() == 1 && few {
            warnings.push(format!(
                "The weights rest on about {:.0} answers of {}, the heaviest with {:.0}%: other answers \
                    would give other numbers.",
                trust.effective_samples,
                self.problem.rows(),
                100.0 * trust.largest_weight
            ));
        }
        if trust.probability_reachable.is_none() {
            warnings.push(format!(
                "There {} here: too few to tell what others would give. The figures hold for these alone.",
                match (self.problem.group_count() == 1, trust.units) {
                    (_, 1) => "is only 1 answer".to_owned(),
                    (true, n) => format!("are only {n} answers or prompts"),
                    (false, n) => format!("are only {n} prompts"),
                }
            ));
            return warnings;
        }
        let misses = trust.resamples - trust.reachable;
        if misses * 20 > trust.resamples {
            warnings.push(format!(
                "With other prompts of the same kind the palette would be out of reach or on the edge about \
                    {:.0} times in 100.",
                100.0 * misses as f64 / trust.resamples.max(1) as f64
            ));
        }
        if trust.failed_splits > 0 {
            warnings.push(format!(
                "{} of {} random halves of the prompts do not reach the palette by themselves.",
                trust.failed_splits, trust.splits
            ));
        }
        // A target that asks for a lift, and prompts that may give less than half of it.
        let loose = |(i, value): (usize, &TrustedValue)| {
            let ([low, high], lower) = (value.held_out_interval?, self.bounds[i].lower?);
            let base = self.problem.mean(i);
            let asks = lower > base + 0.05 * self.problem.standard_deviation(i);
            (asks && low < base + 0.5 * (lower - base))
                .then(|| format!("{} ({} to {})", value.name, short(low), short(high)))
        };
        let loose: Vec<String> = trust.values.iter().enumerate().filter_map(loose).collect();
        if !loose.is_empty() {
            warnings.push(format!(
                "On prompts that λ was not solved on the lift may be less than half of what is asked. Levels over \
                    random halves: {}.",
                loose.join(", ")
            ));
        }
        for (value, realised) in trust.values.iter().zip(&self.solution.realised) {
            if let Some(held) = value.held_out_beyond() {
                let word = if held < *realised { "less" } else { "more" };
                warnings.push(format!(
                    "{}: {} on prompts that λ was not solved on, {word} than the interval of {} allows. The \
                        sample flatters itself.",
                    value.name,
                    short(held),
                    short(*realised)
                ));
            }
        }
        warnings
    }
}

/// Three figures.
fn short(x: f64) -> String {
    if x == 0.0 || !(1e-3..1e5).contains(&x.abs()) {
        return format!("{x:.2e}").replace('-', "−");
    }
    let figures = (2 - x.abs().log10().floor() as i32).clamp(0, 6) as usize;
    format!("{x:.figures$}").replace('-', "−")
}
