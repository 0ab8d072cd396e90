//! What is shown of Compose, and the palette that the lesson starts with.

use super::Draft;
use super::fields::{Line, Pick};
use crate::app::state::page;
use crate::app::state::table::Origin;
use crate::app::views::names::Name;
use leptos::prelude::*;
use palette_lessons::{Part, Start, TargetText};

/// What each part is called for people.
fn words(part: Part) -> &'static str {
    match part {
        Part::Lanes => "Lanes of the values",
        Part::Verdict => "Verdict and price",
        Part::Repairs => "Repairs",
        Part::Trust => "How far to trust it",
        Part::Budget => "A budget in nats",
        Part::Weights => "Mix of weights λ",
        Part::Plane => "Plane of two values",
        Part::Hold => "To hold on new prompts",
        Part::WhyNot => "Why not both?",
        Part::Prices => "Prices",
        Part::Drafts => "With k drafts",
        Part::Sequence => "One value after another",
        Part::Lab => "Solver lab",
        Part::Pooling => "Per prompt or pooled",
        Part::Undo => "Undo and reset",
        Part::Groups => "Targets on groups",
        Part::Answers => "Answers before and after",
    }
}

#[component]
pub fn Shows(draft: Draft) -> impl IntoView {
    let page = page();
    let parts = Part::ALL
        .into_iter()
        .map(|part| {
            let on = draft.now(|lesson| lesson.show.has(part));
            let switch = move |event| {
                let on = event_target_checked(&event);
                draft.edit(|lesson| {
                    let show = &mut lesson.show;
                    let mut all: Vec<Part> = Part::ALL.into_iter().filter(|part| show.has(*part)).collect();
                    all.retain(|known| *known != part);
                    if on {
                        all.push(part);
                        all.sort();
                    }
                    // No part at all would mean all of them.
                    show.parts = if all.is_empty() { vec![Part::Lanes] } else { all };
                });
            };
            view! {
                <label class="tick">
                    <input type="checkbox" prop:checked=on on:change=switch />
                    <span>{words(part)}</span>
                </label>
            }
        })
        .collect_view();
    let lanes = move || {
        let table = page.table.get()?;
        Some(
            table
                .set
                .values
                .iter()
                .map(|value| view! { <Lane draft name=value.name.clone() /> })
                .collect_view(),
        )
    };
    let use_now = move |_| {
        let Some(table) = page.table.get_untracked() else { return };
        let start = Start {
            set: (table.origin != Origin::BuiltIn).then(|| table.set.name.clone()),
            pooling: page.pooling.get_untracked(),
            palette: page.palette.with_untracked(|palette| {
                let target = |name: &String| (name.clone(), TargetText(palette.target(name)));
                table.set.values.iter().map(|value| target(&value.name)).collect()
            }),
            others: None,
            prompt: page.prompt.get_untracked().map(|prompt| prompt + 1),
            plane: page.studies.plane_values.get_untracked(),
        };
        draft.rebuild(|lesson| lesson.start = start);
        page.notify("The lesson starts with what Compose shows now.");
    };
    let start = move || {
        draft.with(|lesson| {
            let start = &lesson.start;
            let targets: Vec<String> = start
                .palette
                .iter()
                .map(|(name, target)| format!("{name} {}", String::from(*target)))
                .collect();
            let set = start.set.clone().unwrap_or_else(|| "the built-in set".to_owned());
            if targets.is_empty() {
                format!("It starts on {set}, with every value maintained.")
            } else {
                format!("It starts on {set}, with {}.", targets.join(", "))
            }
        })
    };
    view! {
        <section class="card" aria-labelledby="shows-title">
            <h2 id="shows-title">"What is shown, and what it starts with"</h2>
            <fieldset class="bare ticks">
                <legend>"Parts of Compose"</legend>
                {parts}
            </fieldset>
            <fieldset class="bare">
                <legend>"Lanes"</legend>
                <div class="grid">{lanes}</div>
            </fieldset>
            <p>{move || view! { <Name name=start() /> }}</p>
            <p class="row">
                <button type="button" on:click=use_now>
                    "Start with what Compose shows now"
                </button>
            </p>
            <Plane draft />
        </section>
    }
}

/// How one value's lane is shown.
#[component]
fn Lane(draft: Draft, name: String) -> impl IntoView {
    let page = page();
    let chosen = draft.now(|lesson| match (lesson.show.has_lane(&name), lesson.show.is_locked(&name)) {
        (true, true) => "locked",
        (true, false) => "shown",
        (false, _) => "hidden",
    });
    let set = {
        let name = name.clone();
        move |how: String| {
            let all: Vec<String> = page.table.with_untracked(|table| {
                table
                    .iter()
                    .flat_map(|table| table.set.values.iter().map(|value| value.name.clone()))
                    .collect()
            });
            draft.edit(|lesson| {
                let show = &mut lesson.show;
                let mut lanes: Vec<String> = all.iter().filter(|lane| show.has_lane(lane)).cloned().collect();
                lanes.retain(|lane| *lane != name);
                show.locked.retain(|lane| *lane != name);
                if how != "hidden" {
                    lanes.push(name.clone());
                }
                if how == "locked" {
                    show.locked.push(name.clone());
                }
                // Named only where not all are shown.
                show.lanes = if lanes.len() == all.len() { Vec::new() } else { lanes };
            });
        }
    };
    let options = ["shown", "locked", "hidden"].map(|how| (how.to_owned(), how.to_owned())).to_vec();
    view! { <Pick label=name options chosen=chosen.to_owned() set=Callback::new(set) /> }
}

/// The two values of the plane, by name.
#[component]
fn Plane(draft: Draft) -> impl IntoView {
    let now = draft.now(|lesson| lesson.start.plane.as_ref().map(|pair| pair.join(", ")).unwrap_or_default());
    let set = move |text: String| {
        let names: Vec<String> =
            text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        draft.edit(|lesson| lesson.start.plane = <[String; 2]>::try_from(names).ok());
    };
    view! {
        <Line label="Two values of the plane, with a comma between (may stay empty)" value=now set=Callback::new(set) />
    }
}
