//! Links that draw the same answers again: the prompts, the settings and the seed.

use crate::app::actions;
use crate::app::state::Page;
use crate::app::state::answers::jobs::Task;
use crate::app::state::answers::topics::Topic;
use leptos::prelude::*;
use palette_protocol::link::{self, DrawingLink, LinkState, TopicRange, View};
use palette_tables::Sampling;

/// Longer links are cut by some of the programs that they pass through.
const LONGEST: usize = 8000;

/// Copies a link to what the form says.
pub fn copy_form(page: Page) {
    let (prompts, sampling) = untrack(|| (page.answers.prompt_list().prompts, page.answers.sampling()));
    copy(page, prompts, &sampling);
}

/// Copies a link to what was drawn.
pub fn copy_task(page: Page) {
    let task = page
        .answers
        .task
        .with_value(|task| task.as_ref().map(|task| (task.prompts(), task.sampling.clone())));
    if let Some((prompts, sampling)) = task {
        copy(page, prompts, &sampling);
    }
}

/// Whether a link can carry what a job was drawn with.
pub fn can_carry(task: &Task) -> bool {
    !task.own_files
}

fn copy(page: Page, prompts: Vec<String>, sampling: &Sampling) {
    let base = LinkState {
        view: View::Answers,
        seed: Some(sampling.seed),
        // A link cannot carry a sample set, and this one makes its own.
        set: None,
        drawing: DrawingLink::of(sampling),
        ..untrack(|| actions::link::state(page, None))
    };
    let fragment = page.answers.topics.with_value(|topics| fragment(base, prompts, topics));
    match fragment {
        Some(fragment) => {
            let here = window().location().href().unwrap_or_default();
            let page_url = here.split('#').next().unwrap_or_default();
            actions::link::copy(
                page,
                format!("{page_url}#{fragment}"),
                "A link that draws these answers again is \
                copied.",
            );
        }
        None => page.notify_error(
            "These prompts are too long for a link. Export the sample set, or the prompts \
            as a file, and share that.",
        ),
    }
}

/// The fragment with the prompts written out, or with their topics where that is too long; `None` when
/// neither works.
fn fragment(state: LinkState, prompts: Vec<String>, topics: &[Topic]) -> Option<String> {
    let with = |drawing: DrawingLink| {
        Some(link::write(&LinkState { drawing, ..state.clone() })).filter(|text| text.len() <= LONGEST)
    };
    let ranges = ranges_of(&prompts, topics);
    with(DrawingLink { prompts, ..state.drawing.clone() })
        .or_else(|| with(DrawingLink { topics: ranges?, ..state.drawing.clone() }))
}

/// Runs of built-in prompts that make up `prompts`; `None` when one is not built in.
fn ranges_of(prompts: &[String], topics: &[Topic]) -> Option<Vec<TopicRange>> {
    let mut ranges: Vec<TopicRange> = Vec::new();
    for prompt in prompts {
        let follows = ranges.last_mut().filter(|range| {
            let topic = topics.iter().find(|topic| topic.key == range.topic);
            topic.is_some_and(|topic| topic.prompts.get(range.last) == Some(prompt))
        });
        if let Some(range) = follows {
            range.last += 1;
            continue;
        }
        let place = |topic: &Topic| {
            Some((topic.key.clone(), topic.prompts.iter().position(|other| other == prompt)? + 1))
        };
        let (topic, at) = topics.iter().find_map(place)?;
        ranges.push(TopicRange { topic, first: at, last: at });
    }
    Some(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics() -> Vec<Topic> {
        let topic = |key: &str| Topic {
            key: key.into(),
            name: key.into(),
            prompts: (1..=66).map(|i| format!("{key} {i} {}", "x".repeat(200))).collect(),
        };
        vec![topic("everyday"), topic("medical")]
    }

    #[test]
    fn long_prompts_are_named_by_topic() {
        let topics = topics();
        let prompts: Vec<String> = topics[0].prompts[62..]
            .iter()
            .chain(&topics[0].prompts[..56])
            .chain(&topics[1].prompts[3..5])
            .cloned()
            .collect();
        let fragment_of = |prompts: Vec<String>| fragment(LinkState::default(), prompts, &topics);
        assert_eq!(
            fragment_of(prompts).as_deref(),
            Some("v=1&topic=everyday:63-66,everyday:1-56,medical:4-5")
        );
        assert_eq!(fragment_of(vec!["Why?".into()]).as_deref(), Some("v=1&prompts=Why%3F"));
        assert_eq!(fragment_of(vec!["y".repeat(9000)]), None);
    }
}
