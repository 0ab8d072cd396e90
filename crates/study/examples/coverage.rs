//! How often the 95% intervals of levels and of λ hold what is true, on draws from a known distribution.
//!
//! ```sh
//! cargo run --profile native --package palette-study --example coverage -- RUNS [PROMPTS]
//! ```
//!
//! On 68 and on 400 prompts unless a number is given.

#[path = "support/known.rs"]
mod known;

use std::error::Error;

use known::known;
use palette_study::align::judge;
use palette_study::compose::Composer;
use palette_study::{Pooling, Question, Verdict};
use palette_tables::{Level, Palette, Target};

const RESAMPLES: usize = 200;
const ANSWERS: usize = 32;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let runs: u64 = arguments.next().ok_or("say how many runs, such as 300")?.parse()?;
    let sizes = match arguments.next() {
        Some(prompts) => vec![prompts.parse()?],
        None => vec![68, 400],
    };
    let mut palette = Palette::default();
    for (value, level) in [("a", 0.35), ("c", 0.3)] {
        palette.targets.insert(value.into(), Target::AtLeast(Level::At(level)));
    }
    palette.targets.insert("b".into(), Target::AtLeast(Level::At(0.0)));
    palette.targets.insert("d".into(), Target::Off);
    let question = Question { palette, pooling: Pooling::PerPrompt };
    // So many prompts that they stand for all.
    let all = known(20_000, ANSWERS, 0);
    let mut whole = Composer::prepared(all.clone(), Pooling::PerPrompt)?;
    let truth = whole.solve(&question.palette, question.pooling)?.report;
    println!("| prompts | level, λ given | level, resampled | λ, resampled | expected level of choosing |");
    for prompts in sizes {
        let mut within = [[0u64; 2]; 4];
        let mut count = |which: usize, interval: Option<[f64; 2]>, true_one: f64| {
            if let Some([low, high]) = interval {
                within[which][0] += u64::from((low..=high).contains(&true_one));
                within[which][1] += 1;
            }
        };
        for run in 1..=runs {
            let mut composer = Composer::prepared(known(prompts, ANSWERS, run), Pooling::PerPrompt)?;
            let report = composer.solve(&question.palette, question.pooling)?.report;
            if report.verdict != Verdict::Reachable {
                continue;
            }
            let lambda: Vec<(String, f64)> =
                report.values.iter().filter_map(|v| Some((v.name.clone(), v.lambda?))).collect();
            // What this λ realises on all prompts.
            let levels = judge(&all, &lambda, &[], 1)?.measured;
            let study = composer.trust(&question, run)?;
            let mut bootstrap = study.bootstrap();
            (0..RESAMPLES).for_each(|_| bootstrap.step());
            let trust = study.report(bootstrap.finish(), study.held_out(2));
            let fresh = judge(&known(prompts, ANSWERS, runs + run), &lambda, &[], 1)?.measured;
            for i in 0..4 {
                let level = levels.values[i].expected.mean;
                count(0, report.values[i].interval, level);
                count(1, trust.values[i].realised, level);
                count(3, fresh.values[i].expected.interval, level);
                if let Some(true_lambda) = truth.values[i].lambda.filter(|l| *l != 0.0) {
                    count(2, trust.values[i].lambda, true_lambda);
                }
            }
        }
        let cells = within.map(|[hits, all]| format!("{:.1}% of {all}", 100.0 * hits as f64 / all as f64));
        println!("| {prompts} | {} |", cells.join(" | "));
    }
    Ok(())
}
