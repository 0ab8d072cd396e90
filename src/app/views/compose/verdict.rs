//! The verdict in words, what it costs, and out of reach: why, and what would help.

use super::budget::BudgetForm;
use super::repairs::Repairs;
use super::studies::trust::TrustLines;
use crate::app::format::{count, drafts, isolated, list, number, percent};
use crate::app::state::repaired::whole_percent;
use crate::app::state::table::Table;
use crate::app::state::{Outcome, Page, page};
use crate::app::views::names::Sentence;
use crate::app::views::word::Word;
use crate::app::words::{DRAFTS, PRICE, SAMPLES, SLACK};
use leptos::prelude::*;
use palette_lessons::Part;
use palette_study::Verdict;
use palette_study::{Attained, Pooling};
use palette_tables::Target;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Names beyond this are counted, not listed.
const NAMED: usize = 4;

#[component]
pub fn VerdictCard(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let card = NodeRef::<leptos::html::Div>::new();
    // The words stand in one lasting element and change only when they differ, so that a screen reader says
    // each verdict once.
    let words = {
        let table = table.clone();
        Memo::new(move |_| match (page.failure.get(), outcome_of(page, &table)) {
            (Some(message), _) => {
                Words { class: "verdict no", verdict: "Not solved", sign: CROSS, sentence: message }
            }
            (None, None) => {
                Words { class: "verdict waiting", verdict: "Solving…", sign: "", sentence: String::new() }
            }
            (None, Some(outcome)) => Words::new(&table, &outcome),
        })
    };
    let [repairs, budget] = [Part::Repairs, Part::Budget].map(|part| Memo::new(move |_| page.shows(part)));
    let several = table.set.prompts.len() > 1;
    let of_table = table.clone();
    let outcome = move || outcome_of(page, &of_table).filter(|_| page.failure.with(Option::is_none));
    let proof = {
        let outcome = outcome.clone();
        move || {
            why(&*outcome()?).map(|why| {
                view! {
                    <p class="proof">
                        <b>"Why? "</b>
                        <Sentence text=why />
                    </p>
                }
            })
        }
    };
    let details = {
        let table = table.clone();
        move || Some(view! { <Details table=table.clone() outcome=outcome()? /> })
    };
    // What stands here then is the answer to an earlier palette.
    let outdated =
        move || page.solving.get() && page.outcome.with(Option::is_some) | page.failure.with(Option::is_some);
    view! {
        <div
            class="card verdict-card"
            class:outdated=outdated
            id=CARD
            role="region"
            aria-label="Verdict"
            tabindex="-1"
            node_ref=card
            aria-busy=move || page.solving.get().to_string()
        >
            <p class="at-work">
                {move || if outdated() { "out of date: being worked out…" } else { "" }}
            </p>
            <div class="words" role="status">
                <p class=move || words.with(|words| words.class)>
                    <svg
                        viewBox="0 0 24 24"
                        fill="none"
                        stroke="currentColor"
                        stroke-width="3"
                        aria-hidden="true"
                    >
                        <path d=move || words.with(|words| words.sign)></path>
                    </svg>
                    <span>{move || words.with(|words| words.verdict)}</span>
                </p>
                <p class="say">
                    {move || words.with(|words| view! { <Sentence text=words.sentence.clone() /> })}
                </p>
            </div>
            <p class="news" role="status">
                {move || page.solver_news.get()}
            </p>
            {proof}
            {
                let table = table.clone();
                move || repairs.get().then(|| view! { <Repairs table=table.clone() card /> })
            }
            {details}
            <Show when=move || page.shows(Part::Trust)>
                <TrustLines several_prompts=several />
            </Show>
            {
                let table = table.clone();
                move || budget.get().then(|| view! { <BudgetForm table=table.clone() /> })
            }
        </div>
    }
}

/// The verdict in one line, in sight while the strips are moved on a narrow page; the card says it to a screen
/// reader.
#[component]
pub(super) fn VerdictLine() -> impl IntoView {
    let page = page();
    let line = move || {
        let outcome = page.outcome.get()?;
        let (class, words, sign) = head(outcome.report.verdict);
        let price = outcome.report.attained().map(|attained| {
            let back = match &outcome.report.scaled_back {
                Some(back) => format!(" at {:.0}%", whole_percent(back.share)),
                None => String::new(),
            };
            format!("{} nats, ≥ {} drafts{back}", number(attained.kl), drafts(attained.drafts))
        });
        Some(view! {
            <span class=class>
                <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="3">
                    <path d=sign></path>
                </svg>
                {words}
            </span>
            <span class="quiet">{price}</span>
        })
    };
    let to_card = move |_| {
        if let Some(card) = document().get_element_by_id(CARD) {
            card.scroll_into_view();
            if let Some(card) = card.dyn_ref::<web_sys::HtmlElement>() {
                let _ = card.focus();
            }
        }
    };
    view! {
        <div class="verdict-line" class:outdated=move || page.solving.get()>
            <span class="line" aria-hidden="true">
                {line}
            </span>
            <button type="button" on:click=to_card>
                "Why?"
                <span class="visually-hidden">" To the verdict"</span>
            </button>
        </div>
    }
}

/// Id of the card, for the way to it from the line.
const CARD: &str = "verdict-card";

const TICK: &str = "M4 13l5 5L20 6";
const BRINK: &str = "M3 17h18M12 4v9";
const CROSS: &str = "M5 5l14 14M19 5L5 19";

/// The verdict as it is said.
#[derive(Clone, PartialEq)]
struct Words {
    class: &'static str,
    verdict: &'static str,
    /// Path of the sign before the verdict.
    sign: &'static str,
    sentence: String,
}

/// Class, words and sign of a verdict.
fn head(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::Reachable => ("verdict yes", "Reachable", TICK),
        Verdict::Edge => ("verdict edge", "On the edge", BRINK),
        Verdict::Unreachable => ("verdict no", "Out of reach", CROSS),
    }
}

impl Words {
    fn new(table: &Table, outcome: &Outcome) -> Self {
        let (class, verdict, sign) = head(outcome.report.verdict);
        Words { class, verdict, sign, sentence: sentence(table, outcome) }
    }
}

/// The solver's last outcome for this table.
fn outcome_of(page: Page, table: &Table) -> Option<Arc<Outcome>> {
    page.outcome.get().filter(|outcome| outcome.set_id == table.id)
}

/// The target of value `i`, and the lowest and the highest level that it allows.
fn target_of(table: &Table, outcome: &Outcome, i: usize) -> (Target, (Option<f64>, Option<f64>)) {
    let target = outcome.palette.target(&table.set.values[i].name);
    let value = &outcome.report.values[i];
    (target, target.bounds(&table.columns[i].rewards, value.base, value.standard_deviation))
}

/// The difference that two figures may have which are meant to be the same.
fn rounding(level: f64) -> f64 {
    1e-9 * (1.0 + level.abs())
}

/// How many values are treated in which way.
#[derive(Default)]
struct Asked {
    /// Names of what has a target of its own, groups last.
    names: Vec<String>,
    /// Values that only have to stay as good as they were.
    kept: usize,
    off: usize,
}

impl Asked {
    fn of(table: &Table, outcome: &Outcome) -> Self {
        let mut asked = Asked::default();
        for (i, value) in outcome.report.values.iter().enumerate() {
            match target_of(table, outcome, i) {
                (Target::Off, _) => asked.off += 1,
                (Target::AtLeast(_), (Some(low), _)) if (low - value.base).abs() <= rounding(value.base) => {
                    asked.kept += 1;
                }
                _ => asked.names.push(isolated(&table.set.values[i].name)),
            }
        }
        let on_groups = table.known_on_groups(&outcome.palette);
        asked.names.extend(
            on_groups
                .iter()
                .filter(|t| t.target != Target::Off)
                .map(|t| format!("{} on {}", isolated(&t.value), isolated(&t.group))),
        );
        asked
    }
}

/// Price and notes.
#[component]
fn Details(table: Arc<Table>, outcome: Arc<Outcome>) -> impl IntoView {
    let report = &outcome.report;
    let attained = report.attained();
    let facts_note = match report.verdict {
        Verdict::Reachable => None,
        Verdict::Edge => Some("The figures are for a palette just inside the edge.".to_owned()),
        Verdict::Unreachable => report.scaled_back.as_ref().map(|back| {
            format!("The figures are for the palette scaled back to {:.0}%.", whole_percent(back.share))
        }),
    };
    let fact = |words: fn(&Attained) -> String| attained.as_ref().map_or("–".to_owned(), words);
    let room = report.slack.map_or("–".to_owned(), |slack| format!("{} sd", number(slack)));
    let notes = (!report.notes.is_empty()).then(|| {
        let notes =
            report.notes.iter().map(|note| view! { <li><Sentence text=note.clone() /></li> }).collect_view();
        view! {
            <ul class="note" aria-label="Notes">
                {notes}
            </ul>
        }
    });
    view! {
        {facts_note.map(|note| view! { <p class="note">{note}</p> })}
        <dl class="facts">
            <div>
                <dt>
                    <Word entry=PRICE />
                </dt>
                <dd>{fact(|attained| format!("{} nats", number(attained.kl)))}</dd>
            </div>
            <div>
                <dt>
                    <Word entry=DRAFTS />
                </dt>
                <dd>{fact(|attained| format!("≥ {}", drafts(attained.drafts)))}</dd>
            </div>
            <div>
                <dt>
                    <Word entry=SLACK />
                </dt>
                <dd>{room}</dd>
            </div>
            <div>
                <dt>
                    <Word entry=SAMPLES />
                </dt>
                <dd>
                    {fact(|attained| format!("{:.0} ", attained.effective_samples))}
                    <small>{format!("of {}", table.set.answers.len())}</small>
                </dd>
            </div>
        </dl>
        {notes}
    }
}

/// The verdict in one sentence.
fn sentence(table: &Table, outcome: &Outcome) -> String {
    let Asked { names, kept, off } = Asked::of(table, outcome);
    let what = list(&names, NAMED);
    let target_s = if names.len() == 1 { "target" } else { "targets" };
    let at_once = if names.len() > 1 { " at once" } else { "" };
    let rest = match (kept, off) {
        (0, 0) => "",
        (0, _) => "; what is off may fall",
        (_, 0) => ", with the rest kept as good as it was",
        _ => "; what is maintained stays at least as good as it was, what is off may fall",
    };
    match outcome.report.verdict {
        Verdict::Reachable if names.is_empty() => {
            "Nothing is asked beyond what the answers already are. Move a handle to the right to raise a \
                value."
                .to_owned()
        }
        Verdict::Reachable => format!("The answers can meet the {target_s} for {what}{at_once}{rest}."),
        _ if names.is_empty() => "Keeping every value as good as it was can only just be had from these \
            answers."
            .to_owned(),
        Verdict::Edge => {
            format!(
                "The {target_s} for {what} can only be approached: the closer the answers come, the \
                larger λ grows, without bound."
            )
        }
        Verdict::Unreachable => match outcome.pooling {
            Pooling::Pooled => {
                format!(
                    "No weighting of these {} answers meets the {target_s} for {what}{at_once}.",
                    table.set.answers.len()
                )
            }
            Pooling::PerPrompt => {
                let fewest = count(table.set.fewest_answers(), "answer");
                format!("With {fewest} to choose from, no choice meets the {target_s} for {what}{at_once}.")
            }
        },
    }
}

/// The certificate in one sentence.
fn why(outcome: &Outcome) -> Option<String> {
    let proof = outcome.report.certificate.as_ref()?;
    let values =
        outcome.report.values.iter().zip(&proof.values).map(|(value, share)| (isolated(&value.name), *share));
    let on_groups = (outcome.report.groups.iter().zip(&proof.groups))
        .map(|(bound, share)| (format!("{} on {}", isolated(&bound.value), isolated(&bound.group)), *share));
    let mut parts: Vec<(String, f64)> =
        values.chain(on_groups).filter(|(_, share)| share.abs() >= 0.005).collect();
    parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    // A negative share asks for less of a value: from a target with an upper end.
    let less = |share: f64| if share < 0.0 { "less " } else { "" };
    let parts: Vec<String> = parts
        .iter()
        .map(|(name, share)| format!("{} {}{name}", percent(share.abs()), less(*share)))
        .collect();
    let best = match outcome.pooling {
        Pooling::Pooled => "even the best answer of all gives",
        Pooling::PerPrompt => "even the best answer to every question gives",
    };
    Some(format!(
        "Take {}: you ask for {} sd above base, and {best} {}.",
        list(&parts, NAMED + 1),
        number(proof.asked),
        number(proof.best)
    ))
}
