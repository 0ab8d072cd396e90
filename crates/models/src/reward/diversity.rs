//! How little an answer repeats itself.

use std::collections::HashSet;

use super::words::words;

/// Π over n = 2, 3, 4 of distinct n-grams / (n-grams + 1), on lower-cased words; from 0 (fewer than four
/// words) towards 1.
///
/// The product is that of Welleck et al. (2020) and of the MAP paper; the + 1 keeps short answers defined and
/// low.
pub fn diversity(text: &str) -> f64 {
    let lower = text.to_lowercase();
    let words: Vec<&str> = words(&lower).collect();
    (2..=4)
        .map(|n| {
            let all = words.windows(n);
            let count = all.len();
            let distinct: HashSet<&[&str]> = all.collect();
            distinct.len() as f64 / (count as f64 + 1.0)
        })
        .product()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        // Six different words: 5/6 · 4/5 · 3/4.
        assert!((diversity("One, two; three four. Five six!") - 0.5).abs() < 1e-12);
        // Six times the same word: 1/6 · 1/5 · 1/4.
        assert!((diversity("no No NO no, no no") - 1.0 / 120.0).abs() < 1e-12);
        // a b a b a: bigrams ab ba ab ba: 2/5; trigrams aba bab aba: 2/4; abab baba: 2/3.
        assert!((diversity("a b a b a") - 0.4 * 0.5 * 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn too_few_words_give_zero() {
        for text in ["", " \n", "?!", "three short words"] {
            assert_eq!(diversity(text), 0.0, "{text:?}");
        }
    }

    #[test]
    fn punctuation_and_case_do_not_matter() {
        assert_eq!(diversity("It's fine, it's FINE, really."), diversity("it's fine it's fine really"));
    }
}
