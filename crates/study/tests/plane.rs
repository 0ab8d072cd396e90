//! The plane of two values on tables whose answers are known, and against the end stops of the strips.

use palette_study::compose::Composer;
use palette_study::{PlaneReport, Pooling, Question, Verdict};
use palette_tables::import::{ImportOptions, import};
use palette_tables::{Level, Palette, Target, stream};
use rand::Rng;

fn composer(table: &str) -> Composer {
    let read = import("table.csv", table.as_bytes(), &ImportOptions::default(), &mut |_| {});
    Composer::new(read.expect("a table").set).expect("a sound set")
}

fn palette(targets: &[(&str, Target)]) -> Palette {
    let mut palette = Palette::default();
    // What is not named would be maintained.
    for value in ["wit", "wisdom", "calm", "flat", "twice"] {
        palette.targets.insert(value.into(), Target::Off);
    }
    for (value, target) in targets {
        palette.targets.insert((*value).into(), *target);
    }
    palette
}

fn at_least(level: f64) -> Target {
    Target::AtLeast(Level::At(level))
}

fn plane(composer: &mut Composer, palette: &Palette, pooling: Pooling, of: [&str; 2]) -> PlaneReport {
    let question = Question { palette: palette.clone(), pooling };
    composer.plane(&question, Some(&of.map(String::from))).expect("a plane").whole()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

fn has(points: &[[f64; 2]], expected: [f64; 2]) -> bool {
    points.iter().any(|point| close(point[0], expected[0]) && close(point[1], expected[1]))
}

/// Two prompts: on each one answer that is wise and one that is witty; a third value that only the witty lack.
const TABLE: &str = "prompt,group,wit,wisdom,calm,flat\n\
    p,law,0,1,1,5\np,law,1,0,0,5\nq,art,0,3,1,5\nq,art,2,0,0,5\n";

#[test]
fn the_frontier_of_two_prompts_is_known() {
    let mut composer = composer(TABLE);
    // Pooled: a mix of all four. Alone at the ends: wit 2 with none of wisdom, or wisdom 3 with none of wit.
    let off = palette(&[]);
    let pooled = plane(&mut composer, &off, Pooling::Pooled, ["wit", "wisdom"]);
    assert!(pooled.possible && pooled.verdict == Verdict::Reachable);
    assert!(has(&pooled.frontier, [2.0, 0.0]) && has(&pooled.frontier, [0.0, 3.0]), "{pooled:?}");
    assert_eq!(pooled.frontier.len(), 2);
    // Per prompt: the mean of a choice on each; wit is cheaper on p, where it costs as much wisdom.
    let all = plane(&mut composer, &off, Pooling::PerPrompt, ["wit", "wisdom"]);
    for corner in [[1.5, 0.0], [0.5, 1.5], [0.0, 2.0]] {
        assert!(has(&all.frontier, corner), "{corner:?} in {:?}", all.frontier);
    }
    assert_eq!((all.frontier.len(), all.frontier_error < 1e-9), (3, true));
    // Keeping ¾ of calm leaves wit on a quarter of the whole: on q, where it is worth 2.
    let calm = palette(&[("calm", at_least(0.75)), ("wit", at_least(9.0))]);
    let held = plane(&mut composer, &calm, Pooling::PerPrompt, ["wit", "wisdom"]);
    assert_eq!(held.verdict, Verdict::Unreachable);
    let most = held.outline.iter().map(|p| p[0]).fold(f64::NEG_INFINITY, f64::max);
    assert!(close(most, 0.5), "{held:?}");
    assert_eq!(held.values[0].max_reachable.map(|x| close(x, 0.5)), Some(true));
    assert_eq!(held.values[1].max_reachable, None, "wit at 9 cannot be had");
}

#[test]
fn a_target_on_a_group_holds_the_plane_back() {
    let mut composer = composer(TABLE);
    let mut on_law = palette(&[]);
    on_law.set_on_group("law", "wit", at_least(1.0));
    let found = plane(&mut composer, &on_law, Pooling::PerPrompt, ["wit", "wisdom"]);
    // On p the witty answer is taken: wisdom is left on q alone.
    assert!(has(&found.frontier, [0.5, 1.5]) && has(&found.frontier, [1.5, 0.0]), "{found:?}");
    assert!(found.lines.iter().any(|line| line.direction.get("wit@law").is_some()));
}

#[test]
fn what_has_no_plane_is_refused_with_a_reason() {
    let mut composer = composer(TABLE);
    let mut refused = |of: [&str; 2]| {
        let question = Question { palette: Palette::default(), pooling: Pooling::Pooled };
        composer.plane(&question, Some(&of.map(String::from))).err().expect("a refusal")
    };
    assert!(refused(["wit", "flat"]).contains("flat is the same for every answer"));
    assert!(refused(["wit", "charm"]).contains("charm"));
    assert!(refused(["wit", "wit"]).contains("two values"));
    let one = self::composer("wit,flat\n0,1\n1,1\n");
    let question = Question { palette: Palette::default(), pooling: Pooling::Pooled };
    let mut one = one;
    assert!(one.plane(&question, None).err().is_some_and(|why| why.contains("this table has one")));
}

#[test]
fn collinear_values_have_a_line_and_others_out_of_reach_nothing() {
    let mut twins = composer("wit,twice,calm\n0,1,0\n1,3,1\n2,5,0\n");
    let off = palette(&[]);
    let line = plane(&mut twins, &off, Pooling::Pooled, ["wit", "twice"]);
    assert_eq!(line.outline.len(), 2);
    assert!(has(&line.frontier, [2.0, 5.0]) && line.frontier.len() == 1, "{line:?}");
    let none = palette(&[("calm", at_least(2.0))]);
    let nothing = plane(&mut twins, &none, Pooling::Pooled, ["wit", "twice"]);
    assert!(!nothing.possible && nothing.outline.is_empty() && nothing.lines.is_empty());
    assert_eq!(nothing.values[0].max_reachable, None);
    let text = serde_json::to_string(&line).expect("JSON");
    assert_eq!(serde_json::from_str::<PlaneReport>(&text).expect("the report"), line);
}

#[test]
fn the_values_that_weigh_most_are_shown_where_nobody_chose() {
    let mut composer = composer(TABLE);
    let question = Question {
        palette: palette(&[("wisdom", at_least(1.2)), ("calm", at_least(0.2))]),
        pooling: Pooling::Pooled,
    };
    let names = |composer: &mut Composer, question: &Question| {
        let report = composer.plane(question, None).expect("a plane").whole();
        report.values.map(|value| value.name)
    };
    assert_eq!(names(&mut composer, &question), ["wisdom", "calm"]);
    let nothing = Question { palette: palette(&[]), ..question };
    assert_eq!(names(&mut composer, &nothing).len(), 2);
}

/// Four values on prompts with a few answers each, two of them at odds.
fn drawn(seed: u64) -> String {
    let mut random = stream(seed, "", "plane");
    let mut text = "prompt,group,a,b,c,d\n".to_owned();
    for g in 0..12 {
        for _ in 0..7 {
            let [x, y, z]: [f64; 3] = std::array::from_fn(|_| random.random());
            let group = if g % 3 == 0 { "law" } else { "art" };
            text += &format!("question {g},{group},{x},{},{z},{}\n", y - 0.7 * x, x * y * z);
        }
    }
    text
}

#[test]
fn the_frontier_agrees_with_the_end_stops_and_with_verdicts_on_both_sides() {
    for seed in 0..4 {
        let mut composer = composer(&drawn(seed));
        for pooling in [Pooling::Pooled, Pooling::PerPrompt] {
            let sd = |i: usize, composer: &mut Composer| {
                composer.solve(&Palette::default(), pooling).expect("a report").report.values[i]
                    .standard_deviation
            };
            let (sd_a, sd_b) = (sd(0, &mut composer), sd(1, &mut composer));
            let mut asked = palette(&[
                ("a", Target::AtLeast(Level::BaseSd(0.4))),
                ("b", Target::AtLeast(Level::BaseSd(0.2))),
                ("c", Target::AtLeast(Level::BaseSd(0.3))),
                ("d", Target::Off),
            ]);
            asked.set_on_group("law", "c", Target::AtLeast(Level::BaseSd(0.1)));
            let found = plane(&mut composer, &asked, pooling, ["a", "b"]);
            let report = composer.solve(&asked, pooling).expect("a report").report;
            let attained = report.attained().expect("levels");
            for (value, (own, level)) in found.values.iter().zip(report.values.iter().zip(&attained.values)) {
                assert_eq!(value.attained, level.level, "the strips' own numbers");
                let (a, b) = (value.max_reachable.expect("an end"), own.max_reachable.expect("an end"));
                assert!((a - b).abs() < 1e-9 * (1.0 + b.abs()));
            }
            // At a's target the frontier stands at the end stop of b.
            let [low, high] =
                [report.values[0].lower.expect("a level"), report.values[1].max_reachable.expect("an end")];
            let pair = found.frontier.windows(2).find(|pair| pair[0][0] <= low && low <= pair[1][0]);
            let on = pair.map_or(found.frontier[0][1], |pair| {
                pair[0][1] + (pair[1][1] - pair[0][1]) * (low - pair[0][0]) / (pair[1][0] - pair[0][0])
            });
            assert!((high - on) / sd_b < 0.01 && high - on > -1e-6, "{high} and {on}");
            let mut verdict = |[a, b]: [f64; 2]| {
                let mut at = asked.clone();
                at.targets.insert("a".into(), at_least(a));
                at.targets.insert("b".into(), at_least(b));
                composer.solve(&at, pooling).expect("a report").report.verdict
            };
            for [a, b] in &found.frontier {
                assert_ne!(verdict([a - 1e-5 * sd_a, b - 1e-5 * sd_b]), Verdict::Unreachable);
            }
            for [a, b] in &found.frontier_bound {
                assert_eq!(verdict([a + 1e-4 * sd_a, b + 1e-4 * sd_b]), Verdict::Unreachable);
            }
        }
    }
}
