//! Files of heads: safetensors, or JSON as `palette train` writes it. See docs/heads.md.

use palette_tables::one_object;
use palette_tables::text::decode;
use serde_json::{Map, Value};

use super::external::{block, check_encoder, check_name, wrong};
use super::head::{Block, Head};
use crate::ModelError;
use crate::gguf::shown;

/// What a head in JSON may hold.
const KEYS: [&str; 9] =
    ["name", "unit", "blocks", "bias", "weights", "held_out", "says", "measured", "encoder"];

impl Head {
    /// Reads a head from the bytes of the file called `name`, for embeddings of `width` numbers.
    ///
    /// # Errors
    /// When the file is not what docs/heads.md describes: a sentence that names the file and says what is
    /// wrong.
    pub fn from_file(name: &str, bytes: &[u8], width: usize) -> Result<Head, ModelError> {
        let named = |error: ModelError| ModelError::Setting(format!("{name}: {error}"));
        if is_safetensors(bytes) || !is_json(name, bytes) {
            return Head::from_safetensors(bytes, width).map_err(named);
        }
        let said = |error: palette_tables::ImportError| ModelError::Setting(error.0);
        let decoded = decode(name, bytes).map_err(said)?;
        let has_mark = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        // A name must not be guessed: tables are read so with a note, which a head has no place for.
        if decoded.note.is_some() && !has_mark {
            return Err(ModelError::Setting(format!(
                "{name} is not in UTF-8, or lost letters before it came here. Save it in UTF-8, and write the \
                    lost letters (�) anew."
            )));
        }
        let object = one_object(name, &decoded.text).map_err(said)?;
        of_object(&object, width).map_err(named)
    }
}

/// Whether a file begins with the length of a safetensors header, which no text does.
fn is_safetensors(bytes: &[u8]) -> bool {
    bytes.get(4..9) == Some(b"\0\0\0\0{")
}

fn is_json(name: &str, bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let named = name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("json"));
    let begins = matches!(text.trim_ascii_start().first(), Some(b'{' | b'[' | b'/' | b'#'));
    named || begins || bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

fn of_object(object: &Map<String, Value>, width: usize) -> Result<Head, ModelError> {
    // Anything else might be a part of a head of another kind.
    if let Some(other) = object.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(wrong(format!(
            "it has a key `{}`, and a head has {}; leave it out if the reward does not need it",
            shown(other),
            KEYS.join(", ")
        )));
    }
    let text = |key: &str| match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
        Some(_) => Err(wrong(format!("its `{key}` is no text"))),
    };
    let name = text("name")?.ok_or_else(|| wrong("it has no `name`".into()))?;
    check_name(name)?;
    if let Some(encoder) = text("encoder")? {
        check_encoder(encoder)?;
    }
    let blocks = blocks(object.get("blocks"))?;
    let expected: usize = blocks.iter().map(|block| block.features(width)).sum();
    let Some(Value::Array(weights)) = object.get("weights") else {
        return Err(wrong("it has no `weights`, or they are no list of numbers".into()));
    };
    if weights.len() != expected {
        return Err(wrong(format!("it has {} weights; {expected} are needed for its blocks", weights.len())));
    }
    let finite = |value: &Value| value.as_f64().map(|x| x as f32).filter(|x| x.is_finite());
    let weights = weights
        .iter()
        .enumerate()
        .map(|(i, value)| {
            finite(value).ok_or_else(|| wrong(format!("weight {i} is no number that can be used")))
        })
        .collect::<Result<Vec<f32>, _>>()?;
    let bias = object.get("bias").and_then(Value::as_f64).filter(|bias| bias.is_finite());
    let held_out = match object.get("held_out") {
        None | Some(Value::Null) => Vec::new(),
        Some(figures) => serde_json::from_value(figures.clone()).map_err(|_| {
            wrong("its `held_out` is not the list of figures that palette train writes; leave it out".into())
        })?,
    };
    Ok(Head {
        name: name.into(),
        unit: text("unit")?.unwrap_or_default().into(),
        blocks,
        bias: bias.ok_or_else(|| wrong("it has no `bias`, or it is no number".into()))?,
        weights,
        held_out,
        says: text("measured")?.or(text("says")?).map(str::to_owned),
    })
}

/// Blocks as a list, or as a text with commas between.
fn blocks(value: Option<&Value>) -> Result<Vec<Block>, ModelError> {
    let missing = || wrong("it has no `blocks`, a list of some of answer, prompt, product and new".into());
    let blocks: Vec<Block> = match value {
        Some(Value::String(text)) if !text.trim().is_empty() => {
            text.split(',').map(|name| block(name.trim())).collect::<Result<_, _>>()?
        }
        Some(Value::Array(names)) => names
            .iter()
            .map(|name| name.as_str().ok_or_else(missing).and_then(|name| block(name.trim())))
            .collect::<Result<_, _>>()?,
        _ => return Err(missing()),
    };
    if blocks.is_empty() { Err(missing()) } else { Ok(blocks) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::head::Read;

    const GOOD: &str = r#"{"name": "brîef", "unit": "log-odds", "blocks": ["answer", "new"], "bias": 0.5,
        "weights": [1, -2.5, 0.1], "measured": "By length."}"#;

    fn read(bytes: &[u8]) -> Result<Head, String> {
        Head::from_file("h.json", bytes, 2).map_err(|e| e.to_string())
    }

    #[test]
    fn a_head_in_json_is_the_same_in_every_encoding() {
        let plain = read(GOOD.as_bytes()).expect("a head");
        assert_eq!((plain.name.as_str(), plain.unit.as_str()), ("brîef", "log-odds"));
        assert_eq!(
            (plain.measured().as_str(), plain.weights.as_slice()),
            ("By length.", &[1.0, -2.5, 0.1][..])
        );
        let answer = Read { prompt: &[0.0, 0.0], answer: &[1.0, 0.0], new_words: 0 };
        assert!((plain.reward(answer) - (0.5 + 2f64.sqrt())).abs() < 1e-6);
        let marked = format!("\u{feff}{GOOD}");
        assert_eq!(read(marked.as_bytes()).as_ref(), Ok(&plain));
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let wide: Vec<u8> = marked.encode_utf16().flat_map(order).collect();
            assert_eq!(read(&wide).as_ref(), Ok(&plain));
            assert_eq!(Head::from_file("head", &wide, 2).ok().as_ref(), Some(&plain));
        }
        let old: Vec<u8> = GOOD.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
        assert!(read(&old).is_err_and(|said| said.contains("not in UTF-8") && said.ends_with('.')));
        // One that was written by training, as the built-in ones were.
        let trained = include_str!("heads/humor.json").replacen("humor", "wit", 1);
        let head = Head::from_file("wit.json", trained.as_bytes(), 384).expect("a head");
        let built_in = Head::read(&trained, 384).expect("a head");
        assert_eq!(head, built_in);
    }

    #[test]
    fn what_is_wrong_in_json_is_said_in_a_sentence() {
        for (from, to, words) in [
            ("\"unit\"", "\"name\"", "line 1: it cannot be read as JSON: the name “name” stands twice"),
            ("\n", "\n// by hand\n", "line 2: it cannot be read as JSON"),
            ("h.\"}", "h.\"}\n{}", "line 3: something follows after the end"),
            ("-2.5", "NaN", "line 2: it cannot be read as JSON: “NaN” is no number"),
            ("-2.5", "\"-2.5\"", "weight 1 is no number"),
            ("-2.5", "1e300", "weight 1 is no number"),
            (", 0.1", "", "it has 2 weights; 3 are needed"),
            ("\"new\"", "\"old\"", "the block `old`"),
            ("[\"answer\", \"new\"]", "[]", "no `blocks`"),
            ("\"bias\": 0.5,", "", "no `bias`"),
            ("brîef", "Humor", "called Humor"),
            ("\"brîef\"", "7", "`name` is no text"),
            ("\"unit\"", "\"encoder\"", "the encoder log-odds"),
            ("\"unit\"", "\"scale\"", "a key `scale`"),
            ("\"unit\": \"log-odds\"", "\"held_out\": 3", "`held_out`"),
            ("{\"name\"", "[\"name\"", "it cannot be read as JSON"),
        ] {
            let text = GOOD.replacen(from, to, 1);
            assert_ne!(text, GOOD, "{from}");
            let said = read(text.as_bytes()).expect_err(to);
            assert!(
                said.starts_with("h.json") && said.contains(words) && said.ends_with('.'),
                "{to}: {said}"
            );
            assert!(!said.contains("expected") && !said.contains("column"), "{said}");
        }
        for (bytes, words) in [
            (b"PAR1\x15".as_slice(), "Parquet"),
            (b"", "is empty"),
            (b"humor", "neither a number nor a text"),
            (b"[]", "does not begin with an object"),
        ] {
            let said = read(bytes).expect_err(words);
            assert!(said.contains(words), "{said}");
        }
        let said = Head::from_file("head", b"nonsense", 2).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(said.starts_with("head: ") && said.contains("neither a safetensors file nor JSON"), "{said}");
    }
}
