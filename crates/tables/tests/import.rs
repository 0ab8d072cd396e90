//! Reward tables as people have them: good ones are read whole, bad ones are refused with a sentence that
//! says where.

use palette_tables::import::{ImportError, ImportOptions, Imported};
use std::path::PathBuf;

#[test]
fn csv_json_lines_and_json_array_give_the_same_set() {
    let csv = import("t", "prompt,answer,humor,helpful\np1,a,0.5,-1\np2,b,1,2e-1\np1,c,0,3\n").expect("CSV");
    let lines = "{\"prompt\":\"p1\",\"answer\":\"a\",\"humor\":0.5,\"helpful\":-1}\n{\"prompt\":\"p2\",\"answer\":\"b\",\"rewards\":{\"humor\":1,\"helpful\":0.2}}\n\n{\"prompt\":\"p1\",\"answer\":\"c\",\"humor\":0,\"helpful\":3}";
    assert_eq!(import("t", lines).expect("JSON Lines").set, csv.set);
    let array = "[{\"prompt\":\"p1\",\"generated\":\"a\",\"humor\":0.5,\"helpful\":-1},{\"prompt\":\"p2\",\"generated\":\"b\",\"humor\":1,\"helpful\":0.2},{\"prompt\":\"p1\",\"generated\":\"c\",\"humor\":0,\"helpful\":3}]";
    assert_eq!(import("t", array).expect("JSON array").set, csv.set);
    let set = csv.set;
    assert_eq!(set.prompts, ["p1", "p2"]);
    // Answers of one prompt stand together.
    assert_eq!(set.answers.iter().map(|a| a.text.as_str()).collect::<Vec<_>>(), ["a", "c", "b"]);
    assert_eq!(set.column(1), [-1.0, 3.0, 0.2]);
    let again = import("saved", &serde_json::to_string(&set).expect("JSON")).expect("a saved set");
    assert_eq!(again.set, set);
}

#[test]
fn semicolons_byte_order_marks_and_quoted_cells_are_read() {
    let set = import("t", "\u{feff}prompt;humor\r\n\"a; b\";1.5\r\n\"two\nlines\";2\r\n").expect("CSV").set;
    assert_eq!(set.prompts, ["a; b", "two\nlines"]);
    assert_eq!(set.column(0), [1.5, 2.0]);
}

fn import(name: &str, text: &str) -> Result<Imported, ImportError> {
    import_with(name, text, &ImportOptions::default())
}

fn import_with(name: &str, text: &str, options: &ImportOptions) -> Result<Imported, ImportError> {
    palette_tables::import::import(name, text.as_bytes(), options, &mut |_| {})
}

fn refused(text: &str, words: &[&str]) {
    let message = import("my.csv", text).expect_err("a bad table").to_string();
    for word in words {
        assert!(message.contains(word), "“{message}” does not say “{word}”");
    }
}

#[test]
fn bad_tables_are_refused_where_they_are_bad() {
    refused("humor,helpful\n1,2\n3,\n", &["line 3", "helpful", "missing"]);
    refused("humor,helpful\n1,2\n3,much\n", &["line 3", "helpful", "much", "not a number"]);
    refused("humor;helpful\n1;2.5\n3;0,5\n", &["helpful", "“0,5”", "“2.5”", "points"]);
    refused("humor,helpful\n1,2\nNaN,1\n", &["line 3", "humor", "NaN", "finite"]);
    refused("humor,helpful\n1,2\n1e999,1\n", &["line 3", "finite"]);
    refused("humor,helpful\n", &["no rows"]);
    refused("[]", &["no rows"]);
    refused("humor,helpful\n1,2\n3\n", &["line 3", "1 cells", "2 columns"]);
    refused("humor,humor\n1,2\n3,4\n", &["two columns", "humor"]);
    refused("1,2\n3,4\n5,6\n", &["first line"]);
    refused("prompt,answer\na,b\nc,d\n", &["no column of numbers"]);
    refused("", &["empty"]);
    refused("<!doctype html><p>", &["web page"]);
    refused("PK\u{3}\u{0}\u{1}", &["not a text file"]);
    refused("[{\"humor\": 1}, {\"humor\": null}]", &["row 2", "missing"]);
    refused("[{\"humor\": 1}, {\"humor\": \"x\"}]", &["row 2", "not a number"]);
    refused("[{\"humor\": 1}, {\"helpful\": 2}]", &["row 1", "helpful", "missing"]);
    refused("[{\"humor\": 1}, {\"humor\": 2, \"rewards\": {\"humor\": 3}}]", &["row 2", "humor", "twice"]);
    refused("[{\"humor\": 1}, 7]", &["row 2", "object"]);
    refused("{\"humor\": 1}\n{\"humor\": NaN}\n", &["line 2", "NaN"]);
    let wide: Vec<String> = (0..200).map(|i| format!("v{i}")).collect();
    let row = vec!["1"; 200].join(",");
    refused(&format!("{}\n{row}\n{row}\n", wide.join(",")), &["200", "64"]);
}

const WEIGHTED: &str = "prompt,answer,group,weight,prompt_weight,humor\np1,a,medical,2,0.5,1\np2,b,,1,3,2\np1,c,medical,0,0.5,3\n";

#[test]
fn groups_and_weights_are_used() {
    let read = import("t", WEIGHTED).expect("a table with weights");
    let set = &read.set;
    assert_eq!(set.values.len(), 1);
    let rows: Vec<_> =
        set.answers.iter().map(|a| (a.prompt, a.text.as_str(), a.group.as_str(), a.weight)).collect();
    assert_eq!(rows, [(0, "a", "medical", 2.0), (0, "c", "medical", 0.0), (1, "b", "", 1.0)]);
    assert_eq!(set.prompt_weights, [0.5, 3.0]);
    assert_eq!(set.groups(), ["medical"]);
    let notes = read.notes.join(" ");
    for words in [
        "The column weight is used as base weight.",
        "The column prompt_weight is used",
        "The column group is used as group: 1 group",
    ] {
        assert!(notes.contains(words), "{notes}");
    }
    let lines = "{\"prompt\":\"p1\",\"answer\":\"a\",\"group\":\"medical\",\"weight\":2,\"prompt_weight\":0.5,\"rewards\":{\"humor\":1}}\n\
        {\"prompt\":\"p2\",\"answer\":\"b\",\"group\":null,\"weight\":1,\"prompt_weight\":3,\"rewards\":{\"humor\":2}}\n\
        {\"prompt\":\"p1\",\"answer\":\"c\",\"group\":\"medical\",\"weight\":0,\"prompt_weight\":0.5,\"rewards\":{\"humor\":3}}";
    assert_eq!(import("t", lines).expect("JSON Lines").set, *set);
    assert_eq!(import("saved", &serde_json::to_string(set).expect("JSON")).expect("a saved set").set, *set);
    // A number may name a group or a prompt, and is kept as it is written.
    let set = import("t", "prompt,group,humor\n007,1.0,1\n7,2,2\n").expect("numbers as names").set;
    assert_eq!(
        (set.prompts.clone(), set.groups()),
        (vec!["007".to_string(), "7".into()], vec!["1.0".to_string(), "2".into()])
    );
}

#[test]
fn another_column_can_be_the_group() {
    let text = "prompt,topic,group,humor,level\np1,work,x,1,3\np2,home,x,2,4\n";
    let with = |column: &str| {
        import_with("my.csv", text, &ImportOptions { group: Some(column.into()), ..Default::default() })
    };
    let read = with("topic").expect("a table");
    assert_eq!(read.set.groups(), ["work", "home"]);
    assert!(read.notes.iter().any(|n| n.contains("The column group is not used")), "{:?}", read.notes);
    assert_eq!(with("prompt").expect("a table").set.groups(), ["p1", "p2"]);
    let read = with("level").expect("a table");
    assert_eq!((read.set.groups(), read.set.values.len()), (vec!["3".to_string(), "4".into()], 1));
    let message = with("theme").expect_err("no such column").to_string();
    assert!(
        message.contains("no column called theme") && message.contains("prompt, topic, group, humor, level"),
        "{message}"
    );
    let message = import_with(
        "my.json",
        "[{\"humor\":1},{\"humor\":2}]",
        &ImportOptions { group: Some("theme".into()), ..Default::default() },
    )
    .expect_err("no such");
    assert!(message.to_string().contains("Its columns are: humor"), "{message}");
}

#[test]
fn weights_that_cannot_be_used_are_refused() {
    refused("prompt,weight,humor\na,1,1\na,-2,2\n", &["line 3", "column weight", "negative"]);
    refused("prompt,weight,humor\na,1,1\na,,2\n", &["line 3", "column weight", "the weight is missing"]);
    refused("prompt,weight,humor\na,inf,1\na,1,2\n", &["line 2", "column weight", "finite"]);
    refused("weight,humor\nheavy,1\nlight,2\n", &["line 2", "column weight", "heavy"]);
    refused("prompt,weight,humor\na,1,1\nb,0,2\nb,0,3\n", &["line 3", "column weight", "“b”", "positive"]);
    refused(
        "prompt,prompt_weight,humor\na,1,1\na,2,2\n",
        &["line 3", "column prompt_weight", "it is 2, but 1", "line 2"],
    );
    refused("prompt,prompt_weight,humor\na,0,1\nb,0,2\n", &["column prompt_weight", "0 for every prompt"]);
    refused("prompt,prompt_weight,humor\na,-1,1\nb,0,2\n", &["line 2", "column prompt_weight", "negative"]);
    // Answers that weigh nothing are no harm where their prompt weighs nothing.
    assert!(import("t", "prompt,weight,prompt_weight,humor\na,1,1,1\nb,0,0,2\n").is_ok());
    let set = import("t", WEIGHTED).expect("a table").set;
    let file = serde_json::to_string(&set).expect("JSON");
    refused(&file.replace("\"weight\":2.0", "\"weight\":-2.0"), &["answer 1", "-2"]);
    refused(&file.replace("\"weight\":2.0", "\"weight\":0.0"), &["prompt 1", "positive"]);
    refused(&file.replace("[0.5,3.0]", "[0.5]"), &["1 prompt weights for 2 prompts"]);
    refused(&file.replace("[0.5,3.0]", "[0.5,-3]"), &["prompt 2", "-3"]);
    refused(&file.replace("[0.5,3.0]", "[0,0]"), &["every prompt has the weight 0"]);
    refused(&file.replace("\"weight\":2.0", "\"weight\":null"), &["sample set", "null", "line 1"]);
}

#[test]
fn one_row_is_a_table_with_a_note() {
    let read = import("t", "prompt,humor,helpful\nwhy?,1,2\n").expect("one row");
    assert_eq!(read.set.answers.len(), 1);
    assert_eq!(read.notes.len(), 2);
    assert_eq!(read.notes[0], "1 row was read.");
    assert!(read.notes[1].contains("one answer"), "{:?}", read.notes);
}

#[test]
fn sound_but_awkward_tables_come_with_a_note() {
    let notes = |text: &str| import("t", text).expect("a sound table").notes.join(" ");
    let rows: String = (0..40).map(|i| format!("{},3,{}\n", i % 7, 2 * (i % 7) + 1)).collect();
    let text = notes(&format!("humor,helpful,funny\n{rows}"));
    assert!(
        text.contains("helpful is the same for every answer")
            && text.contains("humor and funny hold the same"),
        "{text}"
    );
    let few: String = (0..10)
        .map(|i| format!("{},{},{},{},{},{}\n", i, i * i % 7, i % 3, i % 4, i % 5, (i * 3) % 10))
        .collect();
    assert!(notes(&format!("a,b,c,d,e,f\n{few}")).contains("10 answers are few for 6 values"));
    assert!(notes("topic,humor\nnone,1\nwork,2\n").contains("The column topic holds no numbers"));
    assert!(notes("id,humor\nx,1\ny,2\n").contains("The column id holds no numbers"));
}

#[test]
fn the_map_authors_file_opens_as_it_is() {
    let shared = std::env::var_os("MAP_PALETTE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(shared.join("data/map-paper/llama2_chat-Anthropic-harmless.json"))
    else {
        println!("skipped: the reference data is not beside this checkout");
        return;
    };
    let set = import("llama2.json", &text).expect("the authors' file").set;
    assert_eq!(set.answers.len(), 2312);
    let names: Vec<&str> = set.values.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(
        names,
        ["humor", "harmless", "gpt2-helpful", "perplexity", "coherence", "diversity", "gpt2-harmless"]
    );
    assert!(set.answers.iter().all(|a| !a.text.is_empty()));
}
