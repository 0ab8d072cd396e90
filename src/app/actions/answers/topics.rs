//! Prompts out of the built-in sets.

use crate::app::browser::fetch::fetch_text;
use crate::app::state::Page;
use crate::app::state::answers::topics::Topic;
use leptos::prelude::*;
use palette_protocol::link::TopicRange;
use serde::Deserialize;

/// The built-in sets: their names in links and file names, and for people.
pub const TOPICS: [(&str, &str); 6] = [
    ("everyday", "everyday life"),
    ("education", "education"),
    ("medical", "medical"),
    ("legal", "legal"),
    ("workplace", "workplace"),
    ("fresh", "fresh (not in the built-in set)"),
];

#[derive(Deserialize)]
struct PromptFile {
    name: String,
    prompts: Vec<String>,
}

/// The prompts of a built-in set; fetched once. Their group is the set's name.
pub async fn topic(page: Page, key: &str) -> Result<Topic, String> {
    let known =
        page.answers.topics.with_value(|topics| topics.iter().find(|topic| topic.key == key).cloned());
    if let Some(topic) = known {
        return Ok(topic);
    }
    if !TOPICS.iter().any(|(known, _)| *known == key) {
        return Err("this page has no prompts of that name".to_owned());
    }
    let text = fetch_text(&format!("./prompts/{key}.json")).await?;
    let file: PromptFile =
        serde_json::from_str(&text).map_err(|error| format!("the list is damaged ({error})"))?;
    if file.prompts.is_empty() {
        return Err("the list is empty".to_owned());
    }
    let topic = Topic { key: key.to_owned(), name: file.name, prompts: file.prompts };
    page.answers.groups.update(|groups| {
        for prompt in &topic.prompts {
            groups.entry(prompt.clone()).or_insert_with(|| key.to_owned());
        }
    });
    page.answers.topics.update_value(|topics| topics.push(topic.clone()));
    Ok(topic)
}

/// The prompts that a link names by their topics.
pub async fn prompts_in(page: Page, ranges: &[TopicRange]) -> Result<Vec<String>, String> {
    let mut prompts = Vec::new();
    for range in ranges {
        let topic = topic(page, &range.topic).await?;
        let part = topic.prompts.get(range.first - 1..range.last);
        let part = part.ok_or_else(|| format!("{} has only {} prompts", range.topic, topic.prompts.len()))?;
        prompts.extend_from_slice(part);
    }
    Ok(prompts)
}
