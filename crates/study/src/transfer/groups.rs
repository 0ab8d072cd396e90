//! A table taken apart by its groups of prompts.

use palette_tables::{Answer, SampleSet, Value};
use std::collections::HashMap;

/// More groups than this nobody reads two by two.
const MOST_GROUPS: usize = 12;
/// On fewer prompts a group says too little about others.
pub(super) const FEWEST_PROMPTS: usize = 5;

/// Groups of prompts with the same values, each a set of its own, and what had to be left out.
pub(super) struct Groups {
    pub(super) sets: Vec<SampleSet>,
    pub(super) notes: Vec<String>,
}

/// The groups of `set`, or all of it as one under its own name where it has none, and those of `more`; only values
/// that both have. Of every prompt the first `k` answers that belong to the group; as many as every prompt has
/// without a `k`.
///
/// # Errors
/// A sentence when fewer than two groups are left, or nothing to choose from.
pub(super) fn groups(
    set: &SampleSet,
    more: Option<&SampleSet>,
    k: Option<usize>,
) -> Result<(Groups, usize), String> {
    let mut notes = Vec::new();
    let shared: Vec<&Value> = (set.values.iter())
        .filter(|value| more.is_none_or(|more| more.value_index(&value.name).is_some()))
        .collect();
    if shared.is_empty() {
        return Err(
            "The two sets have no value of the same name, so one palette cannot be asked of both.".into()
        );
    }
    if shared.len() < set.values.len() {
        let missing: Vec<&str> = (set.values.iter())
            .filter(|value| !shared.iter().any(|other| other.name == value.name))
            .map(|value| value.name.as_str())
            .collect();
        notes.push(format!("{} left out: the other questions have no such value.", listed(&missing)));
    }
    let elsewise: Vec<&str> = (shared.iter())
        .filter(|value| {
            let other = more.and_then(|more| more.value_index(&value.name).map(|i| &more.values[i]));
            other.is_some_and(|other| other.unit != value.unit || other.measured != value.measured)
        })
        .map(|value| value.name.as_str())
        .collect();
    if !elsewise.is_empty() {
        notes.push(format!(
            "The other questions measure {} in another way: what a λ from here does there says little.",
            elsewise.join(", ")
        ));
    }
    let mut sets = parts(set, &shared, &mut notes);
    for mut part in more.map(|more| parts(more, &shared, &mut notes)).into_iter().flatten() {
        // Two groups of one name are not one group.
        while sets.iter().any(|other| other.name == part.name) {
            part.name.push_str(" (new)");
        }
        sets.push(part);
    }
    let k = match k {
        Some(k) => k,
        None => fewest_to_choose_from(&sets),
    };
    let mut kept = Vec::new();
    for set in sets {
        let name = set.name.clone();
        let prompts = set.prompts.len();
        let set = first_of_each(set, k);
        let lost = prompts - set.prompts.len();
        if set.prompts.len() < FEWEST_PROMPTS {
            notes.push(format!(
                "{name} is left out: {} of its prompts have {k} answers or more, and {FEWEST_PROMPTS} are needed.",
                set.prompts.len()
            ));
            continue;
        }
        if lost > 0 {
            notes.push(format!(
                "{name}: {lost} of {prompts} prompts have fewer than {k} answers and are left out."
            ));
        }
        kept.push(set);
    }
    if kept.len() > MOST_GROUPS {
        kept.sort_by_key(|set| std::cmp::Reverse(set.prompts.len()));
        notes.push(format!("Only the {MOST_GROUPS} largest of {} groups are shown.", kept.len()));
        kept.truncate(MOST_GROUPS);
    }
    if kept.len() < 2 {
        notes.insert(0, "A palette is carried from one group of prompts to another, and fewer than two are here. \
            Bring a table with a column `group`, each group with 5 prompts or more and at least 2 answers to each."
            .into());
        return Err(notes.join(" "));
    }
    Ok((Groups { sets: kept, notes }, k))
}

fn listed(names: &[&str]) -> String {
    format!("{} {}", names.join(", "), if names.len() == 1 { "is" } else { "are" })
}

/// The groups of one set.
fn parts(set: &SampleSet, values: &[&Value], notes: &mut Vec<String>) -> Vec<SampleSet> {
    let columns: Vec<usize> = values.iter().filter_map(|value| set.value_index(&value.name)).collect();
    let names = set.groups();
    let without = set.answers.iter().filter(|answer| answer.group.is_empty()).count();
    if !names.is_empty() && without > 0 {
        notes.push(format!("{without} answers of no group are left out."));
    }
    let whole = names.is_empty().then(|| set.name.clone());
    let empty = |name: String| SampleSet {
        name,
        about: String::new(),
        values: values.iter().map(|value| (*value).clone()).collect(),
        prompts: Vec::new(),
        answers: Vec::new(),
        prompt_weights: Vec::new(),
    };
    let mut parts: Vec<SampleSet> = whole.into_iter().chain(names.iter().cloned()).map(empty).collect();
    let place: HashMap<&str, usize> =
        names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    // Prompt of the set to prompt of the part.
    let mut prompts: Vec<HashMap<usize, usize>> = vec![HashMap::new(); parts.len()];
    for answer in &set.answers {
        let at = match place.get(answer.group.as_str()) {
            Some(at) => *at,
            None if names.is_empty() => 0,
            None => continue,
        };
        let part = &mut parts[at];
        let prompt = *prompts[at].entry(answer.prompt).or_insert_with(|| {
            // Texts are not needed, and would be copied for each group.
            part.prompts.push(String::new());
            part.prompt_weights.push(set.prompt_weight(answer.prompt));
            part.prompts.len() - 1
        });
        let rewards = columns.iter().map(|i| answer.rewards[*i]).collect();
        part.answers.push(Answer { weight: answer.weight, ..Answer::new(prompt, String::new(), rewards) });
    }
    parts
}

/// The most answers that every prompt with a choice has, 2 or more.
fn fewest_to_choose_from(sets: &[SampleSet]) -> usize {
    let counts = sets.iter().flat_map(answers_of_each).filter(|count| *count > 1);
    counts.min().unwrap_or(2)
}

fn answers_of_each(set: &SampleSet) -> Vec<usize> {
    let mut counts = vec![0; set.prompts.len()];
    set.answers.iter().for_each(|answer| counts[answer.prompt] += 1);
    counts
}

/// The first `k` answers of each prompt that has as many.
fn first_of_each(set: SampleSet, k: usize) -> SampleSet {
    let counts = answers_of_each(&set);
    let mut place = vec![None; counts.len()];
    let mut prompt_weights = Vec::new();
    for (g, _) in counts.iter().enumerate().filter(|(_, count)| **count >= k) {
        place[g] = Some(prompt_weights.len());
        prompt_weights.push(set.prompt_weight(g));
    }
    let mut seen = vec![0; counts.len()];
    let answers = (set.answers.into_iter())
        .filter_map(|answer| {
            seen[answer.prompt] += 1;
            let first = seen[answer.prompt] <= k;
            let prompt = place[answer.prompt].filter(|_| first)?;
            Some(Answer { prompt, ..answer })
        })
        .collect();
    SampleSet { prompts: vec![String::new(); prompt_weights.len()], answers, prompt_weights, ..set }
}
