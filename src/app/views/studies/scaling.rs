//! How time and memory grow with the table, measured in this browser.

use super::card::StudyCard;
use super::log_chart::{LogChart, Series};
use super::table::{StudyTable, words};
use crate::app::format::number;
use crate::app::state::page;
use crate::app::state::table_studies::AskedStudy;
use leptos::prelude::*;
use palette_study::scaling::{Axis, ScalingQuestion, ScalingReport, ScalingRow};
use palette_study::studies::{StudyQuestion, StudyReport};

const CHOICES: [(usize, &str); 5] = [
    (10_000, "10,000 rows"),
    (30_000, "30,000 rows"),
    (100_000, "100,000 rows"),
    (300_000, "300,000 rows"),
    (1_000_000, "1,000,000 rows"),
];

#[component]
pub fn ScalingCard() -> impl IntoView {
    let state = page().table_studies;
    let asks = Signal::derive(move || {
        let question = ScalingQuestion::up_to(state.most_rows.get());
        let about = format!(
            "Synthetic tables, answers competing per prompt, medians of {} runs each in a worker of this browser.",
            question.repetitions
        );
        Ok(AskedStudy { question: StudyQuestion::Scaling(question), about, table: None })
    });
    let choose = move |event| {
        if let Ok(most) = event_target_value(&event).parse() {
            state.most_rows.set(most);
        }
    };
    view! {
        <StudyCard
            name="scaling"
            question="How do time and memory grow with rows, values and prompts?"
            tried="Synthetic tables of a known distribution, every value raised by 0.3 standard deviations: time \
            to prepare, to the first verdict with λ and ranges, and after a small move; and the memory it takes."
            unit="run"
            run=state.scaling
            asks
            shown
        >
            <label>
                "Largest table "
                <select on:change=choose prop:value=move || state.most_rows.get().to_string()>
                    {CHOICES
                        .iter()
                        .map(|(rows, words)| {
                            view! {
                                <option
                                    value=rows.to_string()
                                    selected=move || state.most_rows.get_untracked() == *rows
                                >
                                    {*words}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
        </StudyCard>
    }
}

fn shown(report: &StudyReport) -> AnyView {
    let StudyReport::Scaling(report) = report else { return ().into_any() };
    let charts = Axis::ALL.into_iter().map(|axis| chart(report, axis)).collect_view();
    view! {
        <div class="log-charts">{charts}</div>
        <div class="tables">{table(report)}</div>
    }
    .into_any()
}

fn chart(report: &ScalingReport, axis: Axis) -> Option<impl IntoView + use<>> {
    let rows = report.along(axis);
    let points = |of: fn(&ScalingRow) -> f64| -> Vec<(f64, f64)> {
        rows.iter().map(|row| (axis.of(row.size) as f64, 1e3 * of(row))).collect()
    };
    let series = vec![
        Series { name: "first verdict", points: points(ScalingRow::to_first) },
        Series { name: "small move", points: points(|row| row.small_move) },
    ];
    (rows.len() > 1).then(|| view! { <LogChart across=axis.name() up="ms" series /> })
}

fn table(report: &ScalingReport) -> impl IntoView + use<> {
    let milliseconds = |seconds: f64| number(1e3 * seconds);
    let row = |row: &ScalingRow| {
        let memory = row.memory.map_or("–".to_owned(), |bytes| number(bytes as f64 / 1e6));
        view! {
            <tr>
                <th scope="row">{row.size.rows}</th>
                <td>{row.size.values}</td>
                <td>{row.size.prompts}</td>
                <td>{milliseconds(row.prepare)}</td>
                <td>{milliseconds(row.first)}</td>
                <td>{milliseconds(row.small_move)}</td>
                <td>{memory}</td>
            </tr>
        }
    };
    let mut sizes: Vec<&ScalingRow> = report.sizes.iter().collect();
    sizes.sort_by_key(|row| Axis::ALL.map(|axis| axis.of(row.size)));
    let rows = sizes.into_iter().map(row).collect_view();
    view! {
        <StudyTable
            label="Sizes measured"
            caption="Milliseconds; memory is the most that the worker has grown by so far, in MB"
            heads=words(["rows", "values", "prompts", "prepare", "first palette", "small move", "memory"])
        >
            <tbody>{rows}</tbody>
        </StudyTable>
    }
}
