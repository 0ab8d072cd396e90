//! The shelf of saved sets: a database of the browser's. What is listed lies apart from the contents, so that
//! a list reads no set.

mod earlier;

pub use earlier::carry_over;

use gloo_utils::document;
use gloo_utils::format::JsValueSerdeExt;
use idb::{
    Database, DatabaseEvent, Error, Factory, ObjectStore, ObjectStoreParams, Transaction, TransactionMode,
};
use palette_shelf::is_for_room;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;

const DATABASE: &str = "map-palette-sets";
const VERSION: u32 = 1;
/// Entries by name.
const ENTRIES: &str = "entries";
/// Contents by name.
const TEXTS: &str = "texts";

/// A saved set, without its content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    pub bytes: u64,
    /// Whether it was opened from a file.
    pub opened: bool,
    /// By which the set is known again; earlier versions kept none.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

/// All saved sets, by name. The error is a plain sentence here and below.
pub async fn entries() -> Result<Vec<Entry>, String> {
    Shelf::open().await?.entries().await.map_err(|_| refused())
}

/// Keeps `text` as this entry, in the place of an older one of the same name.
pub async fn put(entry: &Entry, text: &str) -> Result<(), String> {
    Shelf::open().await?.put(entry, text).await.map_err(|reason| match reason {
        NotKept::NoRoom => "This browser has no space left for the page. Delete a saved set or the cached \
            models, or export the set as a file."
            .to_owned(),
        NotKept::Refused => refused(),
    })
}

/// The content of an entry.
pub async fn text(entry: &Entry) -> Result<String, String> {
    let found = Shelf::open().await?.text(&entry.name).await.map_err(|_| refused())?;
    found.ok_or_else(|| "It is not in this browser any more; the browser may have made space.".to_owned())
}

pub async fn delete(entry: &Entry) -> Result<(), String> {
    Shelf::open().await?.delete(&entry.name).await.map_err(|_| refused())
}

/// Why a set could not be kept.
enum NotKept {
    NoRoom,
    Refused,
}

impl From<Error> for NotKept {
    fn from(error: Error) -> Self {
        match error {
            Error::DomException(error) if is_for_room(&error) => NotKept::NoRoom,
            Error::UpdateFailed(error) if error.dyn_ref().is_some_and(is_for_room) => NotKept::NoRoom,
            _ => NotKept::Refused,
        }
    }
}

/// The database while it is open.
struct Shelf(Database);

impl Drop for Shelf {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Shelf {
    async fn open() -> Result<Self, String> {
        let open = async {
            let mut request = Factory::new()?.open(&format!("{DATABASE} {}", folder()), Some(VERSION))?;
            request.on_upgrade_needed(|event| {
                // A store that could not be made is missed when it is used, and that is told.
                if let Ok(database) = event.database() {
                    for store in [ENTRIES, TEXTS] {
                        let _ = database.create_object_store(store, ObjectStoreParams::new());
                    }
                }
            });
            request.await
        };
        open.await.map(Shelf).map_err(|_| refused())
    }

    /// Both stores in one transaction: an entry and its content come and go together.
    fn begin(&self, mode: TransactionMode) -> Result<(Transaction, ObjectStore, ObjectStore), Error> {
        let transaction = self.0.transaction(&[ENTRIES, TEXTS], mode)?;
        let (entries, texts) = (transaction.object_store(ENTRIES)?, transaction.object_store(TEXTS)?);
        Ok((transaction, entries, texts))
    }

    async fn entries(&self) -> Result<Vec<Entry>, Error> {
        let (_transaction, entries, _) = self.begin(TransactionMode::ReadOnly)?;
        let found = entries.get_all(None, None)?.await?;
        // The keys are the names, and what they order by is not quite the order of their letters.
        let mut found: Vec<Entry> = found.iter().filter_map(|entry| entry.into_serde().ok()).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    async fn put(&self, entry: &Entry, text: &str) -> Result<(), NotKept> {
        let written = JsValue::from_serde(entry).map_err(|_| NotKept::Refused)?;
        let key = JsValue::from_str(&entry.name);
        let (transaction, entries, texts) = self.begin(TransactionMode::ReadWrite)?;
        texts.put(&JsValue::from_str(text), Some(&key))?.await?;
        entries.put(&written, Some(&key))?.await?;
        if transaction.await?.is_committed() {
            return Ok(());
        }
        // Whether there is room may show only when all is written out.
        let no_room = texts.transaction().error().is_some_and(|error| is_for_room(&error));
        Err(if no_room { NotKept::NoRoom } else { NotKept::Refused })
    }

    async fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let (_transaction, _, texts) = self.begin(TransactionMode::ReadOnly)?;
        Ok(texts.get(JsValue::from_str(name))?.await?.and_then(|text| text.as_string()))
    }

    /// Whether a set of this name is kept.
    async fn holds(&self, name: &str) -> Result<bool, Error> {
        let (_transaction, entries, _) = self.begin(TransactionMode::ReadOnly)?;
        Ok(entries.get_key(JsValue::from_str(name))?.await?.is_some())
    }

    async fn delete(&self, name: &str) -> Result<(), Error> {
        let key = JsValue::from_str(name);
        let (transaction, entries, texts) = self.begin(TransactionMode::ReadWrite)?;
        texts.delete(key.clone())?.await?;
        entries.delete(key)?.await?;
        transaction.await.map(drop)
    }
}

fn refused() -> String {
    "This browser does not let the page keep anything. Export the set as a file instead.".to_owned()
}

/// Where the page lies. Other copies of it may live under the same host, each with sets of its own.
pub(super) fn folder() -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    let base = base.split(['#', '?']).next().unwrap_or_default();
    base.rfind('/').map_or_else(String::new, |at| base[..=at].to_owned())
}
