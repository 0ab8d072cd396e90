//! `palette study plane` and `palette study why-not` as a person calls them.

mod support;

use serde_json::Value;
use std::process::Output;
use support::palette_on;

/// What is witty is not wise.
const TABLE: &str = "prompt,answer,wit,wisdom,calm\np,A joke,1,0,0\np,A saying,0,1,0\np,A pause,0,0,1\n";

fn palette(arguments: &[&str]) -> Output {
    palette_on(&[&["study"], arguments].concat(), TABLE)
}

fn json(arguments: &[&str]) -> Value {
    let output = palette(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn words(arguments: &[&str]) -> String {
    let output = palette(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn refusal(arguments: &[&str]) -> String {
    let output = palette(arguments);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn the_plane_is_told_as_json_and_in_words() {
    let asked = ["plane", "-", "--values", "wit,wisdom", "-t", "wit>=0.4", "-t", "calm>=0.25"];
    let found = json(&[&asked[..], &["--json"]].concat());
    assert_eq!(found["values"][1]["name"], "wisdom");
    for key in ["frontier", "frontier_bound", "outline", "bound", "lines"] {
        assert!(found[key].is_array(), "{key}");
    }
    let most = found["values"][1]["max_reachable"].as_f64().expect("an end");
    assert!((most - 0.35).abs() < 1e-9, "beside wit at 0.4 and calm at 0.25: {most}");
    let said = words(&asked);
    assert!(said.contains("wisdom can go up to 0.3500 with wit at its target (≥ 0.4000)"), "{said}");
    assert!(refusal(&["plane", "-", "--values", "wit,charm"]).contains("charm"));
    assert!(refusal(&["plane", "-", "--values", "wit"]).contains("two names"));
    let out = words(&["plane", "-", "--values", "wit,wisdom", "-t", "calm>=2"]);
    assert!(out.contains("other targets alone are out of reach"), "{out}");
}

#[test]
fn why_not_is_told_as_json_and_in_words() {
    let asked = ["why-not", "-", "-t", "wit>=0.8", "-t", "wisdom>=0.8"];
    let found = json(&[&asked[..], &["--json"]].concat());
    assert_eq!((&found["verdict"], &found["pair_possible"]), (&"unreachable".into(), &false.into()));
    assert_eq!(found["prices"].as_array().map(Vec::len), Some(15));
    let said = words(&asked);
    assert!(
        said.contains("does 0.5000·wit + 0.5000·wisdom exceed 0.5000; the palette asks for 0.8000"),
        "{said}"
    );
    assert!(said.contains("35.71% of the way") && said.contains("A joke"), "{said}");
    let third =
        ["why-not", "-", "-t", "wit>=0.4", "-t", "wisdom>=0.4", "-t", "calm>=0.3", "--pair", "wit,wisdom"];
    let said = words(&third);
    assert!(said.contains("it is calm beside them that makes it impossible"), "{said}");
    assert!(refusal(&["why-not", "-", "-t", "wit>=0.8"]).contains("this palette has one"));
    assert!(refusal(&[&asked[..], &["--pair", "wit,calm"]].concat()).contains("calm has no target"));
}
