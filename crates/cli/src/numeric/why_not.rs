//! `palette study why-not`: why two targets cannot both be had.

use super::ask::{AskArguments, Asked, two_names};
use super::input::BadInput;
use super::print;
use clap::Args;
use palette_study::WhyNotReport;
use palette_tables::SampleSet;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
    /// The two targets, separated by a comma, each a value or VALUE@GROUP; without it the two that weigh most
    /// in the proof.
    #[arg(long, value_name = "TARGET,TARGET", value_delimiter = ',')]
    pair: Vec<String>,
}

/// Characters of an answer that are shown.
const SHOWN: usize = 90;

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let Asked { mut composer, question, notes } = arguments.ask.ask_naming(&arguments.pair)?;
    let pair = match arguments.pair.as_slice() {
        [] => None,
        names => Some(two_names(composer.set(), "--pair", names)?),
    };
    let mut report = composer.why_not(&question, pair.as_ref())?.finish();
    report.notes.extend(notes);
    print::answer(&report, &report.notes, arguments.ask.json, |report| in_words(report, composer.set()))
}

fn in_words(report: &WhyNotReport, set: &SampleSet) -> String {
    let [a, b] = &report.pair;
    let mut text = format!("{}\n", report.stands_in_the_way(str::to_owned));
    if let Some(proof) = &report.proof {
        text += &format!(
            "In no mix of answers does {} exceed {}; the palette asks for {}.\n",
            proof.direction.weighted_sum(print::number, str::to_owned),
            print::number(proof.best),
            print::number(proof.asked)
        );
    }
    text += &format!(
        "{} of {} answers meet both targets by themselves.\n",
        report.answers_meeting_both, report.answers
    );
    if !report.prices.is_empty() {
        let held = if report.held == 1.0 {
            "the other targets held".to_owned()
        } else {
            format!("the other targets held at {}% of their way", print::number(100.0 * report.held))
        };
        text += &match report.edge {
            Some(edge) => format!(
                "\nTogether, {held}, they can go {}% of the way from the base to what is asked:\n",
                print::number(100.0 * edge)
            ),
            None => format!("\nTogether, {held}, they can go beyond 150% of the way:\n"),
        };
        let rows: Vec<Vec<String>> = (report.prices.iter())
            .map(|price| {
                vec![
                    format!("{:.1}%", 100.0 * price.share),
                    print::number(price.levels[0]),
                    print::number(price.levels[1]),
                    print::number(price.kl),
                    print::drafts(price.kl),
                ]
            })
            .collect();
        text += &print::table(&["way", &a.name, &b.name, "nats", "at least"], &rows);
    }
    if !report.nearest.is_empty() {
        text += "\nThe answers that come nearest:\n";
        for near in &report.nearest {
            let rewards: Vec<String> = near
                .rewards
                .iter()
                .map(|(name, reward)| format!("{name} {}", print::number(reward)))
                .collect();
            let answer = shortened(&set.answers[near.answer].text);
            let said = if answer.is_empty() { String::new() } else { format!(": {answer}") };
            text += &format!("row {}, {}{said}\n", near.answer + 1, rewards.join(", "));
        }
    }
    text
}

fn shortened(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    line.chars().take(SHOWN).collect::<String>() + "…"
}
