//! `palette sequential`: aligning to one value after another, beside all at once.

use super::ask::AskArguments;
use super::input::BadInput;
use super::print::{self, say};
use clap::Args;
use map_align::{Ranges, Round, Step, Verdict, assess, sequential};
use serde_json::{Map, Value, json};

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
    /// Rounds over all values.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: u32,
}

pub fn run(arguments: Arguments) -> Result<(), BadInput> {
    let mut asked = arguments.ask.ask()?;
    let columns: Vec<String> = (0..asked.parts().0.values()).map(|i| asked.name(i)).collect();
    let notes = std::mem::take(&mut asked.notes);
    let (problem, bounds, _, pool) = asked.parts();
    let joint = assess(problem, pool, bounds, None, Ranges::None);
    let by_name = |lambda: &[f64]| -> Map<String, Value> {
        columns.iter().cloned().zip(lambda.iter().map(|l| json!(l))).collect()
    };
    if joint.verdict != Verdict::Reachable {
        let note = "The palette has no joint solution to compare with. See palette repair.";
        if arguments.ask.json {
            print::json(
                &json!({ "verdict": print::verdict(joint.verdict), "joint": null, "total": [], "fresh": [], "notes": [note] }),
            );
        } else {
            print::notes(&notes);
            say!("{note}\n");
        }
        return Ok(());
    }
    let rounds = arguments.rounds as usize;
    let total = sequential(problem, bounds, &joint.solution, rounds, Step::Total);
    let fresh = sequential(problem, bounds, &joint.solution, rounds, Step::Fresh);
    if arguments.ask.json {
        let path = |path: &[Round]| -> Vec<Value> {
            (path.iter().enumerate())
                .map(|(k, r)| {
                    json!({
                        "round": k + 1,
                        "lambda": by_name(&r.lambda),
                        "distance_sd": r.distance,
                        "gap": r.gap,
                        "kl": r.kl,
                        "shortfall_sd": r.shortfall,
                    })
                })
                .collect()
        };
        print::json(&json!({
            "verdict": "reachable",
            "joint": { "lambda": by_name(&joint.solution.lambda), "kl": joint.solution.kl },
            "total": path(&total),
            "fresh": path(&fresh),
            "notes": notes,
        }));
        return Ok(());
    }
    print::notes(&notes);
    say!(
        "Distance of λ to the joint solution (per sd) and the largest shortfall from a target (sd) after \
            each round:\n\n"
    );
    let rows: Vec<Vec<String>> = (total.iter().zip(&fresh).enumerate())
        .map(|(k, (t, f))| {
            vec![
                (k + 1).to_string(),
                print::number(t.distance),
                print::number(t.shortfall),
                print::number(f.distance),
                print::number(f.shortfall),
            ]
        })
        .collect();
    say!("{}", print::table(&["round", "total λ", "short", "fresh λ", "short"], &rows));
    say!(
        "\nTotal: the best λ_i given the others, in turn. Fresh: a new multiplier ≥ 0 on top of the model so \
            far, as the paper words it.\n"
    );
    Ok(())
}
