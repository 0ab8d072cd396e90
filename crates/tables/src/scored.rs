//! Answers to be scored: objects with a prompt and an answer, which get their rewards.

use crate::error::ImportError;
use crate::rows::{self, Cell, Json, Objects, Wanted, json_text};

/// One answer, with all that stands beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Where it stands in the file, such as `line 3`.
    pub place: String,
    pub prompt: String,
    pub answer: String,
    /// Whether half a character (a lone surrogate) of the answer was left out.
    pub halved: bool,
    /// Names and values as JSON, as they were written.
    members: Vec<(String, String)>,
}

impl Answered {
    /// The object in one line of JSON, with `rewards` by name in the place of those that it had.
    pub fn with_rewards(&self, rewards: impl IntoIterator<Item = (String, f64)>) -> String {
        let mut line = String::from("{");
        for (key, value) in self.members.iter().filter(|(key, _)| key != "\"rewards\"") {
            line += &format!("{key}:{value},");
        }
        let rewards: serde_json::Map<String, serde_json::Value> =
            rewards.into_iter().map(|(name, reward)| (name, reward.into())).collect();
        line += &format!("\"rewards\":{}}}", serde_json::Value::Object(rewards));
        line
    }
}

/// Reads the answers in the text of the file called `name`: JSON Lines or what else a table may be.
///
/// # Errors
/// When some cannot be read; all of those in JSON Lines are named.
pub fn read(name: &str, text: &str) -> Result<Vec<Answered>, ImportError> {
    let start = text.trim_start();
    let answers = if start.starts_with('{') { of_objects(name, text)? } else { of_table(name, text)? };
    if answers.is_empty() {
        return Err(ImportError(format!(
            "{name} has no lines; each should be an object such as {{\"prompt\": \"…\", \"answer\": \"…\"}}."
        )));
    }
    Ok(answers)
}

fn of_objects(name: &str, text: &str) -> Result<Vec<Answered>, ImportError> {
    let mut answers = Vec::new();
    let mut bad = Vec::new();
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if Objects::new(name, first).next().is_ok() {
        // An object a line, so that a line that is wrong does not hide those after it.
        for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = format!("line {}", i + 1);
            let mut objects = Objects::new(name, line);
            let read = match objects.next() {
                Ok(Some((members, _))) => match objects.next() {
                    Ok(None) => of_members(&members, &place),
                    _ => Err("something follows after the object.".to_owned()),
                },
                Ok(None) => continue,
                Err(_) => {
                    Err("this is not an object in JSON such as {\"prompt\": \"…\", \"answer\": \"…\"}."
                        .into())
                }
            };
            match read {
                Ok(answered) => answers.push(answered),
                Err(what) => bad.push(format!("Line {}: {what}", i + 1)),
            }
        }
    } else {
        let mut objects = Objects::new(name, text);
        while let Some((members, line)) = objects.next()? {
            match of_members(&members, &format!("line {line}")) {
                Ok(answered) => answers.push(answered),
                Err(what) => bad.push(format!("Line {line}: {what}")),
            }
        }
    }
    if bad.is_empty() {
        return Ok(answers);
    }
    let more = bad.len().saturating_sub(20);
    bad.truncate(20);
    if more > 0 {
        bad.push(format!("and {more} more such lines"));
    }
    Err(ImportError(format!("{name} cannot be scored.\n{}", bad.join("\n"))))
}

fn of_members(members: &[(&str, Json)], place: &str) -> Result<Answered, String> {
    let text = |key: &str| {
        let mut found = members.iter().filter(|(name, _)| json_text(name).0 == key);
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(format!("`{key}` stands there twice.")),
            (Some((_, Json::Text(raw))), None) => Ok(json_text(raw)),
            (Some(_), None) => Err(format!("`{key}` is not a text.")),
            (None, _) => Err(format!("`{key}` is missing.")),
        }
    };
    let ((prompt, cut), (answer, halved)) = (text("prompt")?, text("answer")?);
    if prompt.trim().is_empty() {
        return Err("`prompt` is empty.".into());
    }
    if cut {
        return Err("`prompt` holds half a character (a lone surrogate such as \\ud83d).".into());
    }
    let mut written = Vec::with_capacity(members.len());
    for (key, value) in members {
        let mut json = String::new();
        value.write(&mut json);
        if json.contains('\n') {
            json = json.replace('\n', " ");
        }
        written.push((format!("\"{key}\""), json));
    }
    Ok(Answered {
        place: place.into(),
        prompt: prompt.into_owned(),
        answer: answer.into_owned(),
        halved,
        members: written,
    })
}

fn of_table(name: &str, text: &str) -> Result<Vec<Answered>, ImportError> {
    let wanted = Wanted { what: "list of answers", verbatim: &|_| true, named: None };
    let mut rows = rows::of_text(name, text, &wanted, &mut |_| {})?;
    let column = |key: &str| {
        rows.columns.iter().position(|column| column.name.eq_ignore_ascii_case(key)).ok_or_else(|| {
            ImportError(format!("{name} has no column called {key}, and every answer needs one. Name it so."))
        })
    };
    let (prompt, answer) = (column("prompt")?, column("answer")?);
    let mut answers = Vec::with_capacity(rows.lines.len());
    for row in 0..rows.lines.len() {
        let mut members = Vec::with_capacity(rows.columns.len());
        for column in &rows.columns {
            let key = serde_json::Value::from(column.name.as_str()).to_string();
            let value = match column.cells.get(row) {
                None => "null".to_owned(),
                Some(Cell::Number(x)) => x.to_string(),
                Some(Cell::Truth(truth)) => truth.to_string(),
                Some(Cell::Written(text)) if serde_json::from_str::<serde_json::Number>(&text).is_ok() => {
                    text.to_string()
                }
                Some(Cell::Written(text) | Cell::Text(text) | Cell::NotFinite(text)) => {
                    serde_json::Value::from(text.as_ref()).to_string()
                }
            };
            members.push((key, value));
        }
        let (line, halved) = (rows.lines[row], rows.columns[answer].halves.is_some());
        let [prompt, answer] = [prompt, answer].map(|column| rows.columns[column].cells.take_text(row));
        if prompt.trim().is_empty() {
            return Err(ImportError(format!(
                "{name}, {} {line}: the prompt is missing. Fill it in.",
                rows.unit
            )));
        }
        answers.push(Answered { place: format!("{} {line}", rows.unit), prompt, answer, halved, members });
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_an_answer_is_kept_as_it_was() {
        let line = r#"{"z":12345678901234567890,"prompt":"Hi","a":[2.50,null],"answer":"Hello \ud83d","rewards":{}}"#;
        let rows = read("t", &format!("{line}\n\n")).expect("an answer");
        assert_eq!((rows.len(), rows[0].answer.as_str(), rows[0].halved), (1, "Hello ", true));
        assert_eq!(
            rows[0].with_rewards([("wit".to_owned(), 0.5)]),
            line.replace("\"rewards\":{}", "\"rewards\":{\"wit\":0.5}")
        );
        let pretty =
            "{\n \"prompt\": \"Hi\",\n \"answer\": \"Hello\"\n}\n{\"prompt\": \"a\", \"answer\": \"\"}";
        let rows = read("t", pretty).expect("answers");
        assert_eq!(rows.iter().map(|row| row.place.as_str()).collect::<Vec<_>>(), ["line 1", "line 5"]);
        let rows = read("t", "id;prompt;answer\n007;Hi;\"Hello;\"\n").expect("a table");
        assert_eq!(rows[0].with_rewards([]), r#"{"id":"007","prompt":"Hi","answer":"Hello;","rewards":{}}"#);
    }

    #[test]
    fn every_bad_line_is_named() {
        let text = "{\"prompt\":\"a\",\"answer\":\"b\"}\n{\"prompt\":\"a\"}\nnonsense\n{\"prompt\":3,\"answer\":\"b\"}\n[1]\n{\"prompt\":\" \",\"answer\":\"\"}\n";
        let message = read("t", text).expect_err("bad lines").to_string();
        for part in [
            "Line 2: `answer` is missing.",
            "Line 3: this is not an object",
            "Line 4: `prompt` is not a text.",
            "Line 5: this is not an object",
            "Line 6: `prompt` is empty.",
        ] {
            assert!(message.contains(part), "{message}");
        }
        assert!(!message.contains("Line 1:"));
        assert!(read("t", "\n").is_err());
    }
}
