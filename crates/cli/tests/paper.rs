//! `palette paper`: the paper's tables recomputed from the reference data beside the checkout, where it is there.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use support::palette;

fn data(file: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("MAP_PALETTE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let file = shared.join("data/map-paper").join(file);
    if !file.exists() {
        eprintln!("skipped: there is no {}", file.display());
        return None;
    }
    Some(file)
}

#[test]
fn published_palettes_are_solved_exactly_and_verdicts_compared() {
    let (Some(table), Some(published)) = (data("rewards_llama2_chat.csv"), data("reference_solutions.json"))
    else {
        return;
    };
    let output = palette(&["paper", &table.to_string_lossy(), &published.to_string_lossy(), "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let reference: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(published).expect("text")).expect("JSON");
    let palettes = found["palettes"].as_array().expect("palettes");
    assert_eq!(palettes.len(), reference.len());
    let mut differ = 0;
    for (found, known) in palettes.iter().zip(&reference) {
        let name = known["name"].as_str().expect("a name");
        assert_eq!(found["name"], name);
        // The reference was computed apart from this project's solver.
        let reachable = known["feasible_on_sample"].as_bool().expect("a verdict");
        assert_eq!(found["verdict"] == "reachable", reachable, "{name}");
        differ += usize::from(reachable == known["lambda_published"].is_null());
        for (value, exact) in found["values"]
            .as_array()
            .expect("values")
            .iter()
            .zip(known["lambda_exact"].as_array().into_iter().flatten())
        {
            let (mine, exact) = (value["exact"].as_f64().expect("λ"), exact.as_f64().expect("λ"));
            assert!((mine - exact).abs() <= 1e-8 * exact.abs().max(1.0), "{name}: {mine}, not {exact}");
        }
    }
    assert_eq!(found["verdicts_differ"], differ);
}
