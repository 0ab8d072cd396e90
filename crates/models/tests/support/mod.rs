//! Where tests find weights and reference data.
#![allow(dead_code, reason = "each test uses a part")]

use palette_models::encoder::Encoder;
use palette_models::tensors::Tensors;
use palette_weights::manifest::Manifest;
use std::path::PathBuf;

fn from_env(name: &str, otherwise: &str) -> PathBuf {
    std::env::var_os(name)
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(otherwise), PathBuf::from)
}

/// A file of the reference data, if it is beside this checkout.
pub(crate) fn reference(file: &str) -> Option<String> {
    let found = std::fs::read_to_string(from_env("MAP_PALETTE_SHARED", "../../../shared").join(file)).ok();
    if found.is_none() {
        println!("skipped: {file} is not beside this checkout");
    }
    found
}

/// The tensors of the model `id`, verified, if the weights have been set up.
pub(crate) fn tensors(id: &str) -> Option<Tensors> {
    let folder = from_env("MAP_PALETTE_WEIGHTS", "../../public/weights");
    let Ok(text) = std::fs::read_to_string(folder.join("manifest.json")) else {
        println!("skipped: there are no weights in {}; scripts/setup makes them", folder.display());
        return None;
    };
    let manifest: Manifest = serde_json::from_str(&text).expect("the manifest");
    let mut tensors = Tensors::default();
    for shard in &manifest.model(id).expect("the model").shards {
        let bytes = std::fs::read(folder.join(&shard.file)).expect("a shard");
        shard.verify(&bytes).expect("a sound shard");
        tensors.add_shard(&bytes).expect("a GGUF file");
    }
    Some(tensors)
}

pub(crate) fn encoder() -> Option<Encoder> {
    tensors("encoder").map(|tensors| Encoder::new(tensors).expect("the encoder's weights are complete"))
}
