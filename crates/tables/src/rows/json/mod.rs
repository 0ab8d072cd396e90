//! JSON in the forms that tables have: an array of objects, objects one after another (JSON Lines, or over
//! several lines each), rows under a key, and what pandas and trackers of experiments write.

mod object;
mod parse;
mod row;
mod shapes;

pub use object::one_object;
pub(crate) use parse::{Json, decoded};

use super::Wanted;
use super::cells::Rows;
use crate::error::ImportError;
use parse::{Parser, Wrong};
use row::Reading;

/// Rows between two words about the progress.
const REPORT_EVERY: usize = 1 << 13;

const AS_OBJECTS: &str = "Write an object for each row, such as {\"prompt\": \"…\", \"humor\": 0.3} (in \
    pandas df.to_json(\"rewards.jsonl\", orient=\"records\", lines=True))";

pub(super) fn read(
    name: &str,
    text: &str,
    wanted: &Wanted,
    progress: &mut dyn FnMut(f64),
) -> Result<Rows, ImportError> {
    let mut parser = Parser::new(text);
    if parser.take(b'[') {
        return array(name, parser, wanted, progress);
    }
    let mut objects = Objects { parser, name };
    let mut reading = Reading::new(Rows::new(name, "line", None), wanted);
    let Some((first, line)) = objects.next()? else {
        return Ok(reading.rows);
    };
    // A single object may be a whole table.
    if !objects.parser.more() {
        return shapes::table(name, first, wanted);
    }
    reading.add(first, line)?;
    let mut count = 1usize;
    while let Some((object, line)) = objects.next()? {
        reading.add(object, line)?;
        count += 1;
        if count.is_multiple_of(REPORT_EVERY) {
            progress(objects.parser.share());
        }
    }
    Ok(reading.rows)
}

/// Objects one after another.
pub(crate) struct Objects<'a> {
    parser: Parser<'a>,
    name: &'a str,
}

/// The members of an object by their names as written, and the line that it begins in.
pub(crate) type ObjectInLine<'a> = (Vec<(&'a str, Json<'a>)>, usize);

impl<'a> Objects<'a> {
    pub(crate) fn new(name: &'a str, text: &'a str) -> Self {
        Objects { parser: Parser::new(text), name }
    }

    /// The next object; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<ObjectInLine<'a>>, ImportError> {
        if !self.parser.more() {
            return Ok(None);
        }
        let line = self.parser.line();
        match self.parser.value().map_err(|wrong| syntax(self.name, &wrong))? {
            Json::Object(members) => Ok(Some((members, line))),
            _ => Err(ImportError(format!(
                "{}, line {line}: it is not an object. {AS_OBJECTS}; nothing was loaded.",
                self.name
            ))),
        }
    }
}

fn array(
    name: &str,
    mut parser: Parser,
    wanted: &Wanted,
    progress: &mut dyn FnMut(f64),
) -> Result<Rows, ImportError> {
    let failed = |wrong: Wrong| syntax(name, &wrong);
    let opened = parser.line();
    let mut reading = Reading::new(Rows::new(name, "row", None), wanted);
    let mut header: Option<Vec<String>> = None;
    let mut row = 0usize;
    let mut goes_on = !parser.take(b']');
    while goes_on {
        let value = parser.value().map_err(failed)?;
        row += 1;
        match value {
            Json::Object(members) if header.is_none() => reading.add(members, row)?,
            Json::Array(cells) => match &header {
                None if row == 1 => header = Some(shapes::header(name, &cells)?),
                None => return Err(no_object(name, row)),
                Some(names) => shapes::add_cells(&mut reading, names, &cells, row - 1)?,
            },
            // A list of texts can be prompts.
            Json::Text(_) if header.is_none() && wanted.named.is_some() => {
                reading.put("prompt".into(), false, &value, row)?;
                reading.rows.end_row(row)?;
            }
            _ => return Err(no_object(name, row)),
        }
        if row.is_multiple_of(REPORT_EVERY) {
            progress(parser.share());
        }
        goes_on = parser.goes_on(b']', opened).map_err(failed)?;
    }
    if parser.more() {
        return Err(ImportError(format!(
            "{name}, line {}: something follows after the end of the list. Keep one list; nothing was loaded.",
            parser.line()
        )));
    }
    Ok(reading.rows)
}

fn no_object(name: &str, row: usize) -> ImportError {
    ImportError(format!("{name}, row {row}: it is not an object. {AS_OBJECTS}; nothing was loaded."))
}

fn syntax(name: &str, wrong: &Wrong) -> ImportError {
    ImportError(format!(
        "{name}, line {}: it cannot be read as JSON: {}. Correct it; nothing was loaded.",
        wrong.line, wrong.what
    ))
}
