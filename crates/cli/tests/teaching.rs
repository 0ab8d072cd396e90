//! `palette grade` and `palette scorm` as a teacher calls them.

mod support;

use std::path::{Path, PathBuf};
use std::process::Output;
use support::palette;

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn run(arguments: &[&str]) -> Output {
    palette(&arguments.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const SHEET: &str = r#"{"answer_sheet": 1, "name": "NAME", "lesson": "one-value", "version": "0000000000000000", "tasks": [
  {"id": "grey-hill", "done": true, "tries": 1, "seconds": 12, "answers": [{"choice": OPTION}]},
  {"id": "funnier", "done": true, "tries": 1, "seconds": 30, "answers": [{"palette":
    {"set": "Everyday questions", "pooling": "per-prompt", "targets": {"humor": "TARGET"}}}]}]}"#;

fn sheet(name: &str, option: usize, target: &str) -> String {
    SHEET.replace("NAME", name).replace("OPTION", &option.to_string()).replace("TARGET", target)
}

#[test]
fn a_class_is_graded_by_solving_again() {
    let folder = folder("class");
    let others = r#""humor": "q80", "helpful": "off", "harmless": "off", "positive": "off", "diverse": "off", "coherent": "off", "fluent": "off"#;
    let good = sheet("Ada", 0, "q80").replace(r#""humor": "q80"#, others);
    std::fs::write(folder.join("a.json"), good).expect("a file");
    std::fs::write(folder.join("b.json"), sheet("=Bob", 1, "q10")).expect("a file");
    std::fs::write(folder.join("c.json"), "{\"answer_sheet\": 1, \"na").expect("a file");
    let place = folder.to_string_lossy().into_owned();
    let graded = run(&["grade", &place, "--csv"]);
    assert_eq!(graded.status.code(), Some(0), "{}", text(&graded.stderr));
    let csv = text(&graded.stdout);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 3, "{csv}");
    assert!(rows[1].starts_with("'=Bob,one-value,0,3,0,42,wrong,wrong,not tried,b.json,"), "{csv}");
    assert!(rows[2].starts_with("Ada,one-value,2,3,67,42,right,right,not tried,a.json,"), "{csv}");
    assert!(rows.iter().skip(1).all(|row| row.contains("another version")), "{csv}");
    assert!(text(&graded.stderr).contains("left out: c.json: It is damaged"), "{}", text(&graded.stderr));
    let json: serde_json::Value =
        serde_json::from_slice(&run(&["grade", &place, "--json"]).stdout).expect("JSON");
    assert_eq!(json["lessons"][0]["tasks"][0]["wrong_choices"][0][1], 1);
    assert_eq!(json["lessons"][0]["most_missed"], "how");
    let words = text(&run(&["grade", &place]).stdout);
    assert!(words.contains("Missed most: how.") && words.contains("Left out: c.json."), "{words}");
}

#[test]
fn a_package_is_written_and_what_is_wrong_is_said() {
    let folder = folder("scorm");
    let out = folder.join("lesson.zip").to_string_lossy().into_owned();
    let made = run(&["scorm", "trade-offs", "--page", "https://example.org/palette/", "--out", &out]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let package = text(&std::fs::read(&out).expect("a package"));
    assert!(package.starts_with("PK") && package.contains("imsmanifest.xml"));
    assert!(
        package
            .contains("https://example.org/palette/#v=1&amp;view=learn&amp;lesson=trade-offs&amp;embed=yes")
    );
    // A lesson of a file travels in the address.
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/lessons/en/03-impossible.json");
    let made = run(&["scorm", file, "--page", "https://example.org/", "--out", &out]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    assert!(text(&std::fs::read(&out).expect("a package")).contains("lesson=z."));
    for (lesson, page, words) in [
        ("no-such-lesson", "https://example.org/", "The built-in ones are one-value"),
        ("trade-offs", "example.org", "must begin with https://"),
    ] {
        let refused = run(&["scorm", lesson, "--page", page, "--out", &out]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).contains(words), "{}", text(&refused.stderr));
    }
}
