//! The tensors that are understood: their names, and the shapes that the description gives them.

use std::collections::HashMap;

use super::Description;
use crate::ModelError;
use crate::gguf::{Place, shown};

/// Tensors of a layer that every model has.
const NEEDED: [&str; 9] = [
    "attn_norm.weight",
    "attn_q.weight",
    "attn_k.weight",
    "attn_v.weight",
    "attn_output.weight",
    "ffn_norm.weight",
    "ffn_gate.weight",
    "ffn_up.weight",
    "ffn_down.weight",
];

fn refused<T>(sentence: String) -> Result<T, ModelError> {
    Err(ModelError::Unsupported(sentence))
}

/// Holds every tensor against the list, and looks for those that are missing.
pub(super) fn check(places: &[Place], description: &Description) -> Result<(), ModelError> {
    if places.is_empty() {
        return refused(
            "It holds no weights, only a description. Take the file with the model itself.".into(),
        );
    }
    let by_name: HashMap<&str, &Place> = places.iter().map(|place| (place.name.as_str(), place)).collect();
    for place in places {
        if !known(&place.name, description.layers) {
            return refused(unknown(&place.name, description.layers));
        }
    }
    let find = |name: &str| by_name.get(name).copied();
    let needed = |name: &str| find(name).ok_or_else(|| ModelError::MissingTensor(name.into()));
    let Description { width, heads, kv_heads, head_width, .. } = *description;
    let rows = |place: &Place| place.shape.first().copied().unwrap_or(0);
    let vocabulary = description.vocabulary.unwrap_or(rows(needed("token_embd.weight")?));
    fits(needed("token_embd.weight")?, &[vocabulary, width])?;
    fits(needed("output_norm.weight")?, &[width])?;
    for (name, shape) in
        [("output.weight", &[vocabulary, width][..]), ("rope_freqs.weight", &[head_width / 2])]
    {
        find(name).map_or(Ok(()), |place| fits(place, shape))?;
    }
    let too_wide = || {
        ModelError::Unsupported(
            "It is damaged: its heads are wider than any model's. Download it again.".into(),
        )
    };
    let q_width = heads.checked_mul(head_width).ok_or_else(too_wide)?;
    let kv_width = kv_heads * head_width;
    for l in 0..description.layers {
        let name = |part: &str| format!("blk.{l}.{part}");
        for part in NEEDED {
            needed(&name(part))?;
        }
        let feed = description.feed.unwrap_or(rows(needed(&name("ffn_gate.weight"))?));
        let shapes: [(&str, &[usize]); 16] = [
            ("attn_norm.weight", &[width]),
            ("attn_q.weight", &[q_width, width]),
            ("attn_q.bias", &[q_width]),
            ("attn_k.weight", &[kv_width, width]),
            ("attn_k.bias", &[kv_width]),
            ("attn_v.weight", &[kv_width, width]),
            ("attn_v.bias", &[kv_width]),
            ("attn_output.weight", &[width, q_width]),
            ("attn_output.bias", &[width]),
            ("ffn_norm.weight", &[width]),
            ("ffn_gate.weight", &[feed, width]),
            ("ffn_gate.bias", &[feed]),
            ("ffn_up.weight", &[feed, width]),
            ("ffn_up.bias", &[feed]),
            ("ffn_down.weight", &[width, feed]),
            ("ffn_down.bias", &[width]),
        ];
        for (part, shape) in shapes {
            find(&name(part)).map_or(Ok(()), |place| fits(place, shape))?;
        }
    }
    Ok(())
}

fn fits(place: &Place, shape: &[usize]) -> Result<(), ModelError> {
    if place.shape == shape {
        return Ok(());
    }
    // As files have them: the length of a row first.
    let written =
        |shape: &[usize]| shape.iter().rev().map(ToString::to_string).collect::<Vec<_>>().join(" × ");
    refused(format!(
        "Its tensor {} is {}, where its description asks for {}: the file is damaged or mislabelled. Take \
            another file of the model.",
        place.name,
        written(&place.shape),
        written(shape)
    ))
}

/// The layer and the rest of a name, of a tensor in a layer.
fn in_layer(name: &str) -> Option<(usize, &str)> {
    let (layer, part) = name.strip_prefix("blk.")?.split_once('.')?;
    let number = layer.parse().ok()?;
    // No second way to write the same number.
    (layer == format!("{number}")).then_some((number, part))
}

fn known(name: &str, layers: usize) -> bool {
    match in_layer(name) {
        Some((l, part)) => {
            let biased = part.strip_suffix(".bias").filter(|part| !part.ends_with("_norm"));
            let as_weight = biased.map(|part| format!("{part}.weight"));
            l < layers && NEEDED.contains(&as_weight.as_deref().unwrap_or(part))
        }
        None => {
            matches!(name, "token_embd.weight" | "output.weight" | "output_norm.weight" | "rope_freqs.weight")
        }
    }
}

/// Why a tensor that is not in the list cannot be left out.
fn unknown(name: &str, layers: usize) -> String {
    let part = in_layer(name).map_or(name, |(_, part)| part);
    let what = if part.contains("_exps")
        || part.contains("_shexp")
        || part.contains("_gate_inp")
        || expert(part)
    {
        "belongs to a mixture of experts; mixtures of experts are not supported"
    } else if in_layer(name).is_some_and(|(l, _)| l >= layers) {
        return format!(
            "Its tensor {} is of a layer beyond the {layers} that its description has: the file is damaged \
                or mislabelled. Take another file of the model.",
            shown(name)
        );
    } else if part.starts_with("rope_factors") {
        "scales positions by LongRoPE, a kind of RoPE scaling that is not supported"
    } else if part.contains("lora") {
        "is of an adapter (LoRA), which is not supported by itself"
    } else if part.starts_with("attn_q_norm") || part.starts_with("attn_k_norm") {
        "normalises queries or keys, which is not supported"
    } else if part.starts_with("attn_qkv") || part.starts_with("ffn_gate_up") {
        "holds several matrices in one, which is not supported"
    } else if part.contains("post_") || part.contains("_norm_2") {
        "normalises after a layer's part, which is not supported"
    } else if part.ends_with(".bias") {
        "is a bias of a kind that is not supported (those of attention and feed-forward matrices are)"
    } else if part.ends_with(".scale") || part.ends_with(".input_scale") {
        "scales a matrix as a whole, which is not supported"
    } else if part.starts_with("attn_sinks") {
        "is an attention sink, which is not supported"
    } else if part.starts_with("mm.") || part.starts_with("v.") || part.starts_with("a.") {
        "reads pictures or sound, which is not supported"
    } else {
        "is one that this program does not know, so the model may be another one than those that it runs"
    };
    format!(
        "Its tensor {} {what}. Take a model without that: SmolLM2, TinyLlama, Llama 2 or 3, Qwen2 or 2.5.",
        shown(name)
    )
}

/// As the first files of Mixtral name their experts: `ffn_up.3.weight`.
fn expert(part: &str) -> bool {
    let mut words = part.split('.');
    words.next().is_some_and(|first| first.starts_with("ffn_"))
        && words.next().is_some_and(|number| number.parse::<usize>().is_ok())
}
