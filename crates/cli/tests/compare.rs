//! `palette compare` on small tables.

mod support;

use serde_json::Value;
use std::path::PathBuf;
use support::{number, palette};

/// A table in the folder of the tests, with `drafts` answers to each of `prompts` prompts.
fn table(name: &str, prompts: usize, drafts: usize) -> PathBuf {
    let mut text = "prompt,wit,care\n".to_owned();
    for g in 0..prompts {
        for j in 0..drafts {
            let x = ((g * 31 + j * 17) % 23) as f64 / 23.0;
            let y = ((g * 13 + j * 29) % 19) as f64 / 19.0;
            text += &format!("question {g},{x},{}\n", y - 0.5 * x);
        }
    }
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, text).expect("a table");
    file
}

#[test]
fn methods_stand_side_by_side_in_json_and_csv() {
    let (pilot, new) = (table("compare-pilot.csv", 30, 12), table("compare-new.csv", 20, 8));
    let csv = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compare-out.csv");
    let [pilot, new, out] = [&pilot, &new, &csv].map(|file| file.to_string_lossy().into_owned());
    let arguments = [
        "compare",
        &pilot,
        "--on",
        &new,
        "-t",
        "wit>=base+0.1",
        "-t",
        "care>=base+0.05",
        "--drafts",
        "6",
        "--confidence",
        "80",
        "--weights",
        "wit=1,care=2",
        "--beta",
        "0,5",
        "--csv",
        &out,
        "--json",
    ];
    let output = palette(&arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((number(&report["k"]), number(&report["prompts"])), (6.0, 20.0));
    let methods = report["methods"].as_array().expect("methods");
    let kinds: Vec<&str> = methods.iter().map(|m| m["kind"].as_str().expect("a kind")).collect();
    assert_eq!(
        kinds,
        [
            "base",
            "equal-weights",
            "weights",
            "weights-over-beta",
            "random-weights",
            "best-of-k",
            "best-of-k",
            "pooled",
            "per-prompt",
            "with-confidence",
            "one-after-another",
            "one-after-another",
            "mixture"
        ]
    );
    for method in methods {
        assert!(method["about"].as_str().is_some_and(|about| about.ends_with('.')));
        assert_eq!(method["measured"]["values"].as_array().map(Vec::len), Some(2), "{}", method["name"]);
        assert_eq!(number(&method["targets"]["asked"]), 2.0);
    }
    assert!((number(&methods[3]["lambda"]["care"]) - 4.0).abs() < 1e-12, "2 over 0,5");
    let text = std::fs::read_to_string(&csv).expect("the CSV");
    let mut lines = csv::Reader::from_reader(text.as_bytes());
    let column = |name: &str, header: &csv::StringRecord| {
        header.iter().position(|cell| cell == name).unwrap_or_else(|| panic!("no {name} in {header:?}"))
    };
    let header = lines.headers().expect("a header").clone();
    let rows: Vec<csv::StringRecord> = lines.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 2 * methods.len());
    for (at, row) in rows.iter().enumerate() {
        let measured = &methods[at / 2]["measured"]["values"][at % 2];
        assert_eq!(Some(&row[column("value", &header)]), measured["name"].as_str());
        let expected: f64 = row[column("expected", &header)].parse().expect("a number");
        assert_eq!(expected, number(&measured["expected"]["mean"]));
    }
}

#[test]
fn what_makes_no_sense_is_said() {
    let (pilot, new) = (table("compare-few.csv", 10, 4), table("compare-few-new.csv", 10, 8));
    let [pilot, new] = [&pilot, &new].map(|file| file.to_string_lossy().into_owned());
    for (more, what) in [
        (&[][..], "pilot prompt has 8"),
        (&["--drafts", "9"], "only 8 drafts"),
        (&["--drafts", "4", "--weights", "wit"], "VALUE=NUMBER"),
        (&["--drafts", "4", "--weights", "charm=1"], "charm"),
        (&["--drafts", "4", "--weights", "wit=1,wit=2"], "two weights"),
    ] {
        let base = ["compare", pilot.as_str(), "--on", &new, "-t", "wit>=base+0.1", "--json"];
        let output = palette(&[&base, more].concat());
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(2), "{more:?}: {said}");
        assert!(output.stdout.is_empty() && said.contains(what), "{more:?}: {said}");
    }
}
