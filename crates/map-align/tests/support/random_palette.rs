//! Random tables and palettes of every kind that the solver must cope with.

use map_align::{BaseWeights, Bounds, Problem};
use ndarray::Array2;
use proptest::prelude::*;

/// How many cases to try: `usual`, or what `MAP_PALETTE_CASES` says.
pub(crate) fn cases(usual: u32) -> u32 {
    std::env::var("MAP_PALETTE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// A table in groups, with base weights, and a palette.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub rewards: Array2<f64>,
    pub sizes: Vec<usize>,
    pub answer_weights: Option<Vec<f64>>,
    pub group_weights: Option<Vec<f64>>,
    pub bounds: Vec<Bounds>,
}

impl Case {
    pub(crate) fn problem(&self) -> Problem {
        let weights =
            BaseWeights { answers: self.answer_weights.as_deref(), groups: self.group_weights.as_deref() };
        Problem::weighted(self.rewards.clone(), &self.sizes, weights).expect("a finite table")
    }

    /// π_g q_gj of every row, and π_g of every group.
    pub(crate) fn shares(&self) -> (Vec<f64>, Vec<f64>) {
        let total: f64 = self.group_weights.as_ref().map_or(self.sizes.len() as f64, |w| w.iter().sum());
        let (mut shares, mut groups, mut start) = (Vec::new(), Vec::new(), 0);
        for (g, &size) in self.sizes.iter().enumerate() {
            let pi = self.group_weights.as_ref().map_or(1.0, |w| w[g]) / total;
            let own = |j: usize| self.answer_weights.as_ref().map_or(1.0, |w| w[j]);
            let sum: f64 = (start..start + size).map(own).sum();
            shares.extend((start..start + size).map(|j| pi * own(j) / sum));
            groups.push(pi);
            start += size;
        }
        (shares, groups)
    }
}

/// How a column is made.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Plain,
    Constant,
    /// The first column again, in another unit.
    Copy,
    /// A sum of the columns before.
    Sum,
    /// A few huge rewards.
    Heavy,
    /// 0 or 1.
    Binary,
    /// One row apart from the others.
    Spike,
    /// Against the first column.
    Opposite,
    /// The same for all answers of a group.
    PerGroup,
}

/// How a bound is placed.
#[derive(Clone, Copy, Debug)]
enum Ask {
    Off,
    AtLeast(f64),
    AtMost(f64),
    Exactly(f64),
    Between(f64, f64),
    /// At least the base mean.
    Keep,
    /// At least the largest reward of all.
    Top,
    /// At most the base mean.
    KeepBelow,
    /// Exactly the smallest reward.
    ExactlyBottom,
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        8 => Just(Kind::Plain), 1 => Just(Kind::Constant), 1 => Just(Kind::Copy), 1 => Just(Kind::Sum),
        2 => Just(Kind::Heavy),
        1 => Just(Kind::Binary), 1 => Just(Kind::Spike), 1 => Just(Kind::Opposite), 1 => Just(Kind::PerGroup),
    ]
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        3 => Just(Ask::Off),
        6 => (-1.0..1.5f64).prop_map(Ask::AtLeast),
        2 => (-1.5..1.0f64).prop_map(Ask::AtMost),
        1 => (-0.8..0.8f64).prop_map(Ask::Exactly),
        1 => (-1.0..1.0f64, 0.0..0.8f64).prop_map(|(a, width)| Ask::Between(a, a + width)),
        2 => Just(Ask::Keep), 1 => Just(Ask::Top), 1 => Just(Ask::KeepBelow), 1 => Just(Ask::ExactlyBottom),
    ]
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    let sizes = prop_oneof![
        3 => prop::collection::vec(1usize..9, 1..6),
        1 => (1usize..40).prop_map(|n| vec![n]),
        1 => prop::collection::vec(Just(1usize), 1..12),
        1 => Just(vec![1]),
    ];
    (1usize..7, sizes).prop_flat_map(|(m, sizes)| {
        let n: usize = sizes.iter().sum();
        (
            prop::collection::vec(-3.0..3.0f64, n * m),
            prop::collection::vec((kind(), -9i32..10, -1.0..1.0f64), m),
            prop::collection::vec(ask(), m),
            prop::option::weighted(
                0.2,
                prop::collection::vec(prop_oneof![1 => Just(0.0), 5 => 0.01..5.0f64], n),
            ),
            prop::option::weighted(
                0.2,
                prop::collection::vec(prop_oneof![1 => Just(0.0), 5 => 0.01..5.0f64], sizes.len()),
            ),
            prop::bool::weighted(0.2),
            Just(sizes),
        )
            .prop_map(
                move |(cells, kinds, asks, mut answer_weights, mut group_weights, doubled, sizes)| {
                    let mut r = Array2::from_shape_vec((n, m), cells).expect("n·m cells");
                    if doubled {
                        for j in (1..n).step_by(2) {
                            let before = r.row(j - 1).to_owned();
                            r.row_mut(j).assign(&before);
                        }
                    }
                    let group_of: Vec<usize> =
                        sizes.iter().enumerate().flat_map(|(g, s)| std::iter::repeat_n(g, *s)).collect();
                    for (i, (kind, ..)) in kinds.iter().enumerate() {
                        let first = r.column(0).to_owned();
                        match kind {
                            Kind::Plain => {}
                            Kind::Constant => r.column_mut(i).fill(1.25),
                            Kind::Copy => r.column_mut(i).assign(&(3.0 * &first + 1.0)),
                            Kind::Opposite => r.column_mut(i).assign(&(-2.0 * &first)),
                            Kind::Sum => {
                                let sum = (0..i).fold(ndarray::Array1::zeros(n), |sum, k| sum + r.column(k));
                                r.column_mut(i).assign(&sum);
                            }
                            Kind::Heavy => r.column_mut(i).mapv_inplace(|x| x.powi(3).exp().min(1e6)),
                            Kind::Binary => r.column_mut(i).mapv_inplace(|x| if x > 0.0 { 1.0 } else { 0.0 }),
                            Kind::Spike => {
                                (0..n).for_each(|j| r[[j, i]] = if j == n / 2 { 1.0 } else { 0.0 });
                            }
                            Kind::PerGroup => {
                                (0..n).for_each(|j| r[[j, i]] = (group_of[j] as f64 * 1.7).sin());
                            }
                        }
                    }
                    for (i, (_, power, shift)) in kinds.iter().enumerate() {
                        r.column_mut(i).mapv_inplace(|x| (x + shift) * 10f64.powi(*power));
                    }
                    // Something must weigh in every group that weighs, and in the whole.
                    if let Some(w) = &mut answer_weights {
                        let mut start = 0;
                        for size in &sizes {
                            w[start] = w[start].max(0.5);
                            start += size;
                        }
                    }
                    if let Some(w) = &mut group_weights {
                        w[0] = w[0].max(0.5);
                    }
                    let mut case =
                        Case { rewards: r, sizes, answer_weights, group_weights, bounds: Vec::new() };
                    let problem = case.problem();
                    case.bounds = asks
                        .iter()
                        .enumerate()
                        .map(|(i, ask)| {
                            let at = |t: f64| problem.mean(i) + t * problem.standard_deviation(i);
                            let column = case.rewards.column(i);
                            match *ask {
                                Ask::Off => Bounds::OFF,
                                Ask::AtLeast(t) => Bounds::at_least(at(t)),
                                Ask::AtMost(t) => Bounds::at_most(at(t)),
                                Ask::Exactly(t) => Bounds::exactly(at(t)),
                                Ask::Between(a, b) => Bounds::between(at(a), at(b)),
                                Ask::Keep => Bounds::at_least(at(0.0)),
                                Ask::KeepBelow => Bounds::at_most(at(0.0)),
                                Ask::Top => {
                                    Bounds::at_least(column.fold(f64::NEG_INFINITY, |a, b| a.max(*b)))
                                }
                                Ask::ExactlyBottom => {
                                    Bounds::exactly(column.fold(f64::INFINITY, |a, b| a.min(*b)))
                                }
                            }
                        })
                        .collect();
                    case
                },
            )
    })
}
