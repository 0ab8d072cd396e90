//! Compose: the value strips, the verdict, the mix of weights, and the answers before and after.

mod away;
mod before_after;
mod budget;
mod groups;
mod kind;
mod mix;
mod one_answer;
mod opening;
mod plane;
mod presets;
mod pushed;
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
use crate::app::views::word::Word;
use crate::app::words::{ALIGNED, BASE, COMPETE, LAMBDA, OUT_OF_REACH, REALISED, TARGET};
use leptos::prelude::*;
use palette_lessons::Part;
use palette_protocol::link::Words;
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
    // One answer of several, with words to read.
    let with_texts = table.usual_pooling() == Pooling::PerPrompt
        && table.set.answers.iter().any(|a| !a.text.trim().is_empty());
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
    let [lanes, verdict] = [Part::Lanes, Part::Verdict].map(shows);
    let [groups, answers] = [Part::Groups, Part::Answers].map(shows);
    view! {
        <div class="compose">
            {
                let table = table.clone();
                move || page.shows_all().then(|| view! { <opening::Opening table=table.clone() /> })
            }
            {
                let table = table.clone();
                move || (!narrow.get()).then(|| view! { <Side table=table.clone() narrow=false /> })
            }
            <section class="values" aria-label="Values" hidden=move || !lanes.get()>
                {move || (narrow.get() && verdict.get()).then(|| view! { <verdict::VerdictLine /> })}
                {
                    let table = table.clone();
                    move || {
                        (with_texts && !narrow.get() && answers.get())
                            .then(|| view! { <one_answer::OneAnswer table=table.clone() /> })
                    }
                }
                <SetLine table=table.clone() />
                <div class="strip-head">
                    <span>"value"</span>
                    <span class="key">
                        <span>
                            <i class="swatch base"></i>
                            <Word entry=BASE short=true />
                        </span>
                        <span>
                            <i class="swatch aligned"></i>
                            <Word entry=ALIGNED short=true />
                        </span>
                        <span>
                            <i class="ring"></i>
                            <Word entry=TARGET short=true />
                        </span>
                        <span>
                            <i class="swatch hatch"></i>
                            <Word entry=OUT_OF_REACH short=true />
                        </span>
                    </span>
                    <span>
                        <Word entry=REALISED short=true />
                    </span>
                    <span>
                        <Word entry=LAMBDA />
                    </span>
                </div>
                <ul class="strips" node_ref=strips>
                    {rows}
                </ul>
                {
                    let table = table.clone();
                    move || groups.get().then(|| view! { <groups::GroupTargets table=table.clone() /> })
                }
                {
                    let table = table.clone();
                    move || {
                        (with_texts && narrow.get() && answers.get())
                            .then(|| view! { <one_answer::OneAnswer table=table.clone() /> })
                    }
                }
            </section>
            {
                let table = table.clone();
                move || narrow.get().then(|| view! { <Side table=table.clone() narrow=true /> })
            }
            {
                let table = table.clone();
                move || answers.get().then(|| view! { <before_after::BeforeAfter table=table.clone() /> })
            }
        </div>
    }
}

/// The verdict and what is beside it; on a narrow page below the strips.
#[component]
fn Side(table: Arc<Table>, narrow: bool) -> impl IntoView {
    let page = page();
    let shows = move |part| Memo::new(move |_| page.shows(part));
    let [verdict, weights] = [Part::Verdict, Part::Weights].map(shows);
    let (for_verdict, for_weights) = (table.clone(), table.clone());
    view! {
        <section class="side" aria-label="What it costs">
            <div class="stays" class:narrow=narrow>
                {move || verdict.get().then(|| view! { <verdict::VerdictCard table=for_verdict.clone() /> })}
                {move || weights.get().then(|| view! { <mix::MixCard table=for_weights.clone() /> })}
                <Closer table />
            </div>
        </section>
    }
}

/// What can be looked at more closely.
#[component]
fn Closer(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let plane = Memo::new(move |_| page.shows(Part::Plane));
    let closer = Memo::new(move |_| studies::PARTS.iter().any(|part| page.shows(*part)));
    let (for_plane, for_closer, for_away) = (table.clone(), table.clone(), table);
    view! {
        {move || plane.get().then(|| view! { <plane::PlaneCard table=for_plane.clone() /> })}
        {move || closer.get().then(|| view! { <studies::LookCloser table=for_closer.clone() /> })}
        {move || page.shows_all().then(|| view! { <away::TakeAway table=for_away.clone() /> })}
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
    let speak = move |event| {
        page.words.set(if event_target_value(&event) == "exact" { Words::Exact } else { Words::Plain });
    };
    let all = count(table.set.answers.len(), "answer");
    view! {
        <div class="set-line">
            <p>
                "Sample set "<b><Name name=table.set.name.clone() /></b>
                <span class="about"><Name name=about /></span>
            </p>
            <span class="compete" hidden=move || !page.shows(Part::Pooling)>
                <Word entry=COMPETE short=true />" "<select
                    on:change=choose
                    aria-label="Answers compete"
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
            </span>
            <label>
                "Words "
                <select on:change=speak>
                    <option value="plain" selected=move || page.words.get() == Words::Plain>
                        "plain"
                    </option>
                    <option value="exact" selected=move || page.words.get() == Words::Exact>
                        "exact"
                    </option>
                </select>
            </label>
            {
                let table = table.clone();
                move || page.shows_all().then(|| view! { <presets::Presets table=table.clone() /> })
            }
            <span class="history" hidden=move || !page.shows(Part::Undo)>
                <button type="button" disabled=move || !page.can_undo() on:click=move |_| page.undo()>
                    "Undo"
                </button>
                <button type="button" disabled=move || !page.can_redo() on:click=move |_| page.redo()>
                    "Redo"
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
