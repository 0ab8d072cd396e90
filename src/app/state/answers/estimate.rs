//! How long drawing will take, from what was measured in this browser; never from a guess.

use crate::app::browser::local_storage;
use crate::app::format::{count, duration};
use crate::client::Tally;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const KEY: &str = "map-palette-speed";
/// Measurements kept.
const MOST: usize = 16;
/// Shorter runs tell little.
const SHORTEST: f64 = 0.5;

/// How fast answers were drawn once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Name of the person's own model; `None` for the page's.
    pub own_model: Option<String>,
    pub workers: usize,
    /// Answers per prompt: they are drawn side by side, so more of them are faster.
    pub answers: usize,
    /// Of all workers together, with the time for scoring.
    pub tokens_per_second: f64,
}

/// All that was measured here, the newest last; empty when this browser keeps nothing.
pub fn kept() -> Vec<Measured> {
    let all: Vec<Measured> = local_storage::get(KEY).unwrap_or_default();
    all.into_iter().filter(|one| one.tokens_per_second.is_finite() && one.tokens_per_second > 0.0).collect()
}

/// Adds what a job measured, and keeps it for the next visit where the browser lets us.
pub fn keep(
    all: RwSignal<Vec<Measured>>,
    own_model: Option<String>,
    workers: usize,
    answers: usize,
    tally: Tally,
) {
    if tally.seconds < SHORTEST || tally.tokens == 0 {
        return;
    }
    let new =
        Measured { own_model, workers, answers, tokens_per_second: tally.tokens as f64 / tally.seconds };
    all.update(|all| {
        all.retain(|old| (&old.own_model, old.workers, old.answers) != (&new.own_model, workers, answers));
        all.push(new);
        let over = all.len().saturating_sub(MOST);
        all.drain(..over);
    });
    all.with_untracked(|all| local_storage::set(KEY, all));
}

/// How long at most `tokens` tokens will take, in a sentence.
pub fn in_words(
    all: &[Measured],
    own_model: Option<&str>,
    workers: usize,
    answers: usize,
    tokens: usize,
) -> String {
    let same_model = || all.iter().rev().filter(|one| one.own_model.as_deref() == own_model);
    let Some(best) = same_model()
        .find(|one| one.workers == workers && one.answers == answers)
        .or_else(|| same_model().next())
    else {
        return format!(
            "At most {tokens} tokens. How long that takes is estimated once the first answers come."
        );
    };
    let time = duration(tokens as f64 / best.tokens_per_second);
    let how = match (best.workers == workers, best.answers == answers) {
        (true, true) => String::new(),
        _ => format!(
            " with {} and {}",
            count(best.workers, "worker"),
            count(best.answers, "answer") + " a prompt"
        ),
    };
    format!(
        "At most {time}: {tokens} tokens at {:.0} tokens a second, measured here{how}. Answers often end \
            early.",
        best.tokens_per_second
    )
}

/// How long at most `tokens` tokens take at the pace measured last; `None` before anything was.
pub fn time(all: &[Measured], own_model: Option<&str>, tokens: usize) -> Option<String> {
    let last = all.iter().rev().find(|one| one.own_model.as_deref() == own_model)?;
    Some(duration(tokens as f64 / last.tokens_per_second))
}

/// Seconds left at most, at the rate so far; `None` before there is one.
pub fn seconds_left(tokens_left: usize, tally: Tally) -> Option<f64> {
    (tally.seconds >= 1.0 && tally.tokens > 0)
        .then(|| tokens_left as f64 * tally.seconds / tally.tokens as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_measured_is_said() {
        let measured = |own: Option<&str>, workers, answers, speed| Measured {
            own_model: own.map(str::to_owned),
            workers,
            answers,
            tokens_per_second: speed,
        };
        let all =
            [measured(None, 2, 16, 100.0), measured(None, 1, 16, 50.0), measured(Some("tiny"), 1, 4, 10.0)];
        assert!(in_words(&[], None, 2, 16, 6000).starts_with("At most 6000 tokens. How long"));
        assert!(in_words(&all[2..], None, 1, 4, 6000).starts_with("At most 6000 tokens. How long"));
        let exact = in_words(&all, None, 2, 16, 6000);
        assert!(
            exact.starts_with("At most 1 min: 6000 tokens at 100 tokens a second, measured here."),
            "{exact}"
        );
        let near = in_words(&all, None, 4, 16, 6000);
        assert!(
            near.contains("at 50 tokens a second, measured here with 1 worker and 16 answers a prompt."),
            "{near}"
        );
        assert!(in_words(&all, Some("tiny"), 1, 4, 100).starts_with("At most 10 s"));
    }

    #[test]
    fn time_left_needs_a_rate() {
        assert_eq!(seconds_left(100, Tally { tokens: 0, seconds: 3.0 }), None);
        assert_eq!(seconds_left(100, Tally { tokens: 50, seconds: 0.2 }), None);
        assert_eq!(seconds_left(100, Tally { tokens: 50, seconds: 2.0 }), Some(4.0));
    }
}
