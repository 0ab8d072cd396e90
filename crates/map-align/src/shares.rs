//! The base distribution's share of each row.

use std::ops::Range;

/// Base share π_g q_gj of each row, without holding them where all are the same.
pub(super) struct Shares<'a> {
    pub groups: &'a [Range<usize>],
    /// π_g.
    pub group_weight: &'a [f64],
    /// log q_gj, where q is not uniform.
    pub log_base: Option<&'a [f64]>,
}

impl Shares<'_> {
    /// Calls `with` for each run of rows with its shares: one share for all of them, or one for each.
    pub(crate) fn for_each(&self, mut with: impl FnMut(Range<usize>, f64, Option<&[f64]>)) {
        for (g, pi) in self.groups.iter().zip(self.group_weight) {
            match self.log_base {
                None => with(g.clone(), pi / g.len() as f64, None),
                Some(log) => with(g.clone(), *pi, Some(&log[g.clone()])),
            }
        }
    }

    pub(crate) fn collect(&self) -> Vec<f64> {
        let mut all = Vec::with_capacity(self.groups.last().map_or(0, |g| g.end));
        self.for_each(|rows, share, logs| match logs {
            None => all.extend(rows.map(|_| share)),
            Some(logs) => all.extend(logs.iter().map(|l| share * l.exp())),
        });
        all
    }
}
