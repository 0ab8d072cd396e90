//! What can be reached at all, by linear programming on directions.
//!
//! A direction d ≥ 0 bounds every choice of answers: Σ_i d_i E_w[z_i] ≤ φ(d) = Σ_g π_g max_j d·z_gj. Duality makes the bound tight:
//! the largest t with E_w z ≥ c + t is min { φ(d) − d·c : d ≥ 0, Σ d = 1 }, and likewise for the largest level of one value and the largest share of
//! a ray, with other normalisations of d. φ is convex and piecewise linear, so each minimum is found by cutting planes (Kelley 1960): a small
//! linear program over d, and a new cut wherever it was too hopeful. Cuts do not depend on c: they are kept from one palette to the next.

use super::problem::Problem;
use microlp::{ComparisonOp, OptimizationDirection, Problem as Program, Variable};

/// Gap between bounds at which a minimum counts as exact, in standard deviations.
const GAP: f64 = 1e-9;
const MOST_CUTS: usize = 2000;
const KEPT_CUTS: usize = 400;
/// Directions are held in this box; a minimum that leans on it has no bound.
const BOX: f64 = 1e6;

/// Rows Σ_g π_g z_{g,j(g)} that maximise some direction: each is a supporting plane of φ.
#[derive(Clone, Debug, Default)]
pub struct Cuts {
    rows: Vec<Vec<f64>>,
}

impl Cuts {
    /// Evaluates φ(d) in one pass over the table and keeps the plane that supports it there.
    fn add(&mut self, problem: &Problem, d: &[f64]) -> f64 {
        let (value, row) = support(problem, d);
        self.rows.push(row);
        value
    }

    fn trim(&mut self) {
        if self.rows.len() > KEPT_CUTS {
            self.rows.drain(..self.rows.len() - KEPT_CUTS);
        }
    }
}

/// φ(d) = Σ_g π_g max_j d·z_gj, and the mean of the maximising rows.
pub(super) fn support(problem: &Problem, d: &[f64]) -> (f64, Vec<f64>) {
    let mut row = vec![0.0; problem.values()];
    let mut value = 0.0;
    for (group, pi) in problem.groups.iter().zip(&problem.group_weight) {
        let mut best = (f64::NEG_INFINITY, group.start);
        for j in group.clone() {
            let score: f64 = problem.z.row(j).iter().zip(d).map(|(z, d)| z * d).sum();
            if score > best.0 {
                best = (score, j);
            }
        }
        value += pi * best.0;
        for (row, z) in row.iter_mut().zip(problem.z.row(best.1)) {
            *row += pi * z;
        }
    }
    (value, row)
}

/// The minimum of φ(d) − d·c and what is known of it.
#[derive(Clone, Debug)]
pub struct Reach {
    /// φ(d) − d·c at `direction`: an upper bound of the minimum, checked by a pass over the table.
    pub value: f64,
    /// A lower bound of the minimum, by the linear program.
    pub lower: f64,
    /// The best d found (standardised units).
    pub direction: Vec<f64>,
}

/// Minimises φ(d) − d·c over d ≥ 0, d·normal = 1, with d_i = 0 outside `free`. `None` when no direction satisfies the
/// normalisation.
pub(super) fn minimise(problem: &Problem, cuts: &mut Cuts, free: &[usize], c: &[f64], normal: &[f64]) -> Option<Reach> {
    let start = free.iter().copied().filter(|&i| normal[i] > 0.0).max_by(|a, b| normal[*a].total_cmp(&normal[*b]))?;
    let mut direction = vec![0.0; problem.values()];
    direction[start] = 1.0 / normal[start];
    let objective = |d: &[f64], phi: f64| phi - free.iter().map(|&i| d[i] * c[i]).sum::<f64>();
    let phi = cuts.add(problem, &direction);
    let mut best = Reach { value: objective(&direction, phi), lower: f64::NEG_INFINITY, direction };

    let mut program = Program::new(OptimizationDirection::Minimize);
    // z is centred, so φ(d) ≥ d·E z = 0 for every d.
    let epigraph = program.add_var(1.0, (0.0, f64::INFINITY));
    let variables: Vec<Variable> = free.iter().map(|&i| program.add_var(-c[i], (0.0, BOX))).collect();
    let normalised: Vec<(Variable, f64)> =
        free.iter().zip(&variables).filter(|(i, _)| normal[**i] != 0.0).map(|(&i, &v)| (v, normal[i])).collect();
    program.add_constraint(normalised.as_slice(), ComparisonOp::Eq, 1.0);
    let plane = |row: &[f64]| -> Vec<(Variable, f64)> {
        std::iter::once((epigraph, 1.0)).chain(free.iter().zip(&variables).map(|(&i, &v)| (v, -row[i]))).collect()
    };
    for row in &cuts.rows {
        program.add_constraint(plane(row).as_slice(), ComparisonOp::Ge, 0.0);
    }
    let mut solution = program.solve().ok();
    for _ in 0..MOST_CUTS {
        let Some(found) = solution.take() else { break };
        best.lower = best.lower.max(found.objective());
        let mut d = vec![0.0; problem.values()];
        for (&i, &v) in free.iter().zip(&variables) {
            d[i] = found.var_value(v).max(0.0);
        }
        let phi = cuts.add(problem, &d);
        let value = objective(&d, phi);
        let improved = value < best.value;
        if improved {
            best.value = value;
            best.direction = d;
        }
        if best.value - best.lower <= GAP * (1.0 + best.value.abs()) {
            break;
        }
        let cut = cuts.rows.last().map(|row| plane(row)).unwrap_or_default();
        solution = found.add_constraint(cut.as_slice(), ComparisonOp::Ge, 0.0).ok();
    }
    cuts.trim();
    Some(best)
}

impl Reach {
    /// Whether the minimum leans on the box, that is, has no bound within reach of floating point.
    pub(super) fn unbounded(&self) -> bool {
        self.direction.iter().any(|d| *d >= 0.99 * BOX)
    }
}
