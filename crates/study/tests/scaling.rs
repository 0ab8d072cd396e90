//! What is measured as tables grow: structure, and that what is solved on the way is right. No test knows a
//! time.

use palette_study::compose::Composer;
use palette_study::scaling::{
    Axis, CORRELATION, Instruments, ScalingQuestion, ScalingReport, ScalingStudy, Size, table,
};
use palette_study::{Pooling, Verdict};
use palette_tables::{Level, Palette, Target};
use std::cell::Cell;
use std::time::Instant;

thread_local! {
    static BEGUN: Instant = Instant::now();
    static CALLS: Cell<u64> = const { Cell::new(0) };
}

fn seconds() -> f64 {
    BEGUN.with(|begun| begun.elapsed().as_secs_f64())
}

/// Grows by a megabyte whenever it is asked.
fn memory() -> Option<u64> {
    CALLS.with(|calls| {
        calls.set(calls.get() + 1);
        Some(1_000_000 * calls.get())
    })
}

fn nobody_knows() -> Option<u64> {
    None
}

fn question() -> ScalingQuestion {
    ScalingQuestion {
        base: Size { rows: 600, values: 2, prompts: 20 },
        rows: vec![300, 600, 1200],
        values: vec![1, 2, 4],
        prompts: vec![1, 20, 100],
        repetitions: 2,
        seed: 3,
    }
}

fn done(question: ScalingQuestion, memory: fn() -> Option<u64>) -> ScalingReport {
    let mut study = ScalingStudy::new(question, Instruments { seconds, memory }).expect("a study");
    let total = study.progress().total;
    for done in 0..total {
        assert_eq!(study.progress().done, done);
        study.step().expect("a step");
    }
    assert!(study.progress().is_done());
    study.report()
}

#[test]
fn every_size_is_measured_once_the_smallest_first() {
    let report = done(question(), memory);
    let size = |rows, values, prompts| Size { rows, values, prompts };
    let sizes: Vec<Size> = report.sizes.iter().map(|row| row.size).collect();
    assert_eq!(
        sizes,
        [
            size(300, 2, 20),
            size(600, 1, 20),
            size(600, 2, 1),
            size(600, 2, 20),
            size(600, 2, 100),
            size(600, 4, 20),
            size(1200, 2, 20)
        ]
    );
    let memory: Vec<u64> = report.sizes.iter().map(|row| row.memory.expect("bytes")).collect();
    assert!(memory.is_sorted() && memory[0] > 0, "{memory:?}");
    for row in &report.sizes {
        assert!(row.prepare > 0.0 && row.first > 0.0 && row.small_move > 0.0, "{row:?}");
    }
    for (axis, along) in
        [(Axis::Rows, [300, 600, 1200]), (Axis::Values, [1, 2, 4]), (Axis::Prompts, [1, 20, 100])]
    {
        assert_eq!(report.along(axis).iter().map(|row| axis.of(row.size)).collect::<Vec<_>>(), along);
        let growth = report.growth.iter().find(|growth| growth.axis == axis).expect("growth");
        assert!(growth.first.is_some_and(f64::is_finite) && growth.small_move.is_some_and(f64::is_finite));
        assert_eq!(growth.memory.is_some(), axis != Axis::Prompts);
    }
    assert!(report.sentences[0].contains("1,200 rows and 2 values"), "{:?}", report.sentences);
    assert!(
        report.sentences.iter().any(|text| text.contains("10 × the rows take ")),
        "{:?}",
        report.sentences
    );
    assert!(report.sentences.iter().any(|text| text.contains("twice the values take ")));
    assert_eq!(report.csv().lines().count(), 8);
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(
        (json["sizes"][0]["rows"].as_u64(), json["growth"][1]["axis"].as_str()),
        (Some(300), Some("values"))
    );
    assert_eq!(serde_json::from_value::<ScalingReport>(json).expect("a report"), report);
}

#[test]
fn verdict_and_weights_are_those_of_the_same_table() {
    let report = done(question(), nobody_knows);
    assert!(report.notes.iter().any(|note| note.contains("Memory")));
    for row in &report.sizes {
        let set = table(row.size, 3);
        assert_eq!((set.answers.len(), set.values.len()), (row.size.rows, row.size.values));
        assert!(set.fewest_answers() >= row.size.rows / row.size.prompts);
        let mut palette = Palette::default();
        for value in &set.values {
            palette.targets.insert(value.name.clone(), Target::AtLeast(Level::BaseSd(0.3)));
        }
        let mut composer = Composer::new(set).expect("a sound set");
        let solved = composer.solve(&palette, Pooling::PerPrompt).expect("an answer").report;
        assert_eq!((row.verdict, row.kl), (solved.verdict, solved.kl), "{:?}", row.size);
        let lambda: Vec<Option<f64>> = solved.values.iter().map(|value| value.lambda).collect();
        assert_eq!(row.lambda, lambda);
        assert_eq!(row.verdict, Verdict::Reachable);
    }
}

/// Of normal rewards with variance 1 and correlation ρ, a lift of c of each of m takes λ = c/(1 − ρ + mρ).
#[test]
fn a_long_table_comes_to_the_weights_of_its_distribution() {
    let base = Size { rows: 60_000, values: 3, prompts: 1 };
    let question = ScalingQuestion {
        base,
        rows: Vec::new(),
        values: Vec::new(),
        prompts: Vec::new(),
        repetitions: 1,
        seed: 1,
    };
    let report = done(question, nobody_knows);
    let known = 0.3 / (1.0 - CORRELATION + 3.0 * CORRELATION);
    for lambda in &report.sizes[0].lambda {
        let lambda = lambda.expect("a weight");
        assert!((lambda / known - 1.0).abs() < 0.06, "{lambda}, expected about {known}");
    }
    assert!(report.growth.iter().all(|growth| growth.first.is_none()), "one size has no slope");
}

#[test]
fn sizes_that_make_no_sense_are_refused() {
    let refused = |change: &dyn Fn(&mut ScalingQuestion)| {
        let mut question = question();
        change(&mut question);
        ScalingStudy::new(question, Instruments { seconds, memory: nobody_knows }).err().expect("a refusal")
    };
    assert!(refused(&|q| q.prompts = vec![301]).contains("two answers"));
    assert!(refused(&|q| q.values = vec![0]).contains("1 to 64 values"));
    assert!(refused(&|q| q.rows = vec![9_000_000]).contains("9000000 rows"));
    assert!(refused(&|q| q.rows = vec![0]).contains("two answers"));
    assert!(refused(&|q| q.repetitions = 0).contains("repetitions"));
}

#[test]
fn the_usual_sizes_hold_together() {
    for most in [1_000, 100_000, 1_000_000] {
        let question = ScalingQuestion::up_to(most);
        let sizes = question.sizes().expect("sizes that can be measured");
        assert!(sizes.iter().map(|size| size.rows).max() == Some(most.max(10_000)));
        assert!(sizes.is_sorted_by_key(|size| size.rows * size.values));
    }
}
