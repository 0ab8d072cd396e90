//! A chart for each value asked: what every method realises, with its interval, and the target as a line.

use super::super::levels::asked_in_words;
use super::best::measured_of;
use super::methods::accent;
use crate::app::format::level;
use crate::app::state::answers::AlignedShown;
use crate::app::state::page;
use crate::app::views::names::Name;
use crate::app::views::repaint::repaint_on_resize;
use crate::app::views::save_picture::{Draw, SavePicture, keep_drawn};
use crate::chart::{IntervalChart, IntervalRow, Paint, draw_intervals, even_ticks};
use leptos::prelude::*;
use palette_study::align::AskedTarget;
use palette_study::compare::{Comparison, Method, MethodKind};
use std::sync::Arc;

#[component]
pub(super) fn Charts(shown: Arc<AlignedShown>, comparison: Arc<Comparison>) -> impl IntoView {
    let around = NodeRef::<leptos::html::Div>::new();
    repaint_on_resize(page(), around);
    let charts = comparison
        .asked
        .iter()
        .filter(|asked| !asked.is_off())
        .map(|asked| {
            let chart = chart(&comparison, asked);
            let accent = accent(&shown, asked.value());
            view! { <ValueChart chart asked=asked.clone() accent /> }
        })
        .collect_view();
    view! {
        <div class="interval-charts" node_ref=around>
            {charts}
        </div>
        <p class="hint">
            "Points are what each method realises, bars their 95% intervals over prompts, the dashed line \
            what was asked. MAP for these drafts is a diamond. The table has the same in figures."
        </p>
    }
}

#[component]
fn ValueChart(chart: IntervalChart, asked: AskedTarget, accent: Option<usize>) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let height = format!("{}px", chart.height());
    let what = if asked.relative { "lift above base" } else { "expected level" };
    let words = asked_in_words(&asked);
    let label = format!("{}: {what} by every method, asked {words}. The table has the figures.", asked.name);
    let title = chart_title(&asked.name, what, &words);
    let words = format!("{title}: {}", in_words(&chart));
    let draw: Draw = Arc::new(move |area, unit, token| {
        let paint = Paint::from_tokens(token);
        draw_intervals(area, &chart, &paint, unit).is_ok()
    });
    keep_drawn(page(), canvas, draw.clone());
    let name = format!("methods {}", asked.name);
    view! {
        <figure data-accent=accent>
            <figcaption>
                <i class="dot" aria-hidden="true"></i>
                <b>
                    <Name name=asked.name.clone() />
                </b>
                {format!(" {what}, asked {}", asked_in_words(&asked))}
            </figcaption>
            <canvas node_ref=canvas role="img" aria-label=label style:height=height></canvas>
            <SavePicture canvas name=Signal::stored(name) words=Signal::stored(words) draw title />
        </figure>
    }
}

fn chart_title(name: &str, what: &str, asked: &str) -> String {
    format!("{name}, {what} by every method, asked {asked}")
}

/// Every row in words: `MAP pooled +0.31 (+0.22 to +0.40)`.
fn in_words(chart: &IntervalChart) -> String {
    let said = chart.rows.iter().map(|row| {
        let interval =
            row.interval.map_or(String::new(), |[low, high]| format!(" ({} to {})", level(low), level(high)));
        format!("{} {}{interval}", row.label, level(row.mean))
    });
    said.collect::<Vec<_>>().join("; ")
}

fn chart(comparison: &Comparison, asked: &AskedTarget) -> IntervalChart {
    let rows: Vec<IntervalRow> = comparison
        .methods
        .iter()
        .filter_map(|method| {
            let (_, estimate) = measured_of(method, asked)?;
            Some(IntervalRow {
                label: short_name(method),
                mean: estimate.mean,
                interval: estimate.interval,
                strong: method.kind == MethodKind::PerPrompt,
            })
        })
        .collect();
    let targets: Vec<f64> = asked.measured_bounds().into_iter().flatten().collect();
    let ends = rows
        .iter()
        .flat_map(|row| row.interval.into_iter().flatten().chain([row.mean]))
        .chain(targets.iter().copied());
    let (low, high) =
        ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let margin = if high > low { 0.04 * (high - low) } else { 0.1 * (1.0 + low.abs()) };
    let axis = [low - margin, high + margin];
    let ticks = even_ticks(axis).into_iter().map(|at| (at, level(at))).collect();
    IntervalChart { axis, ticks, rows, targets }
}

/// What has room beside a chart.
fn short_name(method: &Method) -> String {
    match method.kind {
        MethodKind::Pooled => "MAP pooled".to_owned(),
        MethodKind::PerPrompt => "MAP for these drafts".to_owned(),
        MethodKind::WithConfidence => "MAP with confidence".to_owned(),
        MethodKind::Mixture => "Mixture".to_owned(),
        MethodKind::OneAfterAnother => method.name.replace("One after another", "In turn"),
        MethodKind::Base
        | MethodKind::EqualWeights
        | MethodKind::Weights
        | MethodKind::WeightsOverBeta
        | MethodKind::RandomWeights
        | MethodKind::BestOfK => method.name.clone(),
    }
}
