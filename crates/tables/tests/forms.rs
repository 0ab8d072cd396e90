//! Tables in the forms that spreadsheets, pandas and trackers of experiments give them: read as they are
//! meant, or refused with a sentence that says where and what to do.

use palette_tables::import::{ImportOptions, Imported, Role};
use palette_tables::{csv_text, prompts};
use std::path::Path;

fn with(text: impl AsRef<[u8]>, options: &ImportOptions) -> Result<Imported, String> {
    palette_tables::import::import("t", text.as_ref(), options, &mut |_| {}).map_err(|e| e.to_string())
}

#[track_caller]
fn read(text: impl AsRef<[u8]>) -> Imported {
    with(text, &ImportOptions::default()).unwrap_or_else(|e| panic!("{e}"))
}

#[track_caller]
fn refused(text: impl AsRef<[u8]>, words: &[&str]) {
    let said = with(&text, &ImportOptions::default()).expect_err(&String::from_utf8_lossy(text.as_ref()));
    for word in words {
        assert!(said.contains(word), "“{said}” does not say “{word}”");
    }
}

#[track_caller]
fn says(read: &Imported, words: &str) {
    assert!(read.notes.iter().any(|note| note.contains(words)), "{words}: {:?}", read.notes);
}

fn names(read: &Imported) -> Vec<&str> {
    read.set.values.iter().map(|v| v.name.as_str()).collect()
}

fn role(read: &Imported, name: &str) -> Role {
    read.preview.columns.iter().find(|c| c.name == name).expect("a column").role
}

/// Prompts with the first reward of each answer.
fn rows(read: &Imported) -> Vec<(&str, f64)> {
    read.set.answers.iter().map(|a| (read.set.prompts[a.prompt].as_str(), a.rewards[0])).collect()
}

#[test]
fn the_role_of_a_column_is_judged_by_all_of_it() {
    let text = "step,prompt,output,humor,note\n10,p,42,0.5,7\n20,p,The answer is 3.,1,none of it\n30,q,17,0.25,x\n40,q,yes,2,y\n";
    let table = read(text);
    assert_eq!(names(&table), ["humor"]);
    assert_eq!(table.set.answers[0].text, "42");
    assert_eq!(role(&table, "step"), Role::Off);
    says(&table, "step numbers or describes the rows");
    says(&table, "note is text, though 1 of its 4 cells look like numbers");
    says(&table, "The column output is used as answer.");
    let columns = &table.preview.columns;
    assert_eq!(columns[2].cells, ["42", "The answer is 3.", "17", "yes"]);
    assert!(columns[0].may_be_value && !columns[4].may_be_value && columns[0].why.starts_with("numbers"));
    // What the person says counts.
    let chosen = ImportOptions { chosen: vec!["step".into()], ..ImportOptions::default() };
    assert_eq!(names(&with(text, &chosen).expect("a table")), ["step", "humor"]);
    let roles =
        vec![("step".to_owned(), Role::Group), ("humor".into(), Role::Weight), ("note".into(), Role::Off)];
    let said = with(text, &ImportOptions { roles, ..ImportOptions::default() }).expect_err("no values");
    assert!(said.contains("no column of numbers"), "{said}");
    let roles = vec![("note".to_owned(), Role::Prompt), ("output".into(), Role::Off)];
    let table = with(text, &ImportOptions { roles, ..ImportOptions::default() }).expect("a table");
    assert_eq!(table.set.prompts, ["7", "none of it", "x", "y"]);
    assert_eq!((role(&table, "prompt"), table.set.answers[0].text.as_str()), (Role::Off, ""));
    let twice = vec![("note".to_owned(), Role::Answer), ("output".into(), Role::Answer)];
    assert!(with(text, &ImportOptions { roles: twice, ..ImportOptions::default() }).is_err());
    let unknown = vec![("nowhere".to_owned(), Role::Answer)];
    assert!(with(text, &ImportOptions { roles: unknown, ..ImportOptions::default() }).is_err());
}

#[test]
fn rewards_with_a_mistake_are_refused_and_not_left_out() {
    refused("prompt,humor\na,45%\nb,50%\n", &["line 2", "humor", "45%", "without the sign"]);
    refused("prompt,humor\na,4/5\nb,3/5\n", &["line 2", "humor", "4/5"]);
    refused("humor,helpful\n0.5,1\n0.7,much\n0.8,2\n", &["line 3", "helpful", "much"]);
    refused("prompt;humor\na;0,5\nb;0.7\n", &["humor", "decimal commas", "decimal points"]);
    refused("prompt;length\na;1,248\nb;2,500\n", &["length", "1.248 or 1248"]);
    refused("prompt;humor;length\na;0,5;1.248\nb;0,25;2.500\n", &["length", "1.248 or 1248"]);
    refused("prompt,safe\na,true\nb,0.5\n", &["line 3", "safe", "true and false"]);
}

#[test]
fn numbers_are_read_as_they_are_written() {
    let table = read("prompt;humor;length;safe\na;-0,5;1.248,5;TRUE\nb;−1;2.000.000,0;False\n");
    assert_eq!(table.set.answers[0].rewards, [-0.5, 1248.5, 1.0]);
    assert_eq!(table.set.answers[1].rewards, [-1.0, 2_000_000.0, 0.0]);
    says(&table, "The numbers of humor, length were read with decimal commas.");
    says(&table, "In safe, true was read as 1 and false as 0.");
    let table = read("prompt,length,humor\na,\"1,248\",0.5\nb,\"12,500\",1\n");
    assert_eq!(table.set.column(0), [1248.0, 12_500.0]);
    says(&table, "Thousands are separated in the numbers of length.");
    let table = read("prompt;length\na;1 248\nb;950\n");
    assert_eq!(table.set.column(0), [1248.0, 950.0]);
}

#[test]
fn numbers_that_count_or_name_rows_are_no_rewards() {
    let rows: String =
        (1..=25).map(|i| format!("{i},{},{}\n", (i * 7) % 11, 70_000_000_000_i64 + i * 13)).collect();
    let table = read(format!("place,humor,code\n{rows}"));
    assert_eq!(names(&table), ["humor"]);
    says(&table, "place counts the rows");
    says(&table, "code holds ids or times by the look of its digits");
    let table = read("code,humor\n007,1\n012,2\n100,4\n");
    assert_eq!(names(&table), ["humor"]);
    let table = read("Unnamed: 0.1,Unnamed: 0,index,humor,sampleId\n5,9,3,1,8\n1,2,3,4,9\n");
    assert_eq!(names(&table), ["humor"]);
    says(&table, "Unnamed: 0.1, Unnamed: 0");
    refused("id,step\n1,10\n2,20\n", &["id, step can be chosen"]);
}

#[test]
fn prompts_keep_their_letters_and_digits() {
    let table = read(
        "prompt_id,humor\n007,1\n7,2\n12345678901234567890,3\n12345678901234567891,4\n1e5,5\n100000,6\n",
    );
    assert_eq!(
        table.set.prompts,
        ["007", "7", "12345678901234567890", "12345678901234567891", "1e5", "100000"]
    );
    says(&table, "prompt_id is used as prompt");
    let table = read(
        "{\"question_id\": 12345678901234567890, \"humor\": 1}\n{\"question_id\": 12345678901234567891, \"humor\": 2}\n",
    );
    assert_eq!(table.set.prompts, ["12345678901234567890", "12345678901234567891"]);
    let table =
        read("instruction,input,output,humor\nSum it up,text a,x,1\nSum it up,text b,y,2\nSay hi,,z,3\n");
    assert_eq!(table.set.prompts, ["Sum it up\n\ntext a", "Sum it up\n\ntext b", "Say hi"]);
    assert_eq!(table.set.answers[0].text, "x");
    let table = read("prompt,humor\nWhy?,1\nWhy? ,2\nwhy?,3\n");
    assert_eq!(table.set.prompts.len(), 3);
    says(&table, "differ in blanks or capitals alone");
}

#[test]
fn prompts_can_be_the_groups_as_well() {
    let by_prompt = ImportOptions { group: Some("prompt".into()), ..ImportOptions::default() };
    let table = with("prompt,group,humor\na,x,1\nb,x,2\n", &by_prompt).expect("a table");
    assert_eq!((table.set.prompts.len(), table.set.groups()), (2, vec!["a".to_owned(), "b".into()]));
    says(&table, "The column prompt is used as group: 2 groups");
    says(&table, "The column group is not used");
}

#[test]
fn merged_cells_are_filled_down_or_refused() {
    let table = read("prompt,group,humor\na,law,1\n,,2\nb,art,3\n,,4\n,,5\n");
    assert_eq!(rows(&table), [("a", 1.0), ("a", 2.0), ("b", 3.0), ("b", 4.0), ("b", 5.0)]);
    assert_eq!(table.set.answers[1].group, "law");
    says(&table, "3 blank cells of prompt stand for the prompt above");
    refused("prompt,humor\n,1\na,2\n", &["line 2", "prompt is missing"]);
    refused("prompt,humor\na,1\na,2\n,3\nb,4\n", &["line 4", "prompt is missing"]);
    let table = read("[{\"prompt\":\"a\",\"humor\":1},{\"prompt\":null,\"humor\":2}]");
    assert_eq!(table.set.prompts, ["a"]);
}

#[test]
fn every_encoding_is_read_or_refused() {
    let text = "prompt;humor\r\nCarta para avó;1\r\nCarta para avô;2\r\n";
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let table = read(&latin);
    assert_eq!(table.set.prompts, ["Carta para avó", "Carta para avô"]);
    says(&table, "Windows-1252");
    for big in [false, true] {
        let units = format!("\u{feff}{text}");
        let units = units.encode_utf16();
        let bytes: Vec<u8> =
            units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
        assert_eq!(read(&bytes).set.prompts, table.set.prompts);
        refused(&bytes[2..], &["UTF-16 without the mark"]);
    }
    let mut mixed = text.as_bytes().to_vec();
    mixed.extend(b"caf\xe9;3\r\n");
    refused(&mixed, &["line 4", "not UTF-8"]);
    refused(b"PAR1....", &["Parquet"]);
    refused(b"\x1f\x8b\x08\0\0", &["gunzip"]);
}

#[test]
fn the_layout_of_a_text_is_found() {
    for (text, values) in [
        ("sep=,\nprompt,humor\n\"a;b;c\",1\nd,2\n", vec!["humor"]),
        ("prompt|humor|wit\na|1|2\nb|3|5\n", vec!["humor", "wit"]),
        ("\u{feff}prompt\thumor\r\n\"a\tb\"\t1\r\nc, d, e\t2\r\n", vec!["humor"]),
        ("prompt;humor;;\na;1;;\nb;2;;\n;;;\n\n", vec!["humor"]),
        ("prompt,humor\na,1,\nb,2,\n", vec!["humor"]),
        ("prompt\rhumor", vec![]),
        ("prompt,humor\ra,1\rb,2\r", vec!["humor"]),
        ("prompt, humor\n\"a, b\", 1\nc, \"2\"\n", vec!["humor"]),
    ] {
        if values.is_empty() {
            assert!(with(text, &ImportOptions::default()).is_err());
            continue;
        }
        let table = read(text);
        assert_eq!(names(&table), values, "{text}");
        assert_eq!(table.set.answers.len(), 2, "{text}");
        says(&table, "2 rows were read.");
    }
    let table = read("prompt,answer,humor\na,\"He said \"\"no\"\"\n\nand left\",1\nb,x,2\n");
    assert_eq!(table.set.answers[0].text, "He said \"no\"\n\nand left");
}

#[test]
fn no_row_is_lost_in_silence() {
    refused("a question,0.5,1\nanother,0.25,2\n", &["first line", "0.5"]);
    refused("Warum?;0,5;1\nWozu?;0,25;2\n", &["first line"]);
    refused("prompt,humor\na,1\n\"b,2\nc,3\n", &["line 3", "quotation mark"]);
    refused("prompt,humor\na,1\n\"b\" c,2\nd,3\n", &["line 3", "quotation mark"]);
    // The marks of two cells, with whole rows between.
    refused("humor,answer\n1,\"well\n2,no\n3,yes\n4,he is 6\"\n5,x\n", &["line 2", "2 more rows between"]);
    refused("prompt,humor\na,1\nb,2,3\nc,4\n", &["line 3", "3 cells", "2 columns"]);
    refused("prompt,humor,wit\na,1,2\nb,2\nc,4,5\n", &["line 3", "2 cells", "3 columns"]);
    refused("prompt,humor\na,0,5\nb,1,5\n", &["line 2", "decimal commas"]);
    refused("prompt,humor,\na,1,x\n", &["column 3 has no name"]);
    refused("humor,hu\u{200b}mor\n1,2\n", &["cannot be seen", "U+200B"]);
}

#[test]
fn json_is_read_in_all_its_forms() {
    let expected = read("prompt,humor\na,1\na,2.5\nb,3\n").set;
    let row = |p: &str, h: &str| format!("{{\"prompt\": \"{p}\", \"humor\": {h}}}");
    let (a, b, c) = (row("a", "1"), row("a", "2.5"), row("b", "3"));
    for text in [
        format!("{a}\n{b}\n{c}"),
        format!("{a} {b}{c}"),
        format!("{a}\r\n\r\n{b}\r\n{c}\r\n").replace("{\"prompt\"", "{\n  \"prompt\""),
        format!("[{a},{b},{c}]"),
        format!("{{\"data\": [{a},{b},{c}], \"n\": 3}}"),
        format!("{{\"schema\": {{\"fields\": []}}, \"data\": [{a},{b},{c}]}}"),
        format!("{{\"x\": {a}, \"y\": {b}, \"z\": {c}}}"),
        format!("{{\"7\": {a}, \"3\": {b}, \"5\": {c}}}"),
        "{\"prompt\":{\"x\":\"a\",\"y\":\"a\",\"z\":\"b\"},\"humor\":{\"y\":2.5,\"x\":1,\"z\":3}}".into(),
        "{\"columns\":[\"prompt\",\"humor\"],\"data\":[[\"a\",1],[\"a\",2.5],[\"b\",3]]}".into(),
        "{\"_type\":\"table\",\"ncols\":2,\"columns\":[\"prompt\",\"humor\"],\"data\":[[\"a\",1],[\"a\",2.5],[\"b\",3]]}".into(),
        "{\"prompt\":[\"a\",\"a\",\"b\"],\"humor\":[1,2.5,3]}".into(),
        "[[\"prompt\",\"humor\"],[\"a\",1],[\"a\",2.5],[\"b\",3]]".into(),
        "{\"prompt\":\"a\",\"answers\":[{\"humor\":1},{\"humor\":2.5}]}\n{\"prompt\":\"b\",\"answers\":[{\"humor\":3}]}".into(),
        "{\"prompt\":\"a\",\"rewards\":{\"humor\":[1,2.5]}}\n{\"prompt\":\"b\",\"humor\":\"3\"}".into(),
        "{\"row_idx\":0,\"row\":{\"prompt\":\"a\",\"humor\":1}}\n{\"row_idx\":1,\"row\":{\"prompt\":\"a\",\"humor\":2.5}}\n{\"row_idx\":2,\"row\":{\"prompt\":\"b\",\"humor\":3}}".into(),
    ] {
        let table = read(&text);
        assert_eq!(table.set, expected, "{text}");
        says(&table, "3 rows were read.");
    }
    let text = "{\"prompt\":\"a\",\"answers\":[\"x\",\"y\"],\"scores\":{\"wit\":[1,2]},\"humor\":[3,4],\"tags\":[\"t\"]}";
    let table = read(text);
    assert_eq!((names(&table), table.set.answers[1].text.as_str()), (vec!["scores.wit", "humor"], "y"));
    assert_eq!(table.set.answers[1].rewards, [2.0, 4.0]);
    let table = read(
        "{\"prompt\":\"a\",\"answer\":\"x\",\"humor\":1,\"embedding\":[0.1,0.2]}\n{\"prompt\":\"a\",\"answer\":\"y\",\"humor\":2,\"embedding\":[0.1,0.2]}",
    );
    assert_eq!((names(&table), table.set.answers.len()), (vec!["humor"], 2));
    let turns = "{\"prompt\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"humor\":1}\n{\"prompt\":[{\"role\":\"user\",\"content\":\"Ho\"}],\"humor\":2}";
    assert_eq!(read(turns).set.prompts.len(), 2);
}

#[test]
fn json_that_is_not_read_is_named_with_what_to_do() {
    refused("[[\"a\",1],[\"b\",2]]", &["names of the columns", "orient=\"records\""]);
    refused("{\"0\":{\"1\":2},\"1\":{\"1\":3}}", &["row or a column", "orient=\"records\""]);
    refused("{\"train\":[{\"humor\":1}],\"test\":[{\"humor\":2}]}", &["several lists", "train, test"]);
    refused("{\"humor\":1}\n{\"humor\":2\n{\"humor\":3}\n", &["line 3", "missing", "began in line 2"]);
    refused("{\"humor\":1}\n[2]\n", &["line 2", "not an object"]);
    refused("{\"humor\":1}\n{'humor':2}\n", &["line 2", "double quotation marks"]);
    refused("{\"prompt\":\"a\",\"answers\":[\"x\",\"y\"],\"humor\":[1,2,3]}", &["humor is a list of 3", "2"]);
    refused("{\"prompt\":\"a\",\"answers\":[],\"humor\":[]}", &["answers is an empty list"]);
    refused(
        "{\"prompt\":\"a\\ud83d\",\"humor\":1}\n{\"prompt\":\"a\",\"humor\":1}",
        &["line 1", "half a character"],
    );
    refused("{\"humor\":1,\"humor \":2}", &["differ only in blanks"]);
    refused("{\"humor\":1,\"humor\":2}", &["humor stands there twice"]);
    refused("[{\"humor\":1}] x", &["something follows"]);
    for text in ["{\"humor\": 1}\n{\"humor\": }\n", "[1, 2", "{\"a\"", "[{\"humor\": True}]"] {
        let said = with(text, &ImportOptions::default()).expect_err(text);
        assert!(!said.contains("NaN") && !said.contains("EOF") && said.ends_with('.'), "{said}");
    }
    refused("[{\"humor\": NaN}, {\"humor\": 1}]", &["row 1", "NaN", "finite"]);
}

#[test]
fn memory_stays_with_the_size_of_the_file() {
    // Many keys early, and many rows after: cells that are missing take no room.
    let mut text: String = (0..900).map(|i| format!("{{\"k{i}\":1}}\n")).collect();
    text.push_str(&"{\"k0\":1}\n".repeat(200_000));
    let last: Vec<String> = (0..900).map(|i| format!("\"k{i}\":2")).collect();
    text.push_str(&format!("{{{}}}\n", last.join(",")));
    refused(text, &["900 columns of numbers"]);
}

#[test]
fn what_is_written_as_csv_is_read_again() {
    let table = read(std::fs::read(case("security-07-csv-formulas/formulas.csv")).expect("a table"));
    let text = csv_text::of_set(&table.set);
    for cell in text.lines().skip(1).flat_map(|line| line.split(',')) {
        let cell = cell.trim_matches('"');
        assert!(!cell.starts_with(['=', '+', '-', '@']) || cell.parse::<f64>().is_ok(), "{text}");
    }
    let again = read(&text);
    assert_eq!((&again.set.prompts, &again.set.answers), (&table.set.prompts, &table.set.answers));
    assert_eq!(names(&again), ["=v1", "@v2"]);
}

fn case(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases").join(file)
}

#[test]
fn files_of_prompts_are_read_as_tables_are() {
    let three = ["How do I keep bread fresh?", "Why is the sky blue?", "He said \"no\": what then?"];
    for file in ["prompts-one-column.csv", "prompts-semicolon.csv", "prompts.jsonl", "prompts.tsv"] {
        let bytes = std::fs::read(case("23-prompt-and-palette-files").join(file)).expect("a file");
        assert_eq!(prompts::read(file, &bytes).expect(file), three, "{file}");
    }
    let two = ["Why, oh why?", "How?"];
    for (name, text) in [
        ("a.txt", "Why, oh why?\n\n  How?\n"),
        ("a.txt", "prompt\nWhy, oh why?\nHow?"),
        ("a", "id\tPrompt\n1\tWhy, oh why?\n2\tHow?\n"),
        ("a.json", "[\"Why, oh why?\", \"How?\"]"),
        ("a.json", "{\"name\": \"x\", \"prompts\": [{\"prompt\": \"Why, oh why?\"}, \"How?\"]}"),
        ("a.json", "{\"rows\": [{\"question\": \"Why, oh why?\"}, {\"question\": \"How?\"}]}"),
        ("a.csv", "\"Why, oh why?\"\nHow?\n"),
        ("a.csv", "prompt_id;text\n1;Why, oh why?\n2;How?\n"),
        ("a.txt", "{\"prompt\": \"Why, oh why?\"}\n{\"prompt\": \"How?\"}\n"),
    ] {
        assert_eq!(prompts::read(name, text.as_bytes()), Ok(two.map(String::from).to_vec()), "{text}");
        let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(prompts::read(name, &wide), Ok(two.map(String::from).to_vec()), "{text}");
    }
    assert_eq!(prompts::read("a.txt", b"[INST] Hi\n").expect("a line"), ["[INST] Hi"]);
    for (name, text, words) in [
        ("a.csv", "a,b\n1,2\n", "no column called prompt"),
        ("a.csv", "0,Why?\n1,How?\n", "no column called prompt"),
        ("a.json", "{\"a\": 1}", "no list of prompts"),
        ("a.json", "[1]", "not an object"),
        ("a.json", "[", "cannot be read as JSON"),
        ("a.txt", " \n", "no prompt"),
    ] {
        let said = prompts::read(name, text.as_bytes()).expect_err(text).to_string();
        assert!(said.contains(words) && said.starts_with(name), "{said}");
    }
}

#[test]
fn a_column_that_a_target_names_is_refused_by_name_and_not_left_out() {
    let text = "prompt,humor,helpful\na,yes,1\na,no,2\nb,yes,3\n";
    says(&read(text), "The column humor holds yes and no, which are no numbers (write 1 and 0");
    let chosen = ImportOptions { chosen: vec!["humor".into()], ..ImportOptions::default() };
    let message = with(text, &chosen).expect_err("words for numbers");
    for words in ["line 2", "column humor", "“yes”", "1 for yes"] {
        assert!(message.contains(words), "{message}");
    }
}
