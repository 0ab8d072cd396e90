//! `palette score`: the seven rewards of answers in a JSON Lines file.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use palette_models::encoder::Encoder;
use palette_models::language_model::LanguageModel;
use palette_models::reward::{PromptEmbedding, Scorer};
use palette_models::tensors_in;
use serde_json::{Map, Value};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// JSON Lines: objects with `prompt` and `answer`; other keys are kept.
    input: PathBuf,
    /// Folder with the weights and their manifest.json.
    #[arg(long, default_value = "public/weights")]
    weights: PathBuf,
}

/// One line of the input.
struct Row {
    object: Map<String, Value>,
    prompt: String,
    answer: String,
}

/// What all answers to one prompt share.
struct Prompt {
    embedding: PromptEmbedding,
    tokens: Vec<u32>,
}

pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let name = arguments.input.display();
    let text = std::fs::read_to_string(&arguments.input).with_context(|| format!("{name} cannot be read"))?;
    // Every line is read, and then every answer scored, before anything is written: the output is whole or
    // there is none.
    let rows = read(&text).with_context(|| format!("{name} was not scored; nothing was written"))?;
    let scorer = Scorer::new(Encoder::new(tensors_in(&arguments.weights, "encoder")?)?)?;
    let model = LanguageModel::new(tensors_in(&arguments.weights, "language-model")?)?;
    let mut prompts: HashMap<String, Prompt> = HashMap::new();
    let mut out = String::new();
    for (line, mut row) in rows {
        let rewards = score(&scorer, &model, &mut prompts, &row)
            .with_context(|| format!("{name} line {line}: nothing was written"))?;
        let rewards =
            Scorer::values().into_iter().map(|v| v.name).zip(rewards.into_iter().map(Value::from)).collect();
        row.object.insert("rewards".into(), Value::Object(rewards));
        out += &serde_json::to_string(&row.object)?;
        out.push('\n');
    }
    std::io::stdout().write_all(out.as_bytes()).context("The output cannot be written")
}

fn score(
    scorer: &Scorer,
    model: &LanguageModel,
    prompts: &mut HashMap<String, Prompt>,
    row: &Row,
) -> Result<Vec<f64>> {
    if !prompts.contains_key(&row.prompt) {
        let prompt =
            Prompt { embedding: scorer.prompt(&row.prompt)?, tokens: model.chat_tokens(&row.prompt, None)? };
        prompts.insert(row.prompt.clone(), prompt);
    }
    let prompt = &prompts[&row.prompt];
    let tokens = model.encode(&row.answer)?;
    // An empty answer has no tokens and no mean; the scorer knows.
    let mean = if tokens.is_empty() {
        f64::NAN
    } else {
        model.log_probabilities(&prompt.tokens, &tokens)?.iter().sum::<f64>() / tokens.len() as f64
    };
    Ok(scorer.score(&prompt.embedding, &row.answer, mean)?)
}

/// The rows with their line numbers; blank lines are passed over. All bad lines are named at once.
fn read(text: &str) -> Result<Vec<(usize, Row)>> {
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match read_line(line) {
            Ok(row) => rows.push((i + 1, row)),
            Err(what) => bad.push(format!("Line {}: {what}", i + 1)),
        }
    }
    if bad.is_empty() && rows.is_empty() {
        bail!(
            "The file has no lines; each should be an object such as {{\"prompt\": \"…\", \"answer\": \
                \"…\"}}."
        );
    }
    if !bad.is_empty() {
        let more = bad.len().saturating_sub(20);
        bad.truncate(20);
        if more > 0 {
            bad.push(format!("and {more} more such lines"));
        }
        bail!("{}", bad.join("\n"));
    }
    Ok(rows)
}

fn read_line(line: &str) -> Result<Row, String> {
    let value: Value = serde_json::from_str(line).map_err(|e| format!("this is not JSON ({e})."))?;
    let Value::Object(object) = value else {
        return Err("this is JSON, but not an object with `prompt` and `answer`.".into());
    };
    let text = |key: &str| match object.get(key) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(format!("`{key}` is not a text.")),
        None => Err(format!("`{key}` is missing.")),
    };
    let (prompt, answer) = (text("prompt")?, text("answer")?);
    if prompt.trim().is_empty() {
        return Err("`prompt` is empty.".into());
    }
    Ok(Row { object, prompt, answer })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_keys_are_kept_in_their_order() {
        let line = r#"{"z":1,"prompt":"Hi","a":[2.5,null],"answer":"Hello"}"#;
        let rows = read(&format!("{line}\n\n")).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(serde_json::to_string(&rows[0].1.object).unwrap(), line);
    }

    #[test]
    fn every_bad_line_is_named() {
        let text = "{\"prompt\":\"a\",\"answer\":\"b\"}\n{\"prompt\":\"a\"}\nnonsense\n{\"prompt\":3,\"answer\":\"b\"}\n[1]\n{\"prompt\":\" \",\"answer\":\"\"}\n";
        let message = read(text).err().unwrap().to_string();
        for part in [
            "Line 2: `answer` is missing.",
            "Line 3: this is not JSON",
            "Line 4: `prompt` is not a text.",
            "Line 5: this is JSON, but not",
            "Line 6: `prompt` is empty.",
        ] {
            assert!(message.contains(part), "{message}");
        }
        assert!(!message.contains("Line 1:"));
        assert!(read("\n").is_err());
    }
}
