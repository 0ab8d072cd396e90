//! Whole files, to be read, changed and written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::head::ALIGNMENT;
use super::metadata::put_text;
use super::{GgufError, Head, Kind, Metadata};

/// A tensor of a file, or for one.
pub struct Tensor<'a> {
    pub kind: Kind,
    /// The length of a row first, as the format has it.
    pub dimensions: Vec<u64>,
    pub bytes: Cow<'a, [u8]>,
}

/// A whole file. Names are in order, so what is written does not depend on the order of what was read.
#[derive(Default)]
pub struct Contents<'a> {
    pub metadata: Metadata,
    pub tensors: BTreeMap<String, Tensor<'a>>,
}

impl<'a> Contents<'a> {
    /// Reads a whole file.
    ///
    /// # Errors
    /// As [`Head::read`].
    pub fn read(bytes: &'a [u8]) -> Result<Self, GgufError> {
        let Head { metadata, places } = Head::read(bytes, bytes.len() as u64)?;
        let mut tensors = BTreeMap::new();
        for place in places {
            // The head holds every place against the length of the file.
            let bytes = bytes.get(place.start as usize..place.end as usize).unwrap_or_default();
            let dimensions = place.shape.iter().rev().map(|d| *d as u64).collect();
            tensors.insert(place.name, Tensor { kind: place.kind, dimensions, bytes: bytes.into() });
        }
        Ok(Contents { metadata, tensors })
    }

    /// The bytes of a file of version 2.
    pub fn write(&self) -> Vec<u8> {
        let aligned = |length: usize| length.next_multiple_of(ALIGNMENT as usize);
        let mut out = b"GGUF".to_vec();
        out.extend(2u32.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend((self.metadata.len() as u64).to_le_bytes());
        self.metadata.put(&mut out);
        let mut offset = 0;
        for (name, tensor) in &self.tensors {
            put_text(&mut out, name.as_bytes());
            out.extend((tensor.dimensions.len() as u32).to_le_bytes());
            out.extend(tensor.dimensions.iter().flat_map(|d| d.to_le_bytes()));
            out.extend((tensor.kind as u32).to_le_bytes());
            out.extend((offset as u64).to_le_bytes());
            offset += aligned(tensor.bytes.len());
        }
        for bytes in self.tensors.values().map(|tensor| &tensor.bytes) {
            out.resize(aligned(out.len()), 0);
            out.extend_from_slice(bytes);
        }
        out.resize(aligned(out.len()), 0);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description() -> Metadata {
        let mut metadata = Metadata::default();
        metadata.set_text("general.architecture", "bert");
        metadata.set_texts("tokenizer.ggml.tokens", ["a", "bé"].into_iter());
        metadata
    }

    #[test]
    fn what_is_written_is_read_and_written_alike() {
        let tensor = |kind, dimensions: &[u64], bytes: Vec<u8>| Tensor {
            kind,
            dimensions: dimensions.to_vec(),
            bytes: bytes.into(),
        };
        let file = Contents {
            metadata: description(),
            tensors: BTreeMap::from([
                ("b".into(), tensor(Kind::F32, &[3], (0..12).collect())),
                ("a".into(), tensor(Kind::Q8_0, &[32, 2], (0..68).collect())),
            ]),
        };
        let bytes = file.write();
        let again = Contents::read(&bytes).expect("a file");
        assert_eq!(again.metadata.text("general.architecture"), Ok(Some("bert")));
        assert_eq!(again.metadata.texts("tokenizer.ggml.tokens"), Ok(Some(vec!["a".into(), "bé".into()])));
        assert_eq!((again.tensors["a"].kind, &again.tensors["a"].dimensions[..]), (Kind::Q8_0, &[32, 2][..]));
        assert_eq!(again.tensors["b"].bytes, file.tensors["b"].bytes);
        assert_eq!(again.write(), bytes);
        assert!(bytes.len().is_multiple_of(ALIGNMENT as usize));
        for length in 0..bytes.len() - ALIGNMENT as usize {
            assert!(Contents::read(&bytes[..length]).is_err(), "cut off at {length}");
        }
    }

    #[test]
    fn values_of_every_type_are_written_as_they_stood() {
        let mut bytes = b"GGUF\x02\0\0\0".to_vec();
        bytes.extend(0u64.to_le_bytes());
        let values: [(u32, &[u8]); 12] = [
            (0, &[200]),
            (1, &[0x80]),
            (2, &[1, 255]),
            (3, &[1, 255]),
            (4, &[1, 2, 3, 255]),
            (5, &[1, 2, 3, 255]),
            (6, &[0, 0, 0x80, 0xbf]),
            (7, &[1]),
            (9, &[5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0]),
            (10, &[1, 2, 3, 4, 5, 6, 7, 255]),
            (11, &[1, 2, 3, 4, 5, 6, 7, 255]),
            (12, &[1, 2, 3, 4, 5, 6, 7, 0x40]),
        ];
        bytes.extend((values.len() as u64).to_le_bytes());
        for (kind, value) in values {
            put_text(&mut bytes, format!("key {kind:02}").as_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(value);
        }
        bytes.resize(bytes.len().next_multiple_of(ALIGNMENT as usize), 0);
        assert_eq!(Contents::read(&bytes).expect("a file").write(), bytes);
    }

    #[test]
    fn changed_bytes_are_read_or_refused() {
        let tensor = || Tensor { kind: Kind::F32, dimensions: vec![3], bytes: vec![0; 12].into() };
        let tensors = BTreeMap::from([("a".into(), tensor()), ("b".into(), tensor())]);
        let whole = Contents { metadata: description(), tensors }.write();
        let mut refused = 0;
        for at in 0..whole.len() {
            for byte in 0..=u8::MAX {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                match Contents::read(&bytes) {
                    Ok(read) => assert!(read.tensors.values().all(|t| t.bytes.len() <= bytes.len())),
                    Err(_) => refused += 1,
                }
            }
        }
        assert!(refused > 20_000, "{refused}");
        let mut twice = whole.clone();
        let at = whole.windows(9).rposition(|w| w == b"\x01\0\0\0\0\0\0\0b").expect("the name");
        twice[at + 8] = b'a';
        assert!(Contents::read(&twice).is_err_and(|e| e.to_string().contains("twice")));
    }
}
