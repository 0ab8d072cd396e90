//! The tokenizer as a model's file describes it: byte-level BPE, or SentencePiece's BPE with scores.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Value;
use tokenizers::decoders::byte_fallback::ByteFallback;
use tokenizers::decoders::fuse::Fuse;
use tokenizers::decoders::sequence::Sequence as Decoders;
use tokenizers::decoders::strip::Strip;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::normalizers::{NormalizerWrapper, Prepend, Replace, Sequence as Normalizers};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::tokenizer::normalizer::SplitDelimiterBehavior;
use tokenizers::{DecoderWrapper, PreTokenizerWrapper, Tokenizer};

use super::super::ModelError;
use super::super::tensors::Tensors;
use super::chat::{Part, Template};

/// How Llama 3 splits text before its merges.
const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// What stands for a space in SentencePiece's tokens.
const SPACE: &str = "▁";
/// Names of tokens that end an answer, in one family of models or another.
const ENDS: [&str; 7] =
    ["<|endoftext|>", "<|im_end|>", "</s>", "<|eot_id|>", "<|end_of_text|>", "<|end|>", "<|eom_id|>"];

pub(super) struct Tokens {
    tokenizer: Tokenizer,
    count: usize,
    template: Template,
    /// Ids of tokens that end an answer.
    ends: Vec<u32>,
    /// Ids of the tokens that a template or the end of an answer is made of, by name. They cannot be typed.
    special: HashMap<String, u32>,
}

fn failed(e: tokenizers::Error) -> ModelError {
    ModelError::Format(format!("the tokenizer cannot be made: {e}"))
}

impl Tokens {
    pub(super) fn new(tensors: &mut Tensors) -> Result<Self, ModelError> {
        let vocabulary = strings(tensors.take_metadata("tokenizer.ggml.tokens")?, "tokenizer.ggml.tokens")?;
        let count = vocabulary.len();
        let text = |tensors: &Tensors, key: &str| {
            tensors.metadata(key).ok().and_then(|v| v.to_string().ok().cloned())
        };
        let template = Template::of(text(tensors, "tokenizer.chat_template").as_deref());
        let special: HashMap<String, u32> = vocabulary
            .iter()
            .zip(0u32..)
            .filter(|(name, _)| ENDS.contains(&name.as_str()) || template.needs(name))
            .map(|(name, id)| (name.clone(), id))
            .collect();
        if let Some(missing) = template.marks().iter().find(|mark| !special.contains_key(**mark)) {
            return Err(ModelError::Format(format!(
                "its chat template needs the token {missing}, which its vocabulary lacks"
            )));
        }
        let mut ends: Vec<u32> = ENDS.iter().filter_map(|name| special.get(*name).copied()).collect();
        ends.extend(tensors.metadata("tokenizer.ggml.eos_token_id").ok().and_then(|v| v.to_u32().ok()));
        let kind = text(tensors, "tokenizer.ggml.model").unwrap_or_default();
        let tokenizer = match kind.as_str() {
            "gpt2" => byte_level(tensors, vocabulary, text(tensors, "tokenizer.ggml.pre").as_deref())?,
            "llama" => sentence_piece(tensors, vocabulary)?,
            other => {
                return Err(ModelError::Format(format!(
                    "its tokenizer is of the kind “{other}”; this page reads “gpt2” and “llama”"
                )));
            }
        };
        Ok(Tokens { tokenizer, count, template, ends, special })
    }

    /// Number of tokens that there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let encoding = self
            .tokenizer
            .encode(text, false)
            .map_err(|e| ModelError::Format(format!("the text cannot be split into tokens: {e}")))?;
        Ok(encoding.get_ids().to_vec())
    }

    pub(super) fn decode(&self, tokens: &[u32]) -> String {
        // Ids come from this vocabulary, so decoding them cannot fail; were it to, no text is the honest
        // answer.
        self.tokenizer.decode(tokens, false).unwrap_or_default()
    }

    /// The chat up to where the answer begins. Special tokens enter here and nowhere else, so a prompt cannot
    /// forge one.
    pub(super) fn chat(&self, prompt: &str, system: Option<&str>) -> Result<Vec<u32>, ModelError> {
        let mut ids = Vec::new();
        for part in self.template.parts(prompt, system) {
            match part {
                Part::Mark(name) => ids.extend(self.special.get(name)),
                Part::Text(text) => ids.extend(self.encode(&text)?),
            }
        }
        Ok(ids)
    }

    pub(super) fn ends(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }
}

/// Byte-level BPE; `pre` names how text is split before the merges.
fn byte_level(
    tensors: &mut Tensors,
    vocabulary: Vec<String>,
    pre: Option<&str>,
) -> Result<Tokenizer, ModelError> {
    let key = "tokenizer.ggml.merges";
    let merges = strings(tensors.take_metadata(key)?, key)?
        .into_iter()
        .map(|m| {
            m.split_once(' ')
                .map(|(a, b)| (a.to_string(), b.to_string()))
                .ok_or_else(|| ModelError::Format(format!("“{m}” is not a merge of two tokens")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let bpe = BPE::builder()
        .vocab_and_merges(vocabulary.into_iter().zip(0u32..).collect::<Vocab>(), merges)
        .build()
        .map_err(failed)?;
    let mut tokenizer = Tokenizer::new(bpe);
    let whole = ByteLevel::new(false, true, true);
    let first = match pre {
        Some("smollm") => {
            vec![PreTokenizerWrapper::Digits(Digits::new(true)), PreTokenizerWrapper::ByteLevel(whole)]
        }
        Some("gpt-2") | None => vec![PreTokenizerWrapper::ByteLevel(whole)],
        Some("llama-bpe") => {
            let split =
                Split::new(SplitPattern::Regex(LLAMA_3.into()), SplitDelimiterBehavior::Isolated, false)
                    .map_err(failed)?;
            vec![
                PreTokenizerWrapper::Split(split),
                PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, false)),
            ]
        }
        Some(other) => {
            return Err(ModelError::Format(format!(
                "it splits text in the way “{other}”, which this page does not know (it knows smollm, gpt-2 \
                    and llama-bpe)"
            )));
        }
    };
    tokenizer.with_pre_tokenizer(Some(Sequence::new(first)));
    tokenizer.with_decoder(Some(whole));
    Ok(tokenizer)
}

/// SentencePiece's BPE: of all pairs that stand side by side, the one whose token has the highest score is
/// merged first.
fn sentence_piece(tensors: &mut Tensors, vocabulary: Vec<String>) -> Result<Tokenizer, ModelError> {
    let wrong = |key: &str| ModelError::Format(format!("{key} does not go with the vocabulary"));
    let scores: Vec<f32> = numbers(tensors.take_metadata("tokenizer.ggml.scores")?, |v| v.to_f32().ok())
        .ok_or_else(|| wrong("scores"))?;
    let kinds: Vec<i32> = numbers(tensors.take_metadata("tokenizer.ggml.token_type")?, |v| v.to_i32().ok())
        .ok_or_else(|| wrong("token_type"))?;
    if scores.len() != vocabulary.len() || kinds.len() != vocabulary.len() {
        return Err(wrong("a list of the tokenizer"));
    }
    // Kinds by GGUF: 1 is a normal token; 2 unknown, 3 control, 6 a byte, which no merge makes.
    let ids: HashMap<&str, u32> = vocabulary.iter().map(String::as_str).zip(0u32..).collect();
    let usual = |id: u32| kinds[id as usize] == 1;
    let mut merges: Vec<(f32, u32, u32)> = Vec::new();
    for (token, id) in vocabulary.iter().zip(0u32..).filter(|(_, id)| usual(*id)) {
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
    let merges = merges
        .into_iter()
        .map(|(_, l, r)| (vocabulary[l as usize].clone(), vocabulary[r as usize].clone()))
        .collect();
    let unknown = kinds
        .iter()
        .position(|kind| *kind == 2)
        .map_or_else(|| "<unk>".to_string(), |at| vocabulary[at].clone());
    let bpe = BPE::builder()
        .vocab_and_merges(vocabulary.into_iter().zip(0u32..).collect::<Vocab>(), merges)
        .unk_token(unknown)
        .fuse_unk(true)
        .byte_fallback(true)
        .build()
        .map_err(failed)?;
    let mut tokenizer = Tokenizer::new(bpe);
    let spaces = Replace::new(" ", SPACE).map_err(failed)?;
    let normalizers =
        vec![NormalizerWrapper::Prepend(Prepend::new(SPACE.into())), NormalizerWrapper::Replace(spaces)];
    tokenizer.with_normalizer(Some(Normalizers::new(normalizers))).map_err(failed)?;
    tokenizer.with_decoder(Some(Decoders::new(vec![
        DecoderWrapper::Replace(Replace::new(SPACE, " ").map_err(failed)?),
        DecoderWrapper::ByteFallback(ByteFallback::new()),
        DecoderWrapper::Fuse(Fuse::new()),
        DecoderWrapper::Strip(Strip::new(' ', 1, 0)),
    ])));
    Ok(tokenizer)
}

/// A list of strings in a model's description.
fn strings(value: Value, key: &str) -> Result<Vec<String>, ModelError> {
    let wrong = || ModelError::Format(format!("{key} is not a list of texts"));
    let Value::Array(items) = value else { return Err(wrong()) };
    items.into_iter().map(|v| if let Value::String(s) = v { Ok(s) } else { Err(wrong()) }).collect()
}

fn numbers<T>(value: Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    let Value::Array(items) = value else { return None };
    items.iter().map(read).collect()
}
