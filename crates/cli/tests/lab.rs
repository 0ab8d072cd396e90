//! `palette lab`, `palette paper` and `palette study` as a person calls them.

mod support;

use serde_json::Value;
use std::path::PathBuf;
use support::{number, palette};

fn file(name: &str, text: &str) -> String {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, text).expect("a file");
    file.to_string_lossy().into_owned()
}

fn answer(arguments: &[&str]) -> Value {
    let output = palette(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{arguments:?}: {e}"))
}

#[test]
fn the_lab_has_every_solver_at_every_size() {
    let rows: String = (0..64).map(|j| format!("{},{}\n", j * 37 % 64, j * 11 % 64)).collect();
    let table = file("lab.csv", &format!("wit,care\n{rows}"));
    let lab = answer(&["lab", &table, "-t", "wit>=base+0.5sd", "-t", "care>=base+0.2sd", "--json"]);
    assert_eq!(lab["whole"]["verdict"], "reachable");
    let methods: Vec<&str> = lab["whole"]["runs"]
        .as_array()
        .expect("runs")
        .iter()
        .filter_map(|run| run["method"].as_str())
        .collect();
    assert_eq!(methods, ["paper", "gradient", "lbfgs", "newton"]);
    // Rewards of up to 63 overflow at λ = 1 already: 2·63 > 88.
    let paper = &lab["whole"]["runs"][0];
    assert_eq!((paper["ended"].as_str(), paper["right"].as_bool()), (Some("overflow"), Some(false)));
    assert!(number(&lab["whole"]["runs"][2]["lambda_error_sd"]) < 1e-7);
    assert_eq!(lab["by_rows"].as_array().map(Vec::len), Some(4));
    assert_eq!(lab["by_values"].as_array().map(Vec::len), Some(2));
    let words = palette(&["lab", &table, "-t", "wit>=base+0.5sd"]);
    let words = String::from_utf8(words.stdout).expect("text");
    assert!(words.contains("L-BFGS") && words.contains("By rows"), "{words}");
}

#[test]
fn a_log_of_runs_is_held_against_its_table() {
    let table = file("paper-coin.csv", "wit\n0\n1\n");
    let right =
        "filepath: results/paper-coin.csv, c Levels: 0.750, values: ['wit'], optimized lambda: 1.099\n";
    let wrong =
        "filepath: results/paper-coin.csv, c Levels: 1.100, values: ['wit'], optimized lambda: 9.000\n";
    // More runs than anyone reads: only what differs is shown.
    let log = file("paper-log.txt", &format!("{}{wrong}", right.repeat(50)));
    let short = file("paper-log-short.txt", &format!("{right}{wrong}"));
    let empty = file("paper-empty.json", "[]");
    let report = answer(&["paper", &table, &log, "--json"]);
    assert_eq!(number(&report["verdicts_differ"]), 1.0);
    assert!((number(&report["palettes"][0]["values"][0]["exact"]) - 3f64.ln()).abs() < 1e-9);
    assert_eq!(report["palettes"][50]["verdict"], "unreachable");
    let words = String::from_utf8(palette(&["paper", &table, &log]).stdout).expect("text");
    assert!(words.contains("line 51") && !words.contains("line 1\n"), "{words}");
    assert!(words.contains("Of 51 verdicts one is not as published."), "{words}");
    let words = String::from_utf8(palette(&["paper", &table, &short]).stdout).expect("text");
    assert!(words.contains("line 2\n") && words.contains("line 1\n"), "{words}");
    for (arguments, what) in [
        (vec!["paper", table.as_str(), table.as_str()], "neither"),
        (vec!["paper", &table, &empty], "lists no palette"),
    ] {
        let output = palette(&arguments);
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(what), "{said}");
    }
}

#[test]
fn studies_come_with_a_sentence() {
    let rows: String = (0..48).map(|j| format!("{},{},{}\n", j / 6, j * 37 % 48, j * 11 % 48)).collect();
    let table = file("study.csv", &format!("prompt,wit,care\n{rows}"));
    let shape = answer(&["study", "shape", &table, "--per-prompt", "--palettes", "20", "--json"]);
    assert_eq!(shape["random"].as_array().map(Vec::len), Some(2));
    assert_eq!(number(&shape["random"][1]["palettes"]), 20.0);
    let found = answer(&["study", "interactions", &table, "--per-prompt", "--kl", "0,3", "--json"]);
    assert_eq!(number(&found["kl"]), 0.3);
    for row in found["interactions"].as_array().expect("rows") {
        let share = number(&row["share"]);
        assert!(
            share <= 1.0 + 1e-9
                && (share - number(&row["by_values_sd"]) / number(&row["optimum_sd"])).abs() < 1e-12
        );
    }
    for study in ["shape", "interactions"] {
        let words = String::from_utf8(palette(&["study", study, &table]).stdout).expect("text");
        assert!(words.lines().next().is_some_and(|line| line.ends_with('.')), "{words}");
    }
    let small = ["--rows", "200,400", "--values", "1,2", "--prompts", "1,20", "--base", "200,2,20"];
    let scaling = [&["study", "scaling", "--repetitions", "1"], &small[..]].concat();
    let found = answer(&[&scaling[..], &["--json"]].concat());
    let rows: Vec<f64> =
        found["sizes"].as_array().expect("sizes").iter().map(|size| number(&size["rows"])).collect();
    assert_eq!(rows, [200.0, 200.0, 200.0, 400.0]);
    assert!(number(&found["growth"][0]["first"]).is_finite());
    let words = String::from_utf8(palette(&scaling).stdout).expect("text");
    assert!(words.lines().next().is_some_and(|line| line.ends_with('.')), "{words}");
    let output = palette(&[&scaling[..], &["--prompts", "150"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("two answers"));
    let output = palette(&["study", "interactions", &table, "--values", "wit,charm"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("charm"));
}
