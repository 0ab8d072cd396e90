//! Running a study of the table at hand, and giving it up.

use crate::app::browser::fetch::fetch_text;
use crate::app::state::Page;
use crate::app::state::table_studies::{AskedStudy, AtWork, ShownStudy, StudyRun};
use crate::client::clock;
use futures_util::future::{Either, select};
use leptos::prelude::*;
use leptos::task::spawn_local;
use palette_protocol::calls::Study;
use palette_protocol::link::View;
use palette_tables::SampleSet;
use std::pin::pin;
use std::sync::Arc;

/// What is about a table goes with that table.
pub fn follow(page: Page) {
    Effect::new(move |_| {
        let table = page.table.with(|table| table.as_ref().map(|table| table.id));
        page.table_studies.all().into_iter().for_each(|run| run.keep_only(table));
    });
}

/// Runs a study, in place of what was found before. `name` says which, where the person looks elsewhere when it
/// ends.
pub fn run(page: Page, run: StudyRun, name: &'static str, asked: AskedStudy) {
    let table = page.table.get_untracked().filter(|table| asked.table == Some(table.id));
    if asked.table.is_some() && table.is_none() {
        return;
    }
    let set = table.map_or_else(|| Arc::new(without_answers()), |table| table.set.clone());
    let set_name = set.name.clone();
    let stopped = run.begins(asked.table);
    let (question, beside_topics) = (asked.question.clone(), asked.beside_topics);
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
            let beside = if beside_topics { topics(page).await } else { Ok(Arc::new(without_answers())) };
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
            page.notify(format!("The study “{name}” is done. Look at it in Studies."));
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
