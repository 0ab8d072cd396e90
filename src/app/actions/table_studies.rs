//! Running a study of the table at hand, and giving it up.

use crate::app::browser::fetch::fetch_text;
use crate::app::format::megabytes;
use crate::app::state::Page;
use crate::app::state::table_studies::{AskedStudy, AtWork, PublishedFile, ShownStudy, StudyRun};
use crate::client::{CallError, clock};
use futures_util::future::{Either, select};
use gloo_file::File;
use leptos::prelude::*;
use leptos::task::spawn_local;
use palette_protocol::calls::{ReadPublished, Study};
use palette_protocol::link::View;
use palette_tables::SampleSet;
use std::pin::pin;
use std::sync::Arc;

/// What is about a table goes with that table.
pub fn follow(page: Page) {
    Effect::new(move |_| {
        let table = page.table.with(|table| table.as_ref().map(|table| table.id));
        let published = page.table_studies.published;
        // A log is read for one table.
        let of_another = published.with_untracked(|published| {
            published
                .as_ref()
                .is_some_and(|read| read.as_ref().map_or(true, |read| Some(read.table) != table))
        });
        if of_another {
            published.set(None);
        }
        page.table_studies.all().into_iter().for_each(|run| run.keep_only(table));
    });
}

/// Runs a study, in place of what was found before. `heading` says which, where the person looks elsewhere when
/// it ends.
pub fn run(page: Page, run: StudyRun, heading: &'static str, asked: AskedStudy) {
    let table = page.table.get_untracked().filter(|table| asked.table == Some(table.id));
    if asked.table.is_some() && table.is_none() {
        return;
    }
    let set = table.map_or_else(|| Arc::new(without_answers()), |table| table.set.clone());
    let set_name = set.name.clone();
    let stopped = run.begins(asked.table);
    let question = asked.question.clone();
    let workers = page.study_workers.get_value();
    spawn_local(async move {
        let told = move |progress| {
            let since = run.at_work.with_untracked(|at_work| match at_work {
                Some(AtWork::Steps { since, .. }) => *since,
                Some(AtWork::Waits) | None => clock::milliseconds(),
            });
            run.at_work.set(Some(AtWork::Steps { progress, since }));
        };
        let study = pin!(async move {
            let beside =
                if question.looks_beside() { topics(page).await } else { Ok(Arc::new(without_answers())) };
            let call = Study { question, set, beside: beside? };
            workers.study(call, told).await.map_err(|error| error.message())
        });
        // Whoever gave up comes first: another run may have begun.
        let found = match select(stopped, study).await {
            Either::Left(_) => return,
            Either::Right((found, _)) => found,
        };
        let found = match found {
            Ok(studied) => Ok(Arc::new(ShownStudy { asked, set_name, studied })),
            Err(message) => Err(message.unwrap_or_else(|| "The study was ended. Run it again.".to_owned())),
        };
        batch(|| {
            run.ends();
            run.found.set(Some(found));
        });
        if page.view.get_untracked() != View::Studies {
            page.notify(format!("“{heading}” is answered. Look at it in Studies."));
        }
    });
}

/// The built-in questions by topic; fetched once. The error is a sentence.
async fn topics(page: Page) -> Result<Arc<SampleSet>, Option<String>> {
    let topics = page.table_studies.topics;
    if let Some(set) = topics.get_value() {
        return Ok(set);
    }
    let read = fetch_text("./topics-set.json").await.and_then(|text| {
        serde_json::from_str::<SampleSet>(&text).map_err(|error| format!("they are damaged ({error})"))
    });
    let set = Arc::new(read.map_err(|reason| {
        Some(format!("The questions by topic could not be loaded: {reason}. Run the study again later."))
    })?);
    topics.set_value(Some(set.clone()));
    Ok(set)
}

/// A larger file is no list of palettes, bytes.
const LARGEST_FILE: u64 = 20_000_000;

/// Reads a file of published palettes; what is wrong with it stands where it was chosen.
pub async fn read_published(page: Page, file: File) {
    let state = page.table_studies;
    let Some(table) = page.table.get_untracked() else { return };
    let name = file.name();
    if file.size() > LARGEST_FILE {
        state.published.set(Some(Err(format!(
            "{name} has {}, and a list of published palettes has few. Choose that list.",
            megabytes(file.size())
        ))));
        return;
    }
    let call = ReadPublished {
        name: name.clone(),
        file: AsRef::<web_sys::File>::as_ref(&file).into(),
        table: table.set.name.clone(),
    };
    // A worker has the readers of files, so that the page need not carry them.
    let read = page.store.with_value(|store| store.call(call)).await.map_err(CallError::message);
    let found = match read {
        Ok(palettes) => Ok(PublishedFile { name, palettes, table: table.id }),
        Err(Some(message)) => Err(message),
        Err(None) => return,
    };
    state.published.set(Some(found));
}

/// What a study that is about no table is given.
fn without_answers() -> SampleSet {
    SampleSet {
        name: String::new(),
        about: String::new(),
        values: Vec::new(),
        prompts: Vec::new(),
        answers: Vec::new(),
        prompt_weights: Vec::new(),
    }
}
