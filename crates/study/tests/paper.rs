//! The paper's tables recomputed, where the authors' rewards are at hand; and what is said of palettes whose
//! answer is known.

use palette_study::Verdict;
use palette_study::compose::Composer;
use palette_study::paper::{Published, Says, read_published};
use palette_tables::SampleSet;
use palette_tables::import::{ImportOptions, import};
use std::path::PathBuf;

fn table(name: &str, text: &str) -> SampleSet {
    import(name, text.as_bytes(), &ImportOptions::default(), &mut |_| {}).expect("a table").set
}

fn published(values: &[&str], levels: &[f64], lambda: Option<&[f64]>) -> Published {
    Published {
        name: "a palette".into(),
        values: values.iter().map(|name| (*name).to_owned()).collect(),
        levels: levels.to_vec(),
        lambda: lambda.map(<[f64]>::to_vec),
        decoded: None,
    }
}

#[test]
fn verdicts_differ_where_they_do() {
    // A coin: λ = ln 3 for three quarters; more than its upper side is out of reach.
    let mut coin = Composer::new(table("coin.csv", "wit\n0\n1\n")).expect("a sound set");
    let right = published(&["wit"], &[0.75], Some(&[1.0986]));
    let wrong = published(&["wit"], &[1.1], Some(&[20.0]));
    let diverged = published(&["wit"], &[1.1], None);
    let report = coin.paper(&[right, wrong, diverged]).expect("a report");
    let [right, wrong, diverged] = &report.palettes[..] else { panic!("three rows") };
    assert_eq!(
        (report.verdicts_differ, right.differs, wrong.differs, diverged.differs),
        (1, false, true, false)
    );
    assert!((right.values[0].exact.expect("λ") - 3f64.ln()).abs() < 1e-9);
    // 0.5 is the standard deviation.
    assert!((right.lambda_error.expect("an error") - 0.5 * (3f64.ln() - 1.0986)).abs() < 1e-9);
    assert!(
        (wrong.shortfall.expect("a shortfall") - 0.2).abs() < 1e-6 && wrong.verdict == Verdict::Unreachable
    );
    assert!(
        (wrong.slack.expect("a slack") + 0.2).abs() < 1e-9 && wrong.why.contains("0.200 sd"),
        "{}",
        wrong.why
    );
    // The same coin of a thousand: λ·r stays as it is, but the way there goes beyond 32 bits.
    let mut large = Composer::new(table("large.csv", "wit\n0\n1000\n")).expect("a sound set");
    let report = large.paper(&[published(&["wit"], &[750.0], None)]).expect("a report");
    let row = &report.palettes[0];
    assert_eq!((row.published, row.verdict, row.differs), (Says::Diverged, Verdict::Reachable, true));
    assert!(row.why.contains("32 bits"), "{}", row.why);
    let unknown = coin.paper(&[published(&["charm"], &[1.0], None)]);
    assert!(unknown.is_err_and(|why| why.contains("charm") && why.ends_with('.')));
}

#[test]
fn the_authors_own_table_gives_what_they_published() {
    let shared = std::env::var_os("MAP_PALETTE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("data/map-paper");
    let read = |file: &str| std::fs::read_to_string(folder.join(file));
    let (Ok(text), Ok(list)) = (read("rewards_llama2_chat.csv"), read("reference_solutions.json")) else {
        println!("skipped: the authors' rewards are not beside this checkout");
        return;
    };
    let palettes = read_published(&list).expect("palettes");
    let mut composer = Composer::new(table("rewards_llama2_chat.csv", &text)).expect("a sound set");
    let report = composer.paper(&palettes).expect("a report");
    assert_eq!((report.palettes.len(), report.answers, report.verdicts_differ), (14, 2312, 0));
    for row in &report.palettes {
        let out = ["HHH-90", "HHH-99"].contains(&row.name.as_str());
        assert_eq!(row.verdict == Verdict::Unreachable, out, "{}", row.name);
        assert_eq!(row.published == Says::Diverged, out, "{}", row.name);
        // Three decimals of λ, and as many of the levels.
        assert!(row.lambda_error.is_none_or(|error| error < 0.015), "{}: {:?}", row.name, row.lambda_error);
        assert!(row.shortfall.is_none_or(|short| short < 0.005), "{}: {:?}", row.name, row.shortfall);
    }
    // The procedure as it is done here is theirs: after about 200 steps it has the λ of their table.
    for name in ["HHH-50", "HHH-60", "HHH-70", "HHH-80"] {
        let row = report.palettes.iter().find(|row| row.name == name).expect("the palette");
        assert!(row.off.is_some_and(|off| off < 0.0011), "{name}: {:?}", row.off);
        assert!(
            row.nearest_steps.is_some_and(|steps| (190..=210).contains(&steps)),
            "{:?}",
            row.nearest_steps
        );
    }
}
