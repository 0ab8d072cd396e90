//! Palettes on a sample set: the same set answers one palette after another, and each answer starts from what
//! the last one found. What it answers stands in `report`, each question in a file of its own.

use crate::Pooling;
use crate::prepared::PreparedTable;
use crate::resolved::{ResolvedPalette, Subgroup};
use crate::subgroups::{SubgroupColumn, SubgroupProblem};
use map_align::{Assessment, Bounds, Problem, ProblemError, Ranges, VertexPool, assess};
use palette_tables::{Palette, SampleSet};
use std::sync::Arc;

/// A sample set ready to be composed on.
pub struct Composer {
    set: Arc<SampleSet>,
    /// Made when first asked for: a large set is seldom solved both ways.
    pooled: Option<Ready>,
    per_prompt: Option<Ready>,
}

/// One way of grouping the answers.
pub(crate) struct Ready {
    pub(crate) table: PreparedTable,
    pub(crate) memory: Memory,
    subgroups: Option<SubgroupCache>,
}

/// The problem of the last palette with targets on groups.
struct SubgroupCache {
    /// The targets that it was made for, at whatever levels.
    subgroups: Vec<Subgroup>,
    problem: SubgroupProblem,
    memory: Memory,
}

/// What earlier palettes found on one problem.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) pool: VertexPool,
    /// λ of the last palette, where it was reachable: near that of the next.
    pub(crate) start: Option<Vec<f64>>,
    /// The last palette's bounds, and what there is to say of them.
    assessed: Option<(Vec<Bounds>, Arc<Assessment>)>,
}

impl Ready {
    fn new(set: &SampleSet, pooling: Pooling) -> Result<Self, ProblemError> {
        let table = PreparedTable::new(set, pooling)?;
        Ok(Ready { table, memory: Memory::default(), subgroups: None })
    }
}

impl SubgroupCache {
    fn fits(&self, subgroups: &[Subgroup]) -> bool {
        let same = |(a, b): (&Subgroup, &Subgroup)| a.value == b.value && a.group == b.group;
        self.subgroups.len() == subgroups.len() && self.subgroups.iter().zip(subgroups).all(same)
    }
}

/// A palette in numbers, on the problem that has a column for everything it constrains.
pub(crate) struct SolveContext<'a> {
    pub(crate) set: &'a SampleSet,
    pub(crate) table: &'a PreparedTable,
    pub(crate) resolved: &'a ResolvedPalette,
    pub(crate) problem: &'a Problem,
    /// One for each column of `problem`.
    pub(crate) bounds: &'a [Bounds],
    /// The problem with columns for subgroups, where the palette has any.
    pub(crate) subgroups: Option<&'a SubgroupProblem>,
    pub(crate) memory: &'a mut Memory,
}

impl SolveContext<'_> {
    /// The columns that stand for targets on groups.
    pub(crate) fn subgroup_columns(&self) -> &[SubgroupColumn] {
        self.subgroups.map_or(&[], |subgroups| &subgroups.columns)
    }

    /// The value that column `i` is about, and the group where it is about one; `None` for the share of a group.
    pub(crate) fn place_of(&self, i: usize) -> Option<(usize, Option<String>)> {
        if i < self.set.values.len() {
            return Some((i, None));
        }
        let subgroup = self.subgroups?.subgroup(self.resolved, i)?;
        Some((subgroup.value, Some(subgroup.group.clone())))
    }

    /// Name of column `i`: a value's, `VALUE@GROUP`, or `share of GROUP`.
    pub(crate) fn column_name(&self, i: usize) -> String {
        let of_subgroup = self.subgroups.and_then(|s| s.name(self.set, self.resolved, i));
        of_subgroup.unwrap_or_else(|| self.set.values[i].name.clone())
    }

    /// Name of every column.
    pub(crate) fn column_names(&self) -> Vec<String> {
        (0..self.problem.values()).map(|i| self.column_name(i)).collect()
    }

    /// The columns that have weights on the answers to other prompts, those of values and then of targets on groups,
    /// each with what one nat per unit of the column is in nats per unit of the value on the prompts that it is about.
    pub(crate) fn weighted(&self) -> Vec<(usize, f64)> {
        let values = (0..self.set.values.len()).map(|i| (i, 1.0));
        let share = |at: &SubgroupColumn| self.resolved.subgroups[at.subgroup].share;
        let on_groups = self.subgroup_columns().iter().map(|at| (at.column, 1.0 / share(at)));
        values.chain(on_groups).collect()
    }

    /// λ (nats per unit of every column) of those, in nats per unit of the values on these prompts.
    pub(crate) fn on_prompts(&self, lambda: &[f64]) -> Vec<f64> {
        self.weighted().into_iter().map(|(i, unit)| lambda[i] * unit).collect()
    }

    /// For each column, whether its bounds are said from the base: on other prompts they count from what those
    /// give anyway.
    pub(crate) fn relative(&self) -> Vec<bool> {
        let mut relative = vec![false; self.problem.values()];
        relative[..self.set.values.len()].copy_from_slice(&self.resolved.relative);
        for at in self.subgroup_columns() {
            relative[at.column] = self.resolved.subgroups[at.subgroup].relative;
        }
        relative
    }

    /// Assesses the palette anew, starting from what the last one found.
    pub(crate) fn assess_anew(&mut self, ranges: Ranges) -> Arc<Assessment> {
        let Memory { pool, start, assessed } = &mut *self.memory;
        let found = Arc::new(assess(self.problem, pool, self.bounds, start.as_deref(), ranges));
        *assessed = Some((self.bounds.to_vec(), found.clone()));
        found
    }

    /// What there is to say of the palette, attainable ranges aside: what was said when it was last asked
    /// about, unless another was asked about since.
    pub(crate) fn assessment(&mut self) -> Arc<Assessment> {
        match &self.memory.assessed {
            Some((bounds, found)) if bounds == self.bounds => found.clone(),
            _ => self.assess_anew(Ranges::None),
        }
    }
}

impl Composer {
    /// # Errors
    /// When the set has no answers, a reward is not finite, or weights leave nothing to choose from.
    pub fn new(set: impl Into<Arc<SampleSet>>) -> Result<Self, ProblemError> {
        Composer::prepared(set, Pooling::Pooled)
    }

    /// Like [`Composer::new`], with `pooling` as the one to be ready for.
    ///
    /// # Errors
    /// As for [`Composer::new`].
    pub fn prepared(set: impl Into<Arc<SampleSet>>, pooling: Pooling) -> Result<Self, ProblemError> {
        let set = set.into();
        let ready = Some(Ready::new(&set, pooling)?);
        Ok(match pooling {
            Pooling::Pooled => Composer { set, pooled: ready, per_prompt: None },
            Pooling::PerPrompt => Composer { set, pooled: None, per_prompt: ready },
        })
    }

    /// The sample set.
    pub fn set(&self) -> &SampleSet {
        &self.set
    }

    /// The set with its problem under `pooling`.
    ///
    /// # Errors
    /// A sentence when weights leave nothing to choose from.
    pub(crate) fn ready(&mut self, pooling: Pooling) -> Result<(&SampleSet, &mut Ready), String> {
        let slot = match pooling {
            Pooling::Pooled => &mut self.pooled,
            Pooling::PerPrompt => &mut self.per_prompt,
        };
        let ready = match slot {
            Some(ready) => ready,
            None => slot.insert(Ready::new(&self.set, pooling).map_err(|e| e.to_string())?),
        };
        Ok((&self.set, ready))
    }

    /// Puts `palette` in numbers and hands it to `with`.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on this set.
    pub(crate) fn in_context<T>(
        &mut self,
        palette: &Palette,
        pooling: Pooling,
        with: impl FnOnce(SolveContext) -> T,
    ) -> Result<T, String> {
        let (set, Ready { table, memory, subgroups: cache }) = self.ready(pooling)?;
        let resolved = &ResolvedPalette::new(table, set, palette)?;
        if resolved.subgroups.is_empty() {
            *cache = None;
            let (problem, bounds) = (&table.problem, resolved.bounds.as_slice());
            return Ok(with(SolveContext { set, table, resolved, problem, bounds, subgroups: None, memory }));
        }
        let cache = match cache.take() {
            Some(mut fitting) if fitting.fits(&resolved.subgroups) => {
                // Levels may have moved since.
                fitting.problem.ask(resolved);
                cache.insert(fitting)
            }
            other => {
                let problem = SubgroupProblem::new(table, resolved);
                // λ of other targets on as many columns is as good a start as any.
                let start = other.and_then(|other| other.memory.start);
                let start = start.filter(|start| start.len() == problem.bounds.len());
                let memory = Memory { start, ..Memory::default() };
                cache.insert(SubgroupCache { subgroups: resolved.subgroups.clone(), problem, memory })
            }
        };
        let SubgroupCache { problem: subgroups, memory, .. } = cache;
        Ok(with(SolveContext {
            set,
            table,
            resolved,
            problem: &subgroups.problem,
            bounds: &subgroups.bounds,
            subgroups: Some(subgroups),
            memory,
        }))
    }
}
