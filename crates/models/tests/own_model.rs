//! Models of one's own: made-up GGUF files of the llama family, read and drawn from, and files that are
//! refused with a reason.

#[path = "support/small_model.rs"]
mod small_model;

use candle_core::quantized::GgmlDType;
use palette_models::ModelError;
use palette_models::language_model::{Generation, LanguageModel};
use palette_models::tensors::{GgufFile, Tensors};
use palette_tables::Sampling;
use small_model::{file, words};

/// Reads a file as the worker does: its head first, then tensor by tensor.
fn open(bytes: &[u8]) -> Result<LanguageModel, ModelError> {
    let file = GgufFile::read(bytes, bytes.len() as u64)?;
    file.check()?;
    let (places, mut tensors) = file.into_tensors();
    for place in places {
        tensors.add(&place, &bytes[place.start as usize..place.end as usize])?;
    }
    LanguageModel::new(tensors)
}

fn settings() -> Sampling {
    Sampling { answers: 3, max_tokens: 6, temperature: 1.0, top_k: 0, top_p: 1.0, seed: 3, system: None }
}

#[test]
fn draws_from_a_model_of_another_tokenizer_and_whatever_quantisation() {
    for kind in [
        GgmlDType::F32,
        GgmlDType::F16,
        GgmlDType::Q8_0,
        GgmlDType::Q4_0,
        GgmlDType::Q4_1,
        GgmlDType::Q4K,
        GgmlDType::Q6K,
    ] {
        let model = open(&file("llama", "llama", kind)).unwrap_or_else(|e| panic!("{kind:?}: {e}"));
        let mut generation = Generation::new(&model, "the inn", &settings()).unwrap();
        while generation.step(&model).unwrap() {}
        let drawn = generation.take();
        assert_eq!(drawn.len(), 3);
        assert!(
            drawn.iter().all(|d| d.log_probabilities.iter().all(|p| p.is_finite() && *p <= 0.0)),
            "{kind:?}"
        );
        assert!(drawn.iter().any(|d| !d.tokens.is_empty()), "{kind:?}");
    }
}

#[test]
fn finer_weights_of_the_same_model_agree() {
    let score = |kind| {
        let model = open(&file("llama", "llama", kind)).unwrap();
        let (prompt, answer) =
            (model.chat_tokens("the inn", None).unwrap(), model.encode("a thin hen").unwrap());
        model.log_probabilities(&prompt, &answer).unwrap().iter().sum::<f64>() / answer.len() as f64
    };
    let exact = score(GgmlDType::F32);
    for (kind, tolerance) in [(GgmlDType::F16, 0.02), (GgmlDType::Q8_0, 0.02), (GgmlDType::Q6K, 0.1)] {
        let found = score(kind);
        assert!((found - exact).abs() < tolerance, "{kind:?}: {found}, with 8 bits of float32 {exact}");
    }
}

#[test]
fn sentence_piece_merges_by_score_and_falls_back_to_bytes() {
    let model = open(&file("llama", "llama", GgmlDType::Q8_0)).unwrap();
    let (words, ..) = words();
    let pieces = |text: &str| -> Vec<String> {
        model.encode(text).unwrap().iter().map(|id| words[*id as usize].clone()).collect()
    };
    assert_eq!(pieces("the inn"), ["▁the", "▁", "in", "n"]);
    assert_eq!(pieces("é"), ["▁", "<0xC3>", "<0xA9>"]);
    for text in ["the inn", "é at the thin inn", "</s> is typed"] {
        assert_eq!(model.decode(&model.encode(text).unwrap()), text);
    }
    // What ends an answer cannot be typed: the only </s> of a chat is the one that the template puts in.
    let chat = model.chat_tokens("</s></s>", Some("")).unwrap();
    assert_eq!(chat.iter().filter(|id| **id == 2).count(), 1);
}

#[test]
fn what_cannot_be_used_is_refused_with_its_reason() {
    let refused = |bytes: &[u8], words: &str| match open(bytes) {
        Ok(_) => panic!("it was taken, where it should say {words}"),
        Err(error) => assert!(error.to_string().contains(words), "{error}"),
    };
    refused(b"PK not a model", "no GGUF file");
    refused(&file("gemma", "llama", GgmlDType::Q8_0), "gemma");
    refused(&file("llama", "t5", GgmlDType::Q8_0), "t5");
    refused(&file("llama", "gpt2", GgmlDType::Q8_0), "tokenizer.ggml.pre");
    let whole = file("llama", "llama", GgmlDType::Q8_0);
    refused(&whole[..whole.len() - 100_000], "cut off");
    assert!(
        matches!(GgufFile::read(&whole[..200], whole.len() as u64), Err(ModelError::Format(_))),
        "more of the head must be read first"
    );
    assert!(Tensors::default().matrix("x").is_err());
}
