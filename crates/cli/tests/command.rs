//! The command `palette` as a person calls it.

mod support;

use serde_json::Value;
use support::palette_on as palette;

fn answer(arguments: &[&str], table: &str) -> Value {
    let output = palette(arguments, table);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{arguments:?}: {e}"))
}

/// What is said of bad input, which must end with status 2 and an empty standard output.
fn refusal(arguments: &[&str], table: &str) -> String {
    let output = palette(arguments, table);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("text")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

const TABLE: &str = "prompt,answer,wit,care,topic,weight
a,x,0,1,law,1
a,y,1,0,law,1
a,z,2,0.5,law,1
b,x,0,2,cooking,2
b,y,3,0,cooking,1
c,x,1,1,law,1
c,y,2,-1,law,1
";

#[test]
fn solve_answers_with_stable_json() {
    let found = answer(&["solve", "-", "-t", "wit>=1.3", "-t", "care >= keep", "--json"], TABLE);
    assert_eq!(found["verdict"], "reachable");
    for key in ["slack_sd", "kl", "drafts", "ess", "kkt_residual_sd", "iterations"] {
        assert!(found[key].is_number(), "{key}");
    }
    assert!((number(&found["drafts"]) - number(&found["kl"]).exp()).abs() < 1e-12);
    assert!(found["certificate"].is_null());
    let values = found["values"].as_array().expect("values");
    assert_eq!(
        values.iter().map(|v| v["name"].as_str().expect("a name")).collect::<Vec<_>>(),
        ["wit", "care"]
    );
    for value in values {
        for key in ["base", "target", "realised", "lambda", "max_reachable"] {
            assert!(value[key].is_number(), "{key}");
        }
    }
    assert!((number(&values[0]["realised"]) - 1.3).abs() < 1e-8);
    assert!((number(&values[0]["base"]) - 9.0 / 8.0).abs() < 1e-12, "the column weight counts");
}

#[test]
fn unreachable_is_an_answer_whose_proof_checks_on_the_table() {
    let found = answer(&["solve", "-", "-t", "wit>=2.2", "-t", "care>=1.2", "--json"], TABLE);
    assert_eq!(found["verdict"], "unreachable");
    assert!(number(&found["slack_sd"]) < 0.0);
    assert!(found["kl"].is_null() && found["values"][0]["lambda"].is_null());
    let proof = &found["certificate"];
    let d = [number(&proof["direction"]["wit"]), number(&proof["direction"]["care"])];
    let rows = [[0.0, 1.0], [1.0, 0.0], [2.0, 0.5], [0.0, 2.0], [3.0, 0.0], [1.0, 1.0], [2.0, -1.0]];
    let best = rows.iter().map(|r| d[0] * r[0] + d[1] * r[1]).fold(f64::NEG_INFINITY, f64::max);
    let asked = d[0] * 2.2 + d[1] * 1.2;
    assert!(
        d.iter().all(|d| *d >= 0.0)
            && (asked - best - number(&proof["margin"])).abs() < 1e-12
            && asked > best
    );
    // A target at the largest reward is only approached.
    assert_eq!(answer(&["solve", "-", "-t", "wit>=3", "--json"], TABLE)["verdict"], "edge");
}

#[test]
fn targets_are_understood_in_every_way_to_say_them() {
    let base = 9.0 / 8.0;
    for (text, key, level) in [
        ("wit>=0.5", "lower", 0.5),
        ("wit>=-0.5", "lower", -0.5),
        ("wit>=base+0.3", "lower", base + 0.3),
        ("wit<=base-0.3", "upper", base - 0.3),
        ("wit>=keep", "lower", base),
        ("wit>=log+0.25", "lower", base + 1.25f64.ln()),
        // The quantile of the rewards as they stand: 0 0 1 1 2 2 3.
        ("wit>=quantile50", "lower", 1.0),
        ("wit>=q50", "lower", base),
        ("wit>=q75", "lower", 2.0),
        ("wit=1.25", "upper", 1.25),
        ("wit in 1.2..1.4", "upper", 1.4),
    ] {
        let found = answer(&["solve", "-", "--json", "-t", text], TABLE);
        assert!(
            (number(&found["values"][0][key]) - level).abs() < 1e-12,
            "{text}: {}",
            found["values"][0][key]
        );
        assert_eq!(found["verdict"], "reachable", "{text}");
    }
    let found = answer(&["solve", "-", "--json", "-t", "wit>=1.2", "-t", "wit<=1.4"], TABLE);
    assert_eq!((number(&found["values"][0]["lower"]), number(&found["values"][0]["upper"])), (1.2, 1.4));
}

#[test]
fn prompts_and_groups() {
    let found = answer(&["solve", "-", "--per-prompt", "--json", "-t", "wit>=1.6"], TABLE);
    assert_eq!((&found["prompts"], &found["pooling"]), (&3.into(), &"per-prompt".into()));
    // a: mean 1, b: (0·2 + 3)/3 = 1, c: 1.5
    assert!((number(&found["values"][0]["base"]) - 3.5 / 3.0).abs() < 1e-12);
    assert!((number(&found["values"][0]["max_reachable"]) - 7.0 / 3.0).abs() < 1e-9);
    let found = answer(
        &["solve", "-", "--per-prompt", "--group", "topic", "--json", "-t", "care@cooking>=1.6"],
        TABLE,
    );
    assert_eq!(found["verdict"], "reachable");
    assert!((number(&found["groups"][0]["realised"]) - 1.6).abs() < 1e-8);
    assert_eq!(found["groups"][0]["name"], "care@cooking");
    let found =
        answer(&["solve", "-", "--per-prompt", "--group", "topic", "--json", "-t", "wit>=1.4"], TABLE);
    assert_eq!(found["prompts"], 2);
}

#[test]
fn drafts_and_bootstrap_come_on_request() {
    let arguments =
        ["solve", "-", "--json", "-t", "wit>=1.2", "--drafts", "2", "--bootstrap", "50", "--seed", "3"];
    let found = answer(&arguments, TABLE);
    assert_eq!((&found["with_drafts"]["k"], &found["with_drafts"]["groups"]), (&2.into(), &3.into()));
    assert_eq!(found["bootstrap"]["resamples"], 50);
    let counted: u64 = ["reachable", "edge", "unreachable"]
        .iter()
        .map(|k| found["bootstrap"][*k].as_u64().expect("a count"))
        .sum();
    assert_eq!(counted, 50);
    assert_eq!(found, answer(&arguments, TABLE), "the same seed gives the same answer");
}

#[test]
fn repairs_ranges_sequences_and_batches() {
    let beyond = ["-", "--json", "-t", "wit>=2.2", "-t", "care>=1.2"];
    for how in ["ray", "one:wit", "order:care,wit", "nearest", "budget:0.5"] {
        let found = answer(&[&["repair"], &beyond[..], &["--how", how]].concat(), TABLE);
        assert_eq!(found["verdict_before"], "unreachable");
        assert!(found["verdict"] == "edge" || found["verdict"] == "reachable", "{how}: {}", found["verdict"]);
        assert!(number(&found["slack_sd"]) > -1e-8, "{how}");
    }
    let ranges = answer(&["ranges", "-", "--json", "-t", "care>=0.5"], TABLE);
    assert!(
        (number(&ranges["values"][0]["highest"]) - 2.25).abs() < 1e-9,
        "(3, 0) and (0, 2) in shares of 3 to 1"
    );
    assert_eq!(number(&ranges["values"][0]["lowest"]), 0.0);
    let path =
        answer(&["sequential", "-", "--json", "--rounds", "60", "-t", "wit>=1.3", "-t", "care>=1"], TABLE);
    assert_eq!(path["total"].as_array().map(Vec::len), Some(60));
    assert!(number(&path["total"][59]["distance_sd"]) < 0.5 * number(&path["total"][0]["distance_sd"]));
    let file = std::env::temp_dir().join(format!("palettes-{}.csv", std::process::id()));
    std::fs::write(&file, "name,wit,care\nmild,1.2,\nboth,1.3,>=keep\nfar,9,off\nrange,1.0..1.4,<=1\n")
        .expect("a file");
    let name = file.to_str().expect("a plain path");
    let found = answer(&["batch", "-", name, "--json"], TABLE);
    let palettes = found["palettes"].as_array().expect("palettes");
    let verdicts: Vec<&str> = palettes.iter().map(|p| p["verdict"].as_str().expect("a verdict")).collect();
    assert_eq!(verdicts, ["reachable", "reachable", "unreachable", "reachable"]);
    let alone = answer(&["solve", "-", "--json", "-t", "wit>=1.3", "-t", "care>=keep"], TABLE);
    assert!((number(&palettes[1]["kl"]) - number(&alone["kl"])).abs() < 1e-10);
    let csv = palette(&["batch", "-", name], TABLE);
    assert_eq!(String::from_utf8_lossy(&csv.stdout).lines().count(), 5);
    std::fs::remove_file(file).expect("the file");
}

#[test]
fn bad_input_gets_a_sentence_and_status_two() {
    for (arguments, says) in [
        (&["solve", "-", "-t", "humour>=1"][..], "no value called “humour”"),
        (&["solve", "-", "-t", "wit>1"], "“wit>1”"),
        (&["solve", "-", "-t", "wit>=q180"], "q180"),
        (&["solve", "-", "-t", "wit>=nan"], "nan"),
        (&["solve", "-", "-t", "wit in 2..1"], "2..1"),
        (&["solve", "-", "-t", "wit>=1", "-t", "wit>=2"], "two targets"),
        (&["solve", "-", "-t", "wit@law>=1"], "--group"),
        (&["solve", "-", "--group", "topic", "-t", "wit@sport>=1"], "sport"),
        (&["solve", "-", "--group", "tropic", "-t", "wit@law>=1"], "tropic"),
        (&["solve", "no-such-file.csv", "-t", "wit>=1"], "no-such-file.csv"),
        (&["solve", "-", "-t", "wit>=1", "--drafts", "9"], "9"),
        (&["solve", "-", "-t", "wit>=1", "--drafts", "0"], "0"),
        (&["repair", "-", "-t", "wit>=1", "--how", "magic"], "magic"),
        (&["repair", "-", "-t", "wit>=1", "--how", "budget:-1"], "budget:-1"),
        (&["batch", "-", "no-such-file.csv"], "no-such-file.csv"),
        (&["nonsense"], "nonsense"),
    ] {
        let said = refusal(arguments, TABLE);
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    assert!(refusal(&["solve", "-", "-t", "wit>=1"], "wit,care\n1,2\nx,3\n").contains("line 3"));
    assert!(refusal(&["solve", "-", "-t", "wit>=1"], "").contains("empty"));
}

/// One value that half of the answers have, and a constant one.
const COIN: &str = "prompt,wit,flat\na,0,0.5\na,1,0.5\nb,0,0.5\nb,1,0.5\n";

/// What is said in words, which must be an answer.
fn words(arguments: &[&str], table: &str) -> String {
    let output = palette(arguments, table);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_reachable_palette_in_words() {
    let said = words(&["solve", "-", "-t", "wit>=0.75"], COIN);
    // λ = ln 3, KL = ¾ ln 3 − ln 2, two answers with 3/8 each and two with 1/8.
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "Reachable: every target could be tightened by 0.5000 sd at once.");
    assert!(lines[1].starts_with(
        "It costs 0.1308 nats, at least 2 drafts; the weights rest on about 3.200 answers of 4. KKT residual "
    ));
    assert_eq!(
        lines[2..],
        [
            "",
            "value    base    target  realised      λ  reachable up to",
            "wit    0.5000  ≥ 0.7500    0.7500  1.099            1.000",
            "flat   0.5000       off    0.5000      0           0.5000",
        ]
    );
}

#[test]
fn on_the_edge_and_out_of_reach_in_words() {
    let said = words(&["solve", "-", "-t", "wit>=1"], COIN);
    assert!(
        said.starts_with(
            "On the edge: the targets are met only in the limit, λ has no bound.\nIt costs 0.6931"
        )
    );
    assert!(said.contains("\nScaled back to 98% of the way from the base it costs "), "{said}");
    let said = words(&["solve", "-", "-t", "wit>=1.5"], COIN);
    assert!(said.starts_with(
        "Out of reach by 1.000 sd: no weighting of the answers meets all targets.\n\
        Proof: along 1.000 wit the targets ask for 0.5000 more than the best answers give.\n\n"
    ));
    assert!(said.contains("wit    0.5000  ≥ 1.500         –  –            1.000"), "{said}");
    let said = words(&["solve", "-", "-t", "flat>=0.7"], COIN);
    assert!(said.starts_with("Out of reach: a value that is the same for every answer cannot be moved.\n"));
    let said = words(&["ranges", "-", "-t", "flat>=0.7"], COIN);
    assert!(said.ends_with("\nA dash: the other targets alone are out of reach.\n"), "{said}");
    let said = words(&["sequential", "-", "-t", "wit>=2"], COIN);
    assert_eq!(said, "The palette has no joint solution to compare with. See palette repair.\n");
    let said = words(&["repair", "-", "-t", "wit>=2", "-t", "flat>=0.7", "--how", "one:wit"], COIN);
    assert!(said.starts_with("The others alone are out of reach"), "{said}");
}

#[test]
fn what_is_not_reachable_is_scaled_back_beside_the_figures_of_the_palette() {
    let edge = answer(&["solve", "-", "--json", "-t", "wit>=1"], COIN);
    assert_eq!((&edge["verdict"], &edge["status"]), (&"edge".into(), &"converged".into()));
    assert!((number(&edge["kl"]) - 2f64.ln()).abs() < 1e-5 && edge["values"][0]["lambda"].is_null());
    assert!((number(&edge["values"][0]["realised"]) - 1.0).abs() < 1e-6);
    let back = &edge["scaled_back"];
    assert!((number(&back["share"]) - 0.98).abs() < 1e-9 && number(&back["kl"]) < number(&edge["kl"]));
    assert!((number(&back["realised"][0]) - 0.99).abs() < 1e-9 && number(&back["lambda"][0]) > 0.0);
    let out = answer(&["solve", "-", "--json", "-t", "wit>=1.5"], COIN);
    assert_eq!(out["status"], "proved out of reach");
    assert!(out["kl"].is_null() && out["values"][0]["realised"].is_null());
    assert!((number(&out["certificate"]["asked_sd"]) - 2.0).abs() < 1e-9);
    assert!((number(&out["certificate"]["margin"]) - 0.5).abs() < 1e-9);
    assert!((number(&out["scaled_back"]["realised"][0]) - 0.99).abs() < 1e-9);
    assert!(out.get("with_drafts").is_none() && out.get("bootstrap").is_none());
}

#[test]
fn a_proof_names_groups_and_shares() {
    // Pooled, so that choosing could shun a topic: its share must stay.
    let found = answer(&["solve", "-", "--json", "--group", "topic", "-t", "care@cooking>=2.5"], TABLE);
    assert_eq!(found["verdict"], "unreachable");
    let direction = found["certificate"]["direction"].as_object().expect("a direction");
    assert_eq!(direction.keys().collect::<Vec<_>>(), ["wit", "care", "care@cooking", "share of cooking"]);
    let total: f64 = direction.values().map(|d| number(d).abs()).sum();
    assert!((total - 1.0).abs() < 1e-12);
    let values = answer(
        &["repair", "-", "--json", "--group", "topic", "-t", "care@cooking>=2.5", "--how", "nearest"],
        TABLE,
    );
    assert_eq!(values["groups"][1]["name"], "share of cooking");
    assert!((number(&values["groups"][0]["target"]) - 2.0).abs() < 1e-8, "the best answer on cooking");
}

#[test]
fn a_batch_as_csv_leaves_out_what_is_not_met() {
    let file = std::env::temp_dir().join(format!("coins-{}.csv", std::process::id()));
    std::fs::write(&file, "name,wit\n\"a, b\",0.75\nfar,1.5\n").expect("a file");
    let said = words(&["batch", "-", file.to_str().expect("a plain path")], COIN);
    std::fs::remove_file(file).expect("the file");
    let rows: Vec<Vec<String>> = csv::Reader::from_reader(said.as_bytes())
        .records()
        .map(|row| row.expect("a row").iter().map(String::from).collect())
        .collect();
    assert_eq!(rows[0][..2], ["a, b", "reachable"]);
    assert!((rows[0][6].parse::<f64>().expect("λ") - 3f64.ln()).abs() < 1e-9);
    assert_eq!(rows[1][..2], ["far", "unreachable"]);
    assert!(rows[1][3..].iter().all(String::is_empty));
}
