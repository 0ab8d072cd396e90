//! The crates are layers: what each may know of the others, and what must not reach the page or the core.

use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

/// Each crate with the crates of this workspace that it may use, from the lowest layer up: a crate may only
/// name those above its own line.
/// A new arrow is a decision (see ARCHITECTURE.md), and is made here as well as in a manifest.
const MAY_USE: &[(&str, &[&str])] = &[
    ("map-align", &[]),
    ("palette-visible", &[]),
    ("palette-tables", &["palette-visible"]),
    ("palette-gguf", &["palette-visible"]),
    ("palette-weights", &["palette-gguf"]),
    ("palette-shelf", &[]),
    ("palette-chart", &[]),
    ("palette-study", &["map-align", "palette-tables"]),
    ("palette-exports", &["palette-tables", "palette-study", "palette-chart"]),
    ("palette-lessons", &["palette-tables", "palette-study"]),
    ("palette-models", &["palette-tables", "palette-gguf", "palette-weights"]),
    ("palette-training", &["palette-tables", "palette-weights", "palette-models"]),
    ("palette-protocol", &["palette-tables", "palette-study", "palette-lessons", "palette-shelf"]),
    (
        "palette-worker",
        &[
            "palette-tables",
            "palette-weights",
            "palette-study",
            "palette-exports",
            "palette-lessons",
            "palette-models",
            "palette-shelf",
            "palette-protocol",
        ],
    ),
    (
        "map-palette",
        &[
            "palette-tables",
            "palette-study",
            "palette-lessons",
            "palette-shelf",
            "palette-chart",
            "palette-protocol",
        ],
    ),
    (
        "palette-cli",
        &[
            "palette-tables",
            "palette-weights",
            "palette-study",
            "palette-exports",
            "palette-lessons",
            "palette-models",
            "palette-training",
        ],
    ),
    ("core-bench", &["map-align", "palette-tables"]),
    ("kernel-bench", &["palette-tables", "palette-models"]),
    ("stock-candle", &[]),
];

const MODELS: &[&str] =
    &["palette-models", "palette-gguf", "palette-weights", "palette-training", "candle-*", "tokenizers"];

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

/// The names of everything that is compiled into `package`, without what only its build or its tests need.
fn compiled_into(package: &str, options: &[&str]) -> BTreeSet<String> {
    let mut arguments = vec![
        "tree",
        "--locked",
        "--package",
        package,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ];
    arguments.extend(options);
    let names: BTreeSet<_> =
        cargo(&arguments).lines().filter_map(|line| line.split(' ').next().map(str::to_owned)).collect();
    assert!(names.contains(package), "cargo tree says nothing of {package}");
    names
}

/// Those of `names` that `pattern` means: a name, or the beginning of names before a star.
fn matching<'names>(names: &'names BTreeSet<String>, pattern: &str) -> Vec<&'names String> {
    match pattern.strip_suffix('*') {
        Some(beginning) => names.iter().filter(|name| name.starts_with(beginning)).collect(),
        None => names.get(pattern).into_iter().collect(),
    }
}

fn assert_without(package: &str, options: &[&str], unwanted: &[&str]) {
    let names = compiled_into(package, options);
    for pattern in unwanted {
        let found = matching(&names, pattern);
        assert!(found.is_empty(), "{package} {options:?} must not contain {found:?}");
    }
}

const WASM: &[&str] = &["--target", "wasm32-unknown-unknown"];

#[test]
fn no_crate_uses_one_that_stands_above_it() {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--locked", "--no-deps", "--format-version", "1"]))
            .expect("cargo metadata writes JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let (_, may_use) = MAY_USE
            .iter()
            .find(|(layer, _)| *layer == name)
            .unwrap_or_else(|| panic!("{name} is in no layer: add it to MAY_USE"));
        let used = package["dependencies"].as_array().expect("a list of dependencies").iter();
        for dependency in used.filter(|dependency| !dependency["path"].is_null()) {
            let dependency = dependency["name"].as_str().expect("a name");
            assert!(may_use.contains(&dependency), "{name} must not depend on {dependency}");
        }
    }
    assert_eq!(packages.len(), MAY_USE.len(), "MAY_USE names a crate that is not in the workspace");
}

#[test]
fn the_layers_have_no_circle() {
    for (index, (name, may_use)) in MAY_USE.iter().enumerate() {
        for used in *may_use {
            assert!(MAY_USE[..index].iter().any(|(below, _)| below == used), "{used} is not below {name}");
        }
    }
}

#[test]
fn the_page_has_no_model_in_it() {
    assert_without("map-palette", WASM, MODELS);
}

#[test]
fn the_worker_draws_no_page() {
    assert_without(
        "palette-worker",
        WASM,
        &["map-palette", "leptos*", "plotters-canvas", "palette-training", "palette-cli"],
    );
}

#[test]
fn the_solver_has_no_model_in_it() {
    assert_without("palette-worker", &[WASM, &["--no-default-features"]].concat(), MODELS);
}

#[test]
fn the_core_knows_only_numbers() {
    let others =
        [MODELS, &["palette-*", "csv", "serde_json", "web-sys", "js-sys", "wasm-bindgen", "leptos*"]]
            .concat();
    assert_without("map-align", &["--all-features"], &others);
    assert_without("map-align", &[WASM, &["--all-features"]].concat(), &others);
}

#[test]
fn the_command_can_be_built_without_models() {
    assert_without("palette-cli", &["--no-default-features"], MODELS);
}
