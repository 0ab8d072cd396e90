//! Keys and values of what was read: one prefix that all samples share, and each sample's own tokens. Allocated once.

pub(super) struct Cache {
    /// Key-value heads × head width.
    width: usize,
    prefix: usize,
    own: usize,
    samples: usize,
    /// [layer][prefix | samples × own][width], keys and values apart.
    keys: Vec<f32>,
    values: Vec<f32>,
}

impl Cache {
    /// Bytes of a cache for so many tokens.
    pub(super) fn bytes(layers: usize, width: usize, tokens: usize) -> u64 {
        2 * size_of::<f32>() as u64 * (layers * tokens) as u64 * width as u64
    }

    pub(super) fn new(layers: usize, width: usize, prefix: usize, samples: usize, own: usize) -> Self {
        let size = layers * (prefix + samples * own) * width;
        Cache { width, prefix, own, samples, keys: vec![0.0; size], values: vec![0.0; size] }
    }

    fn at(&self, layer: usize, position: usize, sample: Option<usize>) -> usize {
        let place = match sample {
            None => position,
            Some(s) => self.prefix + s * self.own + position - self.prefix,
        };
        (layer * (self.prefix + self.samples * self.own) + place) * self.width
    }

    pub(super) fn store(&mut self, layer: usize, position: usize, sample: Option<usize>, key: &[f32], value: &[f32]) {
        let at = self.at(layer, position, sample);
        self.keys[at..at + self.width].copy_from_slice(key);
        self.values[at..at + self.width].copy_from_slice(value);
    }

    /// Keys and values that a token at `position` sees, itself included: of the prefix, and of its sample. Each [tokens, width].
    pub(super) fn seen(&self, layer: usize, position: usize, sample: Option<usize>) -> [(&[f32], &[f32]); 2] {
        let start = self.at(layer, 0, None);
        let shared = start..start + (position + 1).min(self.prefix) * self.width;
        let own = match sample {
            Some(s) => {
                let start = self.at(layer, self.prefix, Some(s));
                start..start + (position + 1 - self.prefix) * self.width
            }
            None => start..start,
        };
        [(&self.keys[shared.clone()], &self.values[shared]), (&self.keys[own.clone()], &self.values[own])]
    }
}
