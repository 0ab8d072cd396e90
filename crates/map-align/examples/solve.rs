//! A palette on an array: four values, 2,000 answers of one group.

use map_align::{Bounds, Problem, ProblemError, Ranges, VertexPool, assess, effective_samples};
use ndarray::Array2;

fn main() -> Result<(), ProblemError> {
    let names = ["helpful", "harmless", "humorous", "brief"];
    let rewards = Array2::from_shape_fn((2000, 4), |(j, i)| {
        let common = (j as f64 * 0.37).sin();
        // The second value goes against the first.
        let own = ((j * (2 * i + 3)) as f64 * 0.61).cos();
        if i == 1 { own - 0.8 * common } else { own + 0.4 * common }
    });
    let problem = Problem::new(rewards, &[2000])?;
    let palette = [
        Bounds::at_least(problem.mean(0) + 0.3 * problem.standard_deviation(0)),
        Bounds::at_least(problem.mean(1)),
        Bounds::between(-0.1, 0.1),
        Bounds::OFF,
    ];
    let found = assess(&problem, &mut VertexPool::default(), &palette, None, Ranges::All);
    println!("{:?}, slack {:.3} standard deviations", found.verdict, found.slack.unwrap_or(f64::NAN));
    for (i, name) in names.iter().enumerate() {
        let highest = found.attainable[i].highest.map_or_else(String::new, |h| format!("{h:.3}"));
        println!(
            "{name:>9}: {:+.3} → {:+.3}, λ {:+.4} nats per unit, at most {highest}",
            problem.mean(i),
            found.solution.realised[i],
            found.solution.lambda[i],
        );
    }
    let samples = effective_samples(&problem, &found.solution.weights);
    println!("{:.4} nats; {samples:.0} of {} answers count", found.solution.kl, problem.rows());
    Ok(())
}
