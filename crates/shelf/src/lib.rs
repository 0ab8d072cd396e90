//! What people are at work on, in a database of the browser's: records by name, each belonging to the work
//! that its name begins with. The page reads and writes here, and so do its workers, which have the large
//! things at hand.

use idb::{Database, DatabaseEvent, Error, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

/// Grows with [`Shelf::ALL`].
const VERSION: u32 = 2;

/// What is kept of a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shelf {
    /// One record each: the palette, the form, and what else belongs to it.
    Works,
    /// Opened and generated tables.
    Tables,
    /// The finished answers to one prompt.
    Answers,
    /// Models and heads from the person's disk.
    Files,
}

impl Shelf {
    const ALL: [Shelf; 4] = [Shelf::Works, Shelf::Tables, Shelf::Answers, Shelf::Files];

    fn name(self) -> &'static str {
        match self {
            Shelf::Works => "works",
            Shelf::Tables => "tables",
            Shelf::Answers => "answers",
            Shelf::Files => "files",
        }
    }
}

/// Why nothing could be kept or had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    NoRoom,
    Refused,
}

impl Failure {
    /// The reason in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Failure::NoRoom => {
                "This browser has no space left for the page. Delete a saved set or the cached models."
            }
            Failure::Refused => "This browser does not let the page keep anything.",
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::DomException(error) if is_for_room(&error) => Failure::NoRoom,
            Error::AddFailed(error) | Error::UpdateFailed(error)
                if error.dyn_ref().is_some_and(is_for_room) =>
            {
                Failure::NoRoom
            }
            _ => Failure::Refused,
        }
    }
}

/// Whether the browser has no room.
pub fn is_for_room(error: &web_sys::DomException) -> bool {
    error.name() == "QuotaExceededError"
}

/// The database of this name while it is open.
struct Open(Database);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

async fn open(database: &str) -> Result<Open, Failure> {
    let mut request = Factory::new()?.open(database, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        // A store that could not be made is missed when it is used, and that is told.
        if let Ok(database) = event.database() {
            let there = database.store_names();
            for shelf in Shelf::ALL.into_iter().filter(|shelf| !there.iter().any(|name| name == shelf.name()))
            {
                let _ = database.create_object_store(shelf.name(), ObjectStoreParams::new());
            }
        }
    });
    Ok(Open(request.await?))
}

/// Keeps `value` under `key`, in the place of what was there.
///
/// # Errors
/// When there is no room, or the browser keeps nothing; here and below.
pub async fn put(database: &str, shelf: Shelf, key: &str, value: &JsValue) -> Result<(), Failure> {
    let database = open(database).await?;
    let transaction = database.0.transaction(&[shelf.name()], TransactionMode::ReadWrite)?;
    let store = transaction.object_store(shelf.name())?;
    store.put(value, Some(&JsValue::from_str(key)))?.await?;
    if transaction.await?.is_committed() {
        return Ok(());
    }
    // Whether there is room may show only when all is written out.
    let no_room = store.transaction().error().is_some_and(|error| is_for_room(&error));
    Err(if no_room { Failure::NoRoom } else { Failure::Refused })
}

/// What is kept under `key`.
pub async fn get(database: &str, shelf: Shelf, key: &str) -> Result<Option<JsValue>, Failure> {
    let database = open(database).await?;
    let transaction = database.0.transaction(&[shelf.name()], TransactionMode::ReadOnly)?;
    Ok(transaction.object_store(shelf.name())?.get(JsValue::from_str(key))?.await?)
}

/// Everything whose key begins with `prefix`, by key.
pub async fn all(database: &str, shelf: Shelf, prefix: &str) -> Result<Vec<(String, JsValue)>, Failure> {
    let database = open(database).await?;
    let transaction = database.0.transaction(&[shelf.name()], TransactionMode::ReadOnly)?;
    let store = transaction.object_store(shelf.name())?;
    let keys = store.get_all_keys(Some(range(prefix)?), None)?.await?;
    let values = store.get_all(Some(range(prefix)?), None)?.await?;
    Ok(keys.iter().filter_map(JsValue::as_string).zip(values).collect())
}

/// Keeps nothing under `key` any more.
pub async fn delete(database: &str, shelf: Shelf, key: &str) -> Result<(), Failure> {
    let database = open(database).await?;
    let transaction = database.0.transaction(&[shelf.name()], TransactionMode::ReadWrite)?;
    transaction.object_store(shelf.name())?.delete(JsValue::from_str(key))?.await?;
    Ok(transaction.await.map(drop)?)
}

/// Deletes all that belongs to a work.
pub async fn delete_work(database: &str, work: &str) -> Result<(), Failure> {
    let database = open(database).await?;
    let names = Shelf::ALL.map(Shelf::name);
    let transaction = database.0.transaction(&names, TransactionMode::ReadWrite)?;
    for name in names {
        transaction.object_store(name)?.delete(range(work)?)?.await?;
    }
    Ok(transaction.await.map(drop)?)
}

fn range(prefix: &str) -> Result<Query, Failure> {
    let (from, to) = (JsValue::from_str(prefix), JsValue::from_str(&format!("{prefix}\u{ffff}")));
    Ok(KeyRange::bound(&from, &to, None, None)?.into())
}
