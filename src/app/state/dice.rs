//! Draws of answers that change with the palette only where the palette makes the difference.
//!
//! Each answer has a Gumbel variate of its own, made of the throw and the answer's number; the largest
//! ln p + g among the answers to a prompt is a draw with the probabilities p (Gumbel 1954; Maddison, Tarlow,
//! Minka 2014), the k largest are k draws without replacement (Yellott 1977). Before and after alignment share
//! the variates.

/// A standard Gumbel variate: of answer `j` in this throw always the same.
fn gumbel(throw: u32, j: usize) -> f64 {
    let bits = mixed(mixed(u64::from(throw)) ^ j as u64) >> 11;
    let uniform = (bits as f64 + 0.5) / (1u64 << 53) as f64;
    -(-uniform.ln()).ln()
}

/// SplitMix64 (Steele, Lea, Flood 2014).
fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// `k` of the answers, drawn without replacement with probabilities in proportion to their weights, the first
/// drawn first. Answers of weight 0 are never drawn.
pub fn drawn(throw: u32, answers: impl Iterator<Item = (usize, f64)>, k: usize) -> Vec<usize> {
    let mut keyed: Vec<(usize, f64)> = answers
        .filter(|(_, weight)| *weight > 0.0)
        .map(|(j, weight)| (j, weight.ln() + gumbel(throw, j)))
        .collect();
    let larger = |a: &(usize, f64), b: &(usize, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if keyed.len() > k {
        keyed.select_nth_unstable_by(k, larger);
        keyed.truncate(k);
    }
    keyed.sort_unstable_by(larger);
    keyed.into_iter().map(|(j, _)| j).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_drawn_as_often_as_they_weigh() {
        let weights = [0.5, 0.0, 0.3, 0.2];
        const THROWS: u32 = 40_000;
        let mut counts = [0.0f64; 4];
        for throw in 0..THROWS {
            counts[drawn(throw, weights.into_iter().enumerate(), 1)[0]] += 1.0;
        }
        assert_eq!(counts[1], 0.0);
        for (count, weight) in counts.iter().zip(weights) {
            // Four standard errors.
            let error = 4.0 * (weight * (1.0 - weight) / f64::from(THROWS)).sqrt();
            assert!((count / f64::from(THROWS) - weight).abs() <= error, "{counts:?}");
        }
    }

    #[test]
    fn draws_are_without_replacement_and_stay_while_the_palette_does() {
        let all = drawn(7, [1.0; 6].into_iter().enumerate(), 9);
        let mut sorted = all.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3, 4, 5]);
        assert_eq!(drawn(7, [2.0; 6].into_iter().enumerate(), 9), all);
        // What gains weight is never lost by it.
        let first = all[0];
        let more = (0..6).map(|j| (j, if j == first { 3.0 } else { 1.0 }));
        assert_eq!(drawn(7, more, 1), [first]);
    }
}
