//! Weights from the disk: a folder with the manifest and the shards beside it, or a GGUF file of the
//! person's, checked.

use crate::ModelError;
use crate::tensors::{GgufFile, Tensors};
use palette_weights::manifest::Manifest;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes that are read first, in the hope that the description ends there; and the most that a description
/// may have.
const HEAD: u64 = 4 << 20;
const LARGEST_HEAD: u64 = 64 << 20;

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
    manifest.check()?;
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

/// The tensors of a GGUF file, read piece by piece as the page does it.
///
/// # Errors
/// A sentence that says why the file cannot be read or used.
pub fn tensors_of_file(path: &Path) -> Result<Tensors, ModelError> {
    let unreadable = |e: std::io::Error| ModelError::Format(format!("the file cannot be read: {e}"));
    let mut file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let mut piece = |from: u64, to: u64| -> Result<Vec<u8>, ModelError> {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(from)).map_err(unreadable)?;
        (&file).take(to - from).read_to_end(&mut bytes).map_err(unreadable)?;
        Ok(bytes)
    };
    let mut head = HEAD.min(length);
    let gguf = loop {
        match GgufFile::read(&piece(0, head)?, length) {
            Err(ModelError::Format(_)) if head < length.min(LARGEST_HEAD) => head = (head * 4).min(length),
            read => break read?,
        }
    };
    gguf.check()?;
    let (places, mut tensors) = gguf.into_tensors();
    for place in places {
        tensors.add(&place, &piece(place.start, place.end)?)?;
    }
    Ok(tensors)
}
