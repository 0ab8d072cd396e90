//! What a pool is asked to do, and what it tells of it.

use palette_protocol::{DrawConfig, Drawing, Loading, Prepared};
use palette_tables::Drawn;
use palette_tables::Sampling;

/// What to draw.
#[derive(Clone, Debug)]
pub struct Job {
    pub prompts: Vec<String>,
    pub sampling: Sampling,
    pub config: DrawConfig,
}

/// What happens to a job. Prompts are named by their index in [`Job::prompts`].
#[derive(Clone, Debug)]
pub enum Event {
    /// The first worker loads the models.
    Loading(Loading),
    /// A worker is ready; `workers` are by now.
    Ready { workers: usize, prepared: Prepared },
    /// Answers to a prompt as they come.
    Drawing { prompt: usize, drawing: Drawing },
    /// All answers to a prompt.
    Drawn { prompt: usize, drawn: Drawn },
    /// The worker that had this prompt is gone; it waits for another.
    GivenBack { prompt: usize },
    /// This prompt was passed over, for a reason in a plain sentence.
    Skipped { prompt: usize, reason: String },
    /// Something to tell, in a plain sentence.
    Note(String),
    /// The last event of a job.
    Ended(Ending),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// Every prompt was drawn or skipped.
    Finished,
    Cancelled,
    /// No worker could draw; a plain sentence.
    Failed(String),
}

/// What a job has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Tokens of all answers, finished or not.
    pub tokens: usize,
    /// Seconds since the first worker was ready, without pauses.
    pub seconds: f64,
}
