//! The reward that training is to have, as Python for three frameworks.
//!
//! Training that maximises E R − β KL(p ‖ p0) ends at p ∝ p0 exp(R/β), prompt by prompt. So R = β Σ λ_i r_i gives
//! p_λ ∝ p0 exp(Σ λ_i r_i), whatever β > 0 is: what counts is their quotient.

use crate::solution::{Provenance, one_line};
use palette_study::away::Taken;
use palette_study::compose::Composer;
use palette_study::figures::figure;
use palette_study::{Pooling, Question, RewardDefinition, RewardTerm, Verdict};

/// A definition with the comment that stands above it.
struct Definition {
    comment: Vec<String>,
    rewards: RewardDefinition,
}

fn definition(composer: &mut Composer, question: &Question, taken: &Taken) -> Result<Definition, String> {
    let rewards = composer.reward_definition(question)?;
    if rewards.terms.is_empty() {
        return Err(
            "Nothing needs to change for this palette: every λ is 0, so there is no reward to train with. Ask for more \
                of a value first."
                .into(),
        );
    }
    let mut comment = Provenance::of(composer.set(), question, taken)?.lines();
    comment.push(match (rewards.verdict, rewards.scaled_back) {
        (Verdict::Reachable, _) => format!("Verdict: reachable, at {} nats.", figure(rewards.kl)),
        (verdict, share) => format!(
            "ATTENTION: the palette is {}, so its λ has no bound. What stands here is the palette scaled back to {}% of \
                the way from the base, at {} nats.",
            if verdict == Verdict::Edge { "on the edge" } else { "out of reach" },
            figure(100.0 * share.unwrap_or(0.0)),
            figure(rewards.kl)
        ),
    });
    if rewards.pooling == Pooling::Pooled && composer.set().prompts.len() > 1 {
        comment.push(
            "Solved pooled: all answers as one group. Training answers each prompt by itself; solve per prompt for the \
                λ whose levels it meets."
                .into(),
        );
    }
    if !rewards.without.is_empty() {
        let names: Vec<String> = rewards.without.iter().map(|name| one_line(name)).collect();
        comment.push(format!("No weight, as λ is 0: {}.", names.join(", ")));
    }
    comment.extend(
        [
            "",
            "What it means. Training that maximises E[R] - BETA * KL(p || p0) ends at p(y|x) ∝ p0(y|x) * exp(R / BETA).",
            "With R = BETA * sum(LAMBDA[i] * r_i) that is p0 * exp(sum(LAMBDA[i] * r_i)), the least change that meets",
            "the palette, whatever BETA > 0 is: with BETA = 1 the weights are LAMBDA itself. A smaller BETA scales reward",
            "and penalty alike, and with them the length of a step. What must not change is weights / BETA = LAMBDA: leave",
            "out every scaling, normalising or clipping of rewards, and any schedule of the KL coefficient.",
            "",
            "LAMBDA is in nats per unit of each reward as the table has it. A reward that you standardise,",
            "z = (r - MEAN) / SD, takes LAMBDA * SD: set STANDARDISED = True. (A mean that is taken off changes nothing.)",
            "Sample with temperature 1 and without top-p or top-k: p0 is the model itself.",
        ]
        .map(String::from),
    );
    Ok(Definition { comment, rewards })
}

/// A text as Python writes it: JSON's form is one of Python's.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl Definition {
    /// Comment and numbers, alike for all frameworks.
    fn head(&self) -> String {
        let line = |line: &String| if line.is_empty() { "#\n".to_owned() } else { format!("# {line}\n") };
        let mut head: String = self.comment.iter().map(line).collect();
        let terms = &self.rewards.terms;
        let by_name = |name: &str, number: fn(&RewardTerm) -> f64| {
            let rows = terms.iter().map(|term| format!("    {}: {:?},\n", text(&term.name), number(term)));
            format!("{name} = {{\n{}}}\n", rows.collect::<String>())
        };
        head += "\nBETA = 1.0\nSTANDARDISED = False\n\n";
        head += &by_name("LAMBDA", |term| term.lambda);
        head += &by_name("MEAN", |term| term.mean);
        head += &by_name("SD", |term| term.standard_deviation);
        let groups: Vec<&RewardTerm> = terms.iter().filter(|term| term.group.is_some()).collect();
        if !groups.is_empty() {
            head += "# These count on prompts of their group alone, beside the value's own; elsewhere they are 0.\n";
        }
        let rows = groups.iter().map(|term| {
            let group = term.group.as_deref().unwrap_or_default();
            format!("    {}: ({}, {}),\n", text(&term.name), text(&term.value), text(group))
        });
        head += &format!(
            "ON_GROUP = {{{}{}}}\n",
            if groups.is_empty() { "" } else { "\n" },
            rows.collect::<String>()
        );
        head + "WEIGHTS = {\n    name: BETA * weight * (SD[name] if STANDARDISED else 1.0) for name, weight in LAMBDA.items()\n}\n"
    }

    /// R of one answer out of its rewards.
    fn combined(&self) -> &'static str {
        "\n\ndef combined(rewards, group=\"\"):\n    \
            \"\"\"R of one answer: `rewards` has each value's reward by name, `group` is that of its prompt.\"\"\"\n    \
            total = 0.0\n    \
            for name, weight in WEIGHTS.items():\n        \
            value, only = ON_GROUP.get(name, (name, None))\n        \
            if only is None or only == group:\n            \
            total += weight * rewards[value]\n    \
            return total\n"
    }
}

/// For TRL: `reward_weights` and β.
pub(crate) fn trl(composer: &mut Composer, question: &Question, taken: &Taken) -> Result<String, String> {
    let definition = definition(composer, question, taken)?;
    Ok(definition.head()
        + r#"
# In TRL. Give the trainer one reward function for each name, in this order (reward_funcs), and these weights.
# A reward on a group returns 0.0 for prompts of other groups.
REWARD_NAMES = list(LAMBDA)
REWARD_WEIGHTS = list(WEIGHTS.values())


def rloo_config(**more):
    """RLOO has KL in the reward and leaves each answer out of its own baseline: its optimum is p_λ."""
    from trl import RLOOConfig

    return RLOOConfig(beta=BETA, reward_weights=REWARD_WEIGHTS, normalize_advantages=False, temperature=1.0, **more)


def grpo_config(num_generations=8, **more):
    """GRPO takes off the mean of all num_generations answers, each answer's own reward included. That shrinks the
    reward's share of the gradient by 1 - 1/num_generations, so beta shrinks with it. Its KL term is an estimate in the
    loss (k3) whose gradient is, token by token, that of KL(p0 || p): its optimum is near p_λ, the nearer the fewer nats
    that costs."""
    from trl import GRPOConfig

    return GRPOConfig(
        beta=BETA * (1 - 1 / num_generations),
        num_generations=num_generations,
        reward_weights=REWARD_WEIGHTS,
        scale_rewards=False,  # dividing by the spread of each group would change every weight
        loss_type="dr_grpo",  # no dividing by the length of an answer
        temperature=1.0,
        **more,
    )
"#)
}

/// For OpenRLHF: a reward function and its options.
pub(crate) fn open_rlhf(
    composer: &mut Composer,
    question: &Question,
    taken: &Taken,
) -> Result<String, String> {
    let definition = definition(composer, question, taken)?;
    let head = definition.head() + definition.combined();
    Ok(head
        + r#"

# In OpenRLHF. Save this file as reward.py, and beside it my_rewards.py of yours with
#     def rewards(prompt, answer): ...   # {name of the value: its reward, ...}
#     def group(prompt): ...             # the prompt's group; needed where ON_GROUP has entries
# Then train with KL in the reward, a leave-one-out baseline, a constant coefficient, and nothing clipped:
#     --remote_rm_url ./reward.py --advantage_estimator rloo --n_samples_per_prompt 8
#     --init_kl_coef 1.0 --kl_estimator k1 --reward_clip_range -1e9 1e9 --temperature 1.0 --top_p 1.0
# --init_kl_coef is BETA. Leave --kl_target, --use_kl_loss and --normalize_reward out. (Names of options differ between
# versions: look them up in yours.)


def reward_func(queries, prompts, labels, **more):
    import torch
    import my_rewards

    group = getattr(my_rewards, "group", lambda prompt: "")
    answers = [query[len(prompt):] if query.startswith(prompt) else query for query, prompt in zip(queries, prompts)]
    totals = [combined(my_rewards.rewards(prompt, answer), group(prompt)) for prompt, answer in zip(prompts, answers)]
    rewards = torch.tensor(totals)
    return {"rewards": rewards, "scores": rewards, "extra_logs": {}}
"#)
}

/// For verl: a reward function and its options.
pub(crate) fn verl(composer: &mut Composer, question: &Question, taken: &Taken) -> Result<String, String> {
    let definition = definition(composer, question, taken)?;
    let head = definition.head() + definition.combined();
    Ok(head
        + r#"

# In verl. Save this file as reward.py, and beside it my_rewards.py of yours with
#     def rewards(prompt, answer): ...   # {name of the value: its reward, ...}
# Each row of the data has the prompt, and its group where ON_GROUP has entries, in extra_info. Then train with KL in the
# reward, a leave-one-out baseline, a constant coefficient, and no KL in the loss:
#     custom_reward_function.path=reward.py custom_reward_function.name=compute_score
#     algorithm.adv_estimator=rloo algorithm.use_kl_in_reward=True algorithm.kl_penalty=kl
#     algorithm.kl_ctrl.type=fixed algorithm.kl_ctrl.kl_coef=1.0 actor_rollout_ref.actor.use_kl_loss=False
#     actor_rollout_ref.rollout.n=8 actor_rollout_ref.rollout.temperature=1.0
# kl_coef is BETA. (Names of options differ between versions: look them up in yours.)


def compute_score(data_source, solution_str, ground_truth, extra_info=None, **more):
    import my_rewards

    about = extra_info or {}
    return combined(my_rewards.rewards(about.get("prompt", ""), solution_str), about.get("group", ""))
"#)
}
