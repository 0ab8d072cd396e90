//! Heads trained elsewhere, in the safetensors format that docs/heads.md describes.

use safetensors::tensor::{Dtype, SafeTensors};

use super::head::{Block, Head};
use crate::ModelError;
use crate::gguf::shown;

/// The encoder that a head must have been trained on.
const ENCODER: &str = "all-MiniLM-L6-v2";
/// The seven values' own names.
const TAKEN: [&str; 7] = ["humor", "helpful", "harmless", "positive", "diverse", "coherent", "fluent"];

impl Head {
    /// Reads a head from the bytes of a safetensors file, for embeddings of `width` numbers.
    ///
    /// # Errors
    /// When the file is not what docs/heads.md describes; the sentence says what is wrong and what was
    /// expected.
    pub fn from_safetensors(bytes: &[u8], width: usize) -> Result<Head, ModelError> {
        let broken = || {
            wrong(
                "it is neither a safetensors file nor JSON, or it was cut off or damaged; write it again"
                    .into(),
            )
        };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|_| broken())?;
        let tensors = SafeTensors::deserialize(bytes).map_err(|_| broken())?;
        // Anything else might be a part of a head of another kind.
        if let Some(other) = tensors.names().into_iter().find(|name| !["weight", "bias"].contains(name)) {
            return Err(wrong(format!(
                "it has a tensor `{}` beside `weight` and `bias`; leave it out if the reward does not need it",
                shown(other)
            )));
        }
        let says = |key: &str| {
            metadata
                .metadata()
                .as_ref()
                .and_then(|m| m.get(key))
                .map(|text| text.trim())
                .filter(|text| !text.is_empty())
        };
        let needed = |key: &str| says(key).ok_or_else(|| wrong(format!("its metadata has no `{key}`")));
        let name = needed("name")?;
        check_name(name)?;
        check_encoder(needed("encoder")?)?;
        let blocks = needed("blocks")?.split(',').map(|b| block(b.trim())).collect::<Result<Vec<_>, _>>()?;
        let expected: usize = blocks.iter().map(|b| b.features(width)).sum();
        let numbers = |tensor: &str, expected: usize| -> Result<Vec<f32>, ModelError> {
            let view = tensors.tensor(tensor).map_err(|_| wrong(format!("it has no tensor `{tensor}`")))?;
            if view.dtype() != Dtype::F32 {
                return Err(wrong(format!("its tensor `{tensor}` holds {:?}; F32 is needed", view.dtype())));
            }
            let shape = view.shape();
            if shape != [expected] && shape != [1, expected] {
                return Err(wrong(format!(
                    "its tensor `{tensor}` has the shape {shape:?}; [{expected}] is needed"
                )));
            }
            let values: Vec<f32> =
                view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            match values.iter().position(|v| !v.is_finite()) {
                None => Ok(values),
                Some(i) => Err(wrong(format!("number {i} of its tensor `{tensor}` is not finite"))),
            }
        };
        let (weights, bias) = (numbers("weight", expected)?, numbers("bias", 1)?);
        Ok(Head {
            name: name.into(),
            unit: says("unit").unwrap_or_default().into(),
            blocks,
            bias: f64::from(bias[0]),
            weights,
            held_out: Vec::new(),
            says: says("measured").map(str::to_string),
        })
    }
}

/// Refuses the name of a value that there is.
pub(super) fn check_name(name: &str) -> Result<(), ModelError> {
    if TAKEN.contains(&name.to_lowercase().as_str()) {
        return Err(wrong(format!(
            "it is called {name}, as one of the seven built-in values is; give it another name"
        )));
    }
    Ok(())
}

/// Refuses another encoder than there is.
pub(super) fn check_encoder(encoder: &str) -> Result<(), ModelError> {
    if encoder != ENCODER {
        return Err(wrong(format!(
            "it was trained on the encoder {}; this program embeds with {ENCODER}",
            shown(encoder)
        )));
    }
    Ok(())
}

pub(super) fn block(name: &str) -> Result<Block, ModelError> {
    match name {
        "answer" => Ok(Block::Answer),
        "prompt" => Ok(Block::Prompt),
        "product" => Ok(Block::Product),
        "new" => Ok(Block::New),
        other => Err(wrong(format!(
            "it lists the block `{}`; known are answer, prompt, product and new",
            shown(other)
        ))),
    }
}

pub(super) fn wrong(what: String) -> ModelError {
    ModelError::Setting(format!("The file of the head cannot be used: {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::head::Read;
    use safetensors::tensor::TensorView;
    use std::collections::HashMap;

    const GOOD: [(&str, &str); 4] =
        [("name", "brief"), ("unit", "log-odds"), ("blocks", "answer, product"), ("encoder", ENCODER)];

    /// A file with these tensors of f32 and this metadata.
    fn file(tensors: &[(&str, &[usize], &[f32])], metadata: &[(&str, &str)]) -> Vec<u8> {
        let bytes: Vec<Vec<u8>> =
            tensors.iter().map(|(_, _, v)| v.iter().flat_map(|v| v.to_le_bytes()).collect()).collect();
        let views: Vec<(&str, TensorView)> = tensors
            .iter()
            .zip(&bytes)
            .map(|((name, shape, _), bytes)| {
                (*name, TensorView::new(Dtype::F32, shape.to_vec(), bytes).unwrap())
            })
            .collect();
        let metadata: HashMap<String, String> =
            metadata.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        safetensors::serialize(views, Some(metadata)).unwrap()
    }

    fn with(key: &str, value: &str) -> Vec<u8> {
        let metadata: Vec<_> =
            GOOD.iter().map(|(k, v)| if *k == key { (*k, value) } else { (*k, *v) }).collect();
        file(&[("weight", &[4], &[1.0, 2.0, 3.0, 4.0]), ("bias", &[1], &[0.5])], &metadata)
    }

    fn message(bytes: &[u8]) -> String {
        Head::from_safetensors(bytes, 2).err().unwrap().to_string()
    }

    #[test]
    fn a_good_file_is_read() {
        for shape in [&[4][..], &[1, 4]] {
            let bytes = file(&[("weight", shape, &[1.0, 2.0, 3.0, 4.0]), ("bias", &[1], &[0.5])], &GOOD);
            let head = Head::from_safetensors(&bytes, 2).unwrap();
            assert_eq!((head.name.as_str(), head.unit.as_str()), ("brief", "log-odds"));
            assert_eq!(head.blocks, [Block::Answer, Block::Product]);
            let read = Read { prompt: &[1.0, 0.0], answer: &[0.0, 1.0], new_words: 0 };
            assert!((head.reward(read) - (0.5 + 2.0 * 2f64.sqrt())).abs() < 1e-6);
            assert_eq!(head.measured(), "A head trained elsewhere; how well it does is not said.");
        }
        let mut metadata = GOOD.to_vec();
        metadata.push(("measured", "How short an answer is."));
        let bytes = file(&[("weight", &[4], &[0.0; 4]), ("bias", &[1], &[0.5])], &metadata);
        assert_eq!(Head::from_safetensors(&bytes, 2).unwrap().measured(), "How short an answer is.");
    }

    #[test]
    fn every_fault_is_named() {
        let weight: (&str, &[usize], &[f32]) = ("weight", &[4], &[1.0, 2.0, 3.0, 4.0]);
        let bias: (&str, &[usize], &[f32]) = ("bias", &[1], &[0.5]);
        let half = [0u8; 8];
        let wrong_type = safetensors::serialize(
            vec![("weight", TensorView::new(Dtype::F16, vec![4], &half).unwrap())],
            Some(GOOD.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()),
        )
        .unwrap();
        for (bytes, says) in [
            (b"nonsense".to_vec(), "neither a safetensors file"),
            (with("name", "Humor"), "called Humor"),
            (with("name", " "), "no `name`"),
            (with("encoder", "other"), "the encoder other"),
            (with("encoder", ""), "no `encoder`"),
            (with("blocks", "answer,question"), "the block `question`"),
            (with("blocks", ""), "no `blocks`"),
            (with("blocks", "answer"), "shape [4]; [2] is needed"),
            (with("blocks", "answer,product,new"), "shape [4]; [5] is needed"),
            (file(&[weight, bias], &[]), "no `name`"),
            (file(&[weight, bias, ("scale", &[1], &[2.0])], &GOOD), "a tensor `scale`"),
            (file(&[weight], &GOOD), "no tensor `bias`"),
            (file(&[bias], &GOOD), "no tensor `weight`"),
            (file(&[weight, ("bias", &[2], &[0.5, 0.5])], &GOOD), "`bias` has the shape [2]; [1] is needed"),
            (file(&[("weight", &[2, 2], &[0.0; 4]), bias], &GOOD), "shape [2, 2]"),
            (
                file(&[("weight", &[4], &[0.0, f32::NAN, 0.0, 0.0]), bias], &GOOD),
                "number 1 of its tensor `weight` is not finite",
            ),
            (wrong_type, "holds F16; F32 is needed"),
        ] {
            let found = message(&bytes);
            assert!(found.contains(says) && found.ends_with('.'), "{found} should say {says}");
        }
        // Cut off in the middle of the numbers.
        let whole = with("", "");
        assert!(message(&whole[..whole.len() - 3]).contains("neither a safetensors file"));
    }

    #[test]
    fn the_names_that_are_taken_are_those_of_the_values() {
        let names: Vec<&str> = crate::reward::VALUES.iter().map(|v| v.name.as_str()).collect();
        assert_eq!(names, TAKEN);
    }
}
