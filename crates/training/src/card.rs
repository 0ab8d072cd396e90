//! The model card of a head, in Markdown. Every figure in it comes from the training that has just run.

use std::fmt::Write;

use palette_models::reward::HeldOut;

use super::baseline::{Count, List};
use super::calibrate::{Calibration, Gap};
use super::evaluate::Figure;
use super::fooling::Fooled;
use super::probes::Probe;

/// The figure of a count that needs no training, on the rows of a task.
pub(crate) struct Baseline {
    pub name: &'static str,
    pub figure: f64,
    /// By how much the head is better.
    pub ahead: Figure,
}

/// The figures of one task.
pub(crate) struct TaskReport {
    pub name: &'static str,
    pub source: &'static str,
    pub weight: f64,
    pub shown: bool,
    pub pairs: bool,
    pub rows: usize,
    pub prompts: usize,
    /// Pairs ranked rightly, or AUC.
    pub figure: Figure,
    pub accuracy: f64,
    pub baselines: Vec<Baseline>,
    /// The figure of the head's own count of new words, alone.
    pub own_count: Option<Baseline>,
}

impl TaskReport {
    /// The baseline that does best.
    pub(crate) fn best(&self) -> &Baseline {
        self.baselines.iter().max_by(|a, b| a.figure.total_cmp(&b.figure)).unwrap_or(&self.baselines[0])
    }

    pub(crate) fn metric(&self) -> &'static str {
        if self.pairs { "pairs ranked rightly" } else { "AUC" }
    }

    pub(crate) fn held_out(&self) -> HeldOut {
        HeldOut {
            task: self.name.into(),
            metric: self.metric().into(),
            figure: thousandths(self.figure.value),
            interval: self.figure.interval.map(thousandths),
            rows: self.rows,
        }
    }
}

/// The scale of the log-odds.
pub(crate) struct Calibrated {
    pub calibration: Calibration,
    pub before: Gap,
    pub after: Gap,
}

/// Everything measured about one head.
pub(crate) struct Report {
    pub name: &'static str,
    pub features: String,
    pub seed: u64,
    /// Share of the full sample sizes.
    pub share: f64,
    pub l2: f64,
    /// L2 strengths that the folds picked.
    pub picked: Vec<f64>,
    pub converged: bool,
    pub calibrated: Calibrated,
    pub list: List,
    pub tasks: Vec<TaskReport>,
    /// With the rewards of `better` and `worse`.
    pub probes: Vec<(&'static Probe, f64, f64)>,
    pub fooled: Vec<Fooled>,
    /// The ceiling of the first task's figure, where one is known.
    pub ceiling: Option<f64>,
}

impl Report {
    /// The command that made the head.
    pub(crate) fn command(&self) -> String {
        let share = if self.share < 1.0 { format!(" --share {}", self.share) } else { String::new() };
        format!("palette train --seed {}{share}", self.seed)
    }
}

pub(crate) fn thousandths(v: f64) -> f64 {
    (v * 1000.0).round() / 1000.0
}

/// The card as Markdown.
pub(crate) fn card(r: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = render(r, &mut out);
    out
}

fn render(r: &Report, out: &mut String) -> std::fmt::Result {
    let words = words(r.name);
    writeln!(out, "# Reward head: {}\n", r.name)?;
    writeln!(
        out,
        "Written by `{}`; do not edit by hand. [What was tried](README.md) before this.\n",
        r.command()
    )?;
    writeln!(out, "{}\n", words.what)?;
    writeln!(
        out,
        "**Form.** Logistic regression on frozen sentence embeddings of all-MiniLM-L6-v2 (Q8_0); \
        features: {}. The reward is the log-odds. \
         L2 strength {}{}.\n",
        r.features,
        r.l2,
        if r.converged {
            ""
        } else {
            " (the optimiser stopped at its limit of steps before the gradient vanished)"
        }
    )?;
    writeln!(
        out,
        "**Intended use.** Ranking short answers of a small model in a demonstration of value alignment. Not \
            for moderation, nor for judging people or their writing.\n"
    )?;
    writeln!(out, "## Data\n\n| task: to tell … | data | weight | rows | prompts |\n|---|---|---|---|---|")?;
    for t in &r.tasks {
        writeln!(out, "| {} | {} | {} | {} | {} |", t.name, t.source, t.weight, t.rows, t.prompts)?;
    }
    let picked: Vec<String> = r.picked.iter().map(f64::to_string).collect();
    writeln!(
        out,
        "\n## Held-out figures\n\nFive folds by prompt (by text where a set has no prompts); each is held \
        out once, and every figure is over all rows, each \
         scored by the fit that saw nothing of its prompt. Within the four other folds, one picks the L2 \
         strength (picked: {}). The shipped head is \
         then fitted on all rows. Intervals: 95%, bootstrap over prompts, 1000 resamples. \"Ahead\" is \
         the head less the best baseline, by the same \
         resamples; a baseline only learns, from the other folds, whether more or less is better.\n",
        picked.join(", ")
    )?;
    writeln!(
        out,
        "| task: to tell … | measure | head | accuracy | characters | words | {} | ahead of the best \
            |\n|---|---|---|---|---|---|---|---|",
        r.list.name
    )?;
    for t in &r.tasks {
        let by: Vec<String> = t.baselines.iter().map(|b| format!("{:.3}", b.figure)).collect();
        writeln!(
            out,
            "| {} | {} | {} | {:.3} | {} | {} |",
            t.name,
            t.metric(),
            show(t.figure),
            t.accuracy,
            by.join(" | "),
            signed(t.best().ahead)
        )?;
    }
    for t in r.tasks.iter().take(1) {
        if let Some(own) = &t.own_count {
            writeln!(
                out,
                "\nThe head's own count of new words, alone, reaches {:.3} on {}; the whole head is ahead of \
                    it by {}.",
                own.figure,
                t.name,
                signed(own.ahead)
            )?;
        }
    }
    if let Count::Words(more, less) = r.list.count {
        let less =
            if less.is_empty() { String::new() } else { format!(" Counted against: {}.", less.join(", ")) };
        writeln!(out, "\nThe list \"{}\": {}.{less}", r.list.name, more.join(", "))?;
    }
    writeln!(out, "\n**Ceiling.** {}", ceiling(r, words.ceiling))?;
    let c = &r.calibrated;
    let shift = if c.calibration.shift == 0.0 {
        String::new()
    } else {
        format!(" and shifted by {:+.2}", c.calibration.shift)
    };
    writeln!(
        out,
        "\n## Calibration\n\nThe log-odds are scaled by {:.2}{shift} so that, held out, they mean what \
        they say on the first task (Platt's method). \
         Brier score before {:.3}, after {:.3}; expected calibration error before {:.3}, after {:.3} \
         (scale and shift of each fold from the four others).",
        c.calibration.scale, c.before.brier, c.after.brier, c.before.ece, c.after.ece
    )?;
    let wrong = r.probes.iter().filter(|(_, better, worse)| better <= worse).count();
    writeln!(
        out,
        "\n## Looked at\n\nPairs of sentences written for this project, none of them trained on. The head \
            ranks {} of {} as a reader would.\n",
        r.probes.len() - wrong,
        r.probes.len()
    )?;
    writeln!(
        out,
        "| prompt | should score higher | reward | should score lower | reward | |\n|---|---|---|---|---|---|"
    )?;
    for (p, better, worse) in &r.probes {
        let mark = if better > worse { "" } else { "**wrong**" };
        writeln!(out, "| {} | {} | {better:+.2} | {} | {worse:+.2} | {mark} |", p.prompt, p.better, p.worse)?;
    }
    if let Some(first) = r.fooled.first() {
        writeln!(
            out,
            "\n## Fooled by\n\nFound by looking. Among the answers of the built-in sample set the median of \
                this reward is {:+.2}, the 10% quantile {:+.2}, the 90% quantile {:+.2}.\n",
            first.median, first.low, first.high
        )?;
        writeln!(out, "| prompt | text | reward | why |\n|---|---|---|---|")?;
        for f in &r.fooled {
            writeln!(out, "| {} | {} | {:+.2} | {} |", f.text.prompt, f.text.text, f.reward, f.text.why)?;
        }
    }
    writeln!(out, "\n## Known limits\n")?;
    for limit in words.limits {
        writeln!(out, "- {limit}")?;
    }
    Ok(())
}

/// The sentence on the ceiling, with the gap where a figure is known.
fn ceiling(r: &Report, words: &str) -> String {
    let (Some(task), Some(ceiling)) = (r.tasks.first(), r.ceiling) else { return words.into() };
    format!(
        "{words} That is {ceiling:.3} at best; the head reaches {:.3}, which is {:.3} below.",
        task.figure.value,
        ceiling - task.figure.value
    )
}

fn show(f: Figure) -> String {
    format!("{:.3} ({:.3} to {:.3})", f.value, f.interval[0], f.interval[1])
}

fn signed(f: Figure) -> String {
    format!("{:+.3} ({:+.3} to {:+.3})", f.value, f.interval[0], f.interval[1])
}

/// The parts of a card that no figure says.
pub(crate) struct Words {
    /// The meaning of its reward.
    pub what: &'static str,
    /// The best that could be reached.
    pub ceiling: &'static str,
    pub limits: &'static [&'static str],
}

/// The meaning of the head and its failures, in words; the failures are those of the sentences in the card
/// and of texts tried while training.
pub(crate) fn words(name: &str) -> Words {
    match name {
        "humor" => Words {
            what: "How much an answer sounds like a joke or an amused remark, rather than a headline, a \
                neutral comment or a plain answer.",
            ceiling: "Not known: the data gives one label a text, so people cannot be compared with each \
                other.",
            limits: &[
                "It knows the sound of jokes (a question with a twist, wordplay, first-person banter), not \
                    whether they are funny.",
                "Informal or personal wording scores higher than formal wording that says the same.",
                "Dry humor in the form of plain advice is missed; a serious riddle-like question is taken \
                    for a joke.",
            ],
        },
        "helpful" => Words {
            what: "How much an answer adds that stays on the question, in words that stand in order.",
            ceiling: "On these pairs one annotator agrees with the other two, where these agree on a \
                preference, nearly always.",
            limits: &[
                "What people preferred is told by the number of new words; the embedding adds nothing to it \
                    that these pairs can show. It tells an answer to the question from one to another, and \
                    from words in disorder.",
                "The count was chosen by looking at fifteen simple counts on the same pairs, so its figure \
                    flatters a little.",
                "It does not know facts: a wrong answer in the right form scores like a right one.",
                "The short and right answer loses to the long and vague one.",
                "Telling an answer from the same words in disorder is learnt from a contrast that we made, \
                    not from people.",
            ],
        },
        "harmless" => Words {
            what: "How much an answer declines or defuses what could do harm, and keeps a civil tone, rather \
                than going along or insulting. The prompt counts too: the same compliance is worse for a \
                harmful request.",
            ceiling: "On pairs like the first task's, reward models of 1B parameters and more reach about \
                .70 to .75, and people agree with each other about as often.",
            limits: &[
                "It is the weakest head: on pairs of ordinary answers it is wrong about two times in five.",
                "An apology or a caution scores as harmless even when harmful advice follows it.",
                "Harm in friendly words (a calm recipe for something dangerous) is easily missed; dark words \
                    in a harmless sense (killing a process) are sometimes punished.",
            ],
        },
        _ => Words {
            what: "How favourable and pleasant the wording is.",
            ceiling: "Not known: the data gives one label a text, so people cannot be compared with each \
                other.",
            limits: &[
                "Negation and irony are read poorly, since the embedding says more of the topic than of the \
                    polarity.",
                "Reviews and comments taught it: advice and explanations come out near neutral, and sad \
                    topics low even when the answer is kind.",
            ],
        },
    }
}
