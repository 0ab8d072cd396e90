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
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::names::Name;
use crate::app::views::no_set::NoSet;
use crate::app::views::repaint::repaint_on_resize;
use crate::app::views::word::Word;
use crate::app::words::{ALIGNED, BASE, COMPETE, LAMBDA, OUT_OF_REACH, REALISED, TARGET};
use leptos::prelude::*;
use palette_protocol::link::Words;
use palette_study::Pooling;
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
    let narrow = narrow();
    // One answer of several, with words to read.
    let with_texts = table.usual_pooling() == Pooling::PerPrompt
        && table.set.answers.iter().any(|a| !a.text.trim().is_empty());
    let rows = (0..table.columns.len())
        .map({
            let table = table.clone();
            move |index| view! { <strip::Strip table=table.clone() index /> }
        })
        .collect_view();
    view! {
        <div class="compose">
            <opening::Opening table=table.clone() />
            {
                let table = table.clone();
                move || (!narrow.get()).then(|| view! { <Side table=table.clone() narrow=false /> })
            }
            <section class="values" aria-label="Values">
                {move || narrow.get().then(|| view! { <verdict::VerdictLine /> })}
                {
                    let table = table.clone();
                    move || {
                        (with_texts && !narrow.get())
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
                <groups::GroupTargets table=table.clone() />
                {
                    let table = table.clone();
                    move || {
                        (with_texts && narrow.get())
                            .then(|| view! { <one_answer::OneAnswer table=table.clone() /> })
                    }
                }
            </section>
            {
                let table = table.clone();
                move || narrow.get().then(|| view! { <Side table=table.clone() narrow=true /> })
            }
            <before_after::BeforeAfter table=table.clone() />
        </div>
    }
}

/// The verdict and what is beside it; on a narrow page below the strips.
#[component]
fn Side(table: Arc<Table>, narrow: bool) -> impl IntoView {
    view! {
        <section class="side" aria-label="What it costs">
            <div class="stays" class:narrow=narrow>
                <verdict::VerdictCard table=table.clone() />
                <mix::MixCard table=table.clone() />
                <Closer table />
            </div>
        </section>
    }
}

/// What can be looked at more closely.
#[component]
fn Closer(table: Arc<Table>) -> impl IntoView {
    view! {
        <plane::PlaneCard table=table.clone() />
        <studies::LookCloser table=table.clone() />
        <away::TakeAway table />
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
            <span class="compete">
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
            <presets::Presets table=table.clone() />
            <span class="history">
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
                        move |_| page.change(table.usual_palette(), None)
                    }
                >
                    "Reset"
                </button>
            </span>
        </div>
    }
}

/// Whether all stands in one column: the same width as in `compose.css`.
fn narrow() -> ReadSignal<bool> {
    media::follow("(max-width: 960px)")
}
