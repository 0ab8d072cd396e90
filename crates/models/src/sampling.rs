//! Choosing the next token.

use rand::Rng;

use super::ops::largest;

/// How a token is drawn from logits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampler {
    /// 0 takes the likeliest.
    pub temperature: f64,
    /// Keep this many of the likeliest; 0 keeps all.
    pub top_k: usize,
    /// Then keep the fewest of the likeliest whose probability together reaches this; 1 keeps all.
    pub top_p: f64,
}

impl Sampler {
    /// Draws an index of `logits`. Ties go to the smaller index.
    pub fn draw(&self, logits: &[f32], random: &mut impl Rng) -> usize {
        if self.temperature == 0.0 {
            return argmax(logits);
        }
        // Kept in falling order where something is left out, else in the order of the indices.
        let falling = |k| {
            let kept = likeliest(logits, k);
            let shift = logits[kept[0]];
            (kept, shift)
        };
        let (mut kept, shift) = if self.top_k > 0 && self.top_k < logits.len() {
            falling(self.top_k)
        } else if self.top_p < 1.0 {
            falling(logits.len())
        } else {
            ((0..logits.len()).collect(), largest(logits))
        };
        let mut p: Vec<f64> =
            kept.iter().map(|&i| libm::exp(f64::from(logits[i] - shift) / self.temperature)).collect();
        let mut total: f64 = p.iter().sum();
        if self.top_p < 1.0 {
            let mut sum = 0.0;
            let reached = p.iter().position(|x| {
                sum += x;
                sum >= self.top_p * total
            });
            if let Some(last) = reached {
                p.truncate(last + 1);
                kept.truncate(last + 1);
                total = p.iter().sum();
            }
        }
        let mut left = random.random::<f64>() * total;
        for (&i, p) in kept.iter().zip(&p) {
            left -= p;
            if left < 0.0 {
                return i;
            }
        }
        // Rounding can leave a sliver: it belongs to the last one kept.
        kept[p.len() - 1]
    }
}

/// Indices of the `k` largest logits, the largest first; ties go to the smaller index.
fn likeliest(logits: &[f32], k: usize) -> Vec<usize> {
    const RUN: usize = 64;
    let order = |a: &usize, b: &usize| logits[*b].total_cmp(&logits[*a]).then(a.cmp(b));
    let tops: Vec<f32> = logits.chunks(RUN).map(largest).collect();
    let mut kept: Vec<usize> = if k < tops.len() {
        // At least k logits are as large as the k-th largest of the runs' largest: all others are out.
        let least = *tops.clone().select_nth_unstable_by(k - 1, |a, b| b.total_cmp(a)).1;
        let mut kept = Vec::with_capacity(2 * k);
        for (run, (logits, top)) in logits.chunks(RUN).zip(&tops).enumerate() {
            if *top >= least {
                kept.extend(
                    logits.iter().enumerate().filter(|(_, l)| **l >= least).map(|(i, _)| run * RUN + i),
                );
            }
        }
        kept
    } else {
        (0..logits.len()).collect()
    };
    if k < kept.len() {
        kept.select_nth_unstable_by(k - 1, order);
        kept.truncate(k);
    }
    kept.sort_unstable_by(order);
    kept
}

/// Index of the largest logit, the smallest such index.
pub fn argmax(logits: &[f32]) -> usize {
    let top = largest(logits);
    logits.iter().position(|l| *l == top).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use palette_tables::stream;
    use rand_chacha::ChaCha8Rng;

    fn frequencies(sampler: Sampler, logits: &[f32]) -> Vec<f64> {
        let mut random = stream(3, "frequencies", "");
        let mut counts = vec![0.0; logits.len()];
        for _ in 0..20_000 {
            counts[sampler.draw(logits, &mut random)] += 1.0 / 20_000.0;
        }
        counts
    }

    fn check(sampler: Sampler, expected: &[f64]) {
        let logits: Vec<f32> = [0.1f32, 0.4, 0.2, 0.3].map(f32::ln).to_vec();
        for (got, p) in frequencies(sampler, &logits).iter().zip(expected) {
            assert!(
                (got - p).abs() < 4.5 * (p * (1.0 - p) / 20_000.0).sqrt() + 1e-12,
                "{sampler:?}: {got}, expected {p}"
            );
        }
    }

    #[test]
    fn frequencies_follow_the_settings() {
        let all = Sampler { temperature: 1.0, top_k: 0, top_p: 1.0 };
        check(all, &[0.1, 0.4, 0.2, 0.3]);
        check(Sampler { top_k: 2, ..all }, &[0.0, 4.0 / 7.0, 0.0, 3.0 / 7.0]);
        check(Sampler { top_p: 0.65, ..all }, &[0.0, 4.0 / 7.0, 0.0, 3.0 / 7.0]);
        check(Sampler { top_p: 0.75, ..all }, &[0.0, 4.0 / 9.0, 2.0 / 9.0, 3.0 / 9.0]);
        check(Sampler { temperature: 0.5, ..all }, &[1.0 / 30.0, 16.0 / 30.0, 4.0 / 30.0, 9.0 / 30.0]);
        check(Sampler { temperature: 0.0, ..all }, &[0.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn streams_differ_by_seed_prompt_and_tag() {
        let first = |mut s: ChaCha8Rng| s.random::<u64>();
        let one = first(stream(1, "a", "b"));
        assert_eq!(one, first(stream(1, "a", "b")));
        for other in [stream(2, "a", "b"), stream(1, "ab", ""), stream(1, "a", "c")] {
            assert_ne!(one, first(other));
        }
    }

    #[test]
    fn the_likeliest_come_in_order_and_ties_go_to_the_smaller_index() {
        // 1000 logits of which many are equal.
        let logits: Vec<f32> = (0..1000).map(|i| ((i * 7919) % 101) as f32).collect();
        let mut all: Vec<usize> = (0..1000).collect();
        all.sort_by(|a, b| logits[*b].total_cmp(&logits[*a]).then(a.cmp(b)));
        for k in [1, 2, 7, 15, 16, 50, 400, 999, 1000] {
            assert_eq!(likeliest(&logits, k), all[..k], "k = {k}");
        }
        assert_eq!(argmax(&logits), all[0]);
    }
}
