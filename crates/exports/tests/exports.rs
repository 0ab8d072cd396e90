//! Every form that a palette can be taken away in, checked against what was solved.

use palette_exports::take;
use palette_study::away::{Form, Taken};
use palette_study::compose::Composer;
use palette_study::{Pooling, Question, Verdict};
use palette_tables::{Answer, Level, Palette, SampleSet, Target, Value, stream};
use rand::Rng;
use serde_json::Value as Json;

const PROMPTS: usize = 6;
const EACH: usize = 12;

/// Three values that vary, on prompts of two groups; names and texts that want to be markup, code and formulas.
fn set() -> SampleSet {
    let mut random = stream(7, "", "");
    let value = |name: &str| Value { name: name.into(), unit: String::new(), measured: String::new() };
    let mut answers = Vec::new();
    for prompt in 0..PROMPTS {
        for k in 0..EACH {
            let x: [f64; 3] = std::array::from_fn(|_| random.random::<f64>());
            let rewards = vec![x[0] - 0.4 * x[1], 100.0 * (x[1] + 0.2 * x[2]), -3.0 - x[2]];
            let group = if prompt % 2 == 0 { "teens" } else { "\"\"\"</script>" };
            let text = format!("=answer {k}, \"quoted\"\n</p><script>alert(1)</script>");
            answers.push(Answer { group: group.into(), ..Answer::new(prompt, text, rewards) });
        }
    }
    SampleSet {
        name: "Mine <b> \"\"\" & 'yours'".into(),
        about: "made up".into(),
        values: ["humor", "it's <helpful>", "fluent"].map(value).into(),
        prompts: (0..PROMPTS).map(|g| format!("Prompt {g}?")).collect(),
        answers,
        prompt_weights: Vec::new(),
    }
}

fn question(level: f64, pooling: Pooling) -> Question {
    let mut palette = Palette::default();
    palette.targets.insert("humor".into(), Target::AtLeast(Level::BaseSd(level)));
    palette.targets.insert("it's <helpful>".into(), Target::AtLeast(Level::BaseSd(0.5 * level)));
    palette.targets.insert("fluent".into(), Target::Off);
    palette.set_on_group("teens", "fluent", Target::AtLeast(Level::BaseSd(0.8 * level)));
    Question { palette, pooling }
}

fn composer() -> Composer {
    Composer::new(set()).expect("a sound set")
}

fn taken() -> Taken {
    Taken { date: "2026-11-28".into(), link: Some("https://example.org/#v=1&humor=<\"'>".into()) }
}

fn text(question: &Question, form: Form) -> String {
    take(&mut composer(), question, form, &taken()).expect("it can be taken").text
}

#[test]
fn weights_are_probabilities_and_those_that_were_solved() {
    let question = question(0.6, Pooling::PerPrompt);
    let file = take(&mut composer(), &question, Form::Weights, &taken()).expect("weights");
    assert_eq!(file.name, "Mine-b-yours-weights.csv");
    let mut reader = csv::Reader::from_reader(file.text.as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(String::from).collect();
    let names =
        ["prompt", "answer", "group", "humor", "it's <helpful>", "fluent", "base_pooled", "weight_pooled"];
    assert_eq!(header, [&names[..], &["base_per_prompt", "weight_per_prompt"]].concat());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), PROMPTS * EACH);
    let number = |row: usize, column: usize| -> f64 { rows[row][column].parse().expect("a number") };
    let sum = |column: usize, of: std::ops::Range<usize>| of.map(|row| number(row, column)).sum::<f64>();
    for column in [6, 7] {
        assert!((sum(column, 0..rows.len()) - 1.0).abs() < 1e-12);
    }
    for prompt in 0..PROMPTS {
        for column in [8, 9] {
            assert!((sum(column, prompt * EACH..(prompt + 1) * EACH) - 1.0).abs() < 1e-12);
        }
    }
    let solved = composer().solve(&question.palette, Pooling::PerPrompt).expect("an answer");
    assert_eq!(solved.report.verdict, Verdict::Reachable);
    (0..rows.len()).for_each(|row| assert_eq!(number(row, 9), solved.weights[row]));
    assert!(rows[0][1].starts_with("'=answer"), "a spreadsheet takes it for text: {}", &rows[0][1]);
}

#[test]
fn weights_of_a_palette_scaled_back_say_so() {
    let csv = text(&question(9.0, Pooling::PerPrompt), Form::Weights);
    let header = csv.lines().next().expect("a header");
    assert_eq!(header.matches("scaled back to").count(), 2, "{header}");
}

/// The numbers of a dictionary in Python.
fn dictionary(python: &str, name: &str) -> Vec<(String, f64)> {
    let body =
        python.split(&format!("\n{name} = {{\n")).nth(1).expect(name).split("}\n").next().expect("its end");
    let entry = |line: &str| {
        let (key, number) = line.trim().trim_end_matches(',').rsplit_once(": ").expect("key and number");
        (serde_json::from_str(key).expect("a text"), number.parse().expect("a number"))
    };
    body.lines().map(entry).collect()
}

/// The distribution p0 exp(R/β) of each prompt, with R = Σ weights · rewards.
fn tilted(set: &SampleSet, weights: &[(String, f64)], beta: f64) -> Vec<f64> {
    let reward = |answer: &Answer| -> f64 {
        let term = |(name, weight): &(String, f64)| {
            let (value, group) = match set.value_index(name) {
                Some(i) => (i, None),
                None => {
                    let (value, group) = name.rsplit_once('@').expect("a target on a group");
                    (set.value_index(value).expect("a value"), Some(group))
                }
            };
            if group.is_none_or(|group| group == answer.group) { weight * answer.rewards[value] } else { 0.0 }
        };
        weights.iter().map(term).sum()
    };
    let r: Vec<f64> = set.answers.iter().map(|answer| reward(answer) / beta).collect();
    let mut p = vec![0.0; r.len()];
    for prompt in 0..set.prompts.len() {
        let rows = prompt * EACH..(prompt + 1) * EACH;
        let most = rows.clone().map(|j| r[j]).fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = rows.clone().map(|j| (r[j] - most).exp()).sum();
        rows.for_each(|j| p[j] = (r[j] - most).exp() / total);
    }
    p
}

#[test]
fn every_reward_definition_gives_p_lambda() {
    let question = question(0.6, Pooling::PerPrompt);
    let solved = composer().solve(&question.palette, Pooling::PerPrompt).expect("an answer");
    for form in [Form::Trl, Form::OpenRlhf, Form::Verl] {
        let python = text(&question, form);
        let lambda = dictionary(&python, "LAMBDA");
        assert_eq!(lambda.len(), 3, "two values and one on a group: {lambda:?} {:?}", solved.report.groups);
        for beta in [1.0, 0.05] {
            // As the file has it: WEIGHTS = BETA · LAMBDA.
            let weights: Vec<(String, f64)> =
                lambda.iter().map(|(name, l)| (name.clone(), beta * l)).collect();
            let p = tilted(&set(), &weights, beta);
            let off = p.iter().zip(&solved.weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(off < 1e-9, "{form:?} at {beta}: {off}");
        }
        // Standardised rewards take λ·sd: what the mean takes off is the same for every answer.
        let (mean, sd) = (dictionary(&python, "MEAN"), dictionary(&python, "SD"));
        let mut standard = set();
        for answer in &mut standard.answers {
            for (k, name) in ["humor", "it's <helpful>", "fluent"].iter().enumerate() {
                let of = |all: &[(String, f64)]| {
                    all.iter().find(|(key, _)| key.split('@').next() == Some(name)).expect("it").1
                };
                answer.rewards[k] = (answer.rewards[k] - of(&mean)) / of(&sd);
            }
        }
        let weights: Vec<(String, f64)> =
            lambda.iter().zip(&sd).map(|((name, l), (_, sd))| (name.clone(), l * sd)).collect();
        let p = tilted(&standard, &weights, 1.0);
        let off = p.iter().zip(&solved.weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off < 1e-9, "{form:?} standardised: {off}");
        assert!(
            python
                .lines()
                .take_while(|line| line.starts_with('#'))
                .any(|line| line.contains("reachable, at"))
        );
    }
}

#[test]
fn a_reward_definition_never_hides_that_it_is_not_of_the_palette() {
    assert!(
        text(&question(9.0, Pooling::PerPrompt), Form::Trl)
            .contains("# ATTENTION: the palette is out of reach")
    );
    assert!(text(&question(0.6, Pooling::Pooled), Form::Verl).contains("# Solved pooled"));
    let mut nothing = question(0.0, Pooling::PerPrompt);
    nothing.palette = Palette::default();
    let error = take(&mut composer(), &nothing, Form::Trl, &taken()).expect_err("there is no reward");
    assert!(error.starts_with("Nothing needs to change"), "{error}");
}

#[test]
fn the_solution_is_what_solving_says_and_names_what_it_is_about() {
    for level in [0.6, 9.0] {
        let question = question(level, Pooling::PerPrompt);
        let json: Json = serde_json::from_str(&text(&question, Form::Solution)).expect("JSON");
        let report = composer().solve(&question.palette, Pooling::PerPrompt).expect("an answer").report;
        let Json::Object(plain) = serde_json::to_value(&report).expect("JSON") else { panic!("an object") };
        for (key, value) in &plain {
            assert_eq!(&json[key], value, "{key}");
        }
        let about = &json["about"];
        assert_eq!(about["set"]["answers"], PROMPTS * EACH);
        assert_eq!(about["set"]["sha256"].as_str().map(str::len), Some(64));
        assert_eq!(about["date"], "2026-11-28");
        let command = about["command"].as_str().expect("a command");
        assert!(command.starts_with("palette solve Mine-b-yours.json --per-prompt -t 'humor>="), "{command}");
        assert!(command.contains(r"'it'\''s <helpful>>=base+"), "{command}");
        assert_eq!(json["nearest"].is_null(), report.verdict == Verdict::Reachable);
        assert_eq!(json["certificate"].is_null(), report.verdict != Verdict::Unreachable);
    }
}

#[test]
fn the_report_stands_alone_and_lets_no_markup_in() {
    for (level, verdict) in [(0.6, "Reachable"), (9.0, "Out of reach")] {
        let page = text(&question(level, Pooling::PerPrompt), Form::Report);
        assert!(page.contains(&format!("<h1>{verdict}</h1>")));
        for foreign in ["<script", "src=", "@import", "url(", "<b>", "<helpful>", "&quot;&#39;&gt;\">\""] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert_eq!(page.matches("<svg ").count(), 2, "strips and plane");
        assert_eq!(page.matches("<svg ").count(), page.matches("</svg>").count());
        for words in
            ["arXiv 2410.19198", "2026-11-28", "SHA-256", "palette solve Mine-b-yours.json", "<title>"]
        {
            assert!(page.contains(words), "{words}");
        }
        let proof = page.contains("Farkas");
        assert_eq!(proof, verdict == "Out of reach");
        assert_eq!(page.contains("The nearest palette within reach"), verdict == "Out of reach");
    }
}

#[test]
fn the_strips_are_a_picture_with_their_texts() {
    let svg = text(&question(0.6, Pooling::PerPrompt), Form::Strips);
    for words in [">humor</text>", ">it&#39;s &lt;helpful&gt;</text>", "asked ≥", "realised"] {
        let words = words.replace("&#39;", "'");
        assert!(svg.contains(&words), "{words}");
    }
    assert!(svg.starts_with("<svg xmlns=") && svg.trim_end().ends_with("</svg>"));
}
