//! Adding values from outside: reward heads trained elsewhere.

use crate::app::actions::table;
use crate::app::format::count;
use crate::app::own_values::is_own_value;
use crate::app::state::Page;
use crate::app::state::answers::Head;
use crate::app::state::table::Origin;
use crate::client::CallError;
use futures_util::StreamExt;
use gloo_file::File;
use gloo_file::futures::read_as_bytes;
use leptos::prelude::*;
use leptos::task::spawn_local;
use palette_protocol::calls::{ReadHead, Score};
use palette_protocol::{HeadFile, Scored, Scoring};
use palette_tables::SampleSet;
use std::sync::Arc;

/// A head is a few numbers on a sentence embedding; what is larger is something else.
const LARGEST: u64 = 20_000_000;

/// Opens a head and adds its value to the answers drawn from now on. The error is a sentence.
pub async fn open(page: Page, file: File) -> Result<(), String> {
    let name = file.name();
    if file.size() > LARGEST {
        return Err(format!(
            "{name} is larger than 20 MB. A head holds the weights of one value on a sentence embedding, \
                which are much smaller."
        ));
    }
    let bytes = read_as_bytes(&file)
        .await
        .map_err(|_| format!("{name} could not be read. It may have been moved."))?;
    add(page, read(page, HeadFile { name, bytes }).await?);
    Ok(())
}

/// Has a worker read a head. The error is a sentence.
pub async fn read(page: Page, file: HeadFile) -> Result<Head, String> {
    let file = Arc::new(file);
    let read = page.store.with_value(|store| store.call(ReadHead { file: (*file).clone() }));
    match read.await.map_err(CallError::message) {
        Ok(value) => Ok(Head { value, file }),
        Err(message) => Err(message.unwrap_or_else(|| "Reading it was ended.".to_owned())),
    }
}

/// Adds the value of a head to the answers drawn from now on.
pub fn add(page: Page, head: Head) {
    let name = &head.value.name;
    let taken = is_own_value(name)
        || page.answers.heads.with_untracked(|heads| heads.iter().any(|other| other.value.name == *name));
    if taken {
        page.notify_error(format!(
            "There is a value called {name} already. Give the head in {} another name.",
            head.file.name
        ));
    } else {
        page.answers.heads.update(|heads| heads.push(head));
    }
}

/// Rewards every answer of the set in use by the head, and composes on that.
pub fn score(page: Page, head: &Head) {
    let state = page.answers;
    let Some(table) = page.table.get_untracked() else { return };
    let name = head.value.name.clone();
    if table.set.value_index(&name).is_some() {
        page.notify_error(format!("{} has a value called {name} already.", table.set.name));
        return;
    }
    if table.set.answers.iter().all(|answer| answer.text.trim().is_empty()) {
        page.notify_error(format!("{} has no texts, so {name} cannot be measured on them.", table.set.name));
        return;
    }
    state.scoring.set(Some("Loading what rewards need…".to_owned()));
    let mut scoring = page
        .store
        .with_value(|store| store.call(Score { set: table.set.clone(), head: (*head.file).clone() }));
    spawn_local(async move {
        while let Some(progress) = scoring.progress().next().await {
            if let Scoring::Answers { done, total } = progress {
                let said = format!("{done} of {} have the value {name}.", count(total, "answer"));
                state.scoring.set(Some(said));
            }
        }
        match scoring.await.map_err(CallError::message) {
            Ok(scored) => {
                let (set, notes) = with_value(&table.set, scored);
                match table::add_named_apart(page, set, derived(table.origin), notes) {
                    Ok(table) => {
                        page.notify(format!("Composing on “{}” now, with the value {name}.", table.set.name));
                    }
                    Err(message) => page.notify_error(message),
                }
            }
            Err(Some(message)) => page.notify_error(message),
            Err(None) => {}
        }
        state.scoring.set(None);
    });
}

/// The set with one more value, and the notes on how that was measured.
fn with_value(set: &SampleSet, scored: Scored) -> (SampleSet, Vec<String>) {
    let mut set = set.clone();
    set.values.push(scored.value);
    for (answer, reward) in set.answers.iter_mut().zip(scored.rewards) {
        answer.rewards.push(reward);
    }
    (set, scored.notes)
}

/// The origin of a set made out of another: one made of the built-in set is not built in.
fn derived(origin: Origin) -> Origin {
    if origin == Origin::BuiltIn { Origin::Generated } else { origin }
}
