//! A task that a head is trained and measured on: texts to tell apart.

/// One example. With `worse`, a pair; else an answer with a label.
pub(crate) struct Example {
    /// Empty where the set has none.
    pub prompt: String,
    pub answer: String,
    pub worse: Option<String>,
    pub yes: bool,
    /// The key that must stay on one side of the split: the prompt, or the text itself.
    pub group: String,
}

/// One thing to tell apart.
pub(crate) struct Task {
    /// e.g. `jokes from news headlines`.
    pub name: &'static str,
    /// Data set, licence, and what was taken of it.
    pub source: &'static str,
    /// Share in the loss; 0 only measures.
    pub weight: f64,
    /// Whether its figure is named where the value is explained.
    pub shown: bool,
    pub examples: Vec<Example>,
}

impl Task {
    pub(crate) fn pairs(&self) -> bool {
        self.examples.first().is_some_and(|e| e.worse.is_some())
    }
}
