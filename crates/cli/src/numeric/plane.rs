//! `palette study plane`: what two values can be at once with the other targets held.

use super::ask::{AskArguments, Asked, two_names};
use super::input::BadInput;
use super::print;
use clap::Args;
use palette_study::{PlaneReport, PlaneValue};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
    /// The two values, separated by a comma; without it the two with the largest λ.
    #[arg(long, value_name = "VALUE,VALUE", value_delimiter = ',')]
    values: Vec<String>,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let Asked { mut composer, question, notes } = arguments.ask.ask_naming(&arguments.values)?;
    let values = match arguments.values.as_slice() {
        [] => None,
        names => Some(two_names(composer.set(), "--values", names)?),
    };
    let mut report = composer.plane(&question, values.as_ref())?.whole();
    report.notes.extend(notes);
    print::answer(&report, &report.notes, arguments.ask.json, in_words)
}

fn in_words(report: &PlaneReport) -> String {
    let [a, b] = &report.values;
    if !report.possible {
        return format!(
            "The other targets alone are out of reach, whatever {} and {} are: lower one of those first.\n",
            a.name, b.name
        );
    }
    let with = |value: &PlaneValue| match (value.lower, value.upper) {
        (None, None) => "nothing asked of it".to_owned(),
        (lower, upper) => print::bounds(lower, upper),
    };
    let end = |value: &PlaneValue, other: &PlaneValue| match value.max_reachable {
        Some(most) => format!(
            "{} can go up to {} with {} at its target ({}).\n",
            value.name,
            print::number(most),
            other.name,
            with(other)
        ),
        None => format!("The target of {} with those of the others is out of reach.\n", other.name),
    };
    let scaled = report.scaled_back.map_or(String::new(), |share| {
        format!(" scaled back to {}% of the way", print::number(100.0 * share))
    });
    let rows: Vec<Vec<String>> =
        report.frontier.iter().map(|[x, y]| vec![print::number(*x), print::number(*y)]).collect();
    format!(
        "{}{}The palette{scaled} stands at {} and {}; the base at {} and {}.\n\n\
            The frontier, {} points: what lies within can be had, and nothing lies more than {} sd beyond it.\n{}",
        end(a, b),
        end(b, a),
        print::number(a.attained),
        print::number(b.attained),
        print::number(a.base),
        print::number(b.base),
        report.frontier.len(),
        print::number(report.frontier_error),
        print::table(&[&a.name, &b.name], &rows)
    )
}
