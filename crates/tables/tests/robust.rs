//! Whatever the bytes, a reader ends with a table or a sentence; and a table that is known, written in any of
//! the ways that programs write tables, comes back as it was or is refused.
//!
//! `MAP_PALETTE_FUZZ_CASES` says how many cases each property tries, with new random numbers at each run.

use palette_tables::import::{ImportOptions, Imported, import};
use palette_tables::{number, palettes, prompts, scored, spec};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use std::fmt::Write;

fn config(usual: u32) -> Config {
    let told = std::env::var("MAP_PALETTE_FUZZ_CASES").ok().and_then(|n| n.parse().ok());
    Config {
        cases: told.unwrap_or(usual),
        rng_seed: if told.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) },
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    }
}

fn opened(bytes: &[u8]) -> Result<Imported, String> {
    import("t", bytes, &ImportOptions::default(), &mut |_| {}).map_err(|e| e.to_string())
}

/// A table that is known.
#[derive(Clone, Debug)]
struct Known {
    values: Vec<&'static str>,
    /// Prompt, answer, rewards in thousandths.
    rows: Vec<(String, String, Vec<i32>)>,
}

#[derive(Clone, Debug)]
struct Dialect {
    delimiter: char,
    comma: bool,
    quote_all: bool,
    windows_lines: bool,
    sep_line: bool,
    index: bool,
    /// 0 UTF-8, 1 with a mark, 2 and 3 UTF-16, 4 Windows-1252.
    encoding: u8,
}

fn known() -> impl Strategy<Value = Known> {
    let text = prop_oneof![
        4 => "[a-cé][a-c é,;|\"\n\t.]{0,8}",
        1 => "[0-9]{1,3}([,.][0-9]{1,3})?",
        1 => "[=@'\"«»–€]?[a-z]{1,3}[?!\"]?",
        1 => "(NA|null|true|sep=,|1e5|007|-|nan|none|#)",
    ];
    let text = text.prop_filter("read as what spreadsheets escape", |text: &String| {
        !(text.starts_with('\'') && text.trim_start_matches('\'').starts_with(['=', '@', '+', '-']))
    });
    let reward =
        prop_oneof![-2000..2000, Just(0), (-9..9).prop_map(|x| x * 1000), (1..9).prop_map(|x| x * 500)];
    (1usize..4, 1usize..4).prop_flat_map(move |(values, prompts)| {
        let prompts = proptest::collection::vec(text.clone(), prompts);
        let row =
            (any::<prop::sample::Index>(), text.clone(), proptest::collection::vec(reward.clone(), values));
        (prompts, proptest::collection::vec(row, 1..8)).prop_map(move |(prompts, rows)| Known {
            values: ["humor", "helpful", "wit"][..values].to_vec(),
            rows: rows
                .into_iter()
                .map(|(at, answer, rewards)| (at.get(&prompts).clone(), answer, rewards))
                .collect(),
        })
    })
}

fn dialect() -> impl Strategy<Value = Dialect> {
    let delimiter = prop_oneof![Just(','), Just(';'), Just('\t'), Just('|')];
    (delimiter, any::<[bool; 5]>(), 0u8..5).prop_map(
        |(delimiter, [comma, quote_all, windows_lines, sep_line, index], encoding)| Dialect {
            delimiter,
            comma,
            quote_all,
            windows_lines,
            sep_line,
            index,
            encoding,
        },
    )
}

fn reward(thousandths: i32, comma: bool) -> String {
    let text = (f64::from(thousandths) / 1000.0).to_string();
    if comma { text.replace('.', ",") } else { text }
}

/// The table as delimited text; `None` where the encoding has not all letters.
fn delimited(known: &Known, dialect: &Dialect) -> Option<Vec<u8>> {
    let cell = |text: &str| {
        let special = text.contains([dialect.delimiter, '"', '\n', '\r']) || text.starts_with(' ');
        match dialect.quote_all || special {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text.to_owned(),
        }
    };
    let end = if dialect.windows_lines { "\r\n" } else { "\n" };
    let mut text = String::new();
    if dialect.sep_line {
        write!(text, "sep={}{end}", dialect.delimiter).expect("a string");
    }
    let mut line = |cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        text.push_str(&cells.join(&dialect.delimiter.to_string()));
        text.push_str(end);
    };
    let index = |i: usize| dialect.index.then(|| if i == 0 { String::new() } else { (i - 1).to_string() });
    let names = ["prompt", "answer"].into_iter().chain(known.values.iter().copied()).map(String::from);
    line(index(0).into_iter().chain(names).collect());
    for (i, (prompt, answer, rewards)) in known.rows.iter().enumerate() {
        let rewards = rewards.iter().map(|x| reward(*x, dialect.comma));
        line(index(i + 1).into_iter().chain([prompt.clone(), answer.clone()]).chain(rewards).collect());
    }
    match dialect.encoding {
        0 => Some(text.into_bytes()),
        1 => Some(format!("\u{feff}{text}").into_bytes()),
        2 => Some(format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
        3 => Some(format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect()),
        _ => text
            .chars()
            .map(|c| match c {
                '€' => Some(0x80),
                '–' => Some(0x96),
                c => u8::try_from(u32::from(c)).ok(),
            })
            .collect(),
    }
}

/// The table as JSON in one of its forms.
fn json(known: &Known, form: u8, quoted: bool) -> String {
    use serde_json::{Map, Value, json};
    let number = |x: i32| {
        let x = f64::from(x) / 1000.0;
        if quoted { Value::from(x.to_string()) } else { Value::from(x) }
    };
    let names: Vec<&str> = ["prompt", "answer"].into_iter().chain(known.values.iter().copied()).collect();
    let cells: Vec<Vec<Value>> = (known.rows.iter())
        .map(|(p, a, rewards)| {
            [p.as_str().into(), a.as_str().into()]
                .into_iter()
                .chain(rewards.iter().map(|x| number(*x)))
                .collect()
        })
        .collect();
    let object = |row: &[Value]| -> Map<String, Value> {
        names.iter().map(|name| (*name).to_owned()).zip(row.iter().cloned()).collect()
    };
    let objects: Vec<Value> = cells.iter().map(|row| object(row).into()).collect();
    let column =
        |i: usize| cells.iter().enumerate().map(move |(row, cells)| (row.to_string(), cells[i].clone()));
    match form {
        0 => Value::from(objects).to_string(),
        1 => objects.iter().map(|object| format!("{object}\n")).collect(),
        2 => objects.iter().map(|object| format!("{object:#}\r\n")).collect(),
        3 => json!({"columns": names, "index": (0..cells.len()).collect::<Vec<_>>(), "data": cells})
            .to_string(),
        4 => {
            let columns = (0..names.len()).map(|i| (names[i].to_owned(), Value::Object(column(i).collect())));
            Value::Object(columns.collect()).to_string()
        }
        5 => {
            let rows = objects.iter().enumerate().map(|(i, object)| (i.to_string(), object.clone()));
            Value::Object(rows.collect()).to_string()
        }
        6 => json!({"model": "m", "results": objects}).to_string(),
        7 => {
            let nested = cells.iter().map(|row| {
                let rewards: Map<String, Value> =
                    names[2..].iter().map(|n| (*n).to_owned()).zip(row[2..].iter().cloned()).collect();
                json!({"prompt": row[0], "answer": row[1], "rewards": rewards})
            });
            Value::from(nested.collect::<Vec<_>>()).to_string()
        }
        _ => {
            let columns =
                (0..names.len()).map(|i| (names[i].to_owned(), column(i).map(|(_, cell)| cell).collect()));
            Value::Object(columns.collect()).to_string()
        }
    }
}

/// That what was read is the table that was written.
fn is_known(known: &Known, read: &Imported) -> Result<(), TestCaseError> {
    let set = &read.set;
    let names: Vec<&str> = set.values.iter().map(|v| v.name.as_str()).collect();
    prop_assert_eq!(&names, &known.values);
    prop_assert_eq!(read.preview.rows, known.rows.len());
    prop_assert_eq!(set.answers.len(), known.rows.len());
    let mut order: Vec<&str> = Vec::new();
    for (prompt, ..) in &known.rows {
        if !order.contains(&prompt.as_str()) {
            order.push(prompt);
        }
    }
    prop_assert_eq!(&set.prompts, &order);
    let mut expected: Vec<_> = known.rows.iter().collect();
    expected.sort_by_key(|(prompt, ..)| order.iter().position(|p| p == prompt));
    for (answer, (prompt, text, rewards)) in set.answers.iter().zip(expected) {
        prop_assert_eq!(&set.prompts[answer.prompt], prompt);
        prop_assert_eq!(&answer.text, text);
        let rewards: Vec<f64> = rewards.iter().map(|x| f64::from(*x) / 1000.0).collect();
        prop_assert_eq!(&answer.rewards, &rewards);
    }
    Ok(())
}

/// What is done to bytes.
#[derive(Clone, Debug)]
enum Change {
    Remove(prop::sample::Index, usize),
    Insert(prop::sample::Index, &'static str),
    Replace(prop::sample::Index, u8),
    Repeat(prop::sample::Index, usize),
    Cut(prop::sample::Index),
}

const PIECES: [&str; 32] = [
    ",",
    ";",
    "\t",
    "|",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\r",
    "{",
    "}",
    "[",
    "]",
    ":",
    "null",
    "NaN",
    "1e999",
    "-",
    "−",
    "0,5",
    "1,248",
    "\\ud83d",
    "\\",
    "sep=;\n",
    "\u{feff}",
    "\u{200b}",
    "é",
    "\0",
    "true",
    "{\"prompt\":",
    "'=",
    "99999999999999999999",
];

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), 1usize..20).prop_map(|(at, n)| Change::Remove(at, n)),
        (at(), prop::sample::select(PIECES.to_vec())).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (at(), 1usize..40).prop_map(|(at, n)| Change::Repeat(at, n)),
        at().prop_map(Change::Cut),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let n = bytes.len();
        if n == 0 {
            break;
        }
        match change {
            Change::Remove(at, count) => {
                let at = at.index(n);
                bytes.drain(at..(at + count).min(n));
            }
            Change::Insert(at, piece) => {
                let at = at.index(n);
                bytes.splice(at..at, piece.bytes());
            }
            Change::Replace(at, byte) => bytes[at.index(n)] = *byte,
            Change::Repeat(at, count) => {
                let at = at.index(n);
                let part = bytes[at..(at + count).min(n)].to_vec();
                bytes.splice(at..at, part);
            }
            Change::Cut(at) => bytes.truncate(at.index(n)),
        }
    }
    bytes
}

/// Bits of tables in any order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(PIECES.to_vec()).prop_map(String::from),
        2 => "[a-z0-9.,+eE-]{1,4}",
        1 => prop::sample::select(vec!["prompt", "answer", "humor", "q80", "base", ">=", "..", " in ", "keep", "@"]).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A reader's end: something sound, or a sentence.
fn sound(read: &Result<Imported, String>) -> Result<(), TestCaseError> {
    match read {
        Ok(read) => {
            let set = &read.set;
            prop_assert_eq!(set.answers.len(), read.preview.rows);
            let whole = set.answers.iter().all(|a| {
                a.prompt < set.prompts.len()
                    && a.rewards.len() == set.values.len()
                    && a.rewards.iter().all(|x| x.is_finite())
                    && a.weight.is_finite()
                    && a.weight >= 0.0
            });
            prop_assert!(whole);
            prop_assert!(!read.notes.is_empty());
        }
        Err(said) => prop_assert!(said.starts_with('t') && said.ends_with('.'), "{}", said),
    }
    Ok(())
}

/// The table as R writes it, with row names: texts in quotation marks, numbers without.
fn of_r(known: &Known, sign: char, comma: bool, names: &[&str]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut lines = vec![names.iter().map(|name| quoted(name)).collect::<Vec<_>>()];
    for (i, (prompt, answer, rewards)) in known.rows.iter().enumerate() {
        let texts = [(i + 1).to_string(), prompt.clone(), answer.clone()];
        let rewards = rewards.iter().map(|x| reward(*x, comma));
        lines.push(texts.iter().map(|text| quoted(text)).chain(rewards).collect());
    }
    lines.iter().map(|cells| cells.join(&sign.to_string()) + "\n").collect()
}

fn names(known: &Known) -> Vec<&'static str> {
    ["prompt", "answer"].into_iter().chain(known.values.iter().copied()).collect()
}

proptest! {
    #![proptest_config(config(20_000))]

    #[test]
    fn a_table_with_row_names_comes_back_as_it_was_or_is_refused(
        known in known(), sign in prop::sample::select(vec![',', ';', '\t', '|', ' ']), comma: bool,
    ) {
        let text = of_r(&known, sign, comma && sign != ',', &names(&known));
        if let Ok(read) = opened(text.as_bytes()) {
            is_known(&known, &read)?;
        } else {
            // A text over several lines may look like rows, a word may stand for a missing one, and 1,001 may be
            // two numbers.
            let is_plain = |text: &String| text.len() > 4 && text.chars().all(char::is_alphabetic);
            let plain = !comma && known.rows.iter().all(|(prompt, answer, _)| is_plain(prompt) && is_plain(answer));
            prop_assert!(!plain, "{}", text);
        }
    }

    #[test]
    fn a_cell_too_many_is_never_taken_for_a_row_name(known in known(), without: bool, at in 0usize..3) {
        // Decimal commas without quotation marks, or a value without a name.
        let mut names = names(&known);
        let text = of_r(&known, ',', !without, &names);
        let whole = known.rows.iter().any(|(.., rewards)| rewards.iter().all(|x| x % 1000 == 0));
        if without {
            names.remove(2 + at % known.values.len());
        } else if whole {
            return Ok(());
        }
        let text = text.lines().collect::<Vec<_>>();
        let rows: Vec<String> = text.iter().map(|line| line.split_once(',').map_or("", |(_, rest)| rest).into()).collect();
        let header = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
        let text = format!("{header}\n{}\n", rows[1..].join("\n"));
        prop_assert!(opened(text.as_bytes()).is_err(), "{}", text);
    }

    #[test]
    fn a_delimited_table_comes_back_as_it_was_or_is_refused(known in known(), dialect in dialect()) {
        if let Some(bytes) = delimited(&known, &dialect)
            && let Ok(read) = opened(&bytes)
        {
            is_known(&known, &read)?;
        }
    }

    #[test]
    fn a_table_in_json_comes_back_as_it_was(known in known(), form in 0u8..9, quoted: bool) {
        match opened(json(&known, form, quoted).as_bytes()) {
            Ok(read) => is_known(&known, &read)?,
            Err(said) => prop_assert!(false, "{}", said),
        }
    }

    #[test]
    fn a_damaged_table_ends_soundly(
        known in known(), dialect in dialect(), form in 0u8..18, changes in proptest::collection::vec(change(), 1..4),
    ) {
        let bytes = match form {
            0..9 => Some(json(&known, form, false).into_bytes()),
            _ => delimited(&known, &dialect),
        };
        let bytes = changed(bytes.unwrap_or_default(), &changes);
        sound(&opened(&bytes))?;
        let _ = prompts::read("t.csv", &bytes);
        let _ = prompts::read("t", &bytes);
    }

    #[test]
    fn bits_of_tables_end_soundly(text in soup()) {
        sound(&opened(text.as_bytes()))?;
        let _ = prompts::read("t.jsonl", text.as_bytes());
        let _ = scored::read("t", &text);
        let _ = palettes::read("t", text.as_bytes(), &["humor".to_owned(), "a".into()]);
    }

    #[test]
    fn targets_and_numbers_end_soundly(text in soup()) {
        if let Ok(target) = spec::parse_cell(&text) {
            prop_assert_eq!(spec::parse_cell(&target.to_string()), Ok(target), "{}", target);
        }
        if let Err(said) = spec::parse_constraint(&text) {
            prop_assert!(said.ends_with('.'));
        }
        if let Ok(x) = number::parse(&text) {
            prop_assert!(x.is_finite());
            prop_assert_eq!(number::parse(&x.to_string()), Ok(x));
        }
    }

    #[test]
    fn numbers_come_back_from_every_way_to_write_them(x in -1_000_000i64..1_000_000, decimals in 0u32..5, way in 0u8..4) {
        let value = x as f64 / 10f64.powi(decimals as i32);
        let plain = value.to_string();
        let text = match way {
            0 => plain,
            1 => plain.replace('.', ","),
            2 => format!("\u{a0}{} ", plain.replace('-', "−")),
            _ => plain.replace('-', "–").replace('.', ","),
        };
        match number::parse(&text) {
            Ok(read) => prop_assert_eq!(read, value),
            Err(error) => prop_assert!(matches!(error, number::NumberError::Ambiguous { .. }), "{}", error),
        }
    }
}

proptest! {
    #![proptest_config(config(5_000))]

    #[test]
    fn what_is_written_as_csv_is_read_again(known in known()) {
        let Ok(read) = opened(json(&known, 0, false).as_bytes()) else { return Ok(()) };
        let text = palette_tables::csv_text::of_set(&read.set);
        let again = opened(text.as_bytes()).map_err(TestCaseError::fail)?;
        prop_assert_eq!(&again.set.answers, &read.set.answers);
        prop_assert_eq!(&again.set.prompts, &read.set.prompts);
    }
}
