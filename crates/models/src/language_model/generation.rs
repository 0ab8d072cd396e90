//! Drawing k continuations of one prompt: the prompt is read once, then every sample moves one token a step,
//! all in one batch.

use palette_tables::{Sampling, stream};
use rand_chacha::ChaCha8Rng;

use super::cache::Cache;
use super::layer::Workspace;
use super::{LanguageModel, ModelError, Row};
use crate::ops::log_sum_exp;
use crate::sampling::Sampler;

/// Tokens of the prompt read in one step: small, so that a step stays short.
const CHUNK: usize = 16;
const MOST_ANSWERS: usize = 256;
const MOST_TOKENS: usize = 1024;
/// Bytes that the keys and values of all answers to one prompt may take.
const MOST_MEMORY: u64 = 800_000_000;

/// Whether answers can be drawn so.
///
/// # Errors
/// A sentence about the first setting that is out of its range.
pub fn check(sampling: &Sampling) -> Result<(), ModelError> {
    let wrong = |text: String| Err(ModelError::Setting(text));
    let Sampling { answers, max_tokens, temperature, top_p, .. } = *sampling;
    if answers == 0 || answers > MOST_ANSWERS {
        return wrong(format!(
            "The number of answers per prompt is {answers}; it must be 1 to {MOST_ANSWERS}."
        ));
    }
    if max_tokens == 0 || max_tokens > MOST_TOKENS {
        return wrong(format!(
            "The number of tokens per answer is {max_tokens}; it must be 1 to {MOST_TOKENS}."
        ));
    }
    if !(0.0..=5.0).contains(&temperature) {
        return wrong(format!("The temperature is {temperature}; it must be 0 to 5."));
    }
    if !(top_p > 0.0 && top_p <= 1.0) {
        return wrong(format!("Top-p is {top_p}; it must be above 0 and at most 1."));
    }
    Ok(())
}

/// One answer, as far as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub text: String,
    pub tokens: Vec<u32>,
    /// log p of each token under the model at temperature 1, all tokens kept; nats.
    pub log_probabilities: Vec<f64>,
    /// Whether the model ended the answer itself.
    pub stopped: bool,
}

/// Answers to one prompt on their way.
pub struct Generation {
    prompt: Vec<u32>,
    read: usize,
    cache: Cache,
    workspace: Workspace,
    sampler: Sampler,
    max_tokens: usize,
    samples: Vec<Sample>,
}

struct Sample {
    random: ChaCha8Rng,
    draft: Draft,
    done: bool,
}

impl Generation {
    /// # Errors
    /// When a setting is out of its range or the prompt is too long.
    pub fn new(model: &LanguageModel, prompt: &str, sampling: &Sampling) -> Result<Self, ModelError> {
        check(sampling)?;
        let tokens = model.chat_tokens(prompt, sampling.system.as_deref())?;
        if tokens.len() + sampling.max_tokens > model.context {
            return Err(ModelError::Setting(format!(
                "The prompt has {} tokens and an answer may have {}; this model reads at most {} in all. \
                    Shorten the prompt, or draw shorter answers.",
                tokens.len(),
                sampling.max_tokens,
                model.context
            )));
        }
        let own = sampling.answers * sampling.max_tokens;
        let bytes = Cache::bytes(
            model.layers.len(),
            model.shape.kv_heads * model.shape.head_width,
            tokens.len() + own,
        );
        if bytes > MOST_MEMORY {
            return Err(ModelError::Setting(format!(
                "{} answers of {} tokens would take {:.1} GB of memory with this model; at most {:.1} GB can \
                    be used. Draw fewer or shorter answers.",
                sampling.answers,
                sampling.max_tokens,
                bytes as f64 / 1e9,
                MOST_MEMORY as f64 / 1e9
            )));
        }
        let sample = |s: usize| Sample {
            random: stream(sampling.seed, prompt, &format!("sample {s}")),
            draft: Draft {
                text: String::new(),
                tokens: Vec::new(),
                log_probabilities: Vec::new(),
                stopped: false,
            },
            done: false,
        };
        let mut cache = Cache::new(
            model.layers.len(),
            model.shape.kv_heads * model.shape.head_width,
            tokens.len(),
            sampling.answers,
            sampling.max_tokens,
        );
        Ok(Generation {
            read: model.prefix_cache.recall(&tokens, &mut cache),
            cache,
            prompt: tokens,
            workspace: Workspace::default(),
            sampler: Sampler {
                temperature: sampling.temperature,
                top_k: sampling.top_k,
                top_p: sampling.top_p,
            },
            max_tokens: sampling.max_tokens,
            samples: (0..sampling.answers).map(sample).collect(),
        })
    }

    /// One step: a part of the prompt is read, or every unfinished sample gets its next token. False when all
    /// are done.
    ///
    /// # Errors
    /// When the model fails to compute.
    pub fn step(&mut self, model: &LanguageModel) -> Result<bool, ModelError> {
        let vocabulary = model.tokens.count();
        if self.read < self.prompt.len() {
            let end = (self.read + CHUNK).min(self.prompt.len());
            let rows: Vec<Row> =
                (self.read..end).map(|i| Row { token: self.prompt[i], position: i, sample: None }).collect();
            model.forward(&rows, &mut self.workspace, &mut self.cache)?;
            self.read = end;
            if end == self.prompt.len() {
                model.prefix_cache.keep(&self.prompt, &self.cache);
                // Every sample's first token is drawn from the same logits.
                model.logits(rows.len() - 1..rows.len(), &mut self.workspace)?;
                for sample in &mut self.samples {
                    sample.draw(model, &self.sampler, self.max_tokens, &self.workspace.logits);
                }
            }
        } else {
            let at: Vec<usize> = (0..self.samples.len()).filter(|s| !self.samples[*s].done).collect();
            let rows: Vec<Row> = at
                .iter()
                .filter_map(|&s| {
                    let tokens = &self.samples[s].draft.tokens;
                    tokens.last().map(|&token| Row {
                        token,
                        position: self.prompt.len() + tokens.len() - 1,
                        sample: Some(s),
                    })
                })
                .collect();
            if rows.is_empty() {
                return Ok(false);
            }
            model.forward(&rows, &mut self.workspace, &mut self.cache)?;
            model.logits(0..rows.len(), &mut self.workspace)?;
            for (s, logits) in at.into_iter().zip(self.workspace.logits.chunks_exact(vocabulary)) {
                self.samples[s].draw(model, &self.sampler, self.max_tokens, logits);
            }
        }
        Ok(self.samples.iter().any(|s| !s.done))
    }

    /// The answers so far.
    pub fn texts(&self) -> Vec<String> {
        self.samples.iter().map(|s| s.draft.text.clone()).collect()
    }

    /// Tokens drawn so far, over all samples.
    pub fn tokens_drawn(&self) -> usize {
        self.samples.iter().map(|s| s.draft.tokens.len()).sum()
    }

    /// Takes the answers out, as they are.
    pub fn take(&mut self) -> Vec<Draft> {
        std::mem::take(&mut self.samples).into_iter().map(|s| s.draft).collect()
    }
}

impl Sample {
    fn draw(&mut self, model: &LanguageModel, sampler: &Sampler, max_tokens: usize, logits: &[f32]) {
        let token = sampler.draw(logits, &mut self.random);
        if model.tokens.ends(token as u32) {
            self.draft.stopped = true;
            self.done = true;
        } else {
            self.draft.tokens.push(token as u32);
            self.draft.log_probabilities.push(f64::from(logits[token]) - log_sum_exp(logits));
            self.done = self.draft.tokens.len() == max_tokens;
        }
        let text = model.decode(&self.draft.tokens);
        // A character may need more tokens than have come: it is shown when it is whole.
        self.draft.text = text.trim_end_matches('\u{fffd}').into();
    }
}
