//! Compose: the value strips, the verdict, the mix of weights, and the answers before and after.

mod before_after;
mod budget;
mod groups;
mod kind;
mod mix;
mod plane;
mod repairs;
mod strip;
mod strip_state;
mod studies;
mod target_fields;
mod undo_keys;
mod verdict;

pub use studies::solver_name;

use crate::app::browser::media;
use crate::app::format::count;
use crate::app::state::table::Table;
use crate::app::state::{Page, page};
use crate::app::views::names::Name;
use crate::app::views::no_set::NoSet;
use crate::app::views::repaint::repaint_on_resize;
use leptos::prelude::*;
use palette_lessons::Part;
use palette_study::Pooling;
use palette_tables::Palette;
use std::sync::Arc;

#[component]
pub fn Compose() -> impl IntoView {
    let page = page();
    view! {
        {move || match page.table.get() {
            Some(table) => view! { <Composer table /> }.into_any(),
            None => view! { <NoSet /> }.into_any(),
        }}
    }
}

#[component]
fn Composer(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let strips = NodeRef::<leptos::html::Ul>::new();
    repaint_on_resize(page, strips);
    undo_keys::listen(page);
    let narrow = {
        let narrow = narrow();
        // A lesson takes the width that a second column would need.
        Memo::new(move |_| narrow.get() || page.lesson_now().is_some())
    };
    let rows = {
        let table = table.clone();
        let lanes = Memo::new({
            let table = table.clone();
            move |_| -> Vec<usize> {
                let shown = |index: &usize| page.shows_lane(&table.set.values[*index].name, &table.set);
                (0..table.columns.len()).filter(shown).collect()
            }
        });
        move || {
            let lane = |index| view! { <strip::Strip table=table.clone() index /> };
            lanes.get().into_iter().map(lane).collect_view()
        }
    };
    let shows = move |part| Memo::new(move |_| page.shows(part));
    let [lanes, verdict, weights] = [Part::Lanes, Part::Verdict, Part::Weights].map(shows);
    let [groups, answers] = [Part::Groups, Part::Answers].map(shows);
    view! {
        <div class="compose">
            <section class="side" aria-label="What it costs">
                <div class="stays">
                    {
                        let table = table.clone();
                        move || verdict.get().then(|| view! { <verdict::VerdictCard table=table.clone() /> })
                    }
                    {
                        let table = table.clone();
                        move || weights.get().then(|| view! { <mix::MixCard table=table.clone() /> })
                    }
                    {
                        let table = table.clone();
                        move || (!narrow.get()).then(|| view! { <Closer table=table.clone() /> })
                    }
                </div>
            </section>
            <section class="values" aria-label="Values" hidden=move || !lanes.get()>
                <SetLine table=table.clone() />
                <div class="strip-head" aria-hidden="true">
                    <span>"value"</span>
                    <span class="key">
                        <span>
                            <i class="swatch base"></i>
                            "base"
                        </span>
                        <span>
                            <i class="swatch aligned"></i>
                            "aligned"
                        </span>
                        <span>
                            <i class="ring"></i>
                            "target"
                        </span>
                        <span>
                            <i class="swatch hatch"></i>
                            "out of reach"
                        </span>
                    </span>
                    <span>"realised"</span>
                    <span>"λ"</span>
                </div>
                <ul class="strips" node_ref=strips>
                    {rows}
                </ul>
                {
                    let table = table.clone();
                    move || groups.get().then(|| view! { <groups::GroupTargets table=table.clone() /> })
                }
            </section>
            {
                let table = table.clone();
                move || narrow.get().then(|| view! { <Closer table=table.clone() /> })
            }
            {
                let table = table.clone();
                move || answers.get().then(|| view! { <before_after::BeforeAfter table=table.clone() /> })
            }
        </div>
    }
}

/// What can be looked at more closely: beside the strips, or on a narrow page below them.
#[component]
fn Closer(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let plane = Memo::new(move |_| page.shows(Part::Plane));
    let closer = Memo::new(move |_| studies::PARTS.iter().any(|part| page.shows(*part)));
    let (for_plane, for_closer) = (table.clone(), table);
    view! {
        {move || plane.get().then(|| view! { <plane::PlaneCard table=for_plane.clone() /> })}
        {move || closer.get().then(|| view! { <studies::LookCloser table=for_closer.clone() /> })}
    }
}

/// Name of the sample set, and how its prompts are treated.
#[component]
fn SetLine(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let about = if table.set.about.is_empty() {
        table.shape()
    } else {
        format!("{} · {}", table.shape(), table.set.about)
    };
    let usual = table.usual_pooling();
    let pooled = move || page.pooling.get().unwrap_or(usual) == Pooling::Pooled;
    let choose = move |event| {
        page.pooling.set(Some(if event_target_value(&event) == "pooled" {
            Pooling::Pooled
        } else {
            Pooling::PerPrompt
        }));
    };
    let all = count(table.set.answers.len(), "answer");
    view! {
        <div class="set-line">
            <p>
                "Sample set "<b><Name name=table.set.name.clone() /></b>
                <span class="about"><Name name=about /></span>
            </p>
            <label hidden=move || !page.shows(Part::Pooling)>
                "Answers compete "
                <select
                    on:change=choose
                    title=format!(
                        "Per prompt: only with answers to the same question. \
                    Pooled: all {all} as one group.",
                    )
                >
                    <option value="per-prompt" selected=move || !pooled()>
                        "per prompt"
                    </option>
                    <option value="pooled" selected=pooled>
                        "pooled"
                    </option>
                </select>
            </label>
            <span class="history" hidden=move || !page.shows(Part::Undo)>
                <button type="button" disabled=move || !page.can_undo() on:click=move |_| page.undo()>
                    "Undo"
                </button>
                <button
                    type="button"
                    on:click={
                        let table = table.clone();
                        move |_| page.change(usual_palette(page, &table), None)
                    }
                >
                    "Reset"
                </button>
            </span>
        </div>
    }
}

/// What “Reset” leads back to: in a lesson the palette that it starts with.
fn usual_palette(page: Page, table: &Table) -> Palette {
    let lesson = untrack(|| page.lesson_now());
    lesson.map_or_else(|| table.usual_palette(), |open| open.lesson.start.palette_on(&table.set))
}

/// Whether all stands in one column: the same width as in `compose.css`.
fn narrow() -> ReadSignal<bool> {
    media::follow("(max-width: 960px)")
}
