//! Byte-level BPE as the model's file describes it, and the chat template.

use tokenizers::models::bpe::BPE;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::{PreTokenizerWrapper, Tokenizer};

use super::super::ModelError;
use super::super::tensors::Tensors;
use super::strings;

/// Starts a turn of the chat.
const START: u32 = 1;
/// Ends a turn, and so an answer.
const END: u32 = 2;
/// Ends a document.
const END_OF_TEXT: u32 = 0;
const SYSTEM: &str = "You are a helpful AI assistant named SmolLM, trained by Hugging Face";

pub(super) struct Tokens {
    tokenizer: Tokenizer,
    count: usize,
}

impl Tokens {
    pub(super) fn new(tensors: &mut Tensors) -> Result<Self, ModelError> {
        let (tokens, merges) = ("tokenizer.ggml.tokens", "tokenizer.ggml.merges");
        let vocabulary = strings(tensors.take_metadata(tokens)?, tokens)?;
        let merges = strings(tensors.take_metadata(merges)?, merges)?
            .into_iter()
            .map(|m| {
                m.split_once(' ')
                    .map(|(a, b)| (a.to_string(), b.to_string()))
                    .ok_or_else(|| ModelError::Format(format!("“{m}” is not a merge of two tokens")))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let count = vocabulary.len();
        let vocabulary: Vec<(String, u32)> = vocabulary.into_iter().zip(0u32..).collect();
        let failed = |e: tokenizers::Error| ModelError::Format(format!("the tokenizer cannot be made: {e}"));
        let bpe = BPE::builder()
            .vocab_and_merges(vocabulary.into_iter().collect::<tokenizers::models::bpe::Vocab>(), merges)
            .build()
            .map_err(failed)?;
        let mut tokenizer = Tokenizer::new(bpe);
        let byte_level = ByteLevel::new(false, true, true);
        tokenizer.with_pre_tokenizer(Some(Sequence::new(vec![
            PreTokenizerWrapper::Digits(Digits::new(true)),
            PreTokenizerWrapper::ByteLevel(byte_level),
        ])));
        tokenizer.with_decoder(Some(byte_level));
        Ok(Tokens { tokenizer, count })
    }

    /// Number of tokens that there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let encoding =
            self.tokenizer.encode(text, false).map_err(|e| ModelError::Format(format!("the text cannot be split into tokens: {e}")))?;
        Ok(encoding.get_ids().to_vec())
    }

    pub(super) fn decode(&self, tokens: &[u32]) -> String {
        // Ids come from this vocabulary, so decoding them cannot fail; were it to, no text is the honest answer.
        self.tokenizer.decode(tokens, false).unwrap_or_default()
    }

    /// Special tokens enter here and nowhere else, so a prompt cannot forge one.
    pub(super) fn chat(&self, prompt: &str, system: Option<&str>) -> Result<Vec<u32>, ModelError> {
        let mut ids = Vec::new();
        let system = system.unwrap_or(SYSTEM);
        if !system.is_empty() {
            ids.push(START);
            ids.extend(self.encode(&format!("system\n{system}"))?);
            ids.push(END);
            ids.extend(self.encode("\n")?);
        }
        ids.push(START);
        ids.extend(self.encode(&format!("user\n{prompt}"))?);
        ids.push(END);
        ids.extend(self.encode("\n")?);
        ids.push(START);
        ids.extend(self.encode("assistant\n")?);
        Ok(ids)
    }

    pub(super) fn ends(&self, token: u32) -> bool {
        token == END || token == END_OF_TEXT
    }
}
