//! Preparing the models, drawing answers to a prompt, scoring.

use std::rc::Rc;

use super::state::Ready;
use super::task::Task;
use super::task_error::TaskError;
use super::{event_loop, pauses, store};
use palette_models::draw::{Draw, Models};
use palette_models::encoder::{self, Encoder};
use palette_models::language_model::LanguageModel;
use palette_models::reward::{Head, Scorer};
use palette_protocol::calls::{Draw as DrawCall, Score};
use palette_protocol::{DrawConfig, Drawing, HeadFile, Loading, Prepared, Scored, Scoring};
use palette_tables::Drawn;
use palette_tables::Value;
use wasm_bindgen::JsCast;

/// Milliseconds between progress reports while drawing.
const REPORT_EVERY: f64 = 80.0;

/// Loads what is not yet there.
pub(super) async fn prepare(task: &Task<Loading>, config: DrawConfig) -> Result<Prepared, TaskError> {
    let shared = &task.work.shared;
    let known = shared.borrow().ready.clone();
    if let Some(ready) = known.filter(|ready| ready.config == config) {
        return Ok(prepared(&ready, Vec::new()));
    }
    // The memory of the old models is used for the new ones.
    shared.borrow_mut().ready = None;
    let built_in: &[&str] =
        if config.own_model.is_some() { &[store::ENCODER] } else { &[store::LANGUAGE_MODEL, store::ENCODER] };
    let own_bytes = config.own_model.as_ref().map_or(0, |own| own.bytes);
    let report = |loading| task.report(loading);
    let mut loading = store::Loads::start(&task.work, &report, built_in, own_bytes).await?;
    let (tensors, generator) = match &config.own_model {
        Some(own) => (loading.own(own).await?, own.name.clone()),
        None => (loading.tensors(store::LANGUAGE_MODEL).await?, "SmolLM2-135M-Instruct".to_owned()),
    };
    let language_model = LanguageModel::new(tensors).map_err(|error| match &config.own_model {
        Some(own) => TaskError::Failed(format!("{} cannot be used. {error}", own.name)),
        None => error.into(),
    })?;
    let encoder = Encoder::new(loading.tensors(store::ENCODER).await?)?;
    let mut notes = loading.end().await;
    notes.extend_from_slice(language_model.notes());
    let heads = config.heads.iter().map(head_of).collect::<Result<_, _>>()?;
    let models = Models { language_model, scorer: Scorer::with_heads(encoder, heads)? };
    let ready = Rc::new(Ready { config, models, generator });
    shared.borrow_mut().ready = Some(ready.clone());
    Ok(prepared(&ready, notes))
}

fn prepared(ready: &Ready, notes: Vec<String>) -> Prepared {
    Prepared {
        values: ready.models.scorer.all_values(),
        generator: ready.generator.clone(),
        memory: memory(),
        notes,
    }
}

/// Bytes of this worker's WebAssembly memory; it never shrinks, so this is also its peak.
fn memory() -> u64 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
    u64::from(buffer.byte_length())
}

pub(super) async fn draw(task: &Task<Drawing>, call: DrawCall) -> Result<Drawn, TaskError> {
    let work = &task.work;
    let ready = work.shared.borrow().ready.clone();
    let Some(ready) = ready else {
        return Err(TaskError::Failed("The models are not loaded in this worker. Try again.".into()));
    };
    let mut draw = Draw::new(&ready.models, &call.prompt, &call.sampling)?;
    let mut reported = f64::NEG_INFINITY;
    loop {
        let was_scoring = draw.scoring();
        if !draw.step(&ready.models, || event_loop::now() / 1000.0)? {
            break;
        }
        let now = event_loop::now();
        if now - reported >= REPORT_EVERY || draw.scoring() != was_scoring {
            reported = now;
            task.report(Drawing { texts: draw.texts(), tokens: draw.tokens(), scoring: draw.scoring() });
        }
        event_loop::until_messages_are_in().await;
        while work.is_held() && !work.is_cancelled() {
            pauses::a_moment().await;
        }
        work.go_on()?;
    }
    draw.finish().ok_or_else(|| TaskError::Failed("The answers were not scored.".into()))
}

/// Measures the value of a head on every answer of a set.
pub(super) async fn score(task: &Task<Scoring>, call: Score) -> Result<Scored, TaskError> {
    let Score { set, head } = call;
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
    let report = |loading| task.report(Scoring::Loading(loading));
    let mut loading = store::Loads::start(&task.work, &report, &[store::ENCODER], 0).await?;
    let encoder = Encoder::new(loading.tensors(store::ENCODER).await?)?;
    let notes = loading.end().await;
    let scorer = Scorer::with_heads(encoder, vec![head])?;
    let no_value = || TaskError::Failed("The head holds no value.".into());
    let value = scorer.all_values().pop().ok_or_else(no_value)?;
    let total = set.answers.len();
    let mut rewards = Vec::with_capacity(total);
    let mut prompt = None;
    let mut reported = f64::NEG_INFINITY;
    for answer in &set.answers {
        let text = set.prompts.get(answer.prompt).map_or("", String::as_str);
        let read = match prompt.take() {
            Some((at, read)) if at == answer.prompt => read,
            _ => scorer.prompt(text)?,
        };
        // Only the head's own reward is taken, so the fluency does not matter.
        rewards.push(scorer.score(&read, &answer.text, 0.0)?.pop().ok_or_else(no_value)?);
        prompt = Some((answer.prompt, read));
        let now = event_loop::now();
        if now - reported >= REPORT_EVERY {
            reported = now;
            task.report(Scoring::Answers { done: rewards.len(), total });
            event_loop::until_messages_are_in().await;
            task.work.go_on()?;
        }
    }
    Ok(Scored { value, rewards, notes })
}

/// The value that a head file adds.
pub(super) fn read_head(file: &HeadFile) -> Result<Value, TaskError> {
    let Head { name, unit, .. } = head_of(file)?;
    Ok(Value { name, unit, measured: String::new() })
}

fn head_of(file: &HeadFile) -> Result<Head, TaskError> {
    Head::from_file(&file.name, &file.bytes, encoder::WIDTH)
        .map_err(|error| TaskError::Failed(error.to_string()))
}
