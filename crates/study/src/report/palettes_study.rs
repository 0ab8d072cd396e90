//! How the choice of a palette shapes what can be had and at what price: random and grid palettes over one to
//! six values.

use crate::Pooling;
use crate::cells::cell;
use crate::compose::{Composer, Ready};
use crate::studies::Progress;
use map_align::{BatchEntry, BatchRun, Bounds, Problem, Verdict, VertexPool};
use palette_tables::csv_text::Writer;
use palette_tables::quantile::quantile;
use palette_tables::stream;
use rand::Rng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

/// Many palettes on one table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShapeReport {
    /// Rows that take part, and groups within which answers compete.
    pub answers: usize,
    pub prompts: usize,
    /// Random palettes: so many values of those that vary, each with a lower bound from 0 to 1.5 standard
    /// deviations above its base.
    pub random: Vec<ShapeRow>,
    /// Grid palettes: every choice of so many values, or 64 drawn of them, each at the same level above its
    /// base.
    pub grid: Vec<ShapeRow>,
    /// What one sees.
    pub sentences: Vec<String>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// Palettes over so many values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShapeRow {
    /// Values with a target.
    pub values: usize,
    /// Standard deviations above base that each asks for; `None` where they are random.
    #[serde(rename = "level_sd")]
    pub level: Option<f64>,
    /// Whether these are all choices of so many values; else some were drawn.
    pub every_choice: bool,
    pub palettes: usize,
    pub reachable: usize,
    pub edge: usize,
    pub unreachable: usize,
    /// Quartiles over those that are reachable, nats; `None` where none is. So is what follows.
    pub kl: Option<[f64; 3]>,
    /// e^KL.
    pub drafts: Option<[f64; 3]>,
    #[serde(rename = "ess")]
    pub effective_samples: Option<[f64; 3]>,
}

const MOST_VALUES: usize = 6;
/// Random bounds go up to so many standard deviations above base.
const HIGHEST: f64 = 1.5;
const LEVELS: [f64; 6] = [0.25, 0.5, 0.75, 1.0, 1.25, 1.5];
/// Of more choices of values than this, as many are drawn.
const MOST_CHOICES: usize = 64;

/// Many palettes on one table, one a step.
pub struct ShapeStudy {
    problem: Problem,
    pool: VertexPool,
    /// What is left to assess, last row first; of a row, last palette first.
    left: Vec<Asked>,
    run: BatchRun,
    entries: Vec<BatchEntry>,
    done: Vec<ShapeRow>,
    steps: Progress,
}

/// The palettes of one row: values with their levels, in standard deviations above base.
struct Asked {
    row: (usize, Option<f64>, bool),
    palettes: Vec<Vec<(usize, f64)>>,
}

impl Composer {
    /// `palettes` random palettes for each number of values, drawn by `seed`, and the grid.
    ///
    /// # Errors
    /// A sentence when no value varies, or weights leave nothing to choose from.
    pub fn shape(&mut self, pooling: Pooling, palettes: usize, seed: u64) -> Result<ShapeReport, String> {
        let mut study = self.shape_study(pooling, palettes, seed)?;
        while !study.progress().is_done() {
            study.step();
        }
        Ok(study.report())
    }

    /// The same, to be done step by step.
    ///
    /// # Errors
    /// As for [`Composer::shape`].
    pub fn shape_study(
        &mut self,
        pooling: Pooling,
        palettes: usize,
        seed: u64,
    ) -> Result<ShapeStudy, String> {
        let (_, Ready { table, .. }) = self.ready(pooling)?;
        let problem = table.problem.clone();
        let varying: Vec<usize> =
            (0..problem.values()).filter(|i| problem.standard_deviation(*i) > 0.0).collect();
        if varying.is_empty() {
            return Err("No value varies, so every palette is what the answers are anyway.".into());
        }
        let mut left = asked(&varying, palettes, seed);
        let total = left.iter().map(|row| row.palettes.len()).sum();
        left.reverse();
        left.iter_mut().for_each(|row| row.palettes.reverse());
        Ok(ShapeStudy {
            problem,
            pool: VertexPool::default(),
            left,
            run: BatchRun::default(),
            entries: Vec::new(),
            done: Vec::new(),
            steps: Progress { done: 0, total },
        })
    }
}

impl ShapeStudy {
    /// Palettes assessed.
    pub fn progress(&self) -> Progress {
        self.steps
    }

    /// Assesses one more palette; nothing when all are.
    pub fn step(&mut self) {
        let Some(row) = self.left.last_mut() else { return };
        if let Some(asked) = row.palettes.pop() {
            let bounds = bounds(&self.problem, &asked);
            self.entries.push(self.run.next(&self.problem, &mut self.pool, &bounds));
            self.steps.done += 1;
        }
        if row.palettes.is_empty() {
            let (values, level, every_choice) = row.row;
            let row = ShapeRow { every_choice, ..ShapeRow::of(values, level, &self.entries) };
            self.done.push(row);
            self.left.pop();
            self.entries.clear();
            self.run = BatchRun::default();
        }
    }

    /// What was found, of the rows that are done.
    pub fn report(self) -> ShapeReport {
        let (random, grid) = self.done.into_iter().partition(|row| row.level.is_none());
        let mut report = ShapeReport {
            answers: self.problem.rows(),
            prompts: self.problem.group_count(),
            random,
            grid,
            sentences: Vec::new(),
            notes: Vec::new(),
        };
        report.sentences = report.seen();
        report
    }
}

/// The random palettes, then the grid.
fn asked(varying: &[usize], palettes: usize, seed: u64) -> Vec<Asked> {
    let mut random = stream(seed, "", "random palettes");
    let counts = 1..=MOST_VALUES.min(varying.len());
    let mut all: Vec<Asked> = counts
        .clone()
        .map(|count| {
            let mut draw = || -> Vec<(usize, f64)> {
                let mut order = varying.to_vec();
                order.shuffle(&mut random);
                order[..count].iter().map(|i| (*i, HIGHEST * random.random::<f64>())).collect()
            };
            Asked { row: (count, None, false), palettes: (0..palettes).map(|_| draw()).collect() }
        })
        .collect();
    for count in counts {
        let every_choice = choices_of(varying.len(), count) <= MOST_CHOICES as f64;
        let choices = if every_choice {
            combinations(varying, count)
        } else {
            let mut draw = || {
                let mut order = varying.to_vec();
                order.shuffle(&mut random);
                order.truncate(count);
                order
            };
            (0..MOST_CHOICES).map(|_| draw()).collect()
        };
        all.extend(LEVELS.iter().map(|level| Asked {
            row: (count, Some(*level), every_choice),
            palettes: choices.iter().map(|choice| choice.iter().map(|i| (*i, *level)).collect()).collect(),
        }));
    }
    all
}

/// Lower bounds so many standard deviations above base.
fn bounds(problem: &Problem, asked: &[(usize, f64)]) -> Vec<Bounds> {
    let mut bounds = vec![Bounds::OFF; problem.values()];
    for (i, level) in asked {
        bounds[*i] = Bounds::at_least(problem.mean(*i) + level * problem.standard_deviation(*i));
    }
    bounds
}

/// How many choices of `count` of `of` there are.
fn choices_of(of: usize, count: usize) -> f64 {
    (0..count).map(|i| (of - i) as f64 / (i + 1) as f64).product()
}

/// Every choice of `count` of `items`, in order.
fn combinations(items: &[usize], count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, first) in items.iter().enumerate() {
        for rest in combinations(&items[at + 1..], count - 1) {
            all.push(std::iter::once(*first).chain(rest).collect());
        }
    }
    all
}

impl ShapeRow {
    fn of(values: usize, level: Option<f64>, entries: &[BatchEntry]) -> Self {
        let count = |verdict| entries.iter().filter(|entry| entry.verdict == verdict).count();
        let quartiles = |of: &dyn Fn(&map_align::Met) -> f64| -> Option<[f64; 3]> {
            let mut x: Vec<f64> = entries.iter().filter_map(|entry| entry.met.as_ref().map(of)).collect();
            x.sort_unstable_by(f64::total_cmp);
            (!x.is_empty()).then(|| [0.25, 0.5, 0.75].map(|q| quantile(&x, q)))
        };
        ShapeRow {
            values,
            level,
            every_choice: false,
            palettes: entries.len(),
            reachable: count(Verdict::Reachable),
            edge: count(Verdict::Edge),
            unreachable: count(Verdict::Unreachable),
            kl: quartiles(&|met| met.kl),
            drafts: quartiles(&|met| met.kl.exp()),
            effective_samples: quartiles(&|met| met.effective_samples),
        }
    }

    /// Share of the palettes that is reachable.
    pub fn share(&self) -> f64 {
        self.reachable as f64 / self.palettes.max(1) as f64
    }
}

impl ShapeReport {
    /// A line for each row, random ones first, with a header.
    pub fn csv(&self) -> String {
        let mut writer = Writer::default();
        let quartiles = |of: &str| ["q25", "median", "q75"].map(|q| format!("{of}_{q}"));
        let counts = ["values", "level_sd", "every_choice", "palettes", "reachable", "edge", "unreachable"];
        let priced = ["kl", "drafts", "ess"].into_iter().flat_map(quartiles);
        writer.row(counts.into_iter().map(str::to_owned).chain(priced));
        for row in self.random.iter().chain(&self.grid) {
            let counts = [row.palettes, row.reachable, row.edge, row.unreachable].map(|n| n.to_string());
            let quartiles = [row.kl, row.drafts, row.effective_samples];
            let quartiles = quartiles.iter().flat_map(|x| [0, 1, 2].map(|q| cell(x.map(|x| x[q]))));
            let about = [row.values.to_string(), cell(row.level), row.every_choice.to_string()];
            writer.row(about.into_iter().chain(counts).chain(quartiles));
        }
        writer.finish()
    }

    fn seen(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if let (Some(first), Some(last)) = (self.random.first(), self.random.last()) {
            let of = |row: &ShapeRow| {
                let values =
                    if row.values == 1 { "1 value".into() } else { format!("{} values", row.values) };
                let price = row.kl.zip(row.drafts).map_or(String::new(), |([_, kl, _], [_, drafts, _])| {
                    format!(", half of those at {kl:.2} nats ({:.0} drafts) or less", drafts.ceil())
                });
                format!(
                    "of random palettes over {values} {:.0}% are within reach{price}",
                    100.0 * row.share()
                )
            };
            let text = if first == last { of(first) } else { format!("{}; {}", of(first), of(last)) };
            sentences.push(format!("{}.", text.replacen("of random", "Of random", 1)));
        }
        let most = self.grid.iter().map(|row| row.values).max().unwrap_or(0);
        for count in 1..=most {
            let safe = |row: &&ShapeRow| row.values == count && row.reachable == row.palettes;
            let highest = self.grid.iter().filter(safe).filter_map(|row| row.level).fold(0.0, f64::max);
            let every = self.grid.iter().any(|row| row.values == count && row.every_choice);
            let which = match (count, every) {
                (1, true) => "Any value".to_owned(),
                (1, false) => "Each value that was tried".to_owned(),
                (n, true) => format!("Any {n} values"),
                (n, false) => format!("Each choice of {n} values that was tried"),
            };
            let together = if count == 1 { "" } else { " at once" };
            sentences.push(if highest > 0.0 {
                format!("{which} can be raised by {highest} sd{together}.")
            } else if count == 1 {
                format!("Not every value can be raised by {} sd.", LEVELS[0])
            } else {
                format!("Not all choices of {count} values can be raised by {} sd at once.", LEVELS[0])
            });
        }
        sentences
    }
}
