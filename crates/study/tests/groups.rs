//! Targets on groups of prompts, judged and compared on new prompts: known answers by hand.

use palette_study::align::{Outcome, calibrate, judge};
use palette_study::compare::{CompareQuestion, MethodKind};
use palette_study::compose::Composer;
use palette_study::{DraftsQuestion, Hold, Pooling, Question, Verdict};
use palette_tables::{Answer, Level, Palette, SampleSet, Target, Value};

/// Two drafts a prompt with 0 and 1 of a; every `each`-th prompt is of the group teens.
fn coins(prompts: usize, each: usize) -> SampleSet {
    let answer = |g: usize, r: f64| Answer {
        group: if g.is_multiple_of(each) { "teens".into() } else { String::new() },
        ..Answer::new(g, String::new(), vec![r])
    };
    SampleSet {
        name: String::new(),
        about: String::new(),
        values: vec![Value { name: "a".into(), unit: String::new(), measured: String::new() }],
        prompts: (0..prompts).map(|g| format!("question {g}")).collect(),
        answers: (0..prompts).flat_map(|g| [answer(g, 0.0), answer(g, 1.0)]).collect(),
        prompt_weights: Vec::new(),
    }
}

/// At least 0.6 of a on all prompts, and 0.75 on those of teens.
fn question() -> Question {
    let mut palette = Palette::default();
    palette.targets.insert("a".into(), Target::AtLeast(Level::At(0.6)));
    palette.set_on_group("teens", "a", Target::AtLeast(Level::At(0.75)));
    Question { palette, pooling: Pooling::PerPrompt }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-7
}

#[test]
fn a_group_has_its_own_weights_and_is_judged_on_its_prompts() {
    // A quarter are teens: 0.75 there leaves 0.55 to the others for 0.6 in all.
    let mut composer = Composer::prepared(coins(40, 4), Pooling::PerPrompt).expect("a sound set");
    let drafts = DraftsQuestion { k: 2, hold: None, seed: 1 };
    let solved = composer.drafts(&question(), drafts).expect("an answer");
    assert_eq!(solved.verdict, Verdict::Reachable);
    let others = (0.55f64 / 0.45).ln();
    let lambda = solved.lambda();
    assert_eq!(lambda.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "a@teens"]);
    assert!(close(lambda[0].1, others) && close(lambda[1].1, 3f64.ln() - others), "{lambda:?}");
    let asked = &solved.asked[1];
    assert_eq!((asked.value(), asked.group.as_deref(), asked.prompts), ("a", Some("teens"), 10));
    // Of the new prompts a half are teens.
    let judged = judge(&coins(60, 2), &lambda, &solved.asked, 1).expect("figures");
    let [all, teens] = judged.measured.values.as_slice() else { panic!("{:?}", judged.measured.values) };
    assert!(
        close(all.expected.mean, 0.65) && close(teens.expected.mean, 0.75) && close(teens.lift.mean, 0.25)
    );
    assert_eq!((all.outcome, teens.outcome), (Outcome::Met, Outcome::Met));
    assert_eq!(judged.shifts.len(), 2);
    let held = DraftsQuestion { hold: Some(Hold { confidence: 0.9, prompts: 60 }), ..drafts };
    assert!(composer.drafts(&question(), held).expect("an answer").on_groups[0].margin.is_some());
}

#[test]
fn calibrating_needs_the_group_on_both_sides() {
    let mut composer = Composer::prepared(coins(40, 4), Pooling::PerPrompt).expect("a sound set");
    let asked = composer.asked(&question()).expect("what is asked");
    let found = calibrate(&coins(40, 2), &asked, 20, None, 1).expect("an answer");
    let judged = found.judged.expect("within reach");
    assert!(close(judged.measured.values[1].expected.mean, 0.75));
    let refused = calibrate(&coins(40, 40), &asked, 20, None, 1).expect_err("one prompt of teens");
    assert!(refused.contains("the group teens") && refused.ends_with('.'), "{refused}");
}

#[test]
fn every_method_is_compared_by_targets_on_groups_too() {
    let mut composer = Composer::prepared(coins(40, 4), Pooling::PerPrompt).expect("a sound set");
    let compare = CompareQuestion {
        k: 2,
        seed: 3,
        confidence: Some(0.9),
        weights: vec![("a@teens".into(), 2.0)],
        betas: vec![4.0],
    };
    let compared = composer.compare(&question(), &compare, &coins(60, 2)).expect("a comparison").comparison;
    assert_eq!(compared.raised, ["a", "a@teens"]);
    assert!(compared.notes.is_empty());
    let methods = |kind: MethodKind| compared.methods.iter().filter(move |method| method.kind == kind);
    let levels = |kind: MethodKind| {
        let method = methods(kind).next().expect("the method");
        let measured = method.measured.as_ref().unwrap_or_else(|| panic!("{:?}", method.reason));
        [0, 1].map(|i| measured.values[i].expected.mean)
    };
    let same = |kind: MethodKind, expected: [f64; 2]| {
        let found = levels(kind);
        assert!(close(found[0], expected[0]) && close(found[1], expected[1]), "{kind:?}: {found:?}");
    };
    same(MethodKind::Base, [0.5, 0.5]);
    same(MethodKind::PerPrompt, [0.65, 0.75]);
    // Coins alone: all in one group with shares kept is the same.
    same(MethodKind::Pooled, [0.65, 0.75]);
    // The best of two for teens, as any elsewhere.
    let best = methods(MethodKind::BestOfK).nth(1).expect("the best for teens");
    let values = &best.measured.as_ref().expect("figures").values;
    assert!(best.name.ends_with("for a@teens") && close(values[1].expected.mean, 1.0));
    assert!(close(values[0].expected.mean, 0.75));
    // λ = 2/4 on the prompts of teens, none elsewhere.
    let e = 0.5f64.exp();
    let on_teens = e / (1.0 + e);
    same(MethodKind::WeightsOverBeta, [0.25 + 0.5 * on_teens, on_teens]);
    // The mean of 0.6 everywhere and of 0.75 on teens alone.
    same(MethodKind::Mixture, [0.25 * (0.6 + 0.75 + 0.6 + 0.5), 0.5 * (0.6 + 0.75)]);
    for method in &compared.methods {
        assert_eq!(
            method.targets.map(|targets| targets.asked),
            Some(2),
            "{}: {:?}",
            method.name,
            method.reason
        );
    }

    // Where no prompt is of the group, that is said and the rest compared.
    let mut strangers = coins(60, 2);
    strangers.answers.iter_mut().for_each(|answer| answer.group.clear());
    let without = CompareQuestion { weights: Vec::new(), betas: Vec::new(), ..compare };
    let compared = composer.compare(&question(), &without, &strangers).expect("a comparison").comparison;
    assert_eq!((compared.asked.len(), compared.raised.len(), compared.notes.len()), (1, 1, 1));
    assert!(compared.notes[0].contains("the group teens"), "{}", compared.notes[0]);
}
