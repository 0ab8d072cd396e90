//! How other solvers fare on the palette as the table and its targets grow.

use super::card::StudyCard;
use super::set_in_words;
use super::table::{StudyTable, verdict_in_words, words};
use crate::app::format::number;
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::state::table_studies::AskedStudy;
use crate::app::views::compose::solver_name;
use leptos::prelude::*;
use palette_study::Question;
use palette_study::lab::{LabMethod, LabRun, Setting};
use palette_study::studies::{StudyQuestion, StudyReport};
use std::sync::Arc;

#[component]
pub fn SolversCard(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let asks = Signal::derive(move || {
        let pooling = page.pooling_in_use(&table);
        let palette = page.palette.get();
        Ok(AskedStudy {
            question: StudyQuestion::Lab { question: Question { palette, pooling } },
            about: format!("The palette as it was composed, on {}.", set_in_words(&table, pooling)),
            table: Some(table.id),
        })
    });
    view! {
        <StudyCard
            name="solvers"
            question="How do other solvers fare as the table grows?"
            tried="The paper's procedure, gradient ascent, L-BFGS and this page's solver on the palette as \
            composed: with an eighth, a quarter, half and all of the answers, and with one target, two, and so on."
            unit="setting"
            run=page.table_studies.lab
            asks
            shown
        />
    }
}

fn shown(report: &StudyReport) -> AnyView {
    let StudyReport::Lab(report) = report else { return ().into_any() };
    view! {
        <div class="tables">
            {growth("answers", &report.by_rows, |setting| setting.rows)}
            {growth("targets", &report.by_values, |setting| setting.values)}
        </div>
    }
    .into_any()
}

/// Every solver at each size: time, passes, how far λ is off, and whether the verdict is wrong.
fn growth(of: &'static str, settings: &[Setting], size: fn(&Setting) -> usize) -> impl IntoView + use<> {
    let row = |setting: &Setting| {
        let cells = setting.runs.iter().map(cell).collect_view();
        view! {
            <tr>
                <th scope="row">{size(setting)}</th>
                <td>{verdict_in_words(setting.verdict)}</td>
                {cells}
            </tr>
        }
    };
    let rows = settings.iter().map(row).collect_view();
    view! {
        <StudyTable
            label=format!("Solvers by {of}")
            caption=format!("By {of}: milliseconds, passes over the rows, and λ off by so many per sd")
            heads=words([of, "verdict"].into_iter().chain(LabMethod::ALL.map(solver_name)))
        >
            <tbody>{rows}</tbody>
        </StudyTable>
    }
}

fn cell(run: &LabRun) -> impl IntoView + use<> {
    let off = run
        .lambda_error
        .map(|error| format!(", off by {}", if error == 0.0 { "0".into() } else { number(error) }));
    let wrong = (run.right == Some(false)).then_some(" · wrong verdict");
    view! {
        <td class:missed=run.right == Some(false)>
            {format!("{:.1}", 1e3 * run.seconds)}
            <small>{format!("{} passes", run.passes)} {off} {wrong}</small>
        </td>
    }
}
