//! One palette on several groups of prompts.

use palette_study::Verdict;
use palette_study::transfer::{Fate, Transfer};
use palette_tables::{Answer, Level, Palette, SampleSet, Target, Value};

/// Forty prompts a group with eight answers each; what `rewards` makes of two numbers between −1 and 1 that belong to
/// prompt and answer.
type Rewards = fn(f64, f64) -> [f64; 2];

fn set(groups: &[(&str, Rewards)]) -> SampleSet {
    let value = |name: &str| Value { name: name.into(), unit: String::new(), measured: String::new() };
    let mut set = SampleSet {
        name: "Everything".into(),
        about: String::new(),
        values: vec![value("a"), value("b")],
        prompts: Vec::new(),
        answers: Vec::new(),
        prompt_weights: Vec::new(),
    };
    for (name, rewards) in groups {
        for g in 0..40 {
            set.prompts.push(format!("{name} {g}"));
            for j in 0..8 {
                let number = (set.prompts.len() * 131 + j * 37) as f64;
                let [x, y] = [(number * 0.7).sin(), (number * 1.3).cos()];
                let answer = Answer::new(set.prompts.len() - 1, String::new(), rewards(x, y).into());
                set.answers.push(Answer { group: (*name).into(), ..answer });
            }
        }
    }
    set
}

fn alike(x: f64, y: f64) -> [f64; 2] {
    [x, y]
}

/// Where b goes against a, raising a takes b away.
fn against(x: f64, y: f64) -> [f64; 2] {
    [x, 0.3 * y - x]
}

fn raise_a(by: f64) -> Palette {
    let mut palette = Palette::default();
    palette.targets.insert("a".into(), Target::AtLeast(Level::BaseSd(by)));
    palette.targets.insert("b".into(), Target::MAINTAIN);
    palette
}

#[test]
fn at_home_a_palette_is_met_and_like_groups_keep_it() {
    let found = Transfer::new(&set(&[("north", alike), ("south", alike)]), None, &raise_a(0.5), None)
        .expect("a transfer");
    assert_eq!((found.k, found.groups.len(), found.pairs.len()), (8, 2, 4));
    assert!(found.groups.iter().all(|group| group.verdict == Verdict::Reachable && group.prompts == 40));
    for pair in &found.pairs {
        let a = &pair.values[0];
        if pair.from == pair.to {
            assert_eq!(a.fate, Fate::Home);
            assert!(a.room.is_some_and(|room| room.abs() < 1e-6) && a.interval.is_none());
            assert!(a.share.is_some_and(|share| (share - 1.0).abs() < 1e-6));
            assert!((found.groups[pair.from].kl.expect("a price") - pair.kl).abs() < 1e-9);
        } else {
            assert_eq!(a.fate, Fate::Kept, "{a:?}");
            let [low, high] = a.interval.expect("an interval");
            assert!(low < 0.0 && 0.0 < high);
        }
    }
    assert!(found.sentences[1].contains("none of 4 targets falls short"), "{:?}", found.sentences);
}

#[test]
fn where_values_go_against_one_another_a_foreign_weight_falls_short() {
    let table = set(&[("north", alike), ("south", alike), ("east", against)]);
    let found = Transfer::new(&table, None, &raise_a(0.5), None).expect("a transfer");
    let fate = |from: usize, to: usize, i: usize| found.pair(from, to).expect("a pair").values[i].fate;
    // The λ of the north raises a in the east, and takes b away there.
    assert_eq!((fate(0, 2, 1), fate(0, 1, 1)), (Fate::Short, Fate::Kept));
    assert!(found.sentences[1].contains("fall short by more than chance"), "{:?}", found.sentences);
    // Recomputed from λ and the rewards.
    let lambda = found.groups[0].lambda.as_ref().expect("λ");
    let mut level = [0.0; 2];
    for g in 80..120 {
        let answers: Vec<&Answer> = table.answers_to(g).map(|(_, answer)| answer).collect();
        let tilted = |answer: &&Answer| (lambda[0] * answer.rewards[0] + lambda[1] * answer.rewards[1]).exp();
        let whole: f64 = answers.iter().map(tilted).sum();
        for answer in &answers {
            for (level, r) in level.iter_mut().zip(&answer.rewards) {
                *level += tilted(answer) / whole * r / 40.0;
            }
        }
    }
    for (value, level) in found.pair(0, 2).expect("a pair").values.iter().zip(level) {
        assert!((value.level.mean - level).abs() < 1e-9);
    }
}

#[test]
fn a_group_that_cannot_reach_the_palette_has_no_weights_to_carry() {
    fn flat(x: f64, y: f64) -> [f64; 2] {
        [0.2 * x, y]
    }
    let mut palette = raise_a(0.5);
    palette.targets.insert("a".into(), Target::AtLeast(Level::At(0.4)));
    let found =
        Transfer::new(&set(&[("north", alike), ("low", flat)]), None, &palette, None).expect("a transfer");
    assert_eq!(found.groups[1].verdict, Verdict::Unreachable);
    assert!(found.groups[1].kl.is_none() && found.groups[1].lambda.is_none());
    assert_eq!(found.pairs.iter().map(|pair| [pair.from, pair.to]).collect::<Vec<_>>(), [[0, 0], [0, 1]]);
    assert_eq!(found.pairs[1].values[0].fate, Fate::Short);
}

#[test]
fn a_table_without_groups_is_one_beside_those_of_another() {
    let mut whole = set(&[("", alike)]);
    whole.answers.iter_mut().for_each(|answer| answer.group.clear());
    let alone = Transfer::new(&whole, None, &raise_a(0.5), None).expect_err("one group");
    assert!(alone.contains("fewer than two are here") && alone.contains("column `group`"), "{alone}");
    let mut more = set(&[("north", alike), ("east", against)]);
    // Another order of values, and one that the table does not have.
    more.values.swap(0, 1);
    more.values.push(Value { name: "c".into(), unit: String::new(), measured: String::new() });
    for answer in &mut more.answers {
        answer.rewards.swap(0, 1);
        answer.rewards.push(0.0);
    }
    let found = Transfer::new(&whole, Some(&more), &raise_a(0.5), Some(4)).expect("a transfer");
    let names: Vec<&str> = found.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!((found.k, names), (4, vec!["Everything", "north", "east"]));
    let one = Transfer::new(&set(&[("north", alike), ("east", against)]), None, &raise_a(0.5), Some(4))
        .expect("a transfer");
    assert_eq!(one.pair(0, 1).map(|pair| pair.kl), found.pair(1, 2).map(|pair| pair.kl));
}

#[test]
fn what_is_too_small_or_asks_for_nothing_is_said() {
    let mut table = set(&[("north", alike), ("south", alike), ("tiny", alike)]);
    let mut seen = 0;
    table.answers.retain(|answer| {
        seen += usize::from(answer.group == "tiny");
        answer.group != "tiny" || seen <= 16
    });
    let found = Transfer::new(&table, None, &raise_a(0.3), None).expect("a transfer");
    assert_eq!(found.groups.len(), 2);
    assert!(
        found.notes.iter().any(|note| note.contains("tiny is left out: 2 of its prompts")),
        "{:?}",
        found.notes
    );
    let mut nothing = Palette::default();
    nothing.targets.insert("a".into(), Target::Off);
    nothing.targets.insert("b".into(), Target::Off);
    let refused = Transfer::new(&table, None, &nothing, None).expect_err("nothing asked");
    assert!(refused.contains("asks for nothing"), "{refused}");
}
