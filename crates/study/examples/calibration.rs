//! How often targets that are to hold on new prompts do: on random splits of real draws, and on draws from a known
//! distribution.
//!
//! ```sh
//! cargo run --profile native --package palette-study --example calibration -- PAIRS public/sample-set.json [MORE SETS]
//! ```
//!
//! Sets that are named together are one. Of all prompts at most 68, drawn anew for each pair, are solved on, and at most
//! 60 others judged on.
//!
//! Prints a table for each: for every number of drafts and every confidence, the share of raised targets that are
//! met by the mean over the new prompts of the expected level, with its standard error over palettes and splits.

#[path = "support/known.rs"]
mod known;

use std::error::Error;

use known::known;
use palette_study::align::judge;
use palette_study::compose::Composer;
use palette_study::{DraftsQuestion, Hold, Pooling, Question, Verdict};
use palette_tables::{Answer, Level, Palette, SampleSet, Target};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const CONFIDENCES: [f64; 4] = [0.5, 0.8, 0.9, 0.95];
const DRAFTS: [usize; 4] = [4, 8, 16, 32];
const PALETTES: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let pairs: usize = arguments.next().ok_or("say how many pairs, such as 100")?.parse()?;
    let mut set = None;
    for file in arguments {
        let more: SampleSet = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
        set = Some(match set {
            None => more,
            Some(set) => joined(set, more),
        });
    }
    let set = set.ok_or("name a sample set, such as public/sample-set.json")?;

    let pilot = 68.min(set.prompts.len() / 2);
    let new = 60.min(set.prompts.len() - pilot);
    println!("Real draws, {} prompts: {pilot} to solve on, {new} to judge on.", set.prompts.len());
    run(pairs, &set, |number| {
        let mut random = ChaCha8Rng::seed_from_u64(number as u64);
        let mut order: Vec<usize> = (0..set.prompts.len()).collect();
        order.shuffle(&mut random);
        (part(&set, &order[..pilot]), part(&set, &order[pilot..pilot + new]))
    });
    for (pilot, new) in [(68, 60), (400, 200)] {
        println!("A known distribution, 4 values: {pilot} prompts to solve on, {new} to judge on.");
        let example = known(2000, 32, 0);
        run(pairs, &example, |number| {
            (known(pilot, 32, 2 * number as u64 + 1), known(new, 32, 2 * number as u64 + 2))
        });
    }
    Ok(())
}

/// The palettes are drawn from the whole; `split` gives a pilot and new prompts for each number.
fn run(pairs: usize, whole: &SampleSet, split: impl Fn(usize) -> (SampleSet, SampleSet)) {
    println!("| k | targets | {} |", CONFIDENCES.map(|c| format!("{:.0}%", 100.0 * c)).join(" | "));
    for k in DRAFTS {
        for relative in [false, true] {
            let palettes = palettes(whole, k, relative);
            let cells = CONFIDENCES.map(|confidence| {
                let (mut met, mut all, mut unreachable, mut kl) = (0.0, 0.0, 0, 0.0);
                for number in 0..pairs {
                    let palette = &palettes[number % palettes.len()];
                    let (pilot, new) = split(number);
                    let new = drawn(&new, k, number as u64);
                    let Some(outcomes) = outcomes(pilot, &new, palette, k, confidence) else {
                        unreachable += 1;
                        continue;
                    };
                    kl += outcomes.1;
                    all += outcomes.0.len() as f64;
                    met += outcomes.0.iter().filter(|met| **met).count() as f64;
                }
                let share: f64 = met / all;
                let solved = (pairs - unreachable) as f64;
                format!(
                    "{:.3} ± {:.3} ({unreachable} out, KL {:.2})",
                    share,
                    (share * (1.0 - share) / solved).sqrt(),
                    kl / solved
                )
            });
            println!("| {k} | {} | {} |", if relative { "relative" } else { "levels" }, cells.join(" | "));
        }
    }
}

/// Whether each raised target is met by the mean over the new prompts, and the price; `None` where the palette
/// cannot be had with its margin.
fn outcomes(
    pilot: SampleSet,
    new: &SampleSet,
    palette: &Palette,
    k: usize,
    confidence: f64,
) -> Option<(Vec<bool>, f64)> {
    let hold = Some(Hold { confidence, prompts: new.prompts.len() });
    let mut composer = Composer::prepared(pilot, Pooling::PerPrompt).ok()?;
    let question = Question { palette: palette.clone(), pooling: Pooling::PerPrompt };
    let solved = composer.drafts(&question, DraftsQuestion { k, hold, seed: 1 }).ok()?;
    if solved.verdict != Verdict::Reachable {
        return None;
    }
    let asked = composer.asked(&question).ok()?;
    let measured = judge(new, &solved.lambda(), &asked, 1).ok()?.measured;
    let met = solved
        .values
        .iter()
        .zip(&measured.values)
        .zip(&asked)
        // What is raised, and binds: a target that is met anyway is met for sure.
        .filter(|((value, _), asked)| {
            asked.lower.is_some_and(|c| c > asked.base + 1e-9) && value.lambda.is_some_and(|l| l != 0.0)
        })
        .map(|((_, got), asked)| {
            let (level, from) =
                if asked.relative { (got.lift.mean, asked.base) } else { (got.expected.mean, 0.0) };
            asked.lower.is_some_and(|c| level >= c - from)
        })
        .collect();
    Some((met, solved.kl?))
}

/// k drafts of each prompt, others for every pair: the first ones of all prompts would stand for no population.
fn drawn(set: &SampleSet, k: usize, pair: u64) -> SampleSet {
    let mut random = ChaCha8Rng::seed_from_u64(pair ^ 0xd4af75);
    let mut drawn = SampleSet { answers: Vec::new(), ..set.clone() };
    for g in 0..set.prompts.len() {
        let mut all: Vec<&Answer> = set.answers_to(g).map(|(_, answer)| answer).collect();
        all.shuffle(&mut random);
        drawn.answers.extend(all.into_iter().take(k).cloned());
    }
    drawn
}

/// Random palettes that k drafts reach: one to three values raised, the others kept or left alone.
fn palettes(set: &SampleSet, k: usize, relative: bool) -> Vec<Palette> {
    let mut composer = Composer::prepared(set.clone(), Pooling::PerPrompt).expect("a sound set");
    let base = composer.solve(&Palette::default(), Pooling::PerPrompt).expect("a report").report;
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut found = Vec::new();
    while found.len() < PALETTES {
        let mut order: Vec<usize> = (0..set.values.len()).collect();
        order.shuffle(&mut random);
        let raised = random.random_range(1..=3);
        let mut palette = Palette::default();
        for (place, i) in order.into_iter().enumerate() {
            let value = &base.values[i];
            let by: f64 = random.random_range(0.1..0.5);
            let target = if place < raised {
                Target::AtLeast(if relative {
                    Level::BaseSd(by)
                } else {
                    Level::At(value.base + by * value.standard_deviation)
                })
            } else if random.random() {
                Target::MAINTAIN
            } else {
                Target::Off
            };
            palette.targets.insert(value.name.clone(), target);
        }
        let question = Question { palette, pooling: Pooling::PerPrompt };
        let hold = Some(Hold { confidence: 0.95, prompts: 30 });
        let solved = composer.drafts(&question, DraftsQuestion { k, hold, seed: 1 }).expect("an answer");
        // Some way inside: a half of the prompts reaches less.
        if solved.verdict == Verdict::Reachable && solved.kl.is_some_and(|kl| kl < 0.4 * (k as f64).ln()) {
            found.push(question.palette);
        }
    }
    found
}

/// Two sets of the same values as one.
fn joined(mut set: SampleSet, more: SampleSet) -> SampleSet {
    let from = set.prompts.len();
    set.prompts.extend(more.prompts);
    set.answers
        .extend(more.answers.into_iter().map(|answer| Answer { prompt: answer.prompt + from, ..answer }));
    set
}

/// The prompts of `set` at `chosen`, in order.
fn part(set: &SampleSet, chosen: &[usize]) -> SampleSet {
    let mut part = SampleSet { prompts: Vec::new(), answers: Vec::new(), ..set.clone() };
    for (place, g) in chosen.iter().enumerate() {
        part.prompts.push(set.prompts[*g].clone());
        part.answers.extend(set.answers_to(*g).map(|(_, answer)| Answer { prompt: place, ..answer.clone() }));
    }
    part
}
