//! The names in a link, on the sample set that it is opened on.

use super::percent;
use palette_tables::{Palette, SampleSet};
use palette_tables::{is_unseen, visible};
use std::collections::HashMap;

/// So many names are said.
const SAID: usize = 3;
/// So many characters of a name.
const SHOWN: usize = 40;

/// The palette with the names that `set` has: a name that stands there is taken as it is, else the only one
/// that differs from it merely by case, blanks, characters without width or one more encoding. Others stay.
pub fn fitted(palette: Palette, set: &SampleSet) -> Palette {
    let values = Names::of(set.values.iter().map(|value| value.name.as_str()));
    let groups = set.groups();
    let groups = Names::of(groups.iter().map(String::as_str));
    // Names that the set has go first, so that no other is taken for them.
    let mut fitted = Palette::default();
    let (known, others): (Vec<_>, Vec<_>) =
        palette.targets.into_iter().partition(|(name, _)| values.exact(name));
    for (name, target) in known.into_iter().chain(others) {
        let meant = values.meant(&name).filter(|meant| !fitted.targets.contains_key(*meant));
        let name = meant.map_or(name, str::to_owned);
        fitted.targets.insert(name, target);
    }
    for on_group in palette.on_groups {
        let value = values.meant(&on_group.value).unwrap_or(&on_group.value);
        let group = groups.meant(&on_group.group).unwrap_or(&on_group.group);
        if fitted.on_group(group, value).is_none() {
            fitted.set_on_group(group, value, on_group.target);
        } else {
            fitted.set_on_group(&on_group.group, &on_group.value, on_group.target);
        }
    }
    fitted
}

/// Whether a link's `name` is this one, but for what happens to links on their way.
pub fn is_meant(name: &str, this: &str) -> bool {
    Names::of(std::iter::once(this)).meant(name).is_some()
}

/// Names that may be meant.
struct Names<'a> {
    exact: HashMap<&'a str, usize>,
    /// By what is left of them; `None` where that is left of several.
    folded: HashMap<String, Option<&'a str>>,
}

impl<'a> Names<'a> {
    fn of(names: impl Iterator<Item = &'a str>) -> Self {
        let mut all = Names { exact: HashMap::new(), folded: HashMap::new() };
        for (i, name) in names.enumerate() {
            all.exact.insert(name, i);
            all.folded.entry(folded(name)).and_modify(|one| *one = None).or_insert(Some(name));
        }
        all
    }

    fn exact(&self, name: &str) -> bool {
        self.exact.contains_key(name)
    }

    /// The one name that is meant, if there is one.
    fn meant(&self, name: &str) -> Option<&'a str> {
        if let Some((known, _)) = self.exact.get_key_value(name) {
            return Some(known);
        }
        let decoded = percent::decode(name).filter(|decoded| decoded != name);
        let spaced = Some(name.replace('+', " ")).filter(|spaced| spaced.trim() == spaced);
        for other in [decoded, spaced].into_iter().flatten() {
            if let Some((known, _)) = self.exact.get_key_value(other.as_str()) {
                return Some(known);
            }
        }
        self.folded.get(&folded(name)).copied().flatten()
    }
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && !is_unseen(*c)).flat_map(char::to_lowercase).collect()
}

/// One plain sentence about the targets for values that `set` does not have, and one for groups.
pub fn strangers(palette: &Palette, set: &SampleSet) -> Vec<String> {
    let of_set = shown(&set.name);
    let known = |value: &str| set.value_index(value).is_some();
    let unknown = |value: &&String| !known(value);
    let mut values: Vec<&String> = palette.targets.keys().filter(unknown).collect();
    values.extend(palette.on_groups.iter().map(|t| &t.value).filter(unknown));
    values.sort();
    values.dedup();
    let names: std::collections::HashSet<String> = set.groups().into_iter().collect();
    let groups: Vec<String> = palette
        .on_groups
        .iter()
        .filter(|t| known(&t.value) && !names.contains(&t.group))
        .map(|t| format!("“{}” on “{}”", shown(&t.value), shown(&t.group)))
        .collect();
    let values: Vec<String> = values.into_iter().map(|value| format!("“{}”", shown(value))).collect();
    let sentence = |names: &[String], one: &str, many: &str| {
        let (target, what, is) = match names {
            [] => return None,
            [_] => ("a target", format!("which is not {one}"), "it is"),
            _ => ("targets", format!("which are not {many}"), "they are"),
        };
        Some(format!("The link sets {target} for {}, {what} of {of_set}; {is} not used.", counted(names)))
    };
    [sentence(&values, "a value", "values"), sentence(&groups, "a group of prompts", "groups of prompts")]
        .into_iter()
        .flatten()
        .collect()
}

/// The first few names, and how many more there are.
fn counted(names: &[String]) -> String {
    match names {
        [front @ .., last] if (1..=SAID).contains(&front.len()) && names.len() <= SAID => {
            format!("{} and {last}", front.join(", "))
        }
        [.., _] if names.len() > SAID => {
            format!("{} and {} more", names[..SAID].join(", "), names.len() - SAID)
        }
        _ => names.concat(),
    }
}

fn shown(name: &str) -> String {
    let name = visible(name);
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.into_owned(),
    }
}
