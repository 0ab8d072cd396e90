//! What separates decimals in a column: told by its own cells, else by the other columns of the file.

use super::judge::Sight;
use crate::number::DecimalMark;

/// What the columns of a file say of the file.
pub(super) fn of_file<'s>(columns: impl Iterator<Item = &'s Sight>) -> Option<DecimalMark> {
    let (mut comma, mut point) = (false, false);
    for sight in columns.filter(|sight| sight.is_numeric()) {
        comma |= sight.comma.is_some();
        point |= sight.point.is_some();
    }
    match (comma, point) {
        (true, false) => Some(DecimalMark::Comma),
        (false, true) => Some(DecimalMark::Point),
        _ => None,
    }
}

/// What separates decimals in the column, `None` where nothing does.
///
/// # Errors
/// A clause that says why it cannot be told.
pub(super) fn of_column(sight: &Sight, file: Option<DecimalMark>) -> Result<Option<DecimalMark>, String> {
    let own = match (&sight.comma, &sight.point) {
        (Some(comma), Some(point)) => {
            return Err(format!(
                "it has decimal commas (“{comma}”) and decimal points (“{point}”). Write all of its numbers with points"
            ));
        }
        (Some(_), None) => Some(DecimalMark::Comma),
        (None, Some(_)) => Some(DecimalMark::Point),
        (None, None) => None,
    };
    let mark = own.or(file);
    if let (Some(DecimalMark::Comma), Some(text)) = (mark, &sight.maybe_thousands) {
        return Err(format!(
            "“{text}” could be {text} or {}, as decimal commas are written elsewhere. Write its numbers with \
                a point before decimals and nothing between thousands",
            text.replace('.', "")
        ));
    }
    if let (None, Some(text)) = (mark, &sight.either) {
        return Err(format!(
            "“{text}” could be {} or {}. Write its numbers with a point before decimals and nothing between thousands",
            text.replace(',', "."),
            text.replace(',', "")
        ));
    }
    Ok(mark)
}
