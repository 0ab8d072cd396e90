//! JSON as people's tools write it: numbers and texts stay as written until they are asked for, NaN is told
//! apart, values may stand one after another.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write;

/// A value. Numbers and texts are the file's own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Truth(bool),
    Number(&'a str),
    /// NaN, Infinity, -Infinity: no JSON, but written by many tools.
    NotFinite(&'a str),
    /// What stands between the quotation marks, with its escapes.
    Text(&'a str),
    Array(Vec<Json<'a>>),
    Object(Vec<(&'a str, Json<'a>)>),
}

/// What is wrong, as a clause, and in which line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wrong {
    pub line: usize,
    pub what: String,
}

/// Deeper values are refused.
const DEEPEST: usize = 100;

pub(super) struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The line of `counted`, counted from 1.
    line: usize,
    counted: usize,
    /// Whether what tools write beside JSON is refused, and names that stand twice in an object.
    strict: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Parser { text, at: 0, line: 1, counted: 0, strict: false }
    }

    /// One that takes JSON alone, and each name once.
    pub(super) fn strict(text: &'a str) -> Self {
        Parser { strict: true, ..Parser::new(text) }
    }

    pub(super) fn share(&self) -> f64 {
        self.at as f64 / self.text.len().max(1) as f64
    }

    /// The line that is being read.
    pub(super) fn line(&mut self) -> usize {
        let passed = &self.text.as_bytes()[self.counted..self.at];
        self.line += memchr::memchr_iter(b'\n', passed).count();
        self.counted = self.at;
        self.line
    }

    fn wrong(&mut self, what: impl Into<String>) -> Wrong {
        Wrong { line: self.line(), what: what.into() }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over blanks; whether something follows.
    pub(super) fn more(&mut self) -> bool {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
        self.at < self.text.len()
    }

    /// Steps over `sign` where it comes next.
    pub(super) fn take(&mut self, sign: u8) -> bool {
        let is_next = self.more() && self.peek() == Some(sign);
        self.at += usize::from(is_next);
        is_next
    }

    /// What comes next, for messages.
    pub(super) fn found(&self) -> String {
        let rest = &self.text[self.at..];
        match rest.chars().next() {
            None => "the file ends".into(),
            _ if rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#') => {
                "a comment stands there, which JSON does not have (take it out)".into()
            }
            Some('\n' | '\r') => "the line ends".into(),
            Some(c) => format!("“{c}” stands there"),
        }
    }

    /// After an element: whether another one follows before `close`.
    pub(super) fn goes_on(&mut self, close: u8, opened: usize) -> Result<bool, Wrong> {
        if self.take(b',') {
            if self.more() && self.peek() == Some(close) {
                return Err(self.wrong(format!("a comma stands before the closing {}", char::from(close))));
            }
            return Ok(true);
        }
        if self.take(close) {
            return Ok(false);
        }
        let (found, close) = (self.found(), char::from(close));
        Err(self
            .wrong(format!("a comma or {close} is missing (what is open began in line {opened}); {found}")))
    }

    pub(super) fn value(&mut self) -> Result<Json<'a>, Wrong> {
        self.value_at(0)
    }

    fn value_at(&mut self, depth: usize) -> Result<Json<'a>, Wrong> {
        if depth > DEEPEST {
            return Err(self.wrong(format!("values lie within one another more than {DEEPEST} deep")));
        }
        self.more();
        match self.peek() {
            Some(b'"') => self.string().map(Json::Text),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            _ => self.word(),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Json<'a>, Wrong> {
        let opened = self.line();
        self.at += 1;
        let mut elements = Vec::new();
        if self.take(b']') {
            return Ok(Json::Array(elements));
        }
        loop {
            elements.push(self.value_at(depth + 1)?);
            if !self.goes_on(b']', opened)? {
                return Ok(Json::Array(elements));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, Wrong> {
        let opened = self.line();
        self.at += 1;
        let mut members = Vec::new();
        let mut names = HashSet::new();
        if self.take(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            if !self.more() || self.peek() != Some(b'"') {
                let found = self.found();
                return Err(self.wrong(format!("a name in double quotation marks is missing; {found}")));
            }
            let key = self.string()?;
            if self.strict && !names.insert(decoded(key).0) {
                return Err(self.wrong(format!(
                    "the name “{}” stands twice in one object, so it is not said which of the two holds",
                    start_of(key)
                )));
            }
            if !self.take(b':') {
                let found = self.found();
                return Err(self.wrong(format!("a colon is missing after “{}”; {found}", start_of(key))));
            }
            members.push((key, self.value_at(depth + 1)?));
            if !self.goes_on(b'}', opened)? {
                return Ok(Json::Object(members));
            }
        }
    }

    /// What stands between two quotation marks.
    fn string(&mut self) -> Result<&'a str, Wrong> {
        let open = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = open;
        loop {
            let Some(step) = memchr::memchr3(b'"', b'\\', b'\n', &bytes[at..]) else {
                return Err(self.wrong("a text that begins there is not closed before the file ends"));
            };
            at += step;
            match bytes[at] {
                b'"' => {
                    let inside = &self.text[open..at];
                    if self.strict && decoded(inside).1 {
                        return Err(self.wrong(
                            "half a character (a lone surrogate such as \\ud83d) stands in a text there",
                        ));
                    }
                    self.at = at + 1;
                    return Ok(inside);
                }
                b'\n' => {
                    return Err(self.wrong(
                        "a text that begins there is not closed before the line ends (within a text a line \
                            break is written \\n)",
                    ));
                }
                _ => {
                    if !is_escape(&bytes[at..]) {
                        self.at = at;
                        return Err(
                            self.wrong("a backslash in a text begins nothing that is known (write \\\\)")
                        );
                    }
                    at += 2;
                }
            }
        }
    }

    fn word(&mut self) -> Result<Json<'a>, Wrong> {
        let rest = &self.text[self.at..];
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '_' | '\u{2212}')))
            .unwrap_or(rest.len());
        let word = &rest[..length];
        let value = match word {
            "" => {
                let found = self.found();
                return Err(self.wrong(format!("a value is missing; {found}")));
            }
            "null" => Json::Null,
            "true" => Json::Truth(true),
            "false" => Json::Truth(false),
            _ if super::super::cells::is_no_number(word) || matches!(word, "None") => {
                if self.strict {
                    return Err(self.wrong(format!("“{word}” is no number, and one is needed there")));
                }
                Json::NotFinite(word)
            }
            "True" | "False" | "undefined" => {
                return Err(self.wrong(format!(
                    "“{word}” is not written so in JSON (true, false and null are). Python writes JSON by json.dumps"
                )));
            }
            _ if is_number(word) => Json::Number(word),
            _ => {
                let hint =
                    if rest.starts_with('\'') { " (texts stand in double quotation marks)" } else { "" };
                let word = start_of(word);
                return Err(
                    self.wrong(format!("“{word}” is neither a number nor a text in quotation marks{hint}"))
                );
            }
        };
        self.at += length;
        Ok(value)
    }
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    // Leading zeros are refused by JSON, as they may mean something else.
    let leading = digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
    digits.starts_with(|c: char| c.is_ascii_digit()) && !leading && word.parse::<f64>().is_ok()
}

fn is_escape(bytes: &[u8]) -> bool {
    match bytes.get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => true,
        Some(b'u') => bytes.get(2..6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        _ => false,
    }
}

fn start_of(text: &str) -> String {
    text.chars().take(40).collect()
}

/// A text with its escapes resolved, and whether half a character (a lone surrogate) was left out.
pub(crate) fn decoded(raw: &str) -> (Cow<'_, str>, bool) {
    if !raw.contains('\\') {
        return (Cow::Borrowed(raw), false);
    }
    let mut text = String::with_capacity(raw.len());
    let (mut rest, mut half) = (raw, false);
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escape = rest.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
        rest = rest.get(at + 2..).unwrap_or_default();
        match escape {
            b'b' => text.push('\u{8}'),
            b'f' => text.push('\u{c}'),
            b'n' => text.push('\n'),
            b'r' => text.push('\r'),
            b't' => text.push('\t'),
            b'u' => {
                let unit = unit_at(rest);
                rest = rest.get(4..).unwrap_or_default();
                let second = rest.strip_prefix("\\u").map(unit_at);
                match char::decode_utf16([unit, second.unwrap_or(0)]).next() {
                    Some(Ok(c)) => {
                        text.push(c);
                        if (0xd800..0xdc00).contains(&unit) {
                            rest = rest.get(6..).unwrap_or_default();
                        }
                    }
                    _ => half = true,
                }
            }
            other => text.push(char::from(other)),
        }
    }
    text.push_str(rest);
    (Cow::Owned(text), half)
}

fn unit_at(hex: &str) -> u16 {
    hex.get(..4).and_then(|hex| u16::from_str_radix(hex, 16).ok()).unwrap_or(0)
}

impl Json<'_> {
    /// As JSON in one line, numbers and texts as they were written.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Truth(truth) => {
                let _ = write!(out, "{truth}");
            }
            Json::Number(text) | Json::NotFinite(text) => out.push_str(text),
            Json::Text(raw) => {
                out.push('"');
                out.push_str(raw);
                out.push('"');
            }
            Json::Array(elements) => {
                out.push('[');
                for (i, element) in elements.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    element.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (i, (key, value)) in members.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    out.push('"');
                    out.push_str(key);
                    out.push_str("\":");
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// A text, or what is written; empty for null.
    pub(crate) fn as_text(&self) -> String {
        match self {
            Json::Null => String::new(),
            Json::Text(raw) => decoded(raw).0.into_owned(),
            other => {
                let mut text = String::new();
                other.write(&mut text);
                text
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were_written() {
        let text = r#"{"a":[1,-2.50e3,12345678901234567890],"b":{"c":"x\n\ud83d\ude00\ud83d","d":null},"e":true,"f":NaN}"#;
        let mut parser = Parser::new(text);
        let value = parser.value().expect("JSON");
        assert!(!parser.more());
        let mut again = String::new();
        value.write(&mut again);
        assert_eq!(again, text);
        assert_eq!(decoded(r"x\n\ud83d\ude00\ud83d y\u00e9\/"), (Cow::Borrowed("x\n😀 yé/"), true));
        assert_eq!(decoded(r"\ud83d\u0041\ude00").0, "A");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, line, words) in [
            ("{\"a\": 1\n \"b\": 2}", 2, "a comma or } is missing"),
            ("{\"a\": 1,\n}", 2, "comma stands before"),
            ("[1, 2", 1, "the file ends"),
            ("{\"a\": tru}", 1, "“tru”"),
            ("{'a': 1}", 1, "double quotation marks"),
            ("{\"a\": \"x\n\"}", 1, "not closed before the line ends"),
            ("{\"a\" 1}", 1, "colon"),
            ("{\"a\": 01}", 1, "“01”"),
            ("{\"a\": \"\\x\"}", 1, "backslash"),
            ("{\"a\": True}", 1, "json.dumps"),
            ("{\"a\": }", 1, "a value is missing"),
        ] {
            let wrong = Parser::new(text).value().expect_err(text);
            assert!(wrong.line == line && wrong.what.contains(words), "{text}: {wrong:?}");
        }
        assert!(Parser::new(&"[".repeat(100_000)).value().is_err());
    }
}
