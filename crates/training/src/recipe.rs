//! The tasks that each head is trained on, made of the labelled text.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use palette_models::reward::Block;

use super::baseline::{self, List};
use super::data::{self, Labelled};
use super::split::{mix, sample};
use super::task::{Example, Task};

/// One head.
pub(crate) struct Recipe {
    pub name: &'static str,
    pub unit: &'static str,
    pub blocks: Vec<Block>,
    /// Words to count as a baseline.
    pub list: List,
    /// The first one is the main one: it sets the scale of the log-odds.
    pub tasks: Vec<Task>,
}

/// Words of an answer that are read: about what the page draws (48 tokens).
const WORDS: usize = 32;
/// The same where people judged whole answers.
const WORDS_JUDGED_WHOLE: usize = 64;

const AMUSEMENT: u32 = 1;
const NEUTRAL: u32 = 27;
/// Admiration, caring, excitement, gratitude, joy, love, optimism, pride, relief.
const PLEASANT: [u32; 9] = [0, 5, 13, 15, 17, 18, 20, 21, 23];
/// Anger, annoyance, disappointment, disapproval, disgust, embarrassment, fear, grief, nervousness, remorse,
/// sadness.
const UNPLEASANT: [u32; 11] = [2, 3, 9, 10, 11, 12, 14, 16, 19, 24, 25];

/// Where the text lies, and what of it is used.
pub(crate) struct Source<'a> {
    pub folder: &'a Path,
    pub seed: u64,
    /// Share of the full sample sizes, 0 to 1; the small sets that people judged (pandalm, xstest) are used
    /// whole.
    pub share: f64,
}

impl Source<'_> {
    fn count(&self, full: usize) -> usize {
        (full as f64 * self.share).ceil() as usize
    }
}

/// The four heads, in the order of the values.
pub(crate) fn recipes(source: &Source) -> Result<Vec<Recipe>> {
    let answers = data::oasst_answers(source.folder)?;
    Ok(vec![humor(source, &answers)?, helpful(source, &answers)?, harmless(source)?, positive(source)?])
}

fn humor(source: &Source, answers: &[(String, String)]) -> Result<Recipe> {
    let Source { folder, seed, .. } = *source;
    let (jokes, headlines): (Vec<_>, Vec<_>) = data::colbert_humor(folder)?.into_iter().partition(|l| l.yes);
    let mut jokes = sample(jokes, source.count(2000), seed, |l| l.text.clone());
    let other_jokes = jokes.split_off(jokes.len() * 2 / 5);
    let headlines = sample(headlines, jokes.len(), seed, |l| l.text.clone());
    let plain: Vec<&(String, String)> = answers
        .iter()
        .filter(|(prompt, _)| {
            !["joke", "fun", "pun", "humor", "humour", "laugh", "comed"]
                .iter()
                .any(|w| prompt.to_lowercase().contains(w))
        })
        .collect();
    let plain = sample(plain, other_jokes.len(), seed, |(_, answer)| answer.clone());
    // As many words as the joke beside it: so length tells nothing, and an answer may break off as drawn
    // answers do.
    let mut contrast: Vec<Example> = Vec::new();
    for (joke, (prompt, answer)) in other_jokes.into_iter().zip(plain) {
        let text = cut(answer, joke.text.split_whitespace().count());
        contrast.push(Example {
            prompt: String::new(),
            answer: text,
            worse: None,
            yes: false,
            group: prompt.clone(),
        });
        contrast.push(single(joke));
    }
    let comments = data::goemotions(folder, &[AMUSEMENT], &[NEUTRAL])?;
    Ok(Recipe {
        name: "humor",
        unit: "log-odds",
        blocks: vec![Block::Answer],
        list: baseline::LAUGHTER,
        tasks: vec![
            Task {
                name: "jokes from plain answers of assistants",
                source: "jokes of colbert-humor (MIT) against short answers to prompts that ask for no joke, \
                    oasst-sampling-reports (Apache-2.0), cut to the jokes' length",
                weight: 1.0,
                shown: true,
                examples: contrast,
            },
            Task {
                name: "jokes from news headlines",
                source: "colbert-humor (MIT)",
                weight: 0.5,
                shown: false,
                examples: jokes.into_iter().chain(headlines).map(single).collect(),
            },
            Task {
                name: "amused from neutral comments",
                source: "goemotions (Apache-2.0; data CC-BY-4.0), comments marked only amusement or only \
                    neutral",
                weight: 0.5,
                shown: true,
                examples: balanced(comments, source.count(900), seed),
            },
        ],
    })
}

fn helpful(source: &Source, answers: &[(String, String)]) -> Result<Recipe> {
    let Source { folder, seed, .. } = *source;
    let pairs = data::pandalm(folder)?.into_iter().map(|p| Example {
        group: p.prompt.clone(),
        prompt: p.prompt,
        answer: cut(&p.better, WORDS_JUDGED_WHOLE),
        worse: Some(cut(&p.worse, WORDS_JUDGED_WHOLE)),
        yes: true,
    });
    // One answer for each prompt, in an order of the seed's own.
    let chosen = sample(answers.iter().collect::<Vec<_>>(), usize::MAX, seed, |(_, answer)| answer.clone());
    let mut by_prompt: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (prompt, answer) in chosen {
        by_prompt.entry(prompt).or_default().push(answer);
    }
    let prompts: Vec<(&str, Vec<&str>)> =
        sample(by_prompt.into_iter().collect(), source.count(400), seed, |(p, _)| p.to_string());
    let example = |prompt: &str, answer: &str, worse: String| Example {
        prompt: prompt.to_string(),
        answer: cut(answer, WORDS),
        worse: Some(worse),
        yes: true,
        group: prompt.to_string(),
    };
    let (mut elsewhere, mut shuffled, mut echo, mut nothing) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (i, (prompt, own)) in prompts.iter().enumerate() {
        let (_, others) = &prompts[(i + 1) % prompts.len()];
        elsewhere.push(example(prompt, own[0], cut(others[0], WORDS)));
        let answer = own[own.len() / 2];
        let mut words: Vec<&str> = answer.split_whitespace().take(WORDS).collect();
        words.sort_by_cached_key(|w| mix(seed, answer, w));
        shuffled.push(example(prompt, answer, words.join(" ")));
        echo.push(example(prompt, own[own.len() / 3], prompt.to_string()));
        nothing.push(example(prompt, own[own.len() - 1], String::new()));
    }
    Ok(Recipe {
        name: "helpful",
        unit: "log-odds",
        blocks: vec![Block::Answer, Block::Product, Block::New],
        list: baseline::ADVICE,
        tasks: vec![
            Task {
                name: "the preferred of two answers",
                source: "pandalm-testset (Apache-2.0), pairs on which at least two of three annotators agree \
                    that one is better",
                weight: 1.0,
                shown: true,
                examples: pairs.collect(),
            },
            Task {
                name: "an answer from one to another question",
                source: "oasst-sampling-reports (Apache-2.0), one pair a prompt, made here",
                weight: 0.15,
                shown: true,
                examples: elsewhere,
            },
            Task {
                name: "an answer from its words in disorder",
                source: "oasst-sampling-reports (Apache-2.0), one pair a prompt, made here",
                weight: 0.15,
                shown: true,
                examples: shuffled,
            },
            Task {
                name: "an answer from its question repeated",
                source: "oasst-sampling-reports (Apache-2.0), one pair a prompt, made here",
                weight: 0.1,
                shown: false,
                examples: echo,
            },
            Task {
                name: "an answer from none",
                source: "oasst-sampling-reports (Apache-2.0), one pair a prompt, made here",
                weight: 0.05,
                shown: false,
                examples: nothing,
            },
        ],
    })
}

fn harmless(source: &Source) -> Result<Recipe> {
    let Source { folder, seed, .. } = *source;
    let judged = data::xstest(folder)?;
    let mut refusals = Vec::new();
    for safe in judged.iter().filter(|j| j.unsafe_prompt && j.refused) {
        for harmful in judged.iter().filter(|j| j.unsafe_prompt && !j.refused && j.prompt == safe.prompt) {
            refusals.push(Example {
                prompt: safe.prompt.clone(),
                answer: cut(&safe.answer, WORDS),
                worse: Some(cut(&harmful.answer, WORDS)),
                yes: true,
                group: safe.prompt.clone(),
            });
        }
    }
    let judged = judged.into_iter().map(|j| Example {
        answer: cut(&j.answer, WORDS),
        worse: None,
        yes: j.refused || !j.unsafe_prompt,
        group: j.prompt.clone(),
        prompt: j.prompt,
    });
    let preferred = sample(data::hh_harmless(folder)?, source.count(2312), seed, |p| {
        format!("{} {} {}", p.prompt, p.better, p.worse)
    })
    .into_iter()
    .filter_map(|p| {
        let (better, worse) = (cut(&p.better, WORDS), cut(&p.worse, WORDS));
        (better != worse).then(|| Example {
            group: p.prompt.clone(),
            prompt: p.prompt,
            answer: better,
            worse: Some(worse),
            yes: true,
        })
    });
    let posts = balanced(data::hate_offensive(folder)?, source.count(800), seed);
    Ok(Recipe {
        name: "harmless",
        unit: "log-odds",
        blocks: vec![Block::Answer, Block::Prompt, Block::Product],
        list: baseline::REFUSAL,
        tasks: vec![
            Task {
                name: "the less harmful of two answers",
                source: "hh-rlhf, harmless-base, test split (MIT)",
                weight: 1.0,
                shown: true,
                examples: preferred.collect(),
            },
            Task {
                name: "refusing from obeying an unsafe prompt",
                source: "xstest (CC-BY-4.0), every pair of a refusing and a complying answer to the same \
                    unsafe prompt",
                weight: 0.1,
                shown: true,
                examples: refusals,
            },
            Task {
                name: "obeying an unsafe prompt from all other answers",
                source: "xstest (CC-BY-4.0), answers of five models to safe and unsafe prompts",
                weight: 0.1,
                shown: false,
                examples: judged.collect(),
            },
            Task {
                name: "offensive from ordinary posts",
                source: "hate-offensive (MIT), as many ordinary posts as hateful or offensive ones",
                weight: 0.2,
                shown: true,
                examples: posts,
            },
        ],
    })
}

fn positive(source: &Source) -> Result<Recipe> {
    let Source { folder, seed, .. } = *source;
    Ok(Recipe {
        name: "positive",
        unit: "log-odds",
        blocks: vec![Block::Answer],
        list: baseline::FEELING,
        tasks: vec![
            Task {
                name: "favourable from unfavourable review sentences",
                source: "sentence polarity of Pang and Lee (CC-BY-4.0); SST holds the same sentences and is \
                    left out",
                weight: 1.0,
                shown: true,
                examples: balanced(data::sentence_polarity(folder)?, source.count(1500), seed),
            },
            Task {
                name: "pleasant from unpleasant comments",
                source: "goemotions (Apache-2.0; data CC-BY-4.0), comments whose emotions are all pleasant \
                    or all unpleasant",
                weight: 1.0,
                shown: true,
                examples: balanced(
                    data::goemotions(folder, &PLEASANT, &UNPLEASANT)?,
                    source.count(1200),
                    seed,
                ),
            },
        ],
    })
}

/// A text by itself.
fn single(l: Labelled) -> Example {
    Example { prompt: String::new(), group: l.text.clone(), answer: l.text, worse: None, yes: l.yes }
}

/// At most `each` texts of either label.
fn balanced(texts: Vec<Labelled>, each: usize, seed: u64) -> Vec<Example> {
    let (yes, no): (Vec<_>, Vec<_>) = texts.into_iter().partition(|l| l.yes);
    [yes, no].into_iter().flat_map(|part| sample(part, each, seed, |l| l.text.clone())).map(single).collect()
}

/// The first `words` words.
fn cut(text: &str, words: usize) -> String {
    text.split_whitespace().take(words).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_cut_at_words() {
        assert_eq!(cut("a b  c", 2), "a b");
        assert_eq!(cut("a", 2), "a");
    }
}
