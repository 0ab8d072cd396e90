//! `palette export` and `palette study price` as a person calls them.

mod support;

use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use support::{number, palette, palette_on, value};

const TABLE: &str = "prompt,answer,wit,it's wise,calm\np,A joke,1,0,0.2\np,A saying,0,1,0\np,A pause,0,0,1\n\
    q,Pun,0.8,0.1,0\nq,Rule,0.1,0.9,0.3\nq,Nod,0,0.2,0.7\n";
const ASKED: [&str; 6] = ["export", "-", "--per-prompt", "-t", "wit>=base+0.1", "-t"];

fn exported(form: &str, wise: &str) -> String {
    let output = palette_on(&[&ASKED[..], &[wise, "--as", form]].concat(), TABLE);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn every_form_is_written() {
    for (form, begins) in [
        ("report", "<!doctype html>"),
        ("json", "{"),
        (
            "weights",
            "prompt,answer,wit,it's wise,calm,base_pooled,weight_pooled,base_per_prompt,weight_per_prompt\n",
        ),
        ("trl", "# Made by MAP Palette "),
        ("openrlhf", "# Made by MAP Palette "),
        ("verl", "# Made by MAP Palette "),
        ("strips", "<svg "),
    ] {
        let text = exported(form, "it's wise>=base+0.05");
        assert!(text.starts_with(begins), "{form}: {}", text.lines().next().unwrap_or_default());
    }
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_command_in_the_solution_solves_the_same_again() {
    let folder = Folder(std::env::temp_dir().join(format!("palette-export-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).expect("a folder");
    let table = folder.0.join("my table; $(x).csv");
    std::fs::write(&table, TABLE).expect("a table");
    let out = folder.0.join("solution.json");
    let [table_path, out_path] = [&table, &out].map(|path| path.to_string_lossy().into_owned());
    let mut asked = vec!["export", table_path.as_str()];
    asked.extend(&ASKED[2..]);
    asked.extend(["it's wise>=base+0.05", "--as", "json", "-o", out_path.as_str()]);
    assert_eq!(palette(&asked).status.code(), Some(0));
    let solution: Value = serde_json::from_slice(&std::fs::read(&out).expect("the file")).expect("JSON");
    let command = solution["about"]["command"].as_str().expect("a command");
    // The table under the name that the page saves it by.
    let name = command.split_whitespace().nth(2).expect("a file").to_owned();
    std::fs::copy(&table, folder.0.join(name.replace(".json", ".csv"))).expect("a copy");
    let line =
        command.replacen("palette", "\"$PALETTE\"", 1).replacen(&name, &name.replace(".json", ".csv"), 1);
    let again = Command::new("sh")
        .args(["-c", &format!("{line} --json")])
        .current_dir(&folder.0)
        .env("PALETTE", env!("CARGO_BIN_EXE_palette"))
        .output()
        .expect("a shell");
    assert_eq!(again.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&again.stderr));
    let again: Value = serde_json::from_slice(&again.stdout).expect("JSON");
    for name in ["wit", "it's wise", "calm"] {
        assert_eq!(value(&again, name)["lambda"], value(&solution, name)["lambda"], "{name}");
    }
    assert!(number(&value(&again, "it's wise")["lambda"]) > 0.0);
}

#[test]
fn the_price_of_a_target_is_told_as_json_and_in_words() {
    let asked = ["study", "price", "-", "--per-prompt", "-t", "wit>=0.55", "-t", "calm>=base", "--of", "wit"];
    let output = palette_on(&[&asked[..], &["--json"]].concat(), TABLE);
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&found["name"], &found["way"]), (&"wit".into(), &"at-least".into()));
    assert!(number(&found["asked_price"]["kl"]) > 0.0);
    assert!(found["points"].as_array().is_some_and(|points| points.len() > 12));
    let said = String::from_utf8(palette_on(&asked, TABLE).stdout).expect("text");
    assert!(said.contains("With nothing asked of wit") && said.contains("At what is asked, 0.550"), "{said}");
    let wrong = palette_on(&["study", "price", "-", "--of", "charm"], TABLE);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("charm"));
}
