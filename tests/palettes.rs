//! Properties that hold for every table and palette.

use map_palette::map::{Bounds, Cuts, Problem, Stops, Verdict, answer};
use ndarray::Array2;
use proptest::prelude::*;

/// A table of up to 40 rows and 5 values in groups, with the awkward kinds mixed in, and a palette of targets in standard deviations.
fn problem() -> impl Strategy<Value = (Array2<f64>, Vec<usize>, Vec<Option<f64>>)> {
    (1usize..6, prop::collection::vec(1usize..9, 1..6)).prop_flat_map(|(m, sizes)| {
        let n: usize = sizes.iter().sum();
        let kind = prop_oneof![4 => Just(0u8), 1 => Just(1), 1 => Just(2), 1 => Just(3)];
        (
            prop::collection::vec(-3.0..3.0f64, n * m),
            prop::collection::vec((kind, -9i32..9), m),
            prop::collection::vec(prop::option::of(-1.0..1.5f64), m),
            Just(sizes),
        )
            .prop_map(move |(cells, kinds, targets, sizes)| {
                let mut r = Array2::from_shape_vec((n, m), cells).expect("n·m cells");
                for (i, (kind, power)) in kinds.iter().enumerate() {
                    match kind {
                        1 => r.column_mut(i).fill(1.25),
                        2 if i > 0 => {
                            let other = r.column(0).to_owned();
                            r.column_mut(i).assign(&other);
                        }
                        3 => r.column_mut(i).mapv_inplace(|x| x.powi(5).exp().min(1e6)),
                        _ => {}
                    }
                    r.column_mut(i).mapv_inplace(|x| x * 10f64.powi(*power));
                }
                let groups = Problem::new(r.clone(), &sizes).expect("a finite table");
                let c = targets.iter().enumerate().map(|(i, t)| t.map(|t| groups.mean(i) + t * groups.standard_deviation(i))).collect();
                (r, sizes, c)
            })
    })
}

/// Lower bounds alone.
fn lower(c: &[Option<f64>]) -> Vec<Bounds> {
    c.iter().map(|c| Bounds { lower: *c, upper: None }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reachable_palettes_are_met_and_certificates_check((r, sizes, c) in problem()) {
        let problem = Problem::new(r.clone(), &sizes).expect("a finite table");
        let got = answer(&problem, &mut Cuts::default(), &lower(&c), None, Stops::All);
        let m = problem.values();
        let s = &got.solution;
        prop_assert!(s.lambda.iter().chain(&s.realised).chain(&s.weights).all(|x| x.is_finite()));
        prop_assert!(s.lambda.iter().all(|l| *l >= 0.0) && s.kl >= 0.0);
        match got.verdict {
            Verdict::Reachable => for i in 0..m {
                if let Some(c) = c[i] {
                    let unit = problem.standard_deviation(i).max(1e-12 * c.abs());
                    let gap = (s.realised[i] - c) / unit.max(f64::MIN_POSITIVE);
                    prop_assert!(gap > -1e-8, "value {} misses by {} sd", i, gap);
                    prop_assert!(s.lambda[i] == 0.0 || gap < 1e-8, "value {} has a price yet lies {} sd above", i, gap);
                } else {
                    prop_assert_eq!(s.lambda[i], 0.0);
                }
            },
            Verdict::Unreachable => {
                let proof = got.certificate.expect("a proof");
                prop_assert!(proof.direction.iter().all(|d| *d >= 0.0));
                prop_assert!(proof.asked > proof.best);
                let z = |j: usize, i: usize| {
                    let sd = problem.standard_deviation(i);
                    (r[[j, i]] - problem.mean(i)) / if sd > 0.0 { sd } else { 1.0 }
                };
                let mut best = 0.0;
                let mut start = 0;
                for size in &sizes {
                    let top = (start..start + size).map(|j| (0..m).map(|i| proof.direction[i] * z(j, i)).sum::<f64>()).fold(f64::NEG_INFINITY, f64::max);
                    best += top / sizes.len() as f64;
                    start += size;
                }
                prop_assert!((best - proof.best).abs() < 1e-6 * (1.0 + best.abs()));
            }
            Verdict::Edge => {}
        }
        for (i, top) in got.end_stops.iter().map(|s| s.highest).enumerate() {
            if let (Some(top), Verdict::Reachable) = (top, got.verdict) {
                prop_assert!(top >= c[i].unwrap_or(f64::NEG_INFINITY).max(s.realised[i]) - 1e-6 * problem.standard_deviation(i), "value {}: the end stop lies below what was realised", i);
            }
        }
    }
}

#[test]
fn end_stops_separate_reachable_from_unreachable() {
    let r = Array2::from_shape_fn((60, 3), |(j, i)| ((j * 13 + i * 29) as f64 * 0.7).sin());
    let problem = Problem::new(r.clone(), &[20, 20, 20]).expect("a good table");
    let c = [Some(0.3), Some(0.2), None];
    let mut cuts = Cuts::default();
    let first = answer(&problem, &mut cuts, &lower(&c), None, Stops::All);
    assert_eq!(first.verdict, Verdict::Reachable);
    for i in 0..3 {
        let top = first.end_stops[i].highest.expect("an end stop");
        for (shift, verdict) in [(-1e-3, Verdict::Reachable), (1e-3, Verdict::Unreachable)] {
            let mut moved = c;
            moved[i] = Some(top + shift);
            assert_eq!(answer(&problem, &mut cuts, &lower(&moved), None, Stops::All).verdict, verdict, "value {i} at its end stop {shift:+}");
        }
        let mut at = c;
        at[i] = Some(top);
        assert_eq!(answer(&problem, &mut cuts, &lower(&at), None, Stops::All).verdict, Verdict::Edge, "value {i} at its end stop");
    }
}

#[test]
fn a_constant_value_can_keep_its_level_and_no_more() {
    let r = Array2::from_shape_fn((8, 2), |(j, i)| if i == 0 { 2.0 } else { j as f64 });
    let problem = Problem::new(r.clone(), &[8]).expect("a good table");
    let keep = answer(&problem, &mut Cuts::default(), &lower(&[Some(2.0), Some(5.0)]), None, Stops::All);
    assert_eq!(keep.verdict, Verdict::Reachable);
    let raise = answer(&problem, &mut Cuts::default(), &lower(&[Some(2.1), Some(5.0)]), None, Stops::All);
    assert_eq!(raise.verdict, Verdict::Unreachable);
    assert_eq!(raise.certificate.expect("a proof").direction, vec![1.0, 0.0]);
}
