//! Reward tables as people have them: good ones are read whole, bad ones are refused with a sentence that says where.

use map_palette::table::import::import;
use std::path::PathBuf;

#[test]
fn csv_json_lines_and_json_array_give_the_same_set() {
    let csv = import("t", "prompt,answer,humor,helpful\np1,a,0.5,-1\np2,b,1,2e-1\np1,c,0,3\n").expect("CSV");
    let lines = "{\"prompt\":\"p1\",\"answer\":\"a\",\"humor\":0.5,\"helpful\":-1}\n{\"prompt\":\"p2\",\"answer\":\"b\",\"rewards\":{\"humor\":1,\"helpful\":0.2}}\n\n{\"prompt\":\"p1\",\"answer\":\"c\",\"humor\":0,\"helpful\":3}";
    assert_eq!(import("t", lines).expect("JSON Lines"), csv);
    let array = "[{\"prompt\":\"p1\",\"generated\":\"a\",\"humor\":0.5,\"helpful\":-1},{\"prompt\":\"p2\",\"generated\":\"b\",\"humor\":1,\"helpful\":0.2},{\"prompt\":\"p1\",\"generated\":\"c\",\"humor\":0,\"helpful\":3}]";
    assert_eq!(import("t", array).expect("JSON array"), csv);
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
    refused("humor;helpful\n1;2\n3;0,5\n", &["line 3", "0,5", "point"]);
    refused("humor,helpful\n1,2\nNaN,1\n", &["line 3", "humor", "NaN", "finite"]);
    refused("humor,helpful\n1,2\n1e999,1\n", &["line 3", "finite"]);
    refused("humor,helpful\n1,2\n", &["1 row"]);
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

#[test]
fn sound_but_awkward_tables_come_with_a_note() {
    let notes = |text: &str| import("t", text).expect("a sound table").notes.join(" ");
    let rows: String = (0..40).map(|i| format!("{},3,{}\n", i % 7, 2 * (i % 7) + 1)).collect();
    let text = notes(&format!("humor,helpful,funny\n{rows}"));
    assert!(text.contains("helpful is the same for every answer") && text.contains("humor and funny hold the same"), "{text}");
    let few: String = (0..10).map(|i| format!("{},{},{},{},{},{}\n", i, i * i % 7, i % 3, i % 4, i % 5, (i * 3) % 10)).collect();
    assert!(notes(&format!("a,b,c,d,e,f\n{few}")).contains("10 answers are few for 6 values"));
    assert!(notes("topic,humor\nnone,1\nwork,2\n").contains("The column topic holds no numbers"));
    assert!(notes("id,humor\nx,1\ny,2\n").contains("The column id holds no numbers"));
}

#[test]
fn the_map_authors_file_opens_as_it_is() {
    let shared =
        std::env::var_os("MAP_PALETTE_SHARED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(shared.join("data/map-paper/llama2_chat-Anthropic-harmless.json")) else {
        println!("skipped: the reference data is not beside this checkout");
        return;
    };
    let set = import("llama2.json", &text).expect("the authors' file").set;
    assert_eq!(set.answers.len(), 2312);
    let names: Vec<&str> = set.values.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["humor", "harmless", "gpt2-helpful", "perplexity", "coherence", "diversity", "gpt2-harmless"]);
    assert!(set.answers.iter().all(|a| !a.text.is_empty()));
}
