//! Which figures of a comparison are the best of their column.

use palette_study::align::{AskedTarget, MeasuredValue};
use palette_study::compare::{Comparison, Method};
use palette_study::interval::Estimate;

/// What is best about a value that was asked: the word for it, and what must be small to be so.
pub(super) fn best_of(asked: &AskedTarget) -> (&'static str, impl Fn(f64) -> f64 + use<>) {
    let [lower, upper] = asked.measured_bounds();
    let word = match (lower, upper) {
        (Some(_), None) => "most",
        (None, Some(_)) => "least",
        _ => "nearest",
    };
    let off = move |x: f64| match (lower, upper) {
        (Some(_), None) => -x,
        (None, Some(_)) => x,
        (lower, upper) => {
            lower.map_or(0.0, |c| (c - x).max(0.0)).max(upper.map_or(0.0, |c| (x - c).max(0.0)))
        }
    };
    (word, off)
}

/// The level of a value, or its lift where it was asked so; `None` where the method could not be had.
pub(super) fn measured_of<'a>(
    method: &'a Method,
    asked: &AskedTarget,
) -> Option<(&'a MeasuredValue, Estimate)> {
    let value = method.measured.as_ref()?.values.iter().find(|value| value.name == asked.name)?;
    Some((value, if asked.relative { value.lift } else { value.expected }))
}

/// The indices of the methods with the least `of`, several where they are level; none where all are.
pub(super) fn least(comparison: &Comparison, of: impl Fn(&Method) -> Option<f64>) -> Vec<usize> {
    let all: Vec<(usize, f64)> = comparison
        .methods
        .iter()
        .enumerate()
        .filter_map(|(i, method)| Some((i, of(method).filter(|x| x.is_finite())?)))
        .collect();
    let Some(least) = all.iter().map(|(_, x)| *x).min_by(f64::total_cmp) else { return Vec::new() };
    let level = 1e-9 * (1.0 + least.abs());
    let best: Vec<usize> = all.iter().filter(|(_, x)| *x <= least + level).map(|(i, _)| *i).collect();
    if best.len() == all.len() { Vec::new() } else { best }
}

/// The methods that meet the most targets, and the cheapest of several; none where none meets any.
pub(super) fn most_met(comparison: &Comparison) -> (Vec<usize>, Vec<usize>) {
    let met = |method: &Method| method.targets.map(|targets| targets.met);
    let at_most = comparison.methods.iter().filter_map(met).max().unwrap_or(0);
    if at_most == 0 {
        return (Vec::new(), Vec::new());
    }
    let meets = |method: &Method| met(method) == Some(at_most);
    let most: Vec<usize> =
        comparison.methods.iter().enumerate().filter(|(_, method)| meets(method)).map(|(i, _)| i).collect();
    let cheapest = least(comparison, |method| {
        method.measured.as_ref().filter(|_| meets(method)).map(|measured| measured.kl.mean)
    });
    (most, cheapest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use palette_study::ByName;
    use palette_study::align::Measured;
    use palette_study::compare::{MethodKind, Tally};

    fn asked(lower: Option<f64>, upper: Option<f64>) -> AskedTarget {
        AskedTarget {
            name: "wit".into(),
            group: None,
            lower,
            upper,
            relative: false,
            base: 0.0,
            base_error: None,
            prompts: 3,
        }
    }

    fn method(met: usize, kl: Option<f64>) -> Method {
        let measured =
            kl.map(|mean| Measured { prompts: 3, kl: Estimate { mean, interval: None }, values: Vec::new() });
        Method {
            kind: MethodKind::Base,
            name: String::new(),
            about: String::new(),
            lambda: Some(ByName::default()),
            pilot_kl: None,
            targets: measured.is_some().then_some(Tally { asked: 3, decided: 3, met, near: 0 }),
            measured,
            picked: Vec::new(),
            verdict: None,
            reason: None,
            parts: Vec::new(),
            random: None,
        }
    }

    fn comparison(methods: Vec<Method>) -> Comparison {
        Comparison {
            k: 4,
            seed: 1,
            prompts: 3,
            asked: Vec::new(),
            raised: Vec::new(),
            shifts: Vec::new(),
            pick_numbers: Vec::new(),
            methods,
            notes: Vec::new(),
        }
    }

    #[test]
    fn what_is_best_depends_on_what_was_asked() {
        let order = |asked: &AskedTarget| {
            let (word, off) = best_of(asked);
            (word, off(0.1) < off(0.9))
        };
        assert_eq!(order(&asked(Some(0.5), None)), ("most", false));
        assert_eq!(order(&asked(None, Some(0.5))), ("least", true));
        assert_eq!(order(&asked(Some(0.2), Some(0.2))), ("nearest", true));
    }

    #[test]
    fn the_cheapest_is_one_of_those_that_meet_most() {
        let found = most_met(&comparison(vec![
            method(0, Some(0.0)),
            method(2, Some(0.9)),
            method(2, Some(0.4)),
            method(3, None),
        ]));
        assert_eq!(found, (vec![1, 2], vec![2]));
        assert_eq!(most_met(&comparison(vec![method(0, Some(0.0)), method(0, Some(0.1))])), (vec![], vec![]));
        // One alone is not the cheapest of several.
        assert_eq!(
            most_met(&comparison(vec![method(1, Some(0.3)), method(2, Some(0.9))])),
            (vec![1], vec![])
        );
    }
}
