//! A fixed split: which fold a row belongs to depends on the seed and its prompt (or its text) alone, so rows
//! of one prompt stay together.

use sha2::{Digest, Sha256};

/// Parts of like size; each is held out once.
pub(crate) const FOLDS: usize = 5;

/// A number that looks random but depends on `seed`, `purpose` and `text` only.
pub(crate) fn mix(seed: u64, purpose: &str, text: &str) -> u64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(purpose.as_bytes());
    hash.update([0]);
    hash.update(text.trim().to_lowercase().as_bytes());
    let digest = hash.finalize();
    u64::from_le_bytes(std::array::from_fn(|i| digest[i]))
}

/// The fold that `group` belongs to.
pub(crate) fn fold(seed: u64, group: &str) -> usize {
    (mix(seed, "fold", group) % FOLDS as u64) as usize
}

/// At most `count` of `items`, picked and ordered by the seed; of items with equal text, one.
pub(crate) fn sample<T>(mut items: Vec<T>, count: usize, seed: u64, text: impl Fn(&T) -> String) -> Vec<T> {
    items.sort_by_cached_key(|item| {
        let text = text(item);
        (mix(seed, "sample", &text), text)
    });
    items.dedup_by_key(|item| text(item).trim().to_lowercase());
    items.truncate(count);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_have_like_shares_and_do_not_move() {
        for wanted in 0..FOLDS {
            let count = (0..5000).filter(|i| fold(1, &i.to_string()) == wanted).count();
            assert!((900..1100).contains(&count), "{count}");
        }
        assert_eq!(fold(1, "A prompt"), fold(1, "a prompt "));
    }

    #[test]
    fn a_sample_has_no_doubles() {
        let items = vec!["a", "b", "A", "c"];
        let taken = sample(items, 10, 1, |t| t.to_string());
        assert_eq!(taken.len(), 3);
    }
}
