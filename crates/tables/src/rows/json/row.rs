//! One JSON object as rows: nested objects are flattened, lists of answers taken apart.

use super::super::Wanted;
use super::super::cells::{Cell, Column, Rows, is_no_number, shown};
use super::parse::{Json, decoded};
use crate::error::ImportError;
use crate::names::{Name, is_answer_list, is_bookkeeping, known};
use crate::number::plain;
use std::collections::HashMap;

/// Rows as they come: an object is taken apart at once, so that a large file is never held as objects.
pub(super) struct Reading<'w> {
    pub rows: Rows,
    index: HashMap<String, usize>,
    wanted: &'w Wanted<'w>,
}

/// A value with its name in the table.
struct Member<'a> {
    name: String,
    is_reward: bool,
    value: Json<'a>,
}

impl<'w> Reading<'w> {
    pub(super) fn new(rows: Rows, wanted: &'w Wanted<'w>) -> Self {
        Reading { rows, index: HashMap::new(), wanted }
    }

    /// Adds the row, or the rows, of an object that stands in `line`.
    pub(super) fn add(&mut self, object: Vec<(&str, Json)>, line: usize) -> Result<(), ImportError> {
        let mut members = Vec::with_capacity(object.len());
        let wrapped = object.iter().any(|(key, _)| *key == "row_idx");
        for (key, value) in object {
            match value {
                // The rows of a data set's viewer.
                Json::Object(row) if wrapped && key == "row" => {
                    row.into_iter()
                        .for_each(|(key, value)| flatten(&mut members, decoded(key).0.into(), false, value));
                }
                value => flatten(&mut members, decoded(key).0.into_owned(), false, value),
            }
        }
        match self.lists(&members, line)? {
            None => self.add_row(members, line),
            Some((lists, length)) => self.explode(members, &lists, length, line),
        }
    }

    fn wrong(&self, line: usize, what: &str) -> ImportError {
        ImportError(format!("{}, {} {line}: {what}; nothing was loaded.", self.rows.file, self.rows.unit))
    }

    fn add_row(&mut self, members: Vec<Member>, line: usize) -> Result<(), ImportError> {
        for Member { name, is_reward, value } in members {
            self.put(name, is_reward, &value, line)?;
        }
        self.rows.end_row(line)
    }

    /// Which members are lists of something for each answer, and how many answers there are.
    fn lists(&self, members: &[Member], line: usize) -> Result<Option<(Vec<bool>, usize)>, ImportError> {
        let arrays = || members.iter().filter_map(|m| as_list(m).map(|list| (m, list)));
        if arrays().next().is_none() {
            return Ok(None);
        }
        let anchor = arrays().find(|(m, list)| {
            list.iter().all(|x| matches!(x, Json::Object(_))) && !list.is_empty() || is_answer_list(&m.name)
        });
        let length = match anchor {
            Some((m, [])) => {
                return Err(self.wrong(
                    line,
                    &format!("{} is an empty list. Take the row out, or give it answers", shown(&m.name)),
                ));
            }
            Some((_, list)) => list.len(),
            // Lists of numbers belong to one answer each where nothing says that the row itself is one
            // answer.
            None => {
                let own = members.iter().any(|m| match known(&m.name) {
                    Some(Name::Answer) => !matches!(m.value, Json::Array(_) | Json::Null),
                    Some(_) => false,
                    None => is_reward(&m.value) && !is_bookkeeping(&m.name),
                });
                match arrays().find(|(_, list)| list.len() > 1 && list.iter().all(is_reward)) {
                    Some((_, list)) if !own => list.len(),
                    _ => return Ok(None),
                }
            }
        };
        let mut taken = vec![false; members.len()];
        for (i, member) in members.iter().enumerate() {
            let Some(list) = as_list(member) else { continue };
            let texts = list.iter().any(|x| matches!(x, Json::Text(raw) if plain(raw.trim()).is_none()));
            taken[i] = list.len() == length;
            // Texts of another length (tags, tokens) are left as they are, numbers are not.
            if !taken[i]
                && !texts
                && !list.is_empty()
                && list.iter().all(|x| is_scalar(x) || as_members(x).is_some())
            {
                let what = format!(
                    "{} is a list of {}, where the other lists have {length}. Make them as long as one \
                        another, or take it out",
                    shown(&member.name),
                    list.len()
                );
                return Err(self.wrong(line, &what));
            }
        }
        Ok(Some((taken, length)))
    }

    fn explode(
        &mut self,
        members: Vec<Member>,
        taken: &[bool],
        length: usize,
        line: usize,
    ) -> Result<(), ImportError> {
        for i in 0..length {
            let mut row = Vec::with_capacity(members.len());
            for (member, taken) in members.iter().zip(taken) {
                let Member { name, is_reward, value } = member;
                match value {
                    Json::Array(list) if *taken => match &list[i] {
                        Json::Object(inner) => {
                            for (key, value) in inner {
                                let (key, is_reward) =
                                    (decoded(key).0.into_owned(), *is_reward || name == REWARDS);
                                flatten(&mut row, key, is_reward, value.clone());
                            }
                        }
                        element => flatten(&mut row, name.clone(), *is_reward, element.clone()),
                    },
                    value => {
                        row.push(Member { name: name.clone(), is_reward: *is_reward, value: value.clone() });
                    }
                }
            }
            self.add_row(row, line)?;
        }
        Ok(())
    }

    /// Puts a value into the row that is being made.
    pub(super) fn put(
        &mut self,
        name: String,
        is_reward: bool,
        value: &Json,
        line: usize,
    ) -> Result<(), ImportError> {
        let row = self.rows.lines.len();
        let at = match self.index.get(&name) {
            Some(at) => *at,
            None => {
                self.rows.check_columns(self.rows.columns.len() + 1)?;
                let mut column = Column::new(name.clone(), (self.wanted.verbatim)(&name));
                column.is_reward = is_reward;
                self.rows.columns.push(column);
                self.index.insert(name, self.rows.columns.len() - 1);
                self.rows.columns.len() - 1
            }
        };
        let column = &mut self.rows.columns[at];
        if column.cells.end() > row {
            let what = format!("{} stands there twice. Keep one", shown(&column.name));
            return Err(self.wrong(line, &what));
        }
        let (cell, written, half) = cell(value, column.verbatim);
        if half {
            column.halves = Some((
                column.halves.map_or(row, |(first, _)| first),
                column.halves.map_or(1, |(_, n)| n + 1),
            ));
        }
        column.push(row, cell, &written);
        Ok(())
    }
}

/// The key under which rewards may stand: their names count alone.
const REWARDS: &str = "rewards";

/// Objects within objects as members of their own, with a point between the names; those under `rewards` by
/// their own names.
fn flatten<'a>(members: &mut Vec<Member<'a>>, name: String, is_reward: bool, value: Json<'a>) {
    match value {
        Json::Object(inner) => {
            for (key, value) in inner {
                let key = decoded(key).0;
                if name == REWARDS {
                    flatten(members, key.into_owned(), true, value);
                } else {
                    flatten(members, format!("{name}.{key}"), is_reward, value);
                }
            }
        }
        value => members.push(Member { name, is_reward, value }),
    }
}

fn as_members<'j, 'a>(value: &'j Json<'a>) -> Option<&'j [(&'a str, Json<'a>)]> {
    if let Json::Object(members) = value { Some(members) } else { None }
}

/// A list with something for each answer, as far as its elements show: not the turns of a conversation.
fn as_list<'j, 'a>(member: &'j Member<'a>) -> Option<&'j [Json<'a>]> {
    let Json::Array(list) = &member.value else { return None };
    let is_turn = |x: &Json| {
        as_members(x).is_some_and(|turn| {
            turn.iter().any(|(key, _)| matches!(*key, "role" | "from"))
                && turn.iter().any(|(key, _)| matches!(*key, "content" | "value"))
        })
    };
    (!list.iter().any(is_turn)).then_some(list.as_slice())
}

fn is_scalar(value: &Json) -> bool {
    !matches!(value, Json::Array(_) | Json::Object(_))
}

/// Whether a value can be a reward by its form.
fn is_reward(value: &Json) -> bool {
    match value {
        Json::Number(_) | Json::NotFinite(_) | Json::Truth(_) => true,
        Json::Text(raw) => plain(raw.trim()).is_some(),
        _ => false,
    }
}

/// A value as a cell, as it is written, and whether half a character was left out.
fn cell(value: &Json, verbatim: bool) -> (Option<Cell>, String, bool) {
    match value {
        Json::Null => (None, String::new(), false),
        Json::Truth(truth) => (Some(Cell::Truth(*truth)), truth.to_string(), false),
        Json::NotFinite(text) => (Some(Cell::NotFinite((*text).into())), (*text).into(), false),
        Json::Number(text) => {
            let cell = if verbatim { Some(Cell::Written((*text).into())) } else { Cell::of_text(text) };
            (cell, (*text).into(), false)
        }
        Json::Text(raw) => {
            let (text, half) = decoded(raw);
            let cell = match text.trim() {
                "" => None,
                word if !verbatim && is_no_number(word) => Some(Cell::NotFinite(word.into())),
                _ => Some(Cell::Text(text.as_ref().into())),
            };
            (cell, text.into_owned(), half)
        }
        other => {
            let text = other.as_text();
            (Some(Cell::Text(text.as_str().into())), text, false)
        }
    }
}
