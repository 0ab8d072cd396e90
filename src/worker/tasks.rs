//! What the worker does for each request.

use std::rc::Rc;

use super::stopped::Stopped;
use super::{Shared, is_cancelled, outbox, pause, store};
use crate::model::language_model::LanguageModel;
use crate::protocol::{AlignRequest, GenerateRequest, Generating, Reply, Request, RequestId, Sampling};
use crate::reward::Scorer;
use crate::study::compose::Composer;
use crate::study::draw::{Draw, Models};
use crate::study::{align, draw};
use crate::table::import::import;

/// Milliseconds between progress reports while drawing.
const REPORT_EVERY: f64 = 80.0;

pub(super) async fn answer(shared: &Shared, id: RequestId, request: Request) -> Reply {
    let outcome = match request {
        Request::Import { name, text } => {
            import(&name, &text).map(|i| Reply::Imported { set: i.set, notes: i.notes }).map_err(Stopped::from)
        }
        Request::Use { set } => Composer::new(set).map_err(Stopped::from).map(|composer| {
            shared.borrow_mut().composer = Some(composer);
            Reply::Done { notes: Vec::new() }
        }),
        Request::Solve { palette, pooling } => match &mut shared.borrow_mut().composer {
            Some(composer) => {
                let start = pause::now();
                let mut solved = composer.solve(&palette, pooling);
                solved.milliseconds = pause::now() - start;
                Ok(Reply::Solved(Box::new(solved)))
            }
            None => Err(Stopped::Failed("There is no sample set to solve on. Open one first.".into())),
        },
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
