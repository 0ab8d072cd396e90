//! Prompts to choose from, served beside the page.

use crate::app::fetch::fetch_text;
use crate::app::state::page;
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct PromptFile {
    prompts: Vec<String>,
}

async fn read(url: &str) -> Result<Vec<String>, String> {
    let text = fetch_text(url).await?;
    let file: PromptFile = serde_json::from_str(&text).map_err(|error| format!("the list is damaged ({error})"))?;
    if file.prompts.is_empty() { Err("the list is empty".to_owned()) } else { Ok(file.prompts) }
}

/// A button that fills in the next `count` prompts of a list; each press takes those that follow.
#[component]
pub fn UsePrompts(kind: &'static str, url: &'static str, count: usize) -> impl IntoView {
    let page = page();
    let used = StoredValue::new(0usize);
    let fill = move |_| {
        leptos::task::spawn_local(async move {
            match read(url).await {
                Ok(prompts) => {
                    let from = used.try_get_value().unwrap_or(0);
                    let taken: Vec<String> =
                        prompts.iter().cycle().skip(from % prompts.len()).take(count.min(prompts.len())).cloned().collect();
                    used.try_update_value(|used| *used = from + count);
                    page.answers.prompts.set(taken.join("\n"));
                }
                Err(reason) => {
                    page.complain(format!("The {kind} prompts could not be had: {reason}. Type prompts of your own, one a line."))
                }
            }
        });
    };
    view! { <button type="button" on:click=fill>{format!("Use {count} {kind} prompts")}</button> }
}
