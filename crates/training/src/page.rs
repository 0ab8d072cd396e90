//! `public/rewards.json`: how the page describes each reward and how it was measured.

use palette_models::reward::{Head, VALUES};
use serde_json::{Value, json};

use super::card::{Report, thousandths, words};
use super::fooling::Fooled;

/// The whole file. `statistics` are the texts that fool the three values without a head.
pub(crate) fn page(heads: &[(Head, Report)], statistics: &[Fooled]) -> Value {
    let mut rewards: Vec<Value> = heads.iter().map(|(head, report)| by_head(head, report)).collect();
    for value in VALUES.iter().skip(heads.len()) {
        let texts = statistics.iter().filter(|f| f.text.value == value.name).map(fooled).collect::<Vec<_>>();
        let (what, form, limits) = statistic(&value.name);
        rewards.push(json!({
            "name": value.name, "unit": value.unit, "what": what, "form": form, "held_out": [],
            "ceiling": null, "fooled_by": texts, "limits": limits,
        }));
    }
    json!({ "version": 1, "rewards": rewards })
}

fn by_head(head: &Head, report: &Report) -> Value {
    let held_out: Vec<Value> = report
        .tasks
        .iter()
        .filter(|t| t.shown)
        .map(|t| {
            let best = t.best();
            json!({
                "task": t.name, "metric": t.metric(), "figure": thousandths(t.figure.value),
                "interval": t.figure.interval.map(thousandths), "rows": t.rows,
                "baseline": { "name": best.name, "figure": thousandths(best.figure),
                "beats_by": best.ahead.interval.map(thousandths) },
            })
        })
        .collect();
    let words = words(report.name);
    json!({
        "name": head.name,
        "unit": head.unit,
        "what": words.what,
        "form": format!(
            "Logistic regression on all-MiniLM-L6-v2 sentence embeddings; features: {}; measured on five \
            folds by prompt, then fitted on all rows and scaled so \
             that the log-odds hold.",
            report.features
        ),
        "held_out": held_out,
        "ceiling": ceiling(report),
        "fooled_by": report.fooled.iter().map(fooled).collect::<Vec<_>>(),
        "limits": words.limits,
    })
}

/// The ceiling of the first task's figure, where one is known.
fn ceiling(report: &Report) -> Value {
    let (Some(figure), Some(task)) = (report.ceiling.map(thousandths), report.tasks.first()) else {
        return Value::Null;
    };
    let of = match report.name {
        "helpful" => "one annotator agreeing with the two others, where these agree on a preference",
        _ => {
            "published reward models of 1B parameters and more, which reach about .70 to .75; people agree \
                with each other about as often"
        }
    };
    let reached = thousandths(task.figure.value);
    json!({ "figure": figure, "of": of, "gap": format!("The head ranks {reached:.3} of the pairs rightly: \
        {:.3} below.", figure - reached) })
}

fn fooled(f: &Fooled) -> Value {
    let rounded = |v: f64| (v * 1e4).round() / 1e4;
    json!({ "prompt": f.text.prompt, "text": f.text.text, "reward": rounded(f.reward),
    "median": rounded(f.median), "why": f.text.why })
}

/// A value without a head: its meaning, its formula, its limits.
fn statistic(name: &str) -> (&'static str, &'static str, &'static [&'static str]) {
    match name {
        "diverse" => (
            "How little an answer repeats its own words.",
            "The product over n = 2, 3, 4 of the distinct n-grams divided by all n-grams plus one, on \
                lower-cased words.",
            &[
                "It grows with length: fewer than four words give 0.",
                "It looks at repetition only, not at how varied the thoughts are.",
            ],
        ),
        "coherent" => (
            "How near the answer stays to the prompt's topic.",
            "The cosine between the all-MiniLM-L6-v2 sentence embeddings of prompt and answer.",
            &[
                "A prompt repeated as the answer has the highest score of all.",
                "Only the first 128 word pieces are read.",
            ],
        ),
        _ => (
            "How much the wording is what the unaligned language model expects.",
            "The mean over the answer's tokens of their log-probability under SmolLM2-135M-Instruct at \
                temperature 1, in nats.",
            &[
                "Dull and repeated wording is expected wording, and scores high.",
                "Rare names and correct but unusual facts score low.",
            ],
        ),
    }
}
