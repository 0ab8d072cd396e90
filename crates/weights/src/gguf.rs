//! GGUF files as far as conversion needs them: a description is carried over as it stands, a tensor is bytes.
//! The layout is that of <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

use std::borrow::Cow;
use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use half::f16;

/// Tensors begin at multiples of this.
const ALIGNMENT: usize = 32;
/// Numbers that share a scale in Q8_0.
const BLOCK: usize = 32;

/// What a tensor's bytes are, by the format's own numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Kind {
    F32 = 0,
    Q4_1 = 3,
    Q8_0 = 8,
}

impl Kind {
    fn new(number: u32) -> Result<Self> {
        [Kind::F32, Kind::Q4_1, Kind::Q8_0]
            .into_iter()
            .find(|kind| *kind as u32 == number)
            .with_context(|| format!("a tensor is of the kind {number}, which is not converted"))
    }

    /// Numbers of a block, and its bytes.
    fn block(self) -> (u64, u64) {
        match self {
            Kind::F32 => (1, 4),
            Kind::Q4_1 => (32, 20),
            Kind::Q8_0 => (32, 34),
        }
    }
}

/// A tensor of a file, or for one.
pub(crate) struct Tensor<'a> {
    pub kind: Kind,
    /// The length of a row first, as the format has it.
    pub dimensions: Vec<u64>,
    pub bytes: Cow<'a, [u8]>,
}

/// A whole file. Names are in order, so what is written does not depend on the order of what was read.
#[derive(Default)]
pub(crate) struct Gguf<'a> {
    /// For every key the value's type and the value, in the file's own bytes.
    pub metadata: BTreeMap<String, Cow<'a, [u8]>>,
    pub tensors: BTreeMap<String, Tensor<'a>>,
}

impl<'a> Gguf<'a> {
    /// Reads a file of version 2 or 3.
    ///
    /// # Errors
    /// When it is cut off, of another version or alignment, or has tensors of another [`Kind`].
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut reader = Reader { bytes, at: 0 };
        ensure!(reader.take(4)? == b"GGUF", "it does not begin with the letters GGUF");
        let version = reader.u32()?;
        ensure!((2..=3).contains(&version), "it is of version {version}; 2 and 3 are read");
        let (tensors, keys) = (reader.u64()?, reader.u64()?);
        let mut file = Gguf::default();
        for _ in 0..keys {
            let key = reader.text()?.to_owned();
            ensure!(key != "general.alignment", "it has an alignment of its own");
            let start = reader.at;
            let kind = reader.u32()?;
            reader.skip_value(kind)?;
            let value = bytes[start..reader.at].into();
            ensure!(file.metadata.insert(key.clone(), value).is_none(), "it has the key {key} twice");
        }
        let mut places = Vec::new();
        for _ in 0..tensors {
            let name = reader.text()?.to_owned();
            let dimensions = (0..reader.u32()?).map(|_| reader.u64()).collect::<Result<Vec<_>>>()?;
            places.push((name, dimensions, Kind::new(reader.u32()?)?, reader.u64()?));
        }
        let data = reader.at.next_multiple_of(ALIGNMENT);
        for (name, dimensions, kind, offset) in places {
            let (numbers, size) = kind.block();
            let count = dimensions.iter().try_fold(1u64, |n, d| n.checked_mul(*d));
            let length =
                count.filter(|n| n.is_multiple_of(numbers)).and_then(|n| (n / numbers).checked_mul(size));
            let place = length.zip(offset.checked_add(data as u64));
            let bytes = place
                .and_then(|(length, start)| bytes.get(start as usize..start.checked_add(length)? as usize))
                .with_context(|| format!("the tensor {name} lies outside it"))?;
            let tensor = Tensor { kind, dimensions, bytes: bytes.into() };
            ensure!(file.tensors.insert(name.clone(), tensor).is_none(), "it has the tensor {name} twice");
        }
        Ok(file)
    }

    /// The bytes of a file of version 2.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(2u32.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend((self.metadata.len() as u64).to_le_bytes());
        for (key, value) in &self.metadata {
            put_text(&mut out, key);
            out.extend_from_slice(value);
        }
        let mut offset = 0;
        for (name, tensor) in &self.tensors {
            put_text(&mut out, name);
            out.extend((tensor.dimensions.len() as u32).to_le_bytes());
            out.extend(tensor.dimensions.iter().flat_map(|d| d.to_le_bytes()));
            out.extend((tensor.kind as u32).to_le_bytes());
            out.extend((offset as u64).to_le_bytes());
            offset += tensor.bytes.len().next_multiple_of(ALIGNMENT);
        }
        for bytes in self.tensors.values().map(|tensor| &tensor.bytes) {
            out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
            out.extend_from_slice(bytes);
        }
        out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
        out
    }
}

/// A text as the value of a key.
pub(crate) fn text_value(text: &str) -> Vec<u8> {
    let mut out = STRING.to_le_bytes().to_vec();
    put_text(&mut out, text);
    out
}

/// A list of texts as the value of a key.
pub(crate) fn texts_value<'a>(texts: impl ExactSizeIterator<Item = &'a str>) -> Vec<u8> {
    let mut out = [ARRAY.to_le_bytes(), STRING.to_le_bytes()].concat();
    out.extend((texts.len() as u64).to_le_bytes());
    texts.for_each(|text| put_text(&mut out, text));
    out
}

/// Numbers as Q8_0: for every 32 an f16 scale, 127 steps to the largest, and 32 signed bytes.
///
/// # Errors
/// When rows are no multiple of 32 long.
pub(crate) fn q8_0(numbers: &[f32], row: usize) -> Result<Vec<u8>> {
    if row == 0 || !row.is_multiple_of(BLOCK) {
        bail!("rows of {row} numbers cannot be quantised; a multiple of {BLOCK} is needed");
    }
    let mut out = Vec::with_capacity(numbers.len() / BLOCK * (2 + BLOCK));
    for block in numbers.chunks_exact(BLOCK) {
        let scale = block.iter().fold(0f32, |most, x| most.max(x.abs())) / 127.0;
        let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
        out.extend(f16::from_f32(scale).to_le_bytes());
        out.extend(block.iter().map(|x| (x * inverse).round() as i8 as u8));
    }
    Ok(out)
}

/// Types of values.
const STRING: u32 = 8;
const ARRAY: u32 = 9;

fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8]> {
        let end = usize::try_from(count).ok().and_then(|count| self.at.checked_add(count));
        let taken = end.and_then(|end| self.bytes.get(self.at..end)).context("it is cut off")?;
        self.at += taken.len();
        Ok(taken)
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into()?))
    }

    fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into()?))
    }

    fn text(&mut self) -> Result<&'a str> {
        let length = self.u64()?;
        Ok(std::str::from_utf8(self.take(length)?)?)
    }

    fn skip_value(&mut self, kind: u32) -> Result<()> {
        let size = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            10..=12 => 8,
            STRING => self.u64()?,
            ARRAY => {
                let kind = self.u32()?;
                // Lists of lists would need a limit to how deep they go, and no model has them.
                ensure!(kind != ARRAY, "it describes itself by a list of lists");
                for _ in 0..self.u64()? {
                    self.skip_value(kind)?;
                }
                0
            }
            _ => bail!("a value is of the type {kind}, which is unknown"),
        };
        self.take(size).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_written_alike() {
        let numbers: Vec<f32> = (0..64).map(|i| i as f32 - 20.0).collect();
        let f32_bytes: Vec<u8> = numbers[..3].iter().flat_map(|x| x.to_le_bytes()).collect();
        let file = Gguf {
            metadata: BTreeMap::from([
                ("general.architecture".into(), text_value("bert").into()),
                ("tokenizer.ggml.tokens".into(), texts_value(["a", "bé"].into_iter()).into()),
            ]),
            tensors: BTreeMap::from([
                ("b".into(), Tensor { kind: Kind::F32, dimensions: vec![3], bytes: f32_bytes.into() }),
                (
                    "a".into(),
                    Tensor {
                        kind: Kind::Q8_0,
                        dimensions: vec![32, 2],
                        bytes: q8_0(&numbers, 32).unwrap().into(),
                    },
                ),
            ]),
        };
        let bytes = file.write();
        let again = Gguf::read(&bytes).unwrap();
        assert_eq!(again.metadata, file.metadata);
        assert_eq!(again.tensors["a"].dimensions, [32, 2]);
        assert_eq!(again.tensors["b"].bytes, file.tensors["b"].bytes);
        assert_eq!(again.write(), bytes);
        assert!(bytes.len().is_multiple_of(ALIGNMENT));
        for length in 0..bytes.len() - ALIGNMENT {
            assert!(Gguf::read(&bytes[..length]).is_err(), "cut off at {length}");
        }
    }

    #[test]
    fn changed_bytes_are_read_or_refused() {
        let tensor = || Tensor { kind: Kind::F32, dimensions: vec![3], bytes: vec![0; 12].into() };
        let file = Gguf {
            metadata: BTreeMap::from([
                ("general.name".into(), text_value("a").into()),
                ("tokenizer.ggml.tokens".into(), texts_value(["a", "b"].into_iter()).into()),
            ]),
            tensors: BTreeMap::from([("a".into(), tensor()), ("b".into(), tensor())]),
        };
        let whole = file.write();
        let mut refused = 0;
        for at in 0..whole.len() {
            for byte in 0..=u8::MAX {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                match Gguf::read(&bytes) {
                    Ok(read) => assert!(read.tensors.values().all(|t| t.bytes.len() <= bytes.len())),
                    Err(_) => refused += 1,
                }
            }
        }
        assert!(refused > 20_000, "{refused}");
        let mut twice = whole.clone();
        let at = whole.windows(9).rposition(|w| w == b"\x01\0\0\0\0\0\0\0b").expect("the name");
        twice[at + 8] = b'a';
        assert!(Gguf::read(&twice).is_err_and(|e| e.to_string().contains("twice")));
    }

    #[test]
    fn eight_bits_have_127_steps_to_the_largest_of_a_block() {
        let mut numbers = [0.0; 64];
        numbers[..4].copy_from_slice(&[254.0, -254.0, 3.0, -1.0]);
        let bytes = q8_0(&numbers, 64).unwrap();
        assert_eq!(bytes[..6], [0x00, 0x40, 127, 129, 2, 255]);
        assert_eq!(bytes[34..], [0; 34]);
        assert!(q8_0(&numbers, 16).is_err());
    }
}
