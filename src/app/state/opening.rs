//! A file on its way to becoming a sample set: being read, looked at, or refused.

use gloo_file::File;
use leptos::prelude::*;
use palette_protocol::Previewed;
use palette_tables::import::Role;
use std::sync::Arc;

/// What happens to the file that was chosen last. Copies share it.
#[derive(Clone, Copy)]
pub struct Opening {
    /// Its name; `None` when there is no file to decide about.
    pub name: RwSignal<Option<String>>,
    pub file: StoredValue<Option<File>, LocalStorage>,
    /// How much of it has been read, from 0 to 1, while it is being read.
    pub reading: RwSignal<Option<f64>>,
    /// What is in the way of reading, in a plain sentence.
    pub news: RwSignal<Option<String>>,
    /// What is to be looked at. Stays while the file is read again with other roles.
    pub preview: RwSignal<Option<Arc<Previewed>>>,
    /// Why it was not read as it was asked for, in plain sentences.
    pub refusal: RwSignal<Option<String>>,
    /// The roles that the person chose, by column.
    pub roles: RwSignal<Vec<(String, Role)>>,
    /// Whether it is being taken over for composing.
    pub taking: RwSignal<bool>,
    /// Counts the readings: what a reading tells that is not the last is stale.
    pub reading_number: StoredValue<u32>,
    /// Grows when the person is to be led to what has become of the file.
    pub attention: RwSignal<u32>,
}

impl Opening {
    pub fn new() -> Self {
        Opening {
            name: RwSignal::new(None),
            file: StoredValue::new_local(None),
            reading: RwSignal::new(None),
            news: RwSignal::new(None),
            preview: RwSignal::new(None),
            refusal: RwSignal::new(None),
            roles: RwSignal::new(Vec::new()),
            taking: RwSignal::new(false),
            reading_number: StoredValue::new(0),
            attention: RwSignal::new(0),
        }
    }

    /// Begins anew with this file, or with none.
    pub fn is_about(self, name: Option<String>, file: Option<File>) {
        self.file.set_value(file);
        batch(|| {
            self.name.set(name);
            self.reading.set(None);
            self.news.set(None);
            self.preview.set(None);
            self.refusal.set(None);
            self.roles.set(Vec::new());
            self.taking.set(false);
        });
        self.begins();
    }

    /// The number of the reading that begins now.
    pub fn begins(self) -> u32 {
        let number = self.reading_number.get_value() + 1;
        self.reading_number.set_value(number);
        number
    }

    /// Whether nothing has begun since this reading.
    pub fn is_last(self, number: u32) -> bool {
        self.reading_number.get_value() == number
    }

    /// Leads to what has become of the file.
    pub fn ask_for_attention(self) {
        self.attention.update(|times| *times += 1);
    }

    /// Gives a column a role. Of the roles that only one column has, the one that had it is put off.
    pub fn choose(self, column: &str, role: Role) {
        let held_by_others: Vec<String> = self.preview.with_untracked(|preview| {
            let columns = preview.iter().flat_map(|previewed| &previewed.preview.columns);
            let others = columns.filter(|other| other.name != column && other.role == role);
            others.map(|other| other.name.clone()).collect()
        });
        self.roles.update(|roles| {
            let mut set = |column: &str, role: Role| {
                roles.retain(|(name, _)| name != column);
                roles.push((column.to_owned(), role));
            };
            if !matches!(role, Role::Value | Role::Off) {
                held_by_others.iter().for_each(|other| set(other, Role::Off));
            }
            set(column, role);
        });
    }
}
