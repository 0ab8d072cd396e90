//! What the page knows: the sample sets, the palette, and what the solver said about it.

use super::answers::AnswersState;
use super::browser::fetch::fetch_text;
use super::models::ModelsState;
use super::notices::Notice;
use super::saved::SavedSets;
use super::studies::Studies;
use super::table::{Origin, Table};
use crate::client::{Connection, Pool, Question, Solver};
use crate::link::{View, strangers};
use crate::protocol::{Pooling, Reply, Request, Solved};
use crate::table::{Palette, SampleSet, Target};
use leptos::prelude::*;
use std::sync::Arc;

/// How many earlier palettes can be had back.
const HISTORY: usize = 100;
/// Changes of one control within this time count as one for undoing, milliseconds.
const ONE_GESTURE: f64 = 700.0;

/// A palette with the solver's answer to it.
#[derive(Debug)]
pub struct Outcome {
    pub set_id: usize,
    pub palette: Palette,
    pub pooling: Pooling,
    pub solved: Solved,
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
    /// What the person chose; `None` leaves it to the sample set.
    pub pooling: RwSignal<Option<Pooling>>,
    /// The prompt whose answers are shown.
    pub prompt: RwSignal<usize>,
    pub outcome: RwSignal<Option<Arc<Outcome>>>,
    /// Why the last palette could not be solved.
    pub failure: RwSignal<Option<String>>,
    /// Whether the answer to the newest palette is still to come.
    pub solving: RwSignal<bool>,
    pub notices: RwSignal<Vec<Notice>>,
    /// Whether a file is being read.
    pub opening: RwSignal<bool>,
    /// Why the built-in set is missing.
    pub built_in_failure: RwSignal<Option<String>>,
    /// Grows when charts must be drawn again: another theme, another size.
    pub repaint: RwSignal<u32>,
    pub answers: AnswersState,
    /// Sample sets kept in this browser.
    pub saved: SavedSets,
    pub studies: Studies,
    pub models: ModelsState,
    /// The value that the Models view is to say the measuring of.
    pub measured: RwSignal<Option<String>>,
    past: RwSignal<Vec<Palette>>,
    last_edit: StoredValue<(String, f64)>,
    /// The palette came with the link, so a sample set that arrives later must not replace it.
    pub palette_given: StoredValue<bool>,
    solver_worker: StoredValue<Connection, LocalStorage>,
    solver: StoredValue<Solver, LocalStorage>,
    /// Draws answers.
    pub pool: StoredValue<Pool, LocalStorage>,
    /// Looks after the cached models, and does what needs none.
    pub store: StoredValue<Connection, LocalStorage>,
    next_id: StoredValue<usize>,
}

/// The page's state, for components.
pub fn page() -> Page {
    expect_context::<Page>()
}

impl Page {
    pub fn new() -> Self {
        let connection = Connection::new("solver");
        Page {
            view: RwSignal::new(View::Compose),
            tables: RwSignal::new(Vec::new()),
            table: RwSignal::new(None),
            palette: RwSignal::new(Palette::default()),
            pooling: RwSignal::new(None),
            prompt: RwSignal::new(0),
            outcome: RwSignal::new(None),
            failure: RwSignal::new(None),
            solving: RwSignal::new(false),
            notices: RwSignal::new(Vec::new()),
            opening: RwSignal::new(false),
            built_in_failure: RwSignal::new(None),
            repaint: RwSignal::new(0),
            answers: AnswersState::new(),
            saved: SavedSets::new(),
            studies: Studies::new(),
            models: ModelsState::new(),
            measured: RwSignal::new(None),
            past: RwSignal::new(Vec::new()),
            last_edit: StoredValue::new((String::new(), 0.0)),
            palette_given: StoredValue::new(false),
            solver: StoredValue::new_local(Solver::new(connection.clone())),
            solver_worker: StoredValue::new_local(connection),
            pool: StoredValue::new_local(Pool::default()),
            store: StoredValue::new_local(Connection::new("store")),
            next_id: StoredValue::new(0),
        }
    }

    /// Fetches the built-in set and solves whatever is composed from now on.
    pub fn start(self) {
        self.solver.with_value(|solver| solver.on_answer(move |question, reply| self.hear(question, reply)));
        Effect::new(move |_| {
            let Some(table) = self.table.get() else { return };
            let palette = self.palette.get();
            let pooling = self.pooling.get().unwrap_or(table.usual_pooling());
            self.solving.set(true);
            self.solver.with_value(|solver| solver.ask(Question { set_id: table.id, palette, pooling }));
        });
        self.studies.follow(self);
        self.fetch_built_in();
    }

    /// Fetches the built-in sample set, at the start and when the person asks to try again.
    pub fn fetch_built_in(self) {
        self.built_in_failure.set(None);
        leptos::task::spawn_local(async move {
            let read = match fetch_text("./sample-set.json").await {
                Ok(text) => serde_json::from_str::<SampleSet>(&text).map_err(|error| format!("it is damaged ({error})")),
                Err(reason) => Err(reason),
            };
            let added = read.and_then(|set| self.add(set, Origin::BuiltIn, Vec::new()));
            if let Err(reason) = added {
                self.built_in_failure
                    .set(Some(format!("The built-in sample set could not be loaded: {reason}. You can open your own table in Data.")));
            }
        });
    }

    /// Adds a set to the session and composes on it.
    pub fn add(self, set: SampleSet, origin: Origin, notes: Vec<String>) -> Result<(), String> {
        let id = self.next_id.get_value() + 1;
        self.next_id.set_value(id);
        let table = Arc::new(Table::new(id, origin, set, notes)?);
        self.tables.update(|tables| tables.push(table.clone()));
        // A set opened while the built-in one was still on its way stays in use.
        if origin != Origin::BuiltIn || self.table.with_untracked(Option::is_none) {
            self.switch_to(table);
        }
        Ok(())
    }

    /// Adds a set to the session under a name that no other set has, composes on it, and gives it back.
    pub fn add_named_apart(self, mut set: SampleSet, origin: Origin, notes: Vec<String>) -> Result<Arc<Table>, String> {
        set.name = self.tables.with_untracked(|tables| named_apart(&set.name, tables.iter().map(|table| table.set.name.as_str())));
        self.add(set, origin, notes)?;
        self.tables.with_untracked(|tables| tables.last().cloned()).ok_or_else(|| "The sample set could not be added.".to_owned())
    }

    /// Composes on this set from now on.
    pub fn switch_to(self, table: Arc<Table>) {
        let given = self.palette_given.get_value();
        let fits = self.palette.with_untracked(|palette| {
            table
                .set
                .values
                .iter()
                .any(|value| palette.targets.get(&value.name).is_some_and(|target| !matches!(*target, Target::Off | Target::MAINTAIN)))
        });
        batch(|| {
            self.solver.with_value(|solver| solver.use_set(table.id, table.set.clone()));
            self.show(None);
            self.failure.set(None);
            if given {
                self.obey_link(&table);
            } else if !fits {
                self.palette.set(table.usual_palette());
                self.past.set(Vec::new());
            }
            if !given {
                self.pooling.set(None);
                self.prompt.set(0);
            }
            self.palette_given.set_value(false);
            let last = table.set.prompts.len().saturating_sub(1);
            self.prompt.update(|prompt| *prompt = (*prompt).min(last));
            self.table.set(Some(table));
        });
    }

    /// Completes the palette of a link by what this set starts with, and tells which of its targets no value here has.
    fn obey_link(self, table: &Table) {
        let linked = self.palette.get_untracked();
        for stranger in strangers(&linked, &table.set) {
            self.complain(stranger);
        }
        let mut palette = table.usual_palette();
        palette.targets.extend(linked.targets);
        palette.extend_on_groups(linked.on_groups);
        self.palette.set(palette);
    }

    /// How prompts are treated now.
    pub fn pooling_in_use(self, table: &Table) -> Pooling {
        self.pooling.get().unwrap_or(table.usual_pooling())
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
        if before == palette {
            return;
        }
        let now = leptos::prelude::window().performance().map_or(0.0, |performance| performance.now());
        let (name, at) = self.last_edit.get_value();
        let same = gesture.is_some_and(|gesture| gesture == name) && now - at < ONE_GESTURE;
        self.last_edit.set_value((gesture.unwrap_or_default().to_owned(), now));
        if !same {
            self.past.update(|past| {
                past.push(before);
                let over = past.len().saturating_sub(HISTORY);
                past.drain(..over);
            });
        }
        self.palette.set(palette);
    }

    /// Whether there is a change to undo.
    pub fn can_undo(self) -> bool {
        self.past.with(|past| !past.is_empty())
    }

    /// Takes the last change of the palette back.
    pub fn undo(self) {
        let before = self.past.try_update(Vec::pop).flatten();
        self.last_edit.set_value((String::new(), 0.0));
        if let Some(before) = before {
            self.palette.set(before);
        }
    }

    /// Reads a file's text in the worker and composes on what it holds.
    pub fn import(self, name: String, text: String) {
        self.opening.set(true);
        self.solver_worker.with_value(|worker| {
            worker.send(Request::Import { name: name.clone(), text }, move |reply| {
                self.opening.set(false);
                match reply {
                    Reply::Imported { set, notes } => {
                        let shown = set.name.clone();
                        match self.add(set, Origin::Opened, notes) {
                            Ok(()) => self.say(format!("Composing on \"{shown}\" now.")),
                            Err(message) => self.complain(message),
                        }
                    }
                    Reply::Failed { message } | Reply::Lost { message } => self.complain(format!("{name} was not opened. {message}")),
                    _ => {}
                }
            });
        });
    }

    /// Shows a message that nothing went wrong with.
    pub fn say(self, text: impl Into<String>) {
        Notice::push(self.notices, false, text.into());
    }

    /// Shows an error.
    pub fn complain(self, text: impl Into<String>) {
        Notice::push(self.notices, true, text.into());
    }

    /// Asks the worker something about the outcome on show; `false` when it is busy with a palette.
    pub fn study(self, set_id: usize, request: Request, listener: impl Fn(Reply) + 'static) -> bool {
        self.solver.with_value(|solver| solver.study(set_id, request, listener))
    }

    /// What was found out about the last outcome goes with it.
    fn show(self, outcome: Option<Arc<Outcome>>) {
        self.studies.clear();
        self.outcome.set(outcome);
    }

    fn hear(self, question: &Question, reply: Reply) {
        let newest = self.palette.with_untracked(|palette| *palette == question.palette);
        batch(|| {
            if newest {
                self.solving.set(false);
            }
            match reply {
                Reply::Solved(solved) => {
                    let Question { set_id, palette, pooling } = question.clone();
                    self.failure.set(None);
                    self.show(Some(Arc::new(Outcome { set_id, palette, pooling, solved: *solved })));
                }
                Reply::Failed { message } | Reply::Lost { message } if newest => {
                    self.show(None);
                    self.failure.set(Some(message));
                }
                _ => {}
            }
        });
    }
}

/// `name`, or with a number after it where it is taken.
fn named_apart<'a>(name: &str, taken: impl Iterator<Item = &'a str>) -> String {
    let taken: Vec<&str> = taken.collect();
    let numbered = (2..).map(|n| format!("{name} ({n})"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(&name.as_str())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        let taken = ["A", "A (2)", "B"];
        let apart = |name: &str| named_apart(name, taken.into_iter());
        assert_eq!([apart("A"), apart("B"), apart("C")], ["A (3)", "B (2)", "C"]);
    }
}
