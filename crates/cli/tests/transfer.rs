//! `palette study transfer` as a person calls it.

mod support;

use std::path::PathBuf;
use support::{number, palette};

/// Eight prompts for each group, six answers to each.
fn table(name: &str, groups: &[&str]) -> String {
    let mut rows = String::from("prompt,group,wit,care\n");
    for (g, group) in groups.iter().enumerate() {
        for j in 0..48 {
            let n = j + 48 * g;
            rows.push_str(&format!("{group}{},{group},{},{}\n", j / 6, n * 37 % 53, n * 11 % 47));
        }
    }
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, rows).expect("a file");
    file.to_string_lossy().into_owned()
}

#[test]
fn every_group_is_carried_to_every_other() {
    let file = table("groups.csv", &["law", "art", "food"]);
    let output =
        palette(&["study", "transfer", &file, "-t", "wit>=base+0.4sd", "-t", "care>=keep", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((found["k"].as_u64(), found["groups"].as_array().map(Vec::len)), (Some(6), Some(3)));
    let pairs = found["pairs"].as_array().expect("pairs");
    assert_eq!(pairs.len(), 9);
    for pair in pairs.iter().filter(|pair| pair["from"] != pair["to"]) {
        let wit = &pair["values"][0];
        let [low, high] = [0, 1].map(|end| number(&wit["interval"][end]));
        assert!(low < number(&wit["room"]) && number(&wit["room"]) < high);
        assert!((number(&wit["level"]["mean"]) - number(&wit["lower"]) - number(&wit["room"])).abs() < 1e-9);
    }
    let beside = table("beside.csv", &["law", "work"]);
    let output = palette(&[
        "study",
        "transfer",
        &file,
        "-t",
        "wit>=base+0.4sd",
        "--beside",
        &beside,
        "--drafts",
        "4",
        "--json",
    ]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let groups = found["groups"].as_array().expect("groups");
    let names: Vec<&str> = groups.iter().filter_map(|group| group["name"].as_str()).collect();
    assert_eq!((found["k"].as_u64(), names), (Some(4), vec!["law", "art", "food", "law (new)", "work"]));
}

#[test]
fn it_speaks_in_sentences_and_says_what_is_missing() {
    let file = table("words.csv", &["law", "art"]);
    let output = palette(&["study", "transfer", &file, "-t", "wit>=base+0.4sd"]);
    let words = String::from_utf8(output.stdout).expect("text");
    assert!(words.starts_with("Choosing one of 6 answers"), "{words}");
    let alone = table("alone.csv", &["law"]);
    let output = palette(&["study", "transfer", &alone, "-t", "wit>=base+0.4sd"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("fewer than two are here"));
}
