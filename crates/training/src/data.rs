//! The labelled text, read from the folder of data sets. A row that cannot be read ends the training: nothing
//! is skipped in silence.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;
use zip::ZipArchive;

/// A text and whether it shows what is asked for.
pub(crate) struct Labelled {
    pub text: String,
    pub yes: bool,
}

/// Two answers to one prompt.
pub(crate) struct Pair {
    pub prompt: String,
    pub better: String,
    pub worse: String,
}

/// An answer to a prompt and what people said of it.
pub(crate) struct Judged {
    pub prompt: String,
    pub answer: String,
    /// Whether the prompt asks for something harmful.
    pub unsafe_prompt: bool,
    pub refused: bool,
}

fn text(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("The data file {} cannot be read", file.display()))
}

fn rows<T: for<'a> Deserialize<'a>>(file: &Path) -> Result<Vec<T>> {
    let mut reader = csv::Reader::from_path(file)
        .with_context(|| format!("The data file {} cannot be read", file.display()))?;
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .with_context(|| format!("The data file {} has a row that cannot be read", file.display()))
}

fn lines<T: for<'a> Deserialize<'a>>(file: &Path) -> Result<Vec<T>> {
    let packed =
        std::fs::read(file).with_context(|| format!("The data file {} cannot be read", file.display()))?;
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(&packed[..]).read_to_string(&mut text)?;
    let parse =
        |(i, line)| serde_json::from_str(line).with_context(|| format!("{} line {}", file.display(), i + 1));
    text.lines().enumerate().map(parse).collect()
}

/// Jokes (yes) and news headlines (no).
pub(crate) fn colbert_humor(data: &Path) -> Result<Vec<Labelled>> {
    #[derive(Deserialize)]
    struct Row {
        text: String,
        humor: String,
    }
    let rows: Vec<Row> = rows(&data.join("colbert-humor/dev.csv"))?;
    Ok(rows.into_iter().map(|r| Labelled { yes: r.humor == "True", text: r.text }).collect())
}

/// Comments whose emotions all lie in `yes` or all in `no`; by number, see labels.txt of the set.
pub(crate) fn goemotions(data: &Path, yes: &[u32], no: &[u32]) -> Result<Vec<Labelled>> {
    let mut found = Vec::new();
    for name in ["train", "dev", "test"] {
        let file = data.join(format!("goemotions/{name}.tsv"));
        for (i, line) in text(&file)?.lines().enumerate() {
            let at = || format!("{} line {}", file.display(), i + 1);
            let mut fields = line.split('\t');
            let (comment, ids) = (fields.next().with_context(at)?, fields.next().with_context(at)?);
            let ids = ids.split(',').map(str::parse).collect::<Result<Vec<u32>, _>>().with_context(at)?;
            let all_in = |set: &[u32]| ids.iter().all(|id| set.contains(id));
            if all_in(yes) || all_in(no) {
                found.push(Labelled {
                    text: comment.replace("[NAME]", "Sam").replace("[RELIGION]", "religion"),
                    yes: all_in(yes),
                });
            }
        }
    }
    Ok(found)
}

/// Review sentences: favourable (yes) or not.
pub(crate) fn sentence_polarity(data: &Path) -> Result<Vec<Labelled>> {
    let file = data.join("nltk_sentence_polarity/sentence_polarity.zip");
    let broken = || format!("The data file {} cannot be read", file.display());
    let mut archive = ZipArchive::new(File::open(&file).with_context(broken)?).with_context(broken)?;
    let mut found = Vec::new();
    for (name, yes) in [("rt-polarity.pos", true), ("rt-polarity.neg", false)] {
        // Latin-1: every byte is its own character.
        let path = archive.file_names().flatten().find(|path| path.ends_with(name)).map(Cow::into_owned);
        let path = path.with_context(|| format!("{} holds no {name}", file.display()))?;
        let mut bytes = Vec::new();
        archive.by_name(&path)?.read_to_end(&mut bytes).with_context(broken)?;
        let text: String = bytes.into_iter().map(char::from).collect();
        found.extend(
            text.lines()
                .filter(|l| !l.trim().is_empty())
                .map(|l| Labelled { text: l.trim().to_string(), yes }),
        );
    }
    Ok(found)
}

/// Posts judged neither hateful nor offensive (yes), or one of these; without addresses, user names and
/// retweet marks.
pub(crate) fn hate_offensive(data: &Path) -> Result<Vec<Labelled>> {
    #[derive(Deserialize)]
    struct Row {
        class: u8,
        tweet: String,
    }
    let clean = |tweet: &str| {
        let plain = tweet.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
        let words = plain
            .split_whitespace()
            .filter(|w| !(w.starts_with('@') || w.contains("://") || w.contains("&#") || *w == "RT"));
        words.map(|w| w.trim_matches(['!', '"'])).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let rows: Vec<Row> = rows(&data.join("hate-offensive/labeled_data.csv"))?;
    let rows = rows.into_iter().map(|r| Labelled { text: clean(&r.tweet), yes: r.class == 2 });
    Ok(rows.filter(|r| !r.text.is_empty()).collect())
}

/// Dialogues with two last answers, of which people chose the less harmful one. Prompt: the last question.
pub(crate) fn hh_harmless(data: &Path) -> Result<Vec<Pair>> {
    #[derive(Deserialize)]
    struct Row {
        chosen: String,
        rejected: String,
    }
    let rows: Vec<Row> = lines(&data.join("hh-rlhf-harmless/harmless-base-test.jsonl.gz"))?;
    let last = |dialogue: &str| -> Result<(String, String)> {
        let (before, answer) =
            dialogue.rsplit_once("\n\nAssistant:").context("a dialogue without an answer")?;
        let (_, prompt) = before.rsplit_once("\n\nHuman:").context("a dialogue without a question")?;
        Ok((prompt.trim().to_string(), answer.trim().to_string()))
    };
    let mut found = Vec::new();
    for row in rows {
        let ((prompt, better), (other_prompt, worse)) = (last(&row.chosen)?, last(&row.rejected)?);
        // A few dialogues part before the last question; their answers cannot be compared.
        if prompt == other_prompt && better != worse && !better.is_empty() && !worse.is_empty() {
            found.push(Pair { prompt, better, worse });
        }
    }
    Ok(found)
}

/// Answers of five models to safe and unsafe prompts, judged as refusing or complying; partly refusing ones
/// are left out.
pub(crate) fn xstest(data: &Path) -> Result<Vec<Judged>> {
    #[derive(Deserialize)]
    struct Row {
        #[serde(rename = "type")]
        kind: String,
        prompt: String,
        completion: String,
        final_label: String,
    }
    let mut found = Vec::new();
    for model in ["gpt4", "llama2new", "llama2orig", "mistralguard", "mistralinstruct"] {
        for row in rows::<Row>(&data.join(format!("xstest/xstest_v2_completions_{model}.csv")))? {
            if row.final_label != "3_partial_refusal" && !row.completion.trim().is_empty() {
                found.push(Judged {
                    prompt: row.prompt.trim().to_string(),
                    answer: row.completion.trim().to_string(),
                    // Each kind of safe prompt has its unsafe contrast.
                    unsafe_prompt: row.kind.starts_with("contrast"),
                    refused: row.final_label == "2_full_refusal",
                });
            }
        }
    }
    ensure!(!found.is_empty(), "no judged answers in xstest");
    Ok(found)
}

#[derive(Deserialize)]
struct PandalmRow {
    instruction: String,
    #[serde(default)]
    input: Value,
    response1: Value,
    response2: Value,
    annotator1: u8,
    annotator2: u8,
    annotator3: u8,
}

impl PandalmRow {
    /// 1 or 2 for the better answer, 0 for neither.
    fn votes(&self) -> [u8; 3] {
        [self.annotator1, self.annotator2, self.annotator3]
    }
}

fn pandalm_rows(data: &Path) -> Result<Vec<PandalmRow>> {
    let file = data.join("pandalm-testset/testset-v1.json");
    serde_json::from_str(&text(&file)?).with_context(|| format!("The data file {}", file.display()))
}

/// Pairs of answers to one instruction of which at least two of three annotators preferred the same; prompt:
/// instruction and input.
pub(crate) fn pandalm(data: &Path) -> Result<Vec<Pair>> {
    // An answer may stand there as a bare number or truth value.
    let plain = |value: &Value| match value {
        Value::String(text) => text.trim().to_string(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let mut found = Vec::new();
    for row in pandalm_rows(data)? {
        let votes = |choice: u8| row.votes().into_iter().filter(|v| *v == choice).count();
        let prompt = format!("{} {}", row.instruction.trim(), plain(&row.input)).trim().to_string();
        let (one, two) = (plain(&row.response1), plain(&row.response2));
        if one.is_empty() || two.is_empty() {
            continue;
        }
        if votes(1) >= 2 {
            found.push(Pair { prompt, better: one, worse: two });
        } else if votes(2) >= 2 {
            found.push(Pair { prompt, better: two, worse: one });
        }
    }
    Ok(found)
}

/// How often one annotator prefers what the two others agree to prefer; calling it a tie counts half.
pub(crate) fn pandalm_agreement(data: &Path) -> Result<f64> {
    let (mut agreed, mut all) = (0.0, 0.0);
    for row in pandalm_rows(data)? {
        let votes = row.votes();
        for i in 0..3 {
            let (one, other) = (votes[(i + 1) % 3], votes[(i + 2) % 3]);
            if one == other && one != 0 {
                all += 1.0;
                agreed += if votes[i] == 0 { 0.5 } else { f64::from(u8::from(votes[i] == one)) };
            }
        }
    }
    ensure!(all > 0.0, "no pair on which two annotators agree");
    Ok(agreed / all)
}

/// Short answers of many models, with their prompts.
pub(crate) fn oasst_answers(data: &Path) -> Result<Vec<(String, String)>> {
    #[derive(Deserialize)]
    struct Row {
        p: String,
        r: String,
    }
    let rows: Vec<Row> = lines(&data.join("oasst-sampling-reports/oasst_short.jsonl.gz"))?;
    let rows = rows.into_iter().map(|r| (r.p.trim().to_string(), r.r.trim().to_string()));
    Ok(rows.filter(|(p, r)| !p.is_empty() && r.split_whitespace().count() >= 5).collect())
}
