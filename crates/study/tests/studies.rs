//! The studies of a table, on tables whose answers are known.

use palette_study::compose::Composer;
use palette_study::paper::Published;
use palette_study::scaling::Instruments;
use palette_study::studies::{StudyQuestion, StudyReport};
use palette_study::{Interaction, Pooling};
use palette_tables::import::{ImportOptions, import};
use palette_tables::{SampleSet, stream};
use rand::Rng;

fn table(text: &str) -> SampleSet {
    import("table.csv", text.as_bytes(), &ImportOptions::default(), &mut |_| {}).expect("a table").set
}

fn composer(text: &str) -> Composer {
    Composer::new(table(text)).expect("a sound set")
}

/// KL of a coin of mean t between −1 and 1 to the fair one.
fn coin(t: f64) -> f64 {
    let p = 0.5 * (1.0 + t);
    p * (2.0 * p).ln() + (1.0 - p) * (2.0 * (1.0 - p)).ln()
}

/// The t at which a coin has that KL.
fn mean_at(kl: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0 - 1e-12);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if coin(middle) < kl { low = middle } else { high = middle }
    }
    low
}

/// Two fair coins that do not know of one another.
const COINS: &str = "a,b,flat\n1,1,5\n1,-1,5\n-1,1,5\n-1,-1,5\n";

#[test]
fn the_grid_of_two_coins_is_known() {
    let report = composer(COINS).shape(Pooling::Pooled, 40, 1).expect("a report");
    // The constant value is in none of them.
    assert_eq!(report.random.iter().map(|row| row.values).collect::<Vec<_>>(), [1, 2]);
    for row in &report.grid {
        let level = row.level.expect("a level");
        assert_eq!(row.palettes, if row.values == 1 { 2 } else { 1 });
        // A coin has a standard deviation of 1, and an end at 1.
        let expected =
            if level < 1.0 { (row.palettes, 0) } else { (0, usize::from(level == 1.0) * row.palettes) };
        assert_eq!((row.reachable, row.edge), expected, "{row:?}");
        if level < 1.0 {
            let kl = row.values as f64 * coin(level);
            assert!((row.kl.expect("a price")[1] - kl).abs() < 1e-9, "{row:?}, expected {kl}");
            assert!((row.drafts.expect("drafts")[1] - kl.exp()).abs() < 1e-8);
        } else {
            assert!(row.kl.is_none());
        }
    }
    for row in &report.random {
        assert_eq!(row.reachable + row.edge + row.unreachable, 40);
    }
    // Two thirds of the levels from 0 to 1.5 lie below 1; four ninths of the pairs do.
    assert!(
        (report.random[0].share() - 0.67).abs() < 0.25 && report.random[1].share() < report.random[0].share()
    );
    assert!(report.sentences.iter().any(|s| s == "Any 2 values can be raised by 0.75 sd at once."));
    assert_eq!(report, composer(COINS).shape(Pooling::Pooled, 40, 1).expect("a report"), "the seed decides");
    let names: Vec<String> = (0..15).map(|i| format!("v{i}")).collect();
    let row = |j: usize| (0..15).map(|i| ((j * (3 + i) + i) % 31).to_string()).collect::<Vec<_>>().join(",");
    let wide = format!("{}\n{}\n", names.join(","), (0..30).map(row).collect::<Vec<_>>().join("\n"));
    let report = composer(&wide).shape(Pooling::Pooled, 4, 1).expect("a report");
    let sizes: Vec<usize> = report.grid.iter().step_by(6).map(|row| row.palettes).collect();
    assert_eq!(sizes, [15, 64, 64, 64, 64, 64], "of 105 pairs some are drawn");
    assert!(composer(&wide).interactions(Pooling::Pooled, &[], 0.1).is_err_and(|why| why.contains("12")));
    assert!(composer("flat\n1\n1\n").shape(Pooling::Pooled, 4, 1).is_err());
}

#[test]
fn interactions_of_two_coins_are_known() {
    let kl = 0.2;
    let report = composer(COINS).interactions(Pooling::Pooled, &[], kl).expect("a report");
    let row = |kind: Interaction| report.interactions.iter().find(|row| row.kind == kind).expect("a row");
    // The product is a fair coin itself. By the values it is t_a·t_b at coin(t_a) + coin(t_b) = KL, most at
    // t_a = t_b.
    let product = row(Interaction::Product);
    assert!((product.optimum - mean_at(kl)).abs() < 1e-9);
    assert!((product.by_values - mean_at(0.5 * kl).powi(2)).abs() < 1e-6, "{product:?}");
    assert!(product.correlation < 1e-9 && product.lambda[0].abs() > 0.1);
    assert!((product.share - product.by_values / product.optimum).abs() < 1e-12);
    // In its upper fifth is the coin's upper side: a threshold of a coin is the coin.
    let threshold = row(Interaction::Threshold);
    assert!((threshold.share - 1.0).abs() < 1e-9 && (threshold.correlation - 1.0).abs() < 1e-9);
    assert!((threshold.optimum - mean_at(kl)).abs() < 1e-9);
    // 1 unless both are −1: a coin of ¾ to ¼, with a multiple correlation of √⅔.
    let maximum = row(Interaction::Maximum);
    assert!((maximum.correlation - (2f64 / 3.0).sqrt()).abs() < 1e-9 && maximum.share < 1.0);
    assert_eq!(report.interactions.len(), 6, "a constant value has none");
    assert!(report.sentences[0].contains("100% for a threshold"), "{:?}", report.sentences);
    let refused = |names: &[&str], kl: f64| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        composer(COINS).interactions(Pooling::Pooled, &names, kl).expect_err("a refusal")
    };
    assert!(refused(&["charm"], 0.1).contains("charm"));
    assert!(refused(&["a", "flat"], 0.1).contains("two values"));
    assert!(refused(&[], 0.0).contains("above 0"));
}

#[test]
fn at_a_small_price_the_share_is_the_multiple_correlation() {
    let mut random = stream(4, "", "interactions");
    let mut text = "prompt,a,b\n".to_owned();
    for g in 0..40 {
        let base: f64 = random.random();
        for _ in 0..12 {
            let [x, y]: [f64; 2] = std::array::from_fn(|_| random.random());
            text += &format!("question {g},{},{}\n", base + x, 7.0 * (y + 0.5 * x * x));
        }
    }
    for pooling in [Pooling::Pooled, Pooling::PerPrompt] {
        let report = composer(&text).interactions(pooling, &[], 1e-6).expect("a report");
        for row in &report.interactions {
            assert!((row.share - row.correlation).abs() < 0.01, "{pooling:?} {row:?}");
        }
    }
}

#[test]
fn step_by_step_is_the_same_as_at_once() {
    let set = std::sync::Arc::new(table(COINS));
    let values = Vec::new();
    let level = |c: f64, lambda: Option<Vec<f64>>| Published {
        name: format!("a at {c}"),
        values: vec!["a".into()],
        levels: vec![c],
        lambda,
        decoded: None,
    };
    let published = vec![level(0.5, Some(vec![0.55])), level(1.5, None), level(0.25, None)];
    let questions = [
        StudyQuestion::Shape { pooling: Pooling::Pooled, palettes: 20, seed: 7 },
        StudyQuestion::Interactions { pooling: Pooling::Pooled, values, kl: 0.2 },
        StudyQuestion::Paper { published: published.clone() },
    ];
    let mut composer = Composer::new(set.clone()).expect("a sound set");
    let whole = [
        StudyReport::Shape(composer.shape(Pooling::Pooled, 20, 7).expect("a report")),
        StudyReport::Interactions(composer.interactions(Pooling::Pooled, &[], 0.2).expect("a report")),
        StudyReport::Paper(composer.paper(&published).expect("a report")),
    ];
    let instruments = Instruments { seconds: || 0.0, memory: || None };
    // 20 for each of two numbers of values, 6 levels of 2 single values and of one pair; three kinds of the
    // pair, one more the other way around, two thresholds.
    for ((question, whole), total) in questions.iter().zip(whole).zip([58, 6, 3]) {
        let mut study = question.begin(&set, None, instruments).expect("a study");
        for done in 0..total {
            assert_eq!((study.progress().done, study.progress().total), (done, total));
            study.step().expect("a step");
        }
        assert!(study.progress().is_done());
        study.step().expect("nothing to do");
        let report = study.report();
        assert_eq!(report, whole);
        let (lines, json) = (report.csv(), report.json().expect("JSON"));
        // Commas within quotation marks part no cells.
        let count = |line: &str| line.split('"').step_by(2).map(|part| part.matches(',').count()).sum();
        let cells: Vec<usize> = lines.lines().map(count).collect();
        assert!(cells.len() > 3 && cells.iter().all(|n| *n == cells[0]), "{lines}");
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["sentences"][0], report.sentences()[0].as_str());
    }
}
