//! What people are at work on, in a database of the browser's: records by name, each belonging to the work
//! that its name begins with.

use super::saved_sets::{folder, is_for_room};
use idb::{Database, DatabaseEvent, Error, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode};
use wasm_bindgen::JsValue;

const DATABASE: &str = "map-palette-work";
const VERSION: u32 = 1;

/// What is kept of a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// One record each: the palette, the form, and what else belongs to it.
    Works,
    /// Opened and generated tables.
    Tables,
    /// The finished answers to one prompt.
    Answers,
}

impl Shelf {
    const ALL: [Shelf; 3] = [Shelf::Works, Shelf::Tables, Shelf::Answers];

    fn name(self) -> &'static str {
        match self {
            Shelf::Works => "works",
            Shelf::Tables => "tables",
            Shelf::Answers => "answers",
        }
    }
}

/// Why nothing could be kept or had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
            _ => Failure::Refused,
        }
    }
}

/// The database while it is open.
struct Open(Database);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

async fn open() -> Result<Open, Failure> {
    let mut request = Factory::new()?.open(&format!("{DATABASE} {}", folder()), Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        // A store that could not be made is missed when it is used, and that is told.
        if let Ok(database) = event.database() {
            for shelf in Shelf::ALL {
                let _ = database.create_object_store(shelf.name(), ObjectStoreParams::new());
            }
        }
    });
    Ok(Open(request.await?))
}

/// Keeps `value` under `key`, in the place of what was there.
pub async fn put(shelf: Shelf, key: &str, value: &JsValue) -> Result<(), Failure> {
    let database = open().await?;
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

pub async fn get(shelf: Shelf, key: &str) -> Result<Option<JsValue>, Failure> {
    let database = open().await?;
    let transaction = database.0.transaction(&[shelf.name()], TransactionMode::ReadOnly)?;
    Ok(transaction.object_store(shelf.name())?.get(JsValue::from_str(key))?.await?)
}

/// Everything whose key begins with `prefix`, by key.
pub async fn all(shelf: Shelf, prefix: &str) -> Result<Vec<(String, JsValue)>, Failure> {
    let database = open().await?;
    let transaction = database.0.transaction(&[shelf.name()], TransactionMode::ReadOnly)?;
    let store = transaction.object_store(shelf.name())?;
    let keys = store.get_all_keys(Some(range(prefix)?), None)?.await?;
    let values = store.get_all(Some(range(prefix)?), None)?.await?;
    Ok(keys.iter().filter_map(JsValue::as_string).zip(values).collect())
}

pub async fn delete(shelf: Shelf, key: &str) -> Result<(), Failure> {
    let database = open().await?;
    let transaction = database.0.transaction(&[shelf.name()], TransactionMode::ReadWrite)?;
    transaction.object_store(shelf.name())?.delete(JsValue::from_str(key))?.await?;
    Ok(transaction.await.map(drop)?)
}

/// Deletes all that belongs to a work.
pub async fn delete_work(work: &str) -> Result<(), Failure> {
    let database = open().await?;
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
