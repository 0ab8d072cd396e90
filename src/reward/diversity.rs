//! Diversity of a text's wording.

use std::collections::HashSet;

/// Π over n = 2, 3, 4 of distinct n-grams / (n-grams + 1), on lower-cased words (the MAP paper's measure); 0 to 1, higher for wording
/// that does not repeat itself. Texts of fewer than four words lack n-grams of some length and score 0.
pub fn diversity(text: &str) -> f64 {
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    (2..=4)
        .map(|n| {
            let all = words.len().saturating_sub(n - 1);
            let distinct: HashSet<&[String]> = words.windows(n).collect();
            distinct.len() as f64 / (all + 1) as f64
        })
        .product()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_texts() {
        // Five distinct words: 4/5 · 3/4 · 2/3.
        assert!((diversity("The cat sat down quietly.") - 0.4).abs() < 1e-12);
        // One word four times: 1/4 · 1/3 · 1/2.
        assert!((diversity("no No, NO no!") - 1.0 / 24.0).abs() < 1e-12);
        assert_eq!(diversity(""), 0.0);
        assert_eq!(diversity("too short here"), 0.0);
        assert!(diversity(&(0..50).map(|i| format!("w{i} ")).collect::<String>()) > 0.9);
    }
}
