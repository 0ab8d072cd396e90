//! `palette solve`: the λ that meets a palette at the least KL, with verdict and proof.

use super::ask::{AskArguments, Asked};
use super::input::BadInput;
use super::{holds, print};
use clap::Args;
use palette_study::compose::Composer;
use palette_study::{
    CertificateReport, Drafted, DraftsError, DraftsQuestion, Hold, Pooling, Question, Report, Trust,
    TrustedValue, Verdict,
};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
    /// Also solve for choosing one of K drafts: the answers (of each prompt, under --per-prompt) dealt into
    /// groups of K.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    drafts: Option<u32>,
    /// With --drafts: solve so that each target holds with this confidence on new prompts, 50 to 99%.
    #[arg(long, value_name = "PERCENT", requires = "drafts", value_parser = holds::confidence)]
    confidence: Option<f64>,
    /// How many new prompts it is to hold on.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    new_prompts: u32,
    /// Resample the prompts B times: intervals of λ and of the levels, the chance that the palette is
    /// reachable, and held-out levels.
    #[arg(long, value_name = "B", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    bootstrap: Option<u32>,
    /// Seed of resampling and dealing.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Random halves of the prompts for held-out levels.
const SPLITS: usize = 100;

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let Asked { mut composer, question, mut notes } = arguments.ask.ask()?;
    if arguments.ask.targets.targets.is_empty() {
        notes.push(
            "No target was given, so nothing needs to change. Set some with -t, e.g. -t 'humor>=q80'.".into(),
        );
    }
    let mut report = composer.solve(&question.palette, question.pooling)?.report;
    if let Some(k) = arguments.drafts {
        let hold = arguments
            .confidence
            .map(|confidence| Hold { confidence, prompts: arguments.new_prompts as usize });
        if hold.is_some() && question.pooling == Pooling::Pooled {
            return Err(BadInput(
                "--confidence needs --per-prompt: what holds on new prompts is told by how prompts differ."
                    .into(),
            ));
        }
        let drafts = DraftsQuestion { k: k as usize, hold, seed: arguments.seed };
        report.with_drafts = Some(with_drafts(&mut composer, &question, drafts)?);
    }
    if let Some(resamples) = arguments.bootstrap {
        let trust = resampled(&mut composer, &question, resamples as usize, arguments.seed)?;
        report.notes.extend(beyond(&trust));
        report.bootstrap = Some(trust);
    }
    notes.append(&mut report.notes);
    report.notes = notes;
    print::answer(&report, &report.notes, arguments.ask.json, in_words)
}

fn with_drafts(
    composer: &mut Composer,
    question: &Question,
    drafts: DraftsQuestion,
) -> Result<Drafted, BadInput> {
    composer.drafts(question, drafts).map_err(|error| match error {
        DraftsError::Palette(sentence) => BadInput(sentence),
        DraftsError::TooMany { k } => BadInput(format!(
            "No prompt has {k} answers to choose from. Give a smaller --drafts, or leave out --per-prompt."
        )),
    })
}

fn resampled(
    composer: &mut Composer,
    question: &Question,
    resamples: usize,
    seed: u64,
) -> Result<Trust, BadInput> {
    let study = composer.trust(question, seed)?;
    let mut bootstrap = study.bootstrap();
    (0..resamples).for_each(|_| bootstrap.step());
    Ok(study.report(bootstrap.finish(), study.held_out(SPLITS)))
}

/// What the held-out levels say against the intervals.
fn beyond(trust: &Trust) -> Vec<String> {
    let note = |value: &TrustedValue| {
        Some(format!(
            "{}: {} on prompts that λ was not solved on, outside the interval {}.",
            value.name,
            print::number(value.held_out_beyond()?),
            print::interval(value.realised)
        ))
    };
    trust.values.iter().filter_map(note).collect()
}

fn in_words(report: &Report) -> String {
    let mut text = verdict(report) + &price(report);
    if let Some(proof) = &report.certificate {
        text += &proof_in_words(proof);
    }
    text += "\n";
    text += &levels(report);
    if let Some(back) = report.scaled_back.as_ref().filter(|back| back.share > 0.0) {
        text += &format!(
            "\nScaled back to {:.0}% of the way from the base it costs {} nats.\n",
            100.0 * back.share,
            print::number(back.kl)
        );
    }
    if let Some(drafted) = &report.with_drafts {
        text += &holds::in_words(drafted);
    }
    if let Some(trust) = &report.bootstrap {
        text += &intervals(trust);
    }
    text
}

fn verdict(report: &Report) -> String {
    match (report.verdict, report.slack) {
        (Verdict::Reachable, None) => "Reachable: nothing is asked.\n".into(),
        (Verdict::Reachable, Some(slack)) => {
            format!("Reachable: every target could be tightened by {} sd at once.\n", print::number(slack))
        }
        (Verdict::Edge, _) => "On the edge: the targets are met only in the limit, λ has no bound.\n".into(),
        (Verdict::Unreachable, None) => {
            "Out of reach: a value that is the same for every answer cannot be moved.\n".into()
        }
        (Verdict::Unreachable, Some(slack)) => format!(
            "Out of reach by {} sd: no weighting of the answers meets all targets.\n",
            print::number(slack).trim_start_matches('-')
        ),
    }
}

/// What the weights cost and rest on, where there are any.
fn price(report: &Report) -> String {
    let (Some(kl), Some(residual)) = (report.kl, report.kkt_residual) else { return String::new() };
    format!(
        "It costs {} nats, at least {}; the weights rest on about {} answers of {}. KKT residual \
            {residual:.1e} sd after {} steps.\n",
        print::number(kl),
        print::drafts(kl),
        print::maybe(report.effective_samples),
        report.answers,
        report.iterations,
    )
}

fn proof_in_words(proof: &CertificateReport) -> String {
    let along = proof.direction.iter().filter(|(_, d)| *d != 0.0);
    let along: Vec<String> = along.map(|(name, d)| format!("{} {name}", print::number(d))).collect();
    format!(
        "Proof: along {} the targets ask for {} more than the best answers give.\n",
        along.join(" + "),
        print::number(proof.margin)
    )
}

/// A row for every value, and for every target on a group.
fn levels(report: &Report) -> String {
    let values = report.values.iter().map(|v| {
        let target = print::bounds(v.lower, v.upper);
        (&v.name, v.base, target, [v.realised, v.lambda, v.max_reachable])
    });
    let groups = report.groups.iter().map(|g| {
        let target = print::bounds(g.lower, g.upper);
        (&g.name, g.base, target, [g.realised, g.lambda, None])
    });
    let rows: Vec<Vec<String>> = values
        .chain(groups)
        .map(|(name, base, target, figures)| {
            let mut row = vec![name.clone(), print::number(base), target];
            row.extend(figures.map(print::maybe));
            row
        })
        .collect();
    print::table(&["value", "base", "target", "realised", "λ", "reachable up to"], &rows)
}

fn intervals(trust: &Trust) -> String {
    let rows: Vec<Vec<String>> = (trust.values.iter())
        .map(|v| {
            vec![
                v.name.clone(),
                print::interval(v.lambda),
                print::interval(v.realised),
                print::maybe(v.held_out),
                print::interval(v.held_out_interval),
                v.held_out_met.map_or("–".into(), |met| format!("{:.0}%", 100.0 * met)),
            ]
        })
        .collect();
    if trust.probability_reachable.is_none() {
        return format!(
            "\nOnly {} prompts or answers: too few to tell what others would give.\n",
            trust.units
        );
    }
    format!(
        "\nOf {} resamples {} are reachable, {} on the edge, {} out of reach. 95% intervals; held out: λ of one \
            half of the prompts on the other, over {} random halves:\n{}",
        trust.resamples,
        trust.reachable,
        trust.edge,
        trust.unreachable,
        trust.splits,
        print::table(&["value", "λ", "realised", "held out", "interval", "target met"], &rows)
    )
}
