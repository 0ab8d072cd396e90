//! Words of a text, as the statistics count them.

use std::collections::HashSet;

/// The lower-cased words of `text`: runs of letters, digits and apostrophes.
pub(super) fn words(lower: &str) -> impl Iterator<Item = &str> {
    lower.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|w| !w.is_empty())
}

/// The different words of `text`, lower-cased.
pub fn different_words(text: &str) -> HashSet<String> {
    words(&text.to_lowercase()).map(str::to_string).collect()
}

/// How many different words of `answer` are not in `prompt`: what the answer adds. A repeated question adds
/// none.
pub fn new_words(prompt: &HashSet<String>, answer: &str) -> usize {
    different_words(answer).difference(prompt).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_added_counts() {
        let prompt = different_words("Where do cows sleep?");
        assert_eq!(new_words(&prompt, "Cows sleep in the barn, in the straw."), 4);
        assert_eq!(new_words(&prompt, "Where do cows sleep? WHERE DO COWS SLEEP?"), 0);
        assert_eq!(new_words(&prompt, " …"), 0);
    }
}
