//! Rewarded drafts of new prompts, to choose one of each.

use super::input::{BadInput, read};
use super::parquet::import_any;
use palette_tables::SampleSet;
use palette_tables::import::ImportOptions;
use std::path::Path;

/// Reads a table of drafts. `group` names the column of groups where it is not `group`, `chosen` are the names that
/// targets may mean; what the reader has to say goes to
/// `notes`.
pub(super) fn open(
    file: &Path,
    group: Option<&str>,
    chosen: &[String],
    notes: &mut Vec<String>,
) -> Result<SampleSet, BadInput> {
    let (name, bytes) = read(file)?;
    let options = ImportOptions {
        group: group.map(str::to_owned),
        chosen: chosen.to_vec(),
        ..ImportOptions::default()
    };
    let imported = import_any(&name, &bytes, &options)?;
    notes.extend(imported.notes.into_iter().map(|note| format!("{name}: {note}")));
    Ok(imported.set)
}

/// The first k drafts of each prompt, so that every prompt has as many to choose from.
pub(super) fn first_of_each(mut drafts: SampleSet, k: Option<u32>) -> Result<SampleSet, BadInput> {
    let fewest = drafts.fewest_answers();
    let k = k.map_or(fewest, |k| k as usize);
    if fewest < k.max(2) {
        return Err(BadInput(format!(
            "A new prompt has only {fewest} draft{}, and one of {} is to be chosen. Draw more, or ask for \
                fewer \
                with --drafts.",
            if fewest == 1 { "" } else { "s" },
            k.max(2)
        )));
    }
    let mut seen = vec![0; drafts.prompts.len()];
    drafts.answers.retain(|answer| {
        seen[answer.prompt] += 1;
        seen[answer.prompt] <= k
    });
    Ok(drafts)
}
