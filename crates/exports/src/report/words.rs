//! The sentences of the report.

use palette_study::figures::{drafts_in_words, figure};
use palette_study::{Pooling, RepairReport, Report, Verdict};
use palette_tables::{Level, SampleSet, Target};

pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reachable => "Reachable",
        Verdict::Edge => "On the edge",
        Verdict::Unreachable => "Out of reach",
    }
}

/// The verdict in a sentence.
pub(super) fn sentence(report: &Report, answers: usize) -> String {
    let targets = report.values.iter().filter(|value| value.target.is_some()).count() + report.groups.len();
    let all = match targets {
        0 => return "Nothing is asked, so nothing needs to change.".into(),
        1 => "its target".to_owned(),
        n => format!("all {n} targets at once"),
    };
    match report.verdict {
        Verdict::Reachable => {
            format!("The answers can meet {all}, at a price of {} nats.", figure(report.kl.unwrap_or(0.0)))
        }
        Verdict::Edge => format!(
            "The answers can only approach {all}: the closer they come, the larger the weights λ grow, without bound."
        ),
        Verdict::Unreachable => match report.pooling {
            Pooling::Pooled => {
                format!("No weighting of these {answers} answers meets {all}; below is the proof.")
            }
            Pooling::PerPrompt => {
                format!("No choice among the answers to each prompt meets {all}; below is the proof.")
            }
        },
    }
}

pub(super) fn shape(set: &SampleSet) -> String {
    format!("{} answers to {} prompts.", set.answers.len(), set.prompts.len())
}

pub(super) fn what_table_says(report: &Report) -> String {
    let competing = match report.pooling {
        Pooling::Pooled => "All answers compete as one group (pooled), which makes the price a lower bound.",
        Pooling::PerPrompt => "Answers compete only with answers to the same prompt.",
    };
    let scaled = report.scaled_back.as_ref().map(|back| {
        format!(
            " The palette as asked has no finite λ; what comes out is that of the palette scaled back to {}% of the way \
                from the base.",
            figure(100.0 * back.share)
        )
    });
    format!("{competing}{}", scaled.unwrap_or_default())
}

/// Price, drafts, and what the weights rest on.
pub(super) fn price(report: &Report) -> Vec<String> {
    let Some(attained) = report.attained() else { return vec!["There are no weights to price.".into()] };
    let what = match report.verdict {
        Verdict::Reachable => "The palette costs",
        _ => "The palette scaled back costs",
    };
    vec![
        format!(
            "{what} {} nats: the KL divergence from the model's own distribution of answers. Choosing one of k drafts \
                spends at most ln k nats, so it takes at least {} for each answer.",
            figure(attained.kl),
            drafts_in_words(attained.kl)
        ),
        format!(
            "The weights rest on about {} answers of {} (effective sample size 1/Σw²).",
            figure(attained.effective_samples),
            report.answers
        ),
    ]
}

/// The proof of the verdict in words and numbers.
pub(super) fn proof(report: &Report) -> Vec<String> {
    if let Some(proof) = &report.certificate {
        let each = match report.pooling {
            Pooling::Pooled => "the best answer of all",
            Pooling::PerPrompt => "the best answer to every prompt",
        };
        return vec![
            format!(
                "Take the weighted sum of values along the direction d below. The targets ask for {} standard deviations \
                    of it above the base; even choosing {each} along d gives only {}. So no weights meet the targets.",
                figure(proof.asked),
                figure(proof.best)
            ),
            format!(
                "Anyone can check it with one pass over the table: d·c exceeds the sum over prompts of the largest d·r by \
                    {} (in units of d·r). This is Farkas' lemma: d ≥ 0 where at least is asked, ≤ 0 where at most.",
                figure(proof.margin)
            ),
        ];
    }
    let mut said = Vec::new();
    if let Some(slack) = report.slack {
        said.push(match report.verdict {
            Verdict::Reachable => {
                format!("Every target could be tightened by {} standard deviations at once.", figure(slack))
            }
            _ => "No target could be tightened at all.".into(),
        });
    }
    if let (Some(residual), Some(gap)) = (report.kkt_residual, report.duality_gap) {
        said.push(format!(
            "The weights meet the optimality conditions within {residual:.1e} standard deviations, and the price equals \
                the dual's value within {:.1e} nats: no other weights meet the targets at a lower price.",
            gap.abs()
        ));
    }
    said
}

pub(super) fn nearest(nearest: &RepairReport) -> String {
    format!(
        "It lies {} standard deviations from what was asked, the least distance (Euclidean, in standard deviations of \
            each value) to anything that can be had; it is on the edge itself, so ask for a little less.",
        figure(nearest.distance.unwrap_or(0.0))
    )
}

/// What was computed, in a paragraph or two.
pub(super) fn method(report: &Report) -> Vec<String> {
    vec![
        "MAP looks for the distribution p of answers closest to the model's own p0, min KL(p ‖ p0), whose expected rewards \
            meet the targets c. The answer is p ∝ p0·exp(Σ λ_i r_i): weights w_j ∝ q_j exp(λ·r_j) on the sampled answers, \
            with λ maximising the concave dual λ·c − Σ_g π_g log Σ_j q_gj exp(λ·r_gj). λ_i is the price of value i, nats \
            per unit."
            .into(),
        format!(
            "It was solved by Newton's method on the active set in double precision ({} steps); whether the targets can \
                be met was decided by linear programming, with a certificate either way. The intervals take λ as given \
                and {} as the sampling units (normal approximation).",
            report.iterations,
            match report.pooling {
                Pooling::Pooled => "answers",
                Pooling::PerPrompt => "prompts",
            }
        ),
    ]
}

/// A share in percent, of as many decimals as it needs and no more than four.
fn percent(share: f64) -> f64 {
    (1e6 * share).round() / 1e4
}

/// How a target was said.
pub(super) fn target_said(target: Target) -> String {
    let level = |level: Level| match level {
        Level::At(c) => figure(c),
        Level::Base(0.0) | Level::Maintain => "the base mean".into(),
        Level::Base(delta) => format!("base {} {}", if delta < 0.0 { "−" } else { "+" }, figure(delta.abs())),
        Level::BaseSd(share) => {
            format!("base {} {} sd", if share < 0.0 { "−" } else { "+" }, figure(share.abs()))
        }
        Level::Quantile(q) => format!("the {}% quantile, or the mean if larger", percent(q)),
        Level::PlainQuantile(q) => format!("the {}% quantile", percent(q)),
        Level::LogGain(kappa) => format!("base + ln {}", figure(1.0 + kappa)),
    };
    match target {
        Target::Off => "off".into(),
        Target::MAINTAIN => "maintained".into(),
        Target::AtLeast(at) => format!("at least {}", level(at)),
        Target::AtMost(at) => format!("at most {}", level(at)),
        Target::Exactly(at) => format!("exactly {}", level(at)),
        Target::Between(low, high) => format!("{} to {}", level(low), level(high)),
    }
}

/// The levels that a target means.
pub(super) fn bounds(lower: Option<f64>, upper: Option<f64>) -> String {
    match (lower, upper) {
        (None, None) => "–".into(),
        (Some(low), None) => format!("≥ {}", figure(low)),
        (None, Some(high)) => format!("≤ {}", figure(high)),
        (Some(low), Some(high)) if low == high => format!("= {}", figure(low)),
        (Some(low), Some(high)) => format!("{} to {}", figure(low), figure(high)),
    }
}
