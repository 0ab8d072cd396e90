//! Palettes on a sample set: the same set answers one palette after another, and each answer starts from what
//! the last one found.

use super::diagnostics;
use super::interval::NORMAL_95;
use super::prepared::{PreparedTable, ResolvedPalette, Subgroup, SubgroupColumn, SubgroupProblem};
use crate::{Pooling, ShownCertificate, Solved, SolvedGroup, SolvedValue, Verdict};
use map_align::{
    Assessment, Bounds, Problem, ProblemError, Ranges, Verdict as Reached, VertexPool, assess,
    effective_samples, largest_weight, sensitivity, standard_errors,
};
use palette_tables::{Palette, SampleSet};
use std::sync::Arc;

/// A sample set ready to be composed on.
pub struct Composer {
    set: Arc<SampleSet>,
    /// Made when first asked for: a large set is seldom solved both ways.
    pooled: Option<Ready>,
    per_prompt: Option<Ready>,
}

/// One way of grouping the answers, with what earlier palettes found.
struct Ready {
    prepared: PreparedTable,
    pool: VertexPool,
    lambda: Option<Vec<f64>>,
    subgroups: Option<SubgroupCache>,
}

/// A problem with group targets, and what earlier palettes found on it.
struct SubgroupCache {
    /// The parts it was made for, at whatever levels.
    subgroups: Vec<Subgroup>,
    problem: SubgroupProblem,
    pool: VertexPool,
    lambda: Option<Vec<f64>>,
}

impl Ready {
    fn new(set: &SampleSet, pooling: Pooling) -> Result<Self, ProblemError> {
        Ok(Ready {
            prepared: PreparedTable::new(set, pooling)?,
            pool: VertexPool::default(),
            lambda: None,
            subgroups: None,
        })
    }
}

impl SubgroupCache {
    fn fits(&self, parts: &[Subgroup]) -> bool {
        let same = |(a, b): (&Subgroup, &Subgroup)| a.value == b.value && a.group == b.group;
        self.subgroups.len() == parts.len() && self.subgroups.iter().zip(parts).all(same)
    }
}

/// A palette in numbers on the problem that has a column for everything it constrains.
pub(super) struct SolveContext<'a> {
    pub prepared: &'a PreparedTable,
    pub problem: &'a Problem,
    pub bounds: &'a [Bounds],
    pub resolved: &'a ResolvedPalette,
    pub pool: &'a mut VertexPool,
    pub start: &'a mut Option<Vec<f64>>,
    /// The problem with columns for parts, where the palette has any.
    pub subgroups: Option<&'a SubgroupProblem>,
}

impl Composer {
    /// # Errors
    /// When the set has no answers, a reward is not finite, or weights leave nothing to choose from.
    pub fn new(set: impl Into<Arc<SampleSet>>) -> Result<Self, ProblemError> {
        let set = set.into();
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
    pub(super) fn in_context<T>(
        &mut self,
        palette: &Palette,
        pooling: Pooling,
        with: impl FnOnce(&SampleSet, SolveContext) -> T,
    ) -> Result<T, String> {
        let slot = match pooling {
            Pooling::Pooled => &mut self.pooled,
            Pooling::PerPrompt => &mut self.per_prompt,
        };
        if slot.is_none() {
            *slot = Some(Ready::new(&self.set, pooling).map_err(|e| e.to_string())?);
        }
        let Some(ready) = slot else { return Err("The sample set could not be prepared.".into()) };
        let resolved = ready.prepared.resolve(&self.set, palette)?;
        if resolved.subgroups.is_empty() {
            ready.subgroups = None;
            let Ready { prepared, pool, lambda, .. } = ready;
            let context = SolveContext {
                prepared,
                problem: &prepared.problem,
                bounds: &resolved.bounds,
                resolved: &resolved,
                pool,
                start: lambda,
                subgroups: None,
            };
            return Ok(with(&self.set, context));
        }
        if ready.subgroups.as_ref().is_none_or(|with| !with.fits(&resolved.subgroups)) {
            let start = ready.subgroups.take().and_then(|with| with.lambda);
            if let Some(subgroups) = ready.prepared.subgroups(&resolved) {
                let start = start.filter(|s: &Vec<f64>| s.len() == subgroups.bounds.len());
                ready.subgroups = Some(SubgroupCache {
                    subgroups: resolved.subgroups.clone(),
                    problem: subgroups,
                    pool: VertexPool::default(),
                    lambda: start,
                });
            }
        }
        let Ready { prepared, subgroups, .. } = ready;
        let Some(SubgroupCache { problem: subgroups, pool, lambda: start, .. }) = subgroups else {
            return Err("The group targets could not be context.".into());
        };
        // Levels may have moved since.
        subgroups.ask(&resolved);
        let context = SolveContext {
            prepared,
            problem: &subgroups.problem,
            bounds: &subgroups.bounds,
            resolved: &resolved,
            pool,
            start,
            subgroups: Some(subgroups),
        };
        Ok(with(&self.set, context))
    }

    /// Solves `palette`. `milliseconds` is left 0: the caller has the clock.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set, e.g. a range that runs downward.
    pub fn solve(&mut self, palette: &Palette, pooling: Pooling) -> Result<Solved, String> {
        self.in_context(palette, pooling, |set, context| {
            let found =
                assess(context.problem, context.pool, context.bounds, context.start.as_deref(), Ranges::All);
            let solved = shown(set, &context, &found);
            *context.start = (found.verdict == Reached::Reachable).then_some(found.solution.lambda);
            solved
        })
    }
}

fn shown(set: &SampleSet, context: &SolveContext, found: &Assessment) -> Solved {
    let (problem, solution) = (context.problem, &found.solution);
    let errors = standard_errors(problem, &solution.weights);
    let bounded = found.verdict == Reached::Reachable;
    let slopes = bounded.then(|| sensitivity(problem, solution));
    let m = set.values.len();
    let values = (0..m)
        .map(|i| SolvedValue {
            base: problem.mean(i),
            standard_deviation: problem.standard_deviation(i),
            target: context.bounds[i].lower.or(context.bounds[i].upper),
            realised: solution.realised[i],
            interval: [
                solution.realised[i] - NORMAL_95 * errors[i],
                solution.realised[i] + NORMAL_95 * errors[i],
            ],
            lambda: bounded.then_some(solution.lambda[i]),
            max_reachable: found.attainable[i].highest,
            min_reachable: found.attainable[i].lowest,
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
    let columns: &[SubgroupColumn] = context.subgroups.map_or(&[], |e| &e.columns);
    let groups = columns
        .iter()
        .map(|at| {
            let part = &context.resolved.subgroups[at.part];
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
        notes: diagnostics::notes(set, problem, context.bounds, context.subgroups, context.resolved),
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
