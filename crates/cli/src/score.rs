//! `palette score`: the seven rewards of answers in a JSON Lines file.

use crate::numeric::input::read;
use anyhow::{Context, Result, bail};
use palette_models::ModelError;
use palette_models::encoder::Encoder;
use palette_models::language_model::LanguageModel;
use palette_models::reward::{PromptEmbedding, Scorer};
use palette_models::tensors_in;
use palette_tables::scored::{self, Answered};
use palette_tables::text::decode;
use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// JSON Lines: objects with `prompt` and `answer`; other keys are kept.
    input: PathBuf,
    /// Folder with the weights and their manifest.json.
    #[arg(long, default_value = "public/weights")]
    weights: PathBuf,
}

/// What all answers to one prompt share.
struct Prompt {
    embedding: PromptEmbedding,
    tokens: Vec<u32>,
}

/// Scores what can be scored. What cannot is named on standard error, and makes the job end as one that
/// failed.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let (name, bytes) = read(&arguments.input)?;
    // Every line is read before any is scored, so that a slip is found at once.
    let decoded = decode(&name, &bytes)?;
    if let Some(note) = &decoded.note {
        eprintln!("{note}");
    }
    let rows = scored::read(&name, &decoded.text)?;
    let scorer = Scorer::new(Encoder::new(tensors_in(&arguments.weights, "encoder")?)?)?;
    let model = LanguageModel::new(tensors_in(&arguments.weights, "language-model")?)?;
    let mut prompts: HashMap<String, Prompt> = HashMap::new();
    let mut out = std::io::stdout().lock();
    let mut left_out = 0;
    for row in &rows {
        let place = format!("{name}, {}", row.place);
        if row.halved {
            eprintln!("{place}: the answer holds half a character, which does not count.");
        }
        let rewards = match score(&scorer, &model, &mut prompts, row) {
            Ok(rewards) => rewards,
            Err(why) => {
                eprintln!("{place}: {why} It was not scored.");
                left_out += 1;
                continue;
            }
        };
        let line = row.with_rewards(Scorer::values().into_iter().map(|v| v.name).zip(rewards));
        writeln!(out, "{line}").context("The output cannot be written.")?;
    }
    if left_out > 0 {
        bail!("{left_out} of {} answers in {name} were not scored; the others were.", rows.len());
    }
    Ok(())
}

/// The rewards of an answer; the error is a sentence.
fn score(
    scorer: &Scorer,
    model: &LanguageModel,
    prompts: &mut HashMap<String, Prompt>,
    row: &Answered,
) -> Result<Vec<f64>, ModelError> {
    if !prompts.contains_key(&row.prompt) {
        let prompt =
            Prompt { embedding: scorer.prompt(&row.prompt)?, tokens: model.chat_tokens(&row.prompt, None)? };
        prompts.insert(row.prompt.clone(), prompt);
    }
    let prompt = &prompts[&row.prompt];
    let tokens = model.encode(&row.answer)?;
    // An empty answer has no tokens and no mean; the scorer knows.
    let mean = if tokens.is_empty() {
        f64::NAN
    } else {
        let found = model.log_probabilities(&prompt.tokens, &tokens).map_err(|error| match error {
            // The prompt alone was not too long.
            ModelError::PromptTooLong { tokens: all, limit } => ModelError::Setting(format!(
                "The answer is too long: it has {} tokens, {all} with its prompt, and the model reads at \
                    most {limit} in all. Shorten it.",
                tokens.len()
            )),
            other => other,
        })?;
        found.iter().sum::<f64>() / tokens.len() as f64
    };
    scorer.score(&prompt.embedding, &row.answer, mean)
}
