//! `palette paper`: the paper's tables recomputed.

use super::input::{BadInput, read};
use super::parquet::import_any;
use super::print;
use clap::Args;
use palette_study::compose::Composer;
use palette_study::paper::{PaperReport, PaperRow, Says, read_file};
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
    let published = read_file(&published_name, &bytes, &name).map_err(BadInput)?;
    let many = published.len() > MOST_SHOWN;
    let mut composer = Composer::new(imported.set).map_err(|error| BadInput(error.to_string()))?;
    let mut report = composer.paper(&published)?;
    report.notes = imported.notes;
    if arguments.json {
        return print::json(&report);
    }
    print::notes(&report.notes);
    print::out(&in_words(&report, &name, many));
    Ok(())
}

/// Of more palettes than this only those whose verdicts differ are shown: a log has more runs than anyone reads.
const MOST_SHOWN: usize = 40;

fn in_words(report: &PaperReport, table: &str, many: bool) -> String {
    let mut text =
        format!("{table}: {} answers in one group.\n{}\n", report.answers, report.sentences.join("\n"));
    for row in report.palettes.iter().filter(|row| !many || row.differs) {
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
