//! The price of one target along its lane, the others held.

use crate::Question;
use crate::compose::{Composer, SolveContext};
use crate::figures::{drafts_in_words, figure};
use map_align::{Bounds, Problem, Solution, ranges_of, solve};
use palette_tables::csv_text::Writer;
use serde::{Deserialize, Serialize};

/// What a value costs by the level that is asked of it, from where it would be anyway up to the edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetPriceReport {
    /// The value, or `VALUE@GROUP`.
    pub name: String,
    /// Base mean, in the value's unit; so are all levels.
    pub base: f64,
    #[serde(rename = "sd")]
    pub standard_deviation: f64,
    /// Which way it is asked for.
    pub way: Way,
    /// The level that the palette asks for that way, where it asks.
    pub asked: Option<f64>,
    /// What that costs; `None` where nothing is asked or it is out of reach.
    pub asked_price: Option<LevelPrice>,
    /// The level that it has with nothing asked of it and the others held; `None` where those alone are out of
    /// reach, and there are no points.
    pub free: Option<f64>,
    /// The furthest level that can be had.
    pub edge: Option<f64>,
    /// From the base (or from `free`, where that lies before it) to just before the edge.
    pub points: Vec<LevelPrice>,
    /// What one sees, in sentences.
    pub sentences: Vec<String>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// Which way a target asks for more than the answers have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    AtLeast,
    AtMost,
}

/// What the whole palette costs with the target at this level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelPrice {
    pub level: f64,
    /// Nats, and e^KL.
    pub kl: f64,
    pub drafts: f64,
    /// λ of this value, nats per unit.
    pub lambda: f64,
}

/// Where a price is told, as shares of the way to the edge: closer where it grows faster.
const STEPS: [f64; 16] =
    [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.985, 0.995, 0.999];
/// Levels closer than this to one another are one, in standard deviations.
const SAME: f64 = 1e-9;

/// Everything that the report needs, so that it can be worked out in steps.
pub struct TargetPriceStudy {
    problem: Problem,
    bounds: Vec<Bounds>,
    column: usize,
    /// Levels whose price is still to be found, the next one last.
    left: Vec<f64>,
    start: Option<Vec<f64>>,
    report: TargetPriceReport,
}

impl Composer {
    /// Prepares the price of the target of `name`, a value or `VALUE@GROUP`; without a name of the value with the
    /// largest λ per standard deviation, else the first that varies.
    ///
    /// # Errors
    /// A sentence when there is no such value, it is the same for every answer, and when the palette makes no sense
    /// on this set.
    pub fn target_price(
        &mut self,
        question: &Question,
        name: Option<&str>,
    ) -> Result<TargetPriceStudy, String> {
        self.in_context(&question.palette, question.pooling, |mut context| {
            let column = match name {
                Some(name) => named(&context, name)?,
                None => usual(&mut context)?,
            };
            Ok(study(&mut context, column))
        })?
    }
}

fn named(context: &SolveContext, name: &str) -> Result<usize, String> {
    let m = context.set.values.len();
    let columns = (0..m).chain(context.subgroup_columns().iter().map(|at| at.column));
    let column = columns.into_iter().find(|i| context.column_name(*i) == name).ok_or_else(|| {
        format!("Nothing called “{name}” has a price here. Name a value of the table, or VALUE@GROUP with a target.")
    })?;
    if context.problem.standard_deviation(column) == 0.0 {
        return Err(format!(
            "{name} is the same for every answer, so no level has a price. Choose a value that varies."
        ));
    }
    Ok(column)
}

fn usual(context: &mut SolveContext) -> Result<usize, String> {
    let lambda = context.assessment().solution.lambda.clone();
    let sd = |i: usize| context.problem.standard_deviation(i);
    let varying = (0..context.set.values.len()).filter(|i| sd(*i) > 0.0);
    // Of those that weigh alike the first.
    varying
        .reduce(|best, i| if lambda[i].abs() * sd(i) > lambda[best].abs() * sd(best) { i } else { best })
        .ok_or_else(|| "No value of this table varies, so no level has a price.".to_owned())
}

fn study(context: &mut SolveContext, column: usize) -> TargetPriceStudy {
    let problem = context.problem;
    let target = context.bounds[column];
    let mut bounds = context.bounds.to_vec();
    bounds[column] = Bounds::OFF;
    let range = ranges_of(problem, &mut context.memory.pool, &bounds, &[column])[0];
    let free = range.highest.map(|_| solve(problem, &bounds, None)).filter(Solution::converged);
    // An upper end asks for something where the value would lie above it.
    let above = |upper: f64| free.as_ref().is_some_and(|free| free.realised[column] > upper);
    let (way, asked, edge) = match target.upper.filter(|upper| target.lower.is_none() || above(*upper)) {
        Some(upper) => (Way::AtMost, Some(upper), range.lowest),
        None => (Way::AtLeast, target.lower, range.highest),
    };
    let (base, sd) = (problem.mean(column), problem.standard_deviation(column));
    let report = TargetPriceReport {
        name: context.column_name(column),
        base,
        standard_deviation: sd,
        way,
        asked,
        asked_price: None,
        free: free.as_ref().map(|free| free.realised[column]),
        edge: free.as_ref().and(edge),
        points: Vec::new(),
        sentences: Vec::new(),
        notes: Vec::new(),
    };
    let left = match (report.free, report.edge) {
        (Some(free), Some(edge)) => levels(way, base, free, edge, report.asked, sd),
        _ => Vec::new(),
    };
    let start = free.map(|free| free.lambda);
    TargetPriceStudy { problem: problem.clone(), bounds, column, left, start, report }
}

/// The levels to ask for, the nearest last.
fn levels(way: Way, base: f64, free: f64, edge: f64, asked: Option<f64>, sd: f64) -> Vec<f64> {
    let sign = if way == Way::AtLeast { 1.0 } else { -1.0 };
    let further = |a: f64, b: f64| sign * (a - b) > SAME * sd;
    let from = [base, free]
        .into_iter()
        .chain(asked)
        .reduce(|a, b| if further(a, b) { b } else { a })
        .unwrap_or(base);
    let mut all: Vec<f64> = STEPS.iter().map(|step| free + step * (edge - free)).collect();
    all.extend([base, from].into_iter().filter(|level| !further(*level, free)));
    all.extend(asked.filter(|asked| further(edge, *asked)));
    all.retain(|level| further(edge, *level));
    all.sort_by(|a, b| (sign * b).total_cmp(&(sign * a)));
    all.dedup_by(|a, b| (*a - *b).abs() <= SAME * sd);
    all
}

impl TargetPriceStudy {
    /// Finds one more price; `false` when all are there.
    pub fn step(&mut self) -> bool {
        let Some(level) = self.left.pop() else { return false };
        self.bounds[self.column] = match self.report.way {
            Way::AtLeast => Bounds::at_least(level),
            Way::AtMost => Bounds::at_most(level),
        };
        let found = solve(&self.problem, &self.bounds, self.start.as_deref());
        if found.converged() {
            let lambda = found.lambda[self.column];
            let price = LevelPrice { level, kl: found.kl, drafts: found.kl.exp(), lambda };
            self.report.points.push(price);
            let sd = self.report.standard_deviation;
            let is_asked = self.report.asked.is_some_and(|asked| (asked - level).abs() <= SAME * sd);
            self.report.asked_price = self.report.asked_price.or(is_asked.then_some(price));
            self.start = Some(found.lambda);
        }
        true
    }

    /// What was found, all prices there are.
    pub fn finish(mut self) -> TargetPriceReport {
        while self.step() {}
        let sentences = self.report.in_words(|name| name.to_owned());
        self.report.sentences = sentences;
        self.report
    }
}

impl TargetPriceReport {
    /// What one sees, in sentences; `called` writes a name.
    pub fn in_words(&self, called: impl Fn(&str) -> String) -> Vec<String> {
        let name = called(&self.name);
        let (Some(free), Some(edge)) = (self.free, self.edge) else {
            return vec![format!("The other targets alone are out of reach, whatever is asked of {name}.")];
        };
        let (furthest, most) = match self.way {
            Way::AtLeast => ("highest", "up to"),
            Way::AtMost => ("lowest", "down to"),
        };
        let mut said = vec![format!(
            "With nothing asked of {name} and the other targets held it is at {}; it can go {most} {}, the {furthest} \
                that any choice of these answers gives.",
            figure(free),
            figure(edge)
        )];
        if let (Some(first), Some(last)) = (self.points.first(), self.points.last()) {
            said.push(format!(
                "The whole palette costs {} nats at {} and {} at {}, close to the edge; λ of {name} grows from {} to {} \
                    on the way: each unit costs more than the one before.",
                figure(first.kl),
                figure(first.level),
                figure(last.kl),
                figure(last.level),
                figure(first.lambda.abs()),
                figure(last.lambda.abs())
            ));
        }
        match (self.asked, self.asked_price) {
            (Some(asked), Some(price)) => said.push(format!(
                "At what is asked, {}, it costs {} nats, at least {}, and λ is {}.",
                figure(asked),
                figure(price.kl),
                drafts_in_words(price.kl),
                figure(price.lambda)
            )),
            (Some(asked), None) => {
                said.push(format!("What is asked, {}, lies beyond the edge or on it.", figure(asked)));
            }
            (None, _) => {}
        }
        said
    }

    /// Its numbers as a table: a row for each level.
    pub fn csv(&self) -> String {
        let mut writer = Writer::default();
        writer.row(["name", "level", "kl_nats", "drafts", "lambda"]);
        for point in &self.points {
            let numbers = [point.level, point.kl, point.drafts, point.lambda].map(|x| x.to_string());
            writer.row([self.name.clone()].into_iter().chain(numbers));
        }
        writer.finish()
    }
}
