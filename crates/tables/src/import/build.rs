//! From columns to a sample set.

use super::super::{Answer, SampleSet, Value};
use super::cells::Rows;
use super::imported::{ImportError, ImportOptions, Imported, PREVIEW_ROWS, Preview, PreviewColumn};
use super::notes::{self, quoted};
use super::role::Role;
use super::roles::Roles;
use super::rules::{check_size, ordered, weightless_prompt};
use std::collections::HashMap;

pub(super) fn table(mut rows: Rows, options: &ImportOptions) -> Result<Imported, ImportError> {
    let roles =
        Roles::of(&rows.file, &rows.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), options)?;
    let mut notes = Vec::new();
    let mut kept = Vec::new();
    for (i, column) in rows.columns.iter().enumerate().filter(|(i, _)| roles.is_free(*i)) {
        // A column without any number is text (where “none” or “NA” is a word like others); one with some
        // numbers is a reward with a mistake in it.
        if column.cells.any_number() {
            kept.push(i);
        } else if !rows.lines.is_empty() {
            notes.push(format!("The column {} holds no numbers and is left out.", column.name));
        }
    }
    if !rows.lines.is_empty() && kept.is_empty() {
        return Err(ImportError(format!(
            "{} has no column of numbers. A reward table has a row for each answer and a column of rewards \
                for each value.",
            rows.file
        )));
    }
    check_size(&rows.file, rows.lines.len(), kept.len())?;
    let preview = preview(&rows, &roles, &kept);
    let rewards = take_numbers(&mut rows, &kept, "reward")?;
    let weights = take_weights(&mut rows, roles.weight, "weight")?;
    let prompt_weights = take_weights(&mut rows, roles.prompt_weight, "prompt weight")?;

    let mut prompts: Vec<String> = Vec::new();
    // The row where each prompt stands first.
    let mut first = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut answers = Vec::with_capacity(rows.lines.len());
    for row in 0..rows.lines.len() {
        let mut text_of =
            |column: Option<usize>| column.map(|i| rows.columns[i].cells.take_text(row)).unwrap_or_default();
        let (prompt, text) = (text_of(roles.prompt), text_of(roles.answer));
        // The column asked for as group may have another role beside it, and a text can be taken only once.
        let group = match roles.group {
            same if same.is_some() && same == roles.prompt => prompt.clone(),
            same if same.is_some() && same == roles.answer => text.clone(),
            own => text_of(own),
        };
        let at = match known.get(&prompt) {
            Some(at) => *at,
            None => {
                prompts.push(prompt.clone());
                first.push(row);
                known.insert(prompt, prompts.len() - 1);
                prompts.len() - 1
            }
        };
        if let (Some(weights), Some(column)) = (&prompt_weights, roles.prompt_weight)
            && weights[row] != weights[first[at]]
        {
            return Err(ImportError(format!(
                "{}: it is {}, but {} for the same prompt in {} {}. A prompt has one weight: correct it; \
                    nothing was loaded.",
                rows.place(row, column),
                weights[row],
                weights[first[at]],
                rows.unit,
                rows.lines[first[at]]
            )));
        }
        let rewards = rewards.iter().map(|column| column[row]).collect();
        let weight = weights.as_ref().map_or(1.0, |w| w[row]);
        let group = if group.trim().len() == group.len() { group } else { group.trim().into() };
        answers.push(Answer { prompt: at, text, rewards, group, weight });
    }
    let prompt_weights: Vec<f64> =
        prompt_weights.map(|w| first.iter().map(|row| w[*row]).collect()).unwrap_or_default();
    if let Some(column) = roles.prompt_weight
        && prompt_weights.iter().all(|w| *w == 0.0)
    {
        return Err(ImportError(format!(
            "{}, column {}: it is 0 for every prompt. Give at least one prompt a positive weight; nothing \
                was loaded.",
            rows.file, rows.columns[column].name
        )));
    }
    let values = kept.iter().map(|&i| value(&rows, i)).collect();
    let about = match rows.lines.len() {
        1 => "1 row from your file".into(),
        n => format!("{n} rows from your file"),
    };
    let set = SampleSet { name: rows.file.clone(), about, values, prompts, answers, prompt_weights };
    if let (Some(g), Some(column)) = (weightless_prompt(&set), roles.weight) {
        let prompt = if set.prompts[g].trim().is_empty() {
            String::new()
        } else {
            format!(" to {}", quoted(&set.prompts[g]))
        };
        return Err(ImportError(format!(
            "{}: every answer{prompt} has the weight 0, so none could be given. Give one of them a positive \
                weight, or the prompt the prompt_weight 0; nothing was loaded.",
            rows.place(first[g], column)
        )));
    }
    let set = ordered(set);
    notes.extend(uses(&rows, &roles, &set));
    notes.extend(notes::about(&set));
    Ok(Imported { set, notes, preview })
}

fn preview(rows: &Rows, roles: &Roles, kept: &[usize]) -> Preview {
    let role = |i: usize| match Some(i) {
        at if at == roles.prompt => Role::Prompt,
        at if at == roles.answer => Role::Answer,
        at if at == roles.group => Role::Group,
        at if at == roles.weight => Role::Weight,
        at if at == roles.prompt_weight => Role::PromptWeight,
        _ if kept.contains(&i) => Role::Value,
        _ => Role::Off,
    };
    let columns = rows.columns.iter().enumerate().map(|(i, column)| PreviewColumn {
        name: column.name.clone(),
        role: role(i),
        why: String::new(),
        cells: (0..rows.lines.len().min(PREVIEW_ROWS)).map(|row| column.cells.text(row)).collect(),
        may_be_value: column.cells.any_number(),
    });
    Preview { rows: rows.lines.len(), columns: columns.collect() }
}

fn value(rows: &Rows, i: usize) -> Value {
    let name = rows.columns[i].name.trim();
    Value { name: name.into(), unit: String::new(), measured: format!("Column {name} of {}.", rows.file) }
}

/// The columns as numbers, taken out; the error tells the first bad cell in reading order.
fn take_numbers(rows: &mut Rows, columns: &[usize], what: &str) -> Result<Vec<Vec<f64>>, ImportError> {
    let others =
        columns.iter().filter_map(|&i| rows.columns[i].cells.first_other().map(|(row, cell)| (row, i, cell)));
    if let Some((row, i, cell)) = others.min_by_key(|(row, ..)| *row) {
        return Err(rows.no_number(row, i, cell, what));
    }
    Ok(columns.iter().map(|&i| rows.columns[i].cells.take_numbers()).collect())
}

/// The column as numbers from 0, taken out, where there is one.
fn take_weights(rows: &mut Rows, column: Option<usize>, what: &str) -> Result<Option<Vec<f64>>, ImportError> {
    let Some(column) = column else { return Ok(None) };
    let weights = take_numbers(rows, &[column], what)?.pop().unwrap_or_default();
    match weights.iter().position(|w| *w < 0.0) {
        None => Ok(Some(weights)),
        Some(row) => Err(ImportError(format!(
            "{}: a {what} cannot be negative, and it is {}. Correct it or remove the row; \
                nothing was loaded.",
            rows.place(row, column),
            weights[row]
        ))),
    }
}

/// Notes on the use of columns with a role, where it is not plain from their names.
fn uses(rows: &Rows, roles: &Roles, set: &SampleSet) -> Vec<String> {
    let name = |i: usize| rows.columns[i].name.trim();
    let mut notes = Vec::new();
    if let Some(i) = roles.group {
        let groups = match set.groups().len() {
            1 => "1 group".into(),
            n => format!("{n} groups"),
        };
        notes.push(format!("The column {} is used as group: {groups} of prompts.", name(i)));
    }
    if let Some(i) = roles.set_aside {
        notes.push(format!("The column {} is not used: the groups come from another.", name(i)));
    }
    notes.extend(roles.weight.map(|i| format!("The column {} is used as base weight.", name(i))));
    notes.extend(
        roles.prompt_weight.map(|i| format!("The column {} is used as weight of the prompts.", name(i))),
    );
    notes
}
