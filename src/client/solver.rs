//! Solving palettes in the worker: at most one solve is at work, and only the newest of those that came
//! meanwhile waits.

use super::{CallError, Connection, Pending};
use futures_util::StreamExt;
use palette_protocol::calls::{Import, Reopen, Solve, Use};
use palette_protocol::{Call, OnSet};
use palette_study::{Question, Solved};
use palette_tables::SampleSet;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

type Answered = Rc<dyn Fn(usize, &Question, Result<Solved, CallError>)>;

/// The worker that solves, and holds the sample sets that are solved on. Cheap to clone.
///
/// It may have let a set go, or may have been started anew: it says so, and is given the set again.
#[derive(Clone)]
pub struct Solver {
    connection: Connection,
    state: Rc<RefCell<State>>,
}

#[derive(Default)]
struct State {
    set: Option<(usize, Arc<SampleSet>)>,
    at_work: bool,
    /// The id of the set, and the palette.
    waiting: Option<(usize, Question)>,
    answered: Option<Answered>,
}

impl Default for Solver {
    fn default() -> Self {
        Solver { connection: Connection::new("solver"), state: Rc::default() }
    }
}

impl Solver {
    /// Who hears the result of every solve that is not overtaken by another sample set.
    pub fn on_answer(&self, answered: impl Fn(usize, &Question, Result<Solved, CallError>) + 'static) {
        self.state.borrow_mut().answered = Some(Rc::new(answered));
    }

    /// Has a table read where it will be solved on.
    pub fn import(&self, import: Import) -> Pending<Import> {
        self.connection.call(import)
    }

    /// Has a set that the browser kept checked where it will be solved on.
    pub fn reopen(&self, reopen: Reopen) -> Pending<Reopen> {
        self.connection.call(reopen)
    }

    /// The sample set that later questions are about.
    pub fn use_set(&self, set_id: usize, set: Arc<SampleSet>) {
        let mut state = self.state.borrow_mut();
        state.set = Some((set_id, set));
        state.waiting = None;
    }

    /// Solves now, or as soon as the solve at work has ended unless a newer question comes first.
    pub fn solve(&self, set_id: usize, question: Question) {
        let mut state = self.state.borrow_mut();
        state.waiting = Some((set_id, question));
        if !std::mem::replace(&mut state.at_work, true) {
            spawn_local(self.clone().work());
        }
    }

    async fn work(self) {
        while let Some((set_id, question)) = self.next() {
            let call = Solve { set_id, question: question.clone() };
            let solved = self.clone().on_set(set_id, call, |never| match never {}).await;
            // Another solve that comes while this one is told of waits; it is taken next.
            let state = self.state.borrow();
            let answered = state.answered.clone().filter(|_| state.is_in_use(set_id));
            drop(state);
            if let Some(answered) = answered {
                answered(set_id, &question, solved);
            }
        }
    }

    /// What to solve next; nothing is at work when there is none.
    fn next(&self) -> Option<(usize, Question)> {
        let mut state = self.state.borrow_mut();
        let next = state.waiting.take().filter(|(set_id, _)| state.is_in_use(*set_id));
        state.at_work = next.is_some();
        next
    }

    /// Asks something else about the set in use; `None` while a solve is at work, which must not wait behind
    /// it. The call is cancelled when the future is dropped.
    pub fn study<C, T, F>(
        &self,
        set_id: usize,
        call: C,
        progress: F,
    ) -> Option<impl Future<Output = Result<T, CallError>> + use<C, T, F>>
    where
        C: Call<Reply = OnSet<T>> + Clone,
        F: FnMut(C::Progress),
    {
        let state = self.state.borrow();
        (!state.at_work && state.is_in_use(set_id)).then(|| self.clone().on_set(set_id, call, progress))
    }

    /// Asks about a set, which the worker is given first where it does not hold it.
    async fn on_set<C, T>(
        self,
        set_id: usize,
        call: C,
        mut progress: impl FnMut(C::Progress),
    ) -> Result<T, CallError>
    where
        C: Call<Reply = OnSet<T>> + Clone,
    {
        loop {
            let mut pending = self.connection.call(call.clone());
            while let Some(told) = pending.progress().next().await {
                progress(told);
            }
            if let OnSet::Held(reply) = pending.await? {
                return Ok(reply);
            }
            let in_use = self.state.borrow().set.clone().filter(|(id, _)| *id == set_id);
            let Some((_, set)) = in_use else { return Err(CallError::Cancelled) };
            self.connection.call(Use { set_id, set }).await?;
        }
    }
}

impl State {
    fn is_in_use(&self, set_id: usize) -> bool {
        self.set.as_ref().is_some_and(|(id, _)| *id == set_id)
    }
}
