//! The document's title says where one is and, in Compose, what the palette comes to.

use crate::app::state::Page;
use leptos::prelude::*;
use palette_protocol::link::View;
use palette_study::Verdict;

const NAME: &str = "MAP Palette";

/// Keeps the title for as long as the page lives.
pub fn follow(page: Page) {
    let verdict = Memo::new(move |_| page.outcome.with(|outcome| outcome.as_ref().map(|o| o.report.verdict)));
    let title = Memo::new(move |_| match page.view.get() {
        View::Compose => match verdict.get().filter(|_| page.failure.with(Option::is_none)) {
            Some(Verdict::Reachable) => format!("Reachable – Compose – {NAME}"),
            Some(Verdict::Edge) => format!("On the edge – Compose – {NAME}"),
            Some(Verdict::Unreachable) => format!("Out of reach – Compose – {NAME}"),
            None => format!("Compose – {NAME}"),
        },
        View::Learn => match page.learn.open.get() {
            Some(open) => format!("{} – Learn – {NAME}", open.lesson.title),
            None => format!("Learn – {NAME}"),
        },
        View::Answers => format!("Answers – {NAME}"),
        View::Studies => format!("Studies – {NAME}"),
        View::Data => format!("Data – {NAME}"),
        View::Models => format!("Models – {NAME}"),
    });
    Effect::new(move |_| title.with(|title| document().set_title(title)));
}
