//! Solving what is composed, and asking about what was solved.

use crate::app::state::{Outcome, Page};
use crate::client::Question;
use leptos::prelude::*;
use palette_protocol::{Reply, Request, Solved};
use std::sync::Arc;

/// Solves whatever is composed from now on.
pub fn follow(page: Page) {
    page.solver.with_value(|solver| solver.on_answer(move |question, reply| on_reply(page, question, reply)));
    Effect::new(move |_| {
        let Some(table) = page.table.get() else { return };
        let palette = page.palette.get();
        let pooling = page.pooling.get().unwrap_or(table.usual_pooling());
        page.solving.set(true);
        page.solver.with_value(|solver| solver.ask(Question { set_id: table.id, palette, pooling }));
    });
}

/// Asks the worker something about the outcome on show; `false` when it is busy with a palette.
pub fn study(page: Page, set_id: usize, request: Request, listener: impl Fn(Reply) + 'static) -> bool {
    page.solver.with_value(|solver| solver.study(set_id, request, listener))
}

fn on_reply(page: Page, question: &Question, reply: Reply) {
    let newest = page.palette.with_untracked(|palette| *palette == question.palette);
    batch(|| {
        if newest {
            page.solving.set(false);
        }
        match reply {
            Reply::Solved(solved) => {
                let Question { set_id, palette, pooling } = question.clone();
                page.failure.set(None);
                let Solved { report, weights } = *solved;
                page.show(Some(Arc::new(Outcome { set_id, palette, pooling, report, weights })));
            }
            Reply::Failed { message } | Reply::Lost { message } if newest => {
                page.show(None);
                page.failure.set(Some(message));
            }
            _ => {}
        }
    });
}
