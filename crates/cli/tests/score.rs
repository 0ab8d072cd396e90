//! `palette score` on files as people's tools write them. Needs the models' weights.
#![cfg(feature = "models")]

mod support;

use std::path::PathBuf;
use std::process::Output;
use support::{case, palette};

/// What `score` says of a case; nothing where there are no weights.
fn scored(file: &str) -> Option<Output> {
    let weights = std::env::var_os("MAP_PALETTE_WEIGHTS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../public/weights"),
        PathBuf::from,
    );
    if !weights.join("manifest.json").exists() {
        println!("skipped: there are no weights in {}; scripts/setup makes them", weights.display());
        return None;
    }
    let arguments = ["score".into(), case(file), "--weights".into(), weights];
    Some(palette(&arguments))
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    let Some(marked) = scored("20-score-byte-order-mark/answers.jsonl") else { return };
    let Some(same) = scored("20-score-byte-order-mark/same.jsonl") else { return };
    assert!(marked.status.success() && same.status.success());
    assert_eq!(marked.stdout, same.stdout);
    assert_eq!(String::from_utf8(same.stdout).expect("text").lines().count(), 3);
}

#[test]
fn one_answer_that_is_too_long_does_not_lose_the_others() {
    let Some(output) = scored("22-one-long-answer/answers.jsonl") else { return };
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).expect("text").lines().count(), 3);
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(said.contains("line 4: The answer is too long") && said.contains("1 of 4 answers"), "{said}");
}

#[test]
fn half_a_character_is_said_and_kept_as_it_was() {
    let Some(output) = scored("21-lone-surrogate/answers.jsonl") else { return };
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.lines().count() == 3 && text.contains("scattering \\ud83d\""), "{text}");
    assert!(
        String::from_utf8(output.stderr).expect("text").contains("line 3: the answer holds half a character")
    );
}
