//! How far the browser keeps what the person is at work on.

use crate::app::browser::kept::Failure;
use leptos::prelude::*;
use palette_protocol::{HeadFile, OwnModel};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known about it. Copies share it.
#[derive(Clone, Copy)]
pub struct KeptWork {
    /// The name of this tab's work; empty until that is settled, and where nothing is to be kept any more.
    pub work: RwSignal<String>,
    /// Whether sets of an earlier visit are still on their way, so that the built-in one must not take their
    /// place.
    pub awaited: RwSignal<bool>,
    /// The set that a link asks for, until the sets are there.
    pub wanted: StoredValue<Option<String>>,
    /// Under which number each table is kept, by the table's id.
    pub tables: RwSignal<BTreeMap<usize, KeptTable>>,
    /// The files that answers are drawn with.
    pub files: RwSignal<Vec<KeptFile>>,
    /// The number that a table or a file was given last.
    pub last_number: StoredValue<u32>,
    /// The number of the last job; its answers are kept under it.
    pub job: RwSignal<u32>,
    /// Grows when something changed that no signal tells.
    pub changed: RwSignal<u32>,
    /// Writings that have not ended.
    pub pending: RwSignal<usize>,
    pub failure: RwSignal<Option<Failure>>,
}

/// A table that is kept, or is about to be.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptTable {
    pub number: u32,
    /// Known once it is written.
    pub fingerprint: Option<String>,
}

/// A file from the person's disk that answers are drawn with.
#[derive(Clone, Debug, PartialEq)]
pub enum DiskFile {
    Head(Arc<HeadFile>),
    Model(OwnModel),
}

/// A file that is kept, or is about to be.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptFile {
    pub file: DiskFile,
    pub number: u32,
    pub written: bool,
}

impl KeptWork {
    pub fn new() -> Self {
        KeptWork {
            work: RwSignal::new(String::new()),
            awaited: RwSignal::new(true),
            wanted: StoredValue::new(None),
            tables: RwSignal::new(BTreeMap::new()),
            files: RwSignal::new(Vec::new()),
            last_number: StoredValue::new(0),
            job: RwSignal::new(0),
            changed: RwSignal::new(0),
            pending: RwSignal::new(0),
            failure: RwSignal::new(None),
        }
    }

    /// A number that no table and no file of this work has had.
    pub fn new_number(self) -> u32 {
        let number = self.last_number.get_value() + 1;
        self.last_number.set_value(number);
        number
    }

    /// Tells that something is to be kept that no signal tells.
    pub fn touch(self) {
        self.changed.update(|n| *n += 1);
    }
}
