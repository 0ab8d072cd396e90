//! Solving palettes in the worker: at most one solve is at work, and only the newest of those that came
//! meanwhile waits.

use super::on_set::Attempts;
use super::{CallError, Connection, News, Pending};
use futures_util::StreamExt;
use palette_protocol::calls::{Keep, Reopen, Solve, Use};
use palette_protocol::{Call, OnSet, SetKey};
use palette_study::{Question, Solved};
use palette_tables::SampleSet;
use serde::Serialize;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

type Answered = Rc<dyn Fn(SetKey, &Question, Result<Solved, CallError>)>;

/// What is to be told while an answer is waited for, in a plain sentence; `None` when that is over.
type OnNews = Rc<dyn Fn(Option<String>)>;

/// The worker that solves, and holds the sample sets that are solved on. Cheap to clone.
///
/// It may have let a set go, or may have been started anew: it says so, and is given the set again. A
/// question over which it is lost is asked once more.
#[derive(Clone)]
pub struct Solver {
    state: Rc<RefCell<State>>,
}

struct State {
    connection: Connection,
    set: Option<(SetKey, Arc<SampleSet>)>,
    at_work: bool,
    /// The set, and the palette.
    waiting: Option<(SetKey, Question)>,
    answered: Option<Answered>,
    on_news: Option<OnNews>,
}

const ROLE: &str = "solver";
/// Seconds that checking or keeping a set may take in silence: the largest are millions of rewards.
const REOPENING: u32 = 60;

impl Default for Solver {
    fn default() -> Self {
        let state = State {
            connection: Connection::new(ROLE),
            set: None,
            at_work: false,
            waiting: None,
            answered: None,
            on_news: None,
        };
        Solver { state: Rc::new(RefCell::new(state)) }
    }
}

impl Solver {
    /// Who hears the result of every solve that is not overtaken by another sample set, and of what is in its
    /// way.
    pub fn on_answer(
        &self,
        answered: impl Fn(SetKey, &Question, Result<Solved, CallError>) + 'static,
        on_news: impl Fn(Option<String>) + 'static,
    ) {
        let mut state = self.state.borrow_mut();
        state.answered = Some(Rc::new(answered));
        state.on_news = Some(Rc::new(on_news));
        let connection = state.connection.clone();
        drop(state);
        self.listen(&connection);
    }

    /// Goes on with another worker, which holds the set that is composed on next. The one before ends.
    pub fn take_over(&self, connection: Connection) {
        self.listen(&connection);
        let before = std::mem::replace(&mut self.state.borrow_mut().connection, connection);
        before.stop();
    }

    fn listen(&self, connection: &Connection) {
        let this = self.clone();
        connection.is_now(ROLE, move |news| {
            this.tell(match news {
                News::Starting(seconds) => Some(format!(
                    "The solver has been loading for {seconds} seconds. The network may be slow, or \
                        something keeps it from starting."
                )),
                News::Silent(seconds, allowed) => Some(format!(
                    "The solver has not answered for {seconds} seconds. If nothing comes within {allowed} \
                        seconds, it is started again."
                )),
                News::Over => None,
            });
        });
    }

    fn tell(&self, news: Option<String>) {
        let on_news = self.state.borrow().on_news.clone();
        if let Some(on_news) = on_news {
            on_news(news);
        }
    }

    /// Has a set that the browser kept checked where it will be solved on.
    pub fn reopen(&self, reopen: Reopen) -> Pending<Reopen> {
        let connection = self.state.borrow().connection.clone();
        connection.call_within(REOPENING, reopen)
    }

    /// Has a set kept in the browser's database by the worker, if that holds it.
    pub fn keep(&self, keep: Keep) -> Pending<Keep> {
        let connection = self.state.borrow().connection.clone();
        connection.call_within(REOPENING, keep)
    }

    /// The sample set that later questions are about.
    pub fn use_set(&self, key: SetKey, set: Arc<SampleSet>) {
        let mut state = self.state.borrow_mut();
        state.set = Some((key, set));
        state.waiting = None;
    }

    /// Solves now, or as soon as the solve at work has ended unless a newer question comes first.
    pub fn solve(&self, on: SetKey, question: Question) {
        let mut state = self.state.borrow_mut();
        state.waiting = Some((on, question));
        if !std::mem::replace(&mut state.at_work, true) {
            spawn_local(self.clone().work());
        }
    }

    async fn work(self) {
        while let Some((on, question)) = self.next() {
            let call = Solve { on, question: question.clone() };
            let solved = self.clone().on_set(on, call, true, |never| match never {}).await;
            // Another solve that comes while this one is told of waits; it is taken next.
            let state = self.state.borrow();
            let answered = state.answered.clone().filter(|_| state.is_in_use(on));
            drop(state);
            if let Some(answered) = answered {
                answered(on, &question, solved);
            }
        }
    }

    /// What to solve next; nothing is at work when there is none.
    fn next(&self) -> Option<(SetKey, Question)> {
        let mut state = self.state.borrow_mut();
        let next = state.waiting.take().filter(|(on, _)| state.is_in_use(*on));
        state.at_work = next.is_some();
        next
    }

    /// Asks something else about the set in use; `None` while a solve is at work, which must not wait behind
    /// it. The call is cancelled when the future is dropped.
    pub fn study<C, T, F>(
        &self,
        on: SetKey,
        call: C,
        progress: F,
    ) -> Option<impl Future<Output = Result<T, CallError>> + use<C, T, F>>
    where
        C: Call<Reply = OnSet<T>> + Clone + Serialize,
        F: FnMut(C::Progress),
    {
        let state = self.state.borrow();
        (!state.at_work && state.is_in_use(on)).then(|| self.clone().on_set(on, call, false, progress))
    }

    /// Asks about a set, which the worker is given first where it does not hold it.
    async fn on_set<C, T>(
        self,
        on: SetKey,
        call: C,
        is_solve: bool,
        mut progress: impl FnMut(C::Progress),
    ) -> Result<T, CallError>
    where
        C: Call<Reply = OnSet<T>> + Clone + Serialize,
    {
        let mut attempts = Attempts::of(on, &call);
        loop {
            let Some((set, connection)) = self.held(on) else { return Err(CallError::Cancelled) };
            let allowed = silence(&set);
            let mut pending = connection.call_within(allowed, call.clone());
            while let Some(told) = pending.progress().next().await {
                progress(told);
            }
            let lost = match pending.await {
                Ok(reply) => match attempts.hear(reply)? {
                    Some(reply) => return Ok(reply),
                    None if attempts.must_give() => {
                        match connection.call_within(allowed, Use { key: on, set }).await {
                            Err(CallError::Lost(message)) => message,
                            given => {
                                given?;
                                continue;
                            }
                        }
                    }
                    None => continue,
                },
                Err(CallError::Lost(message)) => message,
                Err(error) => return Err(error),
            };
            // A study gives way to a palette, which may wait for the same worker.
            if !is_solve && self.state.borrow().at_work {
                return Err(CallError::Cancelled);
            }
            attempts.is_lost(lost)?;
            self.tell(Some(
                "The solver stopped or gave no answer. It is started again, and asked the same once more."
                    .to_owned(),
            ));
        }
    }

    /// The set of this key while it is in use, and the worker to ask.
    fn held(&self, on: SetKey) -> Option<(Arc<SampleSet>, Connection)> {
        let state = self.state.borrow();
        let (_, set) = state.set.as_ref().filter(|(key, _)| *key == on)?;
        Some((set.clone(), state.connection.clone()))
    }
}

impl State {
    fn is_in_use(&self, on: SetKey) -> bool {
        self.set.as_ref().is_some_and(|(key, _)| *key == on)
    }
}

/// Seconds for which the solver may be silent over one question: what it does in one piece grows with the
/// table. A second goes to what takes a slow device a tenth of it.
fn silence(set: &SampleSet) -> u32 {
    const LEAST: u32 = 20;
    const REWARDS_A_SECOND: usize = 100_000;
    let rewards = set.answers.len() * set.values.len();
    LEAST + u32::try_from(rewards / REWARDS_A_SECOND).unwrap_or(u32::MAX - LEAST)
}
