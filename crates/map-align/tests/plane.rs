//! The plane of two columns: what lies within can be had, what lies beyond cannot.

#[path = "support/random_palette.rs"]
mod random_palette;

use map_align::{
    Bounds, Plane, PlaneTracing, Problem, VertexPool, excluded, part_of_way, ranges, share_of_way,
};
use ndarray::array;
use proptest::prelude::*;
use random_palette::{Case, case, cases};

/// A bound at the very end of what can be had pins the others only as far as rounding does, in standard
/// deviations.
const EXACT: f64 = 2e-5;

fn plane(problem: &Problem, bounds: &[Bounds], axes: [usize; 2]) -> Option<Plane> {
    let mut tracing = PlaneTracing::new(problem, VertexPool::default(), bounds, axes, 400)?;
    while tracing.step() {}
    Some(tracing.finish())
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn the_plane_of_a_square_is_the_square() {
    let problem =
        Problem::new(array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], &[4]).expect("a problem");
    let found = plane(&problem, &[Bounds::OFF; 2], [0, 1]).expect("a plane");
    let mut corners = found.outline.clone();
    corners.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    assert_eq!(corners.len(), 4, "{corners:?}");
    for (corner, expected) in corners.iter().zip([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]) {
        assert!(close(corner[0], expected[0]) && close(corner[1], expected[1]), "{corners:?}");
    }
    assert!(found.error < 1e-9 && found.frontier_error < 1e-9, "{found:?}");
}

#[test]
fn a_bound_on_another_column_cuts_the_plane() {
    // The third value is high where neither of the others is.
    let rewards = array![[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]];
    let problem = Problem::new(rewards, &[4]).expect("a problem");
    let held = [Bounds::at_least(5.0), Bounds::OFF, Bounds::at_least(0.6)];
    let found = plane(&problem, &held, [0, 1]).expect("a plane");
    assert!(found.outline.iter().all(|[x, y]| *x < 0.4 + 1e-9 && *y < 0.4 + 1e-9), "{found:?}");
    assert!(found.frontier.iter().any(|[x, y]| close(*x, 0.4) && close(*y, 0.4)), "{found:?}");
    let out = [Bounds::OFF, Bounds::OFF, Bounds::at_least(1.1)];
    assert!(plane(&problem, &out, [0, 1]).is_none(), "the others alone cannot be had");
}

#[test]
fn values_that_move_together_have_a_segment() {
    let problem = Problem::new(array![[0.0, 1.0], [1.0, 3.0], [2.0, 5.0]], &[3]).expect("a problem");
    let found = plane(&problem, &[], [0, 1]).expect("a plane");
    assert_eq!(found.outline.len(), 2, "{found:?}");
    assert!(close(found.frontier[0][0], 2.0) && close(found.frontier[0][1], 5.0), "{found:?}");
}

#[test]
fn a_curve_is_followed_to_the_tolerance() {
    let points: Vec<[f64; 2]> =
        (0..2000).map(|k| (k as f64 * std::f64::consts::TAU / 2000.0).sin_cos().into()).collect();
    let problem = Problem::new(points.clone().into(), &[2000]).expect("a problem");
    let found = plane(&problem, &[], [0, 1]).expect("a plane");
    assert!(found.frontier_error <= 0.002 && found.error <= 0.02 && found.outline.len() < 100, "{found:?}");
    assert!(found.frontier.windows(2).all(|pair| pair[0][0] < pair[1][0] && pair[0][1] > pair[1][1]));
    let short = {
        let mut tracing = PlaneTracing::new(&problem, VertexPool::default(), &[], [0, 1], 6).expect("others");
        while tracing.step() {}
        tracing.finish()
    };
    assert!(short.lines.len() == 6 && short.error > 0.02, "what was not asked is known as an error");
}

#[test]
fn a_share_of_the_way_leaves_the_others_where_they_are() {
    // Two that exclude each other, and a third that comes with neither.
    let problem =
        Problem::new(array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], &[3]).expect("a problem");
    let bounds = [Bounds::at_least(0.8), Bounds::at_least(0.8), Bounds::at_least(0.2)];
    let mut pool = VertexPool::default();
    // ⅓ + s(0.8 − ⅓) of each of two is 0.8 together.
    let share = share_of_way(&problem, &mut pool, &bounds, &[0, 1], 1.0).expect("a share");
    assert!(close(share, (0.4 - 1.0 / 3.0) / (0.8 - 1.0 / 3.0)), "{share}");
    let there = part_of_way(&problem, &bounds, &[0, 1], share);
    assert!(close(there[0].lower.expect("a bound"), 0.4) && there[2] == bounds[2]);
    assert!(excluded(&problem, &mut pool, &bounds).is_some());
    let within = part_of_way(&problem, &bounds, &[0, 1], share - 1e-5);
    assert!(excluded(&problem, &mut pool, &within).is_none());
    let out = [bounds[0], bounds[1], Bounds::at_least(1.5)];
    assert_eq!(share_of_way(&problem, &mut pool, &out, &[0, 1], 1.0), None);
    let little = [Bounds::at_least(0.34), Bounds::OFF, Bounds::OFF];
    assert_eq!(share_of_way(&problem, &mut pool, &little, &[0], 1.5), Some(1.5));
}

/// φ of a line over the table, and the level that it has at `[x, y]`, per standard deviation.
fn recomputed(case: &Case, problem: &Problem, direction: &[f64]) -> f64 {
    let (shares, groups) = case.shares();
    let (mut phi, mut start) = (0.0, 0);
    for (size, pi) in case.sizes.iter().zip(&groups) {
        let score = |j: usize| -> f64 {
            (0..direction.len())
                .filter(|i| direction[*i] != 0.0)
                .map(|i| direction[i] * case.rewards[[j, i]] / problem.standard_deviation(i))
                .sum()
        };
        let top =
            (start..start + size).filter(|j| shares[*j] > 0.0).map(score).fold(f64::NEG_INFINITY, f64::max);
        phi += if *pi > 0.0 { pi * top } else { 0.0 };
        start += size;
    }
    phi
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let problem = case.problem();
    let sd = |i: usize| problem.standard_deviation(i);
    let rough = |i: usize| sd(i) < 1e-6 * case.rewards.column(i).fold(0.0, |a: f64, b| a.max(b.abs()));
    // Levels are told apart to a small part of a standard deviation: where answers differ by less than that, two planes
    // are as right as each other.
    let fine = |i: usize| {
        let mut column: Vec<f64> = case.rewards.column(i).to_vec();
        column.sort_by(f64::total_cmp);
        let gaps = column.windows(2).map(|pair| pair[1] - pair[0]);
        gaps.filter(|gap| *gap > 0.0).fold(f64::INFINITY, f64::min) < EXACT * sd(i)
    };
    let free: Vec<usize> = (0..problem.values()).filter(|i| sd(*i) > 0.0).collect();
    if free.len() < 2 || free.iter().any(|i| rough(*i) || fine(*i)) {
        return Ok(());
    }
    let [a, b] = [free[0], free[1]];
    let pool = &mut VertexPool::default();
    let mut others = case.bounds.clone();
    (others[a], others[b]) = (Bounds::OFF, Bounds::OFF);
    let Some(found) = plane(&problem, &case.bounds, [a, b]) else {
        prop_assert!(ranges(&problem, pool, &others)[a].highest.is_none());
        return Ok(());
    };
    let eased = |bounds: &[Bounds], by: f64| {
        let mut bounds = bounds.to_vec();
        for i in &free {
            let by = by * sd(*i);
            bounds[*i] =
                Bounds { lower: bounds[*i].lower.map(|c| c - by), upper: bounds[*i].upper.map(|c| c + by) };
        }
        bounds
    };
    let at = |[x, y]: [f64; 2], by: f64| {
        let mut bounds = others.clone();
        (bounds[a], bounds[b]) = (Bounds::exactly(x), Bounds::exactly(y));
        eased(&bounds, by)
    };
    for point in found.outline.iter().chain(&found.frontier) {
        prop_assert!(excluded(&problem, pool, &at(*point, EXACT)).is_none(), "{:?} cannot be had", point);
    }
    for line in &found.lines {
        // What a bound is relaxed by moves the line by as much as its multiplier says.
        let lever: f64 = line.direction.iter().map(|d| d.abs()).sum();
        let size = 1.0 + line.best.abs() + line.at_most.abs() + 1e-4 * lever;
        let phi = recomputed(case, &problem, &line.direction);
        prop_assert!((phi - line.best).abs() < 1e-8 * size, "φ {} told as {}", phi, line.best);
        let along = |[x, y]: [f64; 2]| line.direction[a] * x / sd(a) + line.direction[b] * y / sd(b);
        for point in &found.outline {
            prop_assert!(along(*point) <= line.at_most + EXACT * size, "{:?} lies beyond a line", point);
        }
        let nearest = found.outline.iter().map(|p| along(*p)).fold(f64::NEG_INFINITY, f64::max);
        prop_assert!(
            line.at_most - nearest < EXACT * size,
            "a line stands off by {}",
            line.at_most - nearest
        );
        // A hair beyond the line nothing can be had, by the linear program as well.
        let onto = found.outline.iter().max_by(|p, q| along(**p).total_cmp(&along(**q))).expect("a corner");
        // (The slack is measured against all of d.)
        let far = 1e-4f64.max(4e-6 * lever);
        let beyond = [onto[0] + far * line.direction[a] * sd(a), onto[1] + far * line.direction[b] * sd(b)];
        let mut exactly = others.clone();
        (exactly[a], exactly[b]) = (Bounds::exactly(beyond[0]), Bounds::exactly(beyond[1]));
        prop_assert!(excluded(&problem, pool, &exactly).is_some(), "{:?} can be had beyond a line", beyond);
    }
    // The frontier's ends are the end stops with nothing asked of the other.
    let ends = ranges(&problem, pool, &others);
    let (first, last) = (found.frontier[0], found.frontier[found.frontier.len() - 1]);
    // A bound holds within a rounding, which may be worth much more than that of another value.
    let eased_ends = ranges(&problem, pool, &eased(&others, 2.0 * EXACT));
    let near = |x: f64, i: usize| {
        let (Some(end), Some(most)) = (ends[i].highest, eased_ends[i].highest) else { return false };
        (x - end).abs() < EXACT * sd(i) + (most - end).abs()
    };
    prop_assert!(near(first[1], b) && near(last[0], a), "{:?} and {:?} beside {:?}", first, last, ends);
    // With something asked of a, the end stop of b lies on the frontier.
    let middle = 0.5 * (first[0] + last[0]);
    let mut asked = others;
    asked[a] = Bounds::at_least(middle);
    let loose = ranges(&problem, pool, &eased(&asked, 2.0 * EXACT))[b].highest;
    if let Some(highest) = ranges(&problem, pool, &asked)[b].highest
        && last[0] - first[0] > 1e-3 * sd(a)
    {
        let pair = found.frontier.windows(2).find(|pair| pair[0][0] <= middle && middle <= pair[1][0]);
        let [from, to] = pair.expect("the frontier spans the middle") else { unreachable!() };
        let on = from[1] + (to[1] - from[1]) * (middle - from[0]) / (to[0] - from[0]);
        // Gaps are square to the frontier, which may be steep.
        let steep = 1.0
            + ((to[1] - from[1]) / sd(b)).abs() / ((to[0] - from[0]) / sd(a)).abs().max(f64::MIN_POSITIVE);
        let off = (highest - on) / sd(b);
        let loose = loose.map_or(0.0, |most| (most - highest).abs() / sd(b));
        let within = -EXACT * steep - loose..(found.frontier_error + EXACT) * steep + loose;
        prop_assert!(within.contains(&off), "off by {}, allowed {:?}", off, within);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(300), ..ProptestConfig::default() })]
    #[test]
    fn any_plane_is_exact_from_both_sides(case in case()) {
        check(&case)?;
    }
}
