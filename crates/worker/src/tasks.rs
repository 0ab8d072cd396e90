//! What the worker does for each request: a request of a type can end with nothing but the reply of that
//! type.

use std::sync::Arc;

use super::state::Shared;
use super::task::Task;
use super::task_error::TaskError;
use super::{event_loop, outbox};
use palette_protocol::calls::{
    Align, Compare, Drafts, Keep, Plane, PriceOfTarget, PricesInPlane, Reopen, Repairs, Sequential, Solve,
    SolverLab, Source, TakeAway, Trust, Use, WhyNot,
};
use palette_protocol::stored;
use palette_protocol::{
    Aligned, Answer, Call, Imported, NoProgress, OnSet, Request, RequestId, Resampled, SetKey, fingerprint,
};
use palette_shelf::{Failure, Shelf};
use palette_study::Repair;
use palette_study::align;
use palette_study::away::Away;
use palette_study::compare::Comparison;
use palette_study::compose::Composer;
use palette_study::lab::Setting;
use palette_study::{
    Drafted, EasedRepair, PlanePrices, PlaneReport, Sequences, Solved, TargetPriceReport, WhyNotReport,
};
use palette_tables::import::check;
use serde::Serialize;

const GONE: &str = "It is not in this browser any more; the browser may have made space.";

/// Milliseconds that a study works before it looks for other requests: a frame.
pub(super) const GIVE_WAY_EVERY: f64 = 12.0;

/// The page asks the program that has models for what needs them.
const ASTRAY: &str = "This worker has no models, and was asked for something that needs them. That is a \
    mistake in this program: reload the page, and please report it.";

/// Does what is asked without models, and posts how it ended.
pub(super) async fn run(shared: Shared, id: RequestId, request: Request) {
    match request {
        Request::Import(call) => end(shared, id, call).await,
        Request::Take(call) => end(shared, id, call).await,
        Request::Use(call) => end(shared, id, call).await,
        Request::Reopen(call) => end(shared, id, call).await,
        Request::Keep(call) => end(shared, id, call).await,
        Request::Solve(call) => end(shared, id, call).await,
        Request::Repairs(call) => end(shared, id, call).await,
        Request::Trust(call) => end(shared, id, call).await,
        Request::Drafts(call) => end(shared, id, call).await,
        Request::Sequential(call) => end(shared, id, call).await,
        Request::SolverLab(call) => end(shared, id, call).await,
        Request::Plane(call) => end(shared, id, call).await,
        Request::PricesInPlane(call) => end(shared, id, call).await,
        Request::PriceOfTarget(call) => end(shared, id, call).await,
        Request::WhyNot(call) => end(shared, id, call).await,
        Request::TakeAway(call) => end(shared, id, call).await,
        Request::Compare(call) => end(shared, id, call).await,
        Request::Study(call) => end(shared, id, call).await,
        Request::Grade(call) => end(shared, id, call).await,
        Request::Align(call) => end(shared, id, call).await,
        Request::ReadPrompts(call) => end(shared, id, call).await,
        Request::ReadPublished(call) => end(shared, id, call).await,
        _ => outbox::post(id, &outbox::Ending::Failed(ASTRAY.to_owned())),
    }
}

pub(super) async fn end<C: Run>(shared: Shared, id: RequestId, call: C) {
    shared.borrow_mut().at_work += 1;
    let answer = match call.run(&Task::new(shared.clone(), id)).await {
        Ok(reply) => Answer::<C::Reply, C::Progress>::Done(reply),
        Err(TaskError::Cancelled) => Answer::Cancelled,
        Err(TaskError::Failed(message)) => Answer::Failed(message),
    };
    shared.borrow_mut().has_ended(id);
    outbox::post(id, &answer);
}

pub(super) trait Run: Call {
    async fn run(self, task: &Task<Self::Progress>) -> Result<Self::Reply, TaskError>;
}

impl Run for Use {
    async fn run(self, task: &Task<NoProgress>) -> Result<(), TaskError> {
        if task.work.shared.borrow_mut().sets.hold(self.key.id, self.set) == self.key {
            return Ok(());
        }
        Err(TaskError::Failed(
            "The sample set was not the same any more when it reached the solver. Reload the page; what is \
                saved is kept."
                .into(),
        ))
    }
}

/// Asks about a set; the reply says which set and which question it is about.
fn on_set<C: Serialize, T>(
    shared: &Shared,
    call: &C,
    key: SetKey,
    ask: impl FnOnce(&mut Composer) -> Result<T, String>,
) -> Result<OnSet<T>, TaskError> {
    let found = shared.borrow_mut().sets.on(key, ask)?;
    Ok(found.map_or(OnSet::NotHeld, |(on, reply)| OnSet::Held { on, asked: fingerprint(call), reply }))
}

impl Run for Reopen {
    async fn run(self, task: &Task<NoProgress>) -> Result<Imported, TaskError> {
        let name = self.name.clone();
        let damaged = |reason: String| TaskError::Failed(format!("“{name}” is damaged: {reason}."));
        let stored = match self.source {
            Source::Given(stored) => stored,
            Source::Kept { database, key } => palette_shelf::get(&database, Shelf::Tables, &key)
                .await
                .map_err(|failure| TaskError::Failed(failure.words().to_owned()))?
                .ok_or_else(|| TaskError::Failed(GONE.to_owned()))?,
        };
        let set = stored::unpack(stored).map_err(damaged)?;
        if self.fingerprint.is_some_and(|kept| kept != stored::fingerprint(&set)) {
            return Err(damaged("it is not what was kept under this name".to_owned()));
        }
        let imported = check(&self.name, set)?;
        let set = Arc::new(imported.set);
        let key = task.work.shared.borrow_mut().sets.hold(self.set_id, set.clone());
        Ok(Imported { key, set, notes: imported.notes })
    }
}

impl Run for Keep {
    async fn run(self, task: &Task<NoProgress>) -> Result<Option<Result<(), Failure>>, TaskError> {
        // Packing works in one piece: what was asked meanwhile goes first.
        event_loop::until_messages_are_in().await;
        let Some(set) = task.work.shared.borrow().sets.get(self.on) else { return Ok(None) };
        let Ok(packed) = stored::pack(&set) else { return Ok(Some(Err(Failure::Refused))) };
        Ok(Some(palette_shelf::put(&self.database, Shelf::Tables, &self.key, &packed).await))
    }
}

impl Run for Solve {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<Solved>, TaskError> {
        on_set(&task.work.shared, &self, self.on, |composer| {
            composer.solve(&self.question.palette, self.question.pooling)
        })
    }
}

impl Run for Repairs {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<Vec<EasedRepair>>, TaskError> {
        on_set(&task.work.shared, &self, self.on, |composer| {
            let kinds = usual_repairs(composer.set().values.len(), self.budget);
            composer.repairs(&self.question, &kinds)
        })
    }
}

/// Every kind of repair that needs no choice of its own; in order of priority as the values stand.
fn usual_repairs(values: usize, budget: Option<f64>) -> Vec<Repair> {
    let mut kinds = vec![Repair::Ray, Repair::Nearest, Repair::Order((0..values).collect())];
    kinds.extend((0..values).map(Repair::One));
    kinds.extend(budget.map(Repair::Budget));
    kinds
}

impl Run for Trust {
    /// Resamples step by step, giving way to whatever else is asked.
    async fn run(self, task: &Task<Resampled>) -> Result<OnSet<palette_study::Trust>, TaskError> {
        let ask = |composer: &mut Composer| composer.trust(&self.question, self.seed);
        let study = on_set(&task.work.shared, &self, self.on, ask)?;
        let OnSet::Held { on, asked, reply: study } = study else { return Ok(OnSet::NotHeld) };
        if !study.is_reachable() {
            return Err(TaskError::Failed("Only a palette within reach has levels to trust or not.".into()));
        }
        let mut bootstrap = study.bootstrap();
        let mut reported = event_loop::now();
        for done in 0..self.resamples {
            bootstrap.step();
            let now = event_loop::now();
            if now - reported >= GIVE_WAY_EVERY {
                reported = now;
                task.report(Resampled { done: done + 1, total: self.resamples });
                event_loop::until_messages_are_in().await;
                task.work.go_on()?;
                if task.work.is_waited_for() {
                    return Err(TaskError::Cancelled);
                }
            }
        }
        let held_out = study.held_out(self.splits);
        Ok(OnSet::Held { on, asked, reply: study.report(bootstrap.finish(), held_out) })
    }
}

/// Takes `step` after `step` until one says that it was the last, giving way to whatever else is asked.
async fn in_steps(task: &Task<NoProgress>, mut step: impl FnMut() -> bool) -> Result<(), TaskError> {
    let mut gave_way = event_loop::now();
    while step() {
        if event_loop::now() - gave_way >= GIVE_WAY_EVERY {
            event_loop::until_messages_are_in().await;
            task.work.go_on()?;
            if task.work.is_waited_for() {
                return Err(TaskError::Cancelled);
            }
            gave_way = event_loop::now();
        }
    }
    Ok(())
}

impl Run for Plane {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<PlaneReport>, TaskError> {
        let ask = |composer: &mut Composer| composer.plane(&self.question, self.values.as_ref());
        let study = on_set(&task.work.shared, &self, self.on, ask)?;
        let OnSet::Held { on, asked, reply: study } = study else { return Ok(OnSet::NotHeld) };
        let mut traced = None;
        if let Some(mut tracing) = study.tracing() {
            in_steps(task, || tracing.step()).await?;
            traced = Some(tracing.finish());
        }
        Ok(OnSet::Held { on, asked, reply: study.report(traced) })
    }
}

impl Run for PricesInPlane {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<PlanePrices>, TaskError> {
        let ask = |composer: &mut Composer| composer.plane_prices(&self.question, &self.values);
        let study = on_set(&task.work.shared, &self, self.on, ask)?;
        let OnSet::Held { on, asked, reply: mut study } = study else { return Ok(OnSet::NotHeld) };
        in_steps(task, || study.step()).await?;
        Ok(OnSet::Held { on, asked, reply: study.finish() })
    }
}

impl Run for PriceOfTarget {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<TargetPriceReport>, TaskError> {
        let ask = |composer: &mut Composer| composer.target_price(&self.question, self.of.as_deref());
        let study = on_set(&task.work.shared, &self, self.on, ask)?;
        let OnSet::Held { on, asked, reply: mut study } = study else { return Ok(OnSet::NotHeld) };
        in_steps(task, || study.step()).await?;
        Ok(OnSet::Held { on, asked, reply: study.finish() })
    }
}

impl Run for TakeAway {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<Away>, TaskError> {
        on_set(&task.work.shared, &self, self.on, |composer| {
            palette_exports::take(composer, &self.question, self.form, &self.taken)
        })
    }
}

impl Run for WhyNot {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<WhyNotReport>, TaskError> {
        let ask = |composer: &mut Composer| composer.why_not(&self.question, self.pair.as_ref());
        let study = on_set(&task.work.shared, &self, self.on, ask)?;
        let OnSet::Held { on, asked, reply: mut study } = study else { return Ok(OnSet::NotHeld) };
        in_steps(task, || study.step()).await?;
        Ok(OnSet::Held { on, asked, reply: study.finish() })
    }
}

impl Run for Drafts {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<Drafted>, TaskError> {
        on_set(&task.work.shared, &self, self.on, |composer| {
            composer.drafts(&self.question, self.drafts).map_err(|error| error.to_string())
        })
    }
}

impl Run for Sequential {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<Sequences>, TaskError> {
        on_set(&task.work.shared, &self, self.on, |composer| composer.sequences(&self.question, self.rounds))
    }
}

impl Run for SolverLab {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<Setting>, TaskError> {
        let seconds = || event_loop::now() / 1000.0;
        on_set(&task.work.shared, &self, self.on, |composer| {
            composer.lab(&self.question).map(|study| study.whole(&seconds))
        })
    }
}

impl Run for Compare {
    async fn run(self, task: &Task<NoProgress>) -> Result<OnSet<Comparison>, TaskError> {
        on_set(&task.work.shared, &self, self.on, |composer| {
            composer.compare(&self.question, &self.compare, &self.drafts).map(|compared| compared.comparison)
        })
    }
}

impl Run for Align {
    async fn run(self, _: &Task<NoProgress>) -> Result<Aligned, TaskError> {
        let Align { drafts, lambda, asked, calibrate, confidence, seed } = self;
        let aligned = match calibrate {
            None => align::judge(&drafts, &lambda, &asked, seed)
                .map(|judged| Aligned { judged: Some(judged), calibrated: None }),
            Some(prompts) => align::calibrate(&drafts, &asked, prompts, confidence, seed)
                .map(|calibrated| Aligned { judged: None, calibrated: Some(calibrated) }),
        };
        aligned.map_err(TaskError::Failed)
    }
}
