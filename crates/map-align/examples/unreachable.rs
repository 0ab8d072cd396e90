//! A palette out of reach: its proof is checked from the rewards alone, then the nearest palette is found.

use map_align::{Bounds, Problem, ProblemError, Ranges, Repair, Verdict, VertexPool, assess, repair};
use ndarray::Array2;

fn main() -> Result<(), ProblemError> {
    // The second value goes against the first.
    let rewards = Array2::from_shape_fn((500, 3), |(j, i)| {
        let [first, own] = [(j as f64 * 1.3).sin(), (j as f64 * 0.7).cos()];
        [first, 0.3 * own - first, own][i]
    });
    let problem = Problem::new(rewards.clone(), &[500])?;
    let asked = [0.5, 0.4, 0.2];
    let palette = asked.map(Bounds::at_least);
    let mut pool = VertexPool::default();
    let found = assess(&problem, &mut pool, &palette, None, Ranges::None);
    assert_eq!(found.verdict, Verdict::Unreachable);

    // Along the direction d of the proof the palette asks for d·c. No weighting gives more than the best
    // answer does.
    let proof = found.certificate.expect("what is out of reach has a proof");
    let d: Vec<f64> = (0..3).map(|i| proof.direction[i] / problem.standard_deviation(i)).collect();
    let along = |r: &[f64]| d.iter().zip(r).map(|(d, r)| d * r).sum::<f64>();
    let best = rewards.rows().into_iter().map(|r| along(&r.to_vec())).fold(f64::NEG_INFINITY, f64::max);
    println!("along {d:.3?} the palette asks for {:.4}; the best answer has {best:.4}", along(&asked));
    assert!(d.iter().all(|d| *d >= 0.0) && along(&asked) > best);

    let nearest = repair(&problem, &mut pool, &palette, &Repair::Nearest).expect("no column is constant");
    let levels: Vec<f64> = nearest.bounds.iter().filter_map(|b| b.lower).collect();
    println!("nearest palette {levels:.4?}, {:.3} standard deviations away", nearest.distance);

    // On the edge λ has no bound: a little less is reachable.
    let inside: Vec<Bounds> = nearest.bounds.iter().map(|b| b.map(|level| level - 0.02)).collect();
    let again = assess(&problem, &mut pool, &inside, None, Ranges::None);
    println!("0.02 below it: {:?} at {:.3} nats", again.verdict, again.solution.kl);
    assert_eq!(again.verdict, Verdict::Reachable);
    Ok(())
}
