//! Tables as they come out of spreadsheets, pandas and trackers of experiments: read right, with the numbers
//! that are known to be right, or refused with the reason.

mod support;

use std::path::{Path, PathBuf};
use support::{assert_close, case, notes, number, palette, refused, solved, value};

/// The table that most cases hold in some form: 30 rows, five to each of six questions.
#[track_caller]
fn is_the_table(file: &Path, humor: &str, helpful: &str, prompts: bool) {
    let targets = [format!("{humor}>=0.6"), format!("{helpful}>=0.5")];
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    let what = file.display().to_string();
    let pooled = solved(file, &targets, false);
    assert_close(&pooled["kl"], 0.397705799, &what);
    assert_close(&value(&pooled, humor)["lambda"], 1.98469402, &what);
    assert_close(&value(&pooled, helpful)["lambda"], 0.737163699, &what);
    assert_close(&value(&pooled, humor)["base"], 0.3163, &what);
    assert_close(&value(&pooled, helpful)["base"], 0.0363666667, &what);
    assert!(notes(&pooled).contains("30 rows were read."), "{what}: {}", notes(&pooled));
    if prompts {
        let apart = solved(file, &targets, true);
        assert_close(&apart["kl"], 0.485843904, &what);
        assert_close(&value(&apart, humor)["lambda"], 2.87301132, &what);
        assert_close(&value(&apart, helpful)["lambda"], 0.965134254, &what);
    }
}

#[track_caller]
fn says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "“{said}” does not say “{word}”");
    }
}

/// A file that is made for the test.
fn made(name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    std::fs::write(&file, bytes).expect("a file");
    file
}

#[test]
fn row_numbers_are_no_rewards() {
    for file in ["plain.csv", "rewards.csv", "again.csv"] {
        is_the_table(&case(&format!("01-pandas-index/{file}")), "humor", "helpful", true);
    }
    let report = solved(&case("01-pandas-index/rewards.csv"), &["humor>=0.6"], false);
    assert_eq!(report["values"].as_array().map(Vec::len), Some(2));
    says(&notes(&report), &["without a name", "is left out"]);
}

#[test]
fn the_layout_is_found() {
    is_the_table(&case("02-sep-line/rewards.csv"), "humor", "helpful", true);
    let humor = "humor (1, low, to 5, high)";
    is_the_table(&case("03-header-quoting/wrapped.csv"), humor, "helpful", true);
    is_the_table(&case("03-header-quoting/wrapped-first.csv"), "Humor (1 low, 5 high)", "helpful", true);
    let [humor, helpful] = ["Is it humorous, witty, or fun?", "Is it helpful, clear, and safe?"];
    is_the_table(&case("03-header-quoting/commas.tsv"), humor, helpful, true);
    // A name may be said as it stands in the file, over two lines.
    let report = solved(&case("03-header-quoting/wrapped.csv"), &["humor\n(1, low, to 5, high)>=0.6"], false);
    assert_eq!(report["verdict"], "reachable");
    for file in ["column.csv", "rewards.csv", "rows.csv"] {
        is_the_table(&case(&format!("16-trailing-commas/{file}")), "humor", "helpful", true);
    }
}

#[test]
fn decimal_commas_are_read_by_column() {
    let report = solved(&case("04-decimal-comma-dropped/rewards.csv"), &["humor>=0.5", "helpful>=3"], false);
    assert_close(&report["kl"], 0.058865463, "kl");
    assert_close(&value(&report, "humor")["lambda"], 0.608479411, "λ");
    assert_close(&value(&report, "humor")["base"], 0.306083333, "base");
    assert_close(&value(&report, "helpful")["base"], 3.16666667, "base");
    says(&notes(&report), &["humor were read with decimal commas"]);
    let all = solved(&case("04-decimal-comma-dropped/all.csv"), &["humor>=0.5"], false);
    assert_close(&value(&all, "humor")["base"], 0.306083333, "base");
}

#[test]
fn separated_thousands_are_thousands() {
    let report = solved(&case("05-thousands/rewards.csv"), &["length>=1300"], false);
    assert_close(&value(&report, "length")["base"], 1276.83333333, "base");
    assert_close(&report["kl"], 0.000731913694, "kl");
    assert!((number(&value(&report, "length")["lambda"]) / 6.26361048e-05 - 1.0).abs() < 1e-6);
}

#[test]
fn ids_and_answers_that_look_like_numbers_are_text() {
    is_the_table(&case("06-hex-ids/rewards.csv"), "humor", "helpful", true);
    says(&notes(&solved(&case("06-hex-ids/rewards.csv"), &["humor>=0.6"], false)), &["sample_id is text"]);
    for file in ["rewards.csv", "rewards.jsonl"] {
        is_the_table(&case(&format!("07-numeric-looking-answers/{file}")), "humor", "helpful", true);
    }
}

#[test]
fn no_row_is_lost_in_silence() {
    says(&refused(&case("08-no-header/rewards.csv"), "0.473>=0.6"), &["first line", "name the columns"]);
    for file in ["open.csv", "pair.tsv"] {
        says(
            &refused(&case(&format!("10-unclosed-quote/{file}")), "humor>=0.6"),
            &["line 11", "quotation mark"],
        );
    }
}

#[test]
fn json_is_read_in_the_forms_that_it_has() {
    for file in ["rewards.json", "wrapped.json"] {
        is_the_table(&case(&format!("12-pretty-json-objects/{file}")), "humor", "helpful", true);
    }
    for file in ["columns.json", "index.json", "split.json"] {
        is_the_table(&case(&format!("14-pandas-json/{file}")), "humor", "helpful", true);
    }
    let said = refused(&case("14-pandas-json/values.json"), "humor>=0.6");
    says(&said, &["names of the columns", "orient=\"records\""]);
    assert!(!said.contains("NaN"));
    for file in ["all.jsonl", "one.jsonl"] {
        let file = case(&format!("15-json-numbers-as-text/{file}"));
        is_the_table(&file, "humor", "helpful", true);
        says(&notes(&solved(&file, &["humor>=0.6"], false)), &["quotation marks"]);
    }
    let file = case("15-json-numbers-as-text/bool.jsonl");
    is_the_table(&file, "humor", "helpful", true);
    let report = solved(&file, &["safe>=0.1"], false);
    says(&notes(&report), &["In safe, true was read as 1"]);
    is_the_table(&case("21-lone-surrogate/rewards.jsonl"), "humor", "helpful", true);
    let report = solved(&case("21-lone-surrogate/rewards.jsonl"), &["humor>=0.6"], false);
    says(&notes(&report), &["line 13", "half a character"]);
}

#[test]
fn letters_are_read_as_they_were_written() {
    for file in ["rewards.csv", "rewards-utf8.csv"] {
        let report = solved(&case(&format!("19-windows-1252/{file}")), &["humor>=0.8"], true);
        assert_close(&report["values"][0]["base"], 0.606866667, file);
        assert_close(&report["values"][0]["lambda"], 1.16466122, file);
        assert_close(&report["kl"], 0.110475466, file);
        assert_eq!(notes(&report).contains("Windows-1252"), file == "rewards.csv");
    }
    let text = std::fs::read_to_string(case("01-pandas-index/plain.csv")).expect("a table");
    let wide: Vec<u8> = ["\u{feff}", &text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect();
    is_the_table(&made("utf16.csv", wide), "humor", "helpful", true);
}

#[test]
fn files_of_palettes_are_read_as_tables_are() {
    let table = case("23-prompt-and-palette-files/rewards.csv");
    let jsonl = made(
        "palettes.jsonl",
        "{\"name\": \"mild\", \"humor\": 0.4}\n{\"name\": \"both\", \"humor\": 0.6, \"helpful\": \">=0.5\"}\n",
    );
    let tabs = made("palettes.tsv", "\u{feff}name\thumor\thelpful\r\nmild\t0,4\t\r\nboth\t≥0,6\t0,5\r\n");
    for file in [case("23-prompt-and-palette-files/palettes-semicolon.csv"), jsonl, tabs] {
        let output = palette(&["batch", &table.to_string_lossy(), &file.to_string_lossy(), "--json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let palettes = found["palettes"].as_array().expect("palettes");
        assert_eq!(
            palettes.iter().map(|p| p["name"].as_str()).collect::<Vec<_>>(),
            [Some("mild"), Some("both")]
        );
        assert_close(&palettes[1]["kl"], 0.397705799, "kl");
    }
}

#[test]
fn what_is_too_wide_is_refused_at_once() {
    let start = std::time::Instant::now();
    let said = refused(&case("security-05-a-key-for-every-line/keys5000.jsonl"), "k0>=1");
    says(&said, &["at most 64 values"]);
    let n = 100_000;
    let names: Vec<String> = (0..n).map(|i| format!("c{i}")).collect();
    let wide = made("wide.csv", format!("{}\n{}\n", names.join(","), vec!["1"; n].join(",")));
    says(&refused(&wide, "c0>=1"), &["more than 1000", "at most 64 values"]);
    let many: String = (0..20_000).map(|i| format!("{{\"k{i}\":1}}\n")).collect();
    says(&refused(&made("keys.jsonl", many), "k0>=1"), &["at most 64 values"]);
    assert!(start.elapsed().as_secs_f64() < 6.0, "{:?}", start.elapsed());
}

#[test]
fn no_cell_that_is_written_is_a_formula() {
    let table = case("security-07-csv-formulas/formulas.csv");
    let palettes = made("formulas.csv", "name,=v1,@v2\n\"=HYPERLINK(\"\"x\"\")\",1.5,off\n+1+1,,2\n");
    let output = palette(&["batch", &table.to_string_lossy(), &palettes.to_string_lossy()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let rows: Vec<csv::StringRecord> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .map(|r| r.expect("a row"))
        .collect();
    assert_eq!(rows.len(), 3);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']) || cell.parse::<f64>().is_ok(), "{cell}");
    }
    assert_eq!((&rows[1][0], &rows[2][0]), ("'=HYPERLINK(\"x\")", "'+1+1"));
}

#[test]
fn weights_whose_sum_no_float_holds_weigh_by_their_ratios() {
    let file = case("18-huge-weights/huge.csv");
    let pooled = solved(&file, &["humor>=0.6"], false);
    assert_close(&value(&pooled, "humor")["base"], 0.405989172, "pooled");
    assert_close(&value(&pooled, "helpful")["base"], 0.316622911, "pooled");
    assert_close(&value(&pooled, "humor")["lambda"], 1.6340841, "pooled");
    assert_close(&pooled["kl"], 0.158830143, "pooled");
    let apart = solved(&file, &["humor>=0.6"], true);
    assert_close(&value(&apart, "humor")["base"], 0.410454239, "per prompt");
    assert_close(&value(&apart, "helpful")["base"], 0.266858479, "per prompt");
    assert_close(&value(&apart, "humor")["lambda"], 2.13168339, "per prompt");
    assert_close(&apart["kl"], 0.190022433, "per prompt");
    // Beside weights of prompts whose products are beyond every float, or below.
    let rows = |weight: f64, prompt_weight: f64| {
        let row =
            |p: &str, w: f64, q: f64, x: f64| format!("{p},{:e},{:e},{x}\n", w * weight, q * prompt_weight);
        let rows = [
            row("a", 1.0, 1.0, 0.0),
            row("a", 3.0, 1.0, 1.0),
            row("b", 2.0, 3.0, 4.0),
            row("b", 1.0, 3.0, 2.0),
        ];
        format!("prompt,weight,prompt_weight,humor\n{}", rows.concat())
    };
    let plain = solved(&made("plain-weights.csv", rows(1.0, 1.0)), &["humor>=3"], false);
    for (weight, prompt_weight) in [(1e300, 1e200), (1e-200, 1e-180), (1e307, 1e-300)] {
        let found = solved(&made("weights.csv", rows(weight, prompt_weight)), &["humor>=3"], false);
        for key in ["base", "lambda"] {
            let expected = number(&value(&plain, "humor")[key]);
            assert_close(
                &value(&found, "humor")[key],
                expected,
                &format!("{weight:e} and {prompt_weight:e}"),
            );
        }
    }
}

#[test]
fn a_bound_that_every_answer_meets_by_far_changes_nothing() {
    let file = case("security-01-far-bound/table.csv");
    for end in ["1e14", "1e15", "1e21", "1e308"] {
        let report = solved(&file, &[&format!("v0 in base+0.3..{end}")], false);
        assert_eq!(report["verdict"], "reachable", "{end}");
        assert_close(&report["kl"], 0.068186023, end);
    }
    let far = solved(&file, &["v0>=-1e15", "v1>=base+0.2"], false);
    let alone = solved(&file, &["v1>=base+0.2"], false);
    assert_eq!(
        (&far["kl"], &far["slack_sd"], &far["drafts"]),
        (&alone["kl"], &alone["slack_sd"], &alone["drafts"])
    );
    assert_eq!(value(&far, "v1")["lambda"], value(&alone, "v1")["lambda"]);
}
