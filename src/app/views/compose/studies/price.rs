//! What one target costs along its lane, and λ on the way.

use crate::app::actions::export;
use crate::app::format::{drafts, isolated, level, number};
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::names::{Name, Sentence};
use crate::app::views::repaint::repaint_on_resize;
use crate::app::views::save_picture::{Draw, SavePicture, keep_drawn};
use crate::chart::{CurveChart, Paint, draw_curve, even_ticks};
use leptos::prelude::*;
use palette_study::{LevelPrice, TargetPriceReport};
use std::sync::Arc;

#[component]
pub fn Price(table: Arc<Table>) -> impl IntoView {
    let studies = page().studies;
    // The finding on the palette before stays in sight, dimmed, until this one is there.
    let found = Memo::new(move |before: Option<&Option<Result<TargetPriceReport, String>>>| {
        studies.price.get().or_else(|| before.cloned().flatten())
    });
    let stale = move || studies.price.with(Option::is_none);
    move || match found.get() {
        None => view! { <p class="note">"Working out what each level costs…"</p> }.into_any(),
        Some(Err(message)) => view! {
            <p class="note">
                <Sentence text=message />
            </p>
        }
        .into_any(),
        Some(Ok(report)) => {
            let report = Arc::new(report);
            let said = report
                .in_words(isolated)
                .into_iter()
                .map(|text| view! { <p><Sentence text /></p> })
                .collect_view();
            let curves = (!report.points.is_empty()).then(|| view! { <Curves report=report.clone() /> });
            view! {
                <Choice table=table.clone() report=report.clone() />
                <div class="why-not" class:stale=stale>
                    <div aria-live="polite">{said}</div>
                    {curves}
                </div>
            }
            .into_any()
        }
    }
}

/// The target to ask about.
#[component]
fn Choice(table: Arc<Table>, report: Arc<TargetPriceReport>) -> impl IntoView {
    let page = page();
    let varying =
        table.columns.iter().zip(&table.set.values).filter(|(column, _)| column.standard_deviation > 0.0);
    let mut names: Vec<String> = varying.map(|(_, value)| value.name.clone()).collect();
    page.outcome.with_untracked(|outcome| {
        names.extend(outcome.iter().flat_map(|o| &o.report.groups).map(|group| group.name.clone()));
    });
    let options = names
        .into_iter()
        .map(|name| {
            let chosen = name == report.name;
            view! {
                <option value=name.clone() selected=chosen>
                    {isolated(&name)}
                </option>
            }
        })
        .collect_view();
    view! {
        <label>
            "Price of "
            <select
                aria-label="Target whose price is told"
                on:change=move |event| page.studies.price(Some(event_target_value(&event)))
            >
                {options}
            </select>
        </label>
    }
}

#[component]
fn Curves(report: Arc<TargetPriceReport>) -> impl IntoView {
    let page = page();
    let around = NodeRef::<leptos::html::Div>::new();
    repaint_on_resize(page, around);
    let for_csv = report.clone();
    let rows = report
        .points
        .iter()
        .map(|point| {
            view! {
                <tr>
                    <th scope="row">{level(point.level)}</th>
                    <td>{number(point.kl)}</td>
                    <td>{drafts(point.drafts)}</td>
                    <td>{number(point.lambda)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="price-chart" node_ref=around>
            <Curve report=report.clone() name="price" up="nats" of=|point| point.kl />
            <Curve report=report.clone() name="λ" up="λ, nats per unit" of=|point| point.lambda />
        </div>
        <p class="note">
            "Across: the level asked, the other targets held. Dashed: what is asked now; the upright line is the edge."
        </p>
        <div class="row">
            <button type="button" on:click=move |_| export::price_csv(page, &for_csv)>
                "Price as CSV"
            </button>
        </div>
        <details>
            <summary>"The same as a table"</summary>
            <div class="scrolls" tabindex="0" role="region" aria-label="Price by level">
                <table>
                    <caption>"What the whole palette costs by the level of one target"</caption>
                    <thead>
                        <tr>
                            <th scope="col">
                                <Name name=report.name.clone() />
                            </th>
                            <th scope="col">"nats"</th>
                            <th scope="col">"drafts"</th>
                            <th scope="col">"λ"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

#[component]
fn Curve(
    report: Arc<TargetPriceReport>,
    name: &'static str,
    up: &'static str,
    of: fn(&LevelPrice) -> f64,
) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let chart = curve(&report, up, of);
    let draw: Draw = Arc::new(move |area, unit, token| {
        let paint = Paint::from_tokens(|name| token(if name == "--c" { "--focus" } else { name }));
        draw_curve(area, &chart, &paint, unit).is_ok()
    });
    keep_drawn(page(), canvas, draw.clone());
    let title = format!("{name} of {} by its level", report.name);
    let words = report.in_words(str::to_owned).join(" ");
    view! {
        <canvas node_ref=canvas role="img" aria-label=format!("{title}. The table has the figures.")></canvas>
        <SavePicture canvas name=Signal::stored(title) words=Signal::stored(words) draw />
    }
}

fn curve(report: &TargetPriceReport, up: &str, of: fn(&LevelPrice) -> f64) -> CurveChart {
    let mut points: Vec<(f64, f64)> = report.points.iter().map(|point| (point.level, of(point))).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ends = || points.iter().map(|point| point.0).chain(report.asked).chain(report.edge);
    let (low, high) =
        ends().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let most = points.iter().map(|point| point.1).fold(0.0, f64::max);
    let least = points.iter().map(|point| point.1).fold(0.0, f64::min);
    let label = |x: f64| {
        let text = number(x);
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    CurveChart {
        axis: [low, high],
        ticks: even_ticks([low, high]).into_iter().map(|at| (at, level(at))).collect(),
        up_ticks: even_ticks([least, most]).into_iter().map(|at| (at, label(at))).collect(),
        points,
        asked: report.asked,
        edge: report.edge,
        up: up.to_owned(),
    }
}
