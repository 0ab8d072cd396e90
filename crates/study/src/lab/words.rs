//! What the lab shows, in sentences.

use super::report::{Lab, LabMethod, LabRun, Setting};

impl LabMethod {
    /// What it is called in a sentence.
    pub fn called(self) -> &'static str {
        match self {
            LabMethod::Paper => "the paper's procedure",
            LabMethod::Gradient => "gradient ascent",
            LabMethod::Lbfgs => "L-BFGS",
            LabMethod::Newton => "this project's solver",
        }
    }
}

pub(super) fn seen(lab: &Lab) -> Vec<String> {
    let mut sentences = vec![verdicts(lab)];
    sentences.extend(errors(&lab.whole));
    sentences.extend(times(lab));
    sentences
}

fn run(setting: &Setting, method: LabMethod) -> Option<&LabRun> {
    setting.runs.iter().find(|run| run.method == method)
}

/// How many verdicts each tells rightly; the whole table stands in both lists.
fn verdicts(lab: &Lab) -> String {
    let settings = || lab.by_rows.iter().chain(lab.by_values.iter().rev().skip(1));
    let told: Vec<String> = LabMethod::ALL
        .into_iter()
        .map(|method| {
            let all = settings().filter_map(|setting| run(setting, method)?.right);
            let (right, all) = all.fold((0, 0), |(right, all), told| (right + usize::from(told), all + 1));
            format!("{} {right} of {all}", method.called())
        })
        .collect();
    format!("Verdicts told rightly: {}.", told.join(", "))
}

/// How far off λ is on the whole table.
fn errors(whole: &Setting) -> Option<String> {
    let off: Vec<String> = LabMethod::ALL
        .into_iter()
        .filter(|method| *method != LabMethod::Newton)
        .filter_map(|method| {
            let run = run(whole, method)?;
            Some(match run.lambda_error {
                Some(error) => format!("{} by {error:.1e} sd", method.called()),
                None => format!("{} beyond all numbers", method.called()),
            })
        })
        .collect();
    (whole.kl.is_some() && !off.is_empty())
        .then(|| format!("On the whole table λ is off with {}.", off.join(", ")))
}

/// Times beside the solver that stands everywhere, and how that grows.
fn times(lab: &Lab) -> Option<String> {
    let own = run(&lab.whole, LabMethod::Newton)?.seconds;
    if own <= 0.0 {
        return None;
    }
    let beside: Vec<String> = LabMethod::ALL
        .into_iter()
        .filter(|method| *method != LabMethod::Newton)
        .filter_map(|method| {
            Some(format!("{} {:.1} ×", method.called(), run(&lab.whole, method)?.seconds / own))
        })
        .collect();
    let grown = lab.by_rows.first().filter(|small| small.rows < lab.whole.rows).and_then(|small| {
        let before = run(small, LabMethod::Newton)?.seconds;
        let (rows, time) = (lab.whole.rows as f64 / small.rows as f64, own / before);
        (before > 0.0).then(|| format!("; {rows:.1} × the rows take it {time:.1} × the time"))
    });
    Some(format!(
        "Beside the time of this project's solver: {}{}.",
        beside.join(", "),
        grown.unwrap_or_default()
    ))
}
