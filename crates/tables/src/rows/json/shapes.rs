//! A table in a single object: rows under a key, names and cells apart, or a column or row for each member.

use super::super::Wanted;
use super::super::cells::{Rows, shown};
use super::parse::{Json, decoded};
use super::row::Reading;
use crate::error::ImportError;
use crate::names::{Name, known};
use std::collections::HashMap;

const RECORDS: &str = "Write the rows as objects: in pandas df.to_json(\"rewards.json\", orient=\"records\")";

type Members<'a> = Vec<(&'a str, Json<'a>)>;

pub(super) fn table(name: &str, object: Members, wanted: &Wanted) -> Result<Rows, ImportError> {
    let mut reading = Reading::new(Rows::new(name, "row", None), wanted);
    let all =
        |test: &dyn Fn(&Json) -> bool| !object.is_empty() && object.iter().all(|(_, value)| test(value));
    let find = |key: &str| object.iter().position(|(k, _)| *k == key);
    if let (Some(names), Some(data)) = (find("columns"), find("data"))
        && let (Json::Array(names), Json::Array(data)) = (&object[names].1, &object[data].1)
        && names.iter().all(|x| !matches!(x, Json::Object(_)))
    {
        return apart(name, names, data, reading);
    }
    let lists: Vec<usize> = (0..object.len()).filter(|i| is_list_of_objects(&object[*i].1)).collect();
    let is_one_prompt = object.iter().any(|(key, value)| {
        known(&decoded(key).0) == Some(Name::Prompt) && !matches!(value, Json::Array(_) | Json::Object(_))
    });
    match lists.as_slice() {
        [list] if !is_one_prompt => return under_key(*list, object, reading),
        [_, _, ..] if !is_one_prompt => {
            let keys: Vec<_> = lists.iter().map(|i| shown(&decoded(object[*i].0).0)).collect();
            return Err(ImportError(format!(
                "{name} holds several lists of rows: {}. Keep the one that is meant; nothing was loaded.",
                keys.join(", ")
            )));
        }
        _ => {}
    }
    // Prompts alone.
    if wanted.named.is_some()
        && let Some(at) = find("prompts")
        && let Json::Array(list) = &object[at].1
    {
        for (row, value) in list.iter().enumerate() {
            match value {
                Json::Text(_) => {
                    reading.put("prompt".into(), false, value, row + 1)?;
                    reading.rows.end_row(row + 1)?;
                }
                Json::Object(members) => reading.add(members.clone(), row + 1)?,
                _ => return Err(super::no_object(name, row + 1)),
            }
        }
        return Ok(reading.rows);
    }
    let is_rewards = object.len() == 1 && object[0].0 == "rewards";
    if !is_rewards && all(&|value| matches!(value, Json::Object(_))) {
        return by_member(name, object, reading);
    }
    let is_column = |value: &Json| matches!(value, Json::Array(list) if !list.iter().any(|x| matches!(x, Json::Array(_) | Json::Object(_))));
    if all(&is_column) {
        let columns = object.iter().map(|(key, value)| (decoded(key).0.into_owned(), value)).collect();
        return of_lists(name, columns, reading);
    }
    reading.rows.unit = "line";
    reading.add(object, 1)?;
    Ok(reading.rows)
}

fn is_list_of_objects(value: &Json) -> bool {
    matches!(value, Json::Array(list)
        if !list.is_empty() && list.iter().all(|x| matches!(x, Json::Object(_))))
}

/// `{"results": [{…}, {…}], "model": …}`
fn under_key(list: usize, object: Members, mut reading: Reading) -> Result<Rows, ImportError> {
    let beside: Vec<String> =
        (0..object.len()).filter(|i| *i != list).map(|i| shown(&decoded(object[i].0).0)).collect();
    let Some((key, Json::Array(elements))) = object.into_iter().nth(list) else { return Ok(reading.rows) };
    let note = format!("The rows are those under “{}”", shown(&decoded(key).0));
    reading.rows.notes.push(match beside.as_slice() {
        [] => format!("{note}."),
        some => format!("{note}; what stands beside them is not used: {}.", some.join(", ")),
    });
    for (row, element) in elements.into_iter().enumerate() {
        if let Json::Object(members) = element {
            reading.add(members, row + 1)?;
        }
    }
    Ok(reading.rows)
}

/// `{"columns": ["prompt", "humor"], "data": [["…", 0.3], …]}`
fn apart(name: &str, names: &[Json], data: &[Json], mut reading: Reading) -> Result<Rows, ImportError> {
    let names: Vec<String> = names.iter().map(Json::as_text).collect();
    for (row, cells) in data.iter().enumerate() {
        let Json::Array(cells) = cells else {
            return Err(ImportError(format!(
                "{name}, row {}: it is not a list of cells, as “data” beside “columns” must hold. {RECORDS}; \
                    nothing was loaded.",
                row + 1
            )));
        };
        add_cells(&mut reading, &names, cells, row + 1)?;
    }
    Ok(reading.rows)
}

/// Adds a row of cells without names.
pub(super) fn add_cells(
    reading: &mut Reading,
    names: &[String],
    cells: &[Json],
    row: usize,
) -> Result<(), ImportError> {
    if cells.len() != names.len() {
        return Err(ImportError(format!(
            "{}, row {row}: {} cells where {} columns are named. Correct the row; nothing was loaded.",
            reading.rows.file,
            cells.len(),
            names.len()
        )));
    }
    for (name, cell) in names.iter().zip(cells) {
        reading.put(name.clone(), false, cell, row)?;
    }
    reading.rows.end_row(row)
}

/// The names in the first of a list of lists.
pub(super) fn header(name: &str, cells: &[Json]) -> Result<Vec<String>, ImportError> {
    if cells.is_empty() || !cells.iter().all(|cell| matches!(cell, Json::Text(raw) if !raw.trim().is_empty()))
    {
        return Err(ImportError(format!(
            "{name} is a list of lists without the names of the columns. {RECORDS}; nothing was loaded."
        )));
    }
    Ok(cells.iter().map(Json::as_text).collect())
}

/// A member for each column, or for each row, with the others' labels within, as pandas writes them.
fn by_member(name: &str, object: Members, mut reading: Reading) -> Result<Rows, ImportError> {
    let members: Vec<(String, Members)> = object
        .into_iter()
        .filter_map(|(key, value)| match value {
            Json::Object(inner) => Some((decoded(key).0.into_owned(), inner)),
            _ => None,
        })
        .collect();
    let ambiguous = || {
        ImportError(format!(
            "{name} is one object of objects, of which it cannot be told whether each is a row or a column. {RECORDS}; \
                nothing was loaded."
        ))
    };
    let is_label = |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
    let labels = |keys: &[&str]| !keys.is_empty() && keys.iter().all(|key| is_label(key));
    let rows: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
    let within: Vec<&str> = members.iter().flat_map(|(_, inner)| inner.iter().map(|(key, _)| *key)).collect();
    let (outer, inner) = (labels(&rows), labels(&within));
    let roles = |keys: &[&str]| keys.iter().any(|key| known(key).is_some());
    let by_column = match (outer, inner) {
        (false, true) => true,
        (true, false) => false,
        (true, true) => return Err(ambiguous()),
        (false, false) => {
            let (outer, inner) = (roles(&rows), roles(&within));
            if outer == inner {
                return Err(ambiguous());
            }
            outer
        }
    };
    if !by_column {
        for (row, (_, inner)) in members.into_iter().enumerate() {
            reading.add(inner, row + 1)?;
        }
        return Ok(reading.rows);
    }
    let Some((_, first)) = members.first() else { return Ok(reading.rows) };
    let order: Vec<&str> = first.iter().map(|(label, _)| *label).collect();
    let mut columns = Vec::with_capacity(members.len());
    for (column, cells) in &members {
        let mut by_label: HashMap<&str, &Json> = HashMap::new();
        let twice = cells.iter().find(|(label, cell)| by_label.insert(label, cell).is_some());
        if let Some((label, _)) = twice {
            return Err(ImportError(format!(
                "{name}: the column {} has two cells called {}. {RECORDS}; nothing was loaded.",
                shown(column),
                shown(label)
            )));
        }
        let missing = order.iter().find(|label| !by_label.contains_key(*label));
        if missing.is_some() || by_label.len() != order.len() {
            return Err(ImportError(format!(
                "{name}: the columns {} and {} do not have the same rows. {RECORDS}; nothing was loaded.",
                shown(&members[0].0),
                shown(column)
            )));
        }
        columns.push((column, by_label));
    }
    for (row, label) in order.iter().enumerate() {
        for (column, cells) in &columns {
            reading.put((*column).clone(), false, cells[label], row + 1)?;
        }
        reading.rows.end_row(row + 1)?;
    }
    Ok(reading.rows)
}

/// `{"prompt": ["…", …], "humor": [0.3, …]}`
fn of_lists(name: &str, columns: Vec<(String, &Json)>, mut reading: Reading) -> Result<Rows, ImportError> {
    let lists: Vec<(String, &[Json])> = columns
        .into_iter()
        .filter_map(
            |(name, value)| if let Json::Array(list) = value { Some((name, list.as_slice())) } else { None },
        )
        .collect();
    let rows = lists.first().map_or(0, |(_, list)| list.len());
    if let Some((column, list)) = lists.iter().find(|(_, list)| list.len() != rows) {
        return Err(ImportError(format!(
            "{name}: the column {} has {} cells, but {} has {rows}. Make them as long as one another; \
                nothing was loaded.",
            shown(column),
            list.len(),
            shown(&lists[0].0)
        )));
    }
    for row in 0..rows {
        for (column, list) in &lists {
            reading.put(column.clone(), false, &list[row], row + 1)?;
        }
        reading.rows.end_row(row + 1)?;
    }
    Ok(reading.rows)
}
