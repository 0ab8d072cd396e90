//! The problem of a palette with targets on groups of prompts: a column for each such target after those of
//! the values.

use crate::asked::on_group;
use crate::prepared::PreparedTable;
use crate::resolved::{ResolvedPalette, Subgroup};
use map_align::{Bounds, Problem};
use palette_tables::SampleSet;

/// A problem with the columns of subgroups after those of the values.
pub(crate) struct SubgroupProblem {
    pub(crate) problem: Problem,
    /// One for each column.
    pub(crate) bounds: Vec<Bounds>,
    pub(crate) columns: Vec<SubgroupColumn>,
    /// The groups whose share must be kept: where answers to different prompts compete, choosing could else
    /// shun the group.
    shares: Vec<GroupShare>,
}

/// A column that stands for a target on a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SubgroupColumn {
    /// Index into [`ResolvedPalette::subgroups`].
    pub(crate) subgroup: usize,
    pub(crate) column: usize,
}

/// A column that stands for the share of a group.
struct GroupShare {
    group: String,
    column: usize,
    /// Of all answers, before anything is chosen.
    base: f64,
}

impl SubgroupProblem {
    /// The problem of `table` with a column for every subgroup of `resolved`, and for the share of every
    /// group that choosing could change.
    pub(crate) fn new(table: &PreparedTable, resolved: &ResolvedPalette) -> Self {
        let mut problem = table.problem.clone();
        let mut columns = Vec::new();
        let mut shares: Vec<GroupShare> = Vec::new();
        for (at, subgroup) in resolved.subgroups.iter().enumerate() {
            let column = problem.add_subgroup(subgroup.value, &subgroup.rows);
            columns.extend(column.map(|column| SubgroupColumn { subgroup: at, column }));
            if shares.iter().all(|share| share.group != subgroup.group)
                && let Some((column, base)) = problem.add_share(&subgroup.rows)
            {
                shares.push(GroupShare { group: subgroup.group.clone(), column, base });
            }
        }
        let mut subgroups = SubgroupProblem { problem, bounds: Vec::new(), columns, shares };
        subgroups.ask(resolved);
        subgroups
    }

    /// Takes the bounds of `resolved`, whose subgroups are those that this was made for, at whatever levels.
    pub(crate) fn ask(&mut self, resolved: &ResolvedPalette) {
        self.bounds = resolved.bounds.clone();
        self.bounds.resize(self.problem.values(), Bounds::OFF);
        for at in &self.columns {
            self.bounds[at.column] = resolved.subgroups[at.subgroup].bounds;
        }
        for share in &self.shares {
            self.bounds[share.column] = Bounds::exactly(share.base);
        }
    }

    /// The target on a group that `column` stands for.
    pub(crate) fn subgroup<'a>(&self, resolved: &'a ResolvedPalette, column: usize) -> Option<&'a Subgroup> {
        let at = self.columns.iter().find(|at| at.column == column)?;
        Some(&resolved.subgroups[at.subgroup])
    }

    /// Name of a column after those of the values: `VALUE@GROUP`, or `share of GROUP`.
    pub(crate) fn name(&self, set: &SampleSet, resolved: &ResolvedPalette, column: usize) -> Option<String> {
        let subgroup = self.subgroup(resolved, column);
        subgroup.map(|at| on_group(&set.values[at.value].name, &at.group)).or_else(|| {
            let share = self.shares.iter().find(|share| share.column == column)?;
            Some(format!("share of {}", share.group))
        })
    }
}
