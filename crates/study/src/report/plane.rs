//! The plane of two values: what they can be at once with the other targets held.

use super::{ByName, target};
use crate::Question;
use crate::compose::{Composer, SolveContext};
use map_align::{
    Bounds, Plane, PlaneTracing, Problem, Solution, SupportingLine, Verdict, VertexPool, ranges_of,
};
use serde::{Deserialize, Serialize};

/// What two values can be at once. Points are pairs of levels, in the values' own units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaneReport {
    pub values: [PlaneValue; 2],
    /// Of the whole palette.
    pub verdict: Verdict,
    /// How far of the way to the palette `attained` goes, where that is not all of it.
    pub scaled_back: Option<f64>,
    /// Whether the other targets alone can be met; where not, there are no points.
    pub possible: bool,
    /// Corners where more of one value takes from the other, from the largest level of the second to the
    /// largest of the first. What lies within their polyline can be had.
    pub frontier: Vec<[f64; 2]>,
    /// Where the lines that prove it meet: no mix of answers gives at least a level beyond them of both.
    pub frontier_bound: Vec<[f64; 2]>,
    /// All corners, counter-clockwise from the one of the largest first level.
    pub outline: Vec<[f64; 2]>,
    /// The polygon of all lines, around it.
    pub bound: Vec<[f64; 2]>,
    /// One for each direction that was asked, counter-clockwise.
    pub lines: Vec<PlaneLine>,
    /// The widest gap between frontier and its bound, and between outline and its bound, standard deviations.
    #[serde(rename = "frontier_error_sd")]
    pub frontier_error: f64,
    #[serde(rename = "outline_error_sd")]
    pub outline_error: f64,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// One of the two values; levels in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaneValue {
    pub name: String,
    /// Base mean.
    pub base: f64,
    #[serde(rename = "sd")]
    pub standard_deviation: f64,
    /// As in [`ValueReport`](super::ValueReport).
    pub target: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// The level that can be had at a finite λ: of the palette, or of it scaled back.
    pub attained: f64,
    /// The largest level with all other targets held, that of the other value too; `None` where those are out
    /// of reach. So is `min_reachable`, the smallest.
    pub max_reachable: Option<f64>,
    pub min_reachable: Option<f64>,
}

/// A line that no mix of answers crosses while the other targets are held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaneLine {
    /// d per unit of each column.
    pub direction: ByName,
    /// Σ_g π_g max_j d·r_gj over all columns.
    pub best: f64,
    /// d·r of the two values alone, at most: `best` less what the other targets take of it.
    pub at_most: f64,
}

/// Everything that the plane needs, so that it can be traced in steps.
pub struct PlaneStudy {
    problem: Problem,
    pool: VertexPool,
    bounds: Vec<Bounds>,
    axes: [usize; 2],
    columns: Vec<String>,
    head: PlaneReport,
}

/// Linear programs for one plane: more corners than this nobody sees.
const MOST: usize = 96;

impl Composer {
    /// Prepares the plane of `values`: without names the two with the largest λ (per standard deviation), else
    /// the first two with targets, else the first two that vary.
    ///
    /// # Errors
    /// A sentence when a value is not there, is constant, is named twice, or when no two values vary; and when
    /// the palette makes no sense on this set.
    pub fn plane(&mut self, question: &Question, values: Option<&[String; 2]>) -> Result<PlaneStudy, String> {
        self.in_context(&question.palette, question.pooling, |mut context| {
            let found = context.assessment();
            let axes = match values {
                Some(names) => named(&context, names)?,
                None => usual(&context, &found.solution)?,
            };
            let ends = ranges_of(context.problem, &mut context.memory.pool, context.bounds, &axes);
            let value = |at: usize| {
                let i = axes[at];
                PlaneValue {
                    name: context.column_name(i),
                    base: context.problem.mean(i),
                    standard_deviation: context.problem.standard_deviation(i),
                    target: target(&context.bounds[i]),
                    lower: context.bounds[i].lower,
                    upper: context.bounds[i].upper,
                    attained: found.solution.realised[i],
                    max_reachable: ends[at].highest,
                    min_reachable: ends[at].lowest,
                }
            };
            let head = PlaneReport {
                values: [value(0), value(1)],
                verdict: found.verdict,
                scaled_back: found.scale_back,
                possible: false,
                frontier: Vec::new(),
                frontier_bound: Vec::new(),
                outline: Vec::new(),
                bound: Vec::new(),
                lines: Vec::new(),
                frontier_error: 0.0,
                outline_error: 0.0,
                notes: Vec::new(),
            };
            Ok(PlaneStudy {
                problem: context.problem.clone(),
                pool: context.memory.pool.clone(),
                bounds: context.bounds.to_vec(),
                axes,
                columns: context.column_names(),
                head,
            })
        })?
    }
}

/// The columns of two names.
pub(super) fn named(context: &SolveContext, names: &[String; 2]) -> Result<[usize; 2], String> {
    let column = |name: &String| {
        let i = context
            .set
            .value_index(name)
            .ok_or_else(|| format!("The table has no value called “{name}”. Choose one that it has."))?;
        if context.problem.standard_deviation(i) == 0.0 {
            return Err(format!(
                "{name} is the same for every answer, so its plane is a line. Choose a value that varies."
            ));
        }
        Ok(i)
    };
    let axes = [column(&names[0])?, column(&names[1])?];
    if axes[0] == axes[1] {
        return Err(format!("A plane needs two values, and {} is one. Choose another beside it.", names[0]));
    }
    Ok(axes)
}

/// The two values to show where nobody chose.
fn usual(context: &SolveContext, solution: &Solution) -> Result<[usize; 2], String> {
    let sd = |i: usize| context.problem.standard_deviation(i);
    let mut varying: Vec<usize> = (0..context.set.values.len()).filter(|i| sd(*i) > 0.0).collect();
    // A stable sort: what is alike stands as in the table.
    let weight = |i: usize| (solution.lambda[i] * sd(i)).max(0.0);
    varying.sort_by(|a, b| {
        let off = |i: usize| context.bounds[i].is_off();
        weight(*b).total_cmp(&weight(*a)).then(off(*a).cmp(&off(*b)))
    });
    match varying.as_slice() {
        [a, b, ..] => Ok([*a.min(b), *a.max(b)]),
        few => Err(format!(
            "A plane needs two values that vary, and this table has {}.",
            if few.is_empty() { "none" } else { "one" }
        )),
    }
}

impl PlaneStudy {
    /// The plane, to be stepped; `None` where the other targets alone are out of reach.
    pub fn tracing(&self) -> Option<PlaneTracing<'_>> {
        PlaneTracing::new(&self.problem, self.pool.clone(), &self.bounds, self.axes, MOST)
    }

    /// What was traced, as a report.
    pub fn report(&self, plane: Option<Plane>) -> PlaneReport {
        let mut report = self.head.clone();
        let Some(plane) = plane else { return report };
        report.possible = true;
        report.lines = plane.lines.iter().map(|line| self.line(line)).collect();
        report.frontier = plane.frontier;
        report.frontier_bound = plane.frontier_bound;
        report.outline = plane.outline;
        report.bound = plane.bound;
        report.frontier_error = plane.frontier_error;
        report.outline_error = plane.error;
        report
    }

    /// All of it in one piece.
    pub fn whole(&self) -> PlaneReport {
        self.report(self.tracing().map(|mut tracing| {
            while tracing.step() {}
            tracing.finish()
        }))
    }

    fn line(&self, line: &SupportingLine) -> PlaneLine {
        let per_unit =
            |(i, d): (usize, &f64)| (self.columns[i].clone(), d / self.problem.standard_deviation(i));
        let weighs = |(_, d): &(usize, &f64)| **d != 0.0;
        PlaneLine {
            direction: line.direction.iter().enumerate().filter(weighs).map(per_unit).collect(),
            best: line.best,
            at_most: line.at_most,
        }
    }
}
