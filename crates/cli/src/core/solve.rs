//! `palette solve`: the λ that meets a palette at the least KL, with verdict and proof.

use super::ask::{AskArguments, Asked};
use super::input::BadInput;
use super::{certificate, print};
use clap::Args;
use map_align::{
    Assessment, Bounds, EDGE, Ranges, Solution, Status, Verdict, VertexPool, assess, bootstrap,
    effective_samples, held_out, in_drafts, largest_weight, sensitivity,
};
use palette_study::diagnostics;
use serde_json::{Value, json};

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
    /// Also solve for choosing one of K drafts: the answers (of each prompt, under --per-prompt) dealt into
    /// groups of K.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    drafts: Option<u32>,
    /// Resample the prompts B times: intervals of λ and of the levels, the chance that the palette is
    /// reachable, and held-out levels.
    #[arg(long, value_name = "B", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    bootstrap: Option<u32>,
    /// Seed of resampling and dealing.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Parts that the prompts are dealt into for held-out levels: halves.
const FOLDS: usize = 2;

/// What can be said of the weights themselves: of the solution, or on the edge of the weights that come
/// closest.
fn weighted(found: &Assessment) -> Option<&Solution> {
    match found.verdict {
        Verdict::Reachable => Some(&found.solution),
        Verdict::Edge => found.limit.as_ref().filter(|s| s.kkt_residual <= EDGE),
        Verdict::Unreachable => None,
    }
}

/// A target as one number: the bound, the lower one of a range.
fn target(bounds: &Bounds) -> Option<f64> {
    bounds.lower.or(bounds.upper)
}

pub fn run(arguments: Arguments) -> Result<(), BadInput> {
    let mut asked = arguments.ask.ask()?;
    let mut notes = std::mem::take(&mut asked.notes);
    if arguments.ask.targets.targets.is_empty() {
        notes.push(
            "No target was given, so nothing needs to change. Set some with -t, e.g. -t 'humor>=q80'.".into(),
        );
    }
    let found = {
        let (problem, bounds, _, pool) = asked.parts();
        assess(problem, pool, bounds, None, Ranges::All)
    };
    {
        let (problem, bounds) = match &asked.subgroups {
            Some(e) => (&e.problem, &e.bounds[..]),
            None => (&asked.prepared.problem, &asked.resolved.bounds[..]),
        };
        notes.extend(diagnostics::notes(
            &asked.set,
            problem,
            bounds,
            asked.subgroups.as_ref(),
            &asked.resolved,
        ));
    }
    let mut shown = shown(&mut asked, &found);
    if let Some(k) = arguments.drafts {
        shown["with_drafts"] = with_drafts(&mut asked, k as usize, arguments.seed)?;
    }
    if let Some(resamples) = arguments.bootstrap {
        shown["bootstrap"] = resampled(&mut asked, &found, resamples as usize, arguments.seed, &mut notes);
    }
    shown["notes"] = json!(notes);
    if arguments.ask.json {
        print::json(&shown);
    } else {
        print::notes(&notes);
        print::out(&in_words(&found, &shown));
    }
    Ok(())
}

fn shown(asked: &mut Asked, found: &Assessment) -> Value {
    let proof = found.certificate.as_ref().map(|c| certificate::shown(asked, c));
    let m = asked.set.values.len();
    let group_names: Vec<String> =
        asked.subgroups.iter().flat_map(|e| &e.columns).map(|c| asked.name(c.column)).collect();
    let names: Vec<String> = (0..m).map(|i| asked.name(i)).collect();
    let pooling = if asked.prepared.problem.group_count() > 1 { "per-prompt" } else { "pooled" };
    let resolved = asked.resolved.clone();
    let (problem, bounds, columns, _) = asked.parts();
    let at = weighted(found);
    let bounded = found.verdict == Verdict::Reachable;
    let slopes = bounded.then(|| sensitivity(problem, &found.solution));
    let values: Vec<Value> = (0..m)
        .map(|i| {
            json!({
                "name": names[i],
                "base": problem.mean(i),
                "sd": problem.standard_deviation(i),
                "target": target(&bounds[i]),
                "lower": bounds[i].lower,
                "upper": bounds[i].upper,
                "realised": at.map(|s| s.realised[i]),
                "lambda": bounded.then(|| found.solution.lambda[i]),
                "max_reachable": found.attainable[i].highest,
                "min_reachable": found.attainable[i].lowest,
                "lambda_by_target": slopes.as_ref().map(|s| (0..m).map(|k| s.lambda[[k, i]]).collect::<Vec<f64>>()),
                "level_by_target": slopes.as_ref().map(|s| (0..m).map(|k| s.level[[k, i]]).collect::<Vec<f64>>()),
            })
        })
        .collect();
    let groups: Vec<Value> = columns
        .iter()
        .zip(group_names)
        .map(|(c, name)| {
            let part = &resolved.subgroups[c.part];
            json!({
                "name": name,
                "value": names[part.value],
                "group": part.group,
                "base": part.base,
                "target": target(&bounds[c.column]),
                "lower": bounds[c.column].lower,
                "upper": bounds[c.column].upper,
                "realised": at.map(|s| problem.mean_over(part.value, &part.rows, &s.weights)),
                "lambda": bounded.then(|| found.solution.lambda[c.column]),
            })
        })
        .collect();
    let status = match (found.verdict, at.map(|s| s.status)) {
        (Verdict::Unreachable, _) => "proved out of reach",
        (_, Some(Status::Converged)) => "converged",
        _ => "ended where floating point ends",
    };
    json!({
        "verdict": print::verdict(found.verdict),
        "slack_sd": found.slack,
        "kl": at.map(|s| s.kl),
        "drafts": at.map(|s| s.kl.exp()),
        "ess": at.map(|s| effective_samples(problem, &s.weights)),
        "largest_weight": at.map(|s| largest_weight(problem, &s.weights)),
        "kkt_residual_sd": at.map(|s| s.kkt_residual),
        "duality_gap": at.map(|s| s.duality_gap),
        "iterations": at.map_or(found.solution.iterations, |s| s.iterations),
        "status": status,
        "answers": problem.rows(),
        "prompts": problem.group_count(),
        "pooling": pooling,
        "values": values,
        "groups": groups,
        "certificate": proof,
        "scaled_back": found.scale_back.map(|share| json!({
            "share": share,
            "kl": found.solution.kl,
            "lambda": &found.solution.lambda[..m],
            "realised": &found.solution.realised[..m],
        })),
    })
}

fn with_drafts(asked: &mut Asked, k: usize, seed: u64) -> Result<Value, BadInput> {
    let names: Vec<String> = asked.set.values.iter().map(|v| v.name.clone()).collect();
    let (problem, bounds, ..) = asked.parts();
    let Some((problem, left_out)) = in_drafts(problem, k, seed) else {
        return Err(BadInput(format!(
            "No prompt has {k} answers to choose from. Give a smaller --drafts, or leave out --per-prompt."
        )));
    };
    let found = assess(&problem, &mut VertexPool::default(), bounds, None, Ranges::None);
    let at = weighted(&found);
    let bounded = found.verdict == Verdict::Reachable;
    let values: Vec<Value> = (names.iter().enumerate())
        .map(|(i, name)| {
            json!({
                "name": name,
                "lambda": bounded.then(|| found.solution.lambda[i]),
                "realised": at.map(|s| s.realised[i]),
            })
        })
        .collect();
    Ok(json!({
        "k": k,
        "groups": problem.group_count(),
        "left_out": left_out,
        "verdict": print::verdict(found.verdict),
        "slack_sd": found.slack,
        "kl": at.map(|s| s.kl),
        "largest_kl": (k as f64).ln(),
        "values": values,
    }))
}

fn resampled(
    asked: &mut Asked,
    found: &Assessment,
    resamples: usize,
    seed: u64,
    notes: &mut Vec<String>,
) -> Value {
    let names: Vec<String> = asked.set.values.iter().map(|v| v.name.clone()).collect();
    let units = asked.prepared.units();
    let (problem, bounds, ..) = asked.parts();
    let boots = bootstrap(problem, &units, bounds, &found.solution, resamples, seed);
    let folds = FOLDS.clamp(2, units.count().max(2));
    let held = held_out(problem, &units, bounds, Some(&found.solution), folds, seed);
    let pair = |intervals: &Option<Vec<[f64; 2]>>, i: usize| intervals.as_ref().map(|x| x[i]);
    let bounded = found.verdict == Verdict::Reachable;
    let mut values = Vec::new();
    for (i, name) in names.iter().enumerate() {
        // What is out of reach has no λ whose levels could be judged.
        let realised = pair(&boots.realised, i).filter(|_| bounded);
        let out = held.levels.as_ref().map(|l| l[i]).filter(|_| bounded);
        if let (Some([low, high]), Some(out)) = (realised, out)
            && !(low..=high).contains(&out)
        {
            notes.push(format!(
                "{name}: {} on prompts that λ was not solved on, outside the interval {} to {}.",
                print::number(out),
                print::number(low),
                print::number(high)
            ));
        }
        values.push(
            json!({ "name": name, "lambda": pair(&boots.lambda, i), "realised": realised, "held_out": out }),
        );
    }
    json!({
        "resamples": boots.resamples,
        "seed": seed,
        "reachable": boots.reachable,
        "edge": boots.edge,
        "unreachable": boots.unreachable,
        "probability_reachable": boots.probability_reachable(),
        "values": values,
        "folds": held.folds,
        "failed_folds": held.failed,
    })
}

fn in_words(found: &Assessment, shown: &Value) -> String {
    let at = weighted(found);
    let mut text = String::new();
    let slack = found.slack.map(print::number).unwrap_or_default();
    text += &match found.verdict {
        Verdict::Reachable if found.slack.is_none() => "Reachable: nothing is asked.\n".into(),
        Verdict::Reachable => format!("Reachable: every target could be tightened by {slack} sd at once.\n"),
        Verdict::Edge => "On the edge: the targets are met only in the limit, λ has no bound.\n".into(),
        Verdict::Unreachable if found.slack.is_none() => {
            "Out of reach: a value that is the same for every answer cannot be moved.\n".into()
        }
        Verdict::Unreachable => {
            format!(
                "Out of reach by {} sd: no weighting of the answers meets all targets.\n",
                slack.trim_start_matches('-')
            )
        }
    };
    if let Some(s) = at {
        let effective = shown["ess"].as_f64().map(print::number).unwrap_or_default();
        text += &format!(
            "It costs {} nats, at least {}; the weights rest on about {effective} answers of {}. KKT \
                residual {:.1e} sd after {} steps.\n",
            print::number(s.kl),
            print::drafts(s.kl),
            shown["answers"],
            s.kkt_residual,
            s.iterations,
        );
    }
    if let Some(proof) = shown["certificate"].as_object() {
        let direction = proof["direction"].as_object().into_iter().flatten();
        let parts: Vec<String> = direction
            .filter_map(|(n, d)| {
                d.as_f64().filter(|d| *d != 0.0).map(|d| format!("{} {n}", print::number(d)))
            })
            .collect();
        text += &format!(
            "Proof: along {} the targets ask for {} more than the best answers give.\n",
            parts.join(" + "),
            proof["margin"].as_f64().map(print::number).unwrap_or_default()
        );
    }
    text += "\n";
    let rows: Vec<Vec<String>> = ["values", "groups"]
        .iter()
        .flat_map(|kind| shown[*kind].as_array().into_iter().flatten())
        .map(|v| {
            let cell = |key: &str| print::maybe(v[key].as_f64());
            let target = match (v["lower"].as_f64(), v["upper"].as_f64()) {
                (None, None) => "off".into(),
                (Some(a), None) => format!("≥ {}", print::number(a)),
                (None, Some(b)) => format!("≤ {}", print::number(b)),
                (Some(a), Some(b)) if a == b => format!("= {}", print::number(a)),
                (Some(a), Some(b)) => format!("{}..{}", print::number(a), print::number(b)),
            };
            vec![
                v["name"].as_str().unwrap_or_default().into(),
                cell("base"),
                target,
                cell("realised"),
                cell("lambda"),
                cell("max_reachable"),
            ]
        })
        .collect();
    text += &print::table(&["value", "base", "target", "realised", "λ", "reachable up to"], &rows);
    if let Some(share) = found.scale_back.filter(|s| *s > 0.0) {
        text += &format!(
            "\nScaled back to {:.0}% of the way from the base it costs {} nats.\n",
            100.0 * share,
            print::number(found.solution.kl)
        );
    }
    if let Some(k) = shown["with_drafts"].as_object() {
        text += &format!(
            "\nChoosing one of {} drafts ({} groups, {} answers left over): {}, {} of at most {} nats.\n",
            k["k"],
            k["groups"],
            k["left_out"],
            k["verdict"].as_str().unwrap_or_default(),
            print::maybe(k["kl"].as_f64()),
            print::maybe(k["largest_kl"].as_f64()),
        );
        let rows: Vec<Vec<String>> = (k["values"].as_array().into_iter().flatten())
            .map(|v| {
                vec![
                    v["name"].as_str().unwrap_or_default().into(),
                    print::maybe(v["realised"].as_f64()),
                    print::maybe(v["lambda"].as_f64()),
                ]
            })
            .collect();
        text += &print::table(&["value", "realised", "λ"], &rows);
    }
    if let Some(b) = shown["bootstrap"].as_object() {
        text += &format!(
            "\nOf {} resamples {} are reachable, {} on the edge, {} out of reach. 95% intervals, and levels \
                held out of {} parts:\n",
            b["resamples"], b["reachable"], b["edge"], b["unreachable"], b["folds"]
        );
        let pair = |v: &Value| match (v[0].as_f64(), v[1].as_f64()) {
            (Some(a), Some(b)) => format!("{} to {}", print::number(a), print::number(b)),
            _ => "–".into(),
        };
        let rows: Vec<Vec<String>> = (b["values"].as_array().into_iter().flatten())
            .map(|v| {
                vec![
                    v["name"].as_str().unwrap_or_default().into(),
                    pair(&v["lambda"]),
                    pair(&v["realised"]),
                    print::maybe(v["held_out"].as_f64()),
                ]
            })
            .collect();
        text += &print::table(&["value", "λ", "realised", "held out"], &rows);
    }
    text
}
