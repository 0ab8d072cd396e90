//! What each column is for: as the person says, else as its name and all of its cells say.

use super::imported::ImportOptions;
use super::judge::Sight;
use super::numbers::is_yes_or_no;
use super::role::Role;
use crate::error::ImportError;
use crate::names::{self, Name};
use crate::prompts::is_more;
use crate::rows::{Cell, Cells, Rows, shown};
use crate::values::USUAL_VALUES;

/// The role of a column and the reason for it, empty where its name says it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assigned {
    pub role: Role,
    pub why: String,
    /// Whether the role was not plain, so that it is said in the notes.
    pub say: bool,
}

impl Assigned {
    fn plain(role: Role) -> Assigned {
        Assigned { role, why: String::new(), say: false }
    }

    fn said(role: Role, why: impl Into<String>) -> Assigned {
        Assigned { role, why: why.into(), say: true }
    }
}

/// Roles of which a table has one column.
const SINGLE: [(Role, Name); 5] = [
    (Role::Prompt, Name::Prompt),
    (Role::Answer, Name::Answer),
    (Role::Group, Name::Group),
    (Role::Weight, Name::Weight),
    (Role::PromptWeight, Name::PromptWeight),
];

/// The roles of all columns.
pub(super) fn roles(
    rows: &Rows,
    sights: &[Sight],
    options: &ImportOptions,
) -> Result<Vec<Assigned>, ImportError> {
    let given = given(rows, options)?;
    let group = match &options.group {
        Some(name) => Some(find(rows, name, " to take the groups from")?),
        None => None,
    };
    let mut roles: Vec<Option<Assigned>> = given.iter().map(|role| role.map(Assigned::plain)).collect();
    for (role, name) in SINGLE {
        let candidates = (0..rows.columns.len()).filter(|i| {
            let column = &rows.columns[*i];
            given[*i].is_none()
                && roles[*i].is_none()
                && !column.is_reward
                && names::known(&column.name) == Some(name)
                // Prompts and answers can be the groups as well.
                && (group != Some(*i) || matches!(role, Role::Prompt | Role::Answer))
                && column.cells.count() > 0
                && !(names::is_doubtful(&column.name)
                    && (sights[*i].is_all_numbers() || chosen(&column.name, options)))
        });
        let mut candidates: Vec<usize> = candidates.collect();
        candidates.sort_by_key(|i| names::order(&rows.columns[*i].name));
        if given.contains(&Some(role)) || role == Role::Group && group.is_some() {
            for i in candidates {
                roles[i] = Some(Assigned::said(Role::Off, format!("another column is the {}", word(role))));
            }
            continue;
        }
        let Some(best) = candidates.first() else { continue };
        let name = &rows.columns[*best].name;
        roles[*best] = Some(match role {
            Role::Prompt if names::is_prompt_id(name) => {
                Assigned::said(role, "used as prompt: rows with the same one compete")
            }
            Role::Prompt | Role::Answer if !names::is_plain(name) => {
                Assigned::said(role, format!("used as {}", word(role)))
            }
            _ => Assigned::plain(role),
        });
        if role == Role::Prompt
            && let Some(more) =
                (0..rows.columns.len()).find(|i| roles[*i].is_none() && is_more(name, &rows.columns[*i].name))
            && rows.columns[more].cells.count() > 0
        {
            roles[more] = Some(Assigned::said(Role::Prompt, "part of the prompt, after the instruction"));
        }
    }
    if let Some(group) = group
        && !roles[group].as_ref().is_some_and(|a| matches!(a.role, Role::Prompt | Role::Answer))
    {
        roles[group] = Some(Assigned::plain(Role::Group));
    }
    let assigned = roles
        .into_iter()
        .enumerate()
        .map(|(i, role)| role.unwrap_or_else(|| judged(rows, sights, options, i)));
    Ok(assigned.collect())
}

/// The column called `name`; `purpose` says what it is wanted for.
fn find(rows: &Rows, name: &str, purpose: &str) -> Result<usize, ImportError> {
    rows.columns.iter().position(|column| column.name.trim() == name.trim()).ok_or_else(|| {
        let names: Vec<String> = rows.columns.iter().map(|column| shown(&column.name)).collect();
        ImportError(format!(
            "{} has no column called {}{purpose}. Its columns are: {}. Nothing was loaded.",
            rows.file,
            shown(name),
            names.join(", ")
        ))
    })
}

/// The column that the options name as group.
pub(super) fn asked_group(rows: &Rows, options: &ImportOptions) -> Option<usize> {
    options.group.as_ref().and_then(|name| find(rows, name, "").ok())
}

/// What the options say of each column.
fn given(rows: &Rows, options: &ImportOptions) -> Result<Vec<Option<Role>>, ImportError> {
    let mut given = vec![None; rows.columns.len()];
    for (name, role) in &options.roles {
        given[find(rows, name, "")?] = Some(*role);
    }
    for (role, _) in SINGLE.into_iter().filter(|(role, _)| *role != Role::Prompt) {
        let mut columns = (0..given.len()).filter(|i| given[*i] == Some(role));
        if let (Some(a), Some(b)) = (columns.next(), columns.next()) {
            return Err(ImportError(format!(
                "{} has one column for the {}, not two: {} or {}. Choose one.",
                rows.file,
                word(role),
                shown(&rows.columns[a].name),
                shown(&rows.columns[b].name)
            )));
        }
    }
    Ok(given)
}

fn chosen(name: &str, options: &ImportOptions) -> bool {
    options.chosen.iter().any(|chosen| chosen.trim() == name.trim())
}

/// A role in a sentence.
pub(super) fn word(role: Role) -> &'static str {
    match role {
        Role::Prompt => "prompt",
        Role::Answer => "answer",
        Role::Group => "group",
        Role::Weight => "base weight",
        Role::PromptWeight => "weight of the prompts",
        Role::Value => "value",
        Role::Off => "not used",
    }
}

/// A value or off, by what the column holds.
fn judged(rows: &Rows, sights: &[Sight], options: &ImportOptions, i: usize) -> Assigned {
    let (column, sight) = (&rows.columns[i], &sights[i]);
    if !sight.is_numeric() {
        // What a target asks for is a reward: its cells are refused by name, not left out.
        if chosen(&column.name, options) && column.cells.count() > 0 {
            return Assigned::plain(Role::Value);
        }
        let numbers = sight.numbers + sight.truths + sight.odd;
        return Assigned::said(
            Role::Off,
            match (column.cells.count(), numbers) {
                (0, _) => "is empty".to_owned(),
                (_, 0) if is_yes_or_no_throughout(&column.cells) => {
                    "holds yes and no, which are no numbers (write 1 and 0 if it is a reward),".into()
                }
                (_, 0) => "holds no numbers".into(),
                (_, n) => format!("is text, though {n} of its {} cells look like numbers,", sight.cells()),
            },
        );
    }
    if column.is_reward || chosen(&column.name, options) {
        return Assigned::plain(Role::Value);
    }
    let usual = USUAL_VALUES.iter().any(|value| value.name.eq_ignore_ascii_case(column.name.trim()));
    match bookkeeping(&column.name, &column.cells, sight, rows.lines.len()) {
        Some(why) if !usual => Assigned::said(Role::Off, why),
        _ => Assigned::plain(Role::Value),
    }
}

fn is_yes_or_no_throughout(cells: &Cells) -> bool {
    matches!(cells, Cells::Mixed(cells)
        if cells.iter().all(|(_, cell)| matches!(cell, Cell::Text(text) if is_yes_or_no(text))))
}

/// Why a column of numbers is no reward, if it is none.
fn bookkeeping(name: &str, cells: &Cells, sight: &Sight, rows: usize) -> Option<&'static str> {
    /// Rows from which a column that counts them is not taken for rewards.
    const COUNTED: usize = 20;
    /// Numbers from which whole ones are ids or times.
    const LONG: f64 = 1e9;
    if names::is_made_up(name) {
        return Some("has no name of its own, as row numbers have none,");
    }
    if names::is_bookkeeping(name) || names::is_prompt_id(name) {
        return Some("numbers or describes the rows by its name");
    }
    if sight.whole && sight.keeps_digits {
        return Some("holds ids by the look of its digits");
    }
    let Cells::Numbers(numbers) = cells else { return None };
    if sight.whole && numbers.len() >= 2 && numbers.iter().all(|x| x.abs() >= LONG) {
        return Some("holds ids or times by the look of its digits");
    }
    let counts = |from: f64| numbers.iter().enumerate().all(|(i, x)| *x == i as f64 + from);
    (rows >= COUNTED && numbers.len() == rows && (counts(0.0) || counts(1.0))).then_some("counts the rows")
}
