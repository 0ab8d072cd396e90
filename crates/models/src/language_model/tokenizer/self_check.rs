//! Whether a tokenizer gives a text back as it was.

use std::collections::HashSet;

use super::byte_level::bytes_of_letters;
use super::sentence_piece::SPACE;
use super::{Tokens, Vocabulary, refused};
use crate::ModelError;

/// Letters, digits, punctuation, accents, other scripts, pictures, spaces, and ends of lines.
const TEXT: &str = "The quick brown fox, aged 12345.67, can't jump over 3 dogs; it's TIRED!\n\n  Grüße aus Köln: \
    naïve façade, Ærø, ½ €.\tДа, 日本語 (¿sí?) \u{1f600}\u{1f1eb}\u{1f1ee} <b>\"x\" & 'y'</b>   {1+1=2} \\o/ ~^`|@#$%*_[]\n";

/// Splits the text and puts it together again. A small vocabulary need not have every character; of those
/// that it has, all must come back.
///
/// # Errors
/// When they do not, or it has none.
pub(super) fn check(tokens: &Tokens, vocabulary: &Vocabulary) -> Result<(), ModelError> {
    let words: HashSet<&str> = vocabulary.ids.keys().map(String::as_str).collect();
    let letters = bytes_of_letters();
    let mut of_bytes = [const { None }; 256];
    for (letter, byte) in letters {
        of_bytes[usize::from(byte)] = Some(letter.to_string());
    }
    let has_byte = |byte: u8| {
        if tokens.pieces.bytes_only() {
            of_bytes[usize::from(byte)].as_deref().is_some_and(|letter| words.contains(letter))
        } else {
            words.contains(format!("<0x{byte:02X}>").as_str())
        }
    };
    let has = |c: char| {
        let itself = if c == ' ' { SPACE.to_owned() } else { c.to_string() };
        let whole = !tokens.pieces.bytes_only() && words.contains(itself.as_str());
        whole || c.to_string().bytes().all(has_byte)
    };
    let text: String = TEXT.chars().filter(|c| has(*c)).collect();
    if !text.chars().any(char::is_alphabetic) {
        return refused(
            "Its vocabulary has no letters, so no prompt can be written with it. Take another file of the model.",
        );
    }
    let back = tokens.there_and_back(&text)?;
    if back == text {
        return Ok(());
    }
    let at = text.chars().zip(back.chars()).take_while(|(a, b)| a == b).count();
    let after: String = text.chars().skip(at.saturating_sub(8)).take(16).collect();
    refused(format!(
        "Its tokenizer does not give a text back as it was (a trial text changed near {after:?}), so what \
            the model reads would not be what was written. Take another file of the model."
    ))
}
