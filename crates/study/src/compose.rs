//! Palettes on a sample set: the same set answers one palette after another, and each answer starts from what
//! the last one found.

use super::ground::{Extended, Ground, Part, PartColumn, Posed};
use super::interval::NORMAL_95;
use super::words;
use crate::{Pooling, ShownCertificate, Solved, SolvedGroup, SolvedValue, Verdict};
use map_align::{
    Answer, Bounds, Cuts, Problem, ProblemError, Stops, Verdict as Reached, answer, effective_samples,
    largest_weight, sensitivity, standard_errors,
};
use palette_tables::{Palette, SampleSet};

/// A sample set ready to be composed on.
pub struct Composer {
    set: SampleSet,
    /// Made when first asked for: a large set is seldom solved both ways.
    pooled: Option<Ready>,
    per_prompt: Option<Ready>,
}

/// One way of grouping the answers, with what earlier palettes found.
struct Ready {
    ground: Ground,
    cuts: Cuts,
    lambda: Option<Vec<f64>>,
    extended: Option<WithParts>,
}

/// A problem with group targets, and what earlier palettes found on it.
struct WithParts {
    /// The parts it was made for, at whatever levels.
    parts: Vec<Part>,
    problem: Extended,
    cuts: Cuts,
    lambda: Option<Vec<f64>>,
}

impl Ready {
    fn new(set: &SampleSet, pooling: Pooling) -> Result<Self, ProblemError> {
        Ok(Ready { ground: Ground::new(set, pooling)?, cuts: Cuts::default(), lambda: None, extended: None })
    }
}

impl WithParts {
    fn fits(&self, parts: &[Part]) -> bool {
        let same = |(a, b): (&Part, &Part)| a.value == b.value && a.group == b.group;
        self.parts.len() == parts.len() && self.parts.iter().zip(parts).all(same)
    }
}

/// A palette in numbers on the problem that has a column for everything it constrains.
pub(super) struct Placed<'a> {
    pub ground: &'a Ground,
    pub problem: &'a Problem,
    pub bounds: &'a [Bounds],
    pub posed: &'a Posed,
    pub cuts: &'a mut Cuts,
    pub start: &'a mut Option<Vec<f64>>,
    /// The problem with columns for parts, where the palette has any.
    pub extended: Option<&'a Extended>,
}

impl Composer {
    /// # Errors
    /// When the set has no answers, a reward is not finite, or weights leave nothing to choose from.
    pub fn new(set: SampleSet) -> Result<Self, ProblemError> {
        let pooled = Ready::new(&set, Pooling::Pooled)?;
        Ok(Composer { pooled: Some(pooled), per_prompt: None, set })
    }

    /// The sample set.
    pub fn set(&self) -> &SampleSet {
        &self.set
    }

    /// Puts `palette` in numbers and hands it to `with`.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub(super) fn place<T>(
        &mut self,
        palette: &Palette,
        pooling: Pooling,
        with: impl FnOnce(&SampleSet, Placed) -> T,
    ) -> Result<T, String> {
        let slot = match pooling {
            Pooling::Pooled => &mut self.pooled,
            Pooling::PerPrompt => &mut self.per_prompt,
        };
        if slot.is_none() {
            *slot = Some(Ready::new(&self.set, pooling).map_err(|e| e.to_string())?);
        }
        let Some(ready) = slot else { return Err("The sample set could not be prepared.".into()) };
        let posed = ready.ground.pose(&self.set, palette)?;
        if posed.parts.is_empty() {
            ready.extended = None;
            let Ready { ground, cuts, lambda, .. } = ready;
            let placed = Placed {
                ground,
                problem: &ground.problem,
                bounds: &posed.bounds,
                posed: &posed,
                cuts,
                start: lambda,
                extended: None,
            };
            return Ok(with(&self.set, placed));
        }
        if ready.extended.as_ref().is_none_or(|with| !with.fits(&posed.parts)) {
            let start = ready.extended.take().and_then(|with| with.lambda);
            if let Some(extended) = ready.ground.extended(&posed) {
                let start = start.filter(|s: &Vec<f64>| s.len() == extended.bounds.len());
                ready.extended = Some(WithParts {
                    parts: posed.parts.clone(),
                    problem: extended,
                    cuts: Cuts::default(),
                    lambda: start,
                });
            }
        }
        let Ready { ground, extended, .. } = ready;
        let Some(WithParts { problem: extended, cuts, lambda: start, .. }) = extended else {
            return Err("The group targets could not be placed.".into());
        };
        // Levels may have moved since.
        extended.ask(&posed);
        let placed = Placed {
            ground,
            problem: &extended.problem,
            bounds: &extended.bounds,
            posed: &posed,
            cuts,
            start,
            extended: Some(extended),
        };
        Ok(with(&self.set, placed))
    }

    /// Solves `palette`. `milliseconds` is left 0: the caller has the clock.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set, e.g. a range that runs downward.
    pub fn solve(&mut self, palette: &Palette, pooling: Pooling) -> Result<Solved, String> {
        self.place(palette, pooling, |set, placed| {
            let found =
                answer(placed.problem, placed.cuts, placed.bounds, placed.start.as_deref(), Stops::All);
            let solved = shown(set, &placed, &found);
            *placed.start = (found.verdict == Reached::Reachable).then_some(found.solution.lambda);
            solved
        })
    }
}

fn shown(set: &SampleSet, placed: &Placed, found: &Answer) -> Solved {
    let (problem, solution) = (placed.problem, &found.solution);
    let errors = standard_errors(problem, &solution.weights);
    let bounded = found.verdict == Reached::Reachable;
    let slopes = bounded.then(|| sensitivity(problem, solution));
    let m = set.values.len();
    let values = (0..m)
        .map(|i| SolvedValue {
            base: problem.mean(i),
            standard_deviation: problem.standard_deviation(i),
            target: placed.bounds[i].lower.or(placed.bounds[i].upper),
            realised: solution.realised[i],
            interval: [
                solution.realised[i] - NORMAL_95 * errors[i],
                solution.realised[i] + NORMAL_95 * errors[i],
            ],
            lambda: bounded.then_some(solution.lambda[i]),
            max_reachable: found.end_stops[i].highest,
            min_reachable: found.end_stops[i].lowest,
            lambda_by_target: slopes
                .as_ref()
                .map(|s| (0..m).map(|k| s.lambda[[k, i]]).collect())
                .unwrap_or_default(),
            level_by_target: slopes
                .as_ref()
                .map(|s| (0..m).map(|k| s.level[[k, i]]).collect())
                .unwrap_or_default(),
        })
        .collect();
    let columns: &[PartColumn] = placed.extended.map_or(&[], |e| &e.columns);
    let groups = columns
        .iter()
        .map(|at| {
            let part = &placed.posed.parts[at.part];
            SolvedGroup {
                value: part.value,
                group: part.group.clone(),
                lower: part.bounds.lower,
                upper: part.bounds.upper,
                base: part.base,
                realised: problem.mean_over(part.value, &part.rows, &solution.weights),
                lambda: bounded.then_some(solution.lambda[at.column]),
            }
        })
        .collect();
    Solved {
        verdict: verdict(found.verdict),
        slack: found.slack,
        values,
        groups,
        kl: solution.kl,
        drafts: solution.kl.exp(),
        kkt_residual: solution.kkt_residual,
        duality_gap: solution.duality_gap,
        iterations: solution.iterations,
        effective_samples: effective_samples(problem, &solution.weights),
        largest_weight: largest_weight(problem, &solution.weights),
        weights: problem.spread(solution.weights.clone()),
        certificate: found.certificate.as_ref().map(|c| ShownCertificate {
            direction: c.direction[..m].to_vec(),
            groups: columns.iter().map(|at| c.direction[at.column]).collect(),
            asked: c.asked,
            best: c.best,
        }),
        scale_back: found.scale_back,
        notes: words::about(set, problem, placed.bounds, placed.extended, placed.posed),
        milliseconds: 0.0,
    }
}

pub(super) fn verdict(reached: Reached) -> Verdict {
    match reached {
        Reached::Reachable => Verdict::Reachable,
        Reached::Edge => Verdict::Edge,
        Reached::Unreachable => Verdict::Unreachable,
    }
}
