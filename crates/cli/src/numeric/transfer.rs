//! `palette study transfer`: one palette on several groups of prompts.

use super::ask::AskArguments;
use super::drafts;
use super::input::BadInput;
use super::print;
use clap::Args;
use palette_study::transfer::{Fate, Transfer, TransferTarget};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
    /// Answers to other prompts, with the same values: their groups stand beside those of the table.
    #[arg(long, value_name = "TABLE")]
    beside: Option<PathBuf>,
    /// Answers to each prompt that are chosen among, the first of each; as many as every prompt has without it.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(2..))]
    drafts: Option<u32>,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let asked = arguments.ask.ask()?;
    let (question, mut notes) = (asked.question, asked.notes);
    let more = match &arguments.beside {
        Some(file) => Some(drafts::open(file, arguments.ask.table.group.as_deref(), &[], &mut notes)?),
        None => None,
    };
    let k = arguments.drafts.map(|k| k as usize);
    let mut report = Transfer::new(asked.composer.set(), more.as_ref(), &question.palette, k)?;
    report.notes.extend(notes);
    print::answer(&report, &report.notes, arguments.ask.json, in_words)
}

fn in_words(report: &Transfer) -> String {
    let groups: Vec<Vec<String>> = (report.groups.iter())
        .map(|group| {
            let kl = group.kl.map_or("–".into(), print::number);
            vec![group.name.clone(), group.prompts.to_string(), print::verdict(group.verdict).into(), kl]
        })
        .collect();
    let pairs: Vec<Vec<String>> = (report.pairs.iter())
        .flat_map(|pair| {
            let name = |at: usize| report.groups[at].name.clone();
            (pair.values.iter().filter(|value| value.fate != Fate::NoTarget && value.fate != Fate::Home))
                .map(move |value| row(name(pair.from), name(pair.to), pair.kl, value))
        })
        .collect();
    format!(
        "{}\n\n{}\n\n{}",
        report.sentences.join("\n"),
        print::table(&["group", "prompts", "verdict", "nats"], &groups),
        print::table(
            &["λ from", "used on", "nats", "value", "level", "room", "share of lift", "outcome"],
            &pairs
        )
    )
}

fn row(from: String, to: String, kl: f64, value: &TransferTarget) -> Vec<String> {
    let with = |x: Option<f64>, interval: Option<[f64; 2]>, say: &dyn Fn(f64) -> String| match (x, interval) {
        (Some(x), Some([low, high])) => format!("{} ({} to {})", say(x), say(low), say(high)),
        (Some(x), None) => say(x),
        _ => "–".into(),
    };
    let percent = |x: f64| format!("{:.0}%", 100.0 * x);
    vec![
        from,
        to,
        print::number(kl),
        value.name.clone(),
        print::number(value.level.mean),
        with(value.room, value.interval, &print::number),
        with(value.share, value.share_interval, &percent),
        match value.fate {
            Fate::Short => "falls short".into(),
            Fate::Kept => "kept".into(),
            Fate::Home => "solved here".into(),
            Fate::NoTarget => "no target".into(),
        },
    ]
}
