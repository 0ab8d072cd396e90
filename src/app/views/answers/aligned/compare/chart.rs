//! A chart for each value asked: what every method realises, with its interval, and the target as a line.

use super::super::levels::asked_in_words;
use super::best::measured_of;
use super::methods::accent;
use crate::app::format::level;
use crate::app::state::answers::AlignedShown;
use crate::app::state::page;
use crate::app::views::names::Name;
use crate::app::views::repaint::repaint_on_resize;
use crate::chart::{IntervalChart, IntervalRow, Paint, draw_intervals, draw_on, even_ticks};
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
    let page = page();
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let height = format!("{}px", chart.height());
    let what = if asked.relative { "lift above base" } else { "expected level" };
    let words = asked_in_words(&asked);
    let label = format!("{}: {what} by every method, asked {words}. The table has the figures.", asked.name);
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        page.repaint.track();
        let style = window().get_computed_style(&canvas).ok().flatten();
        let paint = Paint::from_tokens(|token| {
            style.as_ref().and_then(|style| style.get_property_value(token).ok()).unwrap_or_default()
        });
        draw_on(&canvas, |area, unit| draw_intervals(area, &chart, &paint, unit));
    });
    view! {
        <figure data-accent=accent>
            <figcaption>
                <i class="dot" aria-hidden="true"></i>
                <b>
                    <Name name=asked.name.clone() />
                </b>
                {format!(" {what}, asked {words}")}
            </figcaption>
            <canvas node_ref=canvas role="img" aria-label=label style:height=height></canvas>
        </figure>
    }
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
