//! From columns to a sample set.

use super::assign::{self, Assigned, word};
use super::decimals;
use super::imported::{ImportOptions, Imported, Preview, PreviewColumn};
use super::judge::Sight;
use super::notes::{self, quoted};
use super::numbers::{self, Wrong};
use super::prompts::{self, Prompts};
use super::role::Role;
use super::rules::{check_size, ordered, weightless_prompt};
use crate::error::ImportError;
use crate::number::{DecimalMark, plain};
use crate::rows::{Rows, names_apart, shown};
use crate::{Answer, SampleSet, Value};

pub(super) fn table(mut rows: Rows, options: &ImportOptions) -> Result<Imported, ImportError> {
    check_names(&mut rows)?;
    check_size(&rows.file, rows.lines.len(), 0)?;
    let sights: Vec<Sight> = rows.columns.iter().map(Sight::of).collect();
    check_header(&rows, &sights)?;
    let roles = assign::roles(&rows, &sights, options)?;
    let of = |role: Role| (0..roles.len()).filter(|i| roles[*i].role == role).collect::<Vec<_>>();
    let one = |role: Role| of(role).first().copied();
    let kept = of(Role::Value);
    if kept.is_empty() {
        return Err(no_values(&rows, &sights));
    }
    check_size(&rows.file, rows.lines.len(), kept.len())?;
    let preview = preview(&rows, &roles, &sights);
    let mut notes = vec![counted(&rows)];
    notes.append(&mut rows.notes);
    notes.extend(left_out(&rows, &roles));

    // Texts may look like numbers and say nothing of how numbers are written.
    let is_text = |role: Role| matches!(role, Role::Prompt | Role::Answer | Role::Group);
    let numeric = sights.iter().zip(&roles).filter(|(_, assigned)| !is_text(assigned.role));
    let marks = Marks::of(&sights, decimals::of_file(numeric.map(|(sight, _)| sight)));
    let rewards = take_rewards(&mut rows, &kept, &sights, &marks)?;
    let weights = take_weights(&mut rows, one(Role::Weight), &sights, &marks, "weight")?;
    let prompt_weight = one(Role::PromptWeight);
    let mut prompts = prompts::take(&mut rows, &of(Role::Prompt))?;
    let prompt_weights = take_prompt_weights(&mut rows, prompt_weight, &sights, &marks, &prompts)?;
    notes.append(&mut prompts.notes);

    let answer = one(Role::Answer);
    // The prompts or the answers can be the groups as well, and a text can be taken only once.
    let group = assign::asked_group(&rows, options).or(one(Role::Group));
    let is_prompt = group.is_some_and(|i| roles[i].role == Role::Prompt);
    notes.extend(answer.and_then(|i| halves(&rows, i)));
    let mut answers: Vec<Answer> = Vec::with_capacity(rows.lines.len());
    for row in 0..rows.lines.len() {
        let text = answer.map(|i| rows.columns[i].cells.take_text(row)).unwrap_or_default();
        let mut group_name = match group {
            Some(_) if is_prompt => prompts.texts[prompts.of_row[row]].clone(),
            same if same.is_some() && same == answer => text.clone(),
            Some(own) => rows.columns[own].cells.take_text(row),
            None => String::new(),
        };
        if group_name.trim().len() != group_name.len() {
            group_name = group_name.trim().into();
        }
        // A group in merged cells beside its prompt.
        if group_name.is_empty() && prompts.filled[row] {
            group_name = answers.last().map(|above| above.group.clone()).unwrap_or_default();
        }
        let rewards = rewards.iter().map(|column| column[row]).collect();
        let weight = weights.as_ref().map_or(1.0, |w| w[row]);
        answers.push(Answer { prompt: prompts.of_row[row], text, rewards, group: group_name, weight });
    }
    let values = kept.iter().map(|&i| value(&rows, i)).collect();
    let about = format!("{} from your file", rows_of(rows.lines.len()));
    let set = SampleSet {
        name: rows.file.clone(),
        about,
        values,
        prompts: prompts.texts,
        answers,
        prompt_weights: prompt_weights.unwrap_or_default(),
    };
    if let (Some(g), Some(column)) = (weightless_prompt(&set), one(Role::Weight)) {
        let prompt = if set.prompts[g].trim().is_empty() {
            String::new()
        } else {
            format!(" to {}", quoted(&set.prompts[g]))
        };
        return Err(ImportError(format!(
            "{}: every answer{prompt} has the weight 0, so none could be given. Give one of them a positive \
                weight, or the prompt the prompt_weight 0; nothing was loaded.",
            rows.place(prompts.first[g], column)
        )));
    }
    let set = ordered(set);
    notes.extend(uses(&rows, &roles, group, &set));
    notes.extend(ways_of_writing(&rows, &kept, &sights, &marks));
    notes.extend(notes::about(&set));
    Ok(Imported { set, notes, preview })
}

fn rows_of(n: usize) -> String {
    if n == 1 { "1 row".into() } else { format!("{n} rows") }
}

fn counted(rows: &Rows) -> String {
    format!("{} {} read.", rows_of(rows.lines.len()), if rows.lines.len() == 1 { "was" } else { "were" })
}

/// Leaves out columns without name and content, and refuses those with content alone, but for the first,
/// where row numbers stand.
fn check_names(rows: &mut Rows) -> Result<(), ImportError> {
    let mut at = 0;
    let mut nameless = None;
    rows.columns.retain(|column| {
        at += 1;
        let keeps = !column.name.trim().is_empty() || column.cells.count() > 0;
        if keeps && column.name.trim().is_empty() && at > 1 {
            nameless.get_or_insert(at);
        }
        keeps
    });
    if let Some(at) = nameless {
        return Err(ImportError(format!(
            "{}: column {at} has no name in the first line, and is not empty. Name every column; nothing was loaded.",
            rows.file
        )));
    }
    names_apart(&rows.file, rows.columns.iter().map(|column| column.name.as_str()))
}

/// A first line with a number where the column holds numbers is a row like the others.
fn check_header(rows: &Rows, sights: &[Sight]) -> Result<(), ImportError> {
    let is_data = |text: &str, sight: &Sight| {
        let number = match sight.comma {
            Some(_) => crate::number::parse(text).is_ok(),
            None => plain(text).is_some(),
        };
        number && sight.is_numeric()
    };
    let named = rows.columns.iter().zip(sights).find(|(column, sight)| is_data(column.name.trim(), sight));
    match named {
        Some((column, _)) if rows.delimiter.is_some() => Err(ImportError(format!(
            "{}: the first line must name the columns, and one is called {}, a number like those below it. \
                If the line is a row, add a line with names above it; nothing was loaded.",
            rows.file, column.name
        ))),
        _ => Ok(()),
    }
}

fn no_values(rows: &Rows, sights: &[Sight]) -> ImportError {
    let numeric = rows.columns.iter().zip(sights).filter(|(_, sight)| sight.is_numeric());
    let names: Vec<String> =
        numeric.map(|(column, _)| shown(&column.name)).filter(|name| !name.is_empty()).collect();
    let told = if names.is_empty() {
        "has no column of numbers".to_owned()
    } else {
        format!("has no column of numbers that looks like rewards ({} can be chosen)", names.join(", "))
    };
    ImportError(format!(
        "{} {told}. A reward table has a row for each answer and a column of rewards for each value.",
        rows.file
    ))
}

fn preview(rows: &Rows, roles: &[Assigned], sights: &[Sight]) -> Preview {
    let columns =
        rows.columns.iter().zip(roles).zip(sights).map(|((column, assigned), sight)| PreviewColumn {
            name: column.name.clone(),
            role: assigned.role,
            why: assigned.why.trim_end_matches(',').into(),
            cells: {
                let mut cells = column.head.clone();
                cells.resize(rows.lines.len().min(super::PREVIEW_ROWS), String::new());
                cells
            },
            may_be_value: sight.is_numeric(),
        });
    Preview { rows: rows.lines.len(), columns: columns.collect() }
}

/// Notes on columns that are not used, those with one reason together.
fn left_out(rows: &Rows, roles: &[Assigned]) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for (column, assigned) in rows.columns.iter().zip(roles).filter(|(_, a)| a.role == Role::Off && a.say) {
        let name = if column.name.trim().is_empty() { "without a name".into() } else { shown(&column.name) };
        match reasons.iter_mut().find(|(why, _)| *why == assigned.why) {
            Some((_, names)) => names.push(name),
            None => reasons.push((&assigned.why, vec![name])),
        }
    }
    let sentence = |(why, names): (&str, Vec<String>)| {
        let remedy =
            if why.starts_with("numbers or") || why.starts_with("holds ids") || why.starts_with("counts") {
                " If it is a reward, choose it as a value, or name it in a target."
            } else {
                ""
            };
        match why.strip_prefix("another column") {
            Some(rest) => format!("The column {} is not used: another column{rest}.", names.join(", ")),
            None => match names.as_slice() {
                [name] => format!("The column {name} {why} and is left out.{remedy}"),
                _ => format!(
                    "Left out are the columns {}, as each {}.{remedy}",
                    names.join(", "),
                    why.trim_end_matches(',')
                ),
            },
        }
    };
    reasons.into_iter().map(sentence).collect()
}

/// What separates decimals in each column, or why it cannot be told.
struct Marks(Vec<Result<Option<DecimalMark>, String>>);

impl Marks {
    fn of(sights: &[Sight], file: Option<DecimalMark>) -> Marks {
        Marks(sights.iter().map(|sight| decimals::of_column(sight, file)).collect())
    }

    fn get(&self, rows: &Rows, column: usize) -> Result<Option<DecimalMark>, ImportError> {
        self.0[column].clone().map_err(|why| {
            ImportError(format!(
                "{}, column {}: {why}; nothing was loaded.",
                rows.file,
                shown(&rows.columns[column].name)
            ))
        })
    }
}

/// The columns as numbers; the error tells the first bad cell in reading order.
fn take_rewards(
    rows: &mut Rows,
    columns: &[usize],
    sights: &[Sight],
    marks: &Marks,
) -> Result<Vec<Vec<f64>>, ImportError> {
    let mut taken = Vec::with_capacity(columns.len());
    let mut first: Option<Wrong> = None;
    for &i in columns {
        let mark = marks.get(rows, i)?;
        match numbers::take(rows, i, &sights[i], mark, "reward") {
            Ok(numbers) => taken.push(numbers),
            Err(wrong) if first.as_ref().is_none_or(|(row, ..)| wrong.0 < *row) => first = Some(wrong),
            Err(_) => {}
        }
    }
    match first {
        Some((_, _, error)) => Err(error),
        None => Ok(taken),
    }
}

/// The column as numbers from 0, taken out, where there is one.
fn take_weights(
    rows: &mut Rows,
    column: Option<usize>,
    sights: &[Sight],
    marks: &Marks,
    what: &str,
) -> Result<Option<Vec<f64>>, ImportError> {
    let Some(column) = column else { return Ok(None) };
    let mark = marks.get(rows, column)?;
    let weights = numbers::take(rows, column, &sights[column], mark, what).map_err(|(_, _, error)| error)?;
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

/// The weight of each prompt.
fn take_prompt_weights(
    rows: &mut Rows,
    column: Option<usize>,
    sights: &[Sight],
    marks: &Marks,
    prompts: &Prompts,
) -> Result<Option<Vec<f64>>, ImportError> {
    let Some(weights) = take_weights(rows, column, sights, marks, "prompt weight")? else { return Ok(None) };
    let column = column.unwrap_or_default();
    for (row, weight) in weights.iter().enumerate() {
        let first = prompts.first[prompts.of_row[row]];
        if *weight != weights[first] {
            return Err(ImportError(format!(
                "{}: it is {weight}, but {} for the same prompt in {} {}. A prompt has one weight: correct \
                    it; nothing was loaded.",
                rows.place(row, column),
                weights[first],
                rows.unit,
                rows.lines[first]
            )));
        }
    }
    let weights: Vec<f64> = prompts.first.iter().map(|row| weights[*row]).collect();
    if weights.iter().all(|w| *w == 0.0) {
        return Err(ImportError(format!(
            "{}, column {}: it is 0 for every prompt. Give at least one prompt a positive weight; nothing \
                was loaded.",
            rows.file,
            shown(&rows.columns[column].name)
        )));
    }
    Ok(Some(weights))
}

fn halves(rows: &Rows, column: usize) -> Option<String> {
    let (row, count) = rows.columns[column].halves?;
    let others = match count {
        1 => String::new(),
        n => format!(" (and {} more)", n - 1),
    };
    Some(format!(
        "The {} in {} {}{others} holds half a character (a lone surrogate such as \\ud83d), which is left out.",
        shown(&rows.columns[column].name),
        rows.unit,
        rows.lines[row]
    ))
}

fn value(rows: &Rows, i: usize) -> Value {
    let name = rows.columns[i].name.trim();
    Value { name: name.into(), unit: String::new(), measured: format!("Column {name} of {}.", rows.file) }
}

/// Notes on the use of columns with a role, where it is not plain from their names.
fn uses(rows: &Rows, roles: &[Assigned], group: Option<usize>, set: &SampleSet) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(group) = group {
        let groups = match set.groups().len() {
            1 => "1 group".into(),
            n => format!("{n} groups"),
        };
        let name = shown(rows.columns[group].name.trim());
        notes.push(format!("The column {name} is used as group: {groups} of prompts."));
    }
    for (column, Assigned { role, why, say }) in rows.columns.iter().zip(roles) {
        let name = shown(column.name.trim());
        match role {
            Role::Weight | Role::PromptWeight => {
                notes.push(format!("The column {name} is used as {}.", word(*role)));
            }
            Role::Prompt | Role::Answer if *say => notes.push(format!("The column {name} is {why}.")),
            _ => {}
        }
    }
    notes
}

/// Notes on numbers that were not written plainly.
fn ways_of_writing(rows: &Rows, kept: &[usize], sights: &[Sight], marks: &Marks) -> Vec<String> {
    let names = |test: &dyn Fn(usize) -> bool| {
        let names: Vec<String> =
            kept.iter().filter(|i| test(**i)).map(|i| shown(&rows.columns[*i].name)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let is_comma = |i: usize| marks.0[i] == Ok(Some(DecimalMark::Comma));
    let thousands = |i: usize| sights[i].thousands || !is_comma(i) && sights[i].either.is_some();
    let mut notes = Vec::new();
    notes.extend(
        names(&|i| is_comma(i) && (sights[i].comma.is_some() || sights[i].either.is_some()))
            .map(|names| format!("The numbers of {names} were read with decimal commas.")),
    );
    notes
        .extend(names(&thousands).map(|names| format!("Thousands are separated in the numbers of {names}.")));
    if rows.delimiter.is_none() {
        notes.extend(names(&|i| sights[i].quoted > 0).map(|names| {
            format!("The numbers of {names} stand in quotation marks, and were read as numbers.")
        }));
    }
    notes.extend(
        names(&|i| sights[i].truths > 0)
            .map(|names| format!("In {names}, true was read as 1 and false as 0.")),
    );
    notes
}
