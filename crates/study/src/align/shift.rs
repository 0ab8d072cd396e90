//! Whether new prompts give something else anyway than those that a palette was solved on.

use super::choose::rows_of;
use crate::interval::student;
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

/// Compares the base means of the values that both sets have; empty where either has fewer than two prompts.
pub fn base_shifts(pilot: &SampleSet, new: &SampleSet) -> Vec<BaseShift> {
    let mut shifts: Vec<BaseShift> = pilot
        .values
        .iter()
        .enumerate()
        .filter_map(|(i, value)| {
            let k = new.value_index(&value.name)?;
            shift(&value.name, &prompt_means(pilot, i), &prompt_means(new, k))
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

fn prompt_means(set: &SampleSet, i: usize) -> Vec<f64> {
    let of = |rows: &Vec<usize>| {
        let mass: f64 = rows.iter().map(|j| set.answers[*j].weight).sum();
        rows.iter().map(|j| set.answers[*j].weight / mass * set.answers[*j].rewards[i]).sum::<f64>()
    };
    rows_of(set).iter().map(of).filter(|mean| mean.is_finite()).collect()
}

fn shift(name: &str, a: &[f64], b: &[f64]) -> Option<BaseShift> {
    let moments = |x: &[f64]| {
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        (mean, x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0) / n)
    };
    if a.len() < 2 || b.len() < 2 {
        return None;
    }
    let ((pilot, va), (new, vb)) = (moments(a), moments(b));
    let difference = new - pilot;
    let error = (va + vb).sqrt();
    if error == 0.0 {
        let (p, significant) = if difference == 0.0 { (1.0, false) } else { (0.0, false) };
        return Some(BaseShift { name: name.into(), pilot, new, interval: [difference; 2], p, significant });
    }
    // Welch-Satterthwaite.
    let degrees = (va + vb).powi(2) / (va * va / (a.len() as f64 - 1.0) + vb * vb / (b.len() as f64 - 1.0));
    let t = StudentsT::new(0.0, 1.0, degrees).ok()?;
    let p = 2.0 * t.sf((difference / error).abs());
    let half = student(0.975, degrees.floor().max(1.0) as usize) * error;
    Some(BaseShift {
        name: name.into(),
        pilot,
        new,
        interval: [difference - half, difference + half],
        p,
        significant: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn welch_agrees_with_a_known_case() {
        // t = 3.3627 with 8.989 degrees of freedom; p by integrating the density numerically.
        let found = shift("x", &[1.0, 2.0, 3.0, 4.0, 5.0], &[4.0, 6.0, 5.0, 8.0, 9.0, 7.0]).expect("a shift");
        assert!((found.p - 0.008_367_380).abs() < 1e-7, "{}", found.p);
        assert!((found.new - found.pilot - 3.5).abs() < 1e-12);
        assert!(found.interval[0] > 0.0);
    }

    #[test]
    fn only_what_differs_is_significant() {
        let set = |shift: f64| {
            let mut set = super::super::testing::drafts(40);
            for answer in &mut set.answers {
                let noise = ((answer.prompt * 37) % 11) as f64 * 0.1;
                answer.rewards[0] += noise + shift;
                answer.rewards[1] += noise;
            }
            set
        };
        let shifts = base_shifts(&set(0.0), &set(0.4));
        assert_eq!(shifts.iter().map(|s| s.significant).collect::<Vec<_>>(), [true, false]);
    }
}
