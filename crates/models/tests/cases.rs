//! Files as people bring them, each with what is right.

#[path = "support/open.rs"]
mod open;

use open::{answer, open};
use palette_models::language_model::LanguageModel;
use palette_models::tensors_of_file;
use std::path::PathBuf;

const PROMPT: &str = "tell me how the old clock in the hall keeps time";

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases").join(file)
}

/// The model in a file, read from the disk as the command does it and from memory as the page does: the same.
fn model(file: &str) -> Result<LanguageModel, String> {
    let found = tensors_of_file(&path(file)).and_then(LanguageModel::new).map_err(|e| e.to_string());
    let in_page = open(&std::fs::read(path(file)).expect("the case")).map_err(|e| e.to_string());
    assert_eq!(found.as_ref().err(), in_page.as_ref().err());
    found
}

/// What a file draws, and what is noted about it.
fn drawn(file: &str, prompt: &str, tokens: usize) -> (String, Vec<String>) {
    let model = model(file).unwrap_or_else(|error| panic!("{file}: {error}"));
    (answer(&model, prompt, tokens).expect("an answer").text, model.notes().to_vec())
}

fn refusal(file: &str) -> String {
    model(file).err().unwrap_or_else(|| panic!("{file} was taken"))
}

#[test]
fn biases_of_attention_are_added() {
    assert_eq!(drawn("24-gguf-attention-bias/bias.gguf", PROMPT, 12).0, "ygkcgkezkygg");
    assert_eq!(drawn("24-gguf-attention-bias/without.gguf", PROMPT, 12).0, "bueeeeebgglu");
}

#[test]
fn texts_begin_with_a_mark_where_the_file_says_so() {
    assert_eq!(drawn("26-gguf-bos/bos.gguf", PROMPT, 12), ("rfyqcggucqcg".into(), Vec::new()));
}

#[test]
fn an_old_file_of_llama_3_is_split_as_llama_3_and_that_is_said() {
    let (text, notes) = drawn("27-gguf-no-pre/old.gguf", "Was it 2024 already", 12);
    assert_eq!(text, "ovjztlaovovo");
    assert!(
        notes.iter().any(|note| note.contains("tokenizer.ggml.pre") && note.contains("Llama 3")),
        "{notes:?}"
    );
    assert_eq!(
        drawn("27-gguf-no-pre/new.gguf", "Was it 2024 already", 12),
        ("ovjztlaovovo".into(), Vec::new())
    );
}

#[test]
fn each_of_two_tokens_with_one_text_is_said() {
    let (text, notes) = drawn("29-gguf-duplicate-token/twice.gguf", PROMPT, 4);
    assert_eq!(text, "zebrazebrazebrazebra");
    assert_eq!(notes.len(), 1, "{notes:?}");
}

#[test]
fn weights_that_llama_cpp_falls_back_to_are_read() {
    // What they stand for is held against a reference elsewhere.
    assert_eq!(drawn("30-gguf-iq4nl/SmolLM2-like.IQ4_NL.gguf", PROMPT, 6).0.len(), 6);
}

#[test]
fn widths_need_not_be_multiples_of_32() {
    assert_eq!(drawn("31-gguf-odd-width/tiny.gguf", PROMPT, 6).0, "lwrvgg");
}

#[test]
fn what_is_not_supported_is_called_by_its_name() {
    assert!(refusal("32-gguf-experts/moe.gguf").contains("mixtures of experts are not supported"));
    assert!(refusal("33-gguf-big-endian/big.gguf").contains("big-endian"));
    assert!(refusal("security-03-gguf-alignment-zero/zero.gguf").contains("aligned to 0 bytes"));
}
