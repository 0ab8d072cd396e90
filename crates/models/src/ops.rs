//! Small loops over slices of numbers, in vectors of four. Every sum has a fixed order and every function is
//! made of plain operations, so results have the same bits in every browser and natively.

use bytemuck::cast;
use wide::{CmpGt, CmpLt, f32x4, i32x4};

use crate::dispatch::multiversion;

const FOUR: usize = 4;
/// Numbers that are summed side by side.
const LANES: usize = 2 * FOUR;

/// a·b in eight lanes.
#[inline(always)]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [f32x4::ZERO; 2];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (pair(a), pair(b));
        lanes = [lanes[0] + a[0] * b[0], lanes[1] + a[1] * b[1]];
    }
    total(lanes) + rest
}

#[inline(always)]
fn pair(x: &[f32; LANES]) -> [f32x4; 2] {
    cast(*x)
}

#[inline(always)]
fn total(lanes: [f32x4; 2]) -> f32 {
    let s = (lanes[0] + lanes[1]).to_array();
    (s[0] + s[2]) + (s[1] + s[3])
}

/// y += s·x.
pub(crate) fn add_scaled(y: &mut [f32], s: f32, x: &[f32]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += s * x;
    }
}

multiversion! {
    /// out += Σ w · row, for every weight the run of `out`'s length from `at` on in its row of `rows`
    /// [weights, width].
    pub(crate) fn add_weighted(out: &mut [f32], weights: &[f32], rows: &[f32], width: usize, at: usize) {
        const RUN: usize = 32;
        let (runs, rest) = out.as_chunks_mut::<RUN>();
        for (c, out) in runs.iter_mut().enumerate() {
            // In registers over all rows.
            let mut sums: [f32x4; RUN / FOUR] = cast(*out);
            for (w, row) in weights.iter().zip(rows.chunks_exact(width)) {
                let (w, row) = (f32x4::splat(*w), &row[at + c * RUN..][..RUN]);
                for (sum, row) in sums.iter_mut().zip(row.as_chunks::<FOUR>().0) {
                    *sum += w * f32x4::new(*row);
                }
            }
            *out = cast(sums);
        }
        let at = at + runs.len() * RUN;
        for (w, row) in weights.iter().zip(rows.chunks_exact(width)) {
            add_scaled(rest, *w, &row[at..at + rest.len()]);
        }
    }
}

/// y += x.
pub(crate) fn add(y: &mut [f32], x: &[f32]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += x;
    }
}

/// The largest number; −∞ of none.
pub(crate) fn largest(x: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let (chunks, rest) = x.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = if *x > *lane { *x } else { *lane };
        }
    }
    lanes.iter().chain(rest).copied().fold(f32::NEG_INFINITY, |a, b| if b > a { b } else { a })
}

/// eˣ, relative error below 2·10⁻⁷; 0 below −87.3, and as at 88 above. Cephes' expf: 2ⁿ times a polynomial on
/// ±ln 2 / 2.
#[inline(always)]
fn exp(x: f32x4) -> f32x4 {
    const ROUND: f32x4 = f32x4::new([12_582_912.0; FOUR]);
    const MOST: f32x4 = f32x4::new([88.0; FOUR]);
    const LEAST: f32x4 = f32x4::new([-87.3; FOUR]);
    let held = x.cmp_gt(MOST).blend(MOST, x);
    let held = held.cmp_gt(LEAST).blend(held, LEAST);
    // Adding 1.5 · 2²³ leaves the nearest whole number in the low bits.
    let shifted = held * f32x4::LOG2_E + ROUND;
    let n = shifted - ROUND;
    // ln 2 in two parts, the first short enough that n times it is exact.
    #[expect(clippy::excessive_precision, reason = "the constants as they are published")]
    let y = (held - n * 0.693_359_375) + n * 2.121_944_4e-4;
    let p = f32x4::splat(1.987_569_1e-4);
    let p = p * y + 1.398_2e-3;
    let p = p * y + 8.333_452e-3;
    let p = p * y + 4.166_579_6e-2;
    let p = p * y + 1.666_666_6e-1;
    let p = p * y + 0.5;
    let p = (p * (y * y) + y) + 1.0;
    let power: f32x4 = cast((cast::<_, i32x4>(shifted) << 23) + i32x4::splat(127 << 23));
    x.cmp_gt(LEAST).blend(p * power, f32x4::ZERO)
}

/// eˣ of one number, as [`exp`].
#[inline(always)]
fn exp_one(x: f32) -> f32 {
    exp(f32x4::splat(x)).to_array()[0]
}

multiversion! {
    /// Scores to probabilities, shifted by their maximum.
    pub(crate) fn softmax(scores: &mut [f32]) {
        let shift = largest(scores);
        let (chunks, last) = scores.as_chunks_mut::<LANES>();
        let mut lanes = [f32x4::ZERO; 2];
        for chunk in chunks {
            let e = pair(chunk).map(|x| exp(x - shift));
            lanes = [lanes[0] + e[0], lanes[1] + e[1]];
            *chunk = cast(e);
        }
        let mut rest = 0.0;
        for x in last {
            *x = exp_one(*x - shift);
            rest += *x;
        }
        let inverse = 1.0 / (total(lanes) + rest);
        for s in scores.iter_mut() {
            *s *= inverse;
        }
    }
}

multiversion! {
    /// log Σ exp(x), nats.
    pub(crate) fn log_sum_exp(x: &[f32]) -> f64 {
        let shift = largest(x);
        // In f32 within a run of numbers (the shifted terms lie in 0..1), in f64 across runs.
        let sum: f64 = x
            .chunks(512)
            .map(|run| {
                let (chunks, rest) = run.as_chunks::<LANES>();
                let rest: f32 = rest.iter().map(|x| exp_one(x - shift)).sum();
                let mut lanes = [f32x4::ZERO; 2];
                for chunk in chunks {
                    let x = pair(chunk);
                    lanes = [lanes[0] + exp(x[0] - shift), lanes[1] + exp(x[1] - shift)];
                }
                f64::from(total(lanes) + rest)
            })
            .sum();
        f64::from(shift) + libm::log(sum)
    }
}

multiversion! {
    /// g ← g · σ(g) · u: the gate of a llama's feed-forward.
    pub(crate) fn swiglu(gate: &mut [f32], up: &[f32]) {
        let each = |g: f32x4, u: f32x4| g / (f32x4::ONE + exp(-g)) * u;
        let ((gate, gate_rest), (up, up_rest)) = (gate.as_chunks_mut::<FOUR>(), up.as_chunks::<FOUR>());
        for (g, u) in gate.iter_mut().zip(up) {
            *g = each(f32x4::new(*g), f32x4::new(*u)).to_array();
        }
        for (g, u) in gate_rest.iter_mut().zip(up_rest) {
            *g = each(f32x4::splat(*g), f32x4::splat(*u)).to_array()[0];
        }
    }
}

multiversion! {
    /// x ← x · Φ(x), Φ by Abramowitz and Stegun's 7.1.26 (absolute error below 2·10⁻⁷).
    pub(crate) fn gelu(x: &mut [f32]) {
        let each = |x: f32x4| {
            let z = x.abs() * f32x4::FRAC_1_SQRT_2;
            let t = f32x4::ONE / (f32x4::ONE + z * 0.327_591_1);
            let p = t * 1.061_405_4 - 1.453_152_1;
            let p = p * t + 1.421_413_8;
            let p = p * t - 0.284_496_72;
            let p = p * t + 0.254_829_6;
            // What is missing to one, halved: the tail beyond |x|.
            let tail = p * t * exp(-z * z) * 0.5;
            x * x.cmp_lt(f32x4::ZERO).blend(tail, f32x4::ONE - tail)
        };
        let (chunks, rest) = x.as_chunks_mut::<FOUR>();
        for x in chunks {
            *x = each(f32x4::new(*x)).to_array();
        }
        for x in rest {
            *x = each(f32x4::splat(*x)).to_array()[0];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_agrees_with_float64() {
        for i in -8_700..8_800 {
            let x = i as f32 * 0.01 + 0.003;
            let exact = f64::from(x).exp();
            assert!(
                (f64::from(exp_one(x)) - exact).abs() < 2e-7 * exact,
                "exp({x}) = {}, exactly {exact}",
                exp_one(x)
            );
        }
        assert_eq!(exp_one(0.0), 1.0);
        assert_eq!(exp_one(-1000.0), 0.0);
        assert_eq!(exp_one(f32::NEG_INFINITY), 0.0);
        assert!(exp_one(1000.0).is_finite());
    }

    #[test]
    fn gelu_agrees_with_the_error_function() {
        for i in -600..600 {
            let x = i as f32 * 0.01;
            let mut y = [x];
            gelu(&mut y);
            let exact = f64::from(x) * 0.5 * libm::erfc(-f64::from(x) / std::f64::consts::SQRT_2);
            assert!((f64::from(y[0]) - exact).abs() < 1e-6, "gelu({x}) = {}, exactly {exact}", y[0]);
        }
    }

    #[test]
    fn log_sum_exp_is_shifted() {
        assert!((log_sum_exp(&[1000.0, 1000.0]) - (1000.0 + 2f64.ln())).abs() < 1e-9);
        let x: Vec<f32> = (0..3000).map(|i| (i as f32 * 0.7).sin() * 9.0).collect();
        let exact = x.iter().map(|x| f64::from(*x).exp()).sum::<f64>().ln();
        assert!((log_sum_exp(&x) - exact).abs() < 1e-6);
    }

    #[test]
    fn softmax_sums_to_one() {
        let mut x: Vec<f32> = (0..37).map(|i| (i as f32).cos() * 20.0).collect();
        let exact: Vec<f64> = x.iter().map(|x| f64::from(*x).exp()).collect();
        let sum: f64 = exact.iter().sum();
        softmax(&mut x);
        for (p, exact) in x.iter().zip(exact) {
            assert!((f64::from(*p) - exact / sum).abs() < 1e-6);
        }
    }

    #[test]
    fn the_largest_is_found_anywhere() {
        for n in 1..40 {
            let x: Vec<f32> = (0..n).map(|i| -((i as f32) - 17.3).abs()).collect();
            assert_eq!(largest(&x), x.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        }
        assert_eq!(largest(&[]), f32::NEG_INFINITY);
    }

    #[test]
    fn a_number_comes_out_the_same_wherever_it_stands() {
        // What is left at the end of a slice goes another way than what fills vectors.
        let x: Vec<f32> = (0..23).map(|i| (i as f32 * 1.3).sin() * 5.0).collect();
        let up: Vec<f32> = (0..23).map(|i| (i as f32 * 0.7).cos()).collect();
        let (mut all, mut gated) = (x.clone(), x.clone());
        gelu(&mut all);
        swiglu(&mut gated, &up);
        for (i, x) in x.iter().enumerate() {
            let (mut alone, mut gate) = ([*x], [*x]);
            gelu(&mut alone);
            swiglu(&mut gate, &up[i..=i]);
            assert_eq!((alone[0].to_bits(), gate[0].to_bits()), (all[i].to_bits(), gated[i].to_bits()));
        }
    }

    #[test]
    fn weighted_rows_are_added() {
        // A run that fills registers and some that are left.
        let (width, at, n) = (50, 3, 41);
        let rows: Vec<f32> = (0..7 * width).map(|i| (i as f32 * 0.37).sin()).collect();
        let weights: Vec<f32> = (0..7).map(|i| 0.1 * i as f32).collect();
        let mut out = vec![1.0; n];
        add_weighted(&mut out, &weights, &rows, width, at);
        for (i, got) in out.iter().enumerate() {
            let exact: f64 = weights
                .iter()
                .zip(rows.chunks_exact(width))
                .map(|(w, r)| f64::from(*w) * f64::from(r[at + i]))
                .sum();
            assert!((f64::from(*got) - 1.0 - exact).abs() < 1e-6);
        }
    }

    #[test]
    fn the_bits_are_the_same_without_avx2() {
        let numbers = |n: usize, f: f32| (0..n).map(|i| (i as f32 * f).sin() * 9.0).collect::<Vec<f32>>();
        let all = || {
            let (mut softened, mut gated, mut bent) = (numbers(67, 0.7), numbers(67, 1.1), numbers(67, 0.3));
            softmax(&mut softened);
            swiglu(&mut gated, &numbers(67, 0.9));
            gelu(&mut bent);
            let mut weighted = numbers(41, 0.2);
            add_weighted(&mut weighted, &softened[..7], &numbers(7 * 50, 0.37), 50, 3);
            let bits = [softened, gated, bent, weighted].concat().into_iter().map(f32::to_bits);
            (bits.collect::<Vec<_>>(), log_sum_exp(&numbers(3001, 0.13)).to_bits())
        };
        assert_eq!(all(), crate::dispatch::without::avx2(all));
    }
}
