//! `palette verify` on a small folder: what fits, and each way in which one does not.

use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const FILES: [(&str, &str); 3] =
    [("index.html", "<!doctype html>"), ("icons/icon.svg", "<svg/>"), ("sw.js", "// kept")];

/// A folder of its own for each test, with a list as the build writes it.
fn built(test: &str) -> PathBuf {
    let dist = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("verify-{test}"));
    let _ = fs::remove_dir_all(&dist);
    fs::create_dir_all(dist.join("icons")).expect("a folder");
    let mut files = serde_json::Map::new();
    for (name, content) in FILES {
        fs::write(dist.join(name), content).expect("a file");
        let sha256: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        files.insert(name.into(), serde_json::json!({ "bytes": content.len(), "sha256": sha256 }));
    }
    let list = serde_json::json!({ "format": "map-palette-dist-1", "files": files });
    fs::write(dist.join("manifest-sha256.json"), list.to_string()).expect("the list");
    dist
}

fn verify(dist: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_palette"))
        .arg("verify")
        .arg(dist)
        .args(more)
        .output()
        .expect("the command");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_whole_build_is_said_to_be_one() {
    let (status, said, _) = verify(&built("whole"), &[]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("all 3 files are as they were built"), "{said}");
}

#[test]
fn what_differs_is_named() {
    let dist = built("differs");
    fs::remove_file(dist.join("icons/icon.svg")).expect("gone");
    // As long as before.
    fs::write(dist.join("sw.js"), "// Kept").expect("altered");
    fs::create_dir(dist.join("more")).expect("a folder");
    fs::write(dist.join("more/.hidden.js"), "").expect("additional");
    let (status, said, _) = verify(&dist, &[]);
    assert_eq!(status, Some(1));
    for line in ["missing: icons/icon.svg\n", "altered: sw.js\n", "additional: more/.hidden.js\n"] {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert!(!said.contains("index.html"), "{said}");
}

#[test]
fn another_list_can_be_trusted_more() {
    let (forged, original) = (built("forged"), built("original"));
    fs::write(forged.join("sw.js"), "// another").expect("altered");
    // The forger knows of the list.
    let digest: String = Sha256::digest("// another").iter().map(|byte| format!("{byte:02x}")).collect();
    let list = fs::read_to_string(forged.join("manifest-sha256.json")).expect("the list");
    let own: String = Sha256::digest("// kept").iter().map(|byte| format!("{byte:02x}")).collect();
    let list = list.replace(&own, &digest).replace("\"bytes\":7", "\"bytes\":10");
    fs::write(forged.join("manifest-sha256.json"), list).expect("the list");
    assert_eq!(verify(&forged, &[]).0, Some(0));
    let trusted = original.join("manifest-sha256.json");
    let (status, said, _) = verify(&forged, &["--manifest", trusted.to_str().expect("a path")]);
    assert_eq!(status, Some(1));
    assert!(said.contains("altered: sw.js"), "{said}");
}

#[test]
fn what_is_no_build_is_refused_in_a_sentence() {
    let dist = built("refused");
    let (status, _, said) = verify(&dist.join("absent"), &[]);
    assert_eq!(status, Some(2));
    assert!(said.contains("is no folder"), "{said}");
    fs::write(dist.join("manifest-sha256.json"), r#"{"format": "other", "files": {}}"#).expect("a list");
    assert!(verify(&dist, &[]).2.contains("the format “other”"));
    fs::write(dist.join("manifest-sha256.json"), "<!doctype html>").expect("no list");
    assert!(verify(&dist, &[]).2.contains("is not a list of files that a build wrote"));
    fs::remove_file(dist.join("manifest-sha256.json")).expect("gone");
    let (status, _, said) = verify(&dist, &[]);
    assert_eq!(status, Some(2));
    assert!(said.contains("cannot be read") && said.contains("scripts/build writes it"), "{said}");
}
