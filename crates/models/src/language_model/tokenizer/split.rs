//! How text is split before merges: the ways of the families that are known, by the name that a file gives.

use tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::split::{Split as ByPattern, SplitPattern};
use tokenizers::tokenizer::normalizer::SplitDelimiterBehavior;

use super::{Vocabulary, failed, refused};
use crate::ModelError;
use crate::gguf::shown;

/// Llama 3: up to three digits together.
const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// Qwen2: each digit by itself.
const QWEN_2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// A way to split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    Gpt2,
    /// As GPT-2, but every digit by itself.
    SmolLm,
    Llama3,
    Qwen2,
}

/// Marks by which the vocabulary of a family is known, and how many tokens it has.
type Signs = (Split, &'static str, &'static [&'static str], std::ops::RangeInclusive<usize>);

const SIGNS: [Signs; 4] = [
    (
        Split::Llama3,
        "Llama 3",
        &["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
        0..=usize::MAX,
    ),
    (Split::Qwen2, "Qwen2", &["<|endoftext|>", "<|im_start|>", "<|im_end|>"], 151_000..=153_000),
    (
        Split::SmolLm,
        "SmolLM",
        &["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<repo_name>", "<jupyter_start>"],
        49_152..=49_160,
    ),
    (Split::Gpt2, "GPT-2", &["<|endoftext|>"], 50_257..=50_304),
];

impl Split {
    /// The way called `name`; where a file does not say, that of the family whose vocabulary it has, with a
    /// note.
    ///
    /// # Errors
    /// When the name is not known, or there is none and the vocabulary belongs to no family that is known.
    pub(super) fn of(name: Option<&str>, vocabulary: &Vocabulary) -> Result<(Self, Vec<String>), ModelError> {
        let split = match name {
            Some("smollm") => Split::SmolLm,
            Some("gpt-2") => Split::Gpt2,
            Some("llama-bpe" | "llama3" | "llama-v3") => Split::Llama3,
            Some("qwen2" | "deepseek-r1-qwen") => Split::Qwen2,
            // What conversions write that did not know.
            None | Some("" | "default") => return Split::by_vocabulary(vocabulary),
            Some(other) => {
                return refused(format!(
                    "It splits text in the way “{}” (tokenizer.ggml.pre), which this program does not know; \
                        it knows smollm, gpt-2, llama-bpe and qwen2. Take another model.",
                    shown(other)
                ));
            }
        };
        Ok((split, Vec::new()))
    }

    fn by_vocabulary(vocabulary: &Vocabulary) -> Result<(Self, Vec<String>), ModelError> {
        let found = SIGNS.iter().find(|(_, _, marks, count)| {
            count.contains(&vocabulary.words.len())
                && marks.iter().all(|mark| vocabulary.position(mark).is_some())
        });
        match found {
            Some((split, family, ..)) => Ok((
                *split,
                vec![format!(
                    "The file does not say how text is split into tokens (tokenizer.ggml.pre), as conversions from \
                        before May 2024 do not. Its vocabulary is that of {family}, so text is split as {family} does; \
                        if answers are odd, take a newer file of the model."
                )],
            )),
            None => refused(
                "It does not say how text is split into tokens (tokenizer.ggml.pre), as conversions from before May \
                    2024 do not, and its vocabulary is of no family that this program knows. Take a newer \
                    file of the model.",
            ),
        }
    }

    /// Whether a word that is a token is taken whole, whatever the merges say.
    pub(super) fn ignores_merges(self) -> bool {
        self == Split::Llama3
    }

    /// Whether texts begin with a mark where the file does not say.
    pub(super) fn begins(self) -> bool {
        self == Split::Llama3
    }

    /// Whether letters and their accents are made one character first.
    pub(super) fn composes(self) -> bool {
        self == Split::Qwen2
    }

    pub(super) fn steps(self) -> Result<Vec<PreTokenizerWrapper>, ModelError> {
        let by = |pattern: &str| -> Result<Vec<PreTokenizerWrapper>, ModelError> {
            let pattern = SplitPattern::Regex(pattern.into());
            let split = ByPattern::new(pattern, SplitDelimiterBehavior::Isolated, false).map_err(failed)?;
            let bytes = ByteLevel::new(false, true, false);
            Ok(vec![PreTokenizerWrapper::Split(split), PreTokenizerWrapper::ByteLevel(bytes)])
        };
        // GPT-2's own pattern comes with the letters for bytes.
        let gpt2 = PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, true, true));
        match self {
            Split::Gpt2 => Ok(vec![gpt2]),
            Split::SmolLm => Ok(vec![PreTokenizerWrapper::Digits(Digits::new(true)), gpt2]),
            Split::Llama3 => by(LLAMA_3),
            Split::Qwen2 => by(QWEN_2),
        }
    }
}
