//! What two levels can be at once with the bounds on the others held: a convex polygon, found from inside and
//! outside at the same time.
//!
//! Each linear program asks how far the polygon goes in one direction. It gives a corner that can be had, and
//! by its multipliers a line that nothing can cross, checked by a pass over the samples. Between two corners the
//! lines leave a triangle open; the next program asks in the direction of its base, the widest triangle first
//! (the sandwich algorithm: Rote 1992). A triangle without height is an edge of the polygon itself.

use super::assess::meets;
use super::bounds::{Bounds, Constraint, Constraints};
use super::problem::Problem;
use super::reach;
use super::simplex::VertexPool;
use super::support::support;

/// What two columns can be at once, in their own units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plane {
    /// Corners that can be had, counter-clockwise from the one of the largest first level. Two for a segment,
    /// one for a point. All that can be had lies within `bound`, and what lies within this can be had.
    pub outline: Vec<[f64; 2]>,
    /// The polygon that `lines` enclose.
    pub bound: Vec<[f64; 2]>,
    /// The part of `outline` where more of one takes from the other: from the largest second level to the
    /// largest first.
    pub frontier: Vec<[f64; 2]>,
    /// The corners of `bound` between those two.
    pub frontier_bound: Vec<[f64; 2]>,
    /// Lines that nothing can cross, counter-clockwise from the one that bounds the first level above.
    pub lines: Vec<SupportingLine>,
    /// The widest gap between `frontier` and its bound, in standard deviations.
    pub frontier_error: f64,
    /// The widest gap between `outline` and `bound`, likewise.
    pub error: f64,
}

/// A line that the levels of two columns cannot cross while the others are held.
#[derive(Clone, Debug, PartialEq)]
pub struct SupportingLine {
    /// d of every column, per standard deviation: of the two (a unit vector), and the multipliers of the
    /// bounds on the others.
    pub direction: Vec<f64>,
    /// Σ_g π_g max_j d·r_gj, with every column in its own unit times d / sd.
    pub best: f64,
    /// The same of the two columns alone, at most: `best` less what the bounds on the others take.
    pub at_most: f64,
}

/// One answered direction; levels standardised.
struct Tangent {
    /// A unit vector.
    along: [f64; 2],
    /// The most along it: an upper bound.
    height: f64,
    /// A point that can be had, there.
    point: [f64; 2],
    /// d of every column, and φ(d).
    direction: Vec<f64>,
    phi: f64,
}

/// Gaps up to this width are closed, in standard deviations: on the frontier, and elsewhere.
const CLOSED: [f64; 2] = [0.002, 0.02];
/// Directions that differ by less than this are the same.
const SAME: f64 = 1e-9;

/// Traces the plane of two columns, one linear program a step.
pub struct PlaneTracing<'a> {
    problem: &'a Problem,
    pool: VertexPool,
    axes: [usize; 2],
    held: Vec<Constraint>,
    start: Vec<f64>,
    /// By angle, from (1, 0).
    tangents: Vec<Tangent>,
    most: usize,
}

impl<'a> PlaneTracing<'a> {
    /// Gets ready for the plane of the columns `axes` (both of which vary, and differ), the bounds on all others
    /// held; those on the two count for nothing. At most `most` linear programs (at least 4) are solved. `pool`
    /// as for [`assess`](crate::assess()).
    ///
    /// `None` when the bounds on the others alone are out of reach.
    ///
    /// # Panics
    /// When there are more bounds than columns.
    pub fn new(
        problem: &'a Problem,
        mut pool: VertexPool,
        bounds: &[Bounds],
        axes: [usize; 2],
        most: usize,
    ) -> Option<Self> {
        let other = |(i, bounds): (usize, &Bounds)| if axes.contains(&i) { Bounds::OFF } else { *bounds };
        let others: Vec<Bounds> = bounds.iter().enumerate().map(other).collect();
        let constraints = Constraints::new(problem, &others);
        if constraints.stuck.is_some() {
            return None;
        }
        let start = meets(problem, &mut pool, &constraints.all)?;
        Some(PlaneTracing {
            problem,
            pool,
            axes,
            held: constraints.all,
            start,
            tangents: Vec::new(),
            most: most.max(4),
        })
    }

    /// Asks in one more direction; `false` when nothing is left to ask.
    pub fn step(&mut self) -> bool {
        const FIRST: [[f64; 2]; 4] = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]];
        if let Some(along) = FIRST.get(self.tangents.len()) {
            let tangent = self.ask(*along);
            self.tangents.push(tangent);
            return true;
        }
        if self.tangents.len() >= self.most {
            return false;
        }
        let widest = (0..self.tangents.len())
            .filter_map(|k| {
                let [from, to] = self.pair(k);
                let excess = gap(from, to) / if on_frontier(from, to) { CLOSED[0] } else { CLOSED[1] };
                Some((k, between(from, to)?, excess)).filter(|_| excess > 1.0)
            })
            .max_by(|a, b| a.2.total_cmp(&b.2));
        let Some((k, along, _)) = widest else { return false };
        let tangent = self.ask(along);
        self.tangents.insert(k + 1, tangent);
        true
    }

    /// The plane as far as it is known; after [`PlaneTracing::step`] has given `false`, all of it.
    pub fn finish(mut self) -> Plane {
        while self.tangents.len() < 4 && self.step() {}
        let gaps = || (0..self.tangents.len()).map(|k| self.pair(k));
        let above = self.tangents.iter().take_while(|t| t.along[0] > 0.0 && t.along[1] >= 0.0).count();
        let mut frontier: Vec<[f64; 2]> = self.tangents[..=above].iter().rev().map(|t| t.point).collect();
        // Along an edge that is level or upright neither takes from the other.
        while frontier.len() > 1 && frontier[1][1] >= frontier[0][1] - SAME {
            frontier.remove(0);
        }
        while let [.., before, last] = frontier[..]
            && before[0] >= last[0] - SAME
        {
            frontier.pop();
        }
        let frontier_bound: Vec<[f64; 2]> =
            (0..above).rev().filter_map(|k| corner(self.pair(k)[0], self.pair(k)[1])).collect();
        Plane {
            outline: self.in_units(&self.tangents.iter().map(|t| t.point).collect::<Vec<_>>(), true),
            bound: self.in_units(&gaps().filter_map(|[a, b]| corner(a, b)).collect::<Vec<_>>(), true),
            frontier: self.in_units(&frontier, false),
            frontier_bound: self.in_units(&frontier_bound, false),
            frontier_error: gaps().take(above).map(|[a, b]| gap(a, b)).fold(0.0, f64::max),
            error: gaps().map(|[a, b]| gap(a, b)).fold(0.0, f64::max),
            lines: self.tangents.iter().map(|t| self.line(t)).collect(),
        }
    }

    fn pair(&self, k: usize) -> [&Tangent; 2] {
        [&self.tangents[k], &self.tangents[(k + 1) % self.tangents.len()]]
    }

    fn ask(&mut self, along: [f64; 2]) -> Tangent {
        let [a, b] = self.axes;
        let way = [(a, along[0]), (b, along[1])];
        let found = reach::furthest_along(self.problem, &mut self.pool, &self.held, way, &self.start);
        let point = [found.point[a], found.point[b]];
        if !found.upper.is_finite() {
            // Rounding ended the search before its first pass: the bound without the others stands.
            let mut direction = vec![0.0; self.problem.values()];
            (direction[a], direction[b]) = (along[0], along[1]);
            let (phi, _) = support(self.problem, &direction);
            return Tangent { along, height: phi, point, direction, phi };
        }
        // What the bounds on the others take: φ(d) less the height that is left.
        let rhs = |c: &Constraint, multiplier: f64| c.target * multiplier;
        let mut taken = 0.0;
        let mut row = 0;
        for constraint in &self.held {
            taken += rhs(constraint, found.multipliers[row]);
            row += 1;
            if constraint.equality {
                taken -= rhs(constraint, found.multipliers[row]);
                row += 1;
            }
        }
        Tangent { along, height: found.upper, point, direction: found.direction, phi: found.upper + taken }
    }

    fn line(&self, tangent: &Tangent) -> SupportingLine {
        // Σ d·mean/sd over columns brings a height from standard deviations to own units.
        let shift = |columns: &mut dyn Iterator<Item = usize>| -> f64 {
            columns
                .filter(|i| tangent.direction[*i] != 0.0)
                .map(|i| tangent.direction[i] * (self.problem.mean(i) / self.problem.standard_deviation(i)))
                .sum()
        };
        SupportingLine {
            best: tangent.phi + shift(&mut (0..tangent.direction.len())),
            at_most: tangent.height + shift(&mut self.axes.into_iter()),
            direction: tangent.direction.clone(),
        }
    }

    /// Standardised points in own units without those on the straight way between their neighbours; in a `ring`
    /// the last and the first are neighbours.
    fn in_units(&self, points: &[[f64; 2]], ring: bool) -> Vec<[f64; 2]> {
        let near = |a: &[f64; 2], b: &[f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]) < SAME;
        let mut kept: Vec<[f64; 2]> = Vec::with_capacity(points.len());
        for point in points {
            if kept.last().is_none_or(|last| !near(last, point)) {
                kept.push(*point);
            }
        }
        while ring && kept.len() > 1 && near(&kept[0], &kept[kept.len() - 1]) {
            kept.pop();
        }
        let mut k = usize::from(!ring);
        while kept.len() > 2 && k + usize::from(!ring) < kept.len() {
            let n = kept.len();
            if is_between(kept[(k + n - 1) % n], kept[k], kept[(k + 1) % n]) {
                kept.remove(k);
            } else {
                k += 1;
            }
        }
        let [a, b] = self.axes;
        kept.into_iter().map(|[x, y]| [self.problem.level(a, x), self.problem.level(b, y)]).collect()
    }
}

fn on_frontier(from: &Tangent, to: &Tangent) -> bool {
    from.along[0] > SAME && from.along[1] >= 0.0 && to.along[0] >= 0.0 && to.along[1] > SAME
}

/// The direction that is square to the way between two points; `None` where they are one point, or where that
/// direction was asked for.
fn between(from: &Tangent, to: &Tangent) -> Option<[f64; 2]> {
    let way = [to.point[0] - from.point[0], to.point[1] - from.point[1]];
    let length = way[0].hypot(way[1]);
    if length < SAME {
        return None;
    }
    let along = [way[1] / length, -way[0] / length];
    let inside = cross(from.along, along) > SAME && cross(along, to.along) > SAME;
    inside.then_some(along)
}

fn is_between(from: [f64; 2], point: [f64; 2], to: [f64; 2]) -> bool {
    let (way, part) = ([to[0] - from[0], to[1] - from[1]], [point[0] - from[0], point[1] - from[1]]);
    let length = way[0].hypot(way[1]);
    let along = part[0] * way[0] + part[1] * way[1];
    (0.0..=length * length).contains(&along) && cross(way, part).abs() < SAME * length
}

fn cross(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

/// Where two supporting lines meet; `None` where they are all but the same.
fn corner(from: &Tangent, to: &Tangent) -> Option<[f64; 2]> {
    let det = cross(from.along, to.along);
    (det.abs() > SAME).then(|| {
        [
            (from.height * to.along[1] - to.height * from.along[1]) / det,
            (from.along[0] * to.height - to.along[0] * from.height) / det,
        ]
    })
}

/// The height of the triangle that two supporting lines leave open over the way between their points.
fn gap(from: &Tangent, to: &Tangent) -> f64 {
    let Some(corner) = corner(from, to) else { return 0.0 };
    let way = [to.point[0] - from.point[0], to.point[1] - from.point[1]];
    let out = [corner[0] - from.point[0], corner[1] - from.point[1]];
    let length = way[0].hypot(way[1]);
    if length < SAME { out[0].hypot(out[1]) } else { (cross(out, way) / length).max(0.0) }
}
