//! Repairs that bring a palette within reach: a button for each, with what it would change and cost.

use crate::app::format::{count, drafts, isolated, level, list, number};
use crate::app::state::repaired::{after, before, repaired, scaled_back, whole_percent};
use crate::app::state::table::Table;
use crate::app::state::{Outcome, page};
use leptos::prelude::*;
use palette_study::{EasedRepair, Moved};
use palette_study::{Repair, Verdict};
use palette_tables::Palette;
use std::cmp::Ordering;
use std::sync::Arc;

/// Repairs shown until more are asked for.
const SHOWN: usize = 5;
/// Changes told of one repair; the rest is counted.
const TOLD: usize = 3;

/// A repair as it is offered.
#[derive(Clone, PartialEq)]
struct Offer {
    title: String,
    /// The changes and their cost, in words.
    tells: String,
    palette: Palette,
}

/// The state of the list.
#[derive(Clone, PartialEq)]
enum Shown {
    Nothing,
    Waiting,
    /// Offers, and the palette that they mend: one that was changed since keeps them in sight until its own
    /// come.
    Offers(Palette, Vec<Offer>),
}

/// `card` takes the focus when a repair's button goes.
#[component]
pub fn Repairs(table: Arc<Table>, card: NodeRef<leptos::html::Div>) -> impl IntoView {
    let page = page();
    let all = RwSignal::new(false);
    let shown = Memo::new(move |before: Option<&Shown>| {
        let outcome = page
            .outcome
            .get()
            .filter(|outcome| outcome.set_id == table.id && outcome.report.verdict != Verdict::Reachable);
        let Some(outcome) = outcome else { return Shown::Nothing };
        let Some(found) = page.studies.repairs.get() else {
            return before
                .filter(|before| matches!(before, Shown::Offers(..)))
                .cloned()
                .unwrap_or(Shown::Waiting);
        };
        let mut offers = offers(&table, &outcome, found.unwrap_or_default());
        if offers.is_empty() {
            offers.extend(last_resort(&table, &outcome));
        }
        if offers.is_empty() { Shown::Nothing } else { Shown::Offers(outcome.palette.clone(), offers) }
    });
    let apply = move |palette: Palette, of: &Palette| {
        // A palette changed since is not the one that this would mend.
        if page.palette.with_untracked(|now| now == of) {
            page.change(palette, None);
            if let Some(card) = card.get_untracked() {
                let _ = card.focus();
            }
        }
    };
    let stale = move || page.studies.repairs.with(Option::is_none);
    move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Waiting => view! { <p class="note">"Working out what would help…"</p> }.into_any(),
        Shown::Offers(of, offers) => {
            let more = offers.len().saturating_sub(SHOWN);
            // One more button is no shorter than one more repair.
            let most = if all.get() || more <= 1 { offers.len() } else { SHOWN };
            let buttons = offers
                .into_iter()
                .take(most)
                .map(|Offer { title, tells, palette }| {
                    let of = of.clone();
                    let click = move |_| apply(palette.clone(), &of);
                    view! {
                        <li>
                            <button type="button" disabled=stale on:click=click>
                                {title}
                                <span>{tells}</span>
                            </button>
                        </li>
                    }
                })
                .collect_view();
            let toggle = (more > 1).then(|| {
                let words = if all.get() { "Show fewer".to_owned() } else { format!("Show {more} more") };
                view! {
                    <button type="button" class="more" on:click=move |_| all.update(|all| *all = !*all)>
                        {words}
                    </button>
                }
            });
            view! {
                <h3 id="repairs">"What would help"</h3>
                <ul class="repairs" class:stale=stale aria-labelledby="repairs">
                    {buttons}
                </ul>
                {toggle}
            }
            .into_any()
        }
    }
}

/// The repairs in the order in which they are offered, each once.
fn offers(table: &Table, outcome: &Outcome, repairs: Vec<EasedRepair>) -> Vec<Offer> {
    let alone = |repair: &EasedRepair| matches!(repair.how, Repair::One(_));
    let mut repairs = repairs;
    // Those of one value after the others, the smallest change first.
    repairs.sort_by(|a, b| {
        alone(a).cmp(&alone(b)).then(if alone(a) {
            a.distance.total_cmp(&b.distance)
        } else {
            Ordering::Equal
        })
    });
    let mut offers: Vec<Offer> = Vec::new();
    for repair in repairs {
        let palette = repaired(table, outcome, &repair.moves);
        let Some(title) = title(table, outcome, &repair).filter(|_| palette != outcome.palette) else {
            continue;
        };
        let tells = tells(table, outcome, &repair);
        match offers.iter_mut().find(|offer| offer.palette == palette) {
            // Where several come to the same, the plainest name says it: that of the one value.
            Some(same) if alone(&repair) => same.title = title,
            Some(_) => {}
            None => offers.push(Offer { title, tells, palette }),
        }
    }
    offers
}

fn title(table: &Table, outcome: &Outcome, repair: &EasedRepair) -> Option<String> {
    Some(match &repair.how {
        Repair::Ray => match whole_percent(repair.share?) {
            0.0 => "Back to the base".to_owned(),
            whole => format!("Scale all back to {whole:.0}%"),
        },
        Repair::Nearest => "Nearest palette".to_owned(),
        Repair::Order(order) => {
            let first = &table.set.values.get(*order.first()?)?.name;
            format!("In the order of the list: {} first", isolated(first))
        }
        Repair::One(_) => {
            let moved = repair.moves.first()?;
            let name = name(table, moved);
            match (before(table, outcome, moved), after(table, outcome, moved)) {
                ((Some(old), _), (Some(new), _)) if new < old => format!("Lower {name} to {}", level(new)),
                ((Some(_), _), (Some(new), _)) => format!("Raise {name} to {}", level(new)),
                (_, (_, new)) => format!("Let {name} rise to {}", level(new?)),
            }
        }
        Repair::Budget(nats) => format!("Spend at most {} nats", number(*nats)),
    })
}

fn name(table: &Table, moved: &Moved) -> String {
    let value = table.set.values.get(moved.value).map_or_else(String::new, |value| isolated(&value.name));
    match &moved.group {
        None => value,
        Some(group) => format!("{value} on {}", isolated(group)),
    }
}

/// `humor +2.36 → +1.94; costs 2.30 nats, 10 drafts`.
fn tells(table: &Table, outcome: &Outcome, repair: &EasedRepair) -> String {
    let mut moves: Vec<&Moved> = repair.moves.iter().collect();
    moves.sort_by(|a, b| b.by.abs().total_cmp(&a.by.abs()));
    let changes: Vec<String> = moves.into_iter().filter_map(|moved| change(table, outcome, moved)).collect();
    let cost = match repair.kl {
        Some(kl) if kl.exp() <= 1e5 => {
            let drafts = drafts(kl.exp());
            format!("costs {} nats, {drafts} draft{}", number(kl), if drafts == "1" { "" } else { "s" })
        }
        Some(kl) => format!("costs {} nats", number(kl)),
        None => "the cost could not be worked out".to_owned(),
    };
    if changes.is_empty() {
        // Less than the figures show.
        return format!("a hair less of {}; {cost}", count(repair.moves.len(), "value"));
    }
    format!("{}; {cost}", list(&changes, TOLD))
}

/// `humor +2.36 → +1.94`; `None` where the figures show no change.
fn change(table: &Table, outcome: &Outcome, moved: &Moved) -> Option<String> {
    let (old, new) = (before(table, outcome, moved), after(table, outcome, moved));
    let (old, new) = old.0.zip(new.0).or(old.1.zip(new.1))?;
    let (old, new) = (level(old), level(new));
    (old != new).then(|| format!("{} {old} → {new}", name(table, moved)))
}

/// On the very edge no repair may change more than rounding does: a step back always helps.
fn last_resort(table: &Table, outcome: &Outcome) -> Option<Offer> {
    let back = outcome.report.scaled_back.as_ref()?;
    let whole = Some(whole_percent(back.share)).filter(|whole| *whole >= 1.0)?;
    let palette = scaled_back(table, outcome, whole / 100.0);
    let tells = format!("keeps the mix; costs {} nats", number(back.kl));
    (palette != outcome.palette).then(|| Offer {
        title: format!("Scale all back to {whole:.0}%"),
        tells,
        palette,
    })
}
