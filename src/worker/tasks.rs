//! What the worker does for each request.

use std::rc::Rc;

use super::stopped::Stopped;
use super::{Shared, is_cancelled, outbox, pause, store};
use crate::model::language_model::LanguageModel;
use crate::protocol::{AlignRequest, GenerateRequest, Generating, Question, RepairKind, Reply, Request, RequestId, Sampling};
use crate::reward::Scorer;
use crate::study::compose::Composer;
use crate::study::draw::{Draw, Models};
use crate::study::{align, draw};
use crate::table::import::import;

/// Milliseconds between progress reports while drawing.
const REPORT_EVERY: f64 = 80.0;
/// Milliseconds that a study works before it looks for other requests: a frame.
const GIVE_WAY_EVERY: f64 = 12.0;

pub(super) async fn answer(shared: &Shared, id: RequestId, request: Request) -> Reply {
    let outcome = match request {
        Request::Import { name, text } => {
            import(&name, &text).map(|i| Reply::Imported { set: i.set, notes: i.notes }).map_err(Stopped::from)
        }
        Request::Use { set } => Composer::new(set).map_err(Stopped::from).map(|composer| {
            shared.borrow_mut().composer = Some(composer);
            Reply::Done { notes: Vec::new() }
        }),
        Request::Solve { palette, pooling } => with_composer(shared, |composer| {
            let start = pause::now();
            let mut solved = composer.solve(&palette, pooling)?;
            solved.milliseconds = pause::now() - start;
            Ok(Reply::Solved(Box::new(solved)))
        }),
        Request::Repairs { question, budget } => with_composer(shared, |composer| {
            let kinds = usual_repairs(composer.set().values.len(), budget);
            composer.repairs(&question, &kinds).map(Reply::Repairs)
        }),
        Request::Trust { question, resamples, folds, seed } => trust(shared, id, &question, resamples, folds, seed).await,
        Request::Drafts { question, k, seed } => {
            with_composer(shared, |composer| composer.drafts(&question, k, seed).map(|d| Reply::Drafted(Box::new(d))))
        }
        Request::Sequential { question, rounds } => {
            with_composer(shared, |composer| composer.sequences(&question, rounds).map(|s| Reply::Sequences(Box::new(s))))
        }
        Request::Load => models(shared, id).await.map(|(_, notes)| Reply::Done { notes }),
        Request::Stored => store::stored().await.map(|(bytes, complete)| Reply::Stored { bytes, complete }),
        Request::DeleteStored => {
            shared.borrow_mut().models = None;
            store::delete().await.map(|()| Reply::Done { notes: Vec::new() })
        }
        Request::Generate(request) => generate(shared, id, request).await,
        Request::Align(request) => align(shared, id, request).await,
        // Taken care of on arrival: it must not wait behind the request that it cancels.
        Request::Cancel { .. } => Ok(Reply::Cancelled),
    };
    match outcome {
        Ok(reply) => reply,
        Err(Stopped::Cancelled) => Reply::Cancelled,
        Err(Stopped::Failed(message)) => Reply::Failed { message },
    }
}

fn with_composer(shared: &Shared, ask: impl FnOnce(&mut Composer) -> Result<Reply, String>) -> Result<Reply, Stopped> {
    match &mut shared.borrow_mut().composer {
        Some(composer) => ask(composer).map_err(Stopped::Failed),
        None => Err(Stopped::Failed("There is no sample set to solve on. Open one first.".into())),
    }
}

/// Every kind of repair that needs no choice of its own; in order of priority as the values stand.
fn usual_repairs(values: usize, budget: Option<f64>) -> Vec<RepairKind> {
    let mut kinds = vec![RepairKind::Ray, RepairKind::Nearest, RepairKind::Order((0..values).collect())];
    kinds.extend((0..values).map(RepairKind::One));
    kinds.extend(budget.map(RepairKind::Budget));
    kinds
}

/// Resamples step by step, giving way to whatever else is asked.
async fn trust(shared: &Shared, id: RequestId, question: &Question, resamples: usize, folds: usize, seed: u64) -> Result<Reply, Stopped> {
    let study = match &mut shared.borrow_mut().composer {
        Some(composer) => composer.trust(question).map_err(Stopped::Failed)?,
        None => return Err(Stopped::Failed("There is no sample set to solve on. Open one first.".into())),
    };
    let Some(study) = study else {
        return Err(Stopped::Failed("Only a palette within reach has levels to trust or not.".into()));
    };
    let mut work = study.bootstrap(seed);
    let mut reported = pause::now();
    for done in 0..resamples {
        work.step();
        let now = pause::now();
        if now - reported >= GIVE_WAY_EVERY {
            reported = now;
            outbox::post(id, Reply::Trusting { done: done + 1, total: resamples });
            pause::until_messages_are_in().await;
            if is_cancelled(shared, id) || !shared.borrow().waiting.is_empty() {
                return Err(Stopped::Cancelled);
            }
        }
    }
    let held = study.held_out(folds, seed);
    Ok(Reply::Trusted(Box::new(study.report(work.finish(), held))))
}

/// The models, loaded at the first call, with notes on how that went.
async fn models(shared: &Shared, id: RequestId) -> Result<(Rc<Models>, Vec<String>), Stopped> {
    let ready = shared.borrow().models.clone();
    if let Some(models) = ready {
        return Ok((models, Vec::new()));
    }
    let (mut tensors, notes) = store::load(shared, id).await?;
    let language_model = LanguageModel::new(tensors.take(store::LANGUAGE_MODEL)?)?;
    let scorer = Scorer::new(crate::model::encoder::Encoder::new(tensors.take(store::ENCODER)?)?)?;
    let models = Rc::new(Models { language_model, scorer });
    shared.borrow_mut().models = Some(models.clone());
    Ok((models, notes))
}

/// What [`run`] drew.
struct Finished {
    draw: Draw,
    seconds: f64,
    notes: Vec<String>,
}

async fn run(shared: &Shared, id: RequestId, prompts: &[String], sampling: &Sampling) -> Result<Finished, Stopped> {
    let mut draw = draw::Draw::new(prompts, sampling)?;
    let (models, notes) = models(shared, id).await?;
    let start = pause::now();
    let mut reported = f64::NEG_INFINITY;
    let mut drawing = 0.0;
    loop {
        let (before, scoring) = (pause::now(), draw.scoring());
        let more = draw.step(&models)?;
        let now = pause::now();
        if !scoring {
            drawing += now - before;
        }
        if now - reported >= REPORT_EVERY || draw.scoring() != scoring || !more {
            reported = now;
            let (prompt, prompts) = draw.position();
            let tokens_per_second = draw.tokens() as f64 / (drawing / 1000.0).max(1e-3);
            let report =
                Generating { prompt, prompts, texts: draw.texts(), tokens: draw.tokens(), tokens_per_second, scoring: draw.scoring() };
            outbox::post(id, Reply::Generating(report));
        }
        if !more {
            return Ok(Finished { draw, seconds: (now - start) / 1000.0, notes });
        }
        pause::until_messages_are_in().await;
        if is_cancelled(shared, id) {
            return Err(Stopped::Cancelled);
        }
    }
}

async fn generate(shared: &Shared, id: RequestId, request: GenerateRequest) -> Result<Reply, Stopped> {
    let Finished { draw, seconds, mut notes } = run(shared, id, &request.prompts, &request.sampling).await?;
    let tokens = draw.tokens();
    let (set, more) = draw.finish("Generated answers");
    notes.extend(more);
    Ok(Reply::Generated { set, seconds, tokens, notes })
}

async fn align(shared: &Shared, id: RequestId, request: AlignRequest) -> Result<Reply, Stopped> {
    let lambda = align::weights_for(&Scorer::values(), &request.lambda).map_err(Stopped::Failed)?;
    let Finished { draw, seconds, .. } = run(shared, id, &request.prompts, &request.sampling).await?;
    let tokens = draw.tokens();
    let (drafts, _) = draw.finish("Drafts");
    Ok(Reply::Aligned(Box::new(align::pick(drafts, &lambda, request.sampling.seed, seconds, tokens))))
}
