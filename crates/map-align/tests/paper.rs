//! The solver against reference solutions on the MAP authors' table (2312 answers of Llama2-7B-chat, six
//! rewards).

use map_align::{Bounds, Problem, Ranges, Verdict, VertexPool, assess};
use ndarray::Array2;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Deserialize)]
struct Reference {
    name: String,
    values: Vec<String>,
    c: Vec<f64>,
    lp_max_slack_in_sd: f64,
    feasible_on_sample: bool,
    lambda_exact: Option<Vec<f64>>,
    #[serde(rename = "dual_value_equals_KL_nats")]
    kl: Option<f64>,
    realized: Option<Vec<f64>>,
    ess: Option<f64>,
}

fn shared() -> PathBuf {
    std::env::var_os("MAP_PALETTE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from)
}

#[test]
fn every_reference_solution_is_met() {
    let folder = shared().join("data/map-paper");
    let (Ok(table), Ok(expected)) = (
        std::fs::read_to_string(folder.join("rewards_llama2_chat.csv")),
        std::fs::read_to_string(folder.join("reference_solutions.json")),
    ) else {
        println!("skipped: the reference data is not beside this checkout");
        return;
    };
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let names: Vec<String> = reader.headers().expect("header").iter().map(String::from).collect();
    let rows: Vec<Vec<f64>> = reader.deserialize().map(|r| r.expect("a row of numbers")).collect();
    let rewards = Array2::from_shape_fn((rows.len(), names.len()), |(j, i)| rows[j][i]);
    let references: Vec<Reference> = serde_json::from_str(&expected).expect("reference solutions");
    assert_eq!(references.len(), 14);
    for reference in references {
        let columns: Vec<usize> =
            reference.values.iter().map(|v| names.iter().position(|n| n == v).expect("a column")).collect();
        let problem =
            Problem::new(rewards.select(ndarray::Axis(1), &columns), &[rows.len()]).expect("a good table");
        let c: Vec<Bounds> = reference.c.iter().map(|c| Bounds::at_least(*c)).collect();
        let got = assess(&problem, &mut VertexPool::default(), &c, None, Ranges::All);
        let name = &reference.name;
        let slack = got.slack.expect("a slack");
        assert!(
            (slack - reference.lp_max_slack_in_sd).abs() < 1e-6,
            "{name}: slack {slack}, expected {}",
            reference.lp_max_slack_in_sd
        );
        if reference.feasible_on_sample {
            assert_eq!(got.verdict, Verdict::Reachable, "{name}");
            let s = &got.solution;
            assert!(s.kkt_residual <= 1e-9, "{name}: residual {}", s.kkt_residual);
            for (i, exact) in reference.lambda_exact.as_ref().expect("an exact lambda").iter().enumerate() {
                let error = (s.lambda[i] - exact).abs();
                // Relative, but for numbers that are themselves below 1e-6.
                assert!(
                    error <= 1e-6 * if exact.abs() < 1e-6 { 1.0 } else { exact.abs() },
                    "{name}: lambda {i} is {}, expected {exact}",
                    s.lambda[i]
                );
                assert_eq!(s.lambda[i] == 0.0, *exact == 0.0, "{name}: zeros are exact");
            }
            assert!((s.kl - reference.kl.expect("a KL")).abs() < 1e-8, "{name}: KL {}", s.kl);
            for (level, expected) in
                s.realised.iter().zip(reference.realized.as_ref().expect("realised levels"))
            {
                assert!((level - expected).abs() < 1e-7, "{name}: realised {level}, expected {expected}");
            }
            let ess = map_align::effective_samples(&problem, &s.weights);
            assert!((ess / reference.ess.expect("an ESS") - 1.0).abs() < 1e-6, "{name}: ESS {ess}");
        } else {
            assert_eq!(got.verdict, Verdict::Unreachable, "{name}");
            let proof = got.certificate.expect("a certificate");
            // Check it as anyone can: one pass over the table, in the values' own units.
            let sd = |i: usize| problem.standard_deviation(i);
            let score = |r: &dyn Fn(usize) -> f64| {
                (0..columns.len()).map(|i| proof.direction[i] * r(i) / sd(i)).sum::<f64>()
            };
            let best = rows.iter().map(|row| score(&|i| row[columns[i]])).fold(f64::NEG_INFINITY, f64::max);
            let asked = score(&|i| reference.c[i]);
            assert!(
                asked > best && proof.direction.iter().all(|d| *d >= 0.0),
                "{name}: the certificate does not check"
            );
            assert!((asked - best - (proof.asked - proof.best)).abs() < 1e-9, "{name}");
            assert!(got.scale_back.is_some_and(|s| s > 0.0 && s < 1.0), "{name}");
        }
    }
}
