//! The first rows of a table that is being opened, and what each column is taken for.

use crate::app::actions::files;
use crate::app::format::count;
use crate::app::state::page;
use crate::app::views::names::{Name, Sentence};
use leptos::prelude::*;
use palette_tables::import::{PreviewColumn, Role};

/// Columns shown until all are asked for.
const SHOWN: usize = 40;

/// What a column can be, as it is offered and as it is said.
const ROLES: [(Role, &str, &str); 7] = [
    (Role::Value, "value", "value"),
    (Role::Prompt, "prompt", "prompt"),
    (Role::Answer, "answer", "answer"),
    (Role::Group, "group", "group of prompts"),
    (Role::Weight, "weight", "weight of the answer"),
    (Role::PromptWeight, "prompt-weight", "weight of the prompt"),
    (Role::Off, "off", "not used"),
];

#[component]
pub fn PreviewTable() -> impl IntoView {
    let opening = page().opening;
    let all = RwSignal::new(false);
    let columns = Memo::new(move |_| {
        opening.preview.with(|p| p.as_ref().map(|p| p.preview.columns.clone()).unwrap_or_default())
    });
    let shown = Memo::new(move |_| {
        let mut columns = columns.get();
        if !all.get() {
            columns.truncate(SHOWN);
        }
        columns
    });
    let hidden = move || columns.with(Vec::len) - shown.with(Vec::len);
    let rows = move || {
        let columns = shown.get();
        let rows = columns.iter().map(|column| column.cells.len()).max().unwrap_or(0);
        (0..rows)
            .map(|row| {
                let cells = columns
                    .iter()
                    .map(|column| {
                        let cell = column.cells.get(row).cloned().unwrap_or_default();
                        view! {
                            <td class:number=column.may_be_value class:off=column.role == Role::Off>
                                <Name name=cell />
                            </td>
                        }
                    })
                    .collect_view();
                view! { <tr>{cells}</tr> }
            })
            .collect_view()
    };
    view! {
        <div class="rows" role="region" aria-label="First rows and roles" tabindex="0">
            <table>
                <caption>
                    "The first rows, and what each column is taken for. Change what is not right: the \
                    table is then read again."
                </caption>
                <thead>
                    <tr>
                        <For
                            each=move || shown.get()
                            key=|column| (column.name.clone(), column.may_be_value)
                            children=move |column| view! { <Head column /> }
                        />
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Show when=move || { hidden() > 0 }>
            <p>
                <button type="button" class="small" on:click=move |_| all.set(true)>
                    {move || format!("Show {} more", count(hidden(), "column"))}
                </button>
            </p>
        </Show>
    }
}

/// Name, role and reason. It stays when the table is read again, and with it the focus.
#[component]
fn Head(column: PreviewColumn) -> impl IntoView {
    let page = page();
    let PreviewColumn { name, role: first, why: first_why, may_be_value, .. } = column;
    let now = {
        let name = name.clone();
        Memo::new(move |_| {
            page.opening.preview.with(|previewed| {
                let mut columns = previewed.iter().flat_map(|previewed| &previewed.preview.columns);
                let found = columns.find(|column| column.name == name);
                found.map_or_else(|| (first, first_why.clone()), |found| (found.role, found.why.clone()))
            })
        })
    };
    let chosen = {
        let name = name.clone();
        move |event| {
            let chosen = event_target_value(&event);
            if let Some((role, ..)) = ROLES.iter().find(|(_, key, _)| *key == chosen) {
                files::choose_role(page, &name, *role);
            }
        }
    };
    let needs_numbers = |role: Role| matches!(role, Role::Value | Role::Weight | Role::PromptWeight);
    let options = ROLES
        .iter()
        .map(|(role, key, words)| {
            view! {
                <option
                    value=*key
                    selected=move || now.with(|(now, _)| now == role)
                    disabled=needs_numbers(*role) && !may_be_value
                >
                    {*words}
                </option>
            }
        })
        .collect_view();
    view! {
        <th scope="col" class:off=move || now.with(|(role, _)| *role == Role::Off)>
            <b>
                <Name name=name.clone() />
            </b>
            <select
                aria-label=format!("Role of {name}")
                prop:value=move || now.with(|(now, _)| key_of(*now))
                on:change=chosen
            >
                {options}
            </select>
            <span class="why">
                {move || now.with(|(_, why)| view! { <Sentence text=why.clone() /> })}
            </span>
        </th>
    }
}

fn key_of(role: Role) -> &'static str {
    ROLES.iter().find(|(other, ..)| *other == role).map_or("off", |(_, key, _)| key)
}
