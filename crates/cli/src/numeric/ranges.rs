//! `palette ranges`: how far each value can go with the other targets held.

use super::ask::{AskArguments, Asked};
use super::input::BadInput;
use super::print::{self, say};
use clap::Args;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let Asked { mut composer, question, notes } = arguments.ask.ask()?;
    let mut report = composer.ranges(&question)?;
    report.notes = notes;
    if arguments.ask.json {
        return print::json(&report);
    }
    print::notes(&report.notes);
    let rows: Vec<Vec<String>> = (report.values.iter())
        .map(|value| {
            vec![
                value.name.clone(),
                print::number(value.base),
                print::maybe(value.lowest),
                print::maybe(value.highest),
            ]
        })
        .collect();
    say!("{}", print::table(&["value", "base", "lowest", "highest"], &rows));
    if report.values.iter().any(|value| value.highest.is_none()) {
        say!("\nA dash: the other targets alone are out of reach.\n");
    }
    Ok(())
}
