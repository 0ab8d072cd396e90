//! Where weighing single values fails: what tilting by two values makes of something that depends on both,
//! against the best that the same KL can make of it.

use crate::Pooling;
use crate::cells::cell;
use crate::compose::Composer;
use crate::prepared::PreparedTable;
use crate::studies::Progress;
use map_align::{Problem, levels_by_group, scale_to_kl, tilt};
use palette_tables::csv_text::Writer;
use palette_tables::quantile::quantile;
use palette_tables::{Answer, SampleSet, Value};
use serde::{Deserialize, Serialize};

/// Known interactions of the values of a table, each weighed by single values and by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InteractionsReport {
    /// Spent by either, nats.
    pub kl: f64,
    pub interactions: Vec<InteractionRow>,
    /// What one sees.
    pub sentences: Vec<String>,
    /// Plain sentences.
    pub notes: Vec<String>,
}

/// What depends on two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interaction {
    /// z_a·z_b: both high, or both low.
    Product,
    /// max(z_a, z_b): either will do.
    Maximum,
    /// 1 where a is in its upper fifth: more than enough is no better.
    Threshold,
    /// z_a less its least, where b is at its base mean or above, else 0: “funny only if harmless”.
    OnlyIf,
}

/// One interaction of one pair; levels in standard deviations of the interaction above its base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InteractionRow {
    pub kind: Interaction,
    /// Names of a and b; of a alone for a threshold.
    pub of: Vec<String>,
    /// Lift of tilting by the best weights of a and b, either sign.
    #[serde(rename = "by_values_sd")]
    pub by_values: f64,
    /// Those weights: λ in nats per unit.
    pub lambda: Vec<f64>,
    /// Lift of tilting by the interaction itself: the most that this KL can have.
    #[serde(rename = "optimum_sd")]
    pub optimum: f64,
    /// Their ratio.
    pub share: f64,
    /// Multiple correlation of the interaction with a and b within the groups: the share at a KL near 0, and
    /// how to see it in data of one's own.
    pub correlation: f64,
}

/// Of more values than this nobody reads all interactions.
pub const MOST_INTERACTING: usize = 12;
/// Directions of weights that are tried before the best is refined.
const DIRECTIONS: usize = 24;
const REFINEMENTS: usize = 25;

/// Interactions of the values of one table, one a step.
pub struct InteractionsStudy {
    /// What the interactions are tried on: without texts, which would be copied for each.
    bare: SampleSet,
    pooling: Pooling,
    kl: f64,
    /// The values that take part, and each standardised.
    columns: Vec<usize>,
    z: Vec<Vec<f64>>,
    /// What is left to try, last first: of which two of `columns`.
    left: Vec<(Interaction, usize, usize)>,
    done: Vec<InteractionRow>,
    left_out: usize,
    steps: Progress,
}

impl Composer {
    /// Every interaction of the values called `names` (of all that vary, where there are none) at `kl` nats.
    ///
    /// # Errors
    /// A sentence when a name is unknown, fewer than two values vary, or `kl` is not above 0.
    pub fn interactions(
        &mut self,
        pooling: Pooling,
        names: &[String],
        kl: f64,
    ) -> Result<InteractionsReport, String> {
        let mut study = self.interactions_study(pooling, names, kl)?;
        while !study.progress().is_done() {
            study.step()?;
        }
        Ok(study.report())
    }

    /// The same, to be done step by step.
    ///
    /// # Errors
    /// As for [`Composer::interactions`].
    pub fn interactions_study(
        &mut self,
        pooling: Pooling,
        names: &[String],
        kl: f64,
    ) -> Result<InteractionsStudy, String> {
        if !(kl.is_finite() && kl > 0.0) {
            return Err(format!("A KL of {kl} nats spends nothing. Give a number above 0."));
        }
        let set = self.set();
        let problem = PreparedTable::new(set, pooling).map_err(|error| error.to_string())?.problem;
        let mut columns: Vec<usize> = (names.iter())
            .map(|name| {
                set.value_index(name)
                    .ok_or_else(|| format!("The table has no value called “{name}”. Check its name."))
            })
            .collect::<Result<_, _>>()?;
        if columns.is_empty() {
            columns = (0..set.values.len()).collect();
        }
        columns.retain(|i| problem.standard_deviation(*i) > 0.0);
        if columns.len() < 2 {
            return Err(
                "Interactions are of two values that vary, and there are fewer. Name two that do.".into()
            );
        }
        if columns.len() > MOST_INTERACTING {
            return Err(format!(
                "{} values have too many interactions to try. Name up to {MOST_INTERACTING} of them.",
                columns.len()
            ));
        }
        let bare = |answer: &Answer| Answer { text: String::new(), ..answer.clone() };
        let bare = SampleSet {
            name: set.name.clone(),
            about: String::new(),
            values: set.values.clone(),
            prompts: vec![String::new(); set.prompts.len()],
            answers: set.answers.iter().map(bare).collect(),
            prompt_weights: set.prompt_weights.clone(),
        };
        let standardised = |i: usize| -> Vec<f64> {
            set.column(i).iter().map(|r| (r - problem.mean(i)) / problem.standard_deviation(i)).collect()
        };
        let z = columns.iter().map(|i| standardised(*i)).collect();
        let mut left = Vec::new();
        for a in 0..columns.len() {
            for b in 0..columns.len() {
                let kinds: &[Interaction] = match a.cmp(&b) {
                    std::cmp::Ordering::Less => {
                        &[Interaction::Product, Interaction::Maximum, Interaction::OnlyIf]
                    }
                    std::cmp::Ordering::Equal => &[Interaction::Threshold],
                    std::cmp::Ordering::Greater => &[Interaction::OnlyIf],
                };
                left.extend(kinds.iter().map(|kind| (*kind, a, b)));
            }
        }
        let steps = Progress { done: 0, total: left.len() };
        left.reverse();
        Ok(InteractionsStudy { bare, pooling, kl, columns, z, left, done: Vec::new(), left_out: 0, steps })
    }
}

impl InteractionsStudy {
    /// Interactions tried.
    pub fn progress(&self) -> Progress {
        self.steps
    }

    /// Tries one more; nothing when all are tried.
    ///
    /// # Errors
    /// A sentence when weights leave nothing to choose from.
    pub fn step(&mut self) -> Result<(), String> {
        let Some((kind, a, b)) = self.left.pop() else { return Ok(()) };
        let columns = &self.columns;
        let of = if a == b { vec![columns[a]] } else { vec![columns[a], columns[b]] };
        let interaction = kind.on(&self.z[a], &self.z[b]);
        match row(&self.bare, self.pooling, kind, &of, &interaction, self.kl)? {
            Some(row) => self.done.push(row),
            None => self.left_out += 1,
        }
        self.steps.done += 1;
        Ok(())
    }

    /// What was found, of the interactions that were tried.
    pub fn report(self) -> InteractionsReport {
        let InteractionsStudy { kl, done, left_out, .. } = self;
        let notes = (left_out > 0).then(|| {
            format!(
                "{left_out} interactions are left out: they do not vary, or no weights spend {kl} nats on \
                    them or on \
                    their values."
            )
        });
        InteractionsReport {
            kl,
            sentences: seen(&done, kl),
            interactions: done,
            notes: notes.into_iter().collect(),
        }
    }
}

impl InteractionsReport {
    /// A line for each interaction, with a header.
    pub fn csv(&self) -> String {
        let mut writer = Writer::default();
        let header = ["interaction", "a", "b", "by_values_sd", "lambda_a", "lambda_b"];
        writer.row(header.into_iter().chain(["optimum_sd", "share", "correlation"]));
        for row in &self.interactions {
            let name = |at: usize| row.of.get(at).cloned().unwrap_or_default();
            let lambda = |at: usize| cell(row.lambda.get(at).copied());
            let figures = [row.optimum, row.share, row.correlation].map(|x| cell(Some(x)));
            let about = [row.kind.name().to_owned(), name(0), name(1)];
            let by_values = [cell(Some(row.by_values)), lambda(0), lambda(1)];
            writer.row(about.into_iter().chain(by_values).chain(figures));
        }
        writer.finish()
    }
}

impl Interaction {
    /// What it comes to, from two standardised values.
    fn on(self, a: &[f64], b: &[f64]) -> Vec<f64> {
        let both = || a.iter().zip(b);
        match self {
            Interaction::Product => both().map(|(a, b)| a * b).collect(),
            Interaction::Maximum => both().map(|(a, b)| a.max(*b)).collect(),
            Interaction::Threshold => {
                let enough = quantile(a, 0.8);
                a.iter().map(|a| if *a >= enough { 1.0 } else { 0.0 }).collect()
            }
            Interaction::OnlyIf => {
                let least = a.iter().copied().fold(f64::INFINITY, f64::min);
                both().map(|(a, b)| if *b >= 0.0 { a - least } else { 0.0 }).collect()
            }
        }
    }

    /// As in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Interaction::Product => "product",
            Interaction::Maximum => "maximum",
            Interaction::Threshold => "threshold",
            Interaction::OnlyIf => "only-if",
        }
    }

    /// In a sentence.
    fn called(self) -> &'static str {
        match self {
            Interaction::Product => "the product",
            Interaction::Maximum => "the maximum",
            Interaction::Threshold => "a threshold",
            Interaction::OnlyIf => "one only if the other",
        }
    }
}

/// A lift in standard deviations, and the λ that has it.
type Lift = (f64, Vec<f64>);

/// The values `of` with the interaction as one more column; `None` where it does not vary or `kl` cannot be
/// spent.
fn row(
    set: &SampleSet,
    pooling: Pooling,
    kind: Interaction,
    of: &[usize],
    interaction: &[f64],
    kl: f64,
) -> Result<Option<InteractionRow>, String> {
    let mut with = set.clone();
    with.values = of.iter().map(|i| set.values[*i].clone()).collect();
    with.values.push(Value { name: "interaction".into(), unit: String::new(), measured: String::new() });
    for (answer, x) in with.answers.iter_mut().zip(interaction) {
        answer.rewards = of.iter().map(|i| answer.rewards[*i]).chain([*x]).collect();
    }
    let problem = PreparedTable::new(&with, pooling).map_err(|error| error.to_string())?.problem;
    let last = of.len();
    let sd = problem.standard_deviation(last);
    if sd == 0.0 {
        return Ok(None);
    }
    let lift = |direction: &[f64]| -> Option<Lift> {
        let s = scale_to_kl(&problem, direction, kl)?;
        let lambda: Vec<f64> = direction.iter().map(|d| s * d).collect();
        Some(((tilt(&problem, &lambda).realised[last] - problem.mean(last)) / sd, lambda))
    };
    let mut itself = vec![0.0; last + 1];
    itself[last] = 1.0 / sd;
    let (Some((optimum, _)), Some((by_values, lambda))) = (lift(&itself), best(&problem, last, &lift)) else {
        return Ok(None);
    };
    Ok(Some(InteractionRow {
        kind,
        of: of.iter().map(|i| set.values[*i].name.clone()).collect(),
        by_values,
        lambda: lambda[..last].to_vec(),
        optimum,
        share: by_values / optimum,
        correlation: correlation(&problem, last),
    }))
}

/// The best lift over all proportions of the first `count` (one or two) columns.
fn best(problem: &Problem, count: usize, lift: &dyn Fn(&[f64]) -> Option<Lift>) -> Option<Lift> {
    let at = |angle: f64| {
        let mut direction = vec![0.0; count + 1];
        direction[0] = angle.cos() / problem.standard_deviation(0);
        if count > 1 {
            direction[1] = angle.sin() / problem.standard_deviation(1);
        }
        lift(&direction)
    };
    let turn = std::f64::consts::TAU;
    if count == 1 {
        let ends = [at(0.0), at(0.5 * turn)];
        return ends.into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0));
    }
    let width = turn / DIRECTIONS as f64;
    let tried = (0..DIRECTIONS).filter_map(|k| Some((k as f64 * width, at(k as f64 * width)?.0)));
    let (centre, _) = tried.max_by(|a, b| a.1.total_cmp(&b.1))?;
    // Golden section between the neighbours of the best.
    let golden = 0.5 * (5f64.sqrt() - 1.0);
    let (mut low, mut high) = (centre - width, centre + width);
    let value = |angle: f64| at(angle).map_or(f64::NEG_INFINITY, |(lift, _)| lift);
    for _ in 0..REFINEMENTS {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if value(left) < value(right) {
            low = left;
        } else {
            high = right;
        }
    }
    [at(0.5 * (low + high)), at(centre)].into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0))
}

/// Multiple correlation of column `last` with those before it (one or two), within the groups.
fn correlation(problem: &Problem, last: usize) -> f64 {
    let centred: Vec<Vec<f64>> = (0..=last).map(|i| within_groups(problem, i)).collect();
    let shares = base_shares(problem);
    let covariance = |i: usize, k: usize| -> f64 {
        centred[i].iter().zip(&centred[k]).zip(&shares).map(|((a, b), s)| s * a * b).sum()
    };
    let whole = covariance(last, last);
    let explained = if last == 1 {
        ratio(covariance(0, 1).powi(2), covariance(0, 0))
    } else {
        // First a, then what b has beside it.
        let (aa, ab, bb) = (covariance(0, 0), covariance(0, 1), covariance(1, 1));
        let (af, bf) = (covariance(0, 2), covariance(1, 2));
        let beside = bb - ratio(ab * ab, aa);
        let rest = bf - ratio(ab * af, aa);
        ratio(af * af, aa) + if beside > 1e-9 * bb { rest * rest / beside } else { 0.0 }
    };
    ratio(explained, whole).clamp(0.0, 1.0).sqrt()
}

fn ratio(a: f64, b: f64) -> f64 {
    if b > 0.0 { a / b } else { 0.0 }
}

/// Column `i`, standardised, less the mean of its group.
fn within_groups(problem: &Problem, i: usize) -> Vec<f64> {
    let (z, sd, mean) = (problem.standardised(i), problem.standard_deviation(i), problem.mean(i));
    let levels = levels_by_group(problem, None);
    let group = |(g, rows): (usize, &std::ops::Range<usize>)| {
        let level = (levels[[g, i]] - mean) / sd;
        z[rows.clone()].iter().map(move |z| z - level).collect::<Vec<f64>>()
    };
    problem.group_rows().iter().enumerate().flat_map(group).collect()
}

/// Share of each row that takes part; they sum to 1.
fn base_shares(problem: &Problem) -> Vec<f64> {
    let mut shares = problem.base_weights();
    for (rows, pi) in problem.group_rows().iter().zip(problem.group_weights()) {
        shares[rows.clone()].iter_mut().for_each(|share| *share *= pi);
    }
    shares
}

fn seen(rows: &[InteractionRow], kl: f64) -> Vec<String> {
    let kinds =
        [Interaction::Product, Interaction::Maximum, Interaction::Threshold, Interaction::OnlyIf].into_iter();
    let mean = |kind: Interaction| -> Option<String> {
        let shares: Vec<f64> = rows.iter().filter(|row| row.kind == kind).map(|row| row.share).collect();
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        (!shares.is_empty()).then(|| format!("{:.0}% for {}", 100.0 * mean, kind.called()))
    };
    let means: Vec<String> = kinds.filter_map(mean).collect();
    let mut sentences = Vec::new();
    if !means.is_empty() {
        sentences.push(format!(
            "At {kl} nats weighing single values lifts an interaction by so much of what could be had: {}.",
            means.join(", ")
        ));
    }
    if let Some(worst) = rows.iter().min_by(|a, b| a.share.total_cmp(&b.share)) {
        sentences.push(format!(
            "It fails most for {} of {}: {:.0}% of {:.2} sd; what can be weighed has a multiple correlation \
                of {:.2} with \
                it.",
            worst.kind.called(),
            worst.of.join(" and "),
            100.0 * worst.share,
            worst.optimum,
            worst.correlation
        ));
    }
    sentences
}
