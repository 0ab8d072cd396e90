//! `palette ranges`: how far each value can go with the other targets held.

use super::ask::AskArguments;
use super::input::BadInput;
use super::print::{self, say};
use clap::Args;
use map_align::ranges;
use serde_json::json;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
}

pub fn run(arguments: Arguments) -> Result<(), BadInput> {
    let mut asked = arguments.ask.ask()?;
    let names: Vec<String> = asked.set.values.iter().map(|v| v.name.clone()).collect();
    let notes = std::mem::take(&mut asked.notes);
    let (problem, bounds, _, pool) = asked.parts();
    let stops = ranges(problem, pool, bounds);
    if arguments.ask.json {
        let values: Vec<_> = (names.iter().enumerate())
            .map(|(i, name)| {
                json!({
                    "name": name,
                    "base": problem.mean(i),
                    "sd": problem.standard_deviation(i),
                    "lowest": stops[i].lowest,
                    "highest": stops[i].highest,
                })
            })
            .collect();
        print::json(&json!({ "values": values, "notes": notes }));
    } else {
        print::notes(&notes);
        let rows: Vec<Vec<String>> = (names.iter().enumerate())
            .map(|(i, name)| {
                vec![
                    name.clone(),
                    print::number(problem.mean(i)),
                    print::maybe(stops[i].lowest),
                    print::maybe(stops[i].highest),
                ]
            })
            .collect();
        say!("{}", print::table(&["value", "base", "lowest", "highest"], &rows));
        if stops[..names.len()].iter().any(|s| s.highest.is_none()) {
            say!("\nA dash: the other targets alone are out of reach.\n");
        }
    }
    Ok(())
}
