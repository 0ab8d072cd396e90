//! `palette generate`: answers to prompts, as JSON Lines.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use palette_models::draw::mean_log_probability;
use palette_models::language_model::{Generation, LanguageModel, check};
use palette_models::{tensors_in, tensors_of_file};
use palette_tables::Sampling;
use serde_json::json;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// File of prompts: text with one on each line, or a table or JSON with a column of prompts.
    #[arg(required_unless_present = "prompt")]
    prompts: Option<PathBuf>,
    /// A prompt; may be given several times, and beside a file.
    #[arg(long)]
    prompt: Vec<String>,
    /// Draw from this GGUF file, a model of the llama or Qwen2 family, as the page does from a model of one's
    /// own.
    #[arg(long, conflicts_with = "weights")]
    model: Option<PathBuf>,
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
    let mut prompts = arguments.prompt;
    if let Some(file) = &arguments.prompts {
        let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
        prompts.extend(palette_tables::prompts::read(&name, &bytes)?);
    }
    let model = match &arguments.model {
        Some(file) => tensors_of_file(file)
            .and_then(LanguageModel::new)
            .map_err(|error| anyhow!("{} cannot be used. {error}", file.display()))?,
        None => LanguageModel::new(tensors_in(&arguments.weights, "language-model")?)?,
    };
    for note in model.notes() {
        eprintln!("palette: {note}");
    }
    let mut out = std::io::stdout().lock();
    for prompt in prompts.iter().map(|prompt| prompt.trim()).filter(|prompt| !prompt.is_empty()) {
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
