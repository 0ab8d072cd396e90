//! Published palettes solved exactly.

use super::published::Published;
use crate::Pooling;
use crate::cells::{cell, verdict};
use crate::compose::{Composer, Ready};
use crate::lab::{Task, adam_path};
use crate::studies::Progress;
use map_align::{Bounds, Problem, Ranges, Verdict, VertexPool, assess, tilt};
use palette_tables::csv_text::Writer;
use serde::{Deserialize, Serialize};

/// What was published beside what is exact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperReport {
    /// Rows of the table.
    pub answers: usize,
    pub palettes: Vec<PaperRow>,
    /// How many of the published verdicts are not so.
    pub verdicts_differ: usize,
    /// What one sees.
    #[serde(default)]
    pub sentences: Vec<String>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// What a publication says of whether a palette can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Says {
    /// A λ was published.
    Lambda,
    /// The procedure diverged.
    Diverged,
}

/// One palette.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperRow {
    pub name: String,
    pub published: Says,
    /// Exact, pooled as the paper does.
    pub verdict: Verdict,
    pub differs: bool,
    /// What is to be said of the two, in sentences.
    pub why: String,
    #[serde(rename = "slack_sd")]
    pub slack: Option<f64>,
    /// Of the exact solution, nats; `None` unless reachable.
    pub kl: Option<f64>,
    /// e^KL.
    pub drafts: Option<f64>,
    /// max |published λ − exact λ|·sd, where there are both.
    #[serde(rename = "lambda_error_sd")]
    pub lambda_error: Option<f64>,
    /// The largest shortfall of the published λ from a target on this table, standard deviations.
    #[serde(rename = "shortfall_sd")]
    pub shortfall: Option<f64>,
    /// After how many of the procedure's steps, up to 300, its λ is nearest to the published one, and
    /// max |λ − published λ| there, nats per unit; `None` where none was published.
    pub nearest_steps: Option<usize>,
    pub off: Option<f64>,
    /// One for each value with a target.
    pub values: Vec<PaperValue>,
}

/// One value's part in [`PaperRow`]; levels in its own unit, λ in nats per unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperValue {
    pub name: String,
    /// The lower bound.
    pub level: f64,
    pub published: Option<f64>,
    /// `None` unless reachable.
    pub exact: Option<f64>,
    /// What the published λ realises on this table, and what the exact one does.
    pub realised_by_published: Option<f64>,
    pub realised: Option<f64>,
    /// Published level when decoded with 16 drafts.
    pub decoded: Option<f64>,
}

/// The procedure is followed so far: the paper's tables agree with 200 steps, the code in the repository makes 150.
const MOST_STEPS: usize = 300;
/// Drafts that the paper decodes with.
const DECODED_WITH: f64 = 16.0;
/// Above this an exponential of 32 bits overflows: ln of the largest float.
const LARGEST_EXPONENT: f64 = 88.72;

impl Composer {
    /// Solves what was `published` on this set, all answers in one group as the paper does.
    ///
    /// # Errors
    /// A sentence when a palette names a value that the set does not have, or weights leave nothing to choose from.
    pub fn paper(&mut self, published: &[Published]) -> Result<PaperReport, String> {
        let mut study = self.paper_study(published.to_vec())?;
        while !study.progress().is_done() {
            study.step();
        }
        Ok(study.report())
    }

    /// The same, to be done step by step.
    ///
    /// # Errors
    /// As for [`Composer::paper`].
    pub fn paper_study(&mut self, published: Vec<Published>) -> Result<PaperStudy, String> {
        let (set, Ready { table: prepared, .. }) = self.ready(Pooling::Pooled)?;
        let columns = |palette: &Published| -> Result<Vec<usize>, String> {
            let column = |name: &String| {
                set.value_index(name).ok_or_else(|| {
                    format!(
                        "{}: the table has no value called “{name}”. Give the table that it is of.",
                        palette.name
                    )
                })
            };
            palette.values.iter().map(column).collect()
        };
        let mut left = (published.into_iter())
            .map(|palette| Ok((columns(&palette)?, palette)))
            .collect::<Result<Vec<_>, String>>()?;
        let steps = Progress { done: 0, total: left.len() };
        left.reverse();
        let (problem, pool) = (prepared.problem.clone(), VertexPool::default());
        Ok(PaperStudy { problem, pool, left, done: Vec::new(), steps })
    }
}

/// Published palettes on one table, one a step.
pub struct PaperStudy {
    problem: Problem,
    pool: VertexPool,
    /// What is left, last first, with the columns of its values.
    left: Vec<(Vec<usize>, Published)>,
    done: Vec<PaperRow>,
    steps: Progress,
}

impl PaperStudy {
    /// Palettes solved.
    pub fn progress(&self) -> Progress {
        self.steps
    }

    /// Solves one more; nothing when all are.
    pub fn step(&mut self) {
        let Some((columns, palette)) = self.left.pop() else { return };
        self.done.push(row(&self.problem, &mut self.pool, &palette, &columns));
        self.steps.done += 1;
    }

    /// What was found, of the palettes that were solved.
    pub fn report(self) -> PaperReport {
        let palettes = self.done;
        let verdicts_differ = palettes.iter().filter(|row| row.differs).count();
        PaperReport {
            answers: self.problem.rows(),
            sentences: seen(&palettes, verdicts_differ),
            palettes,
            verdicts_differ,
            notes: Vec::new(),
        }
    }
}

/// λ that differ by less, nats per unit, are the same to the three decimals that were published.
const SAME: f64 = 0.002;

fn seen(palettes: &[PaperRow], verdicts_differ: usize) -> Vec<String> {
    let mut sentences = vec![match (palettes.len(), verdicts_differ) {
        (1, 0) => "The verdict is as published.".to_owned(),
        (1, _) => "The verdict is not as published.".to_owned(),
        (all, 0) => format!("All {all} verdicts are as published."),
        (all, 1) => format!("Of {all} verdicts one is not as published."),
        (all, n) => format!("Of {all} verdicts {n} are not as published."),
    }];
    let errors = palettes.iter().filter_map(|row| row.lambda_error);
    if let Some(largest) = errors.reduce(f64::max) {
        sentences.push(format!("Published λ differ from the exact ones by up to {largest:.3} per sd."));
    }
    let with_lambda = palettes.iter().filter(|row| row.published == Says::Lambda).count();
    if with_lambda > 0 {
        let passed = palettes.iter().filter(|row| row.off.is_some_and(|off| off < SAME)).count();
        sentences.push(format!(
            "Of {with_lambda} published λ {}, within {SAME}, what the procedure of the authors' code has after some number \
                of steps up to {MOST_STEPS}.",
            match passed {
                0 => "none is".to_owned(),
                1 => "one is".to_owned(),
                n => format!("{n} are"),
            }
        ));
    }
    sentences
}

impl PaperReport {
    /// A line for each value of each palette, with a header.
    pub fn csv(&self) -> String {
        let mut writer = Writer::default();
        let palette = ["palette", "published", "verdict", "differs", "slack_sd", "kl", "lambda_error_sd"];
        let value = ["value", "level", "lambda_published", "lambda_exact", "realised_by_published"];
        writer.row(palette.into_iter().chain(value).chain(["realised", "decoded", "why"]));
        for row in &self.palettes {
            let published = match row.published {
                Says::Lambda => "lambda",
                Says::Diverged => "diverged",
            };
            let verdict = verdict(row.verdict);
            for value in &row.values {
                let mut line =
                    vec![row.name.clone(), published.to_owned(), verdict.to_owned(), row.differs.to_string()];
                line.extend([row.slack, row.kl, row.lambda_error].map(cell));
                line.push(value.name.clone());
                let figures = [Some(value.level), value.published, value.exact, value.realised_by_published];
                line.extend(figures.into_iter().chain([value.realised, value.decoded]).map(cell));
                line.push(row.why.clone());
                writer.row(line);
            }
        }
        writer.finish()
    }
}

fn row(problem: &Problem, pool: &mut VertexPool, palette: &Published, columns: &[usize]) -> PaperRow {
    let mut bounds = vec![Bounds::OFF; problem.values()];
    columns.iter().zip(&palette.levels).for_each(|(i, level)| bounds[*i] = Bounds::at_least(*level));
    let found = assess(problem, pool, &bounds, None, Ranges::None);
    let exact = (found.verdict == Verdict::Reachable).then_some(&found.solution);
    let published = palette.lambda.as_ref().map(|lambda| {
        let mut all = vec![0.0; problem.values()];
        columns.iter().zip(lambda).for_each(|(i, l)| all[*i] = *l);
        (tilt(problem, &all).realised, all)
    });
    let task = Task::new(problem, &bounds);
    let largest = |of: &dyn Fn(usize) -> f64| columns.iter().map(|i| of(*i)).fold(0.0, f64::max);
    let sd = |i: usize| problem.standard_deviation(i);
    let lower = |i: usize| bounds[i].lower.unwrap_or(f64::NEG_INFINITY);
    let short = |levels: &[f64]| {
        largest(&|i| if sd(i) > 0.0 { ((lower(i) - levels[i]) / sd(i)).max(0.0) } else { 0.0 })
    };
    let nearest = published.as_ref().and_then(|(_, lambda)| {
        let per_target: Vec<f64> = task.half_spaces.iter().map(|half| lambda[half.column]).collect();
        nearest_step(&task, &per_target)
    });
    let mut row = PaperRow {
        name: palette.name.clone(),
        published: if published.is_some() { Says::Lambda } else { Says::Diverged },
        verdict: found.verdict,
        differs: match found.verdict {
            Verdict::Reachable => published.is_none(),
            Verdict::Unreachable => published.is_some(),
            Verdict::Edge => false,
        },
        why: String::new(),
        slack: found.slack,
        kl: exact.map(|solution| solution.kl),
        drafts: exact.map(|solution| solution.kl.exp()),
        lambda_error: published
            .as_ref()
            .zip(exact)
            .map(|((_, lambda), exact)| largest(&|i| (lambda[i] - exact.lambda[i]).abs() * sd(i))),
        shortfall: published.as_ref().map(|(levels, _)| short(levels)),
        nearest_steps: nearest.map(|(steps, _)| steps),
        off: nearest.map(|(_, off)| off),
        values: (columns.iter().enumerate())
            .map(|(at, i)| PaperValue {
                name: palette.values[at].clone(),
                level: palette.levels[at],
                published: published.as_ref().map(|(_, lambda)| lambda[*i]),
                exact: exact.map(|solution| solution.lambda[*i]),
                realised_by_published: published.as_ref().map(|(levels, _)| levels[*i]),
                realised: exact.map(|solution| solution.realised[*i]),
                decoded: palette.decoded.as_ref().map(|decoded| decoded[at]),
            })
            .collect(),
    };
    row.why = why(problem, &row, exact.map(|solution| solution.lambda.as_slice()));
    row
}

/// After how many steps the procedure is nearest to `published` (one for each half-space), and how far off it is.
fn nearest_step(task: &Task, published: &[f64]) -> Option<(usize, f64)> {
    let mut nearest: Option<(usize, f64)> = None;
    let mut steps = 0;
    adam_path(task, MOST_STEPS + 1, &mut |multipliers| {
        let off = multipliers.iter().zip(published).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        if nearest.is_none_or(|(_, least)| off < least) {
            nearest = Some((steps, off));
        }
        steps += 1;
    });
    nearest
}

fn why(problem: &Problem, row: &PaperRow, exact: Option<&[f64]>) -> String {
    let out_by = row.slack.map_or(String::new(), |slack| format!(" by {:.3} sd", -slack));
    let short = row.shortfall.unwrap_or(0.0);
    let mut sentences = match (row.published, row.verdict) {
        (Says::Lambda, Verdict::Reachable) => agreement(row),
        (Says::Lambda, Verdict::Unreachable) => vec![format!(
            "Proved out of reach{out_by}, yet a λ was published, which misses a target by {short:.3} sd: the code calls \
                whatever has not overflowed when its steps end a success."
        )],
        (Says::Diverged, Verdict::Unreachable) => {
            vec![format!("Proved out of reach{out_by}; the code only saw its exponentials overflow.")]
        }
        (Says::Diverged, Verdict::Reachable) => vec![overflow(problem, exact.unwrap_or_default())],
        (_, Verdict::Edge) => {
            vec!["On the edge: the targets are met only in the limit, and λ has no bound.".to_owned()]
        }
    };
    if let Some(kl) = row.kl
        && row.values.iter().any(|value| value.decoded.is_some_and(|decoded| decoded < value.level))
    {
        sentences.push(if kl > DECODED_WITH.ln() {
            format!(
                "Decoded with {DECODED_WITH} drafts it missed: {kl:.2} nats take {:.0} drafts or more.",
                kl.exp().ceil()
            )
        } else {
            format!(
                "Decoded with {DECODED_WITH} drafts it missed: this λ is for choosing among all answers to all prompts, \
                    not among {DECODED_WITH} to one."
            )
        });
    }
    sentences.join(" ")
}

/// Of a λ that was published for a palette within reach.
fn agreement(row: &PaperRow) -> Vec<String> {
    let mut sentences = vec![format!(
        "Reachable, as published; λ differs by up to {:.4} per sd.",
        row.lambda_error.unwrap_or(0.0)
    )];
    let idle: Vec<&str> = (row.values.iter())
        .filter(|value| value.exact == Some(0.0) && value.published.is_some_and(|l| l > 0.0))
        .map(|value| value.name.as_str())
        .collect();
    if !idle.is_empty() {
        sentences.push(format!(
            "λ of {} is exactly 0: the target is met with room. As an exponential it cannot be 0, and was still falling.",
            idle.join(" and ")
        ));
    }
    sentences
}

/// Why the procedure diverged on a palette that can be had.
fn overflow(problem: &Problem, lambda: &[f64]) -> String {
    let used: Vec<usize> = (0..lambda.len()).filter(|i| lambda[*i] != 0.0).collect();
    let level = |i: usize, z: f64| problem.mean(i) + problem.standard_deviation(i) * z;
    let score =
        |j: usize| -> f64 { used.iter().map(|i| lambda[*i] * level(*i, problem.standardised(*i)[j])).sum() };
    let largest = (0..problem.rows()).map(score).fold(f64::NEG_INFINITY, f64::max);
    if largest > LARGEST_EXPONENT {
        format!(
            "Reachable, though it was given up: at the exact λ the largest λ·r is {largest:.0}, and an exponential of \
                32 bits that is not shifted overflows above {LARGEST_EXPONENT:.0}."
        )
    } else {
        format!(
            "Reachable, though it was given up: at the exact λ the largest λ·r is {largest:.0}, within 32 bits; the steps \
                went beyond it on the way."
        )
    }
}
