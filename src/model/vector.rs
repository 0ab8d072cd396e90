//! Small loops over slices of numbers, written in lanes so that the compiler keeps them in vector registers. Every sum has a fixed order and every
//! function is made of plain operations, so results have the same bits in every browser and natively.

/// a·b in eight lanes.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a8.zip(b8) {
        for i in 0..8 {
            lanes[i] += a[i] * b[i];
        }
    }
    total(lanes) + rest
}

fn total(l: [f32; 8]) -> f32 {
    ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

/// y += s·x.
pub fn add_scaled(y: &mut [f32], s: f32, x: &[f32]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += s * x;
    }
}

/// y += x.
pub fn add(y: &mut [f32], x: &[f32]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += x;
    }
}

/// The largest number; −∞ of none.
pub fn largest(x: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 8];
    let chunks = x.chunks_exact(8);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = if *x > *lane { *x } else { *lane };
        }
    }
    lanes.iter().chain(rest).copied().fold(f32::NEG_INFINITY, |a, b| if b > a { b } else { a })
}

/// eˣ, relative error below 2·10⁻⁷; 0 below −87.3, and as at 88 above. Cephes' expf: 2ⁿ times a polynomial on ±ln 2 / 2.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0;
    let held = if x > 88.0 { 88.0 } else { x };
    let held = if held > -87.3 { held } else { -87.3 };
    // Adding 1.5 · 2²³ leaves the nearest whole number in the low bits.
    let shifted = held * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    // ln 2 in two parts, the first short enough that n times it is exact.
    #[expect(clippy::excessive_precision)]
    let y = (held - n * 0.693_359_375) + n * 2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * y + 1.398_2e-3;
    let p = p * y + 8.333_452e-3;
    let p = p * y + 4.166_579_6e-2;
    let p = p * y + 1.666_666_6e-1;
    let p = p * y + 0.5;
    let p = (p * (y * y) + y) + 1.0;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23));
    if x > -87.3 { p * power } else { 0.0 }
}

/// Scores to probabilities, shifted by their maximum.
pub fn softmax(scores: &mut [f32]) {
    let shift = largest(scores);
    let sum = exp_shifted(scores, shift);
    let inverse = 1.0 / sum;
    for s in scores.iter_mut() {
        *s *= inverse;
    }
}

/// Σ exp(x − shift) with x replaced by its terms.
fn exp_shifted(x: &mut [f32], shift: f32) -> f32 {
    let mut lanes = [0f32; 8];
    let mut chunks = x.chunks_exact_mut(8);
    for chunk in &mut chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *x = exp(*x - shift);
            *lane += *x;
        }
    }
    let mut rest = 0.0;
    for x in chunks.into_remainder() {
        *x = exp(*x - shift);
        rest += *x;
    }
    total(lanes) + rest
}

/// log Σ exp(x), nats.
#[inline(never)]
pub fn log_sum_exp(x: &[f32]) -> f64 {
    let shift = largest(x);
    // In f32 within a run of numbers (the shifted terms lie in 0..1), in f64 across runs.
    let sum: f64 = x
        .chunks(512)
        .map(|run| {
            let mut lanes = [0f32; 8];
            let chunks = run.chunks_exact(8);
            let rest: f32 = chunks.remainder().iter().map(|x| exp(x - shift)).sum();
            for chunk in chunks {
                for (lane, x) in lanes.iter_mut().zip(chunk) {
                    *lane += exp(x - shift);
                }
            }
            f64::from(total(lanes) + rest)
        })
        .sum();
    f64::from(shift) + libm::log(sum)
}

/// g ← g · σ(g) · u: the gate of a llama's feed-forward.
pub fn swiglu(gate: &mut [f32], up: &[f32]) {
    for (g, u) in gate.iter_mut().zip(up) {
        *g = *g / (1.0 + exp(-*g)) * u;
    }
}

/// x ← x · Φ(x), Φ by Abramowitz and Stegun's 7.1.26 (absolute error below 2·10⁻⁷).
pub fn gelu(x: &mut [f32]) {
    for x in x.iter_mut() {
        let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
        let t = 1.0 / (1.0 + 0.327_591_1 * z);
        let p = 1.061_405_4;
        let p = p * t - 1.453_152_1;
        let p = p * t + 1.421_413_8;
        let p = p * t - 0.284_496_72;
        let p = p * t + 0.254_829_6;
        // What is missing to one, halved: the tail beyond |x|.
        let tail = 0.5 * (p * t * exp(-z * z));
        *x *= if *x < 0.0 { tail } else { 1.0 - tail };
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
            assert!((f64::from(exp(x)) - exact).abs() < 2e-7 * exact, "exp({x}) = {}, exactly {exact}", exp(x));
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-1000.0), 0.0);
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert!(exp(1000.0).is_finite());
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
}
