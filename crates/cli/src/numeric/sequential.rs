//! `palette sequential`: aligning to one value after another, beside all at once.

use super::ask::{AskArguments, Asked};
use super::input::BadInput;
use super::print::{self, say};
use clap::Args;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
    /// Rounds over all values.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: u32,
}

const NO_JOINT: &str = "The palette has no joint solution to compare with. See palette repair.";

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let Asked { mut composer, question, notes } = arguments.ask.ask()?;
    let mut report = composer.sequences(&question, arguments.rounds as usize)?;
    if arguments.ask.json {
        report.notes = if report.joint.is_some() { notes } else { vec![NO_JOINT.into()] };
        return print::json(&report);
    }
    print::notes(&notes);
    if report.joint.is_none() {
        say!("{NO_JOINT}\n");
        return Ok(());
    }
    say!(
        "Distance of λ to the joint solution (per sd) and the largest shortfall from a target (sd) after \
            each round:\n\n"
    );
    let rows: Vec<Vec<String>> = (report.total.iter().zip(&report.fresh))
        .map(|(total, fresh)| {
            vec![
                total.round.to_string(),
                print::number(total.distance),
                print::number(total.shortfall),
                print::number(fresh.distance),
                print::number(fresh.shortfall),
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
