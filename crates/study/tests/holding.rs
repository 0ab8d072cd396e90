//! A palette that is to hold on new prompts does so as often as it says: by simulation from a known distribution.

use palette_study::align::judge;
use palette_study::compose::Composer;
use palette_study::{DraftsQuestion, Hold, Pooling, Question, Verdict};
use palette_tables::{Answer, Level, Palette, SampleSet, Target, Value};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Draws of two values on prompts that differ in what they give and in how much their answers differ.
fn draws(prompts: usize, answers: usize, seed: u64) -> SampleSet {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut normal = || -> f64 {
        let (u, v): (f64, f64) = (random.random::<f64>().max(1e-300), random.random());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    };
    let value = |name: &str| Value { name: name.into(), unit: String::new(), measured: String::new() };
    let mut set = SampleSet {
        name: String::new(),
        about: String::new(),
        values: vec![value("a"), value("b")],
        prompts: (0..prompts).map(|g| g.to_string()).collect(),
        answers: Vec::new(),
        prompt_weights: Vec::new(),
    };
    for g in 0..prompts {
        let (mean, spread) = ([0.7 * normal(), 0.7 * normal()], (0.4 * normal()).exp());
        for _ in 0..answers {
            let (e, f) = (normal(), normal());
            let rewards = vec![mean[0] + spread * e, mean[1] + 0.8 * f - 0.4 * e + 0.2 * (f * f - 1.0)];
            set.answers.push(Answer::new(g, String::new(), rewards));
        }
    }
    set
}

/// Share of targets that new draws meet, over `pairs` of a pilot and new prompts.
fn share_met(level: Level, confidence: f64, k: usize, pairs: u64) -> f64 {
    let mut palette = Palette::default();
    palette.targets.insert("a".into(), Target::AtLeast(level));
    palette.targets.insert("b".into(), Target::AtLeast(Level::BaseSd(0.15)));
    let question = Question { palette, pooling: Pooling::PerPrompt };
    let (mut met, mut all) = (0.0, 0.0);
    for pair in 0..pairs {
        let mut composer = Composer::prepared(draws(40, 16, 2 * pair), Pooling::PerPrompt).expect("a set");
        let hold = Some(Hold { confidence, prompts: 30 });
        let solved = composer.drafts(&question, DraftsQuestion { k, hold, seed: 1 }).expect("an answer");
        assert_eq!(solved.verdict, Verdict::Reachable);
        let judged = judge(&draws(30, k, 2 * pair + 1), &solved.lambda(), &solved.asked, 1).expect("figures");
        for (asked, value) in solved.asked.iter().zip(&judged.measured.values) {
            let (level, from) =
                if asked.relative { (value.lift.mean, asked.base) } else { (value.expected.mean, 0.0) };
            all += 1.0;
            met += f64::from(u8::from(asked.lower.is_some_and(|c| level >= c - from)));
        }
    }
    met / all
}

#[test]
fn targets_hold_as_often_as_was_asked() {
    for (level, k) in [(Level::At(0.3), 8), (Level::BaseSd(0.3), 4)] {
        for confidence in [0.5, 0.9] {
            let share = share_met(level, confidence, k, 150);
            // Two targets a pair, that go together: not more than 150 independent trials.
            let error = (confidence * (1.0 - confidence) / 150.0f64).sqrt();
            assert!((share - confidence).abs() < 3.0 * error, "{level:?}, k {k}: {share} for {confidence}");
        }
    }
}
