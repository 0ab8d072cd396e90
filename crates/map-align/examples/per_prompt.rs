//! Answers that compete with those to the same prompt only, and intervals over other prompts.

use map_align::{Bounds, Problem, ProblemError, Units, bootstrap, held_out, solve, standard_errors};
use ndarray::Array2;

fn main() -> Result<(), ProblemError> {
    // 200 prompts with eight answers each. Rewards depend on the prompt as well as on the answer.
    let (prompts, drafts) = (200, 8);
    let rewards = Array2::from_shape_fn((prompts * drafts, 2), |(j, i)| {
        let prompt = ((j / drafts) as f64 * 1.3 + i as f64).sin();
        prompt + ((j * (3 * i + 5)) as f64 * 0.83).cos()
    });
    let problem = Problem::new(rewards, &vec![drafts; prompts])?;
    let palette = [Bounds::at_least(problem.mean(0) + 0.3), Bounds::at_least(problem.mean(1) + 0.2)];
    let solution = solve(&problem, &palette, None);
    assert!(solution.converged());
    println!("{:.4} nats of the {:.4} that one of {drafts} can have", solution.kl, problem.largest_kl());

    // The prompts are the sampling units.
    let units = Units::new(&problem, None);
    let resampled = bootstrap(&problem, &units, &palette, &solution, 200, 1);
    let errors = standard_errors(&problem, &solution.weights);
    println!("reachable on {:.0}% of the resamples", 100.0 * resampled.probability_reachable());
    for i in 0..2 {
        println!(
            "value {i}: realised {:.3} ± {:.3}, λ {:.3}",
            solution.realised[i], errors[i], solution.lambda[i]
        );
        for (name, interval) in [("λ", &resampled.lambda), ("level", &resampled.realised)] {
            if let Some([low, high]) = interval.as_ref().map(|intervals| intervals[i]) {
                println!("  95% interval of the {name}: {low:.3} to {high:.3}");
            }
        }
    }
    for column in held_out(&problem, &units, &palette, Some(&solution), 100, 1).columns.into_iter().flatten()
    {
        println!("on the other half of the prompts: {:.3}, met on {:.0}%", column.mean, 100.0 * column.met);
    }
    Ok(())
}
