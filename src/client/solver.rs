//! Solving palettes in the worker: at most one solve is at work, and only the newest of those that came
//! meanwhile waits.

use super::Connection;
use palette_protocol::{Pooling, Reply, Request};
use palette_tables::{Palette, SampleSet};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// A palette to solve and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Tells sample sets apart.
    pub set_id: usize,
    pub palette: Palette,
    pub pooling: Pooling,
}

type Answered = Rc<dyn Fn(&Question, Reply)>;

/// The solver in the worker, holding the sample set in use. Cheap to clone.
#[derive(Clone)]
pub struct Solver {
    connection: Connection,
    state: Rc<RefCell<State>>,
}

#[derive(Default)]
struct State {
    set: Option<(usize, Arc<SampleSet>)>,
    /// Set and worker that the last `Use` went to.
    told: Option<(usize, u32)>,
    at_work: bool,
    waiting: Option<Question>,
    answered: Option<Answered>,
}

impl Solver {
    pub fn new(connection: Connection) -> Self {
        Solver { connection, state: Rc::default() }
    }

    /// Who hears the final reply to every solve that is not overtaken by another sample set.
    pub fn on_answer(&self, answered: impl Fn(&Question, Reply) + 'static) {
        self.state.borrow_mut().answered = Some(Rc::new(answered));
    }

    /// The sample set that later questions are about.
    pub fn use_set(&self, set_id: usize, set: Arc<SampleSet>) {
        let mut state = self.state.borrow_mut();
        state.set = Some((set_id, set));
        state.waiting = None;
    }

    /// Solves now, or as soon as the solve at work has ended unless a newer question comes first.
    pub fn ask(&self, question: Question) {
        let at_work = self.state.borrow().at_work;
        if at_work {
            self.state.borrow_mut().waiting = Some(question);
        } else {
            self.start(question);
        }
    }

    fn start(&self, question: Question) {
        let Some((set_id, set)) = self.state.borrow().set.clone() else { return };
        if set_id != question.set_id {
            return;
        }
        self.state.borrow_mut().at_work = true;
        if !self.tell(&question, set_id, &set) {
            self.state.borrow_mut().at_work = false;
            return;
        }
        let this = self.clone();
        let about = question.clone();
        self.connection.send(
            Request::Solve { palette: question.palette, pooling: question.pooling },
            move |reply| {
                this.state.borrow_mut().at_work = false;
                this.hear(&about, reply);
                let next = this.state.borrow_mut().waiting.take();
                if let Some(next) = next {
                    this.start(next);
                }
            },
        );
    }

    /// Asks something else about the set in use. Says whether it was asked: never while a solve is at work,
    /// which must not wait behind it.
    pub fn study(&self, set_id: usize, request: Request, listener: impl Fn(Reply) + 'static) -> bool {
        let State { told, at_work, .. } = *self.state.borrow();
        // The set has been solved on, so the worker has it, unless it was started anew since.
        let known = told.is_some_and(|(set, generation)| {
            set == set_id && self.connection.generation() == Some(generation)
        });
        if at_work || !known {
            return false;
        }
        self.connection.send(request, listener);
        true
    }

    /// Makes sure that the worker has the set; `false` when it could not be started, which whoever asks has
    /// been told then.
    fn tell(&self, question: &Question, set_id: usize, set: &Arc<SampleSet>) -> bool {
        let told = self.state.borrow().told;
        if told.is_some_and(|(told_set, generation)| {
            told_set == set_id && self.connection.generation() == Some(generation)
        }) {
            return true;
        }
        let this = self.clone();
        let about = question.clone();
        self.connection.send(Request::Use { set: (**set).clone() }, move |reply| {
            if let Reply::Failed { .. } | Reply::Lost { .. } = reply {
                this.state.borrow_mut().told = None;
                this.hear(&about, reply);
            }
        });
        let generation = self.connection.generation();
        self.state.borrow_mut().told = generation.map(|generation| (set_id, generation));
        generation.is_some()
    }

    fn hear(&self, question: &Question, reply: Reply) {
        let (current, answered) = {
            let state = self.state.borrow();
            (state.set.as_ref().map(|(id, _)| *id), state.answered.clone())
        };
        if current == Some(question.set_id)
            && let Some(answered) = answered
        {
            answered(question, reply);
        }
    }
}
