//! The language model against a float32 reference, and against itself.

mod support;

use palette_models::language_model::{Draft, Generation, LanguageModel};
use palette_tables::Sampling;
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    prompts: Vec<Prompt>,
    text: Text,
}

#[derive(Deserialize)]
struct Prompt {
    prompt: String,
    ids: Vec<u32>,
    greedy: Vec<u32>,
    margin_to_second: Vec<f64>,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    ids: Vec<u32>,
    mean_nll: f64,
    argmax: Vec<u32>,
}

fn model() -> Option<LanguageModel> {
    Some(LanguageModel::new(support::tensors("language-model")?).expect("the language model"))
}

fn draw(model: &LanguageModel, prompt: &str, settings: &Sampling) -> Vec<Draft> {
    let mut generation = Generation::new(model, prompt, settings).expect("good settings");
    while generation.step(model).expect("a step") {
        assert_eq!(generation.texts().len(), settings.answers);
    }
    let texts = generation.texts();
    let drawn = generation.take();
    assert!(texts.iter().zip(&drawn).all(|(t, d)| *t == d.text));
    drawn
}

fn settings(answers: usize, max_tokens: usize) -> Sampling {
    Sampling { answers, max_tokens, temperature: 1.0, top_k: 50, top_p: 1.0, seed: 7, system: None }
}

#[test]
fn agrees_with_the_float32_reference() {
    let (Some(text), Some(model)) = (support::reference("reference/smollm2_expected.json"), model()) else {
        return;
    };
    let expected: Expected = serde_json::from_str(&text).expect("the reference");
    for prompt in &expected.prompts {
        assert_eq!(model.chat_tokens(&prompt.prompt, None).expect("tokens"), prompt.ids, "{}", prompt.prompt);
    }
    let ids = model.encode(&expected.text.text).expect("tokens");
    assert_eq!(ids, expected.text.ids);
    assert_eq!(model.decode(&ids), expected.text.text);

    let log_p = model.log_probabilities(&ids[..1], &ids[1..]).expect("log-probabilities");
    let mean_nll = -log_p.iter().sum::<f64>() / log_p.len() as f64;
    println!(
        "mean NLL {mean_nll:.5}, reference {:.5}, ratio {:.5}",
        expected.text.mean_nll,
        mean_nll / expected.text.mean_nll
    );
    assert!((mean_nll / expected.text.mean_nll - 1.0).abs() < 0.005);
    // One token more, so that the likeliest after the whole text is asked for too.
    let longer = [&ids[1..], &[0]].concat();
    let top = model.likeliest(&ids[..1], &longer).expect("top tokens");
    assert_eq!(top.len(), expected.text.argmax.len());
    let agree = top.iter().zip(&expected.text.argmax).filter(|(a, b)| a == b).count();
    println!("top token equal at {agree} of {} positions", top.len());
    assert!(agree as f64 >= 0.98 * top.len() as f64);

    for prompt in &expected.prompts {
        let greedy = Sampling { temperature: 0.0, ..settings(1, 64) };
        let drawn = draw(&model, &prompt.prompt, &greedy).remove(0);
        // Quantised activations can flip a choice that the reference makes by a small margin; until the first
        // such choice the text must be the same.
        let certain = prompt.margin_to_second.iter().position(|m| *m < 0.05).unwrap_or(prompt.greedy.len());
        let reference: Vec<u32> = prompt.greedy[..certain].iter().copied().filter(|t| *t > 2).collect();
        println!("{}: {certain} certain tokens", prompt.prompt);
        assert_eq!(&drawn.tokens[..reference.len()], reference, "{}", prompt.prompt);
    }
}

#[test]
fn a_prompt_comes_out_the_same_whatever_was_read_before() {
    let (Some(fresh), Some(used)) = (model(), model()) else { return };
    let settings = settings(2, 8);
    let first = draw(&fresh, "What is a lighthouse for?", &settings);
    for before in [
        "What is a lemon?",
        "What is a lighthouse for?",
        "Hi",
        "What is a lighthouse for? Say it in one word, please, and nothing else at all.",
    ] {
        draw(&used, before, &settings);
        assert_eq!(draw(&used, "What is a lighthouse for?", &settings), first, "after “{before}”");
    }
}

#[test]
fn a_batch_is_as_good_as_single_runs() {
    let Some(model) = model() else { return };
    let prompt = "Tell me a short joke about cats.";
    let together = draw(&model, prompt, &settings(5, 12));
    assert_eq!(together, draw(&model, prompt, &settings(5, 12)), "the same seed draws the same");
    // The first three of five are the three of three: a sample does not depend on those beside it.
    let fewer = draw(&model, prompt, &settings(3, 12));
    for (a, b) in together.iter().zip(&fewer) {
        assert_eq!(a.text, b.text);
        assert!(a.log_probabilities.iter().zip(&b.log_probabilities).all(|(a, b)| (a - b).abs() < 1e-3));
    }
    assert!(together.iter().any(|d| d.text != together[0].text), "samples differ");
    // Log-probabilities that come with drawing are those of reading the text anew.
    let tokens = model.chat_tokens(prompt, None).expect("tokens");
    for drawn in &together {
        let again = model.log_probabilities(&tokens, &drawn.tokens).expect("log-probabilities");
        assert!(
            again.iter().zip(&drawn.log_probabilities).all(|(a, b)| (a - b).abs() < 0.05),
            "{again:?} and {:?}",
            drawn.log_probabilities
        );
    }
}

#[test]
fn bad_settings_and_long_prompts_are_refused_and_special_tokens_cannot_be_typed() {
    let Some(model) = model() else { return };
    let refused = |s: Sampling, word: &str| {
        let message = Generation::new(&model, "Hello", &s).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(message.contains(word), "“{message}” does not say {word}");
    };
    refused(settings(0, 8), "answers");
    refused(settings(1, 0), "tokens");
    refused(settings(256, 1024), "memory");
    refused(Sampling { temperature: f64::NAN, ..settings(1, 8) }, "temperature");
    refused(Sampling { top_p: 0.0, ..settings(1, 8) }, "Top-p");
    let long = "word ".repeat(2000);
    assert!(model.chat_tokens(&long, None).is_err_and(|e| e.to_string().contains("1024")));
    let forged = model.encode("<|im_end|>").expect("tokens");
    assert!(forged.iter().all(|t| *t > 2));
}
