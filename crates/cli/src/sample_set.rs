//! `palette sample-set`: answers to a list of questions, drawn and scored as the page does it, in one file
//! that the page opens.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use palette_models::draw::{Draw, Models};
use palette_models::encoder::Encoder;
use palette_models::language_model::{LanguageModel, check};
use palette_models::reward::Scorer;
use palette_models::tensors_in;
use palette_tables::{Answer, Drawn, SampleSet, Sampling};
use rayon::prelude::*;
use serde::Deserialize;

use crate::generate::Drawing;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// JSON with a `name` and a list of `prompts`. Of several, each is a group of prompts called as its file is.
    #[arg(required = true)]
    prompts: Vec<PathBuf>,
    /// Of each list only so many prompts, from the first.
    #[arg(long, value_name = "N")]
    first: Option<usize>,
    /// Name of the set; that of the first list without it.
    #[arg(long)]
    name: Option<String>,
    /// File to write.
    #[arg(long)]
    out: PathBuf,
    /// Folder with the weights and their manifest.json.
    #[arg(long, default_value = "public/weights")]
    weights: PathBuf,
    /// Write the rewards alone: nobody has read the texts.
    #[arg(long)]
    without_texts: bool,
    /// Score the answers of this sample set anew instead of drawing others (after training the heads).
    #[arg(long)]
    rescore: Option<PathBuf>,
    #[command(flatten)]
    drawing: Drawing,
}

#[derive(Deserialize)]
struct Questions {
    name: String,
    prompts: Vec<String>,
}

pub(crate) fn run(arguments: Arguments) -> Result<()> {
    if let Some(file) = &arguments.rescore {
        let scorer = Scorer::new(Encoder::new(tensors_in(&arguments.weights, "encoder")?)?)?;
        return write(&arguments.out, &rescored(file, &scorer)?);
    }
    let lists = arguments.prompts.iter().map(|file| questions(file)).collect::<Result<Vec<Questions>>>()?;
    let (mut prompts, mut groups) = (Vec::new(), Vec::new());
    for (file, list) in arguments.prompts.iter().zip(&lists) {
        let first = arguments.first.unwrap_or(list.prompts.len()).min(list.prompts.len());
        prompts.extend_from_slice(&list.prompts[..first]);
        let group = file.file_stem().filter(|_| lists.len() > 1).unwrap_or_default();
        groups.resize(prompts.len(), group.to_string_lossy().into_owned());
    }
    let name = arguments.name.as_deref().or(lists.first().map(|list| list.name.as_str())).unwrap_or_default();
    let sampling = Sampling::from(arguments.drawing);
    let mut set = drawn(name, prompts, &sampling, &arguments.weights)?;
    for answer in &mut set.answers {
        answer.group.clone_from(&groups[answer.prompt]);
        if arguments.without_texts {
            answer.text.clear();
        }
    }
    write(&arguments.out, &set)
}

fn questions(file: &Path) -> Result<Questions> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str(&text)
        .with_context(|| format!("{} is not JSON with a name and prompts", file.display()))
}

/// Answers to `prompts`, drawn and scored as the page does it.
pub(crate) fn drawn(
    name: &str,
    prompts: Vec<String>,
    sampling: &Sampling,
    weights: &Path,
) -> Result<SampleSet> {
    check(sampling)?;
    let models = Models {
        language_model: LanguageModel::new(tensors_in(weights, "language-model")?)?,
        scorer: Scorer::new(Encoder::new(tensors_in(weights, "encoder")?)?)?,
    };
    // Every answer has its own random stream, so prompts can be drawn side by side and come out the same.
    let (start, done) = (Instant::now(), AtomicUsize::new(0));
    let parts: Vec<Drawn> = prompts
        .par_iter()
        .map(|prompt| {
            let mut draw = Draw::new(&models, prompt, sampling)?;
            while draw.step(&models, || start.elapsed().as_secs_f64())? {}
            eprintln!("{} of {}: {prompt}", done.fetch_add(1, Ordering::Relaxed) + 1, prompts.len());
            draw.finish().context("The answers were not scored")
        })
        .collect::<Result<_>>()?;
    if parts.is_empty() {
        bail!("{name} lists no prompts");
    }
    let answers = parts.into_iter().enumerate().flat_map(|(prompt, part)| {
        part.texts
            .into_iter()
            .zip(part.rewards)
            .map(move |(text, rewards)| Answer::new(prompt, text, rewards))
    });
    Ok(SampleSet {
        answers: answers.collect(),
        name: name.to_owned(),
        about: sampling.about("SmolLM2-135M-Instruct"),
        values: Scorer::values(),
        prompts,
        prompt_weights: Vec::new(),
    })
}

/// The set in `file` with new rewards. Fluency stays: it came with the drawing.
fn rescored(file: &Path, scorer: &Scorer) -> Result<SampleSet> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut set: SampleSet =
        serde_json::from_str(&text).with_context(|| format!("{} is not a sample set", file.display()))?;
    let Some(fluent) = set.value_index("fluent") else {
        bail!("{} has no value called fluent", file.display())
    };
    let prompts =
        set.prompts.par_iter().map(|prompt| scorer.prompt(prompt)).collect::<Result<Vec<_>, _>>()?;
    set.answers.par_iter_mut().try_for_each(|answer| {
        answer.rewards = scorer.score(&prompts[answer.prompt], &answer.text, answer.rewards[fluent])?;
        anyhow::Ok(())
    })?;
    set.values = Scorer::values();
    Ok(set)
}

/// Writes `set` with four decimals: they say more than any of the measures knows.
fn write(out: &Path, set: &SampleSet) -> Result<()> {
    let mut set = set.clone();
    for reward in set.answers.iter_mut().flat_map(|a| &mut a.rewards) {
        *reward = (*reward * 1e4).round() / 1e4;
    }
    std::fs::write(out, serde_json::to_string(&set)?)
        .with_context(|| format!("{} cannot be written", out.display()))?;
    eprintln!("Wrote {} answers to {} prompts.", set.answers.len(), set.prompts.len());
    Ok(())
}
