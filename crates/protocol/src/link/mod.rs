//! The palette link: what the address says after `#`, and back. Human-readable `key=value` pairs joined by
//! `&`, versioned.
//!
//! One table of `FIELDS` drives reading and writing. What cannot be understood is reported, never replaced
//! in silence. See docs/adr on the format.

mod drawing;
mod field;
mod percent;

pub use drawing::{DrawingLink, TopicRange};

use field::FIELDS;
use palette_study::Pooling;
use palette_tables::{Palette, SampleSet};
use serde::{Deserialize, Serialize};

/// Version of the format.
pub const VERSION: u32 = 1;

/// A view of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    #[default]
    Compose,
    Answers,
    Data,
    Models,
}

/// What a link carries; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkState {
    /// Targets by the names of values. A value that is not named is as the page has it by default.
    pub palette: Palette,
    pub pooling: Option<Pooling>,
    pub view: View,
    /// The prompt whose answers are shown, counted from 0 here and from 1 in the link.
    pub prompt: Option<usize>,
    /// Seed of drawing.
    pub seed: Option<u64>,
    /// Name of the sample set, when it is not the built-in one.
    pub set: Option<String>,
    /// What to draw; says something only in a link made for drawing again.
    #[serde(default)]
    pub drawing: DrawingLink,
}

/// The fragment for `state`, without `#`. Reading it gives `state` again.
pub fn write(state: &LinkState) -> String {
    let mut pairs = vec![format!("v={VERSION}")];
    pairs.extend(
        FIELDS
            .iter()
            .filter_map(|f| (f.write)(state).map(|text| format!("{}={}", f.key, percent::encode(&text)))),
    );
    let encoded = percent::encode;
    let palette = &state.palette;
    pairs.extend(
        palette
            .targets
            .iter()
            .map(|(name, target)| format!("t.{}={}", encoded(name), field::write_target(*target))),
    );
    // An `@` inside a name is encoded, so a bare one stands between value and group.
    pairs.extend(
        palette.on_groups.iter().map(|t| {
            format!("t.{}@{}={}", encoded(&t.value), encoded(&t.group), field::write_target(t.target))
        }),
    );
    pairs.join("&")
}

/// Reads a fragment, with or without `#`. The second part tells, in plain sentences, what in it was not
/// understood and left out.
pub fn read(fragment: &str) -> (LinkState, Vec<String>) {
    let mut state = LinkState::default();
    let mut problems = Vec::new();
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let mut seen: Vec<(String, Option<String>)> = Vec::new();
    for pair in fragment.split('&').filter(|p| !p.is_empty()) {
        let (key, text) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, group) = match key.split_once('@') {
            Some((key, group)) if key.starts_with("t.") => (key, Some(group)),
            _ => (key, None),
        };
        let group = group.map_or(Some(None), |group| percent::decode(group).map(Some));
        let (Some(key), Some(group), Some(text)) = (percent::decode(key), group, percent::decode(text))
        else {
            problems.push(format!("The link's part “{pair}” is garbled and was left out."));
            continue;
        };
        let said = group.as_ref().map_or(key.clone(), |group| format!("{key}@{group}"));
        let place = (key, group);
        if seen.contains(&place) {
            problems.push(format!("The link says “{said}” more than once; the first is used."));
            continue;
        }
        let (key, group) = &place;
        let outcome = if key == "v" {
            if text == VERSION.to_string() {
                Ok(())
            } else {
                Err(format!(
                    "it is of version “{text}”, and this page reads version {VERSION}; parts of it may be \
                        missing"
                ))
            }
        } else if let Some(name) =
            key.strip_prefix("t.").filter(|n| !n.is_empty() && group.as_deref() != Some(""))
        {
            field::read_target(&text).map(|target| match group {
                Some(group) => state.palette.set_on_group(group, name, target),
                None => drop(state.palette.targets.insert(name.into(), target)),
            })
        } else if let Some(field) = FIELDS.iter().find(|f| f.key == key) {
            (field.read)(&mut state, &text)
        } else {
            Err("this page does not know it".into())
        };
        if let Err(why) = outcome {
            problems.push(format!("The link's “{said}={text}” was left out: {why}."));
        }
        seen.push(place);
    }
    (state, problems)
}

/// Plain sentences about targets for values and groups that `set` does not have.
pub fn strangers(palette: &Palette, set: &SampleSet) -> Vec<String> {
    let groups = set.groups();
    let overall = palette.targets.keys().map(|value| (value, None));
    let on_groups = palette.on_groups.iter().map(|t| (&t.value, Some(&t.group)));
    overall
        .chain(on_groups)
        .filter_map(|(value, group)| {
            let missing = if set.value_index(value).is_none() {
                format!("“{value}”, which is not a value of {}", set.name)
            } else {
                let group = group.filter(|group| !groups.contains(group))?;
                format!("“{value}” on “{group}”, which is not a group of prompts of {}", set.name)
            };
            Some(format!("The link sets a target for {missing}; it is not used."))
        })
        .collect()
}
