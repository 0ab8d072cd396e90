//! Which columns of a table describe a row instead of rewarding it.

use super::imported::{ImportError, ImportOptions};

const PROMPT: &[&str] = &["prompt", "question"];
const ANSWER: &[&str] = &["answer", "generated", "response", "completion"];
const GROUP: &[&str] = &["group"];
const WEIGHT: &[&str] = &["weight"];
const PROMPT_WEIGHT: &[&str] = &["prompt_weight"];

/// Indices of the columns with a role.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Roles {
    pub prompt: Option<usize>,
    pub answer: Option<usize>,
    pub group: Option<usize>,
    pub weight: Option<usize>,
    pub prompt_weight: Option<usize>,
    /// A column called `group` in whose place another one was asked for.
    pub set_aside: Option<usize>,
}

impl Roles {
    pub(super) fn of(file: &str, columns: &[&str], options: &ImportOptions) -> Result<Roles, ImportError> {
        let find = |names: &[&str]| {
            columns.iter().position(|c| names.iter().any(|name| c.trim().eq_ignore_ascii_case(name)))
        };
        let usual_group = find(GROUP);
        let group = match &options.group {
            None => usual_group,
            Some(asked) => Some(columns.iter().position(|c| c.trim() == asked.trim()).ok_or_else(|| {
                ImportError(format!(
                    "{file} has no column called {asked} to take the groups from. Its columns are: {}. \
                        Nothing was loaded.",
                    columns.join(", ")
                ))
            })?),
        };
        let free = |at: &usize| Some(*at) != group;
        Ok(Roles {
            prompt: find(PROMPT),
            answer: find(ANSWER),
            group,
            weight: find(WEIGHT).filter(free),
            prompt_weight: find(PROMPT_WEIGHT).filter(free),
            set_aside: usual_group.filter(free),
        })
    }

    /// Whether column `i` is text by its role, even where it looks like a number.
    pub(super) fn is_text(&self, i: usize) -> bool {
        [self.prompt, self.answer, self.group].contains(&Some(i))
    }

    /// Whether column `i` may be a value.
    pub(super) fn is_free(&self, i: usize) -> bool {
        !self.is_text(i) && ![self.weight, self.prompt_weight, self.set_aside].contains(&Some(i))
    }
}
