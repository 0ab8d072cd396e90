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

/// The version of the format.
const VERSION: u32 = 1;

impl Manifest {
    /// Whether it is one of this version whose files lie beside it.
    ///
    /// # Errors
    /// A sentence about the first thing in it that no manifest has.
    pub fn check(&self) -> Result<(), WeightsError> {
        let wrong = |what: String| Err(WeightsError::NoManifest(what));
        if self.version != VERSION {
            return wrong(format!("it is of version {}, not {VERSION}", self.version));
        }
        for (i, model) in self.models.iter().enumerate() {
            if self.models[..i].iter().any(|earlier| earlier.id == model.id) {
                return wrong(format!("it lists the model {:?} twice", model.id));
            }
            for shard in &model.shards {
                let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
                if shard.file.starts_with('.') || shard.file.is_empty() || !shard.file.chars().all(plain) {
                    return wrong(format!("{:?} is no name of a file beside it", shard.file));
                }
                let hexadecimal = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
                if shard.sha256.len() != 64 || !shard.sha256.chars().all(hexadecimal) {
                    return wrong(format!("it has no SHA-256 for the file {}", shard.file));
                }
            }
        }
        Ok(())
    }

    /// Bytes of all shards of all models.
    pub fn total_bytes(&self) -> u64 {
        self.models.iter().flat_map(|m| &m.shards).fold(0, |sum, s| sum.saturating_add(s.bytes))
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
    fn a_manifest_names_files_beside_it_and_their_hashes() {
        let shard = |file: &str, sha256: &str| Shard { file: file.into(), bytes: 3, sha256: sha256.into() };
        let manifest = |version, shards: Vec<Shard>| {
            let model = |id: &str| ModelFile {
                id: id.into(),
                name: String::new(),
                licence: String::new(),
                source: String::new(),
                shards: shards.clone(),
            };
            Manifest { version, models: vec![model("a"), model("b")] }
        };
        let hash = sha256_hex(b"abc");
        assert_eq!(manifest(1, vec![shard("a-1_b.gguf", &hash)]).check(), Ok(()));
        assert!(manifest(2, Vec::new()).check().is_err());
        for file in ["../a.gguf", "/etc/passwd", "", ".hidden", "a b", "https://x"] {
            assert!(manifest(1, vec![shard(file, &hash)]).check().is_err(), "{file}");
        }
        for hash in ["", "ABC", &hash[..63], &hash.to_uppercase()] {
            assert!(manifest(1, vec![shard("a.gguf", hash)]).check().is_err(), "{hash}");
        }
        let mut twice = manifest(1, Vec::new());
        twice.models[1].id = "a".into();
        assert!(twice.check().is_err());
    }

    #[test]
    fn a_shard_is_held_to_its_length_and_hash() {
        let shard = Shard { file: "a.gguf".into(), bytes: 3, sha256: sha256_hex(b"abc") };
        assert!(shard.sha256.starts_with("ba7816bf8f01cfea"));
        assert!(shard.verify(b"abc").is_ok());
        assert!(matches!(shard.verify(b"ab"), Err(WeightsError::CutOff { found: 2, .. })));
        assert!(matches!(shard.verify(b"abd"), Err(WeightsError::Corrupt { .. })));
    }
}
