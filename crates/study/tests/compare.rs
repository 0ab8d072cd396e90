//! Methods compared on the same drafts: known answers by hand, and every number of a random comparison from
//! the probabilities and rewards alone.

use palette_study::align::{AskedTarget, Choice, Outcome};
use palette_study::compare::{CompareQuestion, Compared, Method, MethodKind};
use palette_study::compose::Composer;
use palette_study::interval::student;
use palette_study::{Pooling, Question, Verdict};
use palette_tables::{Answer, Level, Palette, SampleSet, Target, Value, stream};
use rand::Rng;

fn set(values: &[&str], prompts: usize, answers: Vec<(usize, Vec<f64>)>) -> SampleSet {
    let value = |name: &&str| Value { name: (*name).into(), unit: String::new(), measured: String::new() };
    SampleSet {
        name: String::new(),
        about: String::new(),
        values: values.iter().map(value).collect(),
        prompts: (0..prompts).map(|g| format!("question {g}")).collect(),
        answers: answers.into_iter().map(|(g, r)| Answer::new(g, String::new(), r)).collect(),
        prompt_weights: Vec::new(),
    }
}

fn palette(targets: &[(&str, Target)]) -> Question {
    let targets = targets.iter().map(|(name, target)| ((*name).to_owned(), *target)).collect();
    Question { palette: Palette { targets, ..Palette::default() }, pooling: Pooling::PerPrompt }
}

fn asking(k: usize) -> CompareQuestion {
    CompareQuestion { k, seed: 3, confidence: None, weights: Vec::new(), betas: Vec::new() }
}

fn at_least(level: f64) -> Target {
    Target::AtLeast(Level::At(level))
}

fn of(compared: &Compared, kind: MethodKind) -> (&Method, Option<&Choice>) {
    let at = compared.comparison.methods.iter().position(|method| method.kind == kind).expect("the method");
    (&compared.comparison.methods[at], compared.choices[at].as_ref())
}

fn level(method: &Method, i: usize) -> f64 {
    method.measured.as_ref().unwrap_or_else(|| panic!("{:?}", method.reason)).values[i].expected.mean
}

/// Two drafts a prompt: (0, 0) or (1, 0), and (0, 1) or (0, 0): four kinds of prompts of which two move
/// either value.
fn coins(prompts: usize) -> SampleSet {
    let answers = (0..prompts).flat_map(|g| {
        let moved = g % 2;
        [vec![0.0, 0.0], if moved == 0 { vec![1.0, 0.0] } else { vec![0.0, 1.0] }].map(|r| (g, r))
    });
    set(&["a", "b"], prompts, answers.collect())
}

#[test]
fn known_answers_on_coins() {
    let pilot = coins(40);
    let question = palette(&[("a", at_least(0.375)), ("b", at_least(0.375))]);
    let asked = CompareQuestion {
        weights: vec![("a".into(), 2.0), ("b".into(), 0.0)],
        betas: vec![2.0],
        confidence: Some(0.9),
        ..asking(2)
    };
    let mut composer = Composer::prepared(pilot, Pooling::PerPrompt).expect("a sound set");
    let compared = composer.compare(&question, &asked, &coins(60)).expect("a comparison");
    assert_eq!(compared.comparison.raised, ["a", "b"]);
    // Odds of 3 to 1 on every coin: λ = ln 3, at a KL of ¾ ln 3/2 + ¼ ln 1/2.
    let kl = 0.75 * 1.5f64.ln() + 0.25 * 0.5f64.ln();
    let (ours, choice) = of(&compared, MethodKind::PerPrompt);
    let lambda = ours.lambda.as_ref().expect("λ");
    assert!((lambda.get("a").expect("λ") - 3f64.ln()).abs() < 1e-8);
    assert!((ours.pilot_kl.expect("a price") - kl).abs() < 1e-9);
    assert!((level(ours, 0) - 0.375).abs() < 1e-9 && (level(ours, 1) - 0.375).abs() < 1e-9);
    assert!((choice.expect("a choice").probability[1] - 0.75).abs() < 1e-9);
    // Both values have the same spread: equal weights are the same λ.
    let (equal, _) = of(&compared, MethodKind::EqualWeights);
    assert!((equal.lambda.as_ref().expect("λ").get("b").expect("λ") - 3f64.ln()).abs() < 1e-6);
    // All weight on one coin spends the whole KL on half of the prompts: more than ln 2 each would be out of
    // reach.
    let (own, _) = of(&compared, MethodKind::Weights);
    assert!((own.pilot_kl.expect("a price") - kl).abs() < 1e-9 && level(own, 0) > 0.375);
    assert!((level(own, 1) - 0.25).abs() < 1e-12, "b stays at its base");
    // λ = 2/2 = 1: odds of e to 1.
    let (over_beta, _) = of(&compared, MethodKind::WeightsOverBeta);
    let e = std::f64::consts::E;
    assert!((level(over_beta, 0) - 0.5 * e / (1.0 + e)).abs() < 1e-12);
    // The best of two: always the one with more; a prompt where both have as much tosses a coin.
    let (best, choice) = of(&compared, MethodKind::BestOfK);
    assert_eq!(best.name, "Best of 2 for a");
    assert!((level(best, 0) - 0.5).abs() < 1e-12 && (level(best, 1) - 0.25).abs() < 1e-12);
    assert_eq!(choice.expect("a choice").probability[..4], [0.0, 1.0, 0.5, 0.5]);
    // Each alone: odds 3 to 1 on its own coins, even on the others; the mean of both is 0.625 everywhere.
    let (mixture, choice) = of(&compared, MethodKind::Mixture);
    assert!(
        choice.expect("a choice").probability.iter().skip(1).step_by(2).all(|p| (p - 0.625).abs() < 1e-9)
    );
    assert!((level(mixture, 0) - 0.3125).abs() < 1e-9 && mixture.parts.len() == 2);
    // The coins do not know of one another: one round is enough.
    let (one, _) = of(&compared, MethodKind::OneAfterAnother);
    assert!((one.lambda.as_ref().expect("λ").get("a").expect("λ") - 3f64.ln()).abs() < 1e-8);
    let (base, _) = of(&compared, MethodKind::Base);
    assert_eq!(base.measured.as_ref().expect("numbers").kl.mean, 0.0);
    assert!((level(base, 0) - 0.25).abs() < 1e-12);
    // Pooled the same answers are 80 in one group, and λ is another: 15 of 80 to 30 to 30 of mass.
    let (pooled, _) = of(&compared, MethodKind::Pooled);
    let l = pooled.lambda.as_ref().expect("λ").get("a").expect("λ").exp();
    // Each coin that shows is one of 80 with mass e^λ, 20 for each value, beside 40 of mass 1.
    assert!((20.0 * l / (40.0 + 40.0 * l) - 0.375).abs() < 1e-9);
    let (held, _) = of(&compared, MethodKind::WithConfidence);
    assert!(held.verdict.is_some() && held.lambda.as_ref().is_none_or(|l| l.get("a") > Some(3f64.ln())));
    // 15 columns and more for every method and value.
    let csv = compared.comparison.csv();
    assert_eq!(csv.lines().count(), 1 + 2 * compared.comparison.methods.len());
}

#[test]
fn what_could_not_be_had_comes_with_its_reason() {
    // Two drafts give at most 0.5 of a.
    let mut composer = Composer::prepared(coins(40), Pooling::PerPrompt).expect("a sound set");
    let question = palette(&[("a", at_least(0.6)), ("b", Target::Off)]);
    let compared = composer.compare(&question, &asking(2), &coins(10)).expect("a comparison");
    for kind in [MethodKind::PerPrompt, MethodKind::OneAfterAnother, MethodKind::Mixture] {
        let (method, choice) = of(&compared, kind);
        assert_eq!(method.verdict, Some(Verdict::Unreachable));
        assert!(method.measured.is_none() && choice.is_none());
        assert!(method.reason.as_ref().is_some_and(|why| why.ends_with('.')), "{:?}", method.reason);
    }
    assert!(of(&compared, MethodKind::EqualWeights).0.reason.as_ref().is_some_and(|why| why.contains("KL")));
    // In one group a quarter of the answers has a: all of it can be had.
    assert_eq!(of(&compared, MethodKind::Pooled).0.verdict, Some(Verdict::Reachable));
    // Nothing to raise, and nothing to compare.
    let keep = palette(&[("a", Target::MAINTAIN), ("b", Target::Off)]);
    let compared = composer.compare(&keep, &asking(2), &coins(10)).expect("a comparison");
    assert!(compared.comparison.raised.is_empty());
    assert!(of(&compared, MethodKind::RandomWeights).0.measured.is_none());
    assert!(compared.comparison.methods.iter().all(|method| method.kind != MethodKind::BestOfK));
    for (k, weights, betas, what) in [
        (3, vec![], vec![], "3"),
        (2, vec![("wit".to_owned(), 1.0)], vec![], "wit"),
        (2, vec![("a".to_owned(), f64::NAN)], vec![], "a"),
        (2, vec![("a".to_owned(), 1.0)], vec![0.0], "β"),
        (2, vec![], vec![1.0], "β"),
    ] {
        let asked = CompareQuestion { weights, betas, ..asking(k) };
        let refused = composer.compare(&keep, &asked, &coins(10)).expect_err("a refusal");
        assert!(refused.contains(what) && refused.ends_with('.'), "{refused}");
    }
}

/// Rewards that go together in part, a different base for every prompt.
fn random_set(prompts: usize, k: usize, seed: u64) -> SampleSet {
    let mut random = stream(seed, "", "test");
    let mut answers = Vec::new();
    for g in 0..prompts {
        let base: f64 = random.random::<f64>() - 0.5;
        for _ in 0..k {
            let [x, y, z]: [f64; 3] = std::array::from_fn(|_| random.random::<f64>() - 0.5);
            answers.push((g, vec![base + x, 3.0 * (y - 0.4 * x), 0.1 * (z + 0.3 * y + base)]));
        }
    }
    set(&["a", "b", "c"], prompts, answers)
}

/// Probabilities ∝ exp(λ·r) among the eight answers to each prompt.
fn softmax_on(set: &SampleSet, lambda: &dyn Fn(&str) -> f64) -> Vec<f64> {
    let score = |answer: &Answer| -> f64 {
        set.values.iter().zip(&answer.rewards).map(|(v, r)| lambda(&v.name) * r).sum::<f64>()
    };
    let weight: Vec<f64> = set.answers.iter().map(|answer| score(answer).exp()).collect();
    let sum = |g: usize| weight[g * 8..g * 8 + 8].iter().sum::<f64>();
    (0..weight.len()).map(|j| weight[j] / sum(j / 8)).collect()
}

/// Mean and 95% interval.
fn estimate(x: &[f64]) -> (f64, [f64; 2]) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let error = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt();
    let half = student(0.975, x.len() - 1) * error;
    (mean, [mean - half, mean + half])
}

#[test]
fn every_number_follows_from_probabilities_and_rewards() {
    let (pilot, drafts) = (random_set(50, 8, 1), random_set(30, 8, 2));
    let question = palette(&[
        ("a", Target::AtLeast(Level::BaseSd(0.2))),
        ("b", at_least(0.35)),
        ("c", Target::AtLeast(Level::Maintain)),
    ]);
    let asked = CompareQuestion {
        confidence: Some(0.8),
        weights: vec![("a".into(), 1.0), ("b".into(), 0.5), ("c".into(), 0.25)],
        betas: vec![3.0],
        ..asking(8)
    };
    let mut composer = Composer::prepared(pilot.clone(), Pooling::PerPrompt).expect("a sound set");
    let compared = composer.compare(&question, &asked, &drafts).expect("a comparison");
    let comparison = &compared.comparison;
    assert_eq!(comparison.raised, ["a", "b"]);
    assert_eq!((comparison.methods.len(), comparison.prompts), (13, 30));
    let ours = of(&compared, MethodKind::PerPrompt).0.pilot_kl.expect("a price");
    let rewards = |j: usize, i: usize| drafts.answers[j].rewards[i];
    let softmax = |lambda: &dyn Fn(&str) -> f64| softmax_on(&drafts, lambda);
    for (method, choice) in comparison.methods.iter().zip(&compared.choices) {
        let name = &method.name;
        let (measured, choice) = (method.measured.as_ref().expect(name), choice.as_ref().expect(name));
        let p = &choice.probability;
        // The probabilities themselves, from what the report says of the method.
        let expected: Vec<f64> = if let Some(lambda) = &method.lambda {
            softmax(&|name| lambda.get(name).expect("λ"))
        } else if let Some(random) = &method.random {
            let all: Vec<Vec<f64>> =
                random.draws.iter().map(|d| softmax(&|name| d.lambda.get(name).expect("λ"))).collect();
            (0..240).map(|j| all.iter().map(|p| p[j]).sum::<f64>() / all.len() as f64).collect()
        } else if method.kind == MethodKind::Mixture {
            let all: Vec<Vec<f64>> =
                method.parts.iter().map(|d| softmax(&|name| d.lambda.get(name).expect("λ"))).collect();
            (0..240).map(|j| all.iter().map(|p| p[j]).sum::<f64>() / all.len() as f64).collect()
        } else {
            let i = usize::from(name.ends_with("for b"));
            let most = |g: usize| (g * 8..g * 8 + 8).map(|j| rewards(j, i)).fold(f64::MIN, f64::max);
            (0..240).map(|j| f64::from(u8::from(rewards(j, i) == most(j / 8)))).collect()
        };
        assert!(p.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9), "{name}");
        // Scaled methods spend what ours does.
        if let Some(lambda) = &method.lambda {
            // The pilot has k answers a prompt, so its choices among k are those.
            let p = softmax_on(&pilot, &|name| lambda.get(name).expect("λ"));
            let kl = p.iter().map(|p| p * (8.0 * p).ln()).sum::<f64>() / 50.0;
            assert!((kl - method.pilot_kl.expect("a price")).abs() < 1e-9, "{name}");
        }
        let scaled = [MethodKind::EqualWeights, MethodKind::Weights];
        if scaled.contains(&method.kind) {
            assert!((method.pilot_kl.expect("a price") - ours).abs() < 1e-9, "{name}");
        }
        let by_prompt = |of: &dyn Fn(usize) -> f64| -> Vec<f64> {
            (0..30).map(|g| (g * 8..g * 8 + 8).map(of).sum()).collect()
        };
        if method.random.is_none() {
            let kl = by_prompt(&|j| if p[j] > 0.0 { p[j] * (8.0 * p[j]).ln() } else { 0.0 });
            same(estimate(&kl), (measured.kl.mean, measured.kl.interval), name);
        }
        let mut tally = (0, 0, 0);
        for (i, value) in measured.values.iter().enumerate() {
            let base = by_prompt(&|j| rewards(j, i) / 8.0);
            let level = by_prompt(&|j| p[j] * rewards(j, i));
            let lift: Vec<f64> = level.iter().zip(&base).map(|(l, b)| l - b).collect();
            let picked: Vec<f64> = choice.picked.iter().map(|j| rewards(*j, i)).collect();
            same(estimate(&base), (value.base.mean, value.base.interval), name);
            same(estimate(&level), (value.expected.mean, value.expected.interval), name);
            same(estimate(&lift), (value.lift.mean, value.lift.interval), name);
            same(estimate(&picked), (value.picked.mean, value.picked.interval), name);
            let wins = by_prompt(&|j| {
                let others = (j / 8 * 8..j / 8 * 8 + 8).filter(|l| *l != j);
                p[j] * others.map(|l| f64::from(u8::from(rewards(j, i) > rewards(l, i)))).sum::<f64>() / 7.0
            });
            same(estimate(&wins), (value.win_rate.mean, value.win_rate.interval), name);
            let below = (0..240).filter(|j| estimate(&level).0 > rewards(*j, i)).count() as f64 / 240.0;
            assert!((below - value.place).abs() < 1e-9, "{name}");
            let target = comparison.asked.iter().find(|a| a.name == value.name).expect("asked");
            let (_, [low, high]) = estimate(if target.relative { &lift } else { &level });
            let c = target.lower.expect("a bound") - if target.relative { target.base } else { 0.0 };
            let expected = if low >= c - 1e-9 {
                Outcome::Met
            } else if high < c - 1e-9 {
                Outcome::Missed
            } else {
                Outcome::Undecided
            };
            assert_eq!(value.outcome, expected, "{name}, {}", value.name);
            tally.0 += 1;
            tally.1 += usize::from(expected != Outcome::Undecided);
            tally.2 += usize::from(expected == Outcome::Met);
        }
        let targets = method.targets.expect("a tally");
        assert_eq!((targets.asked, targets.decided, targets.met), tally, "{name}");
    }
    navigation(&compared, &drafts);
    let again = composer.compare(&question, &asked, &drafts).expect("a comparison");
    assert_eq!(again, compared, "the same seed says the same");
}

/// The random draws: levels, KL, and the two shares.
fn navigation(compared: &Compared, drafts: &SampleSet) {
    let (method, _) = of(compared, MethodKind::RandomWeights);
    let random = method.random.as_ref().expect("draws");
    let base = |i: usize| drafts.column(i).iter().sum::<f64>() / 240.0;
    let (mut efficient, mut met, mut spent) = (0, 0, 0.0);
    for draw in &random.draws {
        assert_eq!(draw.lambda.get("c"), Some(0.0), "only raised values have weight");
        let p = softmax_on(drafts, &|name| draw.lambda.get(name).expect("λ"));
        let level = |i: usize| drafts.column(i).iter().zip(&p).map(|(r, p)| r * p).sum::<f64>() / 30.0;
        let kl = p.iter().map(|p| p * (8.0 * p).ln()).sum::<f64>() / 30.0;
        assert!((kl - draw.kl).abs() < 1e-9);
        for (i, value) in drafts.values.iter().enumerate() {
            assert!((level(i) - draw.levels.get(&value.name).expect("a level")).abs() < 1e-9);
        }
        let meets = |(i, asked): (usize, &AskedTarget)| {
            let from = if asked.relative { asked.base - base(i) } else { 0.0 };
            level(i) + from >= asked.lower.expect("a bound") - 1e-9
        };
        efficient += usize::from((0..2).all(|i| level(i) > base(i)));
        met += usize::from(compared.comparison.asked.iter().enumerate().all(meets));
        spent += kl;
    }
    let draws = random.draws.len() as f64;
    assert_eq!(random.draws.len(), 100);
    assert!((random.navigation_efficiency - efficient as f64 / draws).abs() < 1e-12);
    assert!((random.all_met - met as f64 / draws).abs() < 1e-12);
    assert!(efficient > 0 && efficient < 100, "{efficient}: the set tells draws apart");
    assert!((method.measured.as_ref().expect("numbers").kl.mean - spent / draws).abs() < 1e-9);
}

#[track_caller]
fn same(expected: (f64, [f64; 2]), found: (f64, Option<[f64; 2]>), name: &str) {
    let interval = found.1.expect("an interval");
    let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
    assert!(
        close(expected.0, found.0) && close(expected.1[0], interval[0]) && close(expected.1[1], interval[1]),
        "{name}: {found:?}, expected {expected:?}"
    );
}
