//! `palette train`: reads the labelled text, embeds it, measures the four heads on rows held out, fits them
//! on all, and writes heads, cards and what the page says of the rewards.

mod baseline;
mod calibrate;
mod card;
mod data;
mod embed;
mod evaluate;
mod fooling;
mod logistic;
mod page;
mod probes;
mod recipe;
mod split;
mod task;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ndarray::{Array1, Array2, Axis};
use palette_models::encoder::Encoder;
use palette_models::language_model::LanguageModel;
use palette_models::reward::{Block, Head, Read, different_words, features, new_words};
use palette_models::tensors_in;
use palette_tables::SampleSet;

use calibrate::{Calibration, gap};
use card::{Calibrated, Report, TaskReport};
use embed::Embeddings;
use evaluate::{Measure, accuracy, auc, compare};
use logistic::{Fit, Rows};
use recipe::{Recipe, Source};
use split::{FOLDS, fold};
use task::Task;

#[derive(clap::Args)]
pub struct Arguments {
    /// Folder with the weights and their manifest.json.
    #[arg(long, default_value = "public/weights")]
    weights: PathBuf,
    /// Folder with the data sets, one folder each.
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Folder for the trained heads.
    #[arg(long, default_value = "crates/models/src/reward/heads")]
    out: PathBuf,
    /// Folder for the model cards.
    #[arg(long, default_value = "docs/model-cards")]
    cards: PathBuf,
    /// File for what the page says of the rewards.
    #[arg(long, default_value = "public/rewards.json")]
    page: PathBuf,
    /// Sample set whose answers the fooling texts are compared with.
    #[arg(long, default_value = "public/sample-set.json")]
    answers: PathBuf,
    /// Decides samples, folds and intervals.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Share of the full sample sizes to train and measure on, above 0 and at most 1.
    #[arg(long, default_value_t = 1.0)]
    share: f64,
    /// A file (outside the project) that keeps embeddings from run to run.
    #[arg(long)]
    cache: Option<PathBuf>,
}

/// L2 strengths tried, from strong to weak.
const STRENGTHS: [f64; 9] = [10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02];

pub fn run(arguments: Arguments) -> Result<()> {
    ensure!(
        arguments.share > 0.0 && arguments.share <= 1.0,
        "--share is {}; it must be above 0 and at most 1",
        arguments.share
    );
    let recipes =
        recipe::recipes(&Source { folder: &arguments.data, seed: arguments.seed, share: arguments.share })?;
    let file = arguments.answers.display();
    let text =
        std::fs::read_to_string(&arguments.answers).with_context(|| format!("{file} cannot be read"))?;
    let answers: SampleSet =
        serde_json::from_str(&text).with_context(|| format!("{file} is not a sample set"))?;
    let encoder = Encoder::new(tensors_in(&arguments.weights, "encoder")?)?;
    let mut texts = BTreeSet::new();
    for example in recipes.iter().flat_map(|r| &r.tasks).flat_map(|t| &t.examples) {
        texts.extend([
            example.prompt.as_str(),
            example.answer.as_str(),
            example.worse.as_deref().unwrap_or_default(),
        ]);
    }
    texts.extend(probes::PROBES.iter().flat_map(|p| [p.prompt, p.better, p.worse]));
    texts.extend(fooling::TEXTS.iter().flat_map(|t| [t.prompt, t.text]));
    texts.extend(
        answers.prompts.iter().map(String::as_str).chain(answers.answers.iter().map(|a| a.text.as_str())),
    );
    texts.remove("");
    let embeddings = Embeddings::new(&encoder, texts, arguments.cache.as_deref())?;
    for folder in [&arguments.out, &arguments.cards] {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("The folder {} cannot be made", folder.display()))?;
    }
    let mut reports = Vec::new();
    for recipe in &recipes {
        let (head, mut report) = train(recipe, &embeddings, arguments.seed, arguments.share)
            .with_context(|| format!("training the head {}", recipe.name))?;
        report.ceiling = match recipe.name {
            "helpful" => Some(data::pandalm_agreement(&arguments.data)?),
            // Published, see the card.
            "harmless" => Some(0.75),
            _ => None,
        };
        report.fooled = fooling::by_head(&head, &embeddings, &answers)?;
        for t in &report.tasks {
            println!(
                "{:9} {:50} {:5} rows  {} {:.3} ({:.3} to {:.3})  {} alone {:.3}, ahead by {:+.3} ({:+.3} to \
                    {:+.3})",
                recipe.name,
                t.name,
                t.rows,
                if t.pairs { "pairs" } else { "AUC  " },
                t.figure.value,
                t.figure.interval[0],
                t.figure.interval[1],
                t.best().name,
                t.best().figure,
                t.best().ahead.value,
                t.best().ahead.interval[0],
                t.best().ahead.interval[1],
            );
        }
        write(&arguments.out.join(format!("{}.json", recipe.name)), &(serde_json::to_string(&head)? + "\n"))?;
        write(&arguments.cards.join(format!("{}.md", recipe.name)), &card::card(&report))?;
        reports.push((head, report));
    }
    let model = LanguageModel::new(tensors_in(&arguments.weights, "language-model")?)?;
    let statistics = fooling::by_statistics(&model, &embeddings, &answers)?;
    let page = page::page(&reports, &statistics);
    write(&arguments.page, &(serde_json::to_string_pretty(&page)? + "\n"))
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
}

/// A task's rows with the fold of each.
struct Folded {
    rows: Rows,
    fold: Vec<usize>,
}

impl Folded {
    /// The rows whose fold is wanted.
    fn only(&self, wanted: impl Fn(usize) -> bool) -> Rows {
        let chosen: Vec<usize> = (0..self.fold.len()).filter(|i| wanted(self.fold[*i])).collect();
        Rows {
            x: self.rows.x.select(Axis(0), &chosen),
            sign: chosen.iter().map(|i| self.rows.sign[*i]).collect(),
            pairs: self.rows.pairs,
            weight: self.rows.weight,
        }
    }
}

/// The scores of rows that each fit did not see, and the fit on all rows.
struct Fitted {
    /// For each task, the score of each row by the fit of the four other folds.
    held_out: Vec<Vec<f64>>,
    /// The strengths that the folds picked.
    picked: Vec<f64>,
    fit: Fit,
    l2: f64,
    converged: bool,
}

/// Holds out each fold once. Within the others, the next fold picks the L2 strength; then they are fitted
/// together. The strength for the fit on everything is the one with the least loss over all these picks.
fn fit_folds(tasks: &[Folded], name: &str) -> Fitted {
    let width = tasks.iter().map(|t| t.rows.x.ncols()).max().unwrap_or(0);
    let zero = Fit { w: Array1::zeros(width), intercepts: vec![0.0; tasks.len()] };
    let mut held_out: Vec<Vec<f64>> = tasks.iter().map(|t| vec![0.0; t.fold.len()]).collect();
    let (mut losses, mut picked) = ([0.0; STRENGTHS.len()], Vec::new());
    let only =
        |wanted: &dyn Fn(usize) -> bool| -> Vec<Rows> { tasks.iter().map(|t| t.only(wanted)).collect() };
    for out in 0..FOLDS {
        let next = (out + 1) % FOLDS;
        let (first, validation) = (only(&|f| f != out && f != next), only(&|f| f == next));
        let (mut fit, mut best) = (zero.clone(), (f64::INFINITY, 0, zero.clone()));
        for (i, l2) in STRENGTHS.into_iter().enumerate() {
            fit = logistic::fit(&first, l2, fit).0;
            let loss = logistic::loss(&validation, &fit);
            losses[i] += loss;
            if loss < best.0 {
                best = (loss, i, fit.clone());
            }
        }
        picked.push(STRENGTHS[best.1]);
        let fit = logistic::fit(&only(&|f| f != out), STRENGTHS[best.1], best.2).0;
        for (t, task) in tasks.iter().enumerate() {
            let intercept = if task.rows.pairs { 0.0 } else { fit.intercepts[t] };
            let rows = task.fold.iter().enumerate().filter(|(_, f)| **f == out).map(|(i, _)| i);
            for (i, score) in rows.zip(logistic::scores(&task.only(|f| f == out).x, fit.w.view(), intercept))
            {
                held_out[t][i] = score;
            }
        }
        eprintln!("{name}: fold {} of {FOLDS}, L2 {}", out + 1, STRENGTHS[best.1]);
    }
    let l2 = STRENGTHS[(0..STRENGTHS.len()).min_by(|a, b| losses[*a].total_cmp(&losses[*b])).unwrap_or(0)];
    let (fit, converged) = logistic::fit(&only(&|_| true), l2, zero);
    Fitted { held_out, picked, fit, l2, converged }
}

/// Measures one head fold by fold and fits it on everything.
fn train(recipe: &Recipe, embeddings: &Embeddings, seed: u64, share: f64) -> Result<(Head, Report)> {
    let rows =
        recipe.tasks.iter().map(|t| task_rows(t, recipe, embeddings, seed)).collect::<Result<Vec<_>>>()?;
    let Fitted { held_out, picked, mut fit, l2, converged } = fit_folds(&rows, recipe.name);
    let tasks: Vec<TaskReport> =
        (0..rows.len()).map(|t| measure(recipe, t, &rows[t], &held_out[t], seed)).collect();

    // The first task says what a log-odds of 0 and of 1 is.
    let (main, yes) = (&held_out[0], yes(&rows[0].rows));
    let pairs = rows[0].rows.pairs;
    let by_fold: Vec<Calibration> = (0..FOLDS)
        .map(|out| {
            let (s, y): (Vec<f64>, Vec<bool>) =
                (0..main.len()).filter(|i| rows[0].fold[*i] != out).map(|i| (main[i], yes[i])).unzip();
            Calibration::of(&s, &y, pairs)
        })
        .collect();
    let calibrated: Vec<f64> = main.iter().zip(&rows[0].fold).map(|(s, f)| by_fold[*f].apply(*s)).collect();
    let calibration = Calibration::of(main, &yes, pairs);
    let (before, after) = (gap(main, &yes, pairs), gap(&calibrated, &yes, pairs));

    let bias = calibration.scale * bias(recipe, &fit, embeddings)? + calibration.shift;
    fit.w.mapv_inplace(|w| round(calibration.scale * w));
    let head = Head {
        name: recipe.name.into(),
        unit: recipe.unit.into(),
        blocks: recipe.blocks.clone(),
        bias: round(bias),
        weights: fit.w.iter().map(|w| *w as f32).collect(),
        held_out: recipe
            .tasks
            .iter()
            .zip(&tasks)
            .filter(|(task, _)| task.shown)
            .map(|(_, report)| report.held_out())
            .collect(),
        says: None,
    };
    let mut seen = Vec::new();
    for probe in probes::PROBES.iter().filter(|p| p.head == recipe.name) {
        seen.push((
            probe,
            embeddings.reward(&head, probe.prompt, probe.better)?,
            embeddings.reward(&head, probe.prompt, probe.worse)?,
        ));
    }
    let report = Report {
        name: recipe.name,
        features: describe(&recipe.blocks),
        seed,
        share,
        l2,
        picked,
        converged,
        calibrated: Calibrated { calibration, before, after },
        list: recipe.list,
        tasks,
        probes: seen,
        fooled: Vec::new(),
        ceiling: None,
    };
    Ok((head, report))
}

fn answer_features(recipe: &Recipe, embeddings: &Embeddings, prompt: &str, answer: &str) -> Result<Vec<f32>> {
    let (p, a) = (embeddings.get(prompt)?, embeddings.get(answer)?);
    Ok(features(
        &recipe.blocks,
        Read { prompt: &p, answer: &a, new_words: new_words(&different_words(prompt), answer) },
    ))
}

fn task_rows(task: &Task, recipe: &Recipe, embeddings: &Embeddings, seed: u64) -> Result<Folded> {
    let (mut flat, mut sign, mut folds, mut width) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for example in &task.examples {
        let mut x = answer_features(recipe, embeddings, &example.prompt, &example.answer)?;
        if let Some(worse) = &example.worse {
            let worse = answer_features(recipe, embeddings, &example.prompt, worse)?;
            x.iter_mut().zip(worse).for_each(|(x, w)| *x -= w);
        }
        width = x.len();
        flat.extend(x);
        sign.push(if example.yes { 1.0 } else { -1.0 });
        folds.push(fold(seed, &example.group));
    }
    ensure!((0..FOLDS).all(|f| folds.contains(&f)), "the task \"{}\" has no rows in one fold", task.name);
    let rows = Rows {
        x: Array2::from_shape_vec((sign.len(), width), flat)?,
        sign,
        pairs: task.pairs(),
        weight: task.weight,
    };
    Ok(Folded { rows, fold: folds })
}

fn yes(rows: &Rows) -> Vec<bool> {
    rows.sign.iter().map(|s| *s > 0.0).collect()
}

fn measure(recipe: &Recipe, t: usize, rows: &Folded, scores: &[f64], seed: u64) -> TaskReport {
    let task = &recipe.tasks[t];
    let yes = yes(&rows.rows);
    let groups: Vec<&str> = task.examples.iter().map(|e| e.group.as_str()).collect();
    let judge: Measure = if task.pairs() { accuracy } else { auc };
    let against = |(name, count): (&'static str, baseline::Counter)| {
        let by = baseline::scores(task, &rows.fold, &count, judge);
        let [_, ahead] = compare(scores, &by, &yes, &groups, seed, judge);
        card::Baseline { name, figure: judge(&by, &yes), ahead }
    };
    let baselines = baseline::baselines(recipe.list).into_iter().map(against).collect();
    let own_count = recipe
        .blocks
        .contains(&Block::New)
        .then(|| against((baseline::NEW.name, baseline::counter(baseline::NEW))));
    let mut prompts = groups.clone();
    prompts.sort_unstable();
    prompts.dedup();
    TaskReport {
        name: task.name,
        source: task.source,
        weight: task.weight,
        shown: task.shown,
        pairs: task.pairs(),
        rows: rows.fold.len(),
        prompts: prompts.len(),
        figure: compare(scores, scores, &yes, &groups, seed, judge)[0],
        accuracy: accuracy(scores, &yes),
        baselines,
        own_count,
    }
}

/// Pairs do not say where 0 is: with nothing but pairs, 0 is the mean reward of the first task's answers.
/// Else the bias is the intercept of the first task, or, where that one has pairs, the mean of the other
/// tasks' intercepts.
fn bias(recipe: &Recipe, fit: &Fit, embeddings: &Embeddings) -> Result<f64> {
    if !recipe.tasks[0].pairs() {
        return Ok(fit.intercepts[0]);
    }
    let labelled: Vec<(f64, f64)> = recipe
        .tasks
        .iter()
        .zip(&fit.intercepts)
        .filter(|(t, _)| !t.pairs() && t.weight > 0.0)
        .map(|(t, b)| (t.weight, *b))
        .collect();
    if !labelled.is_empty() {
        return Ok(
            labelled.iter().map(|(w, b)| w * b).sum::<f64>() / labelled.iter().map(|(w, _)| w).sum::<f64>()
        );
    }
    let (mut sum, mut count) = (0.0, 0.0);
    for example in &recipe.tasks[0].examples {
        for answer in [Some(&example.answer), example.worse.as_ref()].into_iter().flatten() {
            let x = answer_features(recipe, embeddings, &example.prompt, answer)?;
            sum += x.iter().zip(&fit.w).map(|(x, w)| f64::from(*x) * w).sum::<f64>();
            count += 1.0;
        }
    }
    Ok(-sum / count)
}

fn describe(blocks: &[Block]) -> String {
    let name = |block: &Block| match block {
        Block::Answer => "the answer's embedding",
        Block::Prompt => "the prompt's embedding",
        Block::Product => "their product, number by number",
        Block::New => "the logarithm of how many different words the answer has that the prompt has not",
    };
    blocks.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// To five significant digits: more would be noise.
fn round(v: f64) -> f64 {
    format!("{v:.4e}").parse().unwrap_or(v)
}
