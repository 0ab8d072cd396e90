//! A made-up language model, small enough to be written and read in a moment.

use std::io::Cursor;

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::{GgmlDType, QTensor, gguf_file};
use candle_core::{Device, Tensor};

const WIDTH: usize = 256;
const FEED: usize = 512;

/// The words of a SentencePiece vocabulary: control tokens, 256 bytes, letters and a few merges.
pub(crate) fn words() -> (Vec<String>, Vec<f32>, Vec<i32>) {
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

/// A GGUF file of a model of two layers whose matrices are of `kind`.
pub(crate) fn file(architecture: &str, tokenizer: &str, kind: GgmlDType) -> Vec<u8> {
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
