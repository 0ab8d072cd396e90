//! Reading a reward table. All or nothing: a bad cell is reported by its line and nothing is kept. What a
//! column is for is judged by its name and by all of its cells.

mod assign;
mod build;
mod decimals;
mod imported;
mod judge;
mod notes;
mod numbers;
mod prompts;
mod role;
mod rules;
mod saved_set;

pub use crate::error::ImportError;
pub use crate::rows::{MOST_VALUES, PREVIEW_ROWS};
pub use imported::{ImportOptions, Imported, Preview, PreviewColumn};
pub use role::Role;

use crate::SampleSet;
use crate::names::{is_doubtful, known};
use crate::rows::{self, Wanted};
use crate::text::decode;

/// Checks a set that was kept, as [`import`] checks one from a file called `name`.
///
/// # Errors
/// As [`import`], and when a reward is not finite.
pub fn check(name: &str, set: SampleSet) -> Result<Imported, ImportError> {
    let infinite = |answer: &crate::Answer| answer.rewards.iter().any(|reward| !reward.is_finite());
    if let Some(at) = set.answers.iter().position(infinite) {
        return Err(ImportError(format!("{name}, answer {}: a reward is not a finite number.", at + 1)));
    }
    saved_set::checked(name, set, &ImportOptions::default())
}

/// Reads the file called `name`: delimited text, JSON in the forms that tables have, or a sample set that was
/// saved. `progress` is told the share that is read, from 0 to 1.
///
/// # Errors
/// When it is no table, a reward is missing, not a number or not finite, weights cannot be used, there is no
/// row, no numeric column, or more than [`MOST_VALUES`] of them; and when there is no column of a name that
/// the options give.
pub fn import(
    name: &str,
    bytes: &[u8],
    options: &ImportOptions,
    progress: &mut dyn FnMut(f64),
) -> Result<Imported, ImportError> {
    let decoded = decode(name, bytes)?;
    let mut imported = match saved_set::read(name, decoded.text.trim_start(), options) {
        Some(saved) => saved?,
        None => {
            let verbatim = |column: &str| is_text(column, options);
            let wanted = Wanted { what: "reward table", verbatim: &verbatim, named: None };
            // Reading is most of the work.
            let rows = rows::of_text(name, &decoded.text, &wanted, &mut |share| progress(0.8 * share))?;
            drop(decoded.text);
            build::table(rows, options)?
        }
    };
    imported.notes.splice(0..0, decoded.note);
    progress(1.0);
    Ok(imported)
}

/// Whether cells of the column may be needed as they are written.
fn is_text(column: &str, options: &ImportOptions) -> bool {
    use crate::names::Name;
    let given = options.roles.iter().find(|(name, _)| name.trim() == column.trim());
    match given {
        Some((_, role)) => matches!(role, Role::Prompt | Role::Answer | Role::Group),
        None => {
            options.group.as_deref().is_some_and(|group| group.trim() == column.trim())
                || is_doubtful(column)
                || matches!(known(column), Some(Name::Prompt | Name::Answer | Name::Group))
        }
    }
}
