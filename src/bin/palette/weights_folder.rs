//! Weights from a folder: the manifest and the shards beside it, checked.

use std::path::Path;

use anyhow::{Context, Result};
use map_palette::model::manifest::Manifest;
use map_palette::model::tensors::Tensors;

/// The tensors of model `id`.
pub fn tensors(folder: &Path, id: &str) -> Result<Tensors> {
    let file = folder.join("manifest.json");
    let text =
        std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read; scripts/setup makes the weights", file.display()))?;
    let manifest: Manifest = serde_json::from_str(&text).with_context(|| format!("{} is not a manifest of weights", file.display()))?;
    let mut tensors = Tensors::default();
    for shard in &manifest.model(id)?.shards {
        let file = folder.join(&shard.file);
        let bytes = std::fs::read(&file).with_context(|| format!("The weights file {} cannot be read", file.display()))?;
        shard.verify(&bytes)?;
        tensors.add_shard(&bytes)?;
    }
    Ok(tensors)
}
