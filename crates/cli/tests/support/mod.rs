//! Running `palette` on files.
#![allow(dead_code, reason = "each test uses a part")]

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A file of `tests/cases`.
pub(crate) fn case(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases").join(file)
}

pub(crate) fn palette<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_palette")).args(arguments).output().expect("the command")
}

/// Runs `palette` with `table` on its standard input, for where the arguments name `-`.
pub(crate) fn palette_on<S: AsRef<std::ffi::OsStr>>(arguments: &[S], table: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_palette"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command");
    // It may refuse its arguments without reading.
    let _ = child.stdin.take().expect("a pipe").write_all(table.as_bytes());
    child.wait_with_output().expect("an end")
}

/// The JSON that `solve` answers with.
pub(crate) fn solved(file: &Path, targets: &[&str], per_prompt: bool) -> Value {
    let mut arguments = vec!["solve".to_owned(), file.to_string_lossy().into_owned(), "--json".into()];
    arguments.extend(targets.iter().flat_map(|target| ["-t".to_owned(), (*target).into()]));
    arguments.extend(per_prompt.then(|| "--per-prompt".to_owned()));
    let output = palette(&arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{}: {said}", file.display());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What is said of a table that must be refused.
pub(crate) fn refused(file: &Path, target: &str) -> String {
    let output = palette(&["solve", &file.to_string_lossy(), "--json", "-t", target]);
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{}: {said}", file.display());
    assert!(output.stdout.is_empty());
    assert!(said.trim_end().ends_with('.') && said.lines().count() == 1, "{said}");
    said
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// That a figure agrees with one that was written down with nine digits.
#[track_caller]
pub(crate) fn assert_close(found: &Value, expected: f64, what: &str) {
    let found = number(found);
    assert!((found - expected).abs() <= 2e-8 * expected.abs().max(1.0), "{what}: {found}, not {expected}");
}

/// The value called `name` in a report.
pub(crate) fn value<'r>(report: &'r Value, name: &str) -> &'r Value {
    let values = report["values"].as_array().expect("values");
    values.iter().find(|v| v["name"] == name).unwrap_or_else(|| panic!("no {name} in {values:?}"))
}

pub(crate) fn notes(report: &Value) -> String {
    let notes = report["notes"].as_array().expect("notes");
    notes.iter().map(|note| note.as_str().expect("a sentence")).collect::<Vec<_>>().join(" ")
}
