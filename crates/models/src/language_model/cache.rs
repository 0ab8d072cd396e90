//! Keys and values of what was read: one prefix that all samples share, and each sample's own tokens.
//! Allocated once.

use std::ops::Range;
use std::sync::Mutex;

/// Positions whose keys stand side by side, so that a query meets all of them at once.
pub(super) const SIDE_BY_SIDE: usize = 8;

pub(super) struct Cache {
    /// Key-value heads × head width.
    width: usize,
    prefix: usize,
    own: usize,
    /// Each layer's by itself, so that they find room in what loading the models left free.
    layers: Vec<Layer>,
}

struct Layer {
    /// [blocks of the prefix | samples × blocks of one][width][8 positions].
    keys: Vec<f32>,
    /// [prefix | samples × own][width].
    values: Vec<f32>,
}

/// Keys and values of some tokens in a row.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub tokens: usize,
    /// [blocks][width][8 positions].
    pub keys: &'a [f32],
    /// [tokens][width].
    pub values: &'a [f32],
}

fn blocks(tokens: usize) -> usize {
    tokens.div_ceil(SIDE_BY_SIDE)
}

impl Cache {
    /// Bytes of a cache for so many tokens.
    pub(super) fn bytes(layers: usize, width: usize, tokens: usize) -> u64 {
        2 * size_of::<f32>() as u64 * (layers * tokens) as u64 * width as u64
    }

    pub(super) fn new(layers: usize, width: usize, prefix: usize, samples: usize, own: usize) -> Self {
        let layer = || Layer {
            keys: vec![0.0; (blocks(prefix) + samples * blocks(own)) * SIDE_BY_SIDE * width],
            values: vec![0.0; (prefix + samples * own) * width],
        };
        Cache { width, prefix, own, layers: (0..layers).map(|_| layer()).collect() }
    }

    /// First block of keys, and first place of values, of the prefix or of a sample.
    fn starts(&self, sample: Option<usize>) -> (usize, usize) {
        sample.map_or((0, 0), |s| (blocks(self.prefix) + s * blocks(self.own), self.prefix + s * self.own))
    }

    pub(super) fn store(
        &mut self,
        layer: usize,
        position: usize,
        sample: Option<usize>,
        key: &[f32],
        value: &[f32],
    ) {
        let (block, place) = self.starts(sample);
        let at = if sample.is_some() { position - self.prefix } else { position };
        let Layer { keys, values } = &mut self.layers[layer];
        let from = (block + at / SIDE_BY_SIDE) * SIDE_BY_SIDE * self.width + at % SIDE_BY_SIDE;
        for (to, key) in keys[from..].iter_mut().step_by(SIDE_BY_SIDE).zip(key) {
            *to = *key;
        }
        let from = (place + at) * self.width;
        values[from..from + self.width].copy_from_slice(value);
    }

    /// What a token at `position` sees, itself included: of the prefix, and of its sample.
    pub(super) fn seen(&self, layer: usize, position: usize, sample: Option<usize>) -> [Seen<'_>; 2] {
        let own = if sample.is_some() { position + 1 - self.prefix } else { 0 };
        [self.run(layer, None, (position + 1).min(self.prefix)), self.run(layer, sample, own)]
    }

    fn run(&self, layer: usize, sample: Option<usize>, tokens: usize) -> Seen<'_> {
        let (keys, values) = self.places(sample, tokens);
        let layer = &self.layers[layer];
        Seen { tokens, keys: &layer.keys[keys], values: &layer.values[values] }
    }

    /// Where, in each layer, the keys and the values of the first `tokens` tokens stand.
    fn places(&self, sample: Option<usize>, tokens: usize) -> (Range<usize>, Range<usize>) {
        let (block, place) = self.starts(sample);
        let each = SIDE_BY_SIDE * self.width;
        (block * each..(block + blocks(tokens)) * each, place * self.width..(place + tokens) * self.width)
    }
}

/// The beginning of the prompt that was read last. Chats begin alike, with the system prompt, and what is
/// read depends on what comes before it alone: so the next prompt need not read that part again, and comes
/// out the same.
#[derive(Default)]
pub(super) struct PrefixCache(Mutex<Beginning>);

#[derive(Default)]
struct Beginning {
    tokens: Vec<u32>,
    /// Keys in whole blocks.
    layers: Vec<Layer>,
}

impl PrefixCache {
    /// Most tokens that are kept: more than a usual system prompt has.
    const MOST: usize = 64;

    /// Puts what `prompt` has in common with the last one into `cache`, and says how many tokens that is:
    /// never all, as the last must be read.
    pub(super) fn recall(&self, prompt: &[u32], cache: &mut Cache) -> usize {
        let Ok(last) = self.0.lock() else { return 0 };
        let common = prompt
            .iter()
            .zip(&last.tokens)
            .take_while(|(a, b)| a == b)
            .count()
            .min(prompt.len().saturating_sub(1));
        let (keys, values) = cache.places(None, common);
        for (to, from) in cache.layers.iter_mut().zip(&last.layers) {
            // The last block may hold keys of later tokens: they are written over before they are seen.
            to.keys[keys.clone()].copy_from_slice(&from.keys[keys.clone()]);
            to.values[values.clone()].copy_from_slice(&from.values[values.clone()]);
        }
        common
    }

    /// Keeps the beginning of a prompt that has been read into `cache`.
    pub(super) fn keep(&self, prompt: &[u32], cache: &Cache) {
        let Ok(mut last) = self.0.lock() else { return };
        let count = prompt.len().min(Self::MOST);
        last.tokens = prompt[..count].to_vec();
        let (keys, values) = cache.places(None, count);
        let of = |layer: &Layer| Layer {
            keys: layer.keys[keys.clone()].to_vec(),
            values: layer.values[values.clone()].to_vec(),
        };
        last.layers = cache.layers.iter().map(of).collect();
    }
}
