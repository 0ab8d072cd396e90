//! `palette align` and `palette solve --confidence` on files.

mod support;

use serde_json::Value;
use std::fmt::Write;
use std::path::PathBuf;
use support::{number, palette, value};

/// A table of `prompts` with six answers each; `seed` makes another one.
fn table(name: &str, prompts: usize, seed: usize) -> PathBuf {
    let mut text = "prompt,answer,wit,care\n".to_owned();
    for g in 0..prompts {
        for j in 0..6 {
            let x = ((g * 37 + j * 101 + seed * 13) as f64 * 0.61).sin();
            let y = ((g * 53 + j * 29 + seed * 7) as f64 * 0.83).cos();
            let shift = ((g + 3 * seed) as f64 * 1.7).sin();
            writeln!(text, "{seed} question {g},answer {j},{},{}", x + 0.5 * shift, 2.0 * y - x)
                .expect("text");
        }
    }
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, text).expect("a file");
    file
}

fn answer(arguments: &[&str]) -> Value {
    let output = palette(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn refused(arguments: &[&str]) -> String {
    let output = palette(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn what_align_measures_follows_from_the_drafts_it_writes() {
    let (pilot, new) = (table("align-pilot.csv", 30, 1), table("align-new.csv", 20, 2));
    let csv = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("align-drafts.csv");
    let found = answer(&[
        "align",
        &pilot.to_string_lossy(),
        "--on",
        &new.to_string_lossy(),
        "-t",
        "wit>=base+0.2sd",
        "-t",
        "care>=keep",
        "--confidence",
        "80",
        "--csv",
        &csv.to_string_lossy(),
        "--json",
    ]);
    assert_eq!((&found["solved"]["k"], &found["solved"]["verdict"]), (&6.into(), &"reachable".into()));
    assert_eq!(found["asked"][0]["relative"], true);
    let lambda: Vec<f64> =
        found["lambda"].as_array().expect("λ").iter().map(|pair| number(&pair[1])).collect();
    // The drafts as they were written, by prompt.
    let mut reader = csv::Reader::from_path(&csv).expect("the drafts");
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows.len(), 120);
    let figure = |row: &[String], k: usize| row[k].parse::<f64>().expect("a number");
    let (mut expected, mut base, mut lifts, mut kl, mut picked) = (0.0, 0.0, Vec::new(), 0.0, 0);
    for prompt in rows.chunks(6) {
        let score = |row: &[String]| (lambda[0] * figure(row, 2) + lambda[1] * figure(row, 3)).exp();
        let sum: f64 = prompt.iter().map(|row| score(row)).sum();
        let (mut level, mut mean) = (0.0, 0.0);
        for row in prompt {
            let p = score(row) / sum;
            assert!((p - figure(row, 4)).abs() < 1e-12);
            level += p * figure(row, 2);
            mean += figure(row, 2) / 6.0;
            kl += p * (6.0 * p).ln() / 20.0;
            picked += usize::from(row[5] == "1");
        }
        expected += level / 20.0;
        base += mean / 20.0;
        lifts.push(level - mean);
    }
    assert_eq!(picked, 20);
    let measured = &found["judged"]["measured"];
    let wit = value(measured, "wit");
    assert!((number(&wit["expected"]["mean"]) - expected).abs() < 1e-12);
    assert!((number(&wit["base"]["mean"]) - base).abs() < 1e-12);
    assert!((number(&measured["kl"]["mean"]) - kl).abs() < 1e-12);
    // Student's t with 19 degrees of freedom: 2.0930.
    let mean = lifts.iter().sum::<f64>() / 20.0;
    let sd = (lifts.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 19.0).sqrt();
    let low = mean - 2.093_024_054 * sd / 20f64.sqrt();
    assert!((number(&wit["lift"]["interval"][0]) - low).abs() < 1e-8);
}

#[test]
fn calibrating_judges_on_prompts_that_were_not_solved_on() {
    let (pilot, new) = (table("calibrate-pilot.csv", 30, 1), table("calibrate-new.csv", 24, 3));
    let (pilot, new) = (pilot.to_string_lossy(), new.to_string_lossy());
    let arguments = ["align", &pilot, "--on", &new, "-t", "wit>=base+0.2sd", "--json", "--calibrate"];
    let found = answer(&[&arguments[..], &["12"]].concat());
    let calibrated = &found["calibrated"];
    assert!(found["judged"].is_null());
    assert_eq!(calibrated["calibration"].as_array().map(Vec::len), Some(12));
    assert_eq!(calibrated["judged"]["measured"]["prompts"], 12);
    // On the prompts that it was solved on the lift is what was asked, to the letter.
    assert_eq!(calibrated["solved"]["verdict"], "reachable");
    assert!(refused(&[&arguments[..], &["3"]].concat()).contains("To calibrate, 5 or more"));
}

#[test]
fn a_confidence_costs_more_and_needs_prompts() {
    let pilot = table("confident.csv", 30, 1);
    let pilot = pilot.to_string_lossy();
    let solve = |confidence: &str| {
        answer(&[
            "solve",
            &pilot,
            "-t",
            "wit>=base+0.2sd",
            "--per-prompt",
            "--drafts",
            "3",
            "--confidence",
            confidence,
            "--new-prompts",
            "50",
            "--json",
        ])["with_drafts"]
            .clone()
    };
    let (even, ninety) = (solve("50"), solve("90 %"));
    assert!(number(&even["values"][0]["margin"]).abs() < 1e-12, "a coin flip takes no margin");
    assert!((number(&even["kl"]) - number(&even["kl_without_margin"])).abs() < 1e-9);
    assert!(number(&ninety["kl"]) > number(&ninety["kl_without_margin"]));
    let margin = number(&ninety["values"][0]["margin"]);
    let target = number(&ninety["asked"][0]["lower"]) + margin;
    assert!((number(&ninety["values"][0]["realised"]) - target).abs() < 1e-6);
    // t_{0.9, 29} = 1.31143.
    let error = number(&ninety["values"][0]["standard_error"])
        .hypot(number(&ninety["values"][0]["between_prompts"]) / 50f64.sqrt());
    assert!((margin / (1.311_434 * error) - 1.0).abs() < 1e-3);
    let on_few = table("few.csv", 3, 1);
    let said = refused(&[
        "solve",
        &on_few.to_string_lossy(),
        "-t",
        "wit>=base+0.1",
        "--per-prompt",
        "--drafts",
        "3",
        "--confidence",
        "90",
    ]);
    assert!(said.contains("5 prompts or more"), "{said}");
    let pooled = ["solve", &pilot, "-t", "wit>=base+0.1", "--drafts", "3", "--confidence", "90"];
    assert!(refused(&pooled).contains("--per-prompt"));
}

#[test]
fn what_k_drafts_do_not_reach_comes_with_the_k_that_does() {
    let pilot = table("beyond.csv", 30, 1);
    let found = answer(&[
        "solve",
        &pilot.to_string_lossy(),
        "-t",
        "wit>=base+0.9sd",
        "--per-prompt",
        "--drafts",
        "2",
        "--json",
    ]);
    let drafted = &found["with_drafts"];
    assert_eq!(drafted["verdict"], "unreachable");
    let enough = drafted["enough"].as_u64().expect("a number of drafts that does");
    assert!((3..=6).contains(&enough));
    let nearest = &drafted["nearest"][0];
    assert!(number(&nearest["lower"]) < number(&drafted["asked"][0]["lower"]));
}

/// The same table with a group for each prompt, teens for every third.
fn grouped(name: &str, prompts: usize, seed: usize) -> PathBuf {
    let file = table(name, prompts, seed);
    let text = std::fs::read_to_string(&file).expect("the table");
    let group = |line: &str| {
        let g: usize = line.split([' ', ',']).nth(2).and_then(|g| g.parse().ok()).expect("a prompt");
        if g.is_multiple_of(3) { "teens" } else { "adults" }
    };
    let mut lines = text.lines();
    let header = format!("{},group", lines.next().expect("a header"));
    let rows = lines.map(|line| format!("{line},{}", group(line)));
    let text: Vec<String> = std::iter::once(header).chain(rows).collect();
    std::fs::write(&file, text.join("\n")).expect("a file");
    file
}

#[test]
fn targets_on_groups_are_judged_on_the_new_prompts_of_that_group() {
    let (pilot, new) = (grouped("groups-pilot.csv", 36, 1), grouped("groups-new.csv", 24, 2));
    let plain = table("groups-none.csv", 24, 2);
    let [pilot, new, plain] = [&pilot, &new, &plain].map(|file| file.to_string_lossy().into_owned());
    let csv = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("groups-drafts.csv");
    let targets = ["-t", "wit>=base+0.1sd", "-t", "care@teens>=base+0.3sd", "--json"];
    let with =
        |on: &str, more: &[&str]| answer(&[&["align", &pilot, "--on", on][..], &targets, more].concat());
    let found = with(&new, &["--csv", &csv.to_string_lossy()]);
    assert_eq!(found["asked"][2]["name"], "care@teens");
    let measured = value(&found["judged"]["measured"], "care@teens");
    assert_eq!(measured["group"], "teens");
    // λ on the prompts of teens and elsewhere, from the drafts as they were written.
    let lambda = |name: &str| {
        let all = found["lambda"].as_array().expect("λ");
        all.iter().find(|pair| pair[0] == name).map_or(0.0, |pair| number(&pair[1]))
    };
    let mut reader = csv::Reader::from_path(&csv).expect("the drafts");
    let header = reader.headers().expect("a header").clone();
    assert_eq!(
        header.iter().collect::<Vec<_>>(),
        ["prompt", "answer", "group", "wit", "care", "probability", "picked"]
    );
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let figure = |row: &csv::StringRecord, k: usize| row[k].parse::<f64>().expect("a number");
    let (mut level, mut teens) = (0.0, 0.0);
    for prompt in rows.chunks(6) {
        let here = &prompt[0][2] == "teens";
        let score = |row: &csv::StringRecord| {
            let care = lambda("care") + if here { lambda("care@teens") } else { 0.0 };
            (lambda("wit") * figure(row, 3) + care * figure(row, 4)).exp()
        };
        let sum: f64 = prompt.iter().map(score).sum();
        for row in prompt {
            assert!((score(row) / sum - figure(row, 5)).abs() < 1e-12);
            level += if here { figure(row, 5) * figure(row, 4) } else { 0.0 };
        }
        teens += f64::from(u8::from(here));
    }
    assert!((number(&measured["expected"]["mean"]) - level / teens).abs() < 1e-12);

    let without = with(&plain, &[]);
    let notes = without["notes"].to_string();
    assert!(notes.contains("None of the new prompts is of the group teens"), "{notes}");
    assert_eq!(without["asked"].as_array().map(Vec::len), Some(2));
    assert!(value(&without["judged"]["measured"], "wit")["outcome"].as_str().is_some());
}
