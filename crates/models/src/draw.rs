//! Drawing the answers to one prompt and scoring them, in steps short enough to be cancelled between.

use crate::ModelError;
use crate::language_model::{Draft, Generation, LanguageModel};
use crate::reward::{PromptEmbedding, Scorer};
use palette_tables::{Drawn, Sampling};

/// Characters of all the answers that are scored in one step; about 300 word pieces.
const SCORED_TOGETHER: usize = 1200;

/// What drawing needs.
pub struct Models {
    pub language_model: LanguageModel,
    pub scorer: Scorer,
}

/// Answers to one prompt on their way: drawn, then scored.
pub struct Draw {
    prompt: String,
    stage: Stage,
    tokens: usize,
    drawing_seconds: f64,
    scoring_seconds: f64,
}

enum Stage {
    Drawing(Box<Generation>),
    Scoring(Box<Scoring>),
}

/// Answers of like length are scored together, the shortest first.
struct Scoring {
    prompt: PromptEmbedding,
    drafts: Vec<Draft>,
    /// Drafts still to be scored, the shortest last.
    left: Vec<usize>,
    rewards: Vec<Vec<f64>>,
}

impl Draw {
    /// # Errors
    /// When the prompt is empty or too long, or a setting is out of its range.
    pub fn new(models: &Models, prompt: &str, sampling: &Sampling) -> Result<Self, ModelError> {
        let prompt = prompt.trim();
        if prompt.is_empty() {
            return Err(ModelError::Setting("There is no prompt. Write at least one question.".into()));
        }
        let generation = Generation::new(&models.language_model, prompt, sampling)?;
        Ok(Draw {
            prompt: prompt.into(),
            stage: Stage::Drawing(Box::new(generation)),
            tokens: 0,
            drawing_seconds: 0.0,
            scoring_seconds: 0.0,
        })
    }

    /// One step: a token of every answer, or the scores of some. False when nothing is left to do. `now` is a
    /// clock, in seconds: which there is depends on where this runs.
    ///
    /// # Errors
    /// When a model fails.
    pub fn step(&mut self, models: &Models, now: impl Fn() -> f64) -> Result<bool, ModelError> {
        let (start, scoring) = (now(), self.scoring());
        let more = self.advance(models)?;
        *if scoring { &mut self.scoring_seconds } else { &mut self.drawing_seconds } += now() - start;
        Ok(more)
    }

    fn advance(&mut self, models: &Models) -> Result<bool, ModelError> {
        match &mut self.stage {
            Stage::Drawing(generation) => {
                let more = generation.step(&models.language_model)?;
                self.tokens = generation.tokens_drawn();
                if !more {
                    let drafts = generation.take();
                    let mut left: Vec<usize> = (0..drafts.len()).collect();
                    left.sort_by_key(|j| std::cmp::Reverse(drafts[*j].text.len()));
                    let rewards = vec![Vec::new(); drafts.len()];
                    self.stage = Stage::Scoring(Box::new(Scoring {
                        prompt: models.scorer.prompt(&self.prompt)?,
                        drafts,
                        left,
                        rewards,
                    }));
                }
                Ok(true)
            }
            Stage::Scoring(scoring) => scoring.step(&models.scorer),
        }
    }

    /// The answers, as far as they are.
    pub fn texts(&self) -> Vec<String> {
        match &self.stage {
            Stage::Drawing(generation) => generation.texts(),
            Stage::Scoring(scoring) => scoring.drafts.iter().map(|d| d.text.clone()).collect(),
        }
    }

    /// Tokens drawn so far.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Whether answers are being scored now.
    pub fn scoring(&self) -> bool {
        matches!(self.stage, Stage::Scoring { .. })
    }

    /// The scored answers; `None` while there is something left to do.
    pub fn finish(self) -> Option<Drawn> {
        match self.stage {
            Stage::Scoring(scoring) if scoring.left.is_empty() => {
                let texts = scoring.drafts.into_iter().map(|d| d.text).collect();
                Some(Drawn {
                    texts,
                    rewards: scoring.rewards,
                    tokens: self.tokens,
                    drawing_seconds: self.drawing_seconds,
                    scoring_seconds: self.scoring_seconds,
                })
            }
            _ => None,
        }
    }
}

impl Scoring {
    fn step(&mut self, scorer: &Scorer) -> Result<bool, ModelError> {
        let (mut taken, mut characters) = (Vec::new(), 0);
        while let Some(j) = self.left.last().copied() {
            characters += self.drafts[j].text.len();
            if !taken.is_empty() && characters > SCORED_TOGETHER {
                break;
            }
            taken.push(j);
            self.left.pop();
        }
        let answers: Vec<(&str, f64)> = taken
            .iter()
            .map(|&j| (self.drafts[j].text.as_str(), mean_log_probability(&self.drafts[j].log_probabilities)))
            .collect();
        let rewards = scorer.score_all(&self.prompt, &answers)?;
        for (j, rewards) in taken.into_iter().zip(rewards) {
            self.rewards[j] = rewards;
        }
        Ok(!self.left.is_empty())
    }
}

/// Mean token log-probability, nats per token; NaN for no tokens at all, which the scorer knows how to take.
pub fn mean_log_probability(log_probabilities: &[f64]) -> f64 {
    log_probabilities.iter().sum::<f64>() / log_probabilities.len() as f64
}
