//! `palette generate`: answers to prompts, as JSON Lines.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use palette_models::draw::mean_log_probability;
use palette_models::language_model::{Generation, LanguageModel, check};
use palette_models::tensors_in;
use palette_tables::Sampling;
use serde_json::json;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Text file with a prompt on each line.
    prompts: PathBuf,
    /// Folder with the weights and their manifest.json.
    #[arg(long, default_value = "public/weights")]
    weights: PathBuf,
    #[command(flatten)]
    drawing: Drawing,
}

/// How answers are drawn.
#[derive(clap::Args, Clone)]
pub struct Drawing {
    /// Answers to each prompt.
    #[arg(long, default_value_t = 16)]
    pub answers: usize,
    /// Longest answer in tokens.
    #[arg(long, default_value_t = 48)]
    pub tokens: usize,
    /// 0 draws the likeliest token.
    #[arg(long, default_value_t = 1.0)]
    pub temperature: f64,
    /// Keep the likeliest tokens; 0 keeps all.
    #[arg(long, default_value_t = 50)]
    pub top_k: usize,
    /// Keep the likeliest tokens with this much probability; 1 keeps all.
    #[arg(long, default_value_t = 1.0)]
    pub top_p: f64,
    /// The same seed draws the same answers.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// What the model is told before each prompt; empty says nothing. Without it, the sentence that the model
    /// was trained with.
    #[arg(long)]
    pub system: Option<String>,
}

impl From<Drawing> for Sampling {
    fn from(drawing: Drawing) -> Self {
        let Drawing { answers, tokens, temperature, top_k, top_p, seed, system } = drawing;
        Sampling { answers, max_tokens: tokens, temperature, top_k, top_p, seed, system }
    }
}

pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let sampling = Sampling::from(arguments.drawing);
    check(&sampling)?;
    let text = std::fs::read_to_string(&arguments.prompts)
        .with_context(|| format!("{} cannot be read", arguments.prompts.display()))?;
    let model = LanguageModel::new(tensors_in(&arguments.weights, "language-model")?)?;
    let mut out = std::io::stdout().lock();
    for prompt in text.lines().map(str::trim).filter(|p| !p.is_empty()) {
        eprintln!("{prompt}");
        let mut generation = Generation::new(&model, prompt, &sampling)?;
        while generation.step(&model)? {}
        for (sample, draft) in generation.take().into_iter().enumerate() {
            let mean = mean_log_probability(&draft.log_probabilities);
            let line = json!({
                "prompt": prompt,
                "answer": draft.text,
                "sample": sample,
                "seed": sampling.seed,
                "tokens": draft.tokens.len(),
                "mean_log_probability": mean,
                "stopped": draft.stopped,
            });
            writeln!(out, "{line}").context("The output cannot be written")?;
        }
    }
    Ok(())
}
