//! `palette paper`: the paper's tables recomputed.

use super::input::{BadInput, read};
use super::parquet::import_any;
use super::print;
use clap::Args;
use palette_study::compose::Composer;
use palette_study::paper::{PaperReport, PaperRow, Says, read_log, read_published};
use palette_tables::import::ImportOptions;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Table of rewards of the paper's authors, such as llama2_chat-Anthropic-harmless.json of their repository
    /// (github.com/wang8740/MAP), or the same numbers as CSV.
    table: PathBuf,
    /// What was published: a JSON list of palettes with `name`, `values`, `c` and `lambda_published`, or the authors'
    /// log of runs, alignValues.txt.
    published: PathBuf,
    /// Answer with JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let (name, bytes) = read(&arguments.table)?;
    let imported = import_any(&name, &bytes, &ImportOptions::default())?;
    let (published_name, bytes) = read(&arguments.published)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| BadInput(format!("{published_name} is not text in UTF-8. Save it as UTF-8.")))?;
    let log = !text.trim_start().starts_with(['[', '{']);
    let published = if log { read_log(&text, &name) } else { read_published(&text) }
        .map_err(|why| BadInput(format!("{published_name}: {why}")))?;
    let mut composer = Composer::new(imported.set).map_err(|error| BadInput(error.to_string()))?;
    let mut report = composer.paper(&published)?;
    report.notes = imported.notes;
    if arguments.json {
        return print::json(&report);
    }
    print::notes(&report.notes);
    print::out(&in_words(&report, &name, log));
    Ok(())
}

/// λ that differ by less, nats per unit, are the same to the three decimals that were published.
const SAME: f64 = 0.002;

fn in_words(report: &PaperReport, table: &str, log: bool) -> String {
    let mut text = format!(
        "{table}: {} answers in one group. Of {} published verdicts {} {} not so.\n",
        report.answers,
        report.palettes.len(),
        report.verdicts_differ,
        if report.verdicts_differ == 1 { "is" } else { "are" }
    );
    let with_lambda = report.palettes.iter().filter(|row| row.published == Says::Lambda).count();
    let passed = report.palettes.iter().filter(|row| row.off.is_some_and(|off| off < SAME)).count();
    text += &format!(
        "Of {with_lambda} published λ {passed} are, within {SAME}, what the procedure of the authors' code has after \
            some number of steps up to 300.\n"
    );
    // A log has more runs than anyone reads.
    for row in report.palettes.iter().filter(|row| !log || row.differs) {
        text += &format!("\n{}\n{}{}\n", row.name, of_row(row), row.why);
    }
    text
}

fn of_row(row: &PaperRow) -> String {
    let published = match row.published {
        Says::Lambda => "published with a λ",
        Says::Diverged => "published as diverging",
    };
    let kl =
        row.kl.map_or(String::new(), |kl| format!(", {} nats, {}", print::number(kl), print::drafts(kl)));
    let rows: Vec<Vec<String>> = (row.values.iter())
        .map(|value| {
            vec![
                value.name.clone(),
                format!("≥ {}", value.level),
                print::maybe(value.published),
                print::maybe(value.exact),
                print::maybe(value.realised_by_published),
                print::maybe(value.realised),
                print::maybe(value.decoded),
            ]
        })
        .collect();
    let header = ["value", "target", "λ published", "λ exact", "gives", "exact gives", "decoded"];
    format!(
        "{published}; {}{kl}{}\n{}",
        print::verdict(row.verdict),
        if row.differs { ": THE VERDICTS DIFFER" } else { "" },
        print::table(&header, &rows)
    )
}
