//! A file that is one JSON object and nothing else, such as a reward head.

use super::parse::{Json, Parser};
use super::syntax;
use crate::error::ImportError;
use serde_json::{Map, Value};

/// Reads the text of the file called `name` as one JSON object.
///
/// # Errors
/// A sentence with the line, when it is none: also for comments, for NaN, for a name that stands twice in an
/// object, and for anything after the end.
pub fn one_object(name: &str, text: &str) -> Result<Map<String, Value>, ImportError> {
    let mut parser = Parser::strict(text);
    if !parser.more() {
        return Err(ImportError(format!("{name} is empty. A JSON object is expected.")));
    }
    let line = parser.line();
    let value = parser.value().map_err(|wrong| syntax(name, &wrong))?;
    if !matches!(value, Json::Object(_)) {
        return Err(ImportError(format!(
            "{name}, line {line}: it does not begin with an object. Write one, in braces {{}}; nothing was loaded."
        )));
    }
    if parser.more() {
        let (found, line) = (parser.found(), parser.line());
        return Err(ImportError(format!(
            "{name}, line {line}: something follows after the end of the object: {found}. Keep one object; \
                nothing was loaded."
        )));
    }
    // What is left is what a text or a number may not hold.
    serde_json::from_str(text).map_err(|error| {
        ImportError(format!(
            "{name}, line {}: a text holds a character that must be written as an escape (such as \\t), or a \
                number is too large. Correct it; nothing was loaded.",
            error.line()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_is_read_or_refused_with_its_line() {
        let read = one_object("h", " {\"a\": [1, -2.5e3], \"b\": {\"a\": \"x\\n\"}}\n ").expect("an object");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), r#"{"a":[1,-2500.0],"b":{"a":"x\n"}}"#);
        for (text, line, words) in [
            ("{\"a\": 1,\n \"a\": 2}", 2, "“a” stands twice"),
            ("{\"b\": {\"a\": 1,\n \"\\u0061\": 2}}", 2, "stands twice"),
            ("{\"a\": 1}\n{\"b\": 2}", 2, "after the end of the object"),
            ("{\"a\": 1}\n// mine", 2, "a comment"),
            ("// mine\n{\"a\": 1}", 1, "a comment"),
            ("{\n# mine\n\"a\": 1}", 2, "a comment"),
            ("{\"a\": 1 /* mine */}", 1, "a comment"),
            ("{\"a\": NaN}", 1, "“NaN” is no number"),
            ("{\"a\": 1,}", 1, "a comma stands before"),
            ("{\"a\":\n1e999}", 2, "too large"),
            ("{\"a\": \"x\ty\"}", 1, "escape"),
            ("{\"a\": \"\\ud83d\"}", 1, "half a character"),
            ("[1]", 1, "does not begin with an object"),
            ("", 0, "is empty"),
        ] {
            let said = one_object("h", text).expect_err(text).to_string();
            let place = if line == 0 { "h is".to_owned() } else { format!("h, line {line}: ") };
            assert!(
                said.starts_with(&place) && said.contains(words) && said.ends_with('.'),
                "{text}: {said}"
            );
        }
    }
}
