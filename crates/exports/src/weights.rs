//! The weight of every answer as CSV, for a spreadsheet or for training on weighted answers.

use palette_study::compose::Composer;
use palette_study::{Base, Pooling, Question, Report};
use palette_tables::csv_text::Writer;

/// A row for each answer of the set, in its order: prompt, answer, group where there are any, the rewards, and for
/// both ways that answers can compete the base probability and that under the palette. Pooled they sum to 1 over all
/// answers, per prompt over the answers of each. Where a palette is not within reach, the column is that of the
/// palette scaled back, and says so in its name.
pub(crate) fn csv(composer: &mut Composer, question: &Question) -> Result<String, String> {
    let mut solve = |pooling| -> Result<(String, Vec<f64>), String> {
        let solved = composer.solve(&question.palette, pooling)?;
        Ok((suffix(&solved.report), solved.weights))
    };
    let (pooled_as, pooled) = solve(Pooling::Pooled)?;
    let (per_prompt_as, per_prompt) = solve(Pooling::PerPrompt)?;
    let set = composer.set();
    let base = |pooling| Base::of(set, pooling).map(|base| base.shares).map_err(|error| error.to_string());
    let (base_pooled, mut base_per_prompt) = (base(Pooling::Pooled)?, base(Pooling::PerPrompt)?);
    let mut of_prompt = vec![0.0; set.prompts.len()];
    for (answer, share) in set.answers.iter().zip(&base_per_prompt) {
        of_prompt[answer.prompt] += share;
    }
    for (answer, share) in set.answers.iter().zip(&mut base_per_prompt) {
        let all = of_prompt[answer.prompt];
        *share = if all > 0.0 { *share / all } else { 0.0 };
    }

    let mut writer = Writer::default();
    let groups = set.answers.iter().any(|answer| !answer.group.is_empty());
    let names = set.values.iter().map(|value| value.name.clone());
    let weights = ["base_pooled".into(), format!("weight_pooled{pooled_as}"), "base_per_prompt".into()];
    let header = ["prompt", "answer"].map(String::from).into_iter().chain(groups.then(|| "group".into()));
    writer.row(header.chain(names).chain(weights).chain([format!("weight_per_prompt{per_prompt_as}")]));
    for (j, answer) in set.answers.iter().enumerate() {
        let texts = [set.prompts[answer.prompt].clone(), answer.text.clone()];
        let group = groups.then(|| answer.group.clone());
        let weights = [base_pooled[j], pooled[j], base_per_prompt[j], per_prompt[j]];
        let numbers = answer.rewards.iter().copied().chain(weights).map(|x| x.to_string());
        writer.row(texts.into_iter().chain(group).chain(numbers));
    }
    Ok(writer.finish())
}

/// ` scaled back to 83.2%`, where the weights are not those of the palette itself.
fn suffix(report: &Report) -> String {
    report
        .scaled_back
        .as_ref()
        .map_or(String::new(), |back| format!(" scaled back to {:.1}%", 100.0 * back.share))
}
