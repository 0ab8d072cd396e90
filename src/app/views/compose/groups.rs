//! Targets that hold on one group of prompts only: the list of them, and a form for another.

use crate::app::format::{isolated, level};
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::target_words::target_in_words;
use crate::app::views::names::Name;
use crate::app::views::number_field::{NumberField, Wrong, WrongNumber};
use leptos::prelude::*;
use palette_tables::{GroupTarget, Level, Target};
use std::sync::Arc;

/// Shown where the set has groups.
#[component]
pub fn GroupTargets(table: Arc<Table>) -> impl IntoView {
    let page = page();
    (!table.group_names.is_empty()).then(|| {
        let known = {
            let table = table.clone();
            Memo::new(move |_| page.palette.with(|palette| table.known_on_groups(palette)))
        };
        let in_rows = StoredValue::new(table.clone());
        view! {
            <div class="on-groups">
                <Show when=move || known.with(|known| !known.is_empty())>
                    <h3>"On groups"</h3>
                    <ul>
                        <For
                            each=move || known.get()
                            key=|t| (t.group.clone(), t.value.clone(), t.target.to_string())
                            children=move |target| view! { <Row table=in_rows.get_value() target /> }
                        />
                    </ul>
                </Show>
                <Form table=table.clone() />
            </div>
        }
    })
}

#[component]
fn Row(table: Arc<Table>, target: GroupTarget) -> impl IntoView {
    let page = page();
    let figures = {
        let (value, group) = (target.value.clone(), target.group.clone());
        move || {
            page.outcome.with(|outcome| {
                let outcome = outcome.as_ref().filter(|outcome| outcome.set_id == table.id)?;
                let found = outcome
                    .report
                    .groups
                    .iter()
                    .position(|bound| bound.value == value && bound.group == group)?;
                let realised = *outcome.report.attained()?.groups.get(found)?;
                Some(format!(
                    "realised {}, base {}",
                    level(realised),
                    level(outcome.report.groups[found].base)
                ))
            })
        }
    };
    let GroupTarget { group, value, target } = target;
    let label = format!("Remove target for {value} on {group}");
    let words = target_in_words(target);
    let (shown_value, shown_group) = (value.clone(), group.clone());
    let remove = move |_| {
        let mut palette = page.palette.get_untracked();
        palette.remove_on_group(&group, &value);
        page.change(palette, None);
    };
    view! {
        <li>
            <span>
                <b>
                    <Name name=shown_value />
                </b>
                " on "
                <b>
                    <Name name=shown_group />
                </b>
                " "
                {words}
                " "
                <small>{figures}</small>
            </span>
            <button type="button" aria-label=label on:click=remove>
                "Remove"
            </button>
        </li>
    }
}

/// In percent.
const USUAL_QUANTILE: f64 = 70.0;
/// The kinds of target that the form offers.
const KINDS: [(&str, &str); 3] =
    [("level", "at least level"), ("quantile", "at least quantile"), ("maintain", "maintain")];

#[component]
fn Form(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let names: Vec<String> = table.set.values.iter().map(|value| value.name.clone()).collect();
    let groups = table.group_names.clone();
    let value = RwSignal::new(names.first().cloned().unwrap_or_default());
    let group = RwSignal::new(groups.first().cloned().unwrap_or_default());
    let kind = RwSignal::new("quantile".to_owned());
    let amount = RwSignal::new(Some(USUAL_QUANTILE));
    let wrong = Wrong::new();
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| wrong.is_there()) {
            return;
        }
        match target_of(&kind.get_untracked(), amount.get_untracked()) {
            Ok(target) => {
                let mut palette = page.palette.get_untracked();
                palette.set_on_group(&group.get_untracked(), &value.get_untracked(), target);
                page.change(palette, None);
            }
            Err(reason) => wrong.say(Some(reason.to_owned())),
        }
    };
    let choose_kind = move |event| {
        kind.set(event_target_value(&event));
        // A level and a percentage are not the same number.
        amount.set(kind.with_untracked(|kind| kind == "quantile").then_some(USUAL_QUANTILE));
        wrong.say(None);
    };
    let take = move |(number,): (f64,)| {
        target_of(&kind.get_untracked(), Some(number)).map_err(str::to_owned)?;
        amount.set(Some(number));
        Ok(())
    };
    let options = |names: Vec<String>| {
        names
            .into_iter()
            .map(|name| view! { <option value=name.clone()>{isolated(&name)}</option> })
            .collect_view()
    };
    view! {
        <details>
            <summary>"Add a target for one group"</summary>
            <form on:submit=add novalidate=true>
                <label>
                    <span>"Value"</span>
                    <select on:change=move |event| {
                        value.set(event_target_value(&event));
                    }>{options(names)}</select>
                </label>
                <label>
                    <span>"Group"</span>
                    <select on:change=move |event| {
                        group.set(event_target_value(&event));
                    }>{options(groups)}</select>
                </label>
                <label>
                    <span>"Kind of target"</span>
                    <select on:change=choose_kind>
                        {KINDS
                            .map(|(value, words)| {
                                view! {
                                    <option value=value selected=move || kind.with(|kind| kind == value)>
                                        {words}
                                    </option>
                                }
                            })}
                    </select>
                </label>
                <label>
                    <span>
                        {move || if kind.with(|kind| kind == "quantile") { "Quantile, %" } else { "Level" }}
                    </span>
                    <NumberField
                        shown=Signal::derive(move || {
                            amount.get().map(|amount| amount.to_string()).unwrap_or_default()
                        })
                        step=Signal::derive(move || {
                            if kind.with(|kind| kind == "quantile") { 1.0 } else { 0.1 }
                        })
                        take=Callback::new(take)
                        empty=Callback::new(move |()| amount.set(None))
                        disabled=Signal::derive(move || kind.with(|kind| kind == "maintain"))
                        wrong
                    />
                </label>
                <button type="submit">"Add"</button>
            </form>
            <WrongNumber wrong />
        </details>
    }
}

/// The target that the form says.
fn target_of(kind: &str, amount: Option<f64>) -> Result<Target, &'static str> {
    match (kind, amount) {
        ("maintain", _) => Ok(Target::MAINTAIN),
        ("quantile", Some(percent)) if (0.0..=100.0).contains(&percent) => {
            Ok(Target::AtLeast(Level::Quantile(percent / 100.0)))
        }
        ("quantile", _) => Err("A quantile must be a number from 0 to 100."),
        (_, Some(level)) => Ok(Target::AtLeast(Level::At(level))),
        (_, None) => Err("A level must be a number."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_reads_what_it_offers() {
        assert_eq!(target_of("maintain", None), Ok(Target::MAINTAIN));
        assert_eq!(target_of("quantile", Some(80.0)), Ok(Target::AtLeast(Level::Quantile(0.8))));
        assert_eq!(target_of("level", Some(-0.5)), Ok(Target::AtLeast(Level::At(-0.5))));
        assert!(target_of("quantile", Some(101.0)).is_err() && target_of("level", None).is_err());
    }
}
