//! Sensitivities, resamples, held-out levels, sequences and batches against brute force.
#![allow(clippy::needless_range_loop, reason = "indices name values and rows here")]

use map_align::{
    BaseWeights, Bounds, Problem, Ranges, Repair, Solution, Step, Units, Verdict, VertexPool, assess, batch,
    bootstrap, collinear, held_out, in_drafts, ranges, repair, sensitivity, sequential, solve,
    standard_errors,
};
use ndarray::Array2;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn rewards(n: usize, m: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, m), |(j, i)| {
        let x =
            ((j * 131 + i * 57) as f64 * 0.37).sin() + 0.6 * ((j * 17 + 5) as f64 * 0.73 + i as f64).cos();
        x * 10f64.powi(i as i32 - 1) + i as f64
    })
}

/// Bounds `t` standard deviations above the base means; not a number switches off.
fn at(problem: &Problem, t: &[f64]) -> Vec<Bounds> {
    let level = |i: usize| problem.mean(i) + t[i] * problem.standard_deviation(i);
    (0..t.len()).map(|i| if t[i].is_nan() { Bounds::OFF } else { Bounds::at_least(level(i)) }).collect()
}

#[test]
fn sensitivities_agree_with_finite_differences() {
    for sizes in [vec![120], vec![8; 15]] {
        let problem = Problem::new(rewards(120, 4), &sizes).expect("a good table");
        let mut bounds = at(&problem, &[0.2, 0.1, -2.5, f64::NAN]);
        bounds[3] = Bounds::at_most(problem.mean(3) - 0.1 * problem.standard_deviation(3));
        let s = solve(&problem, &bounds, None);
        assert!(
            s.converged() && s.lambda[2] == 0.0 && s.lambda[3] < 0.0,
            "{:?} {:?} {:?}",
            s.status,
            s.lambda,
            s.realised
        );
        let slopes = sensitivity(&problem, &s);
        assert_eq!(slopes.active, vec![0, 1, 3]);
        for j in 0..4 {
            let h = 1e-5 * problem.standard_deviation(j);
            let moved = |by: f64| -> Solution {
                let mut b = bounds.clone();
                b[j] = b[j].map(|c| c + by);
                solve(&problem, &b, None)
            };
            let (up, down) = (moved(h), moved(-h));
            for i in 0..4 {
                let lambda = (up.lambda[i] - down.lambda[i]) / (2.0 * h);
                let level = (up.realised[i] - down.realised[i]) / (2.0 * h);
                let scale = 1.0 / problem.standard_deviation(i) / problem.standard_deviation(j);
                assert!(
                    (slopes.lambda[[i, j]] - lambda).abs() < 1e-5 * scale * (1.0 + lambda.abs() / scale),
                    "dλ{i}/dc{j}"
                );
                let unit = problem.standard_deviation(i) / problem.standard_deviation(j);
                assert!((slopes.level[[i, j]] - level).abs() < 1e-5 * unit, "dE{i}/dc{j}");
            }
            // λ is the price: dKL/dc.
            assert!(((up.kl - down.kl) / (2.0 * h) - s.lambda[j]).abs() < 1e-5 * (1.0 + s.lambda[j].abs()));
        }
    }
}

/// E_w[r_i] over rows with weights ∝ q exp(λ·r), by the definition.
fn level_by_hand(r: &Array2<f64>, rows: &[usize], lambda: &[f64], i: usize) -> f64 {
    let score = |j: usize| (0..lambda.len()).map(|k| lambda[k] * r[[j, k]]).sum::<f64>();
    let top = rows.iter().map(|j| score(*j)).fold(f64::NEG_INFINITY, f64::max);
    let weight = |j: usize| (score(j) - top).exp();
    rows.iter().map(|&j| weight(j) * r[[j, i]]).sum::<f64>() / rows.iter().map(|&j| weight(j)).sum::<f64>()
}

#[test]
fn held_out_levels_agree_with_brute_force() {
    let r = rewards(60, 3);
    // Prompts of six answers: whichever half was drawn, its levels are those of one of the splits.
    let grouped = Problem::new(r.clone(), &[6; 10]).expect("a good table");
    let bounds = at(&grouped, &[0.3, 0.2, f64::NAN]);
    let units = Units::new(&grouped, None);
    let held = held_out(&grouped, &units, &bounds, None, 1, 11);
    assert_eq!((held.splits, held.failed), (1, 0));
    let found = held.columns.expect("levels");
    let agrees = (0u32..1 << 10).filter(|split| split.count_ones() == 5).any(|split| {
        let prompts = |inside: bool| (0..10).filter(move |g| ((split >> g) & 1 == 1) == inside);
        let train: Vec<usize> = prompts(true).flat_map(|g| 6 * g..6 * g + 6).collect();
        let part = Problem::new(r.select(ndarray::Axis(0), &train), &[6; 5]).expect("a good table");
        let lambda = solve(&part, &bounds, None).lambda;
        (0..3).all(|i| {
            let level = prompts(false)
                .map(|g| level_by_hand(&r, &(6 * g..6 * g + 6).collect::<Vec<_>>(), &lambda, i))
                .sum::<f64>()
                / 5.0;
            let met = f64::from(u8::from(bounds[i].lower.is_none_or(|c| level >= c)));
            let column = found[i];
            (level - column.mean).abs() < 1e-6 * grouped.standard_deviation(i)
                && column.interval == [column.mean; 2]
                && column.met == met
        })
    });
    assert!(agrees, "{found:?}");
}

#[test]
fn random_halves_spread_as_other_prompts_would() {
    // Prompts that differ from one another: the mean over halves of a level is as far off as two independent halves.
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let prompts = 80;
    let mut table = Array2::zeros((prompts * 8, 1));
    for g in 0..prompts {
        let mean = random.random_range(-2.0..2.0);
        for j in 0..8 {
            table[[8 * g + j, 0]] = mean + random.random_range(-1.0..1.0);
        }
    }
    let problem = Problem::new(table, &vec![8; prompts]).expect("a good table");
    let bounds = at(&problem, &[0.2]);
    let units = Units::new(&problem, None);
    let held = held_out(&problem, &units, &bounds, None, 400, 1).columns.expect("levels")[0];
    let solution = solve(&problem, &bounds, None);
    let error = standard_errors(&problem, &solution.weights)[0];
    // One half against the other: √2·√2 times the error of the mean over all prompts.
    let width = (held.interval[1] - held.interval[0]) / (2.0 * 1.96);
    assert!((width / (2.0 * error) - 1.0).abs() < 0.2, "{width} against {error}");
    assert!((0.35..0.65).contains(&held.met), "a coin flip: {}", held.met);
}

#[test]
fn a_bootstrap_depends_on_its_seed_alone_and_covers_what_was_found() {
    for sizes in [vec![300], vec![10; 30]] {
        let problem = Problem::new(rewards(300, 3), &sizes).expect("a good table");
        let bounds = at(&problem, &[0.4, 0.2, f64::NAN]);
        let s = solve(&problem, &bounds, None);
        let units = Units::new(&problem, None);
        let run = |seed| bootstrap(&problem, &units, &bounds, &s, 200, seed);
        let found = run(3);
        assert_eq!(found, run(3));
        assert_ne!(found, run(4));
        assert_eq!((found.resamples, found.reachable), (200, 200));
        for i in 0..3 {
            let [low, high] = found.lambda.as_ref().expect("intervals")[i];
            assert!(low <= s.lambda[i] && s.lambda[i] <= high);
            let [low, high] = found.realised.as_ref().expect("intervals")[i];
            assert!(low < s.realised[i] && s.realised[i] < high);
        }
    }
}

#[test]
fn resamples_of_a_hard_palette_are_solved_or_proved_out_of_reach() {
    let folder = std::env::var_os("MAP_PALETTE_SHARED").map_or_else(
        || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        std::path::PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(folder.join("data/map-paper/rewards_llama2_chat.csv")) else {
        println!("skipped: the reference data is not beside this checkout");
        return;
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<Vec<f64>> = reader.deserialize().map(|row| row.expect("a row of numbers")).collect();
    let (n, m) = (rows.len(), rows[0].len());
    let r = Array2::from_shape_fn((n, m), |(j, i)| rows[j][i]);
    let quantile = |i: usize| {
        let mut column: Vec<f64> = rows.iter().map(|row| row[i]).collect();
        column.sort_by(f64::total_cmp);
        let at = 0.8 * (n - 1) as f64;
        let (low, high) = (column[at as usize], column[at as usize + 1]);
        low + at.fract() * (high - low)
    };
    let problem = Problem::new(r, &[n]).expect("a good table");
    let bounds: Vec<Bounds> = (0..m)
        .map(|i| Bounds::at_least(if i < 3 { quantile(i).max(problem.mean(i)) } else { problem.mean(i) }))
        .collect();
    let solution = solve(&problem, &bounds, None);
    let units = Units::new(&problem, None);
    let found = bootstrap(&problem, &units, &bounds, &solution, 300, 1);
    assert_eq!(found.reachable + found.unreachable, 300, "{} were left on the edge", found.edge);
    assert!(found.reachable > 200);
}

#[test]
fn total_multipliers_reach_the_joint_solution_and_fresh_ones_stall() {
    let problem = Problem::new(rewards(200, 3), &[200]).expect("a good table");
    // Two values that pull the same way: what the first takes alone is too much once the second has its
    // share.
    let r = Array2::from_shape_fn((200, 2), |(j, i)| {
        let (a, b) = ((j as f64 * 0.7).sin(), (j as f64 * 1.9).cos());
        if i == 0 { a } else { 0.9 * a + 0.3 * b }
    });
    let pair = Problem::new(r, &[200]).expect("a good table");
    for (problem, bounds) in [(&problem, at(&problem, &[0.4, 0.3, 0.1])), (&pair, at(&pair, &[0.5, 0.55]))] {
        let joint = solve(problem, &bounds, None);
        assert!(joint.converged());
        let total = sequential(problem, &bounds, &joint, 400, Step::Total);
        let last = total.last().expect("a round");
        assert!(last.distance < 1e-6 && last.gap.abs() < 1e-10, "distance {}", last.distance);
        assert!(total.windows(2).all(|r| r[1].gap <= r[0].gap + 1e-12));
    }
    let bounds = at(&pair, &[0.5, 0.55]);
    let joint = solve(&pair, &bounds, None);
    let fresh = sequential(&pair, &bounds, &joint, 400, Step::Fresh);
    let last = fresh.last().expect("a round");
    assert!(
        last.distance > 0.1 && last.kl > joint.kl + 1e-3,
        "the paper's wording came as near as {}",
        last.distance
    );
    assert!(fresh[399].lambda == fresh[50].lambda, "it still moves");
}

#[test]
fn a_batch_answers_like_one_at_a_time() {
    let problem = Problem::new(rewards(150, 3), &[10; 15]).expect("a good table");
    let palettes: Vec<Vec<Bounds>> = (0..60)
        .map(|k| at(&problem, &[0.05 * k as f64 - 0.5, 0.3, if k % 3 == 0 { f64::NAN } else { 0.1 }]))
        .collect();
    let found = batch(&problem, &mut VertexPool::default(), &palettes);
    assert!(
        found.iter().any(|b| b.verdict == Verdict::Unreachable)
            && found.iter().any(|b| b.verdict == Verdict::Reachable)
    );
    for (bounds, entry) in palettes.iter().zip(&found) {
        let alone = assess(&problem, &mut VertexPool::default(), bounds, None, Ranges::None);
        assert_eq!(alone.verdict, entry.verdict);
        assert!((alone.slack.expect("a slack") - entry.slack.expect("a slack")).abs() < 1e-9);
        if let Some(met) = &entry.met {
            for i in 0..3 {
                let unit = problem.standard_deviation(i);
                assert!(
                    ((met.lambda[i] - alone.solution.lambda[i]) * unit).abs() < 1e-6
                        && (met.kl - alone.solution.kl).abs() < 1e-9
                );
            }
        }
    }
}

#[test]
fn drafts_cost_at_most_the_logarithm_of_their_number() {
    let problem = Problem::new(rewards(400, 3), &[400]).expect("a good table");
    let bounds = at(&problem, &[0.4, 0.2, f64::NAN]);
    let whole = solve(&problem, &bounds, None);
    for k in [2, 4, 16] {
        let dealt = in_drafts(&problem, k, 3, 1).expect("groups");
        let groups = dealt.problem;
        assert_eq!((groups.group_count(), dealt.per_deal, dealt.left_out), (3 * (400 / k), 400 / k, 400 % k));
        let found = assess(&groups, &mut VertexPool::default(), &bounds, None, Ranges::None);
        if found.verdict == Verdict::Reachable {
            assert!(found.solution.kl <= (k as f64).ln() && found.solution.kl >= whole.kl - 1e-9);
            assert!(
                (found.solution.realised[0] - bounds[0].lower.expect("a bound")).abs()
                    < 1e-8 * problem.standard_deviation(0)
            );
        }
    }
    assert!(in_drafts(&problem, 401, 1, 1).is_none());
}

#[test]
fn a_target_on_a_part_is_met_on_that_part() {
    for sizes in [vec![120], vec![8; 15]] {
        let r = rewards(120, 3);
        let mut problem = Problem::new(r.clone(), &sizes).expect("a good table");
        let part: Vec<bool> = (0..120).map(|j| (j / 8) % 3 == 0).collect();
        let base: Vec<f64> = (0..120).filter(|j| part[*j]).map(|j| r[[j, 1]]).collect();
        let mean = base.iter().sum::<f64>() / base.len() as f64;
        let level = mean + 0.4 * problem.standard_deviation(1);
        let mut bounds = at(&problem, &[0.2, 0.0, f64::NAN]);
        let column = problem.add_subgroup(1, &part).expect("a column");
        bounds.push(Bounds::at_least(level));
        let share = part.iter().filter(|p| **p).count() as f64 / 120.0;
        // Where all answers compete, choosing could shun the part altogether: it keeps its share.
        let kept = problem.add_share(&part);
        assert_eq!(kept.is_some(), sizes.len() == 1);
        bounds.extend(kept.map(|(_, share)| Bounds::exactly(share)));
        assert!((problem.mean(column) - mean).abs() < 1e-9);
        let found = assess(&problem, &mut VertexPool::default(), &bounds, None, Ranges::All);
        assert_eq!(found.verdict, Verdict::Reachable);
        let s = &found.solution;
        assert!(s.lambda[column] > 0.0);
        assert!(
            (problem.mean_over(1, &part, &s.weights) - level).abs() < 1e-8 * problem.standard_deviation(1)
        );
        let realised: f64 =
            (0..120).filter(|j| part[*j]).map(|j| s.weights[j]).sum::<f64>() / sizes.len() as f64;
        assert!((realised - share).abs() < 1e-9);
        // The tilt is λ·r and, inside the part, λ_part·(r − its mean)/P₀(part) and the price of its share
        // more.
        let tilt = |j: usize| {
            let all: f64 = (0..3).map(|i| s.lambda[i] * r[[j, i]]).sum();
            all + if part[j] {
                s.lambda[column] * (r[[j, 1]] - mean) / share + kept.map_or(0.0, |(k, _)| s.lambda[k])
            } else {
                0.0
            }
        };
        let mut start = 0;
        for size in sizes {
            let sum: f64 = (start..start + size).map(|j| tilt(j).exp()).sum();
            for j in start..start + size {
                assert!((s.weights[j] - tilt(j).exp() / sum).abs() < 1e-9);
            }
            start += size;
        }
        // More than the best of the part cannot be had, whatever the others do.
        let most = problem.mean(column) + 50.0 * problem.standard_deviation(column);
        let mut beyond = bounds.clone();
        beyond[column] = Bounds::at_least(most);
        assert_eq!(
            assess(&problem, &mut VertexPool::default(), &beyond, None, Ranges::All).verdict,
            Verdict::Unreachable
        );
        let nearest =
            repair(&problem, &mut VertexPool::default(), &beyond, &Repair::Nearest).expect("a repair");
        assert!(
            nearest.changed && kept.is_none_or(|(k, _)| nearest.bounds[k] == bounds[k]),
            "a share is not given up"
        );
    }
}

#[test]
fn extreme_numbers_change_nothing_but_the_unit() {
    let plain = rewards(80, 3);
    let expected = {
        let problem = Problem::new(plain.clone(), &[80]).expect("a good table");
        let s = solve(&problem, &at(&problem, &[0.4, 0.2, -0.3]), None);
        (0..3).map(|i| s.lambda[i] * problem.standard_deviation(i)).collect::<Vec<f64>>()
    };
    for scales in [[1e-9, 1.0, 1e9], [1e300, 1e-300, 1e150], [1e-200, 1e200, 1.0]] {
        let mut r = plain.clone();
        for i in 0..3 {
            r.column_mut(i).mapv_inplace(|x| x * scales[i]);
        }
        let problem = Problem::new(r, &[80]).expect("a finite table");
        let bounds = at(&problem, &[0.4, 0.2, -0.3]);
        let found = assess(&problem, &mut VertexPool::default(), &bounds, None, Ranges::All);
        assert_eq!(found.verdict, Verdict::Reachable);
        for i in 0..3 {
            let lambda = found.solution.lambda[i] * problem.standard_deviation(i);
            assert!(
                (lambda - expected[i]).abs() < 1e-7 * (1.0 + expected[i]),
                "{scales:?}: {lambda} for {}",
                expected[i]
            );
        }
    }
}

#[test]
fn weights_stand_for_repeated_rows() {
    let r = rewards(30, 3);
    let times: Vec<usize> = (0..30).map(|j| (j * 7) % 4).collect();
    let repeated: Vec<usize> = (0..30).flat_map(|j| std::iter::repeat_n(j, times[j])).collect();
    let weights: Vec<f64> = times.iter().map(|t| *t as f64).collect();
    let weighted = Problem::weighted(r.clone(), &[30], BaseWeights { answers: Some(&weights), groups: None })
        .expect("a good table");
    let plain = Problem::new(r.select(ndarray::Axis(0), &repeated), &[repeated.len()]).expect("a good table");
    let bounds = at(&plain, &[0.3, 0.2, f64::NAN]);
    let (a, b) = (solve(&weighted, &bounds, None), solve(&plain, &bounds, None));
    for i in 0..3 {
        assert!(
            (a.lambda[i] - b.lambda[i]).abs()
                < 1e-8 * (1.0 + b.lambda[i].abs()) / plain.standard_deviation(i).min(1.0)
        );
    }
    assert!((a.kl - b.kl).abs() < 1e-10);
    let spread = weighted.spread(a.weights);
    assert_eq!(spread.len(), 30);
    assert!((0..30).all(|j| (times[j] == 0) == (spread[j] == 0.0)));
}

#[test]
fn one_row_and_one_prompt_have_answers() {
    let problem = Problem::new(rewards(1, 2), &[1]).expect("a table of one row");
    let keep = at(&problem, &[0.0, 0.0]);
    assert_eq!(
        assess(&problem, &mut VertexPool::default(), &keep, None, Ranges::All).verdict,
        Verdict::Reachable
    );
    let more = [Bounds::at_least(problem.mean(0) + 1.0), Bounds::OFF];
    let found = assess(&problem, &mut VertexPool::default(), &more, None, Ranges::All);
    assert_eq!(found.verdict, Verdict::Unreachable);
    assert!(found.certificate.is_some_and(|c| c.asked > c.best));
    // Groups of one answer: nothing can be chosen, whatever differs between prompts.
    let alone = Problem::new(rewards(12, 2), &[1; 12]).expect("a good table");
    assert_eq!(
        assess(&alone, &mut VertexPool::default(), &at(&alone, &[0.1, f64::NAN]), None, Ranges::All).verdict,
        Verdict::Unreachable
    );
    assert_eq!(collinear::sets(&alone, &[0, 1]).concat().len(), 2);
    let stops = ranges(&alone, &mut VertexPool::default(), &[Bounds::OFF, Bounds::OFF]);
    assert!((stops[0].highest.expect("a stop") - alone.mean(0)).abs() < 1e-9);
}
