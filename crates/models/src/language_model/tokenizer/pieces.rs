//! What each token writes.

/// The bytes of every token, one after another.
pub(super) struct Pieces {
    bytes: Vec<u8>,
    /// Where each token ends in `bytes`.
    ends: Vec<usize>,
    /// Whether a text's first space was put before it by the tokenizer.
    space_before: bool,
    bytes_only: bool,
}

impl Pieces {
    /// Of tokens that stand for bytes and nothing else.
    pub(super) fn of_bytes(tokens: impl Iterator<Item = Vec<u8>>) -> Self {
        Self::new(tokens, false, true)
    }

    /// Of SentencePiece's tokens.
    pub(super) fn of_words(tokens: impl Iterator<Item = Vec<u8>>, space_before: bool) -> Self {
        Self::new(tokens, space_before, false)
    }

    fn new(tokens: impl Iterator<Item = Vec<u8>>, space_before: bool, bytes_only: bool) -> Self {
        let mut pieces = Pieces { bytes: Vec::new(), ends: Vec::new(), space_before, bytes_only };
        for token in tokens {
            pieces.bytes.extend(token);
            pieces.ends.push(pieces.bytes.len());
        }
        pieces
    }

    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn bytes_only(&self) -> bool {
        self.bytes_only
    }

    fn piece(&self, token: u32) -> &[u8] {
        let at = token as usize;
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        match (start, self.ends.get(at)) {
            (Some(start), Some(end)) => &self.bytes[start..*end],
            _ => &[],
        }
    }

    /// What one token writes wherever it stands.
    pub(super) fn written(&self, token: u32) -> String {
        String::from_utf8_lossy(self.piece(token)).into_owned()
    }

    /// The text that tokens write; what is no text is a replacement letter.
    pub(super) fn text(&self, tokens: &[u32]) -> String {
        let bytes: Vec<u8> = tokens.iter().flat_map(|token| self.piece(*token)).copied().collect();
        let bytes = match bytes.strip_prefix(b" ") {
            Some(rest) if self.space_before => rest,
            _ => &bytes,
        };
        String::from_utf8_lossy(bytes).into_owned()
    }
}
