//! Obeying links that say what to draw.

use crate::app::actions::answers::topics::prompts_in;
use crate::app::format::count;
use crate::app::state::Page;
use leptos::prelude::*;
use palette_protocol::link::DrawingLink;

/// Fills the form with what a link says. Nothing is drawn before the person wants it.
pub fn apply(page: Page, drawing: DrawingLink) {
    let state = page.answers;
    batch(|| {
        if let Some(k) = drawing.answers {
            state.samples_per_prompt.set(k);
        }
        if let Some(tokens) = drawing.max_tokens {
            state.max_tokens.set(tokens);
        }
        if let Some(temperature) = drawing.temperature {
            state.temperature.set(temperature);
        }
        if let Some(top_k) = drawing.top_k {
            state.top_k.set(top_k);
        }
        if let Some(top_p) = drawing.top_p {
            state.top_p.set(top_p);
        }
        state.no_system.set(drawing.system.as_deref() == Some(""));
        state.system.set(drawing.system.clone().unwrap_or_default());
    });
    if !drawing.prompts.is_empty() {
        let prompts = drawing.prompts.clone();
        return fill(page, drawing, &prompts);
    }
    if drawing.topics.is_empty() {
        return;
    }
    leptos::task::spawn_local(async move {
        match prompts_in(page, &drawing.topics).await {
            Ok(prompts) => fill(page, drawing, &prompts),
            Err(reason) => {
                page.notify_error(format!("The prompts that this link names could not be had: {reason}."));
            }
        }
    });
}

fn fill(page: Page, drawing: DrawingLink, prompts: &[String]) {
    let state = page.answers;
    state.replace_prompts(prompts);
    state.linked.set(Some(untrack(|| (drawing, state.prompt_list().prompts, state.sampling()))));
    page.notify(format!(
        "This link brought {} and how to answer them. Press Generate to draw the same answers.",
        count(prompts.len(), "prompt")
    ));
}
