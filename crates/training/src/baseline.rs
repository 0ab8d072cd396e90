//! Baselines without training: counts of characters, of words, and of words from a short list. A head must do
//! better than these.

use super::evaluate::Measure;
use super::split::FOLDS;
use super::task::Task;
use palette_models::reward::{different_words, new_words};

/// A list of words, written for this project, that one would count to measure a value by hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    /// e.g. `laughter words`.
    pub name: &'static str,
    pub count: Count,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Count {
    /// Occurrences of the first words, less those of the second. A mark such as `?` counts wherever it
    /// stands.
    Words(&'static [&'static str], &'static [&'static str]),
    /// Different words that are not in the prompt.
    New,
}

pub(crate) const LAUGHTER: List = List {
    name: "laughter words and marks",
    count: Count::Words(
        &[
            "haha",
            "hahaha",
            "lol",
            "lmao",
            "rofl",
            "joke",
            "jokes",
            "funny",
            "hilarious",
            "laugh",
            "laughing",
            "pun",
            "knock",
            "?",
            "!",
        ],
        &[],
    ),
};

pub(crate) const ADVICE: List = List {
    name: "words of advice and explanation",
    count: Count::Words(
        &[
            "because",
            "first",
            "then",
            "next",
            "finally",
            "such",
            "example",
            "try",
            "use",
            "make",
            "can",
            "should",
            "you",
            "your",
            "also",
            "include",
            "including",
            "help",
            "important",
            "so",
        ],
        &[],
    ),
};

/// Not a list of ours but what the block `new` counts: how far that alone gets.
pub(crate) const NEW: List = List { name: "new words", count: Count::New };

pub(crate) const REFUSAL: List = List {
    name: "words of refusal less insults",
    count: Count::Words(
        &[
            "sorry",
            "cannot",
            "can't",
            "won't",
            "unable",
            "illegal",
            "harmful",
            "dangerous",
            "please",
            "should",
            "shouldn't",
            "not",
            "help",
        ],
        &["stupid", "idiot", "hate", "kill", "damn", "shut", "ugly", "moron"],
    ),
};

pub(crate) const FEELING: List = List {
    name: "good words less bad words",
    count: Count::Words(
        &[
            "good",
            "great",
            "best",
            "love",
            "loved",
            "happy",
            "beautiful",
            "wonderful",
            "excellent",
            "fun",
            "funny",
            "thanks",
            "thank",
            "nice",
            "glad",
            "amazing",
            "awesome",
            "enjoy",
            "hope",
            "perfect",
            "fine",
            "better",
            "well",
        ],
        &[
            "bad", "worst", "hate", "hated", "sad", "terrible", "awful", "horrible", "boring", "dull",
            "sorry", "angry", "stupid", "poor", "wrong", "worse", "not", "no", "never", "too", "afraid",
            "fail", "fails",
        ],
    ),
};

/// A count of something in an answer to a prompt.
pub(crate) type Counter = Box<dyn Fn(&str, &str) -> f64>;

/// The baselines, with their names.
pub(crate) fn baselines(list: List) -> Vec<(&'static str, Counter)> {
    vec![
        ("characters", Box::new(|_, answer| answer.chars().count() as f64)),
        ("words", Box::new(|_, answer| answer.split_whitespace().count() as f64)),
        (list.name, counter(list)),
    ]
}

pub(crate) fn counter(list: List) -> Counter {
    Box::new(move |prompt, answer| count(list.count, prompt, answer))
}

fn count(what: Count, prompt: &str, answer: &str) -> f64 {
    match what {
        Count::New => new_words(&different_words(prompt), answer) as f64,
        Count::Words(more, less) => {
            let lower = answer.to_lowercase().replace('’', "'");
            let marks = |list: &[&str]| {
                list.iter()
                    .filter(|w| !w.contains(char::is_alphabetic))
                    .map(|m| lower.matches(m).count())
                    .sum::<usize>()
            };
            let words = |list: &[&str]| {
                lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| list.contains(w)).count()
                    + marks(list)
            };
            words(more) as f64 - words(less) as f64
        }
    }
}

/// The count for each row (for pairs, the difference), turned so that more is better on the other folds.
pub(crate) fn scores(task: &Task, fold: &[usize], count: &Counter, judge: Measure) -> Vec<f64> {
    let raw: Vec<f64> = task
        .examples
        .iter()
        .map(|e| count(&e.prompt, &e.answer) - e.worse.as_deref().map_or(0.0, |w| count(&e.prompt, w)))
        .collect();
    let mut turned = raw.clone();
    for out in 0..FOLDS {
        let others: Vec<usize> = (0..raw.len()).filter(|i| fold[*i] != out).collect();
        let s: Vec<f64> = others.iter().map(|i| raw[*i]).collect();
        let y: Vec<bool> = others.iter().map(|i| task.examples[*i].yes).collect();
        if judge(&s, &y) < 0.5 {
            turned.iter_mut().zip(fold).filter(|(_, f)| **f == out).for_each(|(s, _)| *s = -*s);
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::super::evaluate::accuracy;
    use super::super::task::Example;
    use super::*;

    #[test]
    fn lists_are_counted_by_whole_words() {
        assert_eq!(count(REFUSAL.count, "", "I’m sorry, I can’t help. You idiot!"), 2.0);
        assert_eq!(count(LAUGHTER.count, "", "Why? Because jokester!"), 2.0);
        assert_eq!(count(NEW.count, "red wine", "Red paint, red wine"), 1.0);
    }

    #[test]
    fn a_direction_is_learnt_from_the_other_folds() {
        // The shorter answer is always the better one.
        let example = |i: usize| Example {
            prompt: String::new(),
            answer: "short".into(),
            worse: Some("much longer".into()),
            yes: true,
            group: i.to_string(),
        };
        let task =
            Task { name: "", source: "", weight: 1.0, shown: true, examples: (0..10).map(example).collect() };
        let fold: Vec<usize> = (0..10).map(|i| i % FOLDS).collect();
        let (_, characters) = &baselines(NEW)[0];
        assert!(scores(&task, &fold, characters, accuracy).iter().all(|s| *s > 0.0));
    }
}
