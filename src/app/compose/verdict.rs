//! The verdict in words, what it costs, and out of reach: why, and what would help.

use crate::app::format::{count, drafts, level, list, number, percent};
use crate::app::state::{Outcome, Page, page};
use crate::app::table::Table;
use crate::protocol::{Pooling, Verdict};
use crate::table::{Palette, Target};
use leptos::prelude::*;
use std::sync::Arc;

/// Names beyond this are counted, not listed.
const NAMED: usize = 4;

#[component]
pub fn VerdictCard(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let card = NodeRef::<leptos::html::Div>::new();
    // The words stand in one lasting element and change only when they differ, so that a screen reader says each verdict once.
    let words = {
        let table = table.clone();
        Memo::new(move |_| match (page.failure.get(), outcome_of(page, &table)) {
            (Some(message), _) => Words { class: "verdict no", verdict: "Not solved", sign: CROSS, sentence: message },
            (None, None) => Words { class: "verdict waiting", verdict: "Solving…", sign: "", sentence: String::new() },
            (None, Some(outcome)) => Words::new(&table, &outcome),
        })
    };
    let details = move || {
        let outcome = outcome_of(page, &table).filter(|_| page.failure.with(Option::is_none))?;
        Some(view! { <Details table=table.clone() outcome card/> })
    };
    view! {
        <div class="card verdict-card" role="region" aria-label="Verdict" tabindex="-1" node_ref=card aria-busy=move || page.solving.get().to_string()>
            <div class="words" role="status">
                <p class=move || words.with(|words| words.class)>
                    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="3" aria-hidden="true">
                        <path d=move || words.with(|words| words.sign)></path>
                    </svg>
                    <span>{move || words.with(|words| words.verdict)}</span>
                </p>
                <p class="say">{move || words.with(|words| words.sentence.clone())}</p>
            </div>
            {details}
        </div>
    }
}

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

impl Words {
    fn new(table: &Table, outcome: &Outcome) -> Self {
        let (class, verdict, sign) = match outcome.solved.verdict {
            Verdict::Reachable => ("verdict yes", "Reachable", TICK),
            Verdict::Edge => ("verdict edge", "On the edge", BRINK),
            Verdict::Unreachable => ("verdict no", "Out of reach", CROSS),
        };
        Words { class, verdict, sign, sentence: sentence(table, outcome, &raised(outcome)) }
    }
}

/// What the solver said last about this table.
fn outcome_of(page: Page, table: &Table) -> Option<Arc<Outcome>> {
    page.outcome.get().filter(|outcome| outcome.set_id == table.id)
}

/// Values whose target lies above their base, by index.
fn raised(outcome: &Outcome) -> Vec<usize> {
    let above =
        |value: &crate::protocol::SolvedValue| value.target.is_some_and(|target| target > value.base + 1e-9 * (1.0 + value.base.abs()));
    outcome.solved.values.iter().enumerate().filter(|(_, value)| above(value)).map(|(i, _)| i).collect()
}

/// Price, proof and repairs. `card` takes the focus when a repair's button goes.
#[component]
fn Details(table: Arc<Table>, outcome: Arc<Outcome>, card: NodeRef<leptos::html::Div>) -> impl IntoView {
    let page = page();
    let solved = &outcome.solved;
    let raised = raised(&outcome);
    let scaled = solved.scale_back.filter(|_| solved.verdict == Verdict::Unreachable);
    let facts_note = match solved.verdict {
        Verdict::Reachable => None,
        Verdict::Edge => Some("The figures are for a palette just inside the edge.".to_owned()),
        Verdict::Unreachable => scaled.map(|rho| format!("The figures are for the palette scaled back to {:.0}%.", whole_percent(rho))),
    };
    let why = why(&table, &outcome);
    let fixes = (solved.verdict == Verdict::Unreachable).then(|| fixes(page, &table, &outcome, &raised));
    let refocus = move |_| {
        if let Some(card) = card.get_untracked() {
            let _ = card.focus();
        }
    };
    let room = solved.slack.map_or("–".to_owned(), |slack| format!("{} sd", number(slack)));
    let notes = solved.notes.iter().map(|note| view! { <p class="note">{note.clone()}</p> }).collect_view();
    view! {
        {why.map(|why| view! { <p class="proof"><b>"Why? "</b>{why}</p> })}
        {fixes.map(|fixes| view! { <div class="fix" on:click=refocus>{fixes}</div> })}
        {facts_note.map(|note| view! { <p class="note">{note}</p> })}
        <dl class="facts">
            <div><dt>"price"</dt><dd>{format!("{} nats", number(solved.kl))}</dd></div>
            <div><dt>"drafts per answer"</dt><dd>{format!("≥ {}", drafts(solved.drafts))}</dd></div>
            <div><dt>"room left"</dt><dd>{room}</dd></div>
            <div>
                <dt>"effective samples"</dt>
                <dd>{format!("{:.0} ", solved.effective_samples)}<small>{format!("of {}", table.set.answers.len())}</small></dd>
            </div>
        </dl>
        {notes}
    }
}

/// The verdict in one sentence.
fn sentence(table: &Table, outcome: &Outcome, raised: &[usize]) -> String {
    let names: Vec<String> = raised.iter().map(|i| table.set.values[*i].name.clone()).collect();
    let what = list(&names, NAMED);
    let target_s = if names.len() == 1 { "target" } else { "targets" };
    let at_once = if names.len() > 1 { " at once" } else { "" };
    let off = outcome.solved.values.iter().filter(|value| value.target.is_none()).count();
    let rest = match outcome.solved.values.len() - raised.len() {
        0 => "",
        rest if rest == off => "; what is off may fall",
        _ if off > 0 => "; what is maintained stays at least as good as it was, what is off may fall",
        _ => ", with the rest kept as good as it was",
    };
    match outcome.solved.verdict {
        Verdict::Reachable if names.is_empty() => {
            "Nothing is asked beyond what the answers already are. Move a handle to the right to raise a value.".to_owned()
        }
        Verdict::Reachable => format!("The answers can meet the {target_s} for {what}{at_once}{rest}."),
        Verdict::Edge => {
            format!("The {target_s} for {what} can only be approached: the closer the answers come, the larger λ grows, without bound.")
        }
        Verdict::Unreachable => match outcome.pooling {
            Pooling::Pooled => {
                format!("No weighting of these {} answers meets the {target_s} for {what}{at_once}.", table.set.answers.len())
            }
            Pooling::PerPrompt => {
                let fewest = count(table.set.fewest_answers(), "answer");
                format!("With {fewest} to choose from, no choice meets the {target_s} for {what}{at_once}.")
            }
        },
    }
}

/// The certificate in one sentence.
fn why(table: &Table, outcome: &Outcome) -> Option<String> {
    let proof = outcome.solved.certificate.as_ref()?;
    let mut parts: Vec<(usize, f64)> = proof.direction.iter().copied().enumerate().filter(|(_, share)| *share >= 0.005).collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let parts: Vec<String> = parts.iter().map(|(i, share)| format!("{} {}", percent(*share), table.set.values[*i].name)).collect();
    let best = match outcome.pooling {
        Pooling::Pooled => "even the best answer of all gives",
        Pooling::PerPrompt => "even the best answer to every question gives",
    };
    Some(format!("Take {}: you ask for {} sd above base, and {best} {}.", list(&parts, NAMED + 1), number(proof.asked), number(proof.best)))
}

/// A share in whole percent, rounded down: a palette just inside what is reachable.
fn whole_percent(share: f64) -> f64 {
    (100.0 * share - 1e-6).floor().max(0.0)
}

/// Repairs as buttons; each says what it keeps.
fn fixes(page: Page, table: &Arc<Table>, outcome: &Arc<Outcome>, raised: &[usize]) -> Vec<AnyView> {
    let mut fixes = Vec::new();
    // The palette is reachable strictly inside the limit, so the share is rounded down; at 0% nothing would be left of it.
    if let Some(whole) = outcome.solved.scale_back.map(whole_percent).filter(|whole| *whole >= 1.0) {
        let (table, outcome, raised) = (table.clone(), outcome.clone(), raised.to_vec());
        let scale = move |_| {
            let mut palette: Palette = outcome.palette.clone();
            for &i in &raised {
                let value = &outcome.solved.values[i];
                if let Some(target) = value.target {
                    let level = value.base + whole / 100.0 * (target - value.base);
                    palette.targets.insert(table.set.values[i].name.clone(), Target::Level(table.columns[i].rounded_down(level)));
                }
            }
            page.change(palette, None);
        };
        fixes.push(
            view! { <button type="button" on:click=scale>{format!("Scale back to {whole:.0}%")}<span>"keeps the mix"</span></button> }
                .into_any(),
        );
    }
    for &i in raised {
        let Some(limit) = outcome.solved.values[i].max_reachable else { continue };
        let to = table.columns[i].just_below(limit);
        let name = table.set.values[i].name.clone();
        let label = format!("Lower {name} to {}", level(to));
        let lower = move |_| page.set_target(&name, Target::Level(to));
        fixes.push(view! { <button type="button" on:click=lower>{label}<span>"keeps the rest"</span></button> }.into_any());
    }
    fixes
}
