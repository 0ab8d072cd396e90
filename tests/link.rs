//! Links: what is written is read again, and what is not understood is said.

use map_palette::link::{LinkState, View, read, strangers, write};
use map_palette::protocol::Pooling;
use map_palette::table::{Palette, SampleSet, Target};
use proptest::prelude::*;

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        Just(Target::Off),
        Just(Target::Maintain),
        (-1e12..1e12f64).prop_map(Target::Level),
        (0u32..=1000).prop_map(|q| Target::Quantile(f64::from(q) / 1000.0))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_state_survives_the_round_trip(
        targets in prop::collection::btree_map("\\PC{1,12}", target(), 0..6),
        view in prop_oneof![Just(View::Compose), Just(View::Answers), Just(View::Data)],
        pooling in prop::option::of(prop_oneof![Just(Pooling::Pooled), Just(Pooling::PerPrompt)]),
        prompt in prop::option::of(0usize..1000), seed in prop::option::of(any::<u64>()), set in prop::option::of("\\PC{1,20}"),
    ) {
        let state = LinkState { palette: Palette { targets }, view, pooling, prompt, seed, set };
        let text = write(&state);
        let (again, problems) = read(&text);
        prop_assert_eq!(problems, Vec::<String>::new(), "{}", text);
        prop_assert!(text.is_ascii());
        for (name, target) in &state.palette.targets {
            // A quantile is written in percent: equal within the last digit.
            match (target, again.palette.targets[name]) {
                (Target::Quantile(a), Target::Quantile(b)) => prop_assert!((a - b).abs() < 1e-12),
                (a, b) => prop_assert_eq!(*a, b),
            }
        }
        prop_assert_eq!((again.view, again.pooling, again.prompt, again.seed, again.set), (state.view, state.pooling, state.prompt, state.seed, state.set));
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,60}") {
        let _ = read(&text);
    }
}

#[test]
fn a_link_reads_like_a_sentence() {
    let (state, problems) = read("#v=1&answers=per-prompt&prompt=3&t.humor=q80&t.helpful=0.25&t.fluent=off&t.coherent=keep");
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(state.palette.target("humor"), Target::Quantile(0.8));
    assert_eq!(state.palette.target("helpful"), Target::Level(0.25));
    assert_eq!(state.palette.target("fluent"), Target::Off);
    assert_eq!(state.prompt, Some(2));
    assert_eq!(write(&state), "v=1&answers=per-prompt&prompt=3&t.coherent=keep&t.fluent=off&t.helpful=0.25&t.humor=q80");
}

#[test]
fn what_is_not_understood_is_said_and_the_rest_is_kept() {
    let cases = [
        ("colour=red", "does not know"),
        ("t.helpful=1.2.3", "must be a number"),
        ("t.helpful=q180", "q0 to q100"),
        ("t.helpful=NaN", "must be a number"),
        ("t.helpful=inf", "must be a number"),
        ("prompt=0", "whole number from 1"),
        ("seed=-1", "whole number from 0"),
        ("view=kitchen", "compose, answers, data"),
        ("t.helpful=%ZZ", "garbled"),
        ("v=7", "version"),
        ("t.=3", "does not know"),
    ];
    for (part, words) in cases {
        let (state, problems) = read(&format!("{part}&t.humor=q70"));
        assert_eq!(problems.len(), 1, "{part}: {problems:?}");
        assert!(problems[0].contains(words), "{part}: {}", problems[0]);
        assert_eq!(state.palette.targets.len(), 1);
        assert_eq!(state.palette.target("humor"), Target::Quantile(0.7));
    }
    let (_, problems) = read("t.humor=1&t.humor=2");
    assert!(problems[0].contains("more than once"));
    let set = SampleSet { name: "Small".into(), about: String::new(), values: vec![], prompts: vec![], answers: vec![] };
    assert!(strangers(&read("t.wit=1").0.palette, &set)[0].contains("wit"));
}
