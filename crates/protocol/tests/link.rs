//! Links: what is written is read again, and what is not understood is said.

use palette_lessons::Part;
use palette_protocol::link::{
    DrawingLink, LinkState, Shown, TopicRange, View, Wears, fitted, is_meant, read, strangers, write,
};
use palette_study::Pooling;
use palette_tables::{Answer, Level, Palette, SampleSet, Sampling, Target, Value};
use proptest::prelude::*;

fn level() -> impl Strategy<Value = Level> {
    let percent = || (0u32..=1000).prop_map(|q| f64::from(q) / 1000.0);
    prop_oneof![
        (-1e12..1e12f64).prop_map(Level::At),
        (-1e3..1e3f64).prop_map(Level::Base),
        (-1e3..1e3f64).prop_map(Level::BaseSd),
        percent().prop_map(Level::Quantile),
        percent().prop_map(Level::PlainQuantile),
        Just(Level::Maintain),
        (-0.999..1e3f64).prop_map(Level::LogGain),
    ]
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        Just(Target::Off),
        level().prop_map(Target::AtLeast),
        level().prop_map(Target::AtMost),
        level().prop_map(Target::Exactly),
        // The lower end of a range is a number below every level that the upper end may be.
        (-1e14..-1e13f64, level()).prop_map(|(low, high)| Target::Between(Level::At(low), high)),
    ]
}

/// A quantile is written in percent: equal within the last digit.
fn same_level(a: Level, b: Level) -> bool {
    match (a, b) {
        (Level::Quantile(a), Level::Quantile(b)) | (Level::PlainQuantile(a), Level::PlainQuantile(b)) => {
            (a - b).abs() < 1e-12
        }
        _ => a == b,
    }
}

fn same(a: Target, b: Target) -> bool {
    match (a, b) {
        (Target::AtLeast(a), Target::AtLeast(b)) | (Target::AtMost(a), Target::AtMost(b)) => same_level(a, b),
        (Target::Exactly(a), Target::Exactly(b)) => same_level(a, b),
        (Target::Between(a, c), Target::Between(b, d)) => same_level(a, b) && same_level(c, d),
        _ => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_state_survives_the_round_trip(
        targets in prop::collection::btree_map("\\PC{1,12}", target(), 0..6),
        on_groups in prop::collection::vec(("[ -~]{1,6}|\\PC{1,6}", "[@=&.a]{1,4}|\\PC{1,6}", target()), 0..4),
        view in prop_oneof![Just(View::Compose), Just(View::Answers), Just(View::Data), Just(View::Models)],
        pooling in prop::option::of(prop_oneof![Just(Pooling::Pooled), Just(Pooling::PerPrompt)]),
        prompt in prop::option::of(0usize..1000), seed in prop::option::of(any::<u64>()), set in prop::option::of("\\PC{1,20}"),
    ) {
        let mut palette = Palette { targets, ..Palette::default() };
        for (group, value, target) in on_groups {
            palette.set_on_group(&group, &value, target);
        }
        let state = LinkState { palette, view, pooling, prompt, seed, set, ..LinkState::default() };
        let text = write(&state);
        let (again, problems) = read(&text);
        prop_assert_eq!(problems, Vec::<String>::new(), "{}", text);
        prop_assert!(text.is_ascii());
        prop_assert_eq!(state.palette.targets.len(), again.palette.targets.len());
        for (name, target) in &state.palette.targets {
            prop_assert!(same(*target, again.palette.targets[name]), "{}", text);
        }
        prop_assert_eq!(state.palette.on_groups.len(), again.palette.on_groups.len());
        for (a, b) in state.palette.on_groups.iter().zip(&again.palette.on_groups) {
            prop_assert_eq!((&a.group, &a.value), (&b.group, &b.value));
            prop_assert!(same(a.target, b.target), "{}", text);
        }
        prop_assert_eq!((again.view, again.pooling, again.prompt, again.seed, again.set), (state.view, state.pooling, state.prompt, state.seed, state.set));
    }

    #[test]
    fn what_to_draw_survives_the_round_trip(
        prompts in prop::collection::vec("[!-~][ -~]{0,30}[!-~]|[^\\s\\p{C}]{1,12}", 0..5),
        topics in prop::collection::vec(("[a-z]{1,10}", 1usize..60, 0usize..60), 0..3),
        answers in prop::option::of(1usize..=64), max_tokens in prop::option::of(1usize..=256),
        temperature in prop::option::of(0.0..=2.0f64), top_k in prop::option::of(0usize..=50_000), top_p in prop::option::of(0.01..=1.0f64),
        system in prop::option::of("\\PC{0,40}"),
    ) {
        let topics = topics.into_iter().map(|(topic, first, more)| TopicRange { topic, first, last: first + more }).collect();
        let drawing = DrawingLink { prompts, topics, answers, max_tokens, temperature, top_k, top_p, system };
        let text = write(&LinkState { drawing: drawing.clone(), ..LinkState::default() });
        let (again, problems) = read(&text);
        prop_assert_eq!(problems, Vec::<String>::new(), "{}", text);
        prop_assert_eq!(again.drawing, drawing, "{}", text);
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,60}") {
        let _ = read(&text);
    }
}

#[test]
fn a_link_reads_like_a_sentence() {
    let (state, problems) =
        read("#v=1&answers=per-prompt&prompt=3&t.humor=q80&t.helpful=0.25&t.fluent=off&t.coherent=keep");
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(state.palette.target("humor"), Target::AtLeast(Level::Quantile(0.8)));
    assert_eq!(state.palette.target("helpful"), Target::AtLeast(Level::At(0.25)));
    assert_eq!(state.palette.target("fluent"), Target::Off);
    assert_eq!(state.prompt, Some(2));
    assert_eq!(
        write(&state),
        "v=1&answers=per-prompt&prompt=3&t.coherent=keep&t.fluent=off&t.helpful=0.25&t.humor=q80"
    );
}

#[test]
fn a_link_says_how_align_is_to_go() {
    let link = "v=1&hold=90&calibrate=half&lambda=composed";
    let (state, problems) = read(link);
    assert_eq!((state.hold, state.calibrate, state.as_composed), (Some(0.9), true, true));
    assert_eq!((problems, write(&state)), (Vec::<String>::new(), link.to_owned()));
    let (state, problems) = read("v=1&lambda=mine");
    assert!(!state.as_composed && problems.len() == 1, "{problems:?}");
    assert!(problems[0].contains("composed, drafts"), "{}", problems[0]);
}

#[test]
fn a_link_that_draws_again_can_be_read_by_people() {
    let prompts = vec!["Why is the sky blue?".to_owned(), "Tell me a joke.".to_owned()];
    let sampling = Sampling { answers: 4, system: Some(String::new()), ..Sampling::default() };
    let drawing = DrawingLink { prompts, ..DrawingLink::of(&sampling) };
    assert!(drawing.says_something() && !DrawingLink::default().says_something());
    let state = LinkState { view: View::Answers, seed: Some(7), drawing, ..LinkState::default() };
    let link = "v=1&view=answers&seed=7&k=4&tokens=48&temperature=1&topk=50&topp=1&system=&prompts=Why%20is%20the%20sky%20blue%3F%0ATell%20me%20a%20joke.";
    assert_eq!(write(&state), link);
    assert_eq!(read(link), (state, vec![]));
    let (state, _) = read("topic=everyday:1-8,medical:3-3");
    let ranges: Vec<_> =
        state.drawing.topics.iter().map(|part| (part.topic.as_str(), part.first, part.last)).collect();
    assert_eq!(ranges, [("everyday", 1, 8), ("medical", 3, 3)]);
}

#[test]
fn every_view_has_its_word() {
    for (word, view) in [("answers", View::Answers), ("studies", View::Studies), ("data", View::Data)] {
        let state = LinkState { view, ..LinkState::default() };
        assert_eq!(write(&state), format!("v=1&view={word}"));
        assert_eq!(read(&format!("v=1&view={word}")), (state, vec![]));
    }
}

#[test]
fn every_kind_of_target_has_its_words() {
    let targets = [
        ("base+0.3", Target::AtLeast(Level::Base(0.3))),
        ("base-0.3", Target::AtLeast(Level::Base(-0.3))),
        ("base+0.5sd", Target::AtLeast(Level::BaseSd(0.5))),
        ("quantile80", Target::AtLeast(Level::PlainQuantile(0.8))),
        ("keep", Target::AtLeast(Level::Maintain)),
        ("log+0.25", Target::AtLeast(Level::LogGain(0.25))),
        ("max:0.4", Target::AtMost(Level::At(0.4))),
        ("max:q80", Target::AtMost(Level::Quantile(0.8))),
        ("is:base", Target::Exactly(Level::Base(0.0))),
        ("-0.2..0.4", Target::Between(Level::At(-0.2), Level::At(0.4))),
    ];
    for (text, target) in targets {
        let (state, problems) = read(&format!("v=1&t.humor={text}&t.harmless@medical={text}"));
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(state.palette.target("humor"), target);
        assert_eq!(state.palette.on_group("medical", "harmless"), Some(target));
        assert_eq!(write(&state), format!("v=1&t.humor={text}&t.harmless@medical={text}"));
    }
    // An encoded @ is part of a name, as it was before there were groups.
    let (state, _) = read("t.p%40k=1&t.p%40k@a%40b=q80&t.p%2540=2");
    assert_eq!(state.palette.targets.keys().collect::<Vec<_>>(), ["p%40", "p@k"]);
    assert_eq!(state.palette.on_group("a@b", "p@k"), Some(Target::AtLeast(Level::Quantile(0.8))));
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
        ("view=kitchen", "compose, answers, studies, data"),
        ("k=0", "whole number from 1 to 64"),
        ("k=65", "whole number from 1 to 64"),
        ("k=four", "whole number from 1 to 64"),
        ("tokens=257", "whole number from 1 to 256"),
        ("temperature=NaN", "number from 0 to 2"),
        ("temperature=-1", "number from 0 to 2"),
        ("topk=1.5", "whole number from 0 to 50000"),
        ("topp=0", "number from 0.01 to 1"),
        ("prompts=%0A%20", "no prompt"),
        ("topic=everyday", "everyday:1-8"),
        ("topic=everyday:0-3", "everyday:1-8"),
        ("topic=everyday:4-3", "everyday:1-8"),
        ("t.helpful=%ZZ", "garbled"),
        ("v=7", "version"),
        ("t.=3", "does not know"),
        ("t.helpful@=3", "does not know"),
        ("t.@medical=3", "does not know"),
        ("colour@red=3", "does not know"),
        ("t.helpful@%ZZ=3", "garbled"),
        ("t.helpful=max:q180", "q0 to q100"),
        ("t.helpful=max:", "must be a number"),
        ("t.helpful=0.4..0.2", "0.2..0.4"),
        ("t.helpful=base+", "base+0.3"),
        ("t.helpful=log-1", "log+0.25"),
    ];
    for (part, words) in cases {
        let (state, problems) = read(&format!("{part}&t.humor=q70"));
        assert_eq!(problems.len(), 1, "{part}: {problems:?}");
        assert!(problems[0].contains(words), "{part}: {}", problems[0]);
        assert_eq!(state.palette.targets.len(), 1);
        assert_eq!(state.palette.target("humor"), Target::AtLeast(Level::Quantile(0.7)));
    }
    let (_, problems) = read("t.humor=1&t.humor=2");
    assert!(problems[0].contains("more than once"));
    let (_, problems) = read("t.humor@a=1&t.humor=1&t.humor@a=2");
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("“t.humor@a” more than once"));
}

#[test]
fn values_and_groups_that_the_set_lacks_are_said() {
    let mut answer = Answer::new(0, String::new(), vec![1.0]);
    answer.group = "medical".into();
    let set = SampleSet {
        name: "Small".into(),
        about: String::new(),
        values: vec![Value { name: "humor".into(), unit: String::new(), measured: String::new() }],
        prompts: vec![String::new()],
        answers: vec![answer],
        prompt_weights: vec![],
    };
    let said = |link: &str| strangers(&read(link).0.palette, &set);
    assert_eq!(said("t.humor=1&t.humor@medical=1"), Vec::<String>::new());
    assert!(said("t.wit=1")[0].contains("“wit”, which is not a value of Small"));
    assert!(said("t.wit@medical=1")[0].contains("“wit”"));
    assert!(said("t.humor@legal=1")[0].contains("“legal”, which is not a group"));
}

const GOOD: &str = "#v=1&seed=42&k=16&t.harmless=keep&t.helpful=0.25&t.humor=q80";

#[test]
fn mangled_links_mean_what_the_good_one_means() {
    let good = read(GOOD);
    assert_eq!(good.1, Vec::<String>::new());
    let encode = |text: &str| -> String {
        text.chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || ".#-".contains(c) {
                    c.into()
                } else {
                    format!("%{:02X}", u32::from(c))
                }
            })
            .collect()
    };
    let listed = include_str!("../../../tests/cases/35-mangled-links/links.txt").lines().map(str::to_owned);
    let others = [
        GOOD.to_uppercase(),
        GOOD.replace("#v", "#V"),
        GOOD.replace('&', "&#38;"),
        GOOD.replace('&', "&amp;amp;"),
        GOOD.replace('&', "&amp"),
        GOOD.replace('&', "%26"),
        GOOD.replace('&', "%26amp%3B"),
        GOOD.replace('=', "%3d"),
        encode(GOOD),
        encode(&encode(GOOD)).replace("%23", "#"),
        GOOD.replace('=', "=3D").replace("less", "le=ss"),
        GOOD.replace('&', "&\u{200b}"),
        GOOD.replace("&t", "&%E2%80%8Bt"),
        GOOD.replace("q80", "q%C2%AD80"),
        GOOD.replace("&k", "&\r\n k"),
        GOOD.replace("&k", "&%20k").replace("0.25", "0.%2025"),
        GOOD.replace('#', "?"),
        GOOD.replace('#', "#https://example.org/palette/#"),
        format!("{GOOD}."),
        format!("{GOOD},"),
        format!("{GOOD}%3E"),
        format!("{GOOD}>"),
        format!("{GOOD}&gt;"),
        format!("{GOOD}%22"),
        format!("{GOOD}%E2%80%9D)."),
        format!("{GOOD}](https://example.org/"),
        format!("{GOOD}%7Cthe%20palette%3E"),
        format!("{GOOD}**"),
        format!("{GOOD}&"),
        format!("{GOOD}?utm_source=mail&utm_medium=x"),
        format!("{GOOD}&utm_source=mail&gclid=1&mc_eid=%ZZ"),
        format!("{GOOD}:~:text=verdict"),
        format!("{GOOD}{GOOD}"),
        format!("{GOOD}&t.humor=q80"),
    ];
    for link in listed.chain(others) {
        let (state, problems) = read(&link);
        let set = usual();
        let state = LinkState { palette: fitted(state.palette, &set), ..state };
        if link.contains("%ZZ") {
            assert!(problems[0].contains("garbled"), "{link}");
        } else {
            assert_eq!(problems, Vec::<String>::new(), "{link}");
        }
        assert_eq!(state, good.0, "{link}");
    }
}

/// A set with the values of the good link.
fn usual() -> SampleSet {
    let value = |name: &str| Value { name: name.into(), unit: String::new(), measured: String::new() };
    SampleSet {
        name: "Usual".into(),
        about: String::new(),
        values: ["humor", "helpful", "harmless", "a b", "a+", "50%"].map(value).into(),
        prompts: vec![String::new()],
        answers: vec![Answer::new(0, String::new(), vec![1.0; 6])],
        prompt_weights: vec![],
    }
}

#[test]
fn what_can_mean_two_things_is_left_out_and_said() {
    for (link, words) in [
        ("v=1&t.helpful=0.25&t.humor=q8…", "cut"),
        ("v=1&t.helpful=0.25&t.humor=0.2...", "cut"),
        ("v=1&t.helpful=0.25&t.humor=0.2%E2%80%A6)", "cut"),
        ("v=1&t.helpful=0.25&t.humor=0.2..", "must be a number"),
        ("v=1&t.helpful=0.25&t.humor=q80%20as%20we%20said", "q0 to q100"),
        ("v=1&t.helpful=0.25&t.humor=q80%", "garbled"),
        ("v=1&t.helpful=0.25#v=1&t.helpful=0.5", "second link"),
    ] {
        let (state, problems) = read(link);
        assert!(problems.len() == 1 && problems[0].contains(words), "{link}: {problems:?}");
        let targets: Vec<_> = state.palette.targets.into_iter().collect();
        assert_eq!(targets, [("helpful".to_owned(), Target::AtLeast(Level::At(0.25)))], "{link}");
    }
    assert_eq!(read("v=1&t.humor=keep…").1, Vec::<String>::new());
    assert_eq!(read("v=1&t.humor=0,5").0.palette.target("humor"), Target::AtLeast(Level::At(0.5)));
    assert_eq!(read("v=1&t.humor=base–0.3").0.palette.target("humor"), Target::AtLeast(Level::Base(-0.3)));
}

#[test]
fn what_looks_mangled_and_is_not_stays() {
    let texts = [
        "a&k", "a&amp;b", "50%25", "x=3D", "v=3D", "(a", "a)", "more...", "…", "a#v=1", "p?seed=4", ":~:x",
        "AMP;",
    ];
    for text in texts {
        let mut palette = Palette::default();
        palette.targets.insert(text.into(), Target::AtLeast(Level::At(5.0)));
        let state = LinkState { palette, ..LinkState::default() };
        assert_eq!(read(&write(&state)), (state, vec![]), "{text}");
        let drawing = DrawingLink { prompts: vec![format!("Say {text}")], ..DrawingLink::default() };
        let state = LinkState { set: Some(text.into()), drawing, ..LinkState::default() };
        assert_eq!(read(&write(&state)), (state, vec![]), "{text}");
    }
}

#[test]
fn a_name_is_what_the_set_calls_it_where_only_one_can_be_meant() {
    let set = usual();
    let name =
        |link: &str| -> Vec<String> { fitted(read(link).0.palette, &set).targets.into_keys().collect() };
    assert_eq!(name("t.Humor=1"), ["humor"]);
    assert_eq!(name("t.hu%20mor%E2%80%8B=1"), ["humor"]);
    assert_eq!(name("t.a%2520b=1"), ["a b"]);
    assert_eq!(name("t.a+b=1"), ["a b"]);
    assert_eq!(name("t.a=1"), ["a"], "no other is taken for it");
    assert_eq!(name("t.50%25=1"), ["50%"]);
    assert_eq!(name("t.humor=1&t.Humor=2"), ["Humor", "humor"], "both are said, and one is a stranger");
    assert!(is_meant("My%20table.csv", "My table.csv") && !is_meant("mine", "yours"));
}

#[test]
fn a_thousand_problems_are_a_few_sentences() {
    let link = include_str!("../../../tests/cases/security-09-thousand-strangers/link.txt");
    let (state, problems) = read(link.trim());
    assert_eq!(problems, Vec::<String>::new());
    let said = strangers(&state.palette, &usual());
    assert_eq!(said.len(), 1);
    assert!(
        said[0].contains("“x0”, “x1”, “x10” and ")
            && said[0].contains(" more, which are not values of Usual")
    );
    let many: String = (0..1000).map(|i| format!("&q{i}=1")).collect();
    let (_, problems) = read(&many);
    assert_eq!(problems.len(), 4);
    assert!(problems[3].contains("997 more"), "{}", problems[3]);
}

#[test]
fn what_is_said_for_teaching_survives_and_what_is_bad_is_said() {
    let state = LinkState {
        view: View::Learn,
        lesson: Some("trade-offs".into()),
        embed: true,
        show: Some(Shown {
            parts: vec![Part::Lanes, Part::WhyNot],
            lanes: vec!["a, b: c%".into(), "Größe".into()],
        }),
        theme: Some(Wears::Projector),
        ..LinkState::default()
    };
    assert_eq!(read(&write(&state)), (state.clone(), Vec::new()));
    let made = LinkState { lesson: Some("z.Ab-_9".into()), ..state };
    assert_eq!(read(&write(&made)), (made.clone(), Vec::new()));
    // A lesson alone opens the view that it stands in; lanes alone come with the verdict.
    assert_eq!(read("v=1&lesson=price").0.view, View::Learn);
    let lanes = read("v=1&show=lane:humor").0.show.expect("something to show");
    assert_eq!(lanes.parts, [Part::Lanes, Part::Verdict]);
    for bad in ["show=lanes,rubbish", "show=", "theme=pink", "embed=maybe", "lesson=no!such", "lesson=z.+"] {
        let (read, problems) = read(&format!("v=1&{bad}&seed=3"));
        assert_eq!(read, LinkState { seed: Some(3), ..LinkState::default() }, "{bad}");
        assert_eq!(problems.len(), 1, "{bad}");
    }
}
