//! Repairs of palettes: each is within reach, and no better one is.

#[path = "support/random_palette.rs"]
mod random_palette;

use map_align::{Bounds, Problem, Ranges, Repair, Repaired, Verdict, VertexPool, assess, repair, solve};
use proptest::prelude::*;
use random_palette::{Case, case, cases};

/// How much the bounds may be eased, in standard deviations, for an exact limit to count as within reach.
const EXACT: f64 = 1e-8;

/// `bounds` eased by `by` standard deviations.
fn eased(problem: &Problem, bounds: &[Bounds], by: f64) -> Vec<Bounds> {
    let sd = |i: usize| by * problem.standard_deviation(i);
    bounds
        .iter()
        .enumerate()
        .map(|(i, b)| Bounds { lower: b.lower.map(|c| c - sd(i)), upper: b.upper.map(|c| c + sd(i)) })
        .collect()
}

fn verdict(problem: &Problem, bounds: &[Bounds]) -> (Verdict, Option<f64>) {
    let found = assess(problem, &mut VertexPool::default(), bounds, None, Ranges::None);
    (found.verdict, found.slack)
}

/// φ(d) = Σ π_g max_j d·z_gj over the table, and what `bounds` ask for along d, both standardised.
fn along(case: &Case, problem: &Problem, d: &[f64], bounds: &[Bounds]) -> (f64, f64) {
    let (shares, groups) = case.shares();
    let z = |j: usize, i: usize| (case.rewards[[j, i]] - problem.mean(i)) / problem.standard_deviation(i);
    let columns: Vec<usize> = (0..d.len()).filter(|i| d[*i] != 0.0).collect();
    let (mut phi, mut start) = (0.0, 0);
    for (size, pi) in case.sizes.iter().zip(&groups) {
        let score = |j: usize| columns.iter().map(|&i| d[i] * z(j, i)).sum::<f64>();
        let top =
            (start..start + size).filter(|j| shares[*j] > 0.0).map(score).fold(f64::NEG_INFINITY, f64::max);
        phi += if *pi > 0.0 { pi * top } else { 0.0 };
        start += size;
    }
    let asked = columns.iter().map(|&i| {
        let bound = if d[i] > 0.0 { bounds[i].lower } else { bounds[i].upper };
        d[i] * (bound.expect("a bound on this side") - problem.mean(i)) / problem.standard_deviation(i)
    });
    (phi, asked.sum())
}

/// Columns whose numbers are too near to each other for checks to this precision.
fn rough(case: &Case, problem: &Problem) -> bool {
    (0..problem.values()).any(|i| {
        let sd = problem.standard_deviation(i);
        sd > 0.0 && sd < 1e-6 * case.rewards.column(i).fold(0.0, |a: f64, b| a.max(b.abs()))
    })
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let problem = case.problem();
    if rough(case, &problem) {
        return Ok(());
    }
    let m = problem.values();
    let pool = &mut VertexPool::default();
    let before = verdict(&problem, &case.bounds);
    let names: Vec<usize> = (0..m).rev().collect();
    for how in
        [Repair::Ray, Repair::Order(names.clone()), Repair::Nearest, Repair::Budget(0.3), Repair::One(0)]
    {
        let Some(Repaired { bounds, moved, distance, share, changed }) =
            repair(&problem, pool, &case.bounds, &how)
        else {
            // The one column could not help: nothing can be had with the others held.
            prop_assert!(matches!(how, Repair::One(_)));
            let mut others = case.bounds.clone();
            others[0] = Bounds::OFF;
            prop_assert!(
                verdict(&problem, &others).0 != Verdict::Reachable,
                "{:?} gave up on a palette whose others can be had",
                how
            );
            continue;
        };
        // Within reach: to 1e-8 sd. (Twice that, since what is exactly on the edge may be judged either way.)
        let after = verdict(&problem, &eased(&problem, &bounds, 2e-6));
        prop_assert!(
            after.0 != Verdict::Unreachable,
            "{:?} leaves the palette out of reach by {:?}",
            how,
            after.1
        );
        let exact = verdict(&problem, &bounds);
        prop_assert!(exact.1.is_none_or(|slack| slack > -EXACT), "{:?}: slack {:?}", how, exact.1);
        if before.0 == Verdict::Reachable && !matches!(how, Repair::Budget(_)) {
            prop_assert!(!changed, "{:?} changed a palette that can be had: {:?}", how, moved);
            continue;
        }
        let free: Vec<usize> = (0..m).filter(|i| problem.standard_deviation(*i) > 0.0).collect();
        if before.0 == Verdict::Unreachable && free.iter().any(|i| moved[*i] != 0.0) {
            match &how {
                Repair::Ray => {
                    // A little further on the way is out of reach.
                    let share = share.expect("a share") + 1e-4;
                    let further: Vec<Bounds> = case
                        .bounds
                        .iter()
                        .enumerate()
                        .map(|(i, b)| b.map(|c| problem.mean(i) + share * (c - problem.mean(i))))
                        .collect();
                    prop_assert!(verdict(&problem, &further).0 != Verdict::Reachable);
                }
                Repair::Nearest => {
                    // The nearest point: what is missing is normal to what can be had there.
                    let missing: Vec<f64> = moved.iter().map(|d| -d).collect();
                    let (phi, asked) = along(case, &problem, &missing, &bounds);
                    // (Moves below 1e-9 sd are not made.)
                    prop_assert!(
                        phi - asked < 1e-8 * distance + 3e-9,
                        "not nearest: {} beyond {}",
                        phi,
                        asked
                    );
                }
                Repair::One(i) => {
                    prop_assert!((0..m).all(|k| k == *i || bounds[k] == case.bounds[k]));
                    let back = |by: f64| {
                        let mut b = bounds.clone();
                        b[*i] = b[*i].map(|c| c - by * moved[*i].signum() * problem.standard_deviation(*i));
                        b
                    };
                    if case.bounds[*i].lower.is_none() || case.bounds[*i].upper.is_none() {
                        prop_assert!(
                            verdict(&problem, &back(1e-5)).0 != Verdict::Reachable,
                            "it gave way more than it had to"
                        );
                    }
                }
                Repair::Order(order) => {
                    // Each got all that those before it left.
                    for (at, &i) in order.iter().enumerate().filter(|(_, i)| moved[**i] != 0.0) {
                        let mut b = vec![Bounds::OFF; m];
                        for &k in &order[..at] {
                            b[k] = bounds[k];
                        }
                        b[i] =
                            bounds[i].map(|c| c - 1e-5 * moved[i].signum() * problem.standard_deviation(i));
                        if bounds[i].lower.is_none() || bounds[i].upper.is_none() {
                            prop_assert!(
                                verdict(&problem, &b).0 != Verdict::Reachable,
                                "value {} could have had more",
                                i
                            );
                        }
                    }
                }
                Repair::Budget(_) => {}
            }
        }
        if let Repair::Budget(nats) = how {
            let solved = solve(&problem, &bounds, None);
            // A level exact to 1e-9 sd has a price exact to that times λ.
            let steep = (0..m).map(|i| (solved.lambda[i] * problem.standard_deviation(i)).abs()).sum::<f64>();
            if steep > 1e4 {
                continue;
            }
            let tolerance = 1e-8 + 1e-9 * steep;
            prop_assert!(!solved.converged() || solved.kl <= nats + tolerance, "it costs {} nats", solved.kl);
            if before.0 == Verdict::Reachable && changed {
                // It spends the budget, and what is missing is in proportion to the prices: no other way to
                // spend it comes nearer.
                prop_assert!(
                    (solved.kl - nats).abs() < 10.0 * tolerance,
                    "it costs {} nats of {}",
                    solved.kl,
                    nats
                );
            }
        }
    }
    Ok(())
}

fn seed() -> proptest::test_runner::RngSeed {
    use proptest::test_runner::RngSeed;
    if std::env::var_os("MAP_PALETTE_CASES").is_some() { RngSeed::Random } else { RngSeed::Fixed(1) }
}

proptest! {
    // Always the same cases unless more are asked for: about one in ten thousand has columns so steep that
    // rounding shows beyond 1e-8.
    #![proptest_config(ProptestConfig {
        rng_seed: seed(), cases: cases(600), failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn repairs_are_exact(case in case()) {
        check(&case)?;
    }
}

#[test]
fn a_budget_is_spent_in_proportion_to_the_prices() {
    let r = ndarray::Array2::from_shape_fn((80, 3), |(j, i)| ((j * 13 + i * 29) as f64 * 0.7).sin());
    let problem = Problem::new(r, &[80]).expect("a good table");
    let at = |i: usize, t: f64| Bounds::at_least(problem.mean(i) + t * problem.standard_deviation(i));
    let bounds = [at(0, 0.7), at(1, 0.3), at(2, -1.5)];
    let dear = solve(&problem, &bounds, None);
    assert!(dear.converged() && dear.kl > 0.2, "{} nats", dear.kl);
    let cheap =
        repair(&problem, &mut VertexPool::default(), &bounds, &Repair::Budget(0.2)).expect("a repair");
    let solved = solve(&problem, &cheap.bounds, None);
    assert!((solved.kl - 0.2).abs() < 1e-9);
    let price = |i: usize| solved.lambda[i] * problem.standard_deviation(i);
    assert!((cheap.moved[0] / cheap.moved[1] - price(0) / price(1)).abs() < 1e-7 && cheap.moved[2] == 0.0);
}
