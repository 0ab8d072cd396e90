//! The bytes of a file's head, taken one value after another; never more than there are.

use crate::GgufError;

/// A place in the first bytes of a file.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bytes of the whole file.
    length: u64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], length: u64) -> Self {
        Reader { bytes, at: 0, length }
    }

    /// Bytes taken so far.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Bytes of the whole file that are left.
    pub(super) fn left(&self) -> u64 {
        self.length.saturating_sub(self.at as u64)
    }

    /// The bytes from `start` up to here.
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// # Errors
    /// [`GgufError::NeedsMore`] when the file has more than was given, and that is needed;
    /// [`GgufError::Refused`] when the whole file has too little.
    pub(super) fn take(&mut self, count: u64) -> Result<&'a [u8], GgufError> {
        if count > self.left() {
            return Err(GgufError::Refused(
                "It was cut off or is damaged: its description goes on beyond its end. Download it again."
                    .into(),
            ));
        }
        let end = usize::try_from(count).ok().and_then(|count| self.at.checked_add(count));
        match end.and_then(|end| self.bytes.get(self.at..end)) {
            Some(taken) => {
                self.at += taken.len();
                Ok(taken)
            }
            None => Err(GgufError::NeedsMore(self.bytes.len())),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], GgufError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N as u64)?);
        Ok(array)
    }

    pub(super) fn u32(&mut self) -> Result<u32, GgufError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, GgufError> {
        self.array().map(u64::from_le_bytes)
    }

    /// A text with its length before it.
    pub(super) fn text(&mut self) -> Result<&'a [u8], GgufError> {
        let length = self.u64()?;
        self.take(length)
    }

    /// The name of a key or a tensor.
    pub(super) fn name(&mut self) -> Result<&'a str, GgufError> {
        let at = self.at;
        std::str::from_utf8(self.text()?).map_err(|_| {
            GgufError::Refused(format!(
                "It is damaged: the name at byte {at} of its description is no text. Download it again."
            ))
        })
    }
}
