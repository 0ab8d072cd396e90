//! Drawing with a language model from the person's disk.

use crate::app::format::gigabytes;
use crate::app::state::Page;
use crate::client::device::usual_workers;
use gloo_file::futures::read_as_bytes;
use gloo_file::{Blob, File};
use leptos::prelude::*;
use palette_protocol::{OwnFile, OwnModel};
use std::sync::atomic::{AtomicU32, Ordering};

/// WebAssembly holds at most 4 GB, and the model is not alone in there.
const LARGEST: f64 = 3.5e9;
/// Share of the memory that a worker may take before there is a warning.
const MUCH: f64 = 0.25;

/// Why a file cannot be a model, in a sentence.
fn refusal(name: &str, bytes: f64) -> Option<String> {
    if !name.to_ascii_lowercase().ends_with(".gguf") {
        Some(not_gguf(name))
    } else if bytes > LARGEST {
        Some(format!(
            "{name} has {}, and WebAssembly holds at most 4 GB. Choose a smaller model, or one with fewer \
                bits per weight.",
            gigabytes(bytes)
        ))
    } else if bytes == 0.0 {
        Some(format!("{name} is empty. It may not have been downloaded to its end."))
    } else {
        None
    }
}

fn not_gguf(name: &str) -> String {
    format!(
        "{name} is not a GGUF file. Choose a model of the llama or the Qwen2 family in the GGUF format, such as \
            SmolLM2, TinyLlama or Qwen2.5."
    )
}

/// A warning of a model that fills much of the memory. `memory` in gigabytes, as far as the browser tells.
pub fn memory_warning(bytes: f64, workers: usize, memory: Option<f64>) -> Option<String> {
    let memory = memory?;
    let each = bytes / 1e9;
    (each > MUCH * memory).then(|| {
        let in_all = if workers > 1 {
            format!(", and {workers} workers take {} in all", gigabytes(bytes * workers as f64))
        } else {
            String::new()
        };
        format!(
            "A worker takes at least {} for this model{in_all}; this device says that it has {memory} GB. \
                The page may run out of memory.",
            gigabytes(bytes)
        )
    })
}

/// Counts the files that were chosen.
static CHOICES: AtomicU32 = AtomicU32::new(0);

/// The first bytes of every GGUF file.
const MAGIC: &[u8] = b"GGUF";

/// Draws with the model in this file from now on, if it can be one.
pub async fn choose(page: Page, file: File) {
    match admit(file.name(), &file).await {
        Ok(model) => draw_with(page, model),
        Err(reason) => page.notify_error(reason),
    }
}

/// The model in a file, if it can be one. The error is a sentence.
pub async fn admit(name: String, file: &Blob) -> Result<OwnModel, String> {
    let bytes = file.size();
    if let Some(reason) = refusal(&name, bytes as f64) {
        return Err(reason);
    }
    if begins_with_magic(file).await == Some(false) {
        return Err(not_gguf(&name));
    }
    let choice = CHOICES.fetch_add(1, Ordering::Relaxed);
    let file: &web_sys::Blob = file.as_ref();
    Ok(OwnModel { name, choice, bytes, file: OwnFile::new(file.into()) })
}

/// Draws with this model from now on.
pub fn draw_with(page: Page, model: OwnModel) {
    replace(page, Some(model));
    page.answers.workers.set(1);
}

/// Draws with the page's own model again.
pub fn put_away(page: Page) {
    replace(page, None);
    page.answers.workers.set(usual_workers());
}

/// `None` when the file cannot be read now; the worker then says why.
async fn begins_with_magic(file: &Blob) -> Option<bool> {
    let start = file.slice(0, MAGIC.len() as u64);
    Some(read_as_bytes(&start).await.ok()? == MAGIC)
}

/// Another model, or the page's own again. What was being drawn with the old one cannot go on.
fn replace(page: Page, model: Option<OwnModel>) {
    let state = page.answers;
    if let Some(old) = state.own_model.get_untracked() {
        let used = state.task.with_value(|task| {
            task.as_ref().is_some_and(|task| task.config.own_model.as_ref() == Some(&old))
        });
        if used {
            state.left.set(0);
        }
    }
    state.own_model.set(model);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_files_are_refused_in_a_sentence() {
        assert_eq!(refusal("tiny.GGUF", 6e8), None);
        assert!(refusal("tiny.safetensors", 6e8).is_some_and(|words| words.contains("GGUF")));
        assert!(
            refusal("large.gguf", 3.6e9)
                .is_some_and(|words| words.contains("3.6 GB") && words.contains("at most 4 GB"))
        );
        assert!(refusal("empty.gguf", 0.0).is_some_and(|words| words.contains("empty")));
    }

    #[test]
    fn much_memory_is_warned_of() {
        assert_eq!(memory_warning(6e8, 1, Some(8.0)), None);
        assert_eq!(memory_warning(3e9, 1, None), None);
        assert!(
            memory_warning(3e9, 2, Some(8.0)).is_some_and(|words| words.contains("2 workers take 6.0 GB"))
        );
    }
}
