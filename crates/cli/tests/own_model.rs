//! `palette generate --model`: a model of one's own, as the page draws from it.
#![cfg(feature = "models")]

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};

fn generate(file: &str, more: &[&str]) -> Output {
    let case = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases").join(file);
    Command::new(env!("CARGO_BIN_EXE_palette"))
        .arg("generate")
        .arg("--model")
        .arg(case)
        .args(["--answers", "1", "--temperature", "0", "--system", ""])
        .args(more)
        .output()
        .expect("the command")
}

#[test]
fn a_model_of_ones_own_answers() {
    let prompt = "tell me how the old clock in the hall keeps time";
    let output = generate("24-gguf-attention-bias/bias.gguf", &["--prompt", prompt, "--tokens", "12"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line: Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
    assert_eq!((&line["prompt"], &line["answer"]), (&prompt.into(), &"ygkcgkezkygg".into()));
}

#[test]
fn what_was_found_out_about_a_file_is_said_on_standard_error() {
    let output = generate("27-gguf-no-pre/old.gguf", &["--prompt", "Was it 2024 already", "--tokens", "12"]);
    let line: Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
    assert_eq!(line["answer"], "ovjztlaovovo");
    assert!(String::from_utf8_lossy(&output.stderr).contains("tokenizer.ggml.pre"));
}

#[test]
fn a_file_that_cannot_be_used_is_refused_in_one_line() {
    for (file, words) in [
        ("32-gguf-experts/moe.gguf", "mixtures of experts are not supported"),
        ("33-gguf-big-endian/big.gguf", "big-endian"),
        ("security-03-gguf-alignment-zero/zero.gguf", "general.alignment"),
        ("24-gguf-attention-bias/expected.txt", "no GGUF file"),
        ("absent.gguf", "cannot be read"),
    ] {
        let output = generate(file, &["--prompt", "x"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{file}: {said}");
        assert!(
            output.stdout.is_empty() && said.contains(words) && said.lines().count() == 1,
            "{file}: {said}"
        );
    }
    // There must be something to draw from.
    assert_eq!(generate("24-gguf-attention-bias/bias.gguf", &[]).status.code(), Some(2));
}
