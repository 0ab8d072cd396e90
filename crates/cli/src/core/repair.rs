//! `palette repair`: what to ask for instead of a palette that is out of reach or too dear.

use super::ask::{AskArguments, Asked};
use super::input::BadInput;
use super::print::{self, say};
use clap::Args;
use map_align::{EDGE, Ranges, Repair, Verdict, assess, repair};
use serde_json::{Value, json};

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    ask: AskArguments,
    /// What gives way: `ray` (all alike, the mix kept), `one:VALUE` (that value), `order:A,B,C` (what is
    /// named first gets most; the rest comes last), `nearest` (the least distance in standard deviations),
    /// `budget:NATS` (the nearest palette at that price).
    #[arg(long, value_name = "HOW")]
    how: String,
}

pub fn run(arguments: Arguments) -> Result<(), BadInput> {
    let mut asked = arguments.ask.ask()?;
    let how = read_how(&asked, &arguments.how)?;
    let names: Vec<String> = asked.set.values.iter().map(|v| v.name.clone()).collect();
    let columns: Vec<String> = (0..asked.parts().0.values()).map(|i| asked.name(i)).collect();
    let notes = std::mem::take(&mut asked.notes);
    let (problem, bounds, _, pool) = asked.parts();
    let before = assess(problem, pool, bounds, None, Ranges::None);
    let found = repair(problem, pool, bounds, &how);
    let shown = match &found {
        None => json!({
            "how": arguments.how,
            "verdict_before": print::verdict(before.verdict),
            "possible": false,
            "notes": ["The others alone are out of reach: no level of this value would do. Let another value \
                give way, or use ray or nearest."],
        }),
        Some(found) => {
            let after = assess(problem, pool, &found.bounds, None, Ranges::None);
            // Exactly at the limit λ has no bound, and the price is that of the weights that come closest.
            let at = match after.verdict {
                Verdict::Reachable => Some(&after.solution),
                Verdict::Edge => after.limit.as_ref().filter(|s| s.kkt_residual <= EDGE),
                Verdict::Unreachable => None,
            };
            let value = |i: usize| {
                json!({
                    "name": columns[i],
                    "base": problem.mean(i),
                    "asked": bounds[i].lower.or(bounds[i].upper),
                    "target": found.bounds[i].lower.or(found.bounds[i].upper),
                    "lower": found.bounds[i].lower,
                    "upper": found.bounds[i].upper,
                    "moved_sd": found.moved[i],
                    "realised": at.map(|s| s.realised[i]),
                    "lambda": at.filter(|_| after.verdict == Verdict::Reachable).map(|s| s.lambda[i]),
                })
            };
            json!({
                "how": arguments.how,
                "verdict_before": print::verdict(before.verdict),
                "verdict": print::verdict(after.verdict),
                "possible": true,
                "changed": found.changed,
                "share": found.share,
                "distance_sd": found.distance,
                "slack_sd": after.slack,
                "kl": at.map(|s| s.kl),
                "drafts": at.map(|s| s.kl.exp()),
                "values": (0..names.len()).map(value).collect::<Vec<Value>>(),
                "groups": (names.len()..columns.len()).map(value).collect::<Vec<Value>>(),
                "notes": notes,
            })
        }
    };
    if arguments.ask.json {
        print::json(&shown);
        return Ok(());
    }
    print::notes(&notes);
    let Some(found) = found else {
        say!("{}\n", shown["notes"][0].as_str().unwrap_or_default());
        return Ok(());
    };
    say!(
        "{}\n",
        match (found.changed, found.share) {
            (false, _) => "Nothing needs to change.".to_owned(),
            (true, Some(share)) => format!("All levels go {:.4}% of the way from the base.", 100.0 * share),
            (true, None) => format!("The palette moves by {} sd.", print::number(found.distance)),
        }
    );
    if let Some(kl) = shown["kl"].as_f64() {
        say!("It costs {} nats, at least {}.\n", print::number(kl), print::drafts(kl));
    }
    say!("\n");
    let rows: Vec<Vec<String>> = ["values", "groups"]
        .iter()
        .flat_map(|kind| shown[*kind].as_array().into_iter().flatten())
        .map(|v| {
            let cell = |key: &str| print::maybe(v[key].as_f64());
            vec![
                v["name"].as_str().unwrap_or_default().into(),
                cell("base"),
                cell("asked"),
                cell("target"),
                cell("moved_sd"),
            ]
        })
        .collect();
    say!("{}", print::table(&["value", "base", "asked", "instead", "moved (sd)"], &rows));
    Ok(())
}

fn read_how(asked: &Asked, text: &str) -> Result<Repair, BadInput> {
    let (kind, rest) = text.split_once(':').map_or((text, None), |(kind, rest)| (kind, Some(rest.trim())));
    match (kind.trim(), rest) {
        ("ray", None) => Ok(Repair::Ray),
        ("nearest", None) => Ok(Repair::Nearest),
        ("one", Some(name)) => asked.value(name).map(Repair::One),
        ("order", Some(names)) => {
            let mut order = Vec::new();
            for name in names.split(',').map(str::trim) {
                let i = asked.value(name)?;
                if order.contains(&i) {
                    return Err(BadInput(format!("--how {text} names {name} twice.")));
                }
                order.push(i);
            }
            Ok(Repair::Order(order))
        }
        ("budget", Some(nats)) => match nats.parse::<f64>() {
            Ok(x) if x.is_finite() && x >= 0.0 => Ok(Repair::Budget(x)),
            _ => Err(BadInput(format!(
                "--how {text}: the budget must be a number of nats, 0 or more, e.g. budget:1.5."
            ))),
        },
        _ => Err(BadInput(format!(
            "--how {text} is not known. It is ray, one:VALUE, order:A,B,C, nearest or budget:NATS."
        ))),
    }
}
