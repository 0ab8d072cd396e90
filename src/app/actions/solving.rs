//! Solving what is composed.

use crate::app::browser::events;
use crate::app::state::{Outcome, Page};
use crate::client::CallError;
use leptos::prelude::*;
use palette_protocol::SetKey;
use palette_study::{Question, Solved};
use std::sync::Arc;

/// Solves whatever is composed from now on.
pub fn follow(page: Page) {
    page.solver.with_value(|solver| {
        solver.on_answer(
            move |on, question, solved| on_reply(page, on, question, solved),
            move |news| page.solver_news.set(news),
        );
    });
    Effect::new(move |_| {
        let Some((on, question)) = composed(page) else { return };
        page.solving.set(true);
        page.solver.with_value(|solver| solver.solve(on, question));
    });
}

/// What is composed now, and on which set.
fn composed(page: Page) -> Option<(SetKey, Question)> {
    let table = page.table.get()?;
    let (palette, pooling) = (page.palette.get(), page.pooling_in_use(&table));
    Some((table.key, Question { palette, pooling }))
}

fn on_reply(page: Page, on: SetKey, question: &Question, solved: Result<Solved, CallError>) {
    let newest = untrack(|| composed(page)).is_some_and(|(now, asked)| now == on && asked == *question);
    batch(|| {
        page.solver_news.set(None);
        if newest {
            page.solving.set(false);
        }
        match solved {
            Ok(Solved { report, weights }) => {
                let Question { palette, pooling } = question.clone();
                page.failure.set(None);
                page.show(Some(Arc::new(Outcome {
                    set_id: on.id,
                    set: on,
                    palette,
                    pooling,
                    report,
                    weights,
                })));
            }
            Err(error) if newest => {
                page.show(None);
                page.failure.set(Some(error.message().unwrap_or_else(|| {
                    "The solver was ended before it answered. Change a target to ask again.".to_owned()
                })));
            }
            // A newer palette is being solved, which will say more.
            Err(_) => {}
        }
    });
    // public/register-sw.js waits for it.
    events::tell_window("map-palette-solved");
}
