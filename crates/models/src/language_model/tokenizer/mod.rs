//! The tokenizer as a model's file describes it: byte-level BPE, or SentencePiece's BPE with scores.

mod byte_level;
mod pieces;
mod self_check;
mod sentence_piece;
mod split;
mod user_defined;

use std::collections::{HashMap, HashSet};

use tokenizers::{Normalizer, Tokenizer};

use crate::ModelError;
use crate::gguf::{Metadata, shown};
use crate::tensors::Tensors;

use super::chat::{self, Template};
use pieces::Pieces;
use user_defined::{Part, UserDefined};

/// Names of tokens that end an answer, in one family of models or another.
const ENDS: [&str; 7] =
    ["<|endoftext|>", "<|im_end|>", "</s>", "<|eot_id|>", "<|end_of_text|>", "<|end|>", "<|eom_id|>"];
/// Keys of tokens that end an answer.
const END_KEYS: [&str; 3] = ["eos_token_id", "eot_token_id", "eom_token_id"];

/// Types of tokens, by the format's own numbers.
const NORMAL: i32 = 1;
const UNKNOWN: i32 = 2;
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;
const BYTE: i32 = 6;

pub(super) struct Tokens {
    tokenizer: Tokenizer,
    pieces: Pieces,
    user_defined: UserDefined,
    template: Template,
    /// Ids of tokens that end an answer.
    ends: HashSet<u32>,
    /// Ids of the tokens that a template or the end of an answer is made of, by name. They cannot be typed.
    special: HashMap<String, u32>,
    /// The token that every text begins with.
    first: Option<u32>,
    notes: Vec<String>,
}

/// A vocabulary as a file has it.
struct Vocabulary {
    words: Vec<String>,
    /// One for each word; all normal where the file does not say.
    kinds: Vec<i32>,
    /// Ids of those that text can become, by text: of two with the same text the first.
    ids: HashMap<String, u32>,
}

/// A tokenizer of one kind or another, and what the file's kind of tokens means beside it.
struct Made {
    tokenizer: Tokenizer,
    pieces: Pieces,
    user_defined: UserDefined,
    /// Whether texts of such models begin with a mark where the file does not say.
    begins: bool,
    notes: Vec<String>,
}

fn refused<T>(sentence: impl Into<String>) -> Result<T, ModelError> {
    Err(ModelError::Unsupported(sentence.into()))
}

fn failed(e: tokenizers::Error) -> ModelError {
    ModelError::Unsupported(format!("Its tokenizer cannot be made ({e}). Take another file of the model."))
}

impl Vocabulary {
    fn read(tensors: &mut Tensors, special: impl Fn(&str) -> bool) -> Result<Self, ModelError> {
        let words = tensors.take_texts("tokenizer.ggml.tokens")?;
        let key = "tokenizer.ggml.token_type";
        let kinds = tensors.metadata().integers(key)?.unwrap_or_else(|| vec![NORMAL; words.len()]);
        if kinds.len() != words.len() || u32::try_from(words.len()).is_err() || words.is_empty() {
            return refused(format!(
                "Its vocabulary has {} tokens, and {} types of tokens: the file is damaged. Download it again.",
                words.len(),
                kinds.len()
            ));
        }
        let mut ids = HashMap::with_capacity(words.len());
        for ((word, kind), id) in words.iter().zip(&kinds).zip(0u32..) {
            if *kind != CONTROL && !special(word) && !word.is_empty() {
                ids.entry(word.clone()).or_insert(id);
            }
        }
        Ok(Vocabulary { words, kinds, ids })
    }

    /// The first token called `name`.
    fn position(&self, name: &str) -> Option<u32> {
        self.words.iter().position(|word| word == name).map(|at| at as u32)
    }

    /// How many tokens have the text of one before them.
    fn repeated(&self) -> usize {
        let different: HashSet<&str> = self.words.iter().map(String::as_str).collect();
        self.words.len() - different.len()
    }
}

impl Tokens {
    /// # Errors
    /// A sentence that says what in the file's tokenizer is not understood, contradicts itself, or does not
    /// give a text back as it was.
    pub(super) fn new(tensors: &mut Tensors) -> Result<Self, ModelError> {
        let template = tensors.metadata().text("tokenizer.chat_template")?.map(str::to_owned);
        let (template, mut notes) =
            (Template::of(template.as_deref()), unknown_template(template.as_deref()));
        let is_special = |name: &str| ENDS.contains(&name) || template.marks().contains(&name);
        let vocabulary = Vocabulary::read(tensors, is_special)?;
        let mut special = HashMap::new();
        for name in ENDS.iter().chain(template.marks()) {
            if let Some(id) = vocabulary.position(name) {
                special.insert((*name).to_owned(), id);
            }
        }
        if let Some(missing) = template.marks().iter().find(|mark| !special.contains_key(**mark)) {
            return refused(format!(
                "Its chat template needs the token {missing}, which its vocabulary lacks. Take another file \
                    of the model."
            ));
        }
        let repeated = vocabulary.repeated();
        if repeated > 0 {
            notes.push(format!(
                "The vocabulary has {repeated} tokens whose text another one has too; text becomes the first of them."
            ));
        }
        let made = match tensors.metadata().text("tokenizer.ggml.model")? {
            Some("gpt2") => byte_level::make(tensors, &vocabulary)?,
            Some("llama") => sentence_piece::make(tensors, &vocabulary)?,
            other => {
                return refused(format!(
                    "Its tokenizer is of the kind “{}”; this program reads “gpt2” and “llama”. Take another model.",
                    shown(other.unwrap_or_default())
                ));
            }
        };
        notes.extend(made.notes);
        let metadata = tensors.metadata();
        let token = |key: &str| token(metadata, key, vocabulary.words.len());
        let mut ends: HashSet<u32> = ENDS.iter().filter_map(|name| special.get(*name).copied()).collect();
        for key in END_KEYS {
            ends.extend(token(key)?);
        }
        let begins = metadata.flag("tokenizer.ggml.add_bos_token")?;
        let first = match (begins, token("bos_token_id")?) {
            (Some(false), _) => None,
            (said, id) if said == Some(true) || made.begins => {
                let id = id.or_else(|| vocabulary.position("<s>"));
                if id.is_none() && said == Some(true) {
                    return refused(
                        "It says that texts begin with a mark (add_bos_token), but not with which \
                            (bos_token_id). Take another file of the model.",
                    );
                }
                id
            }
            _ => None,
        };
        if metadata.flag("tokenizer.ggml.add_eos_token")? == Some(true) {
            notes.push(
                "The file asks for a mark at the end of every text (add_eos_token). None is put after a \
                    prompt, which the answer continues."
                    .into(),
            );
        }
        let Made { tokenizer, pieces, user_defined, .. } = made;
        let tokens = Tokens { tokenizer, pieces, user_defined, template, ends, special, first, notes };
        self_check::check(&tokens, &vocabulary)?;
        Ok(tokens)
    }

    /// Number of tokens that there are.
    pub(super) fn count(&self) -> usize {
        self.pieces.count()
    }

    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// # Errors
    /// When the vocabulary cannot write the text.
    pub(super) fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let mut ids = Vec::new();
        for part in self.user_defined.parts(text) {
            match part {
                Part::Word(id) => ids.push(id),
                Part::Text(text) => ids.extend(self.encode_part(text)?),
            }
        }
        Ok(ids)
    }

    /// The same of a text without words that stand as they are.
    fn encode_part(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let ids = self.split(text)?;
        if self.decode(&ids) == text {
            return Ok(ids);
        }
        // A model may want its letters composed.
        let composed = self.composed(text)?;
        let written = self.decode(&ids);
        if written == composed {
            return Ok(ids);
        }
        let lost = composed.chars().find(|c| !written.contains(*c));
        let what = lost.map_or_else(|| "the text".to_owned(), |c| format!("the character {c:?}"));
        Err(ModelError::Setting(format!("This model's vocabulary cannot write {what}. Leave it out.")))
    }

    /// A text split and put together again, part by part: a space that is put before each is not the text's.
    fn there_and_back(&self, text: &str) -> Result<String, ModelError> {
        let parts = self.user_defined.parts(text).into_iter();
        let back = parts.map(|part| match part {
            Part::Word(id) => Ok(self.pieces.written(id)),
            Part::Text(text) => Ok(self.decode(&self.split(text)?)),
        });
        back.collect()
    }

    fn split(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let encoding = self.tokenizer.encode_fast(text, false);
        let encoding = encoding.map_err(|e| {
            ModelError::Setting(format!("A text could not be split into tokens ({e}). Shorten it."))
        })?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The text as the tokenizer composes its letters.
    fn composed(&self, text: &str) -> Result<String, ModelError> {
        if !self.pieces.bytes_only() {
            return Ok(text.to_owned());
        }
        let mut composed = tokenizers::NormalizedString::from(text);
        if let Some(normalizer) = self.tokenizer.get_normalizer() {
            normalizer.normalize(&mut composed).map_err(failed)?;
        }
        Ok(composed.get().to_owned())
    }

    pub(super) fn decode(&self, tokens: &[u32]) -> String {
        self.pieces.text(tokens)
    }

    /// The chat up to where the answer begins. Special tokens enter here and nowhere else, so a prompt cannot
    /// forge one.
    pub(super) fn chat(&self, prompt: &str, system: Option<&str>) -> Result<Vec<u32>, ModelError> {
        let mut ids = Vec::new();
        for part in self.template.parts(prompt, system) {
            match part {
                chat::Part::Mark(name) => ids.extend(self.special.get(name)),
                chat::Part::Text(text) => ids.extend(self.encode(&text)?),
            }
        }
        match self.first {
            // Many templates write it themselves.
            Some(first) if ids.first() != Some(&first) => ids.insert(0, first),
            _ => {}
        }
        Ok(ids)
    }

    pub(super) fn ends(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }
}

/// The id under a key of the tokenizer.
fn token(metadata: &Metadata, key: &str, count: usize) -> Result<Option<u32>, ModelError> {
    let key = format!("tokenizer.ggml.{key}");
    match metadata.count(&key)? {
        Some(id) if id >= count => refused(format!(
            "Its key {key} names the token {id}, of {count} that there are. Take another file of the model."
        )),
        id => Ok(id.map(|id| id as u32)),
    }
}

/// What is to be said of a chat template that is none of those that are known.
fn unknown_template(template: Option<&str>) -> Vec<String> {
    match template {
        Some(text) if !text.is_empty() && Template::of(Some(text)) == Template::Plain => vec![
            "The file's chat template is none of those that this program knows, so prompts are given to the \
                model as plain text. Its answers may be poorer for it."
                .into(),
        ],
        _ => Vec::new(),
    }
}
