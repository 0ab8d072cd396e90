//! Taking the palette away: the worker makes the file, the browser saves it.

use super::export::save;
use super::link;
use super::studies::AGAIN;
use crate::app::browser::{clipboard, download, picture};
use crate::app::state::Page;
use crate::app::state::table::Table;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use palette_protocol::calls::TakeAway;
use palette_study::away::{Away, Form, Taken};
use palette_study::{Pooling, Question};
use palette_tables::command::{file_name, solve_command};

/// Times that the worker is asked while it is busy with something else.
const ATTEMPTS: u32 = 50;

/// Has the file of this form made, and saves it; says how that went.
pub fn take(page: Page, form: Form) {
    take_as(page, form, |page, away| {
        save(page, &away.name, &away.text);
        page.away.said.set(format!("Saved: {}", away.name));
    });
}

/// The strips as PNG.
pub fn take_strips_as_png(page: Page) {
    take_as(page, Form::Strips, |page, away| {
        save_png(page, away.name.replace(".svg", ".png"), away.text);
    });
}

fn take_as(page: Page, form: Form, then: impl FnOnce(Page, Away) + 'static) {
    if page.away.making.get_untracked().is_some() {
        return;
    }
    page.away.making.set(Some(form));
    page.away.said.set("Being made…".to_owned());
    leptos::task::spawn_local(async move {
        let made = make(page, form).await;
        page.away.making.set(None);
        match made {
            Ok(away) => then(page, away),
            Err(sentence) => page.away.said.set(sentence),
        }
    });
}

/// Asks the worker until it has time.
async fn make(page: Page, form: Form) -> Result<Away, String> {
    for _ in 0..ATTEMPTS {
        let outcome = page.outcome.get_untracked().filter(|_| !page.solving.get_untracked());
        let asked = outcome.and_then(|outcome| {
            let question = Question { palette: outcome.palette.clone(), pooling: outcome.pooling };
            let taken = Taken { date: today(), link: Some(link::address(page)) };
            let call = TakeAway { on: outcome.set, question, form, taken };
            page.solver.with_value(|solver| solver.study(outcome.set, call, |never| match never {}))
        });
        if let Some(asked) = asked {
            match asked.await {
                Ok(away) => return Ok(away),
                Err(error) => {
                    if let Some(message) = error.message() {
                        return Err(message);
                    }
                }
            }
        }
        // It is busy with a palette, or gave way to one.
        TimeoutFuture::new(AGAIN as u32).await;
    }
    Err("The palette is still being solved. Try again when its verdict stands there.".to_owned())
}

/// Copies the command that solves the palette again.
pub fn copy_command(page: Page, table: &Table) {
    let per_prompt = untrack(|| page.pooling_in_use(table)) == Pooling::PerPrompt;
    let file = file_name(&table.set.name, "json");
    let command =
        page.palette.with_untracked(|palette| solve_command(&table.set, palette, per_prompt, &file));
    let command = match command {
        Ok(command) => command,
        Err(sentence) => return page.away.said.set(sentence),
    };
    leptos::task::spawn_local(async move {
        page.away.said.set(if clipboard::copy(&command).await {
            format!("Copied. It reads {file}, which “Its table as JSON” saves.")
        } else {
            format!("This browser does not let the page copy. The command is: {command}")
        });
    });
}

/// Saves a picture as it is.
pub fn save_svg(page: Page, name: &str, svg: &str) {
    save(page, &file_name(name, "svg"), svg);
}

/// Saves a picture in pixels, three for each of its own.
pub fn save_png(page: Page, name: String, svg: String) {
    const SCALE: f64 = 3.0;
    leptos::task::spawn_local(async move {
        let png = picture::png(&svg, SCALE).await;
        if png.is_some_and(|png| download::save_blob(&name, &png)) {
            page.away.said.set(format!("Saved: {name}"));
        } else {
            page.notify_error(format!("This browser did not make {name}. Save the picture as SVG instead."));
        }
    });
}

/// The day by UTC, `2026-11-28`.
fn today() -> String {
    let now: String = js_sys::Date::new_0().to_iso_string().into();
    now.chars().take(10).collect()
}
