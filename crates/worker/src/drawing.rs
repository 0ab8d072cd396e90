//! Preparing the models, drawing answers to a prompt, scoring.

use std::rc::Rc;

use super::state::{Ready, Shared, is_cancelled};
use super::task_error::TaskError;
use super::{event_loop, outbox, store};
use palette_models::draw::{Draw, Models};
use palette_models::encoder::{self, Encoder};
use palette_models::language_model::LanguageModel;
use palette_models::reward::{Head, Scorer};
use palette_protocol::{
    DrawConfig, DrawRequest, Drawing, HeadFile, Prepared, Reply, RequestId, ScoreRequest,
};
use palette_tables::Value;
use wasm_bindgen::JsCast;

/// Milliseconds between progress reports while drawing.
const REPORT_EVERY: f64 = 80.0;

/// Loads what is not yet there.
pub(super) async fn prepare(shared: &Shared, id: RequestId, config: DrawConfig) -> Result<Reply, TaskError> {
    let known = shared.borrow().ready.clone();
    if let Some(ready) = known.filter(|ready| ready.config == config) {
        return Ok(prepared(&ready, Vec::new()));
    }
    // The memory of the old models is used for the new ones.
    shared.borrow_mut().ready = None;
    let built_in: &[&str] =
        if config.own_model.is_some() { &[store::ENCODER] } else { &[store::LANGUAGE_MODEL, store::ENCODER] };
    let own_bytes = config.own_model.as_ref().map_or(0, |own| own.bytes);
    let mut loading = store::Loads::start(shared, id, built_in, own_bytes).await?;
    let (tensors, generator) = match &config.own_model {
        Some(own) => (loading.own(own).await?, own.name.clone()),
        None => (loading.tensors(store::LANGUAGE_MODEL).await?, "SmolLM2-135M-Instruct".to_owned()),
    };
    let language_model = LanguageModel::new(tensors).map_err(|error| match &config.own_model {
        Some(own) => TaskError::Failed(format!("{} cannot be used. {error}", own.name)),
        None => error.into(),
    })?;
    let encoder = Encoder::new(loading.tensors(store::ENCODER).await?)?;
    let notes = loading.end().await;
    let heads = config.heads.iter().map(head_of).collect::<Result<_, _>>()?;
    let models = Models { language_model, scorer: Scorer::with_heads(encoder, heads)? };
    let ready = Rc::new(Ready { config, models, generator });
    shared.borrow_mut().ready = Some(ready.clone());
    Ok(prepared(&ready, notes))
}

fn prepared(ready: &Ready, notes: Vec<String>) -> Reply {
    Reply::Prepared(Box::new(Prepared {
        values: ready.models.scorer.all_values(),
        generator: ready.generator.clone(),
        memory: memory(),
        notes,
    }))
}

/// Bytes of this worker's WebAssembly memory; it never shrinks, so this is also its peak.
fn memory() -> u64 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
    u64::from(buffer.byte_length())
}

pub(super) async fn draw(shared: &Shared, id: RequestId, request: DrawRequest) -> Result<Reply, TaskError> {
    let ready = shared.borrow().ready.clone();
    let Some(ready) = ready else {
        return Err(TaskError::Failed("The models are not loaded in this worker. Try again.".into()));
    };
    let mut draw = Draw::new(&ready.models, &request.prompt, &request.sampling)?;
    let mut reported = f64::NEG_INFINITY;
    loop {
        let was_scoring = draw.scoring();
        if !draw.step(&ready.models, || event_loop::now() / 1000.0)? {
            break;
        }
        let now = event_loop::now();
        if now - reported >= REPORT_EVERY || draw.scoring() != was_scoring {
            reported = now;
            outbox::post(
                id,
                Reply::Drawing(Drawing {
                    texts: draw.texts(),
                    tokens: draw.tokens(),
                    scoring: draw.scoring(),
                }),
            );
        }
        event_loop::until_messages_are_in().await;
        while shared.borrow().held && !is_cancelled(shared, id) {
            event_loop::a_moment().await;
        }
        if is_cancelled(shared, id) {
            return Err(TaskError::Cancelled);
        }
    }
    let drawn = draw.finish().ok_or_else(|| TaskError::Failed("The answers were not scored.".into()))?;
    Ok(Reply::Drawn(Box::new(drawn)))
}

/// Adds the value of a head to every answer of a set.
pub(super) async fn score(shared: &Shared, id: RequestId, request: ScoreRequest) -> Result<Reply, TaskError> {
    let ScoreRequest { mut set, head } = request;
    let head = head_of(&head)?;
    if set.value_index(&head.name).is_some() {
        return Err(TaskError::Failed(format!(
            "{} has a value called {} already. Nothing was changed.",
            set.name, head.name
        )));
    }
    if set.answers.iter().all(|answer| answer.text.trim().is_empty()) {
        return Err(TaskError::Failed(format!(
            "{} holds no texts, so there is nothing that a head could read.",
            set.name
        )));
    }
    let mut loading = store::Loads::start(shared, id, &[store::ENCODER], 0).await?;
    let encoder = Encoder::new(loading.tensors(store::ENCODER).await?)?;
    let notes = loading.end().await;
    let scorer = Scorer::with_heads(encoder, vec![head])?;
    let Some(value) = scorer.all_values().pop() else {
        return Err(TaskError::Failed("The head holds no value.".into()));
    };
    let total = set.answers.len();
    let mut prompt = None;
    let mut reported = f64::NEG_INFINITY;
    for done in 0..total {
        let answer = &mut set.answers[done];
        let text = set.prompts.get(answer.prompt).map_or("", String::as_str);
        let read = match prompt.take() {
            Some((at, read)) if at == answer.prompt => read,
            _ => scorer.prompt(text)?,
        };
        // Only the head's own reward is taken, so the fluency does not matter.
        let Some(reward) = scorer.score(&read, &answer.text, 0.0)?.pop() else { continue };
        answer.rewards.push(reward);
        prompt = Some((answer.prompt, read));
        let now = event_loop::now();
        if now - reported >= REPORT_EVERY {
            reported = now;
            outbox::post(id, Reply::Scoring { done: done + 1, total });
            event_loop::until_messages_are_in().await;
            if is_cancelled(shared, id) {
                return Err(TaskError::Cancelled);
            }
        }
    }
    set.values.push(value);
    Ok(Reply::Scored { set, notes })
}

/// The value that a head file adds.
pub(super) fn read_head(file: &HeadFile) -> Result<Reply, TaskError> {
    let Head { name, unit, .. } = head_of(file)?;
    Ok(Reply::Head(Value { name, unit, measured: String::new() }))
}

fn head_of(file: &HeadFile) -> Result<Head, TaskError> {
    Head::from_safetensors(&file.bytes, encoder::WIDTH)
        .map_err(|error| TaskError::Failed(format!("{}: {error}", file.name)))
}
