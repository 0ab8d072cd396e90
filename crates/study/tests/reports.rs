//! Reports of palettes on small tables whose answers are known.

use palette_study::compose::Composer;
use palette_study::{DraftsError, DraftsQuestion, Ending, Pooling, Question, Repair, Report, Verdict};
use palette_tables::import::{ImportOptions, import};
use palette_tables::{Level, Palette, Target};

/// One value that half of the answers have.
const COIN: &str = "prompt,wit\na,0\na,1\nb,0\nb,1\n";
/// A constant value beside one that varies, two groups of prompts.
const GROUPS: &str = "prompt,group,wit,flat\na,law,0,0.5\na,law,1,0.5\nb,art,0,0.5\nb,art,4,0.5\n";

fn composer(table: &str) -> Composer {
    let read = import("table.csv", table.as_bytes(), &ImportOptions::default(), &mut |_| {});
    Composer::new(read.expect("a table").set).expect("a sound set")
}

fn at_least(value: &str, level: f64) -> Palette {
    let mut palette = Palette::default();
    palette.targets.insert(value.into(), Target::AtLeast(Level::At(level)));
    palette
}

fn report(composer: &mut Composer, palette: &Palette) -> Report {
    composer.solve(palette, Pooling::Pooled).expect("a report").report
}

fn of(k: usize) -> DraftsQuestion {
    DraftsQuestion { k, hold: None, seed: 1 }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn within_reach_what_is_attained_is_the_palette_itself() {
    let report = report(&mut composer(COIN), &at_least("wit", 0.75));
    assert_eq!((report.verdict, report.ending), (Verdict::Reachable, Ending::Converged));
    let wit = &report.values[0];
    // Odds of 3 to 1: λ = ln 3, KL = ¾ ln 3 − ln 2.
    let price = 0.75 * 3f64.ln() - 2f64.ln();
    assert!(close(wit.lambda.expect("λ"), 3f64.ln()) && close(report.kl.expect("a price"), price));
    assert!(close(report.slack.expect("room"), 0.5), "(1 − 0.75)/0.5 sd");
    let attained = report.attained().expect("figures");
    assert_eq!(Some(attained.kl), report.kl);
    assert_eq!(Some(attained.values[0].level), wit.realised);
    assert_eq!(Some(attained.values[0].interval), wit.interval);
    assert!(report.scaled_back.is_none() && report.certificate.is_none());
}

#[test]
fn on_the_edge_the_report_holds_the_limit_and_what_lies_inside() {
    let report = report(&mut composer(COIN), &at_least("wit", 1.0));
    assert_eq!(report.verdict, Verdict::Edge);
    let wit = &report.values[0];
    // Only the upper half of the answers is left: ln 2 nats, and no λ.
    assert!((report.kl.expect("the limit's price") - 2f64.ln()).abs() < 1e-5);
    assert!((wit.realised.expect("the limit's level") - 1.0).abs() < 1e-6 && wit.lambda.is_none());
    let back = report.scaled_back.as_ref().expect("inside");
    assert!(close(back.share, 0.98) && close(back.realised[0], 0.5 + 0.98 * 0.5));
    let attained = report.attained().expect("figures");
    assert_eq!((attained.kl, attained.values[0].level), (back.kl, back.realised[0]));
    assert!(attained.kl < report.kl.expect("a price"));
}

#[test]
fn out_of_reach_the_proof_stands_per_unit_and_per_standard_deviation() {
    let report = report(&mut composer(COIN), &at_least("wit", 1.5));
    assert_eq!((report.verdict, report.ending), (Verdict::Unreachable, Ending::Proved));
    assert!(report.kl.is_none() && report.values[0].realised.is_none());
    let proof = report.certificate.as_ref().expect("a proof");
    assert!(close(proof.direction.get("wit").expect("wit"), 1.0) && close(proof.margin, 0.5));
    // 1.5 is 2 sd above the base mean, the best answer 1 sd.
    assert!(close(proof.values[0], 1.0) && close(proof.asked, 2.0) && close(proof.best, 1.0));
    assert!(report.attained().is_some_and(|attained| close(attained.values[0].level, 0.99)));
}

#[test]
fn a_report_is_read_back_from_its_json() {
    let mut composer = composer(GROUPS);
    let mut palette = at_least("flat", 0.75);
    palette.set_on_group("law", "wit", Target::AtLeast(Level::At(0.75)));
    for pooling in [Pooling::Pooled, Pooling::PerPrompt] {
        let report = composer.solve(&palette, pooling).expect("a report").report;
        assert_eq!(report.pooling, pooling);
        assert_eq!(report.verdict, Verdict::Unreachable);
        assert!(report.notes.iter().any(|note| note.starts_with("flat is the same for every answer")));
        assert_eq!(report.groups[0].name, "wit@law");
        let json = serde_json::to_string(&report).expect("JSON");
        assert_eq!(serde_json::from_str::<Report>(&json).expect("the report"), report);
    }
}

#[test]
fn what_is_asked_beside_a_palette_is_about_its_solution() {
    let mut composer = composer(COIN);
    let palette = at_least("wit", 0.75);
    let solved = composer.solve(&palette, Pooling::Pooled).expect("a report");
    let question = Question { palette, pooling: Pooling::Pooled };
    let sequences = composer.sequences(&question, 3).expect("paths");
    let joint = sequences.joint.expect("a joint solution");
    assert_eq!((joint.lambda.get("wit"), Some(joint.kl)), (solved.report.values[0].lambda, solved.report.kl));
    // One value alone is there after one round.
    assert_eq!(sequences.total.len(), 3);
    assert!(sequences.fresh[0].distance < 1e-9 && sequences.fresh[0].round == 1);
    let drafted = composer.drafts(&question, of(2)).expect("drafts");
    assert_eq!((drafted.groups, drafted.left_out, drafted.largest_kl), (2, 0, 2f64.ln()));
    assert_eq!(composer.drafts(&question, of(9)), Err(DraftsError::TooMany { k: 9 }));
    let study = composer.trust(&question, 1).expect("a study");
    let mut bootstrap = study.bootstrap();
    (0..40).for_each(|_| bootstrap.step());
    let trust = study.report(bootstrap.finish(), study.held_out(20));
    assert_eq!(trust.reachable + trust.edge + trust.unreachable, 40);
    assert_eq!(Some(trust.effective_samples), solved.report.effective_samples);
    // Two prompts say nothing about others.
    assert_eq!((trust.units, trust.probability_reachable, trust.values[0].realised), (2, None, None));
    assert!(trust.warnings.iter().any(|warning| warning.contains("too few to tell")), "{:?}", trust.warnings);
}

#[test]
fn a_repair_lies_on_the_edge_and_eased_just_within_reach() {
    let mut composer = composer(COIN);
    let question = Question { palette: at_least("wit", 1.5), pooling: Pooling::Pooled };
    let exact = composer.repair(&question, &Repair::Nearest, "nearest").expect("a repair");
    assert_eq!((exact.verdict_before, exact.verdict), (Verdict::Unreachable, Some(Verdict::Edge)));
    let wit = &exact.values[0];
    assert!(close(wit.target.expect("a level"), 1.0) && close(wit.moved, -1.0) && wit.lambda.is_none());
    let eased = composer.repairs(&question, &[Repair::Nearest, Repair::One(0)]).expect("repairs");
    assert_eq!(eased.len(), 2);
    // 0.02 sd further in, where there is a price.
    assert!(close(eased[0].moves[0].lower.expect("a level"), 0.99) && eased[0].kl.is_some());
    // One value gives way, but another asks for what nothing can give.
    let mut composer = self::composer(GROUPS);
    let question = Question { palette: at_least("flat", 0.75), pooling: Pooling::Pooled };
    let exact = composer.repair(&question, &Repair::One(0), "one:wit").expect("an answer");
    assert!(!exact.possible && exact.verdict.is_none() && exact.values.is_empty());
}
