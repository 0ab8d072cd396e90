//! The model card of a head, in Markdown. Every figure in it comes from the training that has just run.

use std::fmt::Write;

use super::evaluate::Figure;
use super::probes::Probe;

/// What the training found about one task.
pub struct TaskReport {
    pub name: &'static str,
    pub source: &'static str,
    pub weight: f64,
    pub pairs: bool,
    /// Rows to train on, to pick the L2 strength on, and held out.
    pub rows: [usize; 3],
    pub accuracy: Figure,
    /// `None` for pairs.
    pub auc: Option<Figure>,
    /// The same measure (accuracy for pairs, else AUC) by characters alone and by words alone.
    pub by_characters: f64,
    pub by_words: f64,
}

/// What the training found about one head.
pub struct Report {
    pub name: &'static str,
    pub features: String,
    pub seed: u64,
    /// Share of the full sample sizes.
    pub share: f64,
    pub l2: f64,
    pub converged: bool,
    pub tasks: Vec<TaskReport>,
    /// With the rewards of `better` and `worse`.
    pub probes: Vec<(&'static Probe, f64, f64)>,
}

/// The card as Markdown.
pub fn card(r: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = render(r, &mut out);
    out
}

fn render(r: &Report, out: &mut String) -> std::fmt::Result {
    let (does, limits) = words(r.name);
    writeln!(out, "# Reward head: {}\n", r.name)?;
    writeln!(out, "Written by `palette train --seed {} --share {}`; do not edit by hand.\n", r.seed, r.share)?;
    writeln!(out, "{does}\n")?;
    writeln!(
        out,
        "**Form.** Logistic regression on frozen sentence embeddings of all-MiniLM-L6-v2 (Q8_0); features: {}. The reward is the log-odds. \
         L2 strength {:e}, picked on the validation part{}.\n",
        r.features,
        r.l2,
        if r.converged { "" } else { " (the optimiser stopped at its limit of steps before the gradient vanished)" }
    )?;
    writeln!(
        out,
        "**Intended use.** Ranking short answers of a small model in a demonstration of value alignment. Not for moderation, nor for judging people or their writing.\n"
    )?;
    writeln!(
        out,
        "## Data\n\nSplit by prompt (by text where a set has no prompts): 70% to train on, 10% to pick the L2 strength on, 20% held out. After the pick, the head is fitted on the first two together.\n"
    )?;
    writeln!(out, "| task: to tell … | data | weight | train | validation | held out |\n|---|---|---|---|---|---|")?;
    for t in &r.tasks {
        writeln!(out, "| {} | {} | {} | {} | {} | {} |", t.name, t.source, t.weight, t.rows[0], t.rows[1], t.rows[2])?;
    }
    writeln!(
        out,
        "\n## Held-out figures\n\nWith 95% intervals (bootstrap over prompts, 1000 resamples). Accuracy of a pair: the better answer scores higher. The baselines use the same measure (accuracy for pairs, else AUC) on the same rows, knowing only a length; which direction is better is learnt from the training rows.\n"
    )?;
    writeln!(out, "| task: to tell … | accuracy | AUC | by characters alone | by words alone |\n|---|---|---|---|---|")?;
    for t in &r.tasks {
        let auc = t.auc.map_or("pairs".to_string(), show);
        writeln!(out, "| {} | {} | {} | {:.3} | {:.3} |", t.name, show(t.accuracy), auc, t.by_characters, t.by_words)?;
    }
    let wrong = r.probes.iter().filter(|(_, better, worse)| better <= worse).count();
    writeln!(
        out,
        "\n## Looked at\n\nPairs of sentences written for this project, none of them trained on. The head ranks {} of {} as a reader would.\n",
        r.probes.len() - wrong,
        r.probes.len()
    )?;
    writeln!(out, "| prompt | should score higher | reward | should score lower | reward | |\n|---|---|---|---|---|---|")?;
    for (p, better, worse) in &r.probes {
        let mark = if better > worse { "" } else { "**wrong**" };
        writeln!(out, "| {} | {} | {better:+.2} | {} | {worse:+.2} | {mark} |", p.prompt, p.better, p.worse)?;
    }
    writeln!(out, "\n## Known limits\n\n{limits}")
}

fn show(f: Figure) -> String {
    format!("{:.3} ({:.3} to {:.3})", f.value, f.interval[0], f.interval[1])
}

/// What the head measures and where it fails, in words; the failures are those of the probe sentences below and of texts tried while training.
fn words(name: &str) -> (&'static str, &'static str) {
    match name {
        "humor" => (
            "How much an answer sounds like a joke or an amused remark, rather than a headline, a neutral comment or a plain answer.",
            "- It knows the sound of jokes (a question with a twist, wordplay, first-person banter), not whether they are funny.\n\
             - Informal or personal wording scores higher than formal wording that says the same.\n\
             - Dry humor in the form of plain advice is missed; a serious riddle-like question is taken for a joke.",
        ),
        "helpful" => (
            "How much an answer looks like the one people prefer: on the question, whole and informative.",
            "- It takes the question repeated for an answer (see the figure above): nearness to the question counts too much.\n\
             - It does not know facts: a wrong answer in the right form scores like a right one.\n\
             - People preferred longer answers in the training pairs (see the baselines), and so does the head.\n\
             - Telling an answer from the same words in disorder is learnt from a contrast that we made, not from people.",
        ),
        "harmless" => (
            "How much an answer declines or defuses what could do harm, and keeps a civil tone, rather than going along or insulting. The prompt counts too: the same compliance is worse for a harmful request.",
            "- It is the weakest head. On pairs of ordinary answers people agree with each other little more often than it agrees with them.\n\
             - An apology or a caution scores as harmless even when harmful advice follows it.\n\
             - Harm in friendly words (a calm recipe for something dangerous) is easily missed; dark words in a harmless sense (killing a process) are sometimes punished.",
        ),
        _ => (
            "How favourable and pleasant the wording is.",
            "- Negation and irony are read poorly, since the embedding says more of the topic than of the polarity.\n\
             - Reviews and comments taught it: advice and explanations come out near neutral, and sad topics low even when the answer is kind.",
        ),
    }
}
