//! Taking the models out of the file that goes with the page in one file.

use super::tasks;
use crate::app::browser::carried;
use crate::app::state::Page;
use crate::app::state::models::carried::Taking;
use gloo_file::File;
use leptos::prelude::*;

/// Takes the models out of the file, unless one is being looked at.
pub fn take(page: Page, file: File) {
    let taking = page.models.carried.taking;
    if taking.get_untracked() == Taking::Checking {
        return;
    }
    taking.set(Taking::Checking);
    leptos::task::spawn_local(async move {
        match carried::take_models(&file).await {
            Ok(()) => {
                taking.set(Taking::Taken);
                // Those at work were started without them.
                page.pool.with_value(|pool| pool.start_anew());
                page.store.with_value(|store| store.stop());
                tasks::refresh(page);
            }
            Err(sentence) => taking.set(Taking::Refused(sentence)),
        }
    });
}
