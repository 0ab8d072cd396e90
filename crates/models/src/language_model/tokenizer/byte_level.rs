//! Byte-level BPE: every byte is written as a letter, and merges are in a list, the soonest first.

use std::collections::HashMap;

use tokenizers::Tokenizer;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::normalizers::NFC;
use tokenizers::pre_tokenizers::sequence::Sequence;

use super::pieces::Pieces;
use super::split::Split;
use super::user_defined::UserDefined;
use super::{Made, USER_DEFINED, Vocabulary, failed, refused};
use crate::ModelError;
use crate::gguf::shown;
use crate::tensors::Tensors;

/// The byte that each letter stands for: printable ones for themselves, the others for letters from 256 on.
pub(super) fn bytes_of_letters() -> HashMap<char, u8> {
    let itself = |byte: &u8| matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
    let others = (0..=u8::MAX).filter(|byte| !itself(byte));
    let letters = (256u32..).filter_map(char::from_u32);
    let own = (0..=u8::MAX).filter(itself).map(|byte| (char::from(byte), byte));
    own.chain(letters.zip(others)).collect()
}

/// What a token writes: bytes by their letters, or, where it has other letters, those.
fn written(word: &str, bytes: &HashMap<char, u8>) -> Vec<u8> {
    let all: Option<Vec<u8>> = word.chars().map(|c| bytes.get(&c).copied()).collect();
    all.unwrap_or_else(|| word.as_bytes().to_vec())
}

pub(super) fn make(tensors: &mut Tensors, vocabulary: &Vocabulary) -> Result<Made, ModelError> {
    let (split, notes) = Split::of(tensors.metadata().text("tokenizer.ggml.pre")?, vocabulary)?;
    let merges = merges(tensors, vocabulary)?;
    let ignore = tensors.metadata().flag("tokenizer.ggml.ignore_merges")?.unwrap_or(split.ignores_merges());
    let ids: Vocab = vocabulary.ids.iter().map(|(word, id)| (word.clone(), *id)).collect();
    let bpe = BPE::builder().vocab_and_merges(ids, merges).ignore_merges(ignore).build().map_err(failed)?;
    let mut tokenizer = Tokenizer::new(bpe);
    tokenizer.with_pre_tokenizer(Some(Sequence::new(split.steps()?)));
    if split.composes() {
        tokenizer.with_normalizer(Some(NFC)).map_err(failed)?;
    }
    let letters = bytes_of_letters();
    let pieces = vocabulary.words.iter().zip(&vocabulary.kinds).map(|(word, kind)| {
        if *kind == USER_DEFINED { word.as_bytes().to_vec() } else { written(word, &letters) }
    });
    let user_defined = UserDefined::of(vocabulary, str::to_owned);
    Ok(Made { tokenizer, pieces: Pieces::of_bytes(pieces), user_defined, begins: split.begins(), notes })
}

fn merges(tensors: &mut Tensors, vocabulary: &Vocabulary) -> Result<Vec<(String, String)>, ModelError> {
    let ids = &vocabulary.ids;
    let pair = |merge: String| {
        let at = merge.char_indices().skip(1).find(|(_, c)| *c == ' ').map(|(at, _)| at);
        let (a, b) = merge.split_at_checked(at?)?;
        let b = &b[1..];
        let whole = ids.contains_key(a) && ids.contains_key(b) && ids.contains_key(&format!("{a}{b}"));
        whole.then(|| (a.to_owned(), b.to_owned()))
    };
    let list = tensors.take_texts("tokenizer.ggml.merges")?;
    let mut merges = Vec::with_capacity(list.len());
    for merge in list {
        let name = shown(&merge);
        match pair(merge) {
            Some(pair) => merges.push(pair),
            None => {
                return refused(format!(
                    "Its list of merges has “{name}”, which is not two tokens of its vocabulary that make a \
                        third. Take another file of the model."
                ));
            }
        }
    }
    Ok(merges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_a_letter_of_its_own() {
        let letters = bytes_of_letters();
        assert_eq!(letters.len(), 256);
        for (letter, byte) in [('A', b'A'), ('Ġ', b' '), ('Ċ', b'\n'), ('Ã', 0xc3), ('Ń', 0xad)] {
            assert_eq!(letters.get(&letter), Some(&byte), "{letter}");
        }
        assert_eq!(written("Ġé", &letters), [b' ', 0xe9]);
        assert_eq!(written("<|日|>", &letters), "<|日|>".as_bytes());
    }
}
