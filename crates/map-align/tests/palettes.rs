//! Properties that hold for every table and palette, against an independent linear program.

#[path = "support/random_palette.rs"]
mod random_palette;

use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettings, DefaultSolver, IPSolver, NonnegativeConeT, SolverStatus, SupportedConeT, ZeroConeT,
};
use map_align::{Assessment, Bounds, Problem, Ranges, Verdict, VertexPool, assess};
use ndarray::Array2;
use proptest::prelude::*;
use random_palette::{Case, case, cases};

/// The most by which every bound can be tightened at once (both sides of an equality), in standard
/// deviations, by an interior-point solver over the weights of all answers. `None` when it gives no solution,
/// or nothing is bounded.
fn slack_by_clarabel(case: &Case, problem: &Problem) -> Option<f64> {
    let n = case.rewards.nrows();
    let (shares, groups) = case.shares();
    // Variables: joint weights w_j = π_g w_gj, then t. Constraints A x + s = b.
    let (mut rows, mut cols, mut vals, mut b) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut at = 0;
    let mut start = 0;
    let mut entry = |row: usize, col: usize, val: f64| {
        rows.push(row);
        cols.push(col);
        vals.push(val);
    };
    for (size, pi) in case.sizes.iter().zip(&groups) {
        (start..start + size).for_each(|j| entry(at, j, 1.0));
        b.push(*pi);
        start += size;
        at += 1;
    }
    // Answers of no weight take no part.
    for j in (0..n).filter(|j| shares[*j] == 0.0) {
        entry(at, j, 1.0);
        b.push(0.0);
        at += 1;
    }
    let equalities = at;
    for j in (0..n).filter(|j| shares[*j] > 0.0) {
        entry(at, j, -1.0);
        b.push(0.0);
        at += 1;
    }
    let mut bounded = false;
    for (i, bounds) in case.bounds.iter().enumerate() {
        let sd = problem.standard_deviation(i);
        if sd == 0.0 {
            continue;
        }
        let z = |r: f64| (r - problem.mean(i)) / sd;
        for (sign, level) in [(1.0, bounds.lower), (-1.0, bounds.upper)] {
            let Some(level) = level else { continue };
            bounded = true;
            (0..n).for_each(|j| entry(at, j, -sign * z(case.rewards[[j, i]])));
            entry(at, n, 1.0);
            b.push(-sign * z(level));
            at += 1;
        }
    }
    if !bounded {
        return None;
    }
    let a = CscMatrix::new_from_triplets(at, n + 1, rows, cols, vals);
    let mut q = vec![0.0; n + 1];
    q[n] = -1.0;
    let cones: [SupportedConeT<f64>; 2] = [ZeroConeT(equalities), NonnegativeConeT(at - equalities)];
    let settings = DefaultSettings { verbose: false, ..DefaultSettings::default() };
    let mut solver = DefaultSolver::new(&CscMatrix::zeros((n + 1, n + 1)), &q, &a, &b, &cones, settings)
        .expect("a well-formed program");
    solver.solve();
    (solver.solution.status == SolverStatus::Solved).then(|| solver.solution.x[n])
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let problem = case.problem();
    let got = assess(&problem, &mut VertexPool::default(), &case.bounds, None, Ranges::All);
    let m = problem.values();
    let s = &got.solution;
    prop_assert!(
        s.lambda
            .iter()
            .chain(&s.realised)
            .chain(&s.weights)
            .chain([&s.kl, &s.kkt_residual, &s.duality_gap])
            .all(|x| x.is_finite())
    );
    prop_assert!(s.kl >= 0.0);
    let sd = |i: usize| problem.standard_deviation(i);
    match got.verdict {
        Verdict::Reachable => met(case, &problem, &got)?,
        Verdict::Unreachable => {
            let proof = got.certificate.as_ref().expect("a proof");
            let z = |j: usize, i: usize| {
                (case.rewards[[j, i]] - problem.mean(i)) / if sd(i) > 0.0 { sd(i) } else { 1.0 }
            };
            let (shares, groups) = case.shares();
            let (mut best, mut start) = (0.0, 0);
            for (size, pi) in case.sizes.iter().zip(&groups) {
                let score = |j: usize| (0..m).map(|i| proof.direction[i] * z(j, i)).sum::<f64>();
                let top = (start..start + size)
                    .filter(|j| shares[*j] > 0.0)
                    .map(score)
                    .fold(f64::NEG_INFINITY, f64::max);
                best += if *pi > 0.0 { pi * top } else { 0.0 };
                start += size;
            }
            // What the palette asks for along the direction, from the bounds alone.
            let mut asked = 0.0;
            for i in 0..m {
                let d = proof.direction[i];
                let bound = if d > 0.0 { case.bounds[i].lower } else { case.bounds[i].upper };
                if d != 0.0 {
                    prop_assert!(
                        bound.is_some(),
                        "the direction leans on a bound that value {} does not have",
                        i
                    );
                    asked +=
                        d * (bound.unwrap_or(0.0) - problem.mean(i)) / if sd(i) > 0.0 { sd(i) } else { 1.0 };
                }
            }
            prop_assert!(asked > best, "the certificate does not check: {} against {}", asked, best);
            prop_assert!(
                (best - proof.best).abs() < 1e-6 * (1.0 + best.abs())
                    && (asked - proof.asked).abs() < 1e-6 * (1.0 + asked.abs())
            );
        }
        Verdict::Edge => {}
    }
    if let Some(exact) = slack_by_clarabel(case, &problem) {
        // A spread near the rounding of the column itself cannot be compared to this precision.
        let rough = (0..m).any(|i| {
            sd(i) > 0.0 && sd(i) < 1e-8 * case.rewards.column(i).fold(0.0, |a: f64, b| a.max(b.abs()))
        });
        let equality = case
            .bounds
            .iter()
            .enumerate()
            .any(|(i, b)| sd(i) > 0.0 && b.lower.is_some() && b.lower == b.upper);
        let stuck = got.certificate.is_some() && got.slack.is_none();
        if exact < -2e-6 && !rough {
            prop_assert_eq!(got.verdict, Verdict::Unreachable, "the linear program says {}", exact);
        } else if exact > -5e-7 && !rough {
            prop_assert!(
                got.verdict != Verdict::Unreachable || stuck,
                "false unreachable: the linear program says {}",
                exact
            );
        }
        if !equality && !stuck && !rough {
            if exact > 2e-6 {
                prop_assert_eq!(got.verdict, Verdict::Reachable, "the linear program says {}", exact);
            }
            prop_assert!(
                (got.slack.expect("a slack") - exact).abs() < 1e-6 * (1.0 + exact.abs()),
                "slack {:?}, expected {}",
                got.slack,
                exact
            );
        }
    }
    for (i, stops) in got.attainable.iter().enumerate() {
        if let (Some(top), Verdict::Reachable) = (stops.highest, got.verdict) {
            prop_assert!(
                top >= s.realised[i] - 1e-8 * sd(i),
                "value {}: the end of its range {} lies below what was realised, {}",
                i,
                top,
                s.realised[i]
            );
        }
        if let (Some(low), Verdict::Reachable) = (stops.lowest, got.verdict) {
            prop_assert!(low <= s.realised[i] + 1e-8 * sd(i));
        }
    }
    Ok(())
}

/// Every bound met to 1e-8 sd, λ of the right sign, complementary slackness.
fn met(case: &Case, problem: &Problem, got: &Assessment) -> Result<(), TestCaseError> {
    let s = &got.solution;
    for (i, bounds) in case.bounds.iter().enumerate() {
        let unit = problem.standard_deviation(i);
        if unit == 0.0 {
            prop_assert_eq!(s.lambda[i], 0.0);
            continue;
        }
        let above = bounds.lower.map_or(f64::INFINITY, |c| (s.realised[i] - c) / unit);
        let below = bounds.upper.map_or(f64::INFINITY, |c| (c - s.realised[i]) / unit);
        prop_assert!(above > -1e-8 && below > -1e-8, "value {} misses by {} sd", i, above.min(below));
        if s.lambda[i] > 0.0 {
            prop_assert!(above.abs() < 1e-8, "value {} has a price yet lies {} sd above", i, above);
        }
        if s.lambda[i] < 0.0 {
            prop_assert!(below.abs() < 1e-8, "value {} has a price yet lies {} sd below", i, below);
        }
    }
    // The gap is λ times what the levels miss: a steep λ makes it of a residual within tolerance.
    let steep: f64 = (0..s.lambda.len()).map(|i| (s.lambda[i] * problem.standard_deviation(i)).abs()).sum();
    prop_assert!(s.duality_gap.abs() < 1e-6 * (1.0 + s.kl) + 2e-9 * steep);
    // The same weights come from λ alone.
    let (shares, groups) = case.shares();
    let mut start = 0;
    for (size, pi) in case.sizes.iter().zip(&groups) {
        let rows: Vec<usize> = (start..start + size).filter(|j| shares[*j] > 0.0).collect();
        start += size;
        if *pi == 0.0 {
            continue;
        }
        let score = |j: usize| {
            let tilt: f64 =
                (0..s.lambda.len()).map(|i| s.lambda[i] * (case.rewards[[j, i]] - problem.mean(i))).sum();
            tilt + shares[j].ln()
        };
        let top = rows.iter().map(|j| score(*j)).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = rows.iter().map(|j| (score(*j) - top).exp()).sum();
        let all = problem.spread(s.weights.clone());
        for &j in &rows {
            prop_assert!((all[j] - (score(j) - top).exp() / sum).abs() < 1e-6);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(2500), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn reachable_palettes_are_met_and_certificates_check(case in case()) {
        check(&case)?;
    }
}

/// Lower bounds alone.
fn lower(c: &[Option<f64>]) -> Vec<Bounds> {
    c.iter().map(|c| Bounds { lower: *c, upper: None }).collect()
}

#[test]
fn attainable_ranges_separate_reachable_from_unreachable() {
    let r = Array2::from_shape_fn((60, 3), |(j, i)| ((j * 13 + i * 29) as f64 * 0.7).sin());
    let problem = Problem::new(r, &[20, 20, 20]).expect("a good table");
    let c = [Some(0.3), Some(0.2), None];
    let mut pool = VertexPool::default();
    let first = assess(&problem, &mut pool, &lower(&c), None, Ranges::All);
    assert_eq!(first.verdict, Verdict::Reachable);
    for i in 0..3 {
        let top = first.attainable[i].highest.expect("an attainable range");
        for (shift, verdict) in [(-1e-3, Verdict::Reachable), (1e-3, Verdict::Unreachable)] {
            let mut moved = c;
            moved[i] = Some(top + shift);
            assert_eq!(
                assess(&problem, &mut pool, &lower(&moved), None, Ranges::None).verdict,
                verdict,
                "value {i} at the end of its range {shift:+}"
            );
        }
        let mut at = c;
        at[i] = Some(top);
        assert_eq!(
            assess(&problem, &mut pool, &lower(&at), None, Ranges::None).verdict,
            Verdict::Edge,
            "value {i} at the end of its range"
        );
    }
}

#[test]
fn a_constant_value_can_keep_its_level_and_no_more() {
    let r = Array2::from_shape_fn((8, 2), |(j, i)| if i == 0 { 2.0 } else { j as f64 });
    let problem = Problem::new(r, &[8]).expect("a good table");
    let keep =
        assess(&problem, &mut VertexPool::default(), &lower(&[Some(2.0), Some(5.0)]), None, Ranges::None);
    assert_eq!(keep.verdict, Verdict::Reachable);
    let raise =
        assess(&problem, &mut VertexPool::default(), &lower(&[Some(2.1), Some(5.0)]), None, Ranges::None);
    assert_eq!(raise.verdict, Verdict::Unreachable);
    assert_eq!(raise.certificate.expect("a proof").direction, vec![1.0, 0.0]);
}

#[test]
fn a_palette_close_to_the_edge_is_solved() {
    let rewards = ndarray::array![
        [2.3228140777602305e-5, -124.93312878678549, 0.0],
        [9.392201518985653e-6, -132.14965335412307, 0.0],
        [2.434116617670463e-5, -175.1104029889651, 0.0],
        [1.9498291840792976e-5, 62.53563573644324, 0.0],
        [1.6012880657765965e-5, 188.58211685265331, 0.0],
        [8.072850568844776e-6, 153.53557596056908, 0.0],
        [-1.3004105518453302e-5, -193.46023223732797, 0.0],
        [-7.0889119618938795e-6, 113.22760067984193, -2.1854734868237586],
        [4.507167532225955e-6, -98.057175515918, 0.0],
        [4.858072839083476e-6, -279.7663479536425, -1.5951805467787394],
        [2.6236604044939404e-5, 130.35120811499934, 0.0]
    ];
    let weights = [
        1.7174176566306556,
        3.105171871946291,
        2.7439914093753703,
        4.685397236489981,
        3.9371911839559326,
        4.404024385505983,
        2.4470080436698205,
        1.4969821072461733,
        0.0,
        4.6633842664645275,
        4.000161775975176,
    ];
    let case = Case {
        rewards,
        sizes: vec![11],
        answer_weights: Some(weights.to_vec()),
        group_weights: None,
        bounds: vec![
            Bounds::at_least(2.4808275665480003e-5),
            Bounds::at_most(-92.92247067205543),
            Bounds::at_least(-0.32259997264801954),
        ],
    };
    let problem = case.problem();
    let got = assess(&problem, &mut VertexPool::default(), &case.bounds, None, Ranges::None);
    assert_eq!(got.verdict, Verdict::Reachable);
}

#[test]
fn a_level_far_down_a_heavy_tail_is_reached() {
    let mut rewards = Array2::from_elem((25, 1), 1.0);
    for (j, x) in [
        (3, 372.2567615171962),
        (6, 1e6),
        (8, 1e6),
        (12, 31898.69371548374),
        (15, 1e6),
        (18, 69497.46723237592),
        (23, 1e6),
    ] {
        rewards[[j, 0]] = x;
    }
    let bounds = vec![Bounds::at_least(600016.1449170237)];
    let case =
        Case { rewards, sizes: vec![6, 6, 8, 2, 3], answer_weights: None, group_weights: None, bounds };
    check(&case).expect("an answer as good as any");
    assert_eq!(
        assess(&case.problem(), &mut VertexPool::default(), &case.bounds, None, Ranges::None).verdict,
        Verdict::Reachable
    );
}
