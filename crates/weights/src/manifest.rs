//! The list of weights that a page was built for, and the check of what arrives against it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::WeightsError;

/// `weights/manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format; 1.
    pub version: u32,
    pub models: Vec<ModelFile>,
}

/// One model, split into shards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    /// `language-model` or `encoder`.
    pub id: String,
    /// Name shown to people.
    pub name: String,
    pub licence: String,
    /// Package and file that it was made from, with the file's SHA-256.
    pub source: String,
    pub shards: Vec<Shard>,
}

/// One file beside the manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shard {
    pub file: String,
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Bytes of all shards of all models.
    pub fn total_bytes(&self) -> u64 {
        self.models.iter().flat_map(|m| &m.shards).map(|s| s.bytes).sum()
    }

    /// The model called `id`.
    pub fn model(&self, id: &str) -> Result<&ModelFile, WeightsError> {
        self.models.iter().find(|m| m.id == id).ok_or_else(|| WeightsError::NoModel(id.to_owned()))
    }
}

impl Shard {
    /// Checks length and SHA-256 of what arrived.
    pub fn verify(&self, bytes: &[u8]) -> Result<(), WeightsError> {
        if bytes.len() as u64 != self.bytes {
            return Err(WeightsError::CutOff {
                file: self.file.clone(),
                found: bytes.len() as u64,
                expected: self.bytes,
            });
        }
        if sha256_hex(bytes) != self.sha256 {
            return Err(WeightsError::Corrupt { file: self.file.clone() });
        }
        Ok(())
    }
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_held_to_its_length_and_hash() {
        let shard = Shard { file: "a.gguf".into(), bytes: 3, sha256: sha256_hex(b"abc") };
        assert!(shard.sha256.starts_with("ba7816bf8f01cfea"));
        assert!(shard.verify(b"abc").is_ok());
        assert!(matches!(shard.verify(b"ab"), Err(WeightsError::CutOff { found: 2, .. })));
        assert!(matches!(shard.verify(b"abd"), Err(WeightsError::Corrupt { .. })));
    }
}
