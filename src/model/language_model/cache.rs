//! Keys and values of what was read: one prefix that all samples share, and each sample's own tokens. Allocated once.

use std::ops::Range;
use std::sync::Mutex;

pub(super) struct Cache {
    /// Key-value heads × head width.
    width: usize,
    layers: usize,
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
        Cache { width, layers, prefix, own, samples, keys: vec![0.0; size], values: vec![0.0; size] }
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

    /// Where the first `tokens` of the prefix stand in a layer.
    fn beginning(&self, layer: usize, tokens: usize) -> Range<usize> {
        let start = self.at(layer, 0, None);
        start..start + tokens * self.width
    }
}

/// The beginning of the prompt that was read last. Chats begin alike, with the system prompt, and what is read depends on what comes before it alone:
/// so the next prompt need not read that part again, and comes out the same.
#[derive(Default)]
pub(super) struct Remembered(Mutex<Beginning>);

#[derive(Default)]
struct Beginning {
    tokens: Vec<u32>,
    /// [layer][tokens][width], keys and values apart.
    keys: Vec<f32>,
    values: Vec<f32>,
}

impl Remembered {
    /// Most tokens that are kept: more than a usual system prompt has.
    const MOST: usize = 64;

    /// Puts what `prompt` has in common with the last one into `cache`, and says how many tokens that is: never all, as the last must be read.
    pub(super) fn recall(&self, prompt: &[u32], cache: &mut Cache) -> usize {
        let Ok(last) = self.0.lock() else { return 0 };
        let common = prompt.iter().zip(&last.tokens).take_while(|(a, b)| a == b).count().min(prompt.len().saturating_sub(1));
        for layer in 0..cache.layers {
            let from = layer * last.tokens.len() * cache.width;
            let (from, to) = (from..from + common * cache.width, cache.beginning(layer, common));
            cache.keys[to.clone()].copy_from_slice(&last.keys[from.clone()]);
            cache.values[to].copy_from_slice(&last.values[from]);
        }
        common
    }

    /// Keeps the beginning of a prompt that has been read into `cache`.
    pub(super) fn keep(&self, prompt: &[u32], cache: &Cache) {
        let Ok(mut last) = self.0.lock() else { return };
        let count = prompt.len().min(Self::MOST);
        last.tokens = prompt[..count].to_vec();
        last.keys = (0..cache.layers).flat_map(|l| &cache.keys[cache.beginning(l, count)]).copied().collect();
        last.values = (0..cache.layers).flat_map(|l| &cache.values[cache.beginning(l, count)]).copied().collect();
    }
}
