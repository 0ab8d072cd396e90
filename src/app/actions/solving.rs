//! Solving what is composed.

use crate::app::state::{Outcome, Page};
use crate::client::CallError;
use leptos::prelude::*;
use palette_study::{Question, Solved};
use std::sync::Arc;

/// Solves whatever is composed from now on.
pub fn follow(page: Page) {
    page.solver.with_value(|solver| {
        solver.on_answer(move |set_id, question, solved| on_reply(page, set_id, question, solved));
    });
    Effect::new(move |_| {
        let Some(table) = page.table.get() else { return };
        let palette = page.palette.get();
        let pooling = page.pooling.get().unwrap_or(table.usual_pooling());
        page.solving.set(true);
        page.solver.with_value(|solver| solver.solve(table.id, Question { palette, pooling }));
    });
}

fn on_reply(page: Page, set_id: usize, question: &Question, solved: Result<Solved, CallError>) {
    let newest = page.palette.with_untracked(|palette| *palette == question.palette);
    batch(|| {
        if newest {
            page.solving.set(false);
        }
        match solved.map_err(CallError::message) {
            Ok(solved) => {
                let Question { palette, pooling } = question.clone();
                page.failure.set(None);
                let Solved { report, weights } = solved;
                page.show(Some(Arc::new(Outcome { set_id, palette, pooling, report, weights })));
            }
            Err(Some(message)) if newest => {
                page.show(None);
                page.failure.set(Some(message));
            }
            // A newer palette is being solved, which will say more.
            Err(_) => {}
        }
    });
}
