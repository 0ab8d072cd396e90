//! Words that a file defines beside those that merges make (the type `USER_DEFINED`). They stand in texts as
//! they are: a text is parted at them before anything else is done with it, the longest word first, as
//! llama.cpp does. Control tokens are not among them, since what a person writes must not become one.

use super::{USER_DEFINED, Vocabulary};

/// The words as they stand in texts, with their ids, the longest first.
pub(super) struct UserDefined(Vec<(String, u32)>);

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part<'t> {
    /// What lies between two words; never empty.
    Text(&'t str),
    Word(u32),
}

impl UserDefined {
    /// Those of a vocabulary; `written` makes the text out of a token.
    pub(super) fn of(vocabulary: &Vocabulary, written: impl Fn(&str) -> String) -> Self {
        let all = vocabulary.words.iter().zip(&vocabulary.kinds).zip(0u32..);
        // Of two with the same text the first; none that are marks of a template.
        let own =
            all.filter(|((word, kind), id)| **kind == USER_DEFINED && vocabulary.ids.get(*word) == Some(id));
        let mut words: Vec<(String, u32)> = own.map(|((word, _), id)| (written(word), id)).collect();
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        UserDefined(words)
    }

    /// The text in parts, in order.
    pub(super) fn parts<'t>(&self, text: &'t str) -> Vec<Part<'t>> {
        let mut parts: Vec<Part> = (!text.is_empty()).then_some(Part::Text(text)).into_iter().collect();
        for (word, id) in self.0.iter().filter(|(word, _)| text.contains(word)) {
            let mut finer = Vec::with_capacity(parts.len());
            for part in parts {
                let Part::Text(text) = part else {
                    finer.push(part);
                    continue;
                };
                for (i, between) in text.split(word).enumerate() {
                    finer.extend((i > 0).then_some(Part::Word(*id)));
                    finer.extend((!between.is_empty()).then_some(Part::Text(between)));
                }
            }
            parts = finer;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_words_part_a_text_before_shorter_ones() {
        let words = ["x", "ab", "bcd", "bcd", ""].map(str::to_owned).to_vec();
        let ids = [("x", 0), ("ab", 1), ("bcd", 2)].map(|(word, id)| (word.to_owned(), id)).into();
        let vocabulary = Vocabulary { words, kinds: vec![1, 4, 4, 4, 4], ids };
        let own = UserDefined::of(&vocabulary, str::to_owned);
        let (word, text) = (Part::Word, Part::Text);
        assert_eq!(own.parts("abcd"), [text("a"), word(2)]);
        assert_eq!(own.parts("ababx é bcd"), [word(1), word(1), text("x é "), word(2)]);
        assert_eq!(own.parts("none"), [text("none")]);
        assert!(own.parts("").is_empty());
    }
}
