//! What the worker does for each request.

use super::state::{Shared, is_cancelled};
use super::task_error::TaskError;
use super::{drawing, event_loop, outbox, store};
use palette_protocol::{PickRequest, Question, Repair, Reply, Request, RequestId};
use palette_study::align;
use palette_study::compose::Composer;
use palette_tables::import::import;

/// Milliseconds that a study works before it looks for other requests: a frame.
const GIVE_WAY_EVERY: f64 = 12.0;

pub(super) async fn answer(shared: &Shared, id: RequestId, request: Request) -> Reply {
    let outcome = match request {
        Request::Import { name, text } => import(&name, &text)
            .map(|i| Reply::Imported { set: i.set, notes: i.notes })
            .map_err(TaskError::from),
        Request::Use { set } => Composer::new(set).map_err(TaskError::from).map(|composer| {
            shared.borrow_mut().composer = Some(composer);
            Reply::Done { notes: Vec::new() }
        }),
        Request::Solve { palette, pooling } => with_composer(shared, |composer| {
            composer.solve(&palette, pooling).map(|solved| Reply::Solved(Box::new(solved)))
        }),
        Request::Repairs { question, budget } => with_composer(shared, |composer| {
            let kinds = usual_repairs(composer.set().values.len(), budget);
            composer.repairs(&question, &kinds).map(Reply::Repairs)
        }),
        Request::Trust { question, resamples, folds, seed } => {
            trust(shared, id, &question, resamples, folds, seed).await
        }
        Request::Drafts { question, k, seed } => with_composer(shared, |composer| {
            let drafted = composer.drafts(&question, k, seed).map_err(|e| e.to_string())?;
            Ok(Reply::Drafted(Box::new(drafted)))
        }),
        Request::Sequential { question, rounds } => with_composer(shared, |composer| {
            composer.sequences(&question, rounds).map(|s| Reply::Sequences(Box::new(s)))
        }),
        Request::Prepare(config) => drawing::prepare(shared, id, config).await,
        Request::Draw(request) => drawing::draw(shared, id, request).await,
        Request::Score(request) => drawing::score(shared, id, *request).await,
        Request::ReadHead(file) => drawing::read_head(&file),
        Request::Pick(request) => pick(*request),
        Request::Stored => store::stored().await.map(Reply::Stored),
        Request::Fetch { model } => {
            store::fetch_model(shared, id, &model).await.map(|notes| Reply::Done { notes })
        }
        Request::Verify { model } => {
            store::verify(shared, id, &model).await.map(|broken| Reply::Verified { broken })
        }
        Request::Delete { model } => store::delete(&model).await.map(|()| Reply::Done { notes: Vec::new() }),
        // Taken care of on arrival: they must not wait behind the request that they are about.
        Request::Cancel { .. } | Request::Hold { .. } => Ok(Reply::Cancelled),
    };
    match outcome {
        Ok(reply) => reply,
        Err(TaskError::Cancelled) => Reply::Cancelled,
        Err(TaskError::Failed(message)) => Reply::Failed { message },
    }
}

fn pick(request: PickRequest) -> Result<Reply, TaskError> {
    let lambda = align::weights_for(&request.drafts.values, &request.lambda).map_err(TaskError::Failed)?;
    Ok(Reply::Aligned(Box::new(align::pick(request.drafts, &lambda, request.seed))))
}

fn with_composer(
    shared: &Shared,
    ask: impl FnOnce(&mut Composer) -> Result<Reply, String>,
) -> Result<Reply, TaskError> {
    match &mut shared.borrow_mut().composer {
        Some(composer) => ask(composer).map_err(TaskError::Failed),
        None => Err(TaskError::Failed("There is no sample set to solve on. Open one first.".into())),
    }
}

/// Every kind of repair that needs no choice of its own; in order of priority as the values stand.
fn usual_repairs(values: usize, budget: Option<f64>) -> Vec<Repair> {
    let mut kinds = vec![Repair::Ray, Repair::Nearest, Repair::Order((0..values).collect())];
    kinds.extend((0..values).map(Repair::One));
    kinds.extend(budget.map(Repair::Budget));
    kinds
}

/// Resamples step by step, giving way to whatever else is asked.
async fn trust(
    shared: &Shared,
    id: RequestId,
    question: &Question,
    resamples: usize,
    folds: usize,
    seed: u64,
) -> Result<Reply, TaskError> {
    let study = match &mut shared.borrow_mut().composer {
        Some(composer) => composer.trust(question, seed).map_err(TaskError::Failed)?,
        None => return Err(TaskError::Failed("There is no sample set to solve on. Open one first.".into())),
    };
    if !study.is_reachable() {
        return Err(TaskError::Failed("Only a palette within reach has levels to trust or not.".into()));
    }
    let mut work = study.bootstrap();
    let mut reported = event_loop::now();
    for done in 0..resamples {
        work.step();
        let now = event_loop::now();
        if now - reported >= GIVE_WAY_EVERY {
            reported = now;
            outbox::post(id, Reply::Trusting { done: done + 1, total: resamples });
            event_loop::until_messages_are_in().await;
            if is_cancelled(shared, id) || !shared.borrow().waiting.is_empty() {
                return Err(TaskError::Cancelled);
            }
        }
    }
    let held = study.held_out(folds);
    Ok(Reply::Trusted(Box::new(study.report(work.finish(), held))))
}
