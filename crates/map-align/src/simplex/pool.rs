//! Points that one palette's linear programs found, for those of the next.

/// Points of what can be had that earlier linear programs needed. They do not depend on the palette, so a
/// pool kept beside its [`Problem`](crate::Problem) saves passes over the samples from one palette to the
/// next; results are the same within rounding. At most about 300 points are kept.
#[derive(Clone, Debug, Default)]
pub struct VertexPool {
    pub(super) points: Vec<Vec<f64>>,
}

/// Points kept from one program to the next.
const KEPT: usize = 300;

impl VertexPool {
    /// Forgets points of problems that had another number of columns than `values`.
    pub(super) fn keep_of(&mut self, values: usize) {
        self.points.retain(|p| p.len() == values);
    }

    /// Forgets points beyond those that are [`KEPT`]: what the last program used stays (the places `useful`),
    /// then the newest.
    pub(super) fn shrink(&mut self, mut useful: Vec<usize>) {
        if self.points.len() <= KEPT {
            return;
        }
        useful.sort_unstable();
        useful.dedup();
        let start = useful.len().saturating_sub(KEPT);
        let newest = (0..self.points.len()).rev().filter(|k| !useful.contains(k));
        let places = useful[start..].iter().copied().chain(newest);
        self.points = places.take(KEPT).map(|k| self.points[k].clone()).collect();
    }
}
