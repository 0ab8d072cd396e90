//! `palette train`: reads the labelled text, embeds it, fits the four heads, measures them on rows held out, writes heads and cards.

mod card;
mod data;
mod embed;
mod evaluate;
mod logistic;
mod probes;
mod recipe;
mod split;
mod zip;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use map_palette::model::encoder::Encoder;
use map_palette::reward::{Block, Head, HeldOut, features};
use ndarray::{Array1, Array2};

use crate::weights_folder;
use card::{Report, TaskReport};
use embed::Embeddings;
use evaluate::{accuracy, auc, with_interval};
use logistic::{Fit, Rows};
use recipe::{Example, Recipe, Source, Task};
use split::{Part, part};

#[derive(clap::Args)]
pub struct Arguments {
    /// Folder with the weights and their manifest.json.
    #[arg(long, default_value = "public/weights")]
    weights: PathBuf,
    /// Folder with the data sets, one folder each.
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Folder for the trained heads.
    #[arg(long, default_value = "src/reward/heads")]
    out: PathBuf,
    /// Folder for the model cards.
    #[arg(long, default_value = "docs/model-cards")]
    cards: PathBuf,
    /// Decides samples, split and intervals.
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
const STRENGTHS: [f64; 12] = [30.0, 10.0, 5.0, 3.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.005];

pub fn run(arguments: Arguments) -> Result<()> {
    ensure!(arguments.share > 0.0 && arguments.share <= 1.0, "--share is {}; it must be above 0 and at most 1", arguments.share);
    let recipes = recipe::recipes(&Source { folder: &arguments.data, seed: arguments.seed, share: arguments.share })?;
    let encoder = Encoder::new(weights_folder::tensors(&arguments.weights, "encoder")?)?;
    let mut texts = BTreeSet::new();
    for example in recipes.iter().flat_map(|r| &r.tasks).flat_map(|t| &t.examples) {
        texts.extend([example.prompt.as_str(), example.answer.as_str(), example.worse.as_deref().unwrap_or_default()]);
    }
    texts.extend(probes::PROBES.iter().flat_map(|p| [p.prompt, p.better, p.worse]));
    texts.remove("");
    let embeddings = Embeddings::new(&encoder, texts, arguments.cache.as_deref())?;
    for folder in [&arguments.out, &arguments.cards] {
        std::fs::create_dir_all(folder).with_context(|| format!("The folder {} cannot be made", folder.display()))?;
    }
    for recipe in &recipes {
        let (head, report) =
            train(recipe, &embeddings, arguments.seed, arguments.share).with_context(|| format!("training the head {}", recipe.name))?;
        for t in &report.tasks {
            let f = t.auc.unwrap_or(t.accuracy);
            println!(
                "{:9} {:50} {:4} held out  {} {:.3} ({:.3} to {:.3})  accuracy {:.3}  length alone {:.3}",
                recipe.name,
                t.name,
                t.rows[2],
                if t.pairs { "pairs" } else { "AUC  " },
                f.value,
                f.interval[0],
                f.interval[1],
                t.accuracy.value,
                t.by_characters
            );
        }
        write(&arguments.out.join(format!("{}.json", recipe.name)), &(serde_json::to_string(&head)? + "\n"))?;
        write(&arguments.cards.join(format!("{}.md", recipe.name)), &card::card(&report))?;
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
}

/// Fits one head: L2 strength by the validation part, then once more on all that is not held out.
fn train(recipe: &Recipe, embeddings: &Embeddings, seed: u64, share: f64) -> Result<(Head, Report)> {
    let rows = |wanted: &[Part]| recipe.tasks.iter().map(|t| task_rows(t, recipe, embeddings, seed, wanted)).collect::<Result<Vec<_>>>();
    let (first, validation) = (rows(&[Part::Train])?, rows(&[Part::Validation])?);
    let width = first.iter().map(|r| r.x.ncols()).max().unwrap_or(0);
    let mut fit = Fit { w: Array1::zeros(width), intercepts: vec![0.0; recipe.tasks.len()] };
    let mut best = (f64::INFINITY, STRENGTHS[0]);
    for l2 in STRENGTHS {
        fit = logistic::fit(&first, l2, fit).0;
        let loss = logistic::loss(&validation, &fit);
        eprintln!("{} L2 {l2}: validation loss {loss:.4}", recipe.name);
        if loss < best.0 {
            best = (loss, l2);
        }
    }
    let l2 = best.1;
    let both = rows(&[Part::Train, Part::Validation])?;
    let (mut fit, converged) = logistic::fit(&both, l2, fit);
    fit.w.mapv_inplace(round);
    let held_out = rows(&[Part::HeldOut])?;
    let mut tasks = Vec::new();
    for (t, task) in recipe.tasks.iter().enumerate() {
        tasks.push(measure(task, &first[t], &validation[t], &held_out[t], &fit, t, seed)?);
    }
    let head = Head {
        name: recipe.name.into(),
        unit: recipe.unit.into(),
        blocks: recipe.blocks.clone(),
        bias: round(bias(recipe, &fit, embeddings, seed)?),
        weights: fit.w.iter().map(|w| *w as f32).collect(),
        held_out: recipe.tasks.iter().zip(&tasks).filter(|(task, _)| task.shown).map(|(_, report)| held_out_figure(report)).collect(),
    };
    let mut seen = Vec::new();
    for probe in probes::PROBES.iter().filter(|p| p.head == recipe.name) {
        let prompt = embeddings.get(probe.prompt)?;
        seen.push((probe, head.reward(&prompt, &embeddings.get(probe.better)?), head.reward(&prompt, &embeddings.get(probe.worse)?)));
    }
    let report = Report { name: recipe.name, features: describe(&recipe.blocks), seed, share, l2, converged, tasks, probes: seen };
    Ok((head, report))
}

/// The examples of a task that lie in the wanted parts.
fn examples<'a>(task: &'a Task, seed: u64, wanted: &'a [Part]) -> impl Iterator<Item = &'a Example> {
    task.examples.iter().filter(move |e| wanted.contains(&part(seed, &e.group)))
}

fn task_rows(task: &Task, recipe: &Recipe, embeddings: &Embeddings, seed: u64, wanted: &[Part]) -> Result<Rows> {
    let (mut flat, mut sign, mut width) = (Vec::new(), Vec::new(), 0);
    for example in examples(task, seed, wanted) {
        let prompt = embeddings.get(&example.prompt)?;
        let mut x = features(&recipe.blocks, &prompt, &embeddings.get(&example.answer)?);
        if let Some(worse) = &example.worse {
            let worse = features(&recipe.blocks, &prompt, &embeddings.get(worse)?);
            x.iter_mut().zip(worse).for_each(|(x, w)| *x -= w);
        }
        width = x.len();
        flat.extend(x);
        sign.push(if example.yes { 1.0 } else { -1.0 });
    }
    ensure!(!sign.is_empty(), "the task \"{}\" has no rows in one part of the split", task.name);
    Ok(Rows { x: Array2::from_shape_vec((sign.len(), width), flat)?, sign, pairs: task.pairs(), weight: task.weight })
}

fn measure(task: &Task, first: &Rows, validation: &Rows, held_out: &Rows, fit: &Fit, t: usize, seed: u64) -> Result<TaskReport> {
    let intercept = if held_out.pairs { 0.0 } else { fit.intercepts[t] };
    let scores = logistic::scores(&held_out.x, fit.w.view(), intercept);
    let yes: Vec<bool> = held_out.sign.iter().map(|s| *s > 0.0).collect();
    let groups: Vec<String> = examples(task, seed, &[Part::HeldOut]).map(|e| e.group.clone()).collect();
    let by_length = |length: fn(&str) -> f64| {
        let judge = |wanted: &[Part]| {
            let rows: Vec<&Example> = examples(task, seed, wanted).collect();
            let scores: Vec<f64> = rows.iter().map(|e| length(&e.answer) - e.worse.as_deref().map_or(0.0, length)).collect();
            let yes: Vec<bool> = rows.iter().map(|e| e.yes).collect();
            if task.pairs() { accuracy(&scores, &yes) } else { auc(&scores, &yes) }
        };
        let found = judge(&[Part::HeldOut]);
        if judge(&[Part::Train]) < 0.5 { 1.0 - found } else { found }
    };
    Ok(TaskReport {
        name: task.name,
        source: task.source,
        weight: task.weight,
        pairs: task.pairs(),
        rows: [first.sign.len(), validation.sign.len(), held_out.sign.len()],
        accuracy: with_interval(&scores, &yes, &groups, seed, accuracy),
        auc: (!task.pairs()).then(|| with_interval(&scores, &yes, &groups, seed, auc)),
        by_characters: by_length(|text| text.chars().count() as f64),
        by_words: by_length(|text| text.split_whitespace().count() as f64),
    })
}

/// Pairs do not say where 0 is: with nothing but pairs, 0 is the mean reward of the first task's training answers. Else the bias is the
/// mean of the tasks' intercepts.
fn bias(recipe: &Recipe, fit: &Fit, embeddings: &Embeddings, seed: u64) -> Result<f64> {
    let labelled: Vec<(f64, f64)> =
        recipe.tasks.iter().zip(&fit.intercepts).filter(|(t, _)| !t.pairs() && t.weight > 0.0).map(|(t, b)| (t.weight, *b)).collect();
    if !labelled.is_empty() {
        return Ok(labelled.iter().map(|(w, b)| w * b).sum::<f64>() / labelled.iter().map(|(w, _)| w).sum::<f64>());
    }
    let (mut sum, mut count) = (0.0, 0.0);
    for example in examples(&recipe.tasks[0], seed, &[Part::Train]) {
        let prompt = embeddings.get(&example.prompt)?;
        for answer in [Some(&example.answer), example.worse.as_ref()].into_iter().flatten() {
            let x = features(&recipe.blocks, &prompt, &embeddings.get(answer)?);
            sum += x.iter().zip(&fit.w).map(|(x, w)| f64::from(*x) * w).sum::<f64>();
            count += 1.0;
        }
    }
    Ok(-sum / count)
}

fn held_out_figure(t: &TaskReport) -> HeldOut {
    let (metric, figure) = match t.auc {
        Some(auc) => ("AUC", auc),
        None => ("pairs ranked rightly", t.accuracy),
    };
    let short = |v: f64| (v * 1000.0).round() / 1000.0;
    HeldOut {
        task: t.name.into(),
        metric: metric.into(),
        figure: short(figure.value),
        interval: figure.interval.map(short),
        rows: t.rows[2],
    }
}

fn describe(blocks: &[Block]) -> String {
    let name = |block: &Block| match block {
        Block::Answer => "the answer's embedding",
        Block::Prompt => "the prompt's embedding",
        Block::Product => "their product, number by number",
    };
    blocks.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// To five significant digits: more would be noise.
fn round(v: f64) -> f64 {
    format!("{v:.4e}").parse().unwrap_or(v)
}
