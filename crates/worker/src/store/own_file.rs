//! A model from the person's disk.

use super::progress::Progress;
use crate::task_error::TaskError;
use js_sys::Uint8Array;
use palette_models::ModelError;
use palette_models::tensors::{GgufFile, Tensors};
use palette_protocol::OwnModel;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// Bytes that are read first, in the hope that the description ends there; and the most that a description
/// may have.
const HEAD: u64 = 4 << 20;
const LARGEST_HEAD: u64 = 64 << 20;

/// Reads it tensor by tensor.
pub(super) async fn read(progress: &mut Progress<'_>, own: &OwnModel) -> Result<Tensors, TaskError> {
    let gone =
        || TaskError::Failed(format!("The file {} cannot be read any more. Choose it again.", own.name));
    let blob: &Blob = own.file.as_js().dyn_ref().ok_or_else(gone)?;
    let unusable = |error: ModelError| TaskError::Failed(format!("{} cannot be used. {error}", own.name));
    let piece = async |from: u64, to: u64| -> Result<Vec<u8>, TaskError> {
        let slice = blob.slice_with_f64_and_f64(from as f64, to as f64).map_err(|_| gone())?;
        let buffer = JsFuture::from(slice.array_buffer()).await.map_err(|_| gone())?;
        Ok(Uint8Array::new(&buffer).to_vec())
    };
    let mut head = HEAD.min(own.bytes);
    let file = loop {
        match GgufFile::read(&piece(0, head).await?, own.bytes) {
            Ok(file) => break file,
            Err(ModelError::Format(_)) if head < own.bytes.min(LARGEST_HEAD) => {
                head = (head * 4).min(own.bytes);
            }
            Err(error) => return Err(unusable(error)),
        }
    };
    file.check().map_err(unusable)?;
    let (places, mut tensors) = file.into_tensors();
    for place in places {
        progress.work.go_on()?;
        tensors.add(&place, &piece(place.start, place.end).await?).map_err(unusable)?;
        progress.add(place.end - place.start, &own.name, true);
    }
    Ok(tensors)
}
