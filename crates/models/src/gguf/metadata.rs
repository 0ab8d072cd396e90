//! The description of a model: keys with values. Lists stay in the file's own bytes until they are asked for,
//! so a description takes no more room than it has in the file.

use std::collections::BTreeMap;

use super::reader::Reader;
use super::shown;
use crate::ModelError;

/// Types of values, by the format's own numbers.
const STRING: u32 = 8;
const LIST: u32 = 9;

/// A value of a description.
#[derive(Clone, Debug)]
enum Value {
    Integer(i128),
    Float(f64),
    Flag(bool),
    Text(Box<[u8]>),
    List { kind: u32, count: usize, bytes: Box<[u8]> },
}

/// A whole description.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metadata(BTreeMap<String, Value>);

/// Bytes of a value of a type; of a text, those of its length.
fn size(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        STRING | 10..=12 => Some(8),
        _ => None,
    }
}

/// A number of one of the types.
fn scalar(kind: u32, bytes: &[u8]) -> Option<Value> {
    let mut eight = [0; 8];
    eight.get_mut(..bytes.len())?.copy_from_slice(bytes);
    let whole = u64::from_le_bytes(eight);
    Some(match kind {
        0 | 2 | 4 | 10 => Value::Integer(whole.into()),
        1 => Value::Integer((whole as i8).into()),
        3 => Value::Integer((whole as i16).into()),
        5 => Value::Integer((whole as i32).into()),
        11 => Value::Integer((whole as i64).into()),
        6 => Value::Float(f32::from_bits(whole as u32).into()),
        12 => Value::Float(f64::from_bits(whole)),
        7 if whole <= 1 => Value::Flag(whole == 1),
        _ => return None,
    })
}

fn value(reader: &mut Reader, key: &str) -> Result<Value, ModelError> {
    let damaged =
        |what: String| ModelError::Unsupported(format!("Its key {} {what}. Download it again.", shown(key)));
    let kind = reader.u32()?;
    if kind == STRING {
        return Ok(Value::Text(reader.text()?.into()));
    }
    if kind != LIST {
        let size = size(kind).ok_or_else(|| damaged(format!("has a value of the unknown type {kind}")))?;
        return scalar(kind, reader.take(size)?).ok_or_else(|| damaged("is neither true nor false".into()));
    }
    let kind = reader.u32()?;
    let count = reader.u64()?;
    let size = size(kind).ok_or_else(|| damaged(format!("is a list of the unknown type {kind}")))?;
    // Before anything is taken or stored.
    let bytes = count.checked_mul(size).filter(|bytes| *bytes <= reader.left());
    let (Some(bytes), Ok(count)) = (bytes, usize::try_from(count)) else {
        return Err(damaged(format!("is a list of {count} entries, more than the file has room for")));
    };
    let start = reader.at();
    if kind == STRING {
        for _ in 0..count {
            reader.text()?;
        }
    } else {
        reader.take(bytes)?;
    }
    Ok(Value::List { kind, count, bytes: reader.since(start).into() })
}

impl Metadata {
    /// Reads `count` keys with their values.
    pub(super) fn read(reader: &mut Reader, count: u64) -> Result<Self, ModelError> {
        let mut metadata = Metadata::default();
        for _ in 0..count {
            let key = reader.name()?;
            let value = value(reader, key)?;
            if metadata.0.insert(key.to_owned(), value).is_some() {
                return Err(ModelError::Unsupported(format!(
                    "It has the key {} twice, so it does not say which of the two holds. Take another file \
                        of the model.",
                    shown(key)
                )));
            }
        }
        Ok(metadata)
    }

    /// All keys, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Takes over what `other` has.
    pub(crate) fn extend(&mut self, other: Metadata) {
        self.0.extend(other.0);
    }

    /// Drops a key (lists of tokens are large).
    pub(crate) fn drop(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// Whether the value says nothing: zero, false, or empty.
    pub(crate) fn is_nothing(&self, key: &str) -> bool {
        match self.0.get(key) {
            None | Some(Value::Integer(0) | Value::Flag(false)) => true,
            Some(Value::Float(x)) => *x == 0.0,
            Some(Value::Text(text)) => text.is_empty(),
            Some(Value::List { count, .. }) => *count == 0,
            Some(_) => false,
        }
    }

    /// A whole number from 0 on.
    pub(crate) fn count(&self, key: &str) -> Result<Option<usize>, ModelError> {
        match self.0.get(key) {
            None => Ok(None),
            Some(Value::Integer(x)) => match usize::try_from(*x) {
                Ok(count) if count <= u32::MAX as usize => Ok(Some(count)),
                _ => Err(wrong(key, &format!("is {x}, which no model can have"))),
            },
            // What differs from layer to layer is written as a list.
            Some(Value::List { .. }) => {
                let all = self.integers(key)?.unwrap_or_default();
                match all.first() {
                    Some(first) if *first >= 0 && all.iter().all(|x| x == first) => Ok(Some(*first as usize)),
                    _ => Err(ModelError::Unsupported(format!(
                        "Its layers differ in {}, which this program does not support. Take a model whose \
                            layers are alike.",
                        shown(key)
                    ))),
                }
            }
            Some(_) => Err(wrong(key, "is no whole number")),
        }
    }

    /// A finite number.
    pub(crate) fn number(&self, key: &str) -> Result<Option<f64>, ModelError> {
        match self.0.get(key) {
            None => Ok(None),
            Some(Value::Float(x)) if x.is_finite() => Ok(Some(*x)),
            Some(Value::Integer(x)) => Ok(Some(*x as f64)),
            Some(_) => Err(wrong(key, "is no number")),
        }
    }

    pub(crate) fn flag(&self, key: &str) -> Result<Option<bool>, ModelError> {
        match self.0.get(key) {
            None => Ok(None),
            Some(Value::Flag(flag)) => Ok(Some(*flag)),
            Some(_) => Err(wrong(key, "is neither true nor false")),
        }
    }

    pub(crate) fn text(&self, key: &str) -> Result<Option<&str>, ModelError> {
        match self.0.get(key) {
            None => Ok(None),
            Some(Value::Text(text)) => match std::str::from_utf8(text) {
                Ok(text) => Ok(Some(text)),
                Err(_) => Err(wrong(key, "is no text in UTF-8")),
            },
            Some(_) => Err(wrong(key, "is no text")),
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&self, key: &str) -> Result<Option<Vec<String>>, ModelError> {
        let Some((count, bytes)) = self.list(key, |kind| kind == STRING)? else { return Ok(None) };
        let mut texts = Vec::with_capacity(count);
        let mut reader = Reader::new(bytes, bytes.len() as u64);
        for i in 0..count {
            let text = std::str::from_utf8(reader.text()?);
            texts.push(
                text.map_err(|_| wrong(key, &format!("has no text in UTF-8 at entry {i}")))?.to_owned(),
            );
        }
        Ok(Some(texts))
    }

    /// A list of whole numbers.
    pub(crate) fn integers(&self, key: &str) -> Result<Option<Vec<i32>>, ModelError> {
        self.scalars(key, |value| if let Value::Integer(x) = value { i32::try_from(x).ok() } else { None })
    }

    /// A list of finite numbers.
    pub(crate) fn numbers(&self, key: &str) -> Result<Option<Vec<f32>>, ModelError> {
        self.scalars(key, |value| match value {
            Value::Float(x) if x.is_finite() => Some(x as f32),
            Value::Integer(x) => Some(x as f32),
            _ => None,
        })
    }

    fn scalars<T>(&self, key: &str, read: impl Fn(Value) -> Option<T>) -> Result<Option<Vec<T>>, ModelError> {
        let Some((_, bytes)) = self.list(key, |kind| kind != STRING)? else { return Ok(None) };
        let Some(Value::List { kind, .. }) = self.0.get(key) else { return Ok(None) };
        let Some(size) = size(*kind) else { return Ok(None) };
        let all = bytes.chunks_exact(size as usize).enumerate().map(|(i, bytes)| {
            scalar(*kind, bytes)
                .and_then(&read)
                .ok_or_else(|| wrong(key, &format!("has a number at entry {i} that it cannot have")))
        });
        all.collect::<Result<_, _>>().map(Some)
    }

    /// Entries and bytes of a list whose type is `wanted`.
    fn list(&self, key: &str, wanted: impl Fn(u32) -> bool) -> Result<Option<(usize, &[u8])>, ModelError> {
        match self.0.get(key) {
            None => Ok(None),
            Some(Value::List { kind, count, bytes }) if wanted(*kind) => Ok(Some((*count, bytes))),
            Some(_) => Err(wrong(key, "is not a list of what it should be")),
        }
    }
}

fn wrong(key: &str, what: &str) -> ModelError {
    ModelError::Unsupported(format!("Its key {} {what}. Take another file of the model.", shown(key)))
}
