//! The head of a GGUF file: its description, and where its tensors are.

use std::collections::BTreeSet;

use super::GgufError;
use super::kind::Kind;
use super::metadata::Metadata;
use super::reader::Reader;
use super::shown;

/// Where tensors begin unless the file says otherwise: at multiples of this.
pub(crate) const ALIGNMENT: u64 = 32;
/// The fewest bytes that a key with its value, and that a tensor takes in the head.
const LEAST_KEY: u64 = 13;
const LEAST_TENSOR: u64 = 24;
/// Most dimensions of a tensor in the format.
const DIMENSIONS: u32 = 4;

/// Where a tensor's bytes stand in its file, and what they are.
#[derive(Clone, Debug)]
pub struct Place {
    pub name: String,
    /// How its numbers are written.
    pub kind: Kind,
    /// Row-major: [out, in] for a matrix. No dimension is 0.
    pub shape: Vec<usize>,
    /// First byte, and the one after the last.
    pub start: u64,
    pub end: u64,
}

/// The head of a GGUF file.
pub struct Head {
    /// The description.
    pub metadata: Metadata,
    /// In the order in which they stand in the file, none over another.
    pub places: Vec<Place>,
}

fn refused<T>(sentence: String) -> Result<T, GgufError> {
    Err(GgufError::Refused(sentence))
}

impl Head {
    /// Reads the head of a file of `length` bytes from as many of its first bytes as are given.
    ///
    /// # Errors
    /// [`GgufError::NeedsMore`] when more of the head is needed than was given; else
    /// [`GgufError::Refused`] with the reason why this file cannot be read.
    pub fn read(start: &[u8], length: u64) -> Result<Self, GgufError> {
        let mut reader = Reader::new(start, length);
        if !start.starts_with(b"GGUF") {
            return refused(not_gguf(start));
        }
        reader.take(4)?;
        version(reader.u32()?)?;
        let (tensors, keys) = (reader.u64()?, reader.u64()?);
        for (count, least, what) in [(keys, LEAST_KEY, "keys"), (tensors, LEAST_TENSOR, "tensors")] {
            if count > length / least {
                return refused(format!(
                    "It is damaged: it says that it has {count} {what}, which its {length} bytes cannot \
                        hold. Download it again."
                ));
            }
        }
        let metadata = Metadata::read(&mut reader, keys)?;
        let alignment = alignment(&metadata)?;
        let mut names = BTreeSet::new();
        let mut places = Vec::new();
        for _ in 0..tensors {
            let place = tensor(&mut reader, alignment)?;
            if !names.insert(place.name.clone()) {
                return refused(format!(
                    "It has the tensor {} twice, so it does not say which of the two holds. Take another \
                        file of the model.",
                    shown(&place.name)
                ));
            }
            places.push(place);
        }
        // Offsets count from the end of the head.
        let data = (reader.at() as u64).next_multiple_of(alignment);
        for place in &mut places {
            let (start, end) = (place.start.checked_add(data), place.end.checked_add(data));
            match (start, end) {
                (Some(start), Some(end)) if end <= length => (place.start, place.end) = (start, end),
                _ => {
                    return refused(format!(
                        "It was cut off: the tensor {} lies beyond its end. Download it again.",
                        shown(&place.name)
                    ));
                }
            }
        }
        places.sort_by_key(|place| place.start);
        if let Some((a, b)) = places.iter().zip(places.iter().skip(1)).find(|(a, b)| b.start < a.end) {
            return refused(format!(
                "It is damaged: the tensors {} and {} lie over each other. Download it again.",
                shown(&a.name),
                shown(&b.name)
            ));
        }
        Ok(Head { metadata, places })
    }
}

/// What else a file is that is no GGUF file.
fn not_gguf(start: &[u8]) -> String {
    let known: [(&[u8], &str); 5] = [
        (b"PK", "a ZIP archive (or a PyTorch checkpoint)"),
        (b"lmgg", "a file of llama.cpp from before the summer of 2023 (GGML)"),
        (b"tjgg", "a file of llama.cpp from before the summer of 2023 (GGJT)"),
        (b"version https://git-lfs", "a pointer of Git LFS, which stands for the file"),
        (b"<", "a web page"),
    ];
    let found = known.iter().find(|(mark, _)| start.starts_with(mark));
    let safetensors = start.get(8) == Some(&b'{') && start.get(4..8) == Some(&[0; 4]);
    let is = match found {
        Some((_, is)) => format!(" It seems to be {is}."),
        None if safetensors => " It seems to be a safetensors file.".into(),
        None => String::new(),
    };
    format!(
        "It is no GGUF file: it does not begin with the letters GGUF.{is} Choose a model's file that ends in .gguf."
    )
}

fn version(version: u32) -> Result<(), GgufError> {
    match version {
        2 | 3 => Ok(()),
        0 | 1 => refused(format!(
            "It is a GGUF file of version {version}, from 2023; versions 2 and 3 are read. Take a newer file \
                of the model."
        )),
        _ if version.swap_bytes() <= 0xffff => refused(
            "It is big-endian: it was made for machines such as s390x. Take the usual, little-endian file of \
                the model."
                .into(),
        ),
        _ => refused(format!(
            "It is a GGUF file of version {version}; versions 2 and 3 are read. Take another file of the model."
        )),
    }
}

fn alignment(metadata: &Metadata) -> Result<u64, GgufError> {
    let said = metadata.count("general.alignment")?;
    match said.map_or(ALIGNMENT, |a| a as u64) {
        alignment if alignment.is_power_of_two() && alignment >= 8 => Ok(alignment),
        alignment => refused(format!(
            "It is damaged: it says that its tensors are aligned to {alignment} bytes (general.alignment); \
                only powers of two from 8 on are possible. Download it again, or take another file of the model."
        )),
    }
}

/// Reads one entry of the list of tensors; the bytes' places count from where all tensors begin.
fn tensor(reader: &mut Reader, alignment: u64) -> Result<Place, GgufError> {
    let name = reader.name()?.to_owned();
    let damaged = |what: String| {
        refused(format!("It is damaged: the tensor {} {what}. Download it again.", shown(&name)))
    };
    let dimensions = reader.u32()?;
    if !(1..=DIMENSIONS).contains(&dimensions) {
        return damaged(format!("has {dimensions} dimensions"));
    }
    let mut sizes = Vec::with_capacity(DIMENSIONS as usize);
    for _ in 0..dimensions {
        sizes.push(reader.u64()?);
    }
    let number = reader.u32()?;
    let offset = reader.u64()?;
    let kind = match Kind::of(number) {
        Ok(kind) => kind,
        Err(kind) => {
            return refused(format!(
                "Its tensor {} has weights of the kind {kind}, which this program cannot read. Take the file \
                    of the model with Q8_0, Q6_K, Q4_K, Q4_0 or IQ4_NL in its name.",
                shown(&name)
            ));
        }
    };
    let (numbers, bytes) = kind.block();
    let count = sizes.iter().try_fold(1u64, |n, d| n.checked_mul(*d)).filter(|n| *n > 0);
    let length = count.and_then(|n| (n / numbers).checked_mul(bytes));
    let (Some(length), true) = (length, sizes[0].is_multiple_of(numbers)) else {
        return damaged(format!(
            "has the shape {sizes:?}, which weights of the kind {} cannot have",
            kind.name()
        ));
    };
    let Some(end) = offset.checked_add(length).filter(|_| offset.is_multiple_of(alignment)) else {
        return damaged(format!("begins at byte {offset}, where none can begin"));
    };
    let shape = sizes.iter().rev().map(|d| usize::try_from(*d)).collect::<Result<Vec<_>, _>>();
    match shape {
        Ok(shape) => Ok(Place { name, kind, shape, start: offset, end }),
        Err(_) => damaged(format!("has the impossible shape {sizes:?}")),
    }
}
