//! Drawing answers to prompts and scoring them, in steps short enough to be cancelled between.

use crate::model::ModelError;
use crate::model::language_model::{DrawSettings, Drawn, Generation, LanguageModel};
use crate::protocol::Sampling;
use crate::reward::{PromptEmbedding, Scorer};
use crate::table::{Answer, SampleSet};

/// What drawing needs.
pub struct Models {
    pub language_model: LanguageModel,
    pub scorer: Scorer,
}

/// Answers to a list of prompts on their way: each prompt is drawn, then scored, then the next.
pub struct Draw {
    prompts: Vec<String>,
    settings: DrawSettings,
    /// Prompt at work.
    at: usize,
    stage: Stage,
    answers: Vec<Answer>,
    tokens: usize,
    notes: Vec<String>,
}

enum Stage {
    Start,
    Drawing(Box<Generation>),
    /// Drafts still to be scored, in reverse, and the texts of all of them.
    Scoring {
        prompt: PromptEmbedding,
        left: Vec<Drawn>,
        texts: Vec<String>,
    },
    Done,
}

impl Draw {
    /// Blank lines and repeated prompts are left out; what was left out is noted.
    ///
    /// # Errors
    /// When no prompt remains or a setting is out of its range.
    pub fn new(prompts: &[String], sampling: &Sampling) -> Result<Self, ModelError> {
        let mut kept: Vec<String> = Vec::new();
        let mut notes = Vec::new();
        for prompt in prompts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()) {
            if kept.iter().any(|k| k == prompt) {
                notes.push(format!("“{prompt}” was there twice; it is used once."));
            } else {
                kept.push(prompt.into());
            }
        }
        if kept.is_empty() {
            return Err(ModelError::Setting("There is no prompt. Write at least one question, each on its own line.".into()));
        }
        let settings = DrawSettings {
            answers: sampling.answers,
            max_tokens: sampling.max_tokens,
            temperature: sampling.temperature,
            top_k: sampling.top_k,
            top_p: sampling.top_p,
            seed: sampling.seed,
        };
        settings.check()?;
        Ok(Draw { prompts: kept, settings, at: 0, stage: Stage::Start, answers: Vec::new(), tokens: 0, notes })
    }

    /// One step: a token of every answer, or the score of one. False when nothing is left to do.
    ///
    /// # Errors
    /// When a prompt is too long or a model fails.
    pub fn step(&mut self, models: &Models) -> Result<bool, ModelError> {
        let prompt = self.at;
        self.stage = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Start => match self.prompts.get(prompt) {
                Some(text) => Stage::Drawing(Box::new(Generation::new(&models.language_model, text, &self.settings)?)),
                None => Stage::Done,
            },
            Stage::Drawing(mut generation) => {
                let before = generation.tokens_drawn();
                let more = generation.step(&models.language_model)?;
                self.tokens += generation.tokens_drawn() - before;
                if more {
                    Stage::Drawing(generation)
                } else {
                    let mut left = generation.finish();
                    let texts = left.iter().map(|d| d.text.clone()).collect();
                    left.reverse();
                    Stage::Scoring { prompt: models.scorer.prompt(&self.prompts[prompt])?, left, texts }
                }
            }
            Stage::Scoring { prompt: embedding, mut left, texts } => match left.pop() {
                Some(drawn) => {
                    let fluency = mean_log_probability(&drawn.log_probabilities);
                    let rewards = models.scorer.score(&embedding, &drawn.text, fluency)?;
                    self.answers.push(Answer::new(prompt, drawn.text, rewards));
                    Stage::Scoring { prompt: embedding, left, texts }
                }
                None => {
                    self.at += 1;
                    Stage::Start
                }
            },
            Stage::Done => Stage::Done,
        };
        Ok(!matches!(self.stage, Stage::Done))
    }

    /// Index of the prompt at work and the number of prompts.
    pub fn position(&self) -> (usize, usize) {
        (self.at.min(self.prompts.len() - 1), self.prompts.len())
    }

    /// The answers to the prompt at work, as far as they are.
    pub fn texts(&self) -> Vec<String> {
        match &self.stage {
            Stage::Drawing(generation) => generation.texts(),
            Stage::Scoring { texts, .. } => texts.clone(),
            Stage::Start | Stage::Done => Vec::new(),
        }
    }

    /// Tokens drawn so far, over all prompts.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Whether answers are being scored now.
    pub fn scoring(&self) -> bool {
        matches!(self.stage, Stage::Scoring { .. })
    }

    /// The scored answers of all prompts that were finished, with notes on what was left out.
    pub fn finish(self, name: &str) -> (SampleSet, Vec<String>) {
        let s = &self.settings;
        let about = format!("up to {} tokens by SmolLM2-135M-Instruct, temperature {}, seed {}", s.max_tokens, s.temperature, s.seed);
        (
            SampleSet {
                name: name.into(),
                about,
                values: Scorer::values(),
                prompts: self.prompts,
                answers: self.answers,
                prompt_weights: Vec::new(),
            },
            self.notes,
        )
    }
}

/// Mean token log-probability, nats per token; NaN for no tokens at all, which the scorer knows how to take.
pub fn mean_log_probability(log_probabilities: &[f64]) -> f64 {
    log_probabilities.iter().sum::<f64>() / log_probabilities.len() as f64
}
