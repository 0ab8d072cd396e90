//! The solver lab on tables whose answers are known.

use palette_study::compose::Composer;
use palette_study::lab::{Ended, Lab, LabMethod, LabRun, Setting};
use palette_study::{Pooling, Question, Verdict};
use palette_tables::{Answer, Level, Palette, SampleSet, Target, Value, stream};
use rand::Rng;
use std::cell::Cell;

/// `n` answers to each of `prompts` prompts, three values of spread `scale`.
fn set(prompts: usize, n: usize, scale: f64) -> SampleSet {
    let value = |name: &str| Value { name: name.into(), unit: String::new(), measured: String::new() };
    let mut random = stream(5, "", "lab");
    let mut row = |g: usize| {
        let [x, y, z]: [f64; 3] = std::array::from_fn(|_| random.random::<f64>() - 0.5);
        Answer::new(g, String::new(), vec![scale * x, scale * (y - 0.5 * x), scale * z])
    };
    SampleSet {
        name: String::new(),
        about: String::new(),
        values: ["a", "b", "c"].map(value).into(),
        prompts: (0..prompts).map(|g| format!("question {g}")).collect(),
        answers: (0..prompts).flat_map(|g| vec![g; n]).map(&mut row).collect(),
        prompt_weights: Vec::new(),
    }
}

fn lab(set: SampleSet, pooling: Pooling, targets: &[(&str, Target)]) -> Lab {
    let mut composer = Composer::prepared(set, pooling).expect("a sound set");
    let mut targets: Vec<(String, Target)> = targets.iter().map(|(n, t)| ((*n).to_owned(), *t)).collect();
    targets.extend(["a", "b", "c"].map(|name| (name.to_owned(), Target::Off)).into_iter().rev());
    // The first of a name counts.
    let mut palette = Palette::default();
    for (name, target) in targets {
        palette.targets.entry(name).or_insert(target);
    }
    let seconds = Cell::new(0.0);
    let clock = || {
        seconds.set(seconds.get() + 1.0);
        seconds.get()
    };
    let mut study = composer.lab(&Question { palette, pooling }).expect("a palette");
    let before = study.left();
    study.step(&clock);
    assert_eq!(study.left(), before - 1);
    study.finish(&clock)
}

fn above(share: f64) -> Target {
    Target::AtLeast(Level::BaseSd(share))
}

fn run(setting: &Setting, method: LabMethod) -> &LabRun {
    setting.runs.iter().find(|run| run.method == method).expect("a run")
}

#[test]
fn what_one_sees_is_what_the_runs_say() {
    let targets = [("a", above(0.3)), ("b", above(0.2)), ("c", above(0.1))];
    let found = lab(set(40, 8, 100.0), Pooling::PerPrompt, &targets);
    // Three parts and the whole, and one and two targets.
    let settings: Vec<&Setting> = found.by_rows.iter().chain(&found.by_values[..2]).collect();
    assert_eq!(settings.len(), 6);
    let right = |method: LabMethod| {
        settings.iter().filter(|setting| run(setting, method).right == Some(true)).count()
    };
    let newton = format!("this project's solver {} of 6", right(LabMethod::Newton));
    let paper = format!("the paper's procedure {} of 6", right(LabMethod::Paper));
    assert!(
        found.sentences[0].contains(&newton) && found.sentences[0].contains(&paper),
        "{:?}",
        found.sentences
    );
    assert_eq!(right(LabMethod::Newton), 6);
    let lines = found.csv();
    // Both lists end with the whole table.
    assert_eq!(lines.lines().count(), 1 + 4 * (found.by_rows.len() + found.by_values.len()));
    assert!(lines.starts_with("along,rows,groups,values,verdict,solver"));
}

#[test]
fn on_an_easy_table_all_agree() {
    for pooling in [Pooling::Pooled, Pooling::PerPrompt] {
        let targets = [("a", above(0.3)), ("b", above(0.2)), ("c", Target::AtMost(Level::BaseSd(-0.2)))];
        let lab = lab(set(40, 8, 4.0), pooling, &targets);
        assert_eq!(lab.whole.verdict, Verdict::Reachable);
        for method in LabMethod::ALL {
            let run = run(&lab.whole, method);
            // The paper's steps are many enough here; the others go on until nothing is left.
            let within = if method == LabMethod::Paper { 0.02 } else { 1e-7 };
            assert!(run.lambda_error.expect("an error") < within, "{pooling:?} {run:?}");
            assert!(run.level_error.expect("an error") < within, "{pooling:?} {run:?}");
            assert!(run.kl_error.expect("an error").abs() < within, "{pooling:?} {run:?}");
            assert_eq!((run.says_reachable, run.right), (true, Some(true)), "{pooling:?} {method:?}");
            assert_eq!(run.seconds, 1.0, "the clock that was given");
        }
        let (paper, lbfgs) = (run(&lab.whole, LabMethod::Paper), run(&lab.whole, LabMethod::Lbfgs));
        assert_eq!((paper.ended, paper.passes), (Ended::Steps, 150));
        assert_eq!(lbfgs.ended, Ended::Converged);
        assert!(lbfgs.passes < run(&lab.whole, LabMethod::Gradient).passes);
        assert!(run(&lab.whole, LabMethod::Newton).passes < lbfgs.passes);
        let sizes: Vec<usize> = lab.by_rows.iter().map(|setting| setting.rows).collect();
        assert_eq!(sizes, [40, 80, 160, 320]);
        let values: Vec<usize> = lab.by_values.iter().map(|setting| setting.values).collect();
        assert_eq!(values, [1, 2, 3]);
    }
}

#[test]
fn large_rewards_overflow_32_bits_without_a_shift() {
    let targets = [("a", above(0.3)), ("b", above(0.2))];
    let lab = lab(set(1, 400, 1000.0), Pooling::Pooled, &targets);
    assert_eq!(lab.whole.verdict, Verdict::Reachable);
    let paper = run(&lab.whole, LabMethod::Paper);
    assert_eq!(paper.ended, Ended::Overflow);
    assert!(paper.lambda.is_none() && paper.lambda_error.is_none() && paper.shortfall.is_none());
    assert_eq!((paper.says_reachable, paper.right), (false, Some(false)), "its verdict is wrong");
    let lbfgs = run(&lab.whole, LabMethod::Lbfgs);
    assert!(lbfgs.lambda_error.expect("an error") < 1e-7 && lbfgs.right == Some(true));
}

#[test]
fn out_of_reach_nobody_may_say_reachable() {
    // No three values can all be at the top of one and the same answer.
    let targets = [("a", above(1.4)), ("b", above(1.4)), ("c", above(1.4))];
    let lab = lab(set(1, 200, 4.0), Pooling::Pooled, &targets);
    assert_eq!(lab.whole.verdict, Verdict::Unreachable);
    assert!(lab.whole.slack.expect("a slack") < 0.0 && lab.whole.kl.is_none());
    for run in &lab.whole.runs {
        assert_eq!((run.says_reachable, run.right), (false, Some(true)), "{run:?}");
        assert!(run.lambda_error.is_none() && run.level_error.is_none());
    }
    assert_eq!(run(&lab.whole, LabMethod::Newton).ended, Ended::Exceeded);
}
