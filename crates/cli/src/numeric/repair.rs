//! `palette repair`: what to ask for instead of a palette that is out of reach or too dear.

use super::ask::{AskArguments, Asked, index};
use super::input::BadInput;
use super::print;
use clap::Args;
use palette_study::{Repair, RepairReport};
use palette_tables::SampleSet;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
    /// What gives way: `ray` (all alike, the mix kept), `one:VALUE` (that value), `order:A,B,C` (what is
    /// named first gets most; the rest comes last), `nearest` (the least distance in standard deviations),
    /// `budget:NATS` (the nearest palette at that price).
    #[arg(long, value_name = "HOW")]
    how: String,
}

const NOT_POSSIBLE: &str = "The others alone are out of reach: no level of this value would do. Let another \
    value give way, or use ray or nearest.";

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let Asked { mut composer, question, notes } = arguments.ask.ask()?;
    let how = read_how(composer.set(), &arguments.how)?;
    let mut report = composer.repair(&question, &how, &arguments.how)?;
    if arguments.ask.json {
        report.notes = if report.possible { notes } else { vec![NOT_POSSIBLE.into()] };
        return print::json(&report);
    }
    print::notes(&notes);
    print::out(&in_words(&report));
    Ok(())
}

fn in_words(report: &RepairReport) -> String {
    if !report.possible {
        return format!("{NOT_POSSIBLE}\n");
    }
    let mut text = match (report.changed, report.share) {
        (Some(true), Some(share)) => {
            format!("All levels go {:.4}% of the way from the base.\n", 100.0 * share)
        }
        (Some(true), None) => format!("The palette moves by {} sd.\n", print::maybe(report.distance)),
        _ => "Nothing needs to change.\n".to_owned(),
    };
    if let Some(kl) = report.kl {
        text += &format!("It costs {} nats, at least {}.\n", print::number(kl), print::drafts(kl));
    }
    text += "\n";
    let rows: Vec<Vec<String>> = (report.values.iter().chain(&report.groups))
        .map(|target| {
            vec![
                target.name.clone(),
                print::number(target.base),
                print::maybe(target.asked),
                print::maybe(target.target),
                print::number(target.moved),
            ]
        })
        .collect();
    text + &print::table(&["value", "base", "asked", "instead", "moved (sd)"], &rows)
}

fn read_how(set: &SampleSet, text: &str) -> Result<Repair, BadInput> {
    let (kind, rest) = text.split_once(':').map_or((text, None), |(kind, rest)| (kind, Some(rest.trim())));
    match (kind.trim(), rest) {
        ("ray", None) => Ok(Repair::Ray),
        ("nearest", None) => Ok(Repair::Nearest),
        ("one", Some(name)) => index(set, name).map(Repair::One),
        ("order", Some(names)) => {
            let mut order = Vec::new();
            for name in names.split(',').map(str::trim) {
                let i = index(set, name)?;
                if order.contains(&i) {
                    return Err(BadInput(format!("--how {text} names {name} twice.")));
                }
                order.push(i);
            }
            Ok(Repair::Order(order))
        }
        ("budget", Some(nats)) => match nats.parse::<f64>() {
            Ok(x) if x.is_finite() && x >= 0.0 => Ok(Repair::Budget(x)),
            _ => Err(BadInput(format!(
                "--how {text}: the budget must be a number of nats, 0 or more, e.g. budget:1.5."
            ))),
        },
        _ => Err(BadInput(format!(
            "--how {text} is not known. It is ray, one:VALUE, order:A,B,C, nearest or budget:NATS."
        ))),
    }
}
