//! Embeddings of many texts, each made once.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use palette_models::encoder::Encoder;
use palette_models::reward::{Head, Read, different_words, new_words};
use palette_weights::manifest::sha256_hex;
use rayon::prelude::*;

/// Texts that go through the encoder as one matrix.
const BATCH: usize = 32;
/// Texts between two writes of the cache.
const PART: usize = 1024;

pub(crate) struct Embeddings {
    by_text: HashMap<String, Vec<f32>>,
    width: usize,
}

impl Embeddings {
    /// Embeds every text, with all processors. `cache`, when given, is a file that keeps them for the next
    /// run.
    pub(crate) fn new(encoder: &Encoder, texts: BTreeSet<&str>, cache: Option<&Path>) -> Result<Self> {
        let width = encoder.width();
        let mut kept = match cache {
            Some(file) if file.exists() => read_cache(file, width)
                .with_context(|| format!("The embedding cache {} cannot be read", file.display()))?,
            _ => HashMap::new(),
        };
        let mut by_text = HashMap::new();
        let mut missing = Vec::new();
        for text in texts {
            match kept.remove(&sha256_hex(text.as_bytes())) {
                Some(embedding) => drop(by_text.insert(text.to_string(), embedding)),
                None => missing.push(text),
            }
        }
        eprintln!("{} texts to embed, {} kept from before", missing.len(), by_text.len());
        // Texts of like length together, so that the processors finish together.
        missing.sort_by_key(|text| text.len());
        let done = AtomicUsize::new(0);
        let embed = |texts: &[&str]| -> Result<Vec<(String, Vec<f32>)>> {
            let embeddings = encoder.embed_all(texts)?;
            let before = done.fetch_add(texts.len(), Ordering::Relaxed);
            if before / 2000 != (before + texts.len()) / 2000 {
                eprintln!("  {} of {}", before + texts.len(), missing.len());
            }
            Ok(texts.iter().map(|text| text.to_string()).zip(embeddings).collect())
        };
        // Part by part, so that a run that is broken off has kept what it did.
        for part in missing.chunks(PART) {
            let made: Vec<_> = part
                .par_chunks(BATCH)
                .map(embed)
                .collect::<Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect();
            if let Some(file) = cache {
                append_cache(file, &made)
                    .with_context(|| format!("The embedding cache {} cannot be written", file.display()))?;
            }
            by_text.extend(made);
        }
        Ok(Embeddings { by_text, width })
    }

    /// The embedding of a text; all zeros for no text.
    pub(crate) fn get(&self, text: &str) -> Result<Vec<f32>> {
        if text.is_empty() {
            return Ok(vec![0.0; self.width]);
        }
        self.by_text.get(text).cloned().context("a text was not embedded beforehand")
    }

    /// The reward of one answer whose texts were embedded before.
    pub(crate) fn reward(&self, head: &Head, prompt: &str, answer: &str) -> Result<f64> {
        let (p, a) = (self.get(prompt)?, self.get(answer)?);
        Ok(head.reward(Read {
            prompt: &p,
            answer: &a,
            new_words: new_words(&different_words(prompt), answer),
        }))
    }
}

/// The cache is a sequence of 64 hexadecimal digits (SHA-256 of the text) and `width` little-endian f32.
fn read_cache(file: &Path, width: usize) -> Result<HashMap<String, Vec<f32>>> {
    let bytes = std::fs::read(file)?;
    let record = 64 + 4 * width;
    ensure!(bytes.len().is_multiple_of(record), "it is cut off; delete it");
    let read = |chunk: &[u8]| {
        let (key, values) = chunk.split_at(64);
        let values = values.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        Ok((String::from_utf8(key.to_vec())?, values))
    };
    bytes.chunks_exact(record).map(read).collect()
}

fn append_cache(file: &Path, made: &[(String, Vec<f32>)]) -> Result<()> {
    let mut bytes = Vec::new();
    for (text, embedding) in made {
        bytes.extend(sha256_hex(text.as_bytes()).bytes());
        embedding.iter().for_each(|v| bytes.extend(v.to_le_bytes()));
    }
    Ok(std::fs::OpenOptions::new().create(true).append(true).open(file)?.write_all(&bytes)?)
}
