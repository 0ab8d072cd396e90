//! The state of the page: the sample sets, the palette, and what the solver said about it. Knows no view, and
//! sends nothing.

pub mod answers;
pub mod away;
pub mod dice;
mod given_link;
mod history;
pub mod kept;
pub mod learn;
pub mod lesson_draft;
pub mod models;
mod notices;
pub mod opening;
mod outcome;
pub mod repaired;
pub mod saved_sets;
pub mod studies;
pub mod table;
pub mod table_studies;

pub use notices::{Notice, Offer};
pub use outcome::Outcome;

use crate::client::{Connection, Importer, Pool, Solver, StudyWorkers};
use answers::AnswersState;
use away::AwayState;
use given_link::GivenLink;
use history::History;
use kept::KeptWork;
use learn::LearnState;
use leptos::prelude::*;
use models::ModelsState;
use opening::Opening;
use palette_protocol::link::{View, Words};
use palette_study::Pooling;
use palette_tables::{Palette, Target};
use saved_sets::SavedSets;
use std::sync::Arc;
use studies::Studies;
use table::Table;
use table_studies::TableStudies;

/// The throw to begin with: on the opening question of the built-in set it shows soon what more humor does.
const FIRST_THROW: u32 = 58;

/// Whether the palette was there before the set that it is composed on, and what it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    No,
    ByLink,
    /// By what this browser kept.
    Kept,
}

/// The state of the page. Copies share it.
#[derive(Clone, Copy)]
pub struct Page {
    pub view: RwSignal<View>,
    /// All sample sets of this session, the built-in one first.
    pub tables: RwSignal<Vec<Arc<Table>>>,
    /// The sample set that is composed on; `None` until one is there.
    pub table: RwSignal<Option<Arc<Table>>>,
    pub palette: RwSignal<Palette>,
    /// As the person chose; `None` leaves it to the sample set.
    pub pooling: RwSignal<Option<Pooling>>,
    /// The prompt whose answers are shown, once one was chosen; until then it is the set's own.
    pub prompt: RwSignal<Option<usize>>,
    /// Which throw of the dice draws the answers that are shown.
    pub throw: RwSignal<u32>,
    /// Whose words the page speaks.
    pub words: RwSignal<Words>,
    pub outcome: RwSignal<Option<Arc<Outcome>>>,
    /// Why the last palette could not be solved.
    pub failure: RwSignal<Option<String>>,
    /// Whether the answer to the newest palette is still to come.
    pub solving: RwSignal<bool>,
    pub notices: RwSignal<Vec<Notice>>,
    /// What is in the way of that answer, in a plain sentence.
    pub solver_news: RwSignal<Option<String>>,
    /// The file that is being opened.
    pub opening: Opening,
    /// Why the built-in set is missing.
    pub built_in_failure: RwSignal<Option<String>>,
    /// Grows when charts must be drawn again: another theme, another size.
    pub repaint: RwSignal<u32>,
    pub answers: AnswersState,
    /// Sample sets kept in this browser.
    pub saved: SavedSets,
    pub studies: Studies,
    /// What is being taken away.
    pub away: AwayState,
    /// The view Studies.
    pub table_studies: TableStudies,
    pub models: ModelsState,
    /// The view Learn.
    pub learn: LearnState,
    /// The value that the Models view is to say the measuring of.
    pub measured: RwSignal<Option<String>>,
    pub history: History,
    /// What this browser keeps of the work.
    pub kept: KeptWork,
    /// The link that was understood in part only.
    pub given_link: GivenLink,
    /// Which link was read last: the time when, or what an earlier start of the page had for it. 0 before one
    /// is.
    pub link_read: StoredValue<f64>,
    /// The palette came with the link, so a sample set that arrives later must not replace it.
    pub palette_given: StoredValue<Given>,
    /// Reads tables.
    pub importer: StoredValue<Importer, LocalStorage>,
    /// Solves on them.
    pub solver: StoredValue<Solver, LocalStorage>,
    /// Studies the table at hand.
    pub study_workers: StoredValue<StudyWorkers, LocalStorage>,
    /// Draws answers.
    pub pool: StoredValue<Pool, LocalStorage>,
    /// Looks after the cached models, reads and scores with the person's heads, and picks answers: work that
    /// must not wait behind a palette or a job.
    pub store: StoredValue<Connection, LocalStorage>,
    /// The id of the table that was added last.
    pub last_table_id: StoredValue<usize>,
}

/// The page's state, for components.
pub fn page() -> Page {
    expect_context::<Page>()
}

impl Page {
    pub fn new() -> Self {
        Page {
            view: RwSignal::new(View::Compose),
            tables: RwSignal::new(Vec::new()),
            table: RwSignal::new(None),
            palette: RwSignal::new(Palette::default()),
            pooling: RwSignal::new(None),
            prompt: RwSignal::new(None),
            throw: RwSignal::new(FIRST_THROW),
            words: RwSignal::new(Words::default()),
            outcome: RwSignal::new(None),
            failure: RwSignal::new(None),
            solving: RwSignal::new(false),
            notices: RwSignal::new(Vec::new()),
            solver_news: RwSignal::new(None),
            opening: Opening::new(),
            built_in_failure: RwSignal::new(None),
            repaint: RwSignal::new(0),
            answers: AnswersState::new(),
            saved: SavedSets::new(),
            studies: Studies::new(),
            away: AwayState::new(),
            table_studies: TableStudies::new(),
            models: ModelsState::new(),
            learn: LearnState::new(),
            measured: RwSignal::new(None),
            history: History::new(),
            kept: KeptWork::new(),
            given_link: GivenLink::new(),
            link_read: StoredValue::new(0.0),
            palette_given: StoredValue::new(Given::No),
            importer: StoredValue::new_local(Importer::default()),
            solver: StoredValue::new_local(Solver::default()),
            study_workers: StoredValue::new_local(StudyWorkers::default()),
            pool: StoredValue::new_local(Pool::default()),
            store: StoredValue::new_local(Connection::with_models("store")),
            last_table_id: StoredValue::new(0),
        }
    }

    /// How prompts are treated now.
    pub fn pooling_in_use(self, table: &Table) -> Pooling {
        self.pooling.get().unwrap_or(table.usual_pooling())
    }

    /// The prompt whose answers are shown.
    pub fn prompt_shown(self, table: &Table) -> usize {
        let last = table.set.prompts.len().saturating_sub(1);
        self.prompt.get().map_or(table.opening_prompt(), |prompt| prompt.min(last))
    }

    /// Changes the target of one value. A run of changes of the same value is undone as one.
    pub fn set_target(self, name: &str, target: Target) {
        let mut palette = self.palette.get_untracked();
        palette.targets.insert(name.to_owned(), target);
        self.change(palette, Some(name));
    }

    /// Replaces the palette; `gesture` names the control for telling apart what is undone as one.
    pub fn change(self, palette: Palette, gesture: Option<&str>) {
        let before = self.palette.get_untracked();
        let palette = self.with_locked_targets(&before, palette);
        if before == palette {
            return;
        }
        self.history.keep(before, gesture);
        self.palette.set(palette);
    }

    /// `palette` with the targets that a lesson locks left as they were.
    fn with_locked_targets(self, before: &Palette, mut palette: Palette) -> Palette {
        if let Some(open) = untrack(|| self.lesson_now()) {
            for name in &open.lesson.show.locked {
                if before.targets.contains_key(name) {
                    palette.targets.insert(name.clone(), before.target(name));
                }
            }
        }
        palette
    }

    /// Forgets what could be undone.
    pub fn clear_history(self) {
        self.history.clear();
    }

    /// Whether there is a change to undo.
    pub fn can_undo(self) -> bool {
        !self.history.is_empty()
    }

    /// Takes the last change of the palette back.
    pub fn undo(self) {
        if let Some(before) = self.history.take_back(self.palette.get_untracked()) {
            self.palette.set(before);
        }
    }

    /// Whether something was taken back that can be had again.
    pub fn can_redo(self) -> bool {
        !self.history.is_last()
    }

    /// Makes the change again that was taken back last.
    pub fn redo(self) {
        if let Some(next) = self.history.take_again(self.palette.get_untracked()) {
            self.palette.set(next);
        }
    }

    /// Shows a message that nothing went wrong with.
    pub fn notify(self, text: impl Into<String>) {
        Notice::new(false, &text.into()).show(self.notices);
    }

    /// Shows an error.
    pub fn notify_error(self, text: impl Into<String>) {
        Notice::new(true, &text.into()).show(self.notices);
    }

    /// Shows what was wrong with a link; one that is held can be copied as it came.
    pub fn notify_link(self, text: &str) {
        let here = window().location().href().unwrap_or_default();
        if self.given_link.text().is_none() {
            self.given_link.hold(here.split_once('#').map_or("", |(_, fragment)| fragment));
        }
        let offer = self.given_link.text().map(|text| {
            let page = here.split(['#', '?']).next().unwrap_or_default();
            Offer::Copy { words: "Copy the link as it came", text: format!("{page}#{text}") }
        });
        // What is wrong with one link stands in one message, that of the link before gives way.
        let of_this = self.notices.with_untracked(|all| {
            all.iter().find(|notice| notice.kind == Some("link") && notice.offer == offer).cloned()
        });
        let text = match of_this {
            Some(before) if !before.text.contains(text) => {
                self.notices.update(|all| all.retain(|notice| notice.id != before.id));
                format!("{} {text}", before.text)
            }
            _ => text.to_owned(),
        };
        Notice { kind: Some("link"), offer, ..Notice::new(true, &text) }.show(self.notices);
    }

    /// Shows another outcome, or none. What was found out about the last one goes with it.
    pub fn show(self, outcome: Option<Arc<Outcome>>) {
        self.studies.clear();
        self.outcome.set(outcome);
    }
}
