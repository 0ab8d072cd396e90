//! Weights from a folder: the manifest and the shards beside it, checked.

use crate::ModelError;
use crate::tensors::Tensors;
use palette_weights::manifest::Manifest;
use std::path::Path;

/// The tensors of model `id`.
///
/// # Errors
/// A sentence that names the file which cannot be read, is no manifest, or is not the one that the manifest
/// lists.
pub fn tensors_in(folder: &Path, id: &str) -> Result<Tensors, ModelError> {
    let file = folder.join("manifest.json");
    let text = std::fs::read_to_string(&file).map_err(|e| {
        ModelError::Format(format!("{}: {e}; scripts/setup makes the weights", file.display()))
    })?;
    let manifest: Manifest = serde_json::from_str(&text)
        .map_err(|e| ModelError::Format(format!("{} is not a manifest of weights ({e})", file.display())))?;
    let mut tensors = Tensors::default();
    for shard in &manifest.model(id)?.shards {
        let file = folder.join(&shard.file);
        let bytes =
            std::fs::read(&file).map_err(|e| ModelError::Format(format!("{}: {e}", file.display())))?;
        shard.verify(&bytes)?;
        tensors.add_shard(&bytes)?;
    }
    Ok(tensors)
}
