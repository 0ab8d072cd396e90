//! Models of one's own: made-up GGUF files of the llama family, read and drawn from, and files that are
//! refused with a reason.

use std::io::Cursor;

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor, gguf_file};
use candle_core::{Device, Tensor};
use palette_models::ModelError;
use palette_models::language_model::{DrawSettings, Generation, LanguageModel};
use palette_models::tensors::{GgufFile, Tensors};

const WIDTH: usize = 256;
const FEED: usize = 512;

/// The words of a SentencePiece vocabulary: control tokens, 256 bytes, letters and a few merges.
fn words() -> (Vec<String>, Vec<f32>, Vec<i32>) {
    let mut words: Vec<(String, f32, i32)> =
        vec![("<unk>".into(), 0.0, 2), ("<s>".into(), 0.0, 3), ("</s>".into(), 0.0, 3)];
    words.extend((0..256).map(|b| (format!("<0x{b:02X}>"), 0.0, 6)));
    words.push(("▁".into(), -1000.0, 1));
    words.extend(('a'..='z').map(|c| (c.to_string(), -500.0, 1)));
    // The higher the score, the sooner the merge: “▁the” is made of “▁t” and “he”.
    for (word, score) in [("▁t", -1.0), ("he", -2.0), ("▁the", -3.0), ("in", -4.0), ("▁a", -5.0)] {
        words.push((word.into(), score, 1));
    }
    let mut parts = (Vec::new(), Vec::new(), Vec::new());
    for (word, score, kind) in words {
        parts.0.push(word);
        parts.1.push(score);
        parts.2.push(kind);
    }
    parts
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

/// A model of two layers whose matrices are of `kind`.
fn file(architecture: &str, tokenizer: &str, kind: GgmlDType) -> Vec<u8> {
    let (words, scores, kinds) = words();
    let vocabulary = words.len().next_multiple_of(8);
    let filled = (words.len()..vocabulary).map(|i| text(&format!("unused {i}")));
    let pad = vocabulary - words.len();
    let metadata: Vec<(&str, Value)> = vec![
        ("general.architecture", text(architecture)),
        ("llama.embedding_length", Value::U32(WIDTH as u32)),
        ("llama.attention.head_count", Value::U32(4)),
        ("llama.attention.head_count_kv", Value::U32(2)),
        ("llama.attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
        ("llama.block_count", Value::U32(2)),
        ("tokenizer.ggml.model", text(tokenizer)),
        ("tokenizer.ggml.eos_token_id", Value::U32(2)),
        ("tokenizer.chat_template", text("{{ '<|user|>\n' + message['content'] + eos_token }}")),
        ("tokenizer.ggml.tokens", Value::Array(words.iter().map(|w| text(w)).chain(filled).collect())),
        (
            "tokenizer.ggml.scores",
            Value::Array(scores.into_iter().chain(vec![0.0; pad]).map(Value::F32).collect()),
        ),
        (
            "tokenizer.ggml.token_type",
            Value::Array(kinds.into_iter().chain(vec![5; pad]).map(Value::I32).collect()),
        ),
    ];
    let mut seed = 0;
    let mut matrix = |outputs: usize, inputs: usize, kind: GgmlDType| {
        seed += 1;
        let numbers: Vec<f32> = (0..outputs * inputs)
            .map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.5 - 1.0)
            .map(|x| x * 0.08)
            .collect();
        let tensor = Tensor::from_vec(numbers, (outputs, inputs), &Device::Cpu).unwrap();
        QTensor::quantize(&tensor, kind).unwrap()
    };
    let ones = || {
        QTensor::quantize(
            &Tensor::ones(WIDTH, candle_core::DType::F32, &Device::Cpu).unwrap(),
            GgmlDType::F32,
        )
        .unwrap()
    };
    let mut tensors: Vec<(String, QTensor)> = vec![
        ("token_embd.weight".into(), matrix(vocabulary, WIDTH, GgmlDType::Q8_0)),
        ("output.weight".into(), matrix(vocabulary, WIDTH, kind)),
        ("output_norm.weight".into(), ones()),
    ];
    for l in 0..2 {
        let shapes = [
            ("attn_q", 256, WIDTH),
            ("attn_k", 128, WIDTH),
            ("attn_v", 128, WIDTH),
            ("attn_output", WIDTH, 256),
            ("ffn_gate", FEED, WIDTH),
            ("ffn_up", FEED, WIDTH),
            ("ffn_down", WIDTH, FEED),
        ];
        for (name, outputs, inputs) in shapes {
            tensors.push((format!("blk.{l}.{name}.weight"), matrix(outputs, inputs, kind)));
        }
        tensors.push((format!("blk.{l}.attn_norm.weight"), ones()));
        tensors.push((format!("blk.{l}.ffn_norm.weight"), ones()));
    }
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(k, v)| (*k, v)).collect();
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(n, t)| (n.as_str(), t)).collect();
    let mut out = Cursor::new(Vec::new());
    gguf_file::write(&mut out, &metadata, &tensors).unwrap();
    out.into_inner()
}

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

fn settings() -> DrawSettings {
    DrawSettings { answers: 3, max_tokens: 6, temperature: 1.0, top_k: 0, top_p: 1.0, seed: 3, system: None }
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
    refused(&file("qwen2", "llama", GgmlDType::Q8_0), "qwen2");
    refused(&file("llama", "t5", GgmlDType::Q8_0), "t5");
    refused(&file("llama", "gpt2", GgmlDType::Q8_0), "tokenizer.ggml.merges");
    let whole = file("llama", "llama", GgmlDType::Q8_0);
    refused(&whole[..whole.len() - 100_000], "cut off");
    assert!(
        matches!(GgufFile::read(&whole[..200], whole.len() as u64), Err(ModelError::Format(_))),
        "more of the head must be read first"
    );
    assert!(Tensors::default().matrix("x").is_err());
}
