//! The keys of a description that are understood.

use crate::ModelError;
use crate::gguf::{Metadata, shown};

/// Keys whose beginning says that they only describe where a file comes from and how it was made.
const DESCRIBING: [&str; 4] = ["general.", "quantize.imatrix.", "mradermacher.", "tokenizer.chat_template."];

/// Keys of the tokenizer that are read, or that say nothing about how text becomes tokens or tokens text.
const TOKENIZER: [&str; 33] = [
    "tokenizer.chat_template",
    "tokenizer.chat_templates",
    "tokenizer.ggml.add_bos_token",
    "tokenizer.ggml.add_eos_token",
    "tokenizer.ggml.add_space_prefix",
    "tokenizer.ggml.bos_token_id",
    "tokenizer.ggml.cls_token_id",
    "tokenizer.ggml.eom_token_id",
    "tokenizer.ggml.eos_token_id",
    "tokenizer.ggml.eot_token_id",
    "tokenizer.ggml.fim_mid_token_id",
    "tokenizer.ggml.fim_pad_token_id",
    "tokenizer.ggml.fim_pre_token_id",
    "tokenizer.ggml.fim_rep_token_id",
    "tokenizer.ggml.fim_sep_token_id",
    "tokenizer.ggml.fim_suf_token_id",
    "tokenizer.ggml.ignore_merges",
    "tokenizer.ggml.mask_token_id",
    "tokenizer.ggml.merges",
    "tokenizer.ggml.middle_token_id",
    "tokenizer.ggml.model",
    "tokenizer.ggml.padding_token_id",
    "tokenizer.ggml.pre",
    "tokenizer.ggml.prefix_token_id",
    "tokenizer.ggml.scores",
    "tokenizer.ggml.separator_token_id",
    // So written by llama.cpp.
    "tokenizer.ggml.seperator_token_id",
    "tokenizer.ggml.suffix_token_id",
    "tokenizer.ggml.token_type",
    "tokenizer.ggml.tokens",
    "tokenizer.ggml.unknown_token_id",
    // The same tokenizer once more, for other programs.
    "tokenizer.huggingface.json",
    "tokenizer.ggml.added_tokens",
];

/// Keys of the architecture that the forward pass reads, or that only describe.
const READ: [&str; 19] = [
    "attention.head_count",
    "attention.head_count_kv",
    "attention.key_length",
    "attention.layer_norm_rms_epsilon",
    "attention.value_length",
    "block_count",
    "context_length",
    "embedding_length",
    "feed_forward_length",
    "rope.dimension_count",
    "rope.freq_base",
    "rope.scale_linear",
    "rope.scaling.factor",
    "rope.scaling.finetuned",
    "rope.scaling.original_context_length",
    "rope.scaling.type",
    "vocab_size",
    // Checked below.
    "attention.causal",
    "tensor_data_layout",
];

/// Keys of the architecture that name what is not implemented, by how they begin; harmless where they say 0.
const NOT_IMPLEMENTED: [(&str, &str); 19] = [
    ("expert", "is a mixture of experts"),
    ("moe", "is a mixture of experts"),
    ("interleave_moe", "is a mixture of experts"),
    ("attention.sliding_window", "attends within a sliding window"),
    ("attention.chunk", "attends within chunks of the text"),
    ("rope.scaling.yarn", "scales its positions by YaRN"),
    ("rope.scaling.attn_factor", "scales its attention with its positions (YaRN or LongRoPE)"),
    ("rope.scaling.low_freq", "scales its positions by numbers in its description"),
    ("rope.scaling.high_freq", "scales its positions by numbers in its description"),
    ("rope.dimension_sections", "has positions in several dimensions"),
    ("attention.clamp_kqv", "clamps its queries, keys and values"),
    ("attention.max_alibi_bias", "has ALiBi positions"),
    ("attention.scale", "scales its attention by a number of its own"),
    ("attn_logit_softcapping", "caps the logits of its attention"),
    ("final_logit_softcapping", "caps its logits"),
    ("attention.logit_softcapping", "caps the logits of its attention"),
    ("pooling_type", "is an encoder of sentences"),
    ("use_parallel_residual", "has its attention and its feed-forward part side by side"),
    ("attention.group_norm", "normalises in groups"),
];

/// Keys of the architecture that multiply something; harmless where they say 1.
const FACTORS: [(&str, &str); 4] = [
    ("logit_scale", "scales its logits"),
    ("residual_scale", "scales what its layers add"),
    ("embedding_scale", "scales its embeddings"),
    ("attention.output_scale", "scales what its attention puts out"),
];

const TAKE_ANOTHER: &str = "Take a model without that: SmolLM2, TinyLlama, Llama 2 or 3, Qwen2 or 2.5.";

fn refused<T>(sentence: String) -> Result<T, ModelError> {
    Err(ModelError::Unsupported(sentence))
}

/// Whether the file is a whole model.
pub(super) fn check_kind(metadata: &Metadata) -> Result<(), ModelError> {
    if let Some(parts) = metadata.count("split.count")?.filter(|parts| *parts > 1) {
        let part =
            metadata.count("split.no")?.map_or_else(String::new, |at| format!(", this is number {}", at + 1));
        return refused(format!(
            "It is one of {parts} files that make up the model{part}; a model must be in one file. Take one \
                in a single file, or join them by llama-gguf-split --merge."
        ));
    }
    match metadata.text("general.type")? {
        None | Some("" | "model") => {}
        Some("adapter") => {
            return refused(
                "It is an adapter (LoRA), which changes another model and is none by itself. Take a whole \
                    model into which it was merged."
                    .into(),
            );
        }
        Some(other) => {
            return refused(format!(
                "It is a file of the type “{}”, which is no language model. Take the file with the model itself.",
                shown(other)
            ));
        }
    }
    match metadata.count("general.quantization_version")? {
        None | Some(0 | 2) => Ok(()),
        Some(version) => refused(format!(
            "Its weights are quantised by version {version} of the format, of which version 2 is read. Take \
                another file of the model."
        )),
    }
}

/// Holds every key against the lists.
pub(super) fn check(metadata: &Metadata, architecture: &str) -> Result<(), ModelError> {
    // What is known to be not implemented is the better reason.
    for name in metadata.keys().filter_map(|key| of(key, architecture)) {
        not_implemented(metadata, &format!("{architecture}.{name}"), name)?;
    }
    for key in metadata.keys() {
        let known = match of(key, architecture) {
            Some(name) => {
                READ.contains(&name)
                    || FACTORS.iter().any(|(known, _)| name == *known)
                    || NOT_IMPLEMENTED.iter().any(|(beginning, _)| name.starts_with(beginning))
            }
            None => {
                TOKENIZER.contains(&key)
                    || matches!(key, "split.no" | "split.count" | "split.tensors.count")
                    || DESCRIBING.iter().any(|beginning| key.starts_with(beginning))
                    || tokenizer(metadata, key)?
            }
        };
        if !known {
            return refused(format!(
                "Its description has the key {}, which this program does not know: the model may be another \
                    one than those that it runs. {TAKE_ANOTHER}",
                shown(key)
            ));
        }
    }
    if metadata.flag(&format!("{architecture}.attention.causal"))? == Some(false) {
        return refused(format!("It reads texts in both directions, as encoders do. {TAKE_ANOTHER}"));
    }
    match metadata.text(&format!("{architecture}.tensor_data_layout"))? {
        None | Some("" | "Meta AI original pth") => Ok(()),
        Some(other) => refused(format!(
            "Its tensors are laid out as “{}”, which this program does not know. Take another file of the model.",
            shown(other)
        )),
    }
}

/// The name of a key of the architecture, without that.
fn of<'a>(key: &'a str, architecture: &str) -> Option<&'a str> {
    key.strip_prefix(architecture)?.strip_prefix('.')
}

fn not_implemented(metadata: &Metadata, key: &str, name: &str) -> Result<(), ModelError> {
    let kind = NOT_IMPLEMENTED
        .iter()
        .find(|(beginning, _)| name.starts_with(beginning))
        .filter(|_| !metadata.is_nothing(key));
    let factor = match FACTORS.iter().find(|(known, _)| name == *known) {
        Some(factor) if !metadata.is_nothing(key) && metadata.number(key)? != Some(1.0) => Some(factor),
        _ => None,
    };
    match kind.or(factor) {
        Some((_, what)) => {
            let kind = if *what == "is a mixture of experts" {
                "mixtures of experts are not supported".to_owned()
            } else {
                "this program does not support that".to_owned()
            };
            refused(format!("The model {what} ({}); {kind}. {TAKE_ANOTHER}", shown(key)))
        }
        None => Ok(()),
    }
}

/// Keys of the tokenizer that ask for what is not done here; harmless where they say no.
fn tokenizer(metadata: &Metadata, key: &str) -> Result<bool, ModelError> {
    let what = match key {
        "tokenizer.ggml.add_sep_token" => "ends texts with a mark of separation",
        "tokenizer.ggml.remove_extra_whitespaces" => "drops spaces",
        "tokenizer.ggml.precompiled_charsmap" => "replaces letters by a table",
        "tokenizer.ggml.token_type_count" => "tells sentences apart",
        _ => return Ok(false),
    };
    if metadata.is_nothing(key) || (key.ends_with("token_type_count") && metadata.count(key)? == Some(1)) {
        return Ok(true);
    }
    refused(format!("Its tokenizer {what} ({key}), which this program does not do. {TAKE_ANOTHER}"))
}
