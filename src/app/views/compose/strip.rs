//! A value's strip: its target with the handle, the curves before and after, the figures.

use super::strip_state::{Reach, StripState};
use super::studies::price_in_words;
use super::target_fields::TargetFields;
use crate::app::format::{field, isolated, level, number};
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::target_words::bounds_in_words;
use crate::app::views::names::{Name, Sentence};
use crate::chart::{Paint, draw_on, draw_strip};
use leptos::prelude::*;
use palette_study::Verdict;
use palette_tables::Target;
use std::sync::Arc;

/// Pixels from the edge of the slider to the middle of its handle at either end.
const INSET: f64 = 9.0;
/// A push below this is the solver's rounding.
const ROUNDING: f64 = 1e-6;

#[component]
pub fn Strip(table: Arc<Table>, index: usize) -> impl IntoView {
    let page = page();
    let strip = StripState::new(page, table.clone(), index);
    let accent = table.accents[index].clone();
    let value = table.set.values[index].clone();
    let name = value.name.clone();
    let title_id = format!("value-{index}");
    let out = Memo::new(move |_| strip.out_of_reach());
    let locked = {
        let name = name.clone();
        Memo::new(move |_| page.is_locked(&name))
    };
    let kept = move || matches!(strip.target.get(), Target::MAINTAIN | Target::Off);
    let way = Memo::new(move |_| strip.open_way().map(|share| format!("{:.3}%", 100.0 * share)));
    let from = move || way.with(|[from, _]| from.clone());
    let to = move || way.with(|[_, to]| to.clone());
    let measured = if value.measured.is_empty() {
        isolated(&value.name)
    } else {
        format!("{}: {}", isolated(&value.name), isolated(&value.measured))
    };
    let long = name.chars().count() > 16;
    let labelled_by = title_id.clone();
    view! {
        <li class="strip" data-accent=accent.number aria-labelledby=labelled_by>
            <div class="who" title=measured>
                <b>
                    <i class="badge" aria-hidden="true">
                        {accent.letters.clone()}
                    </i>
                    <span class="name" class:long=long id=title_id>
                        <Name name=name.clone() />
                    </span>
                </b>
                <fieldset class="bare" disabled=move || locked.get() aria-label=format!("Target of {name}")>
                    <TargetFields strip />
                </fieldset>
            </div>
            <div class="plot">
                <StripCanvas strip />
                <div
                    class="lane"
                    class:held=move || strip.reach() == Some(Reach::Nothing)
                    style=("--from", from)
                    style=("--reach", to)
                    aria-hidden="true"
                ></div>
                <input
                    type="range"
                    class="handle"
                    class:kept=kept
                    class:out=move || out.get()
                    class:locked=move || locked.get()
                    disabled=move || locked.get()
                    aria-label=format!("{name} target")
                    aria-valuetext=move || strip.in_words()
                    step=strip.column(|column| column.step.to_string())
                    min=move || strip.axis.get()[0].to_string()
                    max=move || strip.axis.get()[1].to_string()
                    prop:value=move || strip.handle().to_string()
                    on:input=move |event| {
                        if let Ok(to) = event_target_value(&event).parse::<f64>() {
                            strip.slide(to);
                        }
                    }
                />
                <Limit strip />
            </div>
            <Numbers strip />
            <Weight strip />
        </li>
    }
}

/// What stands in the way of a value: its own target, with where that could go, or another value's.
#[component]
fn Limit(strip: StripState) -> impl IntoView {
    let held = Memo::new(move |_| strip.held_back());
    let nearest = Memo::new(move |_| strip.nearest());
    view! {
        <p class="limit">
            {move || {
                held.get()
                    .map(|by| view! { <span class="quiet"><Sentence text=format!("held back by {by}") /></span> })
            }}
            {move || {
                nearest
                    .get()
                    .map(|(words, target)| {
                        view! {
                            <span class="too-far">{words}" "</span>
                            <button type="button" on:click=move |_| strip.set(target)>
                                "Set to this"
                                <span class="visually-hidden">{format!(": {}", strip.name())}</span>
                            </button>
                        }
                    })
            }}
        </p>
    }
}

#[component]
fn StripCanvas(strip: StripState) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        strip.page.repaint.track();
        let chart = strip.chart();
        let style = window().get_computed_style(&canvas).ok().flatten();
        let paint = Paint::from_tokens(|token| {
            style.as_ref().and_then(|style| style.get_property_value(token).ok()).unwrap_or_default()
        });
        draw_on(&canvas, |area, unit| draw_strip(area, &chart, &paint, unit, INSET));
    });
    // All that the picture says stands beside it in numbers.
    view! { <canvas node_ref=canvas aria-hidden="true"></canvas> }
}

#[component]
fn Numbers(strip: StripState) -> impl IntoView {
    let interval = move || {
        let [low, high] = strip.interval()?;
        let over = if strip
            .trusted
            .with(|trusted| trusted.as_ref().is_some_and(|trusted| trusted.realised.is_some()))
        {
            "95% interval over resampled prompts"
        } else {
            "95% interval for this λ"
        };
        Some(format!("{over}: {} to {}", level(low), level(high)))
    };
    let held_out = move || {
        strip.held_out().map(|held| {
            view! {
                <span
                    class="held"
                    title="The level on prompts that λ was not solved on lies outside the \
                    interval."
                >
                    "held out "
                    {level(held)}
                </span>
            }
        })
    };
    view! {
        <div class="num" title=interval>
            <b>
                <span class="visually-hidden">"realised "</span>
                {move || strip.attained.get().map_or("–".to_owned(), |attained| level(attained.level))}
            </b>
            {move || {
                strip
                    .place()
                    .map(|place| view! { <span class="place">"above "{place}" of 100"</span> })
            }}
            <span class:missed=move || {
                strip.out_of_reach()
            }>"target "{move || bounds_in_words(strip.bounds.get())}</span>
            {move || {
                strip
                    .margin()
                    .map(|margin| {
                        view! {
                            <span
                                class="margin"
                                title="So much further than its target it is solved for, to hold on new prompts."
                            >
                                "margin +"
                                {field(margin, strip.column(|column| column.decimals()))}
                            </span>
                        }
                    })
            }}
            <span>"base "{move || level(strip.base())}</span>
            {held_out}
            <span class="visually-hidden">{interval}</span>
        </div>
    }
}

/// λ with its share of the largest, per standard deviation.
#[component]
fn Weight(strip: StripState) -> impl IntoView {
    let page = strip.page;
    let lambda = move || strip.solved.with(|solved| solved.as_ref().and_then(|solved| solved.lambda));
    // As the bar and the mix of weights: per unit, values of different units could not be compared.
    let per_sd = move || {
        strip.solved.with(|solved| solved.as_ref().and_then(|s| Some(s.lambda? * s.standard_deviation)))
    };
    let width = move || {
        let largest = page.outcome.with(|outcome| {
            outcome.as_ref().map_or(0.0, |outcome| {
                outcome
                    .report
                    .values
                    .iter()
                    .map(|value| value.lambda.unwrap_or(0.0).abs() * value.standard_deviation)
                    .fold(0.0, f64::max)
            })
        });
        let own = strip.solved.with(|solved| {
            solved
                .as_ref()
                .map_or(0.0, |solved| solved.lambda.unwrap_or(0.0).abs() * solved.standard_deviation)
        });
        format!("{:.1}%", if largest > ROUNDING { 100.0 * own / largest } else { 0.0 })
    };
    let unbounded = move || {
        page.outcome.with(|outcome| {
            outcome.as_ref().is_some_and(|outcome| outcome.report.verdict != Verdict::Reachable)
        })
    };
    let unit = match strip.unit() {
        unit if unit.is_empty() => format!("nats per unit of {}", isolated(&strip.name())),
        unit => format!("nats per unit of {} ({})", isolated(&strip.name()), isolated(&unit)),
    };
    let title = Memo::new(move |_| {
        if unbounded() {
            return "λ has no bound here".to_owned();
        }
        let interval = strip.trusted.with(|trusted| trusted.as_ref().and_then(|trusted| trusted.lambda));
        let interval = interval.map_or(String::new(), |[low, high]| {
            format!("; 95% interval over resampled prompts: {} to {}", number(low), number(high))
        });
        let price = strip.solved.with(|solved| {
            let solved = solved.as_ref()?;
            solved
                .lambda
                .filter(|lambda| *lambda != 0.0)
                .map(|lambda| format!("; {}", price_in_words(lambda, solved.standard_deviation)))
        });
        let per_unit = lambda().map_or(String::new(), |lambda| format!(" {}", number(lambda)));
        format!("Reward weight λ{per_unit}, {unit}{}{interval}", price.unwrap_or_default())
    });
    view! {
        <div class="lam" title=title>
            <b>
                <span class="visually-hidden">"λ "</span>
                {move || match per_sd() {
                    None => "–".to_owned(),
                    Some(push) if (ROUNDING..0.005).contains(&push.abs()) => "<0.01".to_owned(),
                    Some(push) => number(push),
                }}
            </b>
            <span class="bar" aria-hidden="true">
                <u style:width=width></u>
            </span>
            <span class="visually-hidden">{title}</span>
        </div>
    }
}
