//! Opening a model of one's own as the page does.
#![allow(dead_code, reason = "each test uses a part")]

use palette_models::ModelError;
use palette_models::language_model::{Draft, Generation, LanguageModel};
use palette_models::tensors::GgufFile;
use palette_tables::Sampling;

/// Reads a file as the worker does: its head first, then tensor by tensor.
pub(crate) fn open(bytes: &[u8]) -> Result<LanguageModel, ModelError> {
    let file = GgufFile::read(bytes, bytes.len() as u64)?;
    file.check()?;
    let (places, mut tensors) = file.into_tensors();
    for place in places {
        tensors.add(&place, &bytes[place.start as usize..place.end as usize])?;
    }
    LanguageModel::new(tensors)
}

/// The likeliest answer of so many tokens, without a system sentence.
pub(crate) fn answer(model: &LanguageModel, prompt: &str, max_tokens: usize) -> Result<Draft, ModelError> {
    let sampling = Sampling {
        answers: 1,
        max_tokens,
        temperature: 0.0,
        top_k: 0,
        top_p: 1.0,
        seed: 1,
        system: Some(String::new()),
    };
    let mut generation = Generation::new(model, prompt, &sampling)?;
    while generation.step(model)? {}
    Ok(generation.take().remove(0))
}
