//! The description of a model: keys with values. Lists stay in the file's own bytes until they are asked for,
//! so a description takes no more room than it has in the file.

use std::collections::BTreeMap;

use super::GgufError;
use super::reader::Reader;
use super::shown;

/// Types of values, by the format's own numbers.
const FLOAT: u32 = 6;
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

/// A value with the type that it has in the file.
#[derive(Clone, Debug)]
struct Entry {
    kind: u32,
    value: Value,
}

/// A whole description.
#[derive(Clone, Debug, Default)]
pub struct Metadata(BTreeMap<String, Entry>);

/// Bytes of a value of a type; of a text, those of its length.
fn size(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=FLOAT => Some(4),
        STRING | 10..=12 => Some(8),
        _ => None,
    }
}

/// A text with its length before it.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &[u8]) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend_from_slice(text);
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
        FLOAT => Value::Float(f32::from_bits(whole as u32).into()),
        12 => Value::Float(f64::from_bits(whole)),
        7 if whole <= 1 => Value::Flag(whole == 1),
        _ => return None,
    })
}

fn entry(reader: &mut Reader, key: &str) -> Result<Entry, GgufError> {
    let damaged =
        |what: String| GgufError::Refused(format!("Its key {} {what}. Download it again.", shown(key)));
    let kind = reader.u32()?;
    if kind == STRING {
        return Ok(Entry { kind, value: Value::Text(reader.text()?.into()) });
    }
    if kind != LIST {
        let size = size(kind).ok_or_else(|| damaged(format!("has a value of the unknown type {kind}")))?;
        let value = scalar(kind, reader.take(size)?);
        let value = value.ok_or_else(|| damaged("is neither true nor false".into()))?;
        return Ok(Entry { kind, value });
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
    Ok(Entry { kind: LIST, value: Value::List { kind, count, bytes: reader.since(start).into() } })
}

impl Metadata {
    /// Reads `count` keys with their values.
    pub(crate) fn read(reader: &mut Reader, count: u64) -> Result<Self, GgufError> {
        let mut metadata = Metadata::default();
        for _ in 0..count {
            let key = reader.name()?;
            let entry = entry(reader, key)?;
            if metadata.0.insert(key.to_owned(), entry).is_some() {
                return Err(GgufError::Refused(format!(
                    "It has the key {} twice, so it does not say which of the two holds. Take another file \
                        of the model.",
                    shown(key)
                )));
            }
        }
        Ok(metadata)
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key).map(|entry| &entry.value)
    }

    /// Number of keys.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Puts a text in, or in place of another value.
    pub fn set_text(&mut self, key: &str, text: &str) {
        self.0.insert(key.into(), Entry { kind: STRING, value: Value::Text(text.as_bytes().into()) });
    }

    /// Puts a list of texts in, or in place of another value.
    pub fn set_texts<'a>(&mut self, key: &str, texts: impl ExactSizeIterator<Item = &'a str>) {
        let (count, mut bytes) = (texts.len(), Vec::new());
        texts.for_each(|text| put_text(&mut bytes, text.as_bytes()));
        let value = Value::List { kind: STRING, count, bytes: bytes.into() };
        self.0.insert(key.into(), Entry { kind: LIST, value });
    }

    /// Puts all keys with their values behind `out`, as they stand in files.
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        for (key, Entry { kind, value }) in &self.0 {
            put_text(out, key.as_bytes());
            out.extend(kind.to_le_bytes());
            match value {
                Value::Integer(x) => {
                    let length = size(*kind).map_or(0, |size| size as usize);
                    out.extend(x.to_le_bytes().iter().take(length));
                }
                Value::Float(x) if *kind == FLOAT => out.extend((*x as f32).to_le_bytes()),
                Value::Float(x) => out.extend(x.to_le_bytes()),
                Value::Flag(flag) => out.push(u8::from(*flag)),
                Value::Text(text) => put_text(out, text),
                Value::List { kind, count, bytes } => {
                    out.extend(kind.to_le_bytes());
                    out.extend((*count as u64).to_le_bytes());
                    out.extend_from_slice(bytes);
                }
            }
        }
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is such a key.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Takes over what `other` has.
    pub fn extend(&mut self, other: Metadata) {
        self.0.extend(other.0);
    }

    /// Drops a key (lists of tokens are large).
    pub fn drop(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// Whether the value says nothing: zero, false, or empty.
    pub fn is_nothing(&self, key: &str) -> bool {
        match self.get(key) {
            None | Some(Value::Integer(0) | Value::Flag(false)) => true,
            Some(Value::Float(x)) => *x == 0.0,
            Some(Value::Text(text)) => text.is_empty(),
            Some(Value::List { count, .. }) => *count == 0,
            Some(_) => false,
        }
    }

    /// A whole number from 0 on; `None` where there is no such key.
    ///
    /// # Errors
    /// When the value is something else, or differs from layer to layer.
    pub fn count(&self, key: &str) -> Result<Option<usize>, GgufError> {
        match self.get(key) {
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
                    _ => Err(GgufError::Refused(format!(
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
    ///
    /// # Errors
    /// When the value is something else.
    pub fn number(&self, key: &str) -> Result<Option<f64>, GgufError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Float(x)) if x.is_finite() => Ok(Some(*x)),
            Some(Value::Integer(x)) => Ok(Some(*x as f64)),
            Some(_) => Err(wrong(key, "is no number")),
        }
    }

    /// True or false.
    ///
    /// # Errors
    /// When the value is something else.
    pub fn flag(&self, key: &str) -> Result<Option<bool>, GgufError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Flag(flag)) => Ok(Some(*flag)),
            Some(_) => Err(wrong(key, "is neither true nor false")),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// When the value is something else.
    pub fn text(&self, key: &str) -> Result<Option<&str>, GgufError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Text(text)) => match std::str::from_utf8(text) {
                Ok(text) => Ok(Some(text)),
                Err(_) => Err(wrong(key, "is no text in UTF-8")),
            },
            Some(_) => Err(wrong(key, "is no text")),
        }
    }

    /// A list of texts.
    ///
    /// # Errors
    /// When the value is something else.
    pub fn texts(&self, key: &str) -> Result<Option<Vec<String>>, GgufError> {
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
    ///
    /// # Errors
    /// When the value is something else.
    pub fn integers(&self, key: &str) -> Result<Option<Vec<i32>>, GgufError> {
        self.scalars(key, |value| if let Value::Integer(x) = value { i32::try_from(x).ok() } else { None })
    }

    /// A list of finite numbers.
    ///
    /// # Errors
    /// When the value is something else.
    pub fn numbers(&self, key: &str) -> Result<Option<Vec<f32>>, GgufError> {
        self.scalars(key, |value| match value {
            Value::Float(x) if x.is_finite() => Some(x as f32),
            Value::Integer(x) => Some(x as f32),
            _ => None,
        })
    }

    fn scalars<T>(&self, key: &str, read: impl Fn(Value) -> Option<T>) -> Result<Option<Vec<T>>, GgufError> {
        let Some((_, bytes)) = self.list(key, |kind| kind != STRING)? else { return Ok(None) };
        let Some(Value::List { kind, .. }) = self.get(key) else { return Ok(None) };
        let Some(size) = size(*kind) else { return Ok(None) };
        let all = bytes.chunks_exact(size as usize).enumerate().map(|(i, bytes)| {
            scalar(*kind, bytes)
                .and_then(&read)
                .ok_or_else(|| wrong(key, &format!("has a number at entry {i} that it cannot have")))
        });
        all.collect::<Result<_, _>>().map(Some)
    }

    /// Entries and bytes of a list whose type is `wanted`.
    fn list(&self, key: &str, wanted: impl Fn(u32) -> bool) -> Result<Option<(usize, &[u8])>, GgufError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::List { kind, count, bytes }) if wanted(*kind) => Ok(Some((*count, bytes))),
            Some(_) => Err(wrong(key, "is not a list of what it should be")),
        }
    }
}

fn wrong(key: &str, what: &str) -> GgufError {
    GgufError::Refused(format!("Its key {} {what}. Take another file of the model.", shown(key)))
}
