//! Methods that fix weights beforehand: equal ones, a person's, random ones; each sized to the KL of MAP per
//! prompt.

use super::comparison::{CompareQuestion, Method, MethodKind, RandomDraw, RandomWeights};
use super::ground::{Ground, Row};
use crate::ByName;
use crate::align::{choose, kl_by_prompt};
use crate::interval::Estimate;
use palette_tables::stream;
use rand::Rng;

/// Random weights are drawn so many times.
const DRAWS: usize = 100;

const NONE_RAISED: &str = "No value is to be raised above the base, so there is nothing to give weight to.";

/// The same weight on every raised value.
pub(super) fn equal(ground: &Ground, kl: Option<f64>) -> Row {
    let about = "The same weight per standard deviation on every raised value, λ = s/sd, with s such that \
        the KL on \
        the pilot's choices among k is that of MAP per prompt.";
    let mut weights = vec![0.0; ground.names.len()];
    ground.raised.iter().for_each(|i| weights[*i] = 1.0);
    let lambda = if ground.raised.is_empty() { Err(NONE_RAISED.into()) } else { ground.scaled(&weights, kl) };
    ground.softmax(Method::new(MethodKind::EqualWeights, "Equal weights", about), lambda)
}

/// A person's weights, and those divided by each β.
///
/// # Errors
/// A sentence when a weight names no value, is no number, or β is not above 0.
pub(super) fn persons(
    ground: &Ground,
    question: &CompareQuestion,
    kl: Option<f64>,
) -> Result<Vec<Row>, String> {
    if question.weights.is_empty() {
        return if question.betas.is_empty() {
            Ok(Vec::new())
        } else {
            Err("β divides weights, and there are none. Give some, or leave β out.".into())
        };
    }
    let mut weights = vec![0.0; ground.names.len()];
    for (name, weight) in &question.weights {
        let i = ground.names.iter().position(|other| other == name).ok_or_else(|| {
            format!("There is no value called “{name}” to weigh. The values are {}.", ground.names.join(", "))
        })?;
        if !weight.is_finite() {
            return Err(format!("The weight of {name} is {weight}. Give a finite number."));
        }
        weights[i] = *weight;
    }
    let about = "The person's weights per standard deviation, as in multi-objective reinforcement learning \
        (MORL), \
        sized so that the KL on the pilot's choices among k is that of MAP per prompt.";
    let method = Method::new(MethodKind::Weights, "Own weights", about);
    let mut rows = vec![ground.softmax(method, ground.scaled(&weights, kl))];
    for &beta in &question.betas {
        if !(beta.is_finite() && beta > 0.0) {
            return Err(format!("β is {beta}. It must be a number above 0."));
        }
        let about = format!(
            "The person's weights divided by β = {beta}: what MORL with that KL penalty would make of the \
                rewards in \
                their own units; no KL is matched."
        );
        let method = Method::new(MethodKind::WeightsOverBeta, format!("Own weights, β = {beta}"), about);
        rows.push(ground.softmax(method, Ok(ground.over(&weights, beta))));
    }
    Ok(rows)
}

/// Weights uniform on the simplex over the raised values, many times.
pub(super) fn random(ground: &Ground, kl: Option<f64>) -> Row {
    let about = format!(
        "{DRAWS} draws of weights per standard deviation, uniform on the simplex over the raised values, \
            each sized to \
            the KL of MAP per prompt on the pilot's choices among k; levels are means over the draws."
    );
    let method = Method::new(MethodKind::RandomWeights, "Random weights", about);
    match drawn(ground, kl) {
        Ok((draws, probability, kl)) => {
            let random = summarised(ground, draws);
            let (mut method, choice) =
                ground.chosen(method, |rows| rows.iter().map(|j| probability[*j]).collect());
            // The mean of what the draws spend: their mixture spends less.
            if let Some(measured) = &mut method.measured {
                measured.kl = Estimate::of(&kl);
            }
            (Method { random: Some(random), ..method }, choice)
        }
        Err(reason) => (Method { reason: Some(reason), ..method }, None),
    }
}

/// The draws, the mean of their probabilities for each draft, and the mean KL for each prompt.
type Drawn = (Vec<RandomDraw>, Vec<f64>, Vec<f64>);

fn drawn(ground: &Ground, kl: Option<f64>) -> Result<Drawn, String> {
    if ground.raised.is_empty() {
        return Err(NONE_RAISED.into());
    }
    let mut random = stream(ground.seed, "", "random weights");
    let mut draws = Vec::with_capacity(DRAWS);
    let mut mean_probability = vec![0.0; ground.drafts.answers.len()];
    let mut mean_kl = vec![0.0; ground.groups.len()];
    for _ in 0..DRAWS {
        // Exponential numbers in proportion are uniform on the simplex; the sizing that follows divides by
        // their sum.
        let mut weights = vec![0.0; ground.names.len()];
        for i in &ground.raised {
            let uniform: f64 = random.random();
            weights[*i] = -(1.0 - uniform).ln();
        }
        let lambda = ground.by_name(&ground.scaled(&weights, kl)?);
        let probability = choose(ground.drafts, &ground.weights(&lambda)?, ground.seed).probability;
        let kl = kl_by_prompt(&ground.groups, &probability);
        draws.push(RandomDraw {
            lambda,
            levels: levels(ground, &probability),
            kl: kl.iter().sum::<f64>() / kl.len() as f64,
        });
        let share = 1.0 / DRAWS as f64;
        mean_probability.iter_mut().zip(&probability).for_each(|(mean, p)| *mean += share * p);
        mean_kl.iter_mut().zip(&kl).for_each(|(mean, kl)| *mean += share * kl);
    }
    Ok((draws, mean_probability, mean_kl))
}

/// Expected level of every value of the drafts, and of every target on a group, under probabilities of the drafts; prompts weigh alike.
fn levels(ground: &Ground, probability: &[f64]) -> ByName {
    let level = |i: usize, prompts: &[usize]| {
        let expected = |g: &usize| -> f64 {
            let rows = &ground.groups[*g];
            rows.iter().map(|j| probability[*j] * ground.drafts.answers[*j].rewards[i]).sum()
        };
        prompts.iter().map(expected).sum::<f64>() / prompts.len() as f64
    };
    let everywhere: Vec<usize> = (0..ground.groups.len()).collect();
    let values = ground.drafts.values.iter().enumerate();
    let values = values.map(|(i, value)| (value.name.clone(), level(i, &everywhere)));
    let on_groups = ground.asked.iter().filter_map(|asked| {
        let group = asked.group.as_ref()?;
        let of_group = |g: &usize| ground.drafts.answers[ground.groups[*g][0]].group == *group;
        let prompts: Vec<usize> = everywhere.iter().copied().filter(of_group).collect();
        Some((asked.name.clone(), level(ground.drafts.value_index(asked.value())?, &prompts)))
    });
    values.chain(on_groups).collect()
}

fn summarised(ground: &Ground, draws: Vec<RandomDraw>) -> RandomWeights {
    let uniform: Vec<f64> = vec![1.0 / ground.k as f64; ground.drafts.answers.len()];
    let base = levels(ground, &uniform);
    let raised = ground.raised_names();
    let improves = |draw: &&RandomDraw| {
        raised.iter().all(|name| match (draw.levels.get(name), base.get(name)) {
            (Some(level), Some(base)) => level > base,
            _ => false,
        })
    };
    let meets = |draw: &&RandomDraw| {
        ground.asked.iter().filter(|asked| !asked.is_off()).all(|asked| {
            let (Some(level), Some(base)) = (draw.levels.get(&asked.name), base.get(&asked.name)) else {
                return false;
            };
            let measured = if asked.relative { level - base } else { level };
            let same = 1e-9 * (1.0 + measured.abs());
            let [lower, upper] = asked.measured_bounds();
            lower.is_none_or(|c| measured >= c - same) && upper.is_none_or(|c| measured <= c + same)
        })
    };
    let share =
        |of: &dyn Fn(&&RandomDraw) -> bool| draws.iter().filter(of).count() as f64 / draws.len() as f64;
    RandomWeights { navigation_efficiency: share(&improves), all_met: share(&meets), draws }
}
