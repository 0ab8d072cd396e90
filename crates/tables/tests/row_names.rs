//! Tables as R writes them, with a name before each row that the first line has no name for.

use palette_tables::import::{ImportOptions, Imported, import};
use palette_tables::prompts;

fn opened(text: &str) -> Result<Imported, String> {
    import("t", text.as_bytes(), &ImportOptions::default(), &mut |_| {}).map_err(|e| e.to_string())
}

/// That the table is the one that R was given.
#[track_caller]
fn is_read(text: &str) {
    let read = opened(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    let names: Vec<&str> = read.set.values.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["helpful"], "{text}");
    assert_eq!(read.set.prompts, ["Why?", "How?"], "{text}");
    let answers: Vec<(&str, f64)> =
        read.set.answers.iter().map(|a| (a.text.as_str(), a.rewards[0])).collect();
    assert_eq!(answers, [("Because", 0.3), ("As, so", -1.5), ("Like this", 2.0)], "{text}");
    assert!(
        read.notes.iter().any(|note| note.contains("the row's name, as R writes it")),
        "{:?}",
        read.notes
    );
    assert!(read.preview.columns.iter().all(|column| !column.name.is_empty()), "{:?}", read.preview);
}

#[test]
fn row_names_are_no_values_whatever_separates_the_cells() {
    let quoted = "\"prompt\" \"answer\" \"helpful\"\n\"1\" \"Why?\" \"Because\" 0.3\n\
        \"2\" \"Why?\" \"As, so\" -1.5\n\"11\" \"How?\" \"Like this\" 2\n";
    is_read(quoted);
    for sign in [",", ";", "\t", "|"] {
        let text = quoted.replace("\" ", &format!("\"{sign}"));
        is_read(&text);
        is_read(&text.replace('\n', "\r\n"));
    }
    // write.csv2, and write.table without quotation marks.
    is_read(&quoted.replace("\" ", "\";").replace("0.3", "0,3").replace("1.5", "1,5"));
    is_read(&quoted.replace("\" ", "\"\t").replace('"', ""));
    is_read(&quoted.replace("\"11\"", "\"1e+05\""));
    // With a name for them, which write.csv writes, and without any, a space reads them as well.
    let read = opened(&quoted.replacen("\"prompt\"", "\"\" \"prompt\"", 1)).expect("a table");
    assert_eq!(read.set.values.len(), 1);
    let read = opened("\"prompt\" \"wit\"\n\"Why so?\" 0.5\n\"a \"\"b\"\"\" 1\n").expect("a table");
    assert_eq!(read.set.prompts, ["Why so?", "a \"b\""]);
}

#[test]
fn whole_numbers_beside_row_names_are_read_where_no_comma_explains_them() {
    let text = "\"prompt\",\"answer\",\"wit\",\"helpful\"\n\"1\",\"p\",\"x\",3,4\n\"2\",\"p\",\"y\",1,0\n";
    assert_eq!(opened(text).expect("a table").set.column(1), [4.0, 0.0]);
    // The same cells are 3,4 without quotation marks below names that begin with an id.
    for names in ["\"code\",\"wit\"", "\"id\",\"wit\"", "\"prompt\",\"wit\"", "\"prompt_id\",\"wit\""] {
        let said = opened(&format!("{names}\n\"1\",3,4\n\"2\",1,0\n")).expect_err(names);
        assert!(said.contains("line 2") && said.contains("decimal commas"), "{said}");
    }
    let read = opened("\"wit\",\"helpful\"\n\"1\",3.5,4\n\"2\",1,0\n").expect("a table");
    assert_eq!((read.set.column(0), read.set.column(1)), (vec![3.5, 1.0], vec![4.0, 0.0]));
}

#[test]
fn a_cell_too_many_that_may_be_something_else_is_refused() {
    for (text, words) in [
        // A comma within a text or a number.
        ("prompt,answer,wit\n1,Hello, you,0.5\n2,Hello, me,0.7\n", "row.names = FALSE"),
        ("\"prompt\",\"answer\",\"wit\"\n\"1\",\"x\",0,5\n\"2\",\"y\",0,7\n", "decimal commas"),
        ("\"answer\",\"wit\"\n\"1\",0,5\n\"2\",0,7\n", "decimal commas"),
        // A column without a name.
        ("\"prompt\",\"wit\"\n\"Why?\",0.5,0.7\n\"How?\",0.5,0.7\n", "line 2"),
        ("\"prompt\",\"answer\"\n\"1\",\"x\",0.5\n\"2\",\"y\",0.7\n", "line 2"),
        ("wit\thelpful\n1\t0.5\t0.7\n2\t0.5\t0.7\n", "line 2"),
        ("id\twit\n1\t0.5\t0.7\n2\t0.5\t0.7\n", "line 2"),
        // Row names that are twice there, or texts.
        ("\"prompt\",\"wit\"\n\"1\",\"x\",0.5\n\"1\",\"y\",0.7\n", "line 2"),
        ("\"prompt\",\"wit\"\n\"a\",\"x\",0.5\n\"b\",\"y\",0.7\n", "give that column a name"),
        // Ragged rows.
        ("\"prompt\",\"wit\"\n\"1\",\"x\",0.5\n\"y\",0.7\n", "line 2"),
        ("\"prompt\",\"wit\"\n\"1\",\"x\"\n\"2\",\"y\",0.5\n", "line 3"),
        ("\"prompt\" \"wit\"\n\"1\" \"x\" 0.5\n\"2\" \"y\" 0.5 1\n", "line 2"),
        ("\"prompt\" \"wit\"\n\"x\" 0.5\n\"y\"  0.5\n", "line 3"),
        // What write.table does with marks unless it is told otherwise.
        ("\"prompt\" \"wit\"\n\"1\" \"a \\\"b\\\" c\" 0.5\n", "qmethod"),
        ("\"wit\",\"note\"\n\"1\",0.5,\n\"2\",0.7,\n", "row.names = FALSE"),
    ] {
        let said = opened(text).expect_err(text);
        assert!(said.contains(words) && said.starts_with('t') && said.ends_with('.'), "{text}: {said}");
    }
}

#[test]
fn a_sign_at_the_end_of_rows_is_still_none() {
    let read = opened("prompt,wit\n1,0.5,\n2,0.7,\n").expect("a table");
    assert_eq!(read.set.prompts, ["1", "2"]);
    let read = opened("\"prompt\",\"wit\"\n\"1\",0.5,\n\"2\",0.7,\n").expect("a table");
    assert_eq!((read.set.prompts.len(), read.set.column(0)), (2, vec![0.5, 0.7]));
}

#[test]
fn prompts_have_no_row_names_before_them() {
    let text = "\"prompt\"\n\"1\",\"Why?\"\n\"2\",\"How, then?\"\n";
    assert_eq!(prompts::read("t.csv", text.as_bytes()).expect("prompts"), ["Why?", "How, then?"]);
}
