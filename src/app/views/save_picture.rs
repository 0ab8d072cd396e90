//! A chart as it is drawn, and the same saved as a picture.

use crate::app::actions::away::{save_png, save_svg};
use crate::app::state::{Page, page};
use crate::chart::{About, Area, TITLE, colour, draw_on, draw_picture, under_title};
use leptos::prelude::*;
use palette_tables::command::file_name;
use std::sync::Arc;
use web_sys::HtmlCanvasElement;

/// Draws a chart; it is told the units in a CSS pixel and how a token of the style is read, and says whether it could.
pub type Draw = Arc<dyn Fn(&Area, f64, &dyn Fn(&str) -> String) -> bool + Send + Sync>;

/// Draws on the canvas now and whenever what `draw` reads changes, or the page must be painted again.
pub fn keep_drawn(page: Page, canvas: NodeRef<leptos::html::Canvas>, draw: Draw) {
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        page.repaint.track();
        let token = tokens(&canvas);
        draw_on(&canvas, |area, unit| if draw(area, unit, &token) { Ok(()) } else { Err(()) });
    });
}

/// The tokens of the style where the canvas stands.
fn tokens(canvas: &HtmlCanvasElement) -> impl Fn(&str) -> String + use<> {
    let style = window().get_computed_style(canvas).ok().flatten();
    move |token| style.as_ref().and_then(|style| style.get_property_value(token).ok()).unwrap_or_default()
}

/// Saves what stands on a canvas: the same drawing code, at the size that it has here.
#[component]
pub fn SavePicture(
    canvas: NodeRef<leptos::html::Canvas>,
    /// What the picture shows: after the set's name, that of its file.
    #[prop(into)]
    name: Signal<String>,
    /// All that it says, in words.
    #[prop(into)]
    words: Signal<String>,
    draw: Draw,
    /// What stands above the picture; without it the name.
    #[prop(optional)]
    title: Option<String>,
    /// What else can be saved of it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let page = page();
    let picture = move || {
        let canvas = canvas.get_untracked()?;
        let token = tokens(&canvas);
        let title = title.clone().unwrap_or_else(|| name.get_untracked());
        let words = words.get_untracked();
        let about = About {
            size: [canvas.client_width().max(1) as u32, canvas.client_height().max(1) as u32 + TITLE],
            ground: colour(&token("--card")),
            title: &title,
            words: &words,
        };
        let ink = colour(&token("--ink"));
        untrack(|| {
            draw_picture(&about, |area, unit| {
                let below = under_title(area, &title, ink, unit).map_err(drop)?;
                if draw(&below, unit, &token) { Ok(()) } else { Err(()) }
            })
        })
    };
    let picture = StoredValue::new_local(picture);
    let save = move |as_png: bool| {
        let set = page.table.with_untracked(|table| table.as_ref().map(|table| table.set.name.clone()));
        let file = format!("{} {}", set.unwrap_or_default(), name.get_untracked());
        match picture.with_value(|picture| picture()) {
            Some(svg) if as_png => save_png(page, file_name(&file, "png"), svg),
            Some(svg) => save_svg(page, &file, &svg),
            None => page.notify_error("The picture could not be drawn. Try again when it is in sight."),
        }
    };
    view! {
        <p class="save-picture">
            "Save picture "
            <button
                type="button"
                class="small"
                aria-label=move || format!("Save picture as SVG: {}", name.get())
                on:click=move |_| save(false)
            >
                "SVG"
            </button>
            <button
                type="button"
                class="small"
                aria-label=move || format!("Save picture as PNG: {}", name.get())
                on:click=move |_| save(true)
            >
                "PNG"
            </button>
            {children.map(|children| children())}
        </p>
    }
}
