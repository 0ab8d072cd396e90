//! Bounds far from anything that an answer has: met by far they change nothing, missed by far they are out of
//! reach, and no number that comes out is infinite or none.

use map_align::{Assessment, Bounds, Problem, Ranges, Verdict, VertexPool, assess};
use ndarray::Array2;

fn problem() -> Problem {
    let rewards =
        Array2::from_shape_fn((40, 3), |(i, j)| ((i * 7 + j * 5) as f64 * 0.9).sin() + 0.1 * j as f64);
    Problem::new(rewards, &[12, 28]).expect("a good table")
}

fn assessed(bounds: &[Bounds]) -> Assessment {
    let found = assess(&problem(), &mut VertexPool::default(), bounds, None, Ranges::All);
    let solution = &found.solution;
    let numbers = solution.lambda.iter().chain(&solution.realised).chain(&solution.weights);
    let numbers = numbers.chain([&solution.kl, &solution.kkt_residual, &solution.duality_gap]);
    let certificate =
        found.certificate.iter().flat_map(|c| [&c.asked, &c.best].into_iter().chain(&c.direction));
    assert!(numbers.chain(certificate).chain(&found.slack).all(|x| x.is_finite()), "{bounds:?}: {found:?}");
    found
}

#[test]
fn a_bound_that_every_answer_meets_by_far_changes_nothing() {
    let near = [Bounds::at_least(0.3), Bounds::OFF, Bounds::at_least(0.2)];
    let plain = assessed(&near);
    assert_eq!(plain.verdict, Verdict::Reachable);
    for far in [1e8, 1e12, 1e14, 1e15, 1e21, 1e200, 1e308, f64::MAX] {
        let ranges = [
            [Bounds::between(0.3, far), Bounds::OFF, near[2]],
            [Bounds::between(0.3, far), Bounds::at_least(-far), near[2]],
            [near[0], Bounds::between(-far, far), Bounds::between(0.2, far)],
        ];
        for bounds in ranges {
            let found = assessed(&bounds);
            assert_eq!(found.verdict, Verdict::Reachable, "{bounds:?}");
            assert_eq!(found.solution.lambda, plain.solution.lambda, "{bounds:?}");
            assert_eq!(found.slack, plain.slack, "{bounds:?}");
            assert_eq!(found.attainable[2].highest, plain.attainable[2].highest, "{bounds:?}");
        }
    }
}

#[test]
fn a_bound_beyond_everything_is_out_of_reach_with_its_proof() {
    for far in [1e3, 1e8, 1e15, 1e200, 1e308, f64::MAX] {
        for bound in [Bounds::at_least(far), Bounds::at_most(-far), Bounds::exactly(far)] {
            let found = assessed(&[bound, Bounds::at_least(0.1), Bounds::OFF]);
            assert_eq!(found.verdict, Verdict::Unreachable, "{bound:?}");
            let proof = found.certificate.expect("a proof");
            assert!(proof.asked > proof.best && proof.direction[0] != 0.0, "{bound:?}: {proof:?}");
        }
    }
}

#[test]
fn a_constant_column_is_missed_by_a_finite_number() {
    let problem = Problem::new(Array2::from_elem((4, 1), -1e308), &[4]).expect("a good table");
    let bounds = [Bounds::at_least(1e308)];
    let found = assess(&problem, &mut VertexPool::default(), &bounds, None, Ranges::All);
    assert_eq!(found.verdict, Verdict::Unreachable);
    assert!(found.certificate.expect("a proof").asked.is_finite());
}
