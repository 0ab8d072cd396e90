//! Files that hold what is not understood: each is refused with the reason, in our words.

#[path = "support/gguf.rs"]
mod gguf;
#[path = "support/open.rs"]
mod open;

use gguf::{Chance, File, Measures, TINY, count, flag, list, number, numbers, text, texts, vector};
use open::open;

/// What is said of a file that was changed so.
fn said(change: impl FnOnce(&mut File)) -> String {
    let mut file = File::new(TINY);
    change(&mut file);
    match open(&file.bytes()) {
        Ok(_) => "taken".into(),
        Err(error) => error.to_string(),
    }
}

/// The sentence holds these words, ends as one, and says what to do.
fn refused(what: &str, said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "{what}: “{said}” does not say “{word}”");
    }
    assert!(said.ends_with('.'), "{what}: {said}");
    let remedies = ["Take ", "Download ", "Choose ", "Shorten ", "join "];
    assert!(remedies.iter().any(|remedy| said.contains(remedy)), "{what}: “{said}” has no remedy");
}

#[test]
fn keys_that_name_what_is_not_implemented_are_refused_by_name() {
    let key = |name: &str, value: gguf::Value| {
        said(|file| {
            file.set(name, value);
        })
    };
    for (name, value, words) in [
        ("llama.expert_count", count(8), "mixtures of experts"),
        ("llama.expert_used_count", count(2), "mixtures of experts"),
        ("llama.attention.sliding_window", count(4096), "sliding window"),
        ("llama.rope.scaling.type", text("yarn"), "“yarn”"),
        ("llama.rope.scaling.type", text("longrope"), "“longrope”"),
        ("llama.rope.scaling.type", text("su"), "RoPE scaling"),
        ("llama.rope.scaling.type", text("linear"), "llama.rope.scaling.factor"),
        ("llama.rope.scaling.yarn_log_multiplier", number(0.1), "YaRN"),
        ("llama.rope.scaling.attn_factor", number(1.19), "YaRN"),
        ("llama.rope.scaling.factor", number(-2.0), "makes no sense"),
        ("llama.attention.scale", number(0.0156), "scales its attention"),
        ("llama.attn_logit_softcapping", number(50.0), "caps"),
        ("llama.final_logit_softcapping", number(30.0), "caps its logits"),
        ("llama.logit_scale", number(0.0625), "scales its logits"),
        ("llama.residual_scale", number(0.22), "scales what its layers add"),
        ("llama.embedding_scale", number(12.0), "scales its embeddings"),
        ("llama.attention.clamp_kqv", number(8.0), "clamps"),
        ("llama.attention.max_alibi_bias", number(8.0), "ALiBi"),
        ("llama.attention.causal", flag(false), "both directions"),
        ("llama.use_parallel_residual", flag(true), "side by side"),
        ("llama.rope.dimension_count", count(8), "turn"),
        ("llama.attention.value_length", count(8), "values 8"),
        ("llama.tensor_data_layout", text("reference"), "laid out"),
        ("llama.something_new", count(1), "llama.something_new"),
        ("qwen2.block_count", count(1), "qwen2.block_count"),
        ("somebody.idea", count(1), "somebody.idea"),
        ("general.architecture", text("gemma3"), "“gemma3”"),
        ("general.architecture", text(""), "which architecture"),
        ("general.type", text("adapter"), "LoRA"),
        ("general.type", text("mmproj"), "“mmproj”"),
        ("general.quantization_version", count(1), "version 1"),
        ("split.count", count(3), "one of 3 files"),
        ("llama.attention.head_count", count(0), "is 0"),
        ("llama.attention.head_count", list(4, 2, &[2, 0, 0, 0, 1, 0, 0, 0]), "differ"),
        ("llama.attention.head_count", text("two"), "no whole number"),
        ("llama.attention.head_count_kv", count(3), "cannot share"),
        ("llama.attention.layer_norm_rms_epsilon", number(f32::NAN), "no number"),
        ("llama.rope.freq_base", number(0.0), "makes no sense"),
        ("llama.embedding_length", count(64), "asks for"),
        ("llama.feed_forward_length", count(96), "asks for"),
        ("llama.vocab_size", count(7), "asks for"),
        ("llama.block_count", count(1), "beyond the 1"),
        ("llama.block_count", count(u32::MAX), "lacks the tensor blk.2."),
        ("tokenizer.ggml.model", text("bert"), "“bert”"),
        ("tokenizer.ggml.add_sep_token", flag(true), "separation"),
        ("tokenizer.ggml.remove_extra_whitespaces", flag(true), "drops spaces"),
        ("tokenizer.ggml.precompiled_charsmap", list(0, 2, &[1, 2]), "by a table"),
        ("tokenizer.ggml.bos_token_id", count(4000), "token 4000"),
        ("tokenizer.ggml.eos_token_id", count(4000), "token 4000"),
        ("tokenizer.ggml.scores", numbers(&[1.0, 2.0]), "2 scores"),
        ("tokenizer.ggml.tokens", count(2), "tokenizer.ggml.tokens"),
        ("tokenizer.rwkv.world", text("x"), "tokenizer.rwkv.world"),
    ] {
        refused(name, &key(name, value), &[words]);
    }
}

#[test]
fn keys_that_say_nothing_are_let_be() {
    for (name, value) in [
        ("general.name", text("A model")),
        ("general.tags", texts(&["a", "b"])),
        ("general.file_type", count(7)),
        ("general.quantization_version", count(2)),
        ("general.some_new_key", count(7)),
        ("general.alignment", count(32)),
        ("quantize.imatrix.file", text("imatrix.dat")),
        ("tokenizer.ggml.padding_token_id", count(0)),
        ("tokenizer.chat_template.tool_use", text("{{ x }}")),
        ("llama.expert_count", count(0)),
        ("llama.attention.sliding_window", count(0)),
        ("llama.logit_scale", number(1.0)),
        ("llama.attention.causal", flag(true)),
        ("llama.attention.head_count", list(4, 2, &[2, 0, 0, 0, 2, 0, 0, 0])),
        ("llama.rope.scaling.original_context_length", count(2048)),
        ("llama.tensor_data_layout", text("Meta AI original pth")),
        ("split.count", count(1)),
    ] {
        assert_eq!(
            said(|file| {
                file.set(name, value);
            }),
            "taken",
            "{name}"
        );
    }
    // A base model need not say more than this.
    assert_eq!(
        said(|file| {
            file.remove("llama.context_length").remove("tokenizer.ggml.bos_token_id");
        }),
        "taken"
    );
    // Another alignment.
    let sixty_four = said(|file| {
        file.set("general.alignment", count(64));
        file.alignment = 64;
    });
    assert_eq!(sixty_four, "taken");
}

#[test]
fn tensors_that_are_not_understood_are_refused_by_name() {
    let with = |name: &str| said(|file| file.tensors.push(vector(&mut Chance(1), name, 32, 0.0)));
    for (name, words) in [
        ("blk.0.ffn_gate_inp.weight", "mixtures of experts"),
        ("blk.0.ffn_up_exps.weight", "mixtures of experts"),
        ("blk.0.ffn_up_shexp.weight", "mixtures of experts"),
        ("blk.0.ffn_up.3.weight", "mixtures of experts"),
        ("rope_factors_long.weight", "LongRoPE"),
        ("blk.1.attn_q_norm.weight", "normalises queries"),
        ("blk.1.attn_qkv.weight", "several matrices"),
        ("blk.1.attn_qkv.bias", "several matrices"),
        ("blk.1.post_attention_norm.weight", "normalises after"),
        ("blk.1.attn_norm.bias", "a bias of a kind"),
        ("output_norm.bias", "a bias of a kind"),
        ("output.bias", "a bias of a kind"),
        ("blk.0.attn_q.weight.lora_a", "LoRA"),
        ("blk.0.attn_q.scale", "scales a matrix"),
        ("blk.0.attn_sinks.weight", "attention sink"),
        ("blk.2.attn_norm.weight", "beyond the 2"),
        ("blk.00.attn_norm.weight", "blk.00"),
        ("blk.-1.attn_norm.weight", "blk.-1"),
        ("token_types.weight", "token_types.weight"),
        ("bad\u{202e}\nname", "bad⟨U+202E⟩␤name"),
    ] {
        refused(name, &with(name), &[words]);
    }
    for name in ["token_embd.weight", "output_norm.weight", "blk.1.attn_v.weight", "blk.0.ffn_norm.weight"] {
        refused(
            name,
            &said(|file| {
                file.without_tensor(name);
            }),
            &["lacks the tensor", name],
        );
    }
    refused("none", &said(|file| file.tensors.clear()), &["no weights"]);
    // A bias, a norm and factors of another length than their matrix has.
    for name in ["blk.0.attn_k.bias", "blk.0.ffn_down.bias", "rope_freqs.weight"] {
        let short = said(|file| file.tensors.push(vector(&mut Chance(1), name, 5, 1.0)));
        refused(name, &short, &[name, "asks for"]);
    }
    let zero = said(|file| file.tensors.push(gguf::f32_tensor("rope_freqs.weight", &[8], vec![0.0; 8])));
    refused("zero factors", &zero, &["rope_freqs.weight"]);
}

#[test]
fn kinds_of_weights_have_names() {
    for (kind, name) in [
        (23, "IQ4_XS"),
        (16, "IQ2_XXS"),
        (39, "MXFP4"),
        (34, "TQ1_0"),
        (15, "Q8_K"),
        (24, "I8"),
        (4, "number 4"),
        (777, "number 777"),
    ] {
        let said = said(|file| file.tensor("blk.0.ffn_down.weight").kind = kind);
        refused(name, &said, &[name, "Q8_0", "Q4_K", "blk.0.ffn_down.weight"]);
    }
    // Rows that no block fits.
    refused("Q4_K", &said(|file| file.tensor("blk.0.ffn_down.weight").kind = 12), &["Q4_K", "cannot have"]);
}

#[test]
fn weights_that_are_no_numbers_are_refused() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for name in ["blk.0.ffn_down.weight", "blk.1.attn_norm.weight", "token_embd.weight"] {
            let said = said(|file| {
                let bytes = &mut file.tensor(name).bytes;
                let at = bytes.len() - 4;
                bytes[at..].copy_from_slice(&bad.to_le_bytes());
            });
            refused(name, &said, &[name, "not finite"]);
        }
    }
    // Scales of quantised weights: f16 NaN and infinity. A block has its scale first, Q4_1 a second number,
    // and Q6_K at its end.
    for (kind, block, numbers, at) in [
        (2u32, 18, 32, 0),
        (3, 20, 32, 0),
        (3, 20, 32, 2),
        (6, 22, 32, 0),
        (8, 34, 32, 0),
        (20, 18, 32, 0),
        (12, 144, 256, 0),
        (14, 210, 256, 208),
    ] {
        for bad in [[0x00, 0x7e], [0x00, 0x7c]] {
            let mut file = File::new(Measures { width: 256, feed: 256, layers: 1, ..TINY });
            let tensor = file.tensor("blk.0.ffn_down.weight");
            (tensor.kind, tensor.bytes) = (kind, vec![0; 256 * 256 / numbers * block]);
            assert!(open(&file.bytes()).is_ok(), "kind {kind}");
            let bytes = &mut file.tensor("blk.0.ffn_down.weight").bytes;
            let last = bytes.len() - block + at;
            bytes[last..last + 2].copy_from_slice(&bad);
            let said = open(&file.bytes()).err().map(|e| e.to_string()).unwrap_or_default();
            refused("a scale", &said, &["blk.0.ffn_down.weight", "not finite"]);
        }
    }
    // Numbers so large that squares of them leave float32.
    let mut file = File::new(TINY);
    let huge: Vec<u8> =
        file.tensor("output_norm.weight").numbers.iter().flat_map(|_| 3e38f32.to_le_bytes()).collect();
    file.tensor("output_norm.weight").bytes = huge;
    let model = open(&file.bytes()).expect("every number is finite");
    assert!(model.log_probabilities(&[3], &[4]).is_err_and(|e| e.to_string().contains("beyond all bounds")));
}

#[test]
fn a_damaged_head_is_refused_before_anything_is_made_of_it() {
    for alignment in [0, 1, 4, 24, 33, 48] {
        refused(
            "alignment",
            &said(|file| {
                file.set("general.alignment", count(alignment));
            }),
            &["aligned to"],
        );
    }
    for alignment in [text("32"), number(32.0), flag(true)] {
        refused(
            "alignment",
            &said(|file| {
                file.set("general.alignment", alignment);
            }),
            &["general.alignment"],
        );
    }
    refused(
        "twice",
        &said(|file| file.keys.push(("llama.block_count".into(), count(1)))),
        &["llama.block_count twice"],
    );
    let twice = said(|file| file.tensors.push(vector(&mut Chance(1), "output_norm.weight", 32, 0.0)));
    refused("twice", &twice, &["output_norm.weight twice"]);
    for many in [u64::MAX, 1 << 40, 1 << 20] {
        refused("keys", &said(|file| file.key_count = Some(many)), &["keys", "cannot hold"]);
        refused("tensors", &said(|file| file.tensor_count = Some(many)), &["tensors", "cannot hold"]);
        let mut long = list(8, 0, &[]);
        long[8..16].copy_from_slice(&many.to_le_bytes());
        refused(
            "list",
            &said(|file| {
                file.set("general.tags", long);
            }),
            &["general.tags", "room"],
        );
        let mut long = text("");
        long[4..12].copy_from_slice(&many.to_le_bytes());
        refused(
            "text",
            &said(|file| {
                file.set("general.name", long);
            }),
            &["cut off or is damaged"],
        );
    }
    refused(
        "a type",
        &said(|file| {
            file.set("general.name", vec![99, 0, 0, 0]);
        }),
        &["unknown type 99"],
    );
    refused(
        "lists",
        &said(|file| {
            file.set("general.name", list(9, 1, &[0; 16]));
        }),
        &["unknown type 9"],
    );
    refused(
        "a flag",
        &said(|file| {
            file.set("general.name", vec![7, 0, 0, 0, 2]);
        }),
        &["neither true nor false"],
    );
    let shape =
        |dimensions: Vec<u64>| said(|file| file.tensor("blk.0.attn_q.weight").dimensions = dimensions);
    for (dimensions, words) in [
        (vec![], "0 dimensions"),
        (vec![1; 5], "5 dimensions"),
        (vec![0, 32], "cannot have"),
        (vec![1 << 40, 1 << 40], "cannot have"),
        (vec![u64::MAX], "cannot have"),
        (vec![1 << 30, 1 << 20], "beyond its end"),
        (vec![32, 16, 2], "asks for"),
        (vec![16, 64], "asks for"),
        (vec![1024], "asks for"),
    ] {
        refused("a shape", &shape(dimensions), &["blk.0.attn_q.weight", words]);
    }
    let offset = |offset: u64| said(|file| file.tensor("blk.0.attn_q.weight").offset = Some(offset));
    refused("offset", &offset(3), &["blk.0.attn_q.weight", "begins at byte 3"]);
    refused("offset", &offset(0), &["lie over each other"]);
    refused("offset", &offset(1 << 40), &["beyond its end"]);
    refused("offset", &offset(u64::MAX - 31), &["blk.0.attn_q.weight"]);
    for (version, words) in [
        (1u32, "version 1"),
        (4, "version 4"),
        (3u32.swap_bytes(), "big-endian"),
        (2u32.swap_bytes(), "big-endian"),
        (u32::MAX, "version"),
    ] {
        refused("version", &said(|file| file.version = version), &[words]);
    }
    let whole = File::new(TINY).bytes();
    for length in [0, 3, 4, 8, 24, 100, 900, whole.len() / 2, whole.len() - 200] {
        refused("cut", &open(&whole[..length]).err().map(|e| e.to_string()).unwrap_or_default(), &[]);
    }
    for (bytes, words) in [
        (&b"PK\x03\x04 torch"[..], "PyTorch"),
        (b"<!DOCTYPE html>", "web page"),
        (b"\x10\0\0\0\0\0\0\0{\"__metadata__\"", "safetensors"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS"),
        (b"lmgg....", "GGML"),
    ] {
        refused(
            "another file",
            &open(bytes).err().map(|e| e.to_string()).unwrap_or_default(),
            &["no GGUF file", words],
        );
    }
}
