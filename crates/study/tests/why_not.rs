//! Why two targets cannot both be had, on tables whose answers are known.

use palette_study::compose::Composer;
use palette_study::{Pooling, Question, Repair, Verdict, WhyNotReport};
use palette_tables::import::{ImportOptions, import};
use palette_tables::{Level, Palette, Target};

/// What is witty is not wise; the third value excludes both.
const TABLE: &str = "prompt,wit,wisdom,calm\np,1,0,0\np,0,1,0\np,0,0,1\n";

fn composer(table: &str) -> Composer {
    let read = import("table.csv", table.as_bytes(), &ImportOptions::default(), &mut |_| {});
    Composer::new(read.expect("a table").set).expect("a sound set")
}

fn question(targets: &[(&str, f64)], pooling: Pooling) -> Question {
    let mut palette = Palette::default();
    for (value, level) in targets {
        palette.targets.insert((*value).into(), Target::AtLeast(Level::At(*level)));
    }
    for value in ["wit", "wisdom", "calm"] {
        palette.targets.entry(value.into()).or_insert(Target::Off);
    }
    Question { palette, pooling }
}

fn why_not(composer: &mut Composer, question: &Question, pair: Option<[&str; 2]>) -> WhyNotReport {
    let pair = pair.map(|pair| pair.map(String::from));
    composer.why_not(question, pair.as_ref()).expect("a report").finish()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn a_pair_at_odds_is_proved_priced_and_shown() {
    let mut composer = composer(TABLE);
    let asked = question(&[("wit", 0.8), ("wisdom", 0.8)], Pooling::Pooled);
    let report = why_not(&mut composer, &asked, None);
    assert_eq!((report.verdict, report.pair_possible), (Verdict::Unreachable, false));
    assert_eq!(report.pair.clone().map(|target| target.name), ["wit", "wisdom"]);
    assert!(report.others.is_empty() && report.targets == ["wit", "wisdom"]);
    // ½ wit + ½ wisdom is ½ at best; 0.8 is asked.
    let proof = report.proof.as_ref().expect("a proof");
    assert!(close(proof.direction.get("wit").expect("wit"), 0.5), "{proof:?}");
    assert!(close(proof.best, 0.5) && close(proof.asked, 0.8), "{proof:?}");
    // From ⅓ each to ½ each of 0.8.
    let edge = (0.5 - 1.0 / 3.0) / (0.8 - 1.0 / 3.0);
    assert!(close(report.edge.expect("an edge"), edge), "{report:?}");
    let ray = composer.repair(&asked, &Repair::Ray, "ray").expect("a repair");
    assert!(close(ray.share.expect("a share"), edge) && close(report.edge_of_all.expect("all"), edge));
    // With s of the mass on calm left: KL = ln 3 + (1 − c) ln((1 − c)/2) + c ln c.
    assert!(report.prices.len() == 15 && report.prices[0].kl.abs() < 1e-9 && report.held == 1.0);
    for price in &report.prices {
        let level = 1.0 / 3.0 + price.share * (0.8 - 1.0 / 3.0);
        let calm = 1.0 - 2.0 * level;
        let kl = 3f64.ln() + 2.0 * level * level.ln() + if calm > 0.0 { calm * calm.ln() } else { 0.0 };
        assert!(close(price.levels[0], level) && (price.kl - kl).abs() < 1e-8, "{price:?}, expected {kl}");
        assert!((price.drafts - price.kl.exp()).abs() < 1e-12);
    }
    let last = report.prices.last().expect("a price");
    assert!(close(last.share, 0.999 * edge) && last.lambda[0] > 3.0);
    // The answers that are one or the other come before the one that is neither.
    assert_eq!(report.nearest.iter().map(|near| near.answer).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(report.nearest[0].meets, [Some(true), Some(false)]);
    assert!(close(report.nearest[0].along_sd, proof.best_sd) && proof.best_sd < proof.asked_sd);
    assert_eq!((report.answers_meeting_both, report.answers), (0, 3));
    let text = serde_json::to_string(&report).expect("JSON");
    assert_eq!(serde_json::from_str::<WhyNotReport>(&text).expect("the report"), report);
}

#[test]
fn a_third_target_that_makes_it_impossible_is_named() {
    let mut composer = composer(TABLE);
    let asked = question(&[("wit", 0.4), ("wisdom", 0.4), ("calm", 0.3)], Pooling::Pooled);
    let report = why_not(&mut composer, &asked, Some(["wit", "wisdom"]));
    assert_eq!((report.verdict, report.pair_possible), (Verdict::Unreachable, true));
    assert_eq!((report.others.clone(), report.others_alone), (vec!["calm".to_owned()], false));
    let proof = report.proof.as_ref().expect("a proof");
    // A third of each is ⅓; 1.1/3 is asked.
    assert!(close(proof.best, 1.0 / 3.0) && close(proof.asked, 1.1 / 3.0), "{proof:?}");
    // Beside calm at 0.3 there is 0.35 for each.
    assert!(close(report.edge.expect("an edge"), (0.35 - 1.0 / 3.0) / (0.4 - 1.0 / 3.0)));
    // All three together go another share of their way: calm stands below its base.
    assert!(report.edge_of_all.is_some());
    // With another pair it is the third that stands in the way.
    let other = why_not(&mut composer, &asked, Some(["wit", "calm"]));
    assert_eq!((other.pair_possible, other.others), (true, vec!["wisdom".to_owned()]));
}

#[test]
fn targets_beside_the_pair_that_cannot_be_had_are_held_as_far_as_they_go() {
    let mut composer = composer(TABLE);
    let asked = question(&[("wit", 0.4), ("wisdom", 0.35), ("calm", 1.2)], Pooling::Pooled);
    let report = why_not(&mut composer, &asked, Some(["wit", "wisdom"]));
    assert!(report.pair_possible && report.others == ["calm"] && report.others_alone, "{report:?}");
    // With wit and wisdom at their bases, a third each, calm cannot rise at all.
    assert!(report.held.abs() < 1e-9 && report.edge.expect("an edge").abs() < 1e-9, "{report:?}");
}

#[test]
fn one_target_that_is_impossible_by_itself_is_the_whole_proof() {
    let mut composer = composer(TABLE);
    let asked = question(&[("wit", 1.5), ("wisdom", 0.1)], Pooling::Pooled);
    let report = why_not(&mut composer, &asked, None);
    let proof = report.proof.as_ref().expect("a proof");
    assert_eq!(proof.direction.iter().collect::<Vec<_>>(), [("wit", 1.0)]);
    assert!(close(proof.best, 1.0) && close(proof.asked, 1.5));
    assert!(!report.pair_possible);
    // A value that never varies stands at its level.
    let mut flat = self::composer("wit,flat\n0,1\n1,1\n");
    let asked = question(&[("wit", 0.7), ("flat", 2.0)], Pooling::Pooled);
    let report = why_not(&mut flat, &asked, None);
    let proof = report.proof.as_ref().expect("a proof");
    assert!(close(proof.best, 1.0) && close(proof.asked, 2.0), "{proof:?}");
    assert_eq!(report.edge, Some(0.0));
    assert!(report.prices.iter().all(|price| price.share == 0.0));
}

#[test]
fn within_reach_the_price_goes_past_what_is_asked() {
    let mut composer = composer(TABLE);
    let asked = question(&[("wit", 0.35), ("wisdom", 0.35)], Pooling::Pooled);
    let report = why_not(&mut composer, &asked, None);
    assert_eq!((report.verdict, report.pair_possible), (Verdict::Reachable, true));
    assert!(report.proof.is_none() && report.nearest.is_empty() && report.edge_of_all.is_none());
    assert_eq!(report.edge, None, "the edge lies beyond 150%");
    assert!(report.prices.last().is_some_and(|price| price.share > 1.4));
    let kept = question(&[("wit", 0.0), ("wisdom", 0.1)], Pooling::Pooled);
    let report = why_not(&mut composer, &kept, None);
    assert!(report.prices.is_empty() && report.edge.is_none(), "nothing is raised");
}

#[test]
fn per_prompt_the_proof_is_the_mean_of_the_best_of_each() {
    let mut composer =
        composer("prompt,group,wit,wisdom\np,law,1,0\np,law,0,1\nq,art,3,0\nq,art,0,1\nq,art,2,2\n");
    let asked = question(&[("wit", 1.5), ("wisdom", 1.4)], Pooling::PerPrompt);
    let report = why_not(&mut composer, &asked, None);
    let proof = report.proof.as_ref().expect("a proof");
    let d = |name: &str| proof.direction.get(name).unwrap_or(0.0);
    let rewards = [[[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]], [[3.0, 0.0], [0.0, 1.0], [2.0, 2.0]]];
    let along = |r: &[f64; 2]| d("wit") * r[0] + d("wisdom") * r[1];
    let best: f64 = rewards.iter().map(|p| 0.5 * p.iter().map(along).fold(f64::MIN, f64::max)).sum();
    assert!(close(best, proof.best) && close(along(&[1.5, 1.4]), proof.asked) && proof.best < proof.asked);
    assert_eq!(report.nearest[0].answer, 4, "one answer alone has both");
    assert_eq!((report.nearest[0].meets, report.answers_meeting_both), ([Some(true); 2], 1));
    // A target on a group can be one of the two.
    let mut on_law = asked.clone();
    on_law.palette.set_on_group("law", "wisdom", Target::AtLeast(Level::At(1.2)));
    let report = why_not(&mut composer, &on_law, Some(["wit", "wisdom@law"]));
    assert_eq!(report.pair[1].group.as_deref(), Some("law"));
    assert!(!report.pair_possible && report.nearest.iter().any(|near| near.meets[1].is_none()));
}

#[test]
fn a_pair_that_is_none_is_refused_with_a_reason() {
    let mut composer = composer(TABLE);
    let one = question(&[("wit", 1.5)], Pooling::Pooled);
    let refused = |composer: &mut Composer, question: &Question, pair: Option<[&str; 2]>| {
        let pair = pair.map(|pair| pair.map(String::from));
        composer.why_not(question, pair.as_ref()).err().expect("a refusal")
    };
    assert!(refused(&mut composer, &one, None).contains("this palette has one"));
    let two = question(&[("wit", 0.8), ("wisdom", 0.8)], Pooling::Pooled);
    assert!(refused(&mut composer, &two, Some(["wit", "calm"])).contains("calm has no target"));
    assert!(refused(&mut composer, &two, Some(["wit", "wit"])).contains("one target"));
}
