//! `palette lab`: solvers beside one another on the table at hand.

use super::ask::{AskArguments, Asked};
use super::input::BadInput;
use super::print;
use clap::Args;
use palette_study::lab::{Ended, Lab, LabMethod, LabRun, Setting};
use std::time::Instant;

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let Asked { mut composer, question, notes } = arguments.ask.ask()?;
    let start = Instant::now();
    let clock = || start.elapsed().as_secs_f64();
    let mut lab = composer.lab(&question)?.finish(&clock);
    lab.notes = notes;
    print::answer(&lab, &lab.notes, arguments.ask.json, in_words)
}

fn in_words(lab: &Lab) -> String {
    let whole = &lab.whole;
    let rows: Vec<Vec<String>> = whole.runs.iter().map(row).collect();
    let mut text = format!(
        "{}\n\n{} rows in {} groups, {} targets: {}{}. With its proof that takes {} s.\n\n{}",
        lab.sentences.join("\n"),
        whole.rows,
        whole.groups,
        whole.values,
        print::verdict(whole.verdict),
        whole.kkt_residual.map_or(String::new(), |r| format!(", exact to {r:.1e} sd")),
        print::number(whole.seconds_with_proof),
        print::table(
            &[
                "solver",
                "λ off by",
                "levels off by",
                "short by",
                "KL off by",
                "passes",
                "seconds",
                "says",
                ""
            ],
            &rows
        )
    );
    text += "\nIn standard deviations (λ: per sd) and nats; short by: the largest shortfall from a target.\n";
    for method in LabMethod::ALL {
        text += &format!("{}: {}\n", name(method), method.about());
    }
    text += &growth("rows", &lab.by_rows, |setting| setting.rows);
    text += &growth("targets", &lab.by_values, |setting| setting.values);
    text
}

fn name(method: LabMethod) -> &'static str {
    match method {
        LabMethod::Paper => "paper",
        LabMethod::Gradient => "gradient",
        LabMethod::Lbfgs => "L-BFGS",
        LabMethod::Newton => "Newton",
    }
}

fn row(run: &LabRun) -> Vec<String> {
    let says = match (run.ended, run.says_reachable) {
        (Ended::Overflow, _) => "overflow",
        (_, true) => "reachable",
        (_, false) => "not reached",
    };
    vec![
        name(run.method).to_owned(),
        small(run.lambda_error),
        small(run.level_error),
        small(run.shortfall),
        small(run.kl_error),
        run.passes.to_string(),
        print::number(run.seconds),
        says.to_owned(),
        match run.right {
            Some(true) => "right",
            Some(false) => "wrong",
            None => "–",
        }
        .to_owned(),
    ]
}

fn small(x: Option<f64>) -> String {
    x.filter(|x| x.is_finite()).map_or("–".into(), |x| if x == 0.0 { "0".into() } else { format!("{x:.1e}") })
}

/// Seconds and passes of every solver as something grows.
fn growth(of: &str, settings: &[Setting], size: fn(&Setting) -> usize) -> String {
    let header: Vec<&str> = [of, "verdict"].into_iter().chain(LabMethod::ALL.map(name)).collect();
    let cell = |run: &LabRun| {
        let wrong = if run.right == Some(false) { ", wrong" } else { "" };
        format!("{} s, {}{wrong}", print::number(run.seconds), run.passes)
    };
    let rows: Vec<Vec<String>> = settings
        .iter()
        .map(|setting| {
            let mut row = vec![size(setting).to_string(), print::verdict(setting.verdict).to_owned()];
            row.extend(setting.runs.iter().map(cell));
            row
        })
        .collect();
    format!("\nBy {of} (seconds, passes):\n{}", print::table(&header, &rows))
}
