//! Whether new prompts give something else anyway than those that a palette was solved on.

use super::choose::rows_of;
use crate::asked::AskedTarget;
use crate::interval::{Estimate, standard_error, student_at};
use palette_tables::SampleSet;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// How the base mean of a value differs between two sets of prompts; in the value's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaseShift {
    pub name: String,
    /// Base mean on the prompts that the palette was solved on, and on the new ones; prompts weigh alike.
    pub pilot: f64,
    pub new: f64,
    /// 95% interval of the difference `new` − `pilot` (Welch).
    pub interval: [f64; 2],
    /// Two-sided p-value that the means are the same (Welch's t-test over prompts).
    pub p: f64,
    /// Whether they differ at 5% with all values looked at (Holm 1979).
    pub significant: bool,
}

/// Compares the base means of `drafts` with those of the prompts that the palette was solved on; only values that
/// both have, and nothing where either has fewer than two prompts.
pub fn base_shifts(asked: &[AskedTarget], drafts: &SampleSet) -> Vec<BaseShift> {
    let mut shifts: Vec<BaseShift> = asked
        .iter()
        .filter_map(|asked| {
            let i = drafts.value_index(asked.value())?;
            let means: Vec<f64> = rows_of(drafts)
                .iter()
                .filter(|rows| {
                    asked.group.as_ref().is_none_or(|group| drafts.answers[rows[0]].group == *group)
                })
                .map(|rows| {
                    rows.iter().map(|j| drafts.answers[*j].rewards[i]).sum::<f64>() / rows.len() as f64
                })
                .collect();
            let pilot = Mean { mean: asked.base, error: asked.base_error?, count: asked.prompts };
            let new =
                Mean { mean: Estimate::of(&means).mean, error: standard_error(&means)?, count: means.len() };
            shift(&asked.name, pilot, new)
        })
        .collect();
    let mut order: Vec<usize> = (0..shifts.len()).collect();
    order.sort_by(|a, b| shifts[*a].p.total_cmp(&shifts[*b].p));
    for (rank, at) in order.iter().enumerate() {
        if shifts[*at].p > 0.05 / (shifts.len() - rank) as f64 {
            break;
        }
        shifts[*at].significant = true;
    }
    shifts
}

/// A mean with its standard error, over `count` prompts.
#[derive(Clone, Copy)]
struct Mean {
    mean: f64,
    error: f64,
    count: usize,
}

fn shift(name: &str, pilot: Mean, new: Mean) -> Option<BaseShift> {
    if pilot.count < 2 || new.count < 2 {
        return None;
    }
    let difference = new.mean - pilot.mean;
    let error = pilot.error.hypot(new.error);
    let found = |interval: [f64; 2], p: f64| BaseShift {
        name: name.to_owned(),
        pilot: pilot.mean,
        new: new.mean,
        interval,
        p,
        significant: false,
    };
    if error == 0.0 {
        // Constant on both: they differ or they do not.
        return Some(found([difference; 2], if difference == 0.0 { 1.0 } else { 0.0 }));
    }
    // Welch-Satterthwaite, of variances as shares of the whole.
    let share = |mean: Mean| (mean.error / error).powi(4) / (mean.count as f64 - 1.0);
    let degrees = 1.0 / (share(pilot) + share(new));
    let t = StudentsT::new(0.0, 1.0, degrees).ok()?;
    let half = student_at(0.975, degrees) * error;
    Some(found([difference - half, difference + half], 2.0 * t.sf((difference / error).abs())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(x: &[f64]) -> Mean {
        Mean { mean: Estimate::of(x).mean, error: standard_error(x).expect("an error"), count: x.len() }
    }

    #[test]
    fn welch_agrees_with_a_known_case() {
        let (a, b) = (of(&[1.0, 2.0, 3.0, 4.0, 5.0]), of(&[4.0, 6.0, 5.0, 8.0, 9.0, 7.0]));
        // t = 3.3627 with 8.989 degrees of freedom; p by integrating the density numerically.
        let found = shift("x", a, b).expect("a shift");
        assert!((found.p - 0.008_367_380).abs() < 1e-7, "{}", found.p);
        assert!((found.new - found.pilot - 3.5).abs() < 1e-12);
        assert!(found.interval[0] > 0.0);
    }

    #[test]
    fn only_what_differs_is_significant() {
        let mut drafts = super::super::testing::drafts(40);
        for answer in &mut drafts.answers {
            let noise = ((answer.prompt * 37) % 11) as f64 * 0.1;
            answer.rewards.iter_mut().for_each(|r| *r += noise);
        }
        let asked = |name: &str, base: f64| AskedTarget {
            name: name.into(),
            group: None,
            lower: None,
            upper: None,
            relative: false,
            base,
            base_error: Some(0.05),
            prompts: 40,
        };
        // The new prompts give 1.5 of a and 0.5 of b.
        let shifts = base_shifts(&[asked("a", 1.1), asked("b", 0.5)], &drafts);
        assert_eq!(shifts.iter().map(|s| s.significant).collect::<Vec<_>>(), [true, false]);
    }
}
