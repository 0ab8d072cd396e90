//! The sentence encoder against a float32 reference.

mod support;

use palette_models::encoder::Encoder;
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    ids: Vec<u32>,
    embedding: Vec<f32>,
}

#[test]
fn agrees_with_the_float32_reference() {
    let (Some(text), Some(tensors)) =
        (support::reference("reference/minilm_expected.json"), support::tensors("encoder"))
    else {
        return;
    };
    let expected: Expected = serde_json::from_str(&text).expect("the reference");
    let encoder = Encoder::new(tensors).expect("the encoder");
    for text in &expected.texts {
        assert_eq!(encoder.ids(&text.text).expect("ids"), text.ids, "{}", text.text);
        let embedding = encoder.embed(&text.text).expect("an embedding");
        let norm: f32 = text.embedding.iter().map(|x| x * x).sum::<f32>().sqrt();
        let cosine = embedding.iter().zip(&text.embedding).map(|(a, b)| a * b).sum::<f32>() / norm;
        println!("cosine {cosine:.6}: {}", text.text);
        assert!(cosine >= 0.999, "{}: {cosine}", text.text);
    }
    let empty = encoder.embed("").expect("an embedding");
    assert!(empty.iter().all(|x| x.is_finite()));
    assert_eq!(encoder.ids(&"word ".repeat(500)).expect("ids").len(), 128);
}
