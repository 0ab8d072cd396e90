//! Telling the page around a frame how high this one is and how far the lesson is: numbers and the lesson's id,
//! nothing of the person.

use crate::app::state::Page;
use gloo_utils::window;
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Tells it from now on, where there is a frame.
pub(super) fn follow(page: Page) {
    let Some(parent) = around() else { return };
    let told = parent.clone();
    Effect::new(move |_| {
        let Some(open) = page.learn.open.get() else { return };
        let Some(sheet) = page.learn.sheet() else { return };
        let done = |id: &str| sheet.task(id).is_some_and(|task| task.done);
        let right = open.lesson.tasks().filter(|task| done(&task.id)).count();
        let seconds: f64 = sheet.tasks.iter().map(|task| task.seconds).sum();
        post(
            &told,
            &[
                ("type", "map-palette-lesson".into()),
                ("lesson", open.lesson.id.as_str().into()),
                ("right", (right as u32).into()),
                ("tasks", (open.lesson.tasks().count() as u32).into()),
                ("seconds", seconds.into()),
            ],
        );
    });
    let Some(body) = gloo_utils::document().body() else { return };
    let measured = body.clone();
    let resized = Closure::<dyn Fn()>::new(move || {
        let height = measured.scroll_height();
        post(&parent, &[("type", "map-palette-height".into()), ("height", height.into())]);
    });
    if let Ok(observer) = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()) {
        observer.observe(&body);
    }
    // It is told for as long as the page is there.
    resized.forget();
}

/// The window around this one.
fn around() -> Option<web_sys::Window> {
    let parent = window().parent().ok().flatten()?;
    (!Object::is(&parent, &window())).then_some(parent)
}

fn post(parent: &web_sys::Window, fields: &[(&str, JsValue)]) {
    let message = Object::new();
    for (name, value) in fields {
        if Reflect::set(&message, &JsValue::from_str(name), value).is_err() {
            return;
        }
    }
    // Whoever frames the page may hear it; one that cannot be posted to is no matter.
    let _ = parent.post_message(&message, "*");
}
