//! The price of one target along its lane, and of two values in their plane, against solving at each point.

use palette_study::compose::Composer;
use palette_study::{Pooling, Question, Way};
use palette_tables::{Answer, Level, Palette, SampleSet, Target, Value, stream};
use rand::Rng;

/// Random answers: `prompts` of `each`, three values that pull apart.
fn set(seed: u64, prompts: usize, each: usize) -> SampleSet {
    let mut random = stream(seed, "", "");
    let value = |name: &str| Value { name: name.into(), unit: String::new(), measured: String::new() };
    let answers = (0..prompts * each).map(|j| {
        let x: [f64; 3] = std::array::from_fn(|_| random.random::<f64>());
        let group = if (j / each).is_multiple_of(2) { "even" } else { "odd" };
        let rewards = vec![x[0] - 0.5 * x[1], 10.0 * x[1], x[2] - 0.3 * x[0]];
        Answer { group: group.into(), ..Answer::new(j / each, String::new(), rewards) }
    });
    SampleSet {
        name: "random".into(),
        about: String::new(),
        values: ["wit", "wisdom", "calm"].map(value).into(),
        answers: answers.collect(),
        prompts: (0..prompts).map(|g| g.to_string()).collect(),
        prompt_weights: Vec::new(),
    }
}

fn question(targets: &[(&str, Target)], pooling: Pooling) -> Question {
    let all = ["wit", "wisdom", "calm"].map(|name| (name.to_owned(), Target::Off));
    let mut palette = Palette { targets: all.into(), ..Palette::default() };
    for (name, target) in targets {
        palette.targets.insert((*name).into(), *target);
    }
    Question { palette, pooling }
}

fn sd(x: f64) -> Level {
    Level::BaseSd(x)
}

#[test]
fn the_price_grows_along_the_lane_and_is_that_of_solving_there() {
    for (seed, pooling) in [(1, Pooling::Pooled), (2, Pooling::PerPrompt), (3, Pooling::PerPrompt)] {
        for (target, down) in [
            (Target::AtLeast(sd(0.4)), false),
            (Target::AtLeast(sd(-0.9)), false),
            (Target::Off, false),
            (Target::Exactly(sd(0.2)), false),
            (Target::AtMost(sd(-0.4)), true),
            (Target::Exactly(sd(-0.7)), true),
            (Target::Between(sd(-0.9), sd(-0.6)), true),
        ] {
            let asked = question(&[("wit", target), ("wisdom", Target::AtLeast(sd(0.2)))], pooling);
            let mut composer = Composer::new(set(seed, 8, 14)).expect("a sound set");
            let report = composer.target_price(&asked, Some("wit")).expect("a lane").finish();
            assert_eq!(report.way, if down { Way::AtMost } else { Way::AtLeast });
            assert!(report.points.len() > 12, "{}", report.points.len());
            let edge = report.edge.expect("an edge");
            let sign = if down { -1.0 } else { 1.0 };
            for pair in report.points.windows(2) {
                assert!(sign * (pair[1].level - pair[0].level) > 0.0, "levels are in order");
                assert!(pair[1].kl >= pair[0].kl - 1e-9, "{pair:?}");
                assert!(sign * (pair[1].lambda - pair[0].lambda) >= -1e-7, "{pair:?}");
            }
            for point in &report.points {
                let bound = if down {
                    Target::AtMost(Level::At(point.level))
                } else {
                    Target::AtLeast(Level::At(point.level))
                };
                let mut there = asked.clone();
                there.palette.targets.insert("wit".into(), bound);
                let solved = composer.solve(&there.palette, pooling).expect("an answer").report;
                assert!((solved.kl.expect("a price") - point.kl).abs() < 1e-8, "{point:?}");
                let lambda = solved.values[0].lambda.expect("λ");
                assert!(
                    (lambda - point.lambda).abs() <= 1e-5 * (1.0 + lambda.abs()),
                    "{lambda} and {point:?}"
                );
                assert!(sign * (edge - point.level) > 0.0);
            }
            assert_eq!(report.asked_price.is_some(), target != Target::Off);
            if let Some(price) = report.asked_price {
                let whole = composer.solve(&asked.palette, pooling).expect("an answer").report;
                assert!((whole.kl.expect("a price") - price.kl).abs() < 1e-8, "{target:?}: {price:?}");
            }
            assert!(report.csv().lines().count() == report.points.len() + 1);
            assert!(report.sentences.iter().all(|sentence| sentence.ends_with('.')));
        }
    }
}

#[test]
fn a_lane_on_a_group_and_one_that_others_exclude() {
    let mut asked = question(&[("wisdom", Target::AtLeast(sd(0.2)))], Pooling::PerPrompt);
    asked.palette.set_on_group("odd", "wit", Target::AtLeast(sd(0.3)));
    let mut composer = Composer::new(set(5, 8, 14)).expect("a sound set");
    let report = composer.target_price(&asked, Some("wit@odd")).expect("a lane").finish();
    let solved = composer.solve(&asked.palette, asked.pooling).expect("an answer").report;
    let price = report.asked_price.expect("a price");
    assert!((price.kl - solved.kl.expect("a price")).abs() < 1e-8);
    assert!((price.lambda - solved.groups[0].lambda.expect("λ")).abs() < 1e-5);

    let beyond = question(
        &[("wisdom", Target::AtLeast(sd(9.0))), ("wit", Target::AtLeast(sd(0.1)))],
        Pooling::PerPrompt,
    );
    let report = composer.target_price(&beyond, Some("wit")).expect("a lane").finish();
    assert!(report.points.is_empty() && report.edge.is_none() && report.free.is_none());
    assert!(report.sentences[0].contains("alone are out of reach"));
    assert!(composer.target_price(&beyond, Some("charm")).is_err_and(|error| error.contains("charm")));
}

#[test]
fn on_a_line_of_equal_price_solving_costs_that_much() {
    for (seed, pooling) in [(1, Pooling::Pooled), (2, Pooling::PerPrompt)] {
        let asked =
            question(&[("wit", Target::AtLeast(sd(0.3))), ("calm", Target::AtLeast(sd(0.2)))], pooling);
        let mut composer = Composer::new(set(seed, 8, 14)).expect("a sound set");
        let names = ["wit", "wisdom"].map(String::from);
        let prices = composer.plane_prices(&asked, &names).expect("a plane").finish();
        assert!(prices.contours.len() >= 3, "{}", prices.contours.len());
        let mut pieces = 0;
        for contour in &prices.contours {
            assert!(contour.kl > prices.lowest_kl);
            for point in contour.pieces.iter().flatten() {
                let mut there = asked.clone();
                for (name, level) in names.iter().zip(point) {
                    there.palette.targets.insert(name.clone(), Target::Exactly(Level::At(*level)));
                }
                let solved = composer.solve(&there.palette, pooling).expect("an answer").report;
                let kl = solved.kl.expect("a price");
                assert!(
                    (kl - contour.kl).abs() < 2e-4 * contour.kl.max(0.1),
                    "{kl} on the line of {}",
                    contour.kl
                );
            }
            pieces += contour.pieces.len();
        }
        assert!(pieces >= prices.contours.len());
        let plane = composer.plane(&asked, Some(&names)).expect("a plane").whole();
        let csv = plane.csv(Some(&prices));
        let points = plane.frontier.len() + plane.outline.len();
        let priced: usize = prices.contours.iter().flat_map(|contour| &contour.pieces).map(Vec::len).sum();
        assert_eq!(csv.lines().count(), 1 + points + priced);
        assert!(csv.starts_with("line,nats,piece,wit,wisdom\nfrontier,,1,"), "{csv}");
        let first = &prices.contours[0].pieces[0];
        assert_eq!(first.first(), first.last(), "the cheapest line goes all around");
    }
}

#[test]
fn where_the_others_exclude_one_another_nothing_has_a_price() {
    let beyond = question(&[("calm", Target::AtLeast(sd(9.0)))], Pooling::Pooled);
    let mut composer = Composer::new(set(1, 8, 14)).expect("a sound set");
    let prices = composer.plane_prices(&beyond, &["wit".into(), "wisdom".into()]).expect("a study").finish();
    assert!(prices.contours.is_empty() && prices.lowest.is_none());
}
