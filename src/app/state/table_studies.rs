//! Studies of the table at hand: what was asked, how far it is, what came of it.

use super::studies::forget;
use futures_channel::oneshot;
use leptos::prelude::*;
use palette_protocol::Studied;
use palette_study::paper::Published;
use palette_study::studies::{Progress, StudyQuestion};
use palette_tables::SampleSet;
use std::sync::Arc;

/// A study as it would be asked now.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedStudy {
    pub question: StudyQuestion,
    /// What it is about, in words: the set, how answers compete, the settings.
    pub about: String,
    /// Id of the table that it is about; `None` where it is about none.
    pub table: Option<usize>,
}

/// What came of a study.
#[derive(Debug)]
pub struct ShownStudy {
    pub asked: AskedStudy,
    /// Name for files.
    pub set_name: String,
    pub studied: Studied,
}

/// How far a study is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AtWork {
    /// Another has its turn, or the worker starts.
    Waits,
    /// Since so many milliseconds on the page's clock.
    Steps { progress: Progress, since: f64 },
}

/// One study. Copies share it.
#[derive(Clone, Copy)]
pub struct StudyRun {
    /// `None` until it is there; the error is a sentence.
    pub found: RwSignal<Option<Result<Arc<ShownStudy>, String>>>,
    pub at_work: RwSignal<Option<AtWork>>,
    /// The table that what is at work or on show is about.
    table: StoredValue<Option<usize>>,
    /// Dropped to give up what is at work.
    stop: StoredValue<Option<oneshot::Sender<()>>, LocalStorage>,
}

impl StudyRun {
    fn new() -> Self {
        StudyRun {
            found: RwSignal::new(None),
            at_work: RwSignal::new(None),
            table: StoredValue::new(None),
            stop: StoredValue::new_local(None),
        }
    }

    /// A study begins; what comes back ends when it is given up.
    pub fn begins(self, table: Option<usize>) -> oneshot::Receiver<()> {
        let (stop, stopped) = oneshot::channel();
        self.stop.set_value(Some(stop));
        self.table.set_value(table);
        self.at_work.set(Some(AtWork::Waits));
        stopped
    }

    /// Nothing is at work any more; what was is given up.
    pub fn ends(self) {
        self.stop.set_value(None);
        forget(self.at_work);
    }

    /// Forgets what is about another table than this one.
    pub fn keep_only(self, table: Option<usize>) {
        if self.table.get_value().is_some_and(|on| Some(on) != table) {
            self.ends();
            self.table.set_value(None);
            forget(self.found);
        }
    }
}

/// All of them, with what the person chose for each.
#[derive(Clone, Copy)]
pub struct TableStudies {
    pub shape: StudyRun,
    /// Random palettes for each number of values.
    pub shape_palettes: RwSignal<usize>,
    pub interactions: StudyRun,
    /// Values to combine, by name; `None` for those that there are.
    pub interacting: RwSignal<Option<Vec<String>>>,
    /// Nats to spend.
    pub interactions_kl: RwSignal<f64>,
    pub transfer: StudyRun,
    /// Whether the built-in questions by topic stand beside the groups of the table; `None` for what suits it.
    pub beside_topics: RwSignal<Option<bool>>,
    /// Those, once they were asked for.
    pub topics: StoredValue<Option<Arc<SampleSet>>>,
    pub lab: StudyRun,
    pub scaling: StudyRun,
    /// Rows of the largest table.
    pub most_rows: RwSignal<usize>,
    pub paper: StudyRun,
    /// What was published of the table at hand; the error is a sentence.
    pub published: RwSignal<Option<Result<PublishedFile, String>>>,
}

/// A file of published palettes.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedFile {
    pub name: String,
    pub palettes: Vec<Published>,
    /// The table that was at hand when it was read: a log is read for one.
    pub table: usize,
}

impl TableStudies {
    pub fn new() -> Self {
        TableStudies {
            shape: StudyRun::new(),
            shape_palettes: RwSignal::new(200),
            interactions: StudyRun::new(),
            interacting: RwSignal::new(None),
            interactions_kl: RwSignal::new(0.5),
            transfer: StudyRun::new(),
            beside_topics: RwSignal::new(None),
            topics: StoredValue::new(None),
            lab: StudyRun::new(),
            scaling: StudyRun::new(),
            most_rows: RwSignal::new(100_000),
            paper: StudyRun::new(),
            published: RwSignal::new(None),
        }
    }

    /// Every study there is.
    pub fn all(self) -> [StudyRun; 6] {
        [self.shape, self.interactions, self.transfer, self.lab, self.scaling, self.paper]
    }
}
