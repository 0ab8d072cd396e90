//! Sample sets as files.

use crate::app::browser::download;
use crate::app::state::Page;
use crate::app::state::answers::AlignedShown;
use crate::app::state::table_studies::ShownStudy;
use leptos::prelude::WithUntracked;
use palette_study::compare::Comparison;
use palette_study::{PlanePrices, PlaneReport, TargetPriceReport};
use palette_tables::command::file_name;
use palette_tables::{SampleSet, csv_text};

/// Saves the set as a JSON file, which this page opens again as it was.
pub fn json(page: Page, set: &SampleSet) {
    match serde_json::to_string(set) {
        Ok(text) => save(page, &file_name(&set.name, "json"), &text),
        Err(error) => page.notify_error(format!("{} could not be written as JSON ({error}).", set.name)),
    }
}

/// Saves the set as a table: a row for each answer, a column for each value.
pub fn csv(page: Page, set: &SampleSet) {
    save(page, &file_name(&set.name, "csv"), &csv_text::of_set(set));
}

/// Saves what aligning gave: a row for each value, with its intervals and what was asked.
pub fn measured_csv(page: Page, shown: &AlignedShown) {
    let text = shown.judged.measured.csv(&shown.plan.asked, &shown.reweighted());
    save(page, &file_name(&format!("{} levels", shown.table.set.name), "csv"), &text);
}

/// Saves every draft with its rewards, its probability and whether it was picked.
pub fn drafts_csv(page: Page, shown: &AlignedShown) {
    let text = csv_text::of_choice(&shown.table.set, &shown.judged.probability, &shown.judged.picked);
    save(page, &file_name(&format!("{} drafts", shown.table.set.name), "csv"), &text);
}

/// Saves every method with every value: its levels, intervals, λ, KL and outcomes.
pub fn comparison_csv(page: Page, shown: &AlignedShown, comparison: &Comparison) {
    save(page, &file_name(&format!("{} methods", shown.table.set.name), "csv"), &comparison.csv());
}

/// Saves the numbers of a study as a table; `name` says which it is.
pub fn study_csv(page: Page, name: &str, shown: &ShownStudy) {
    save(page, &file_name(&format!("{} {name}", shown.set_name), "csv"), &shown.studied.report.csv());
}

/// Saves the lines of the plane of two values.
pub fn plane_csv(page: Page, report: &PlaneReport, prices: Option<&PlanePrices>) {
    let set = page.table.with_untracked(|table| table.as_ref().map(|table| table.set.name.clone()));
    let [a, b] = report.values.clone().map(|value| value.name);
    let name = format!("{} {a} and {b} at once", set.unwrap_or_default());
    save(page, &file_name(&name, "csv"), &report.csv(prices));
}

/// Saves what one target costs by its level.
pub fn price_csv(page: Page, report: &TargetPriceReport) {
    let set = page.table.with_untracked(|table| table.as_ref().map(|table| table.set.name.clone()));
    let name = format!("{} price of {}", set.unwrap_or_default(), report.name);
    save(page, &file_name(&name, "csv"), &report.csv());
}

/// Saves the report of a study, as `palette study --json` writes it.
pub fn study_json(page: Page, name: &str, shown: &ShownStudy) {
    match shown.studied.report.json() {
        Ok(text) => save(page, &file_name(&format!("{} {name}", shown.set_name), "json"), &text),
        Err(error) => page.notify_error(format!("The study could not be written as JSON ({error}).")),
    }
}

/// Saves the comparison with all that its figures follow from beside the drafts: every λ that was tried, the parts of
/// the mixture, what each method picked.
pub fn comparison_json(page: Page, shown: &AlignedShown, comparison: &Comparison) {
    let name = format!("{} methods", shown.table.set.name);
    match serde_json::to_string(comparison) {
        Ok(text) => save(page, &file_name(&name, "json"), &text),
        Err(error) => page.notify_error(format!("{name} could not be written as JSON ({error}).")),
    }
}

pub(super) fn save(page: Page, name: &str, text: &str) {
    if !download::save(name, text) {
        page.notify_error(format!("This browser did not let the page save {name}."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use palette_tables::import::{ImportOptions, import};
    use palette_tables::{Answer, Value};

    fn set() -> SampleSet {
        let value =
            |name: &str| Value { name: name.into(), unit: "log-odds".into(), measured: "By hand.".into() };
        let mut answers = vec![
            Answer::new(0, "Yes, \"quite\".\nAnd more".into(), vec![0.1, -2.0]),
            Answer::new(0, "No".into(), vec![1e-7, 3.25]),
            Answer::new(1, "  spaces ".into(), vec![5.0, 1.0 / 3.0]),
        ];
        answers[2].group = "medical".into();
        answers[1].weight = 2.5;
        SampleSet {
            name: "Mine; all/of: it".into(),
            about: "made up".into(),
            values: vec![value("humor"), value("a, b")],
            prompts: vec!["Why?".into(), "How, then?".into()],
            answers,
            prompt_weights: vec![1.0, 0.5],
        }
    }

    fn opened(name: &str, text: &str) -> SampleSet {
        import(name, text.as_bytes(), &ImportOptions::default(), &mut |_| {}).expect("it can be read").set
    }

    #[test]
    fn json_opens_again_as_it_was() {
        let text = serde_json::to_string(&set()).expect("it can be written");
        assert_eq!(opened("x.json", &text), set());
    }

    #[test]
    fn csv_opens_again_with_all_that_a_table_holds() {
        let again = opened("x.csv", &csv_text::of_set(&set()));
        let set = set();
        assert_eq!((again.prompts, again.prompt_weights), (set.prompts, set.prompt_weights));
        for (a, b) in again.answers.iter().zip(&set.answers) {
            assert_eq!(
                (a.prompt, a.text.trim(), &a.rewards, &a.group, a.weight),
                (b.prompt, b.text.trim(), &b.rewards, &b.group, b.weight)
            );
        }
        let names: Vec<_> = again.values.iter().map(|value| value.name.as_str()).collect();
        assert_eq!(names, ["humor", "a, b"]);
    }
}
