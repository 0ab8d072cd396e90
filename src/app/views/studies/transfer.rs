//! Whether the λ of one group of prompts does on another what the palette asks there.

use super::card::StudyCard;
use super::table::{StudyTable, verdict_in_words, words};
use crate::app::format::{level, number, percent};
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::state::table_studies::AskedStudy;
use crate::app::views::names::Name;
use leptos::prelude::*;
use palette_protocol::visible;
use palette_study::interval::Estimate;
use palette_study::studies::{StudyQuestion, StudyReport};
use palette_study::transfer::{Fate, Transfer, TransferGroup, TransferTarget};
use std::sync::Arc;

#[component]
pub fn TransferCard(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let state = page.table_studies;
    // A table without groups has nothing to be carried to.
    let alone = table.group_names.len() < 2;
    let beside = Memo::new(move |_| state.beside_topics.get().unwrap_or(alone));
    let name = table.set.name.clone();
    let groups = table.group_names.len();
    let asks = Signal::derive(move || {
        let beside = beside.get();
        if alone && !beside {
            return Err(
                "This set has no groups of prompts to carry a palette between: look at the questions by \
                topic beside it, or open a table with a column “group”."
                    .to_owned(),
            );
        }
        let of = if alone { String::new() } else { format!(", its {groups} groups") };
        let with = if beside { " beside the questions by topic" } else { "" };
        Ok(AskedStudy {
            question: StudyQuestion::Transfer { palette: page.palette.get(), k: None, beside },
            about: format!("The palette as it was composed, on “{name}”{of}{with}."),
            table: Some(table.id),
        })
    });
    view! {
        <StudyCard
            name="transfer"
            question="Does a palette carry from one kind of question to another?"
            tried="The palette is solved on each group of prompts by itself, choosing among the answers to each, \
            and each group's λ is used on every other. What is said from the base counts from each group's own."
            unit="group"
            run=state.transfer
            asks
            shown
        >
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || beside.get()
                    on:change=move |_| state.beside_topics.set(Some(!beside.get_untracked()))
                />
                "Beside the built-in questions by topic: school, law, health, work, fresh everyday ones"
            </label>
        </StudyCard>
    }
}

fn shown(report: &StudyReport) -> AnyView {
    let StudyReport::Transfer(report) = report else { return ().into_any() };
    let Some(pair) = report.pairs.first() else {
        return view! { <div class="tables">{groups(report, None)}</div> }.into_any();
    };
    let names: Vec<String> = pair.values.iter().map(|value| value.name.clone()).collect();
    let chosen = RwSignal::new(raised(report));
    let options = names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            view! {
                <option value=i.to_string() prop:selected=move || chosen.get() == i>
                    {visible(name).into_owned()}
                </option>
            }
        })
        .collect_view();
    let choose = move |event| {
        if let Ok(i) = event_target_value(&event).parse::<usize>() {
            chosen.set(i);
        }
    };
    let report = Arc::new(report.clone());
    let unit = StoredValue::new(names);
    view! {
        <p class="row">
            <label>
                "Value "
                <select on:change=choose>{options}</select>
            </label>
        </p>
        {move || {
            let i = chosen.get();
            let name = unit.with_value(|names| names.get(i).cloned().unwrap_or_default());
            view! { <div class="tables">{matrix(&report, i, &name)} {groups(&report, Some(i))}</div> }
        }}
    }
    .into_any()
}

/// The value that is raised most, first of all.
fn raised(report: &Transfer) -> usize {
    let Some(pair) = report.pairs.first() else { return 0 };
    pair.values.iter().position(|value| value.share.is_some()).unwrap_or(0)
}

/// λ from each group against where it is used, for value `i`.
fn matrix(report: &Transfer, i: usize, name: &str) -> impl IntoView + use<> {
    let mut heads = words(["λ from"]);
    heads.extend(report.groups.iter().map(|group| view! { <Name name=group.name.clone() /> }.into_any()));
    let rows = report
        .groups
        .iter()
        .enumerate()
        .map(|(from, group)| {
            let cells = (0..report.groups.len())
                .map(|to| cell(report.pair(from, to).and_then(|pair| pair.values.get(i))))
                .collect_view();
            view! {
                <tr>
                    <th scope="row">
                        <Name name=group.name.clone() />
                    </th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let shares =
        report.pairs.iter().any(|pair| pair.values.get(i).is_some_and(|value| value.share.is_some()));
    let what = if shares {
        "share of the asked lift that the λ of a row gives in a column, with its 95% interval"
    } else {
        "how far inside its target (below 0 outside) the λ of a row puts a column, with its 95% interval"
    };
    let caption = format!("{}: {what}", visible(name));
    view! {
        <StudyTable label="Each λ on each group" caption heads class="carried">
            <tbody>{rows}</tbody>
        </StudyTable>
    }
}

fn cell(value: Option<&TransferTarget>) -> AnyView {
    let Some(value) = value else { return view! { <td>"no λ"</td> }.into_any() };
    let figures = match (value.share, value.room) {
        (Some(share), _) => Some((percent(share), value.share_interval.map(|ends| ends.map(percent)))),
        (None, Some(room)) => Some((level(room), value.interval.map(|ends| ends.map(level)))),
        (None, None) => None,
    };
    match (value.fate, figures) {
        (Fate::Home, _) => view! { <td class="home">"solved here"</td> }.into_any(),
        (fate, Some((figure, ends))) => view! {
            <td class:missed=fate == Fate::Short>
                {figure}
                <small>
                    {ends.map(|[low, high]| format!("{low} to {high}"))}
                    {(fate == Fate::Short).then_some(" · falls short")}
                </small>
            </td>
        }
        .into_any(),
        (_, None) => view! {
            <td>
                {level(value.level.mean)} <small>{within(value.level)}</small>
            </td>
        }
        .into_any(),
    }
}

fn within(estimate: Estimate) -> Option<String> {
    estimate.interval.map(|[low, high]| format!("{} to {}", level(low), level(high)))
}

/// Each group by itself; with what it gives of value `i` anyway.
fn groups(report: &Transfer, i: Option<usize>) -> impl IntoView + use<> {
    let row = |group: &TransferGroup| {
        let base = i.and_then(|i| group.base.get(i)).map(|base| {
            view! {
                <td>
                    {level(base.mean)} <small>{within(*base)}</small>
                </td>
            }
        });
        view! {
            <tr>
                <th scope="row">
                    <Name name=group.name.clone() />
                </th>
                <td>{group.prompts}</td>
                {base}
                <td>{verdict_in_words(group.verdict)}</td>
                <td>{group.kl.map_or("–".to_owned(), number)}</td>
            </tr>
        }
    };
    let base = i.map(|_| "gives anyway");
    let heads = words(["group", "prompts"].into_iter().chain(base).chain(["verdict", "KL, nats"]));
    let rows = report.groups.iter().map(row).collect_view();
    view! {
        <StudyTable
            label="Groups by themselves"
            caption=format!("Each group by itself, the first {} answers to each prompt", report.k)
            heads
        >
            <tbody>{rows}</tbody>
        </StudyTable>
    }
}
