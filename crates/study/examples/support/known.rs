//! A distribution that is known: values that go with one another, prompts that differ in what they give and in how much
//! their answers differ, and rewards that lean to one side.

use palette_tables::{Answer, SampleSet, Value};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Draws from it: four values, so many prompts and answers to each.
pub(crate) fn known(prompts: usize, answers: usize, seed: u64) -> SampleSet {
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
    let mut normal = || -> f64 {
        let (u, v): (f64, f64) = (random.random::<f64>().max(1e-300), random.random());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    };
    let mut set = SampleSet {
        name: "known".into(),
        about: String::new(),
        values: ["a", "b", "c", "d"]
            .map(|name| Value { name: name.into(), unit: String::new(), measured: String::new() })
            .into(),
        prompts: (0..prompts).map(|g| format!("{seed}-{g}")).collect(),
        answers: Vec::new(),
        prompt_weights: Vec::new(),
    };
    for g in 0..prompts {
        let mean: Vec<f64> = (0..4).map(|_| 0.7 * normal()).collect();
        let spread = (0.4 * normal()).exp();
        for _ in 0..answers {
            let e: Vec<f64> = (0..4).map(|_| normal()).collect();
            let lean = |x: f64| 0.8 * x + 0.3 * (x * x - 1.0);
            let rewards = vec![
                mean[0] + spread * lean(e[0]),
                mean[1] + spread * (0.8 * e[1] - 0.4 * e[0]),
                mean[2] + spread * lean(0.6 * e[2] + 0.6 * e[1]),
                mean[3] + 0.5 * e[3] + 0.3 * e[0],
            ];
            set.answers.push(Answer::new(g, String::new(), rewards));
        }
    }
    set
}
