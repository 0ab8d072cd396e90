//! Solvers beside one another on the palette on show: error, price, passes, time, and whether the verdict is
//! right.

use crate::app::format::{count, number};
use crate::app::state::page;
use leptos::prelude::*;
use palette_study::Verdict;
use palette_study::lab::{Ended, LabMethod, LabRun, Setting};

#[component]
pub fn SolverLab() -> impl IntoView {
    let studies = page().studies;
    // The finding on the palette before stays in sight, dimmed, until this one is done.
    let found = Memo::new(move |before: Option<&Option<Result<Setting, String>>>| {
        studies.lab.get().or_else(|| before.cloned().flatten())
    });
    let stale = move || studies.lab.with(Option::is_none);
    move || match found.get() {
        None => view! { <p class="note">"Solving in four ways…"</p> }.into_any(),
        Some(Err(message)) => view! { <p class="note">{message}</p> }.into_any(),
        Some(Ok(setting)) => {
            let rows = setting.runs.iter().map(row).collect_view();
            let methods = setting
                .runs
                .iter()
                .map(|run| {
                    view! {
                        <dt>{solver_name(run.method)}</dt>
                        <dd>{run.method.about()}</dd>
                    }
                })
                .collect_view();
            view! {
                <div class:stale=stale>
                    <p>{sentence(&setting)}</p>
                    <table class="lab">
                        <caption>"λ off by per standard deviation, KL in nats"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"solver"</th>
                                <th scope="col">"λ off by"</th>
                                <th scope="col">"KL off by"</th>
                                <th scope="col">"passes"</th>
                                <th scope="col">"ms"</th>
                                <th scope="col">"verdict"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                    <details>
                        <summary>"What each does"</summary>
                        <dl class="hint">{methods}</dl>
                    </details>
                </div>
            }
            .into_any()
        }
    }
}

fn row(run: &LabRun) -> impl IntoView + use<> {
    let says = match (run.ended, run.says_reachable) {
        (Ended::Overflow, _) => "overflow",
        (_, true) => "reachable",
        (_, false) => "not reached",
    };
    let verdict = match run.right {
        Some(true) => "right".to_owned(),
        Some(false) => format!("wrong: {says}"),
        None => says.to_owned(),
    };
    view! {
        <tr>
            <th scope="row">{solver_name(run.method)}</th>
            <td>{figure(run.lambda_error)}</td>
            <td>{figure(run.kl_error)}</td>
            <td>{run.passes}</td>
            <td>{format!("{:.1}", 1000.0 * run.seconds)}</td>
            <td class:missed=run.right == Some(false)>{verdict}</td>
        </tr>
    }
}

/// What a solver is called in tables.
pub fn solver_name(method: LabMethod) -> &'static str {
    match method {
        LabMethod::Paper => "paper",
        LabMethod::Gradient => "gradient",
        LabMethod::Lbfgs => "L-BFGS",
        LabMethod::Newton => "this page",
    }
}

/// An error, however small.
fn figure(x: Option<f64>) -> String {
    match x {
        Some(0.0) => "0".to_owned(),
        Some(x) => number(x),
        None => "–".to_owned(),
    }
}

/// What the solvers had to find.
fn sentence(setting: &Setting) -> String {
    let truth = match setting.verdict {
        Verdict::Reachable => "reachable, with proof",
        Verdict::Edge => "on the edge, where no λ is exact",
        Verdict::Unreachable => "out of reach, with proof: no λ meets it",
    };
    format!("{} and {}: {truth}.", count(setting.rows, "answer"), count(setting.values, "target"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_said_however_small() {
        assert_eq!(figure(Some(3.2e-13)), "3.2e-13");
        assert_eq!(figure(Some(-0.25)), "−0.25");
        assert_eq!(figure(Some(0.0)), "0");
        assert_eq!(figure(None), "–");
    }
}
