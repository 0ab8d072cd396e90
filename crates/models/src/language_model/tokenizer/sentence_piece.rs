//! SentencePiece's BPE: of all pairs that stand side by side, the one whose token has the highest score is
//! merged first.

use tokenizers::Tokenizer;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::normalizers::{NormalizerWrapper, Prepend, Replace, Sequence as Normalizers};

use super::pieces::Pieces;
use super::user_defined::UserDefined;
use super::{BYTE, Made, NORMAL, UNKNOWN, Vocabulary, failed, refused};
use crate::ModelError;
use crate::gguf::shown;
use crate::tensors::Tensors;

/// What stands for a space in the tokens.
pub(super) const SPACE: &str = "▁";
/// Longest token in bytes; every place in it could be that of a merge.
const LONGEST: usize = 512;

pub(super) fn make(tensors: &mut Tensors, vocabulary: &Vocabulary) -> Result<Made, ModelError> {
    let metadata = tensors.metadata();
    for key in ["tokenizer.ggml.scores", "tokenizer.ggml.token_type"] {
        if !metadata.has(key) {
            return Err(ModelError::MissingMetadata(key.into()));
        }
    }
    let scores = metadata.numbers("tokenizer.ggml.scores")?.unwrap_or_default();
    let words = &vocabulary.words;
    if scores.len() != words.len() {
        return refused(format!(
            "Its vocabulary has {} tokens, and {} scores of tokens: the file is damaged. Download it again.",
            words.len(),
            scores.len()
        ));
    }
    let space_before = metadata.flag("tokenizer.ggml.add_space_prefix")?.unwrap_or(true);
    let merges = merges(vocabulary, &scores)?;
    // Letters that are no token become their bytes; where the bytes are no tokens either, this one.
    let unknown = vocabulary.kinds.iter().position(|kind| *kind == UNKNOWN).map(|at| words[at].clone());
    let ids: Vocab = vocabulary.ids.iter().map(|(word, id)| (word.clone(), *id)).collect();
    let mut bpe = BPE::builder().vocab_and_merges(ids, merges).fuse_unk(true).byte_fallback(true);
    if let Some(unknown) = unknown.filter(|unknown| vocabulary.ids.contains_key(unknown)) {
        bpe = bpe.unk_token(unknown);
    }
    let mut tokenizer = Tokenizer::new(bpe.build().map_err(failed)?);
    let spaces = NormalizerWrapper::Replace(Replace::new(" ", SPACE).map_err(failed)?);
    let before = space_before.then(|| NormalizerWrapper::Prepend(Prepend::new(SPACE.into())));
    let normalizers = before.into_iter().chain([spaces]).collect();
    tokenizer.with_normalizer(Some(Normalizers::new(normalizers))).map_err(failed)?;
    let pieces = words.iter().zip(&vocabulary.kinds).map(|(word, kind)| match byte(word) {
        Some(byte) if *kind == BYTE => vec![byte],
        _ => word.replace(SPACE, " ").into_bytes(),
    });
    let pieces = Pieces::of_words(pieces, space_before);
    // Newer files have spaces in these words, older ones the letter that stands for them.
    let user_defined = UserDefined::of(vocabulary, |word| word.replace(SPACE, " "));
    Ok(Made { tokenizer, pieces, user_defined, begins: true, notes: Vec::new() })
}

/// The byte that a token such as `<0x0A>` stands for.
fn byte(word: &str) -> Option<u8> {
    let digits = word.strip_prefix("<0x")?.strip_suffix('>')?;
    (digits.len() == 2).then(|| u8::from_str_radix(digits, 16).ok())?
}

/// All merges that make a normal token of two, the highest score first.
fn merges(vocabulary: &Vocabulary, scores: &[f32]) -> Result<Vec<(String, String)>, ModelError> {
    let Vocabulary { words, kinds, ids } = vocabulary;
    let usual = |id: u32| kinds[id as usize] == NORMAL;
    let mut merges: Vec<(f32, u32, u32)> = Vec::new();
    // Of two tokens with the same text, merges make the one that text becomes.
    for (token, id) in words.iter().zip(0u32..).filter(|(word, id)| usual(*id) && ids.get(*word) == Some(id))
    {
        if token.len() > LONGEST {
            return refused(format!(
                "Its vocabulary has a token of {} bytes, {}; the longest that is read has {LONGEST}. Take another model.",
                token.len(),
                shown(token)
            ));
        }
        for (at, _) in token.char_indices().skip(1) {
            if let (Some(&left), Some(&right)) = (ids.get(&token[..at]), ids.get(&token[at..]))
                && usual(left)
                && usual(right)
            {
                merges.push((scores[id as usize], left, right));
            }
        }
    }
    merges.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let word = |id: u32| words[id as usize].clone();
    Ok(merges.into_iter().map(|(_, left, right)| (word(left), word(right))).collect())
}
