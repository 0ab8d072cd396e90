//! A file of what was published: a list, or the authors' log.

use super::{Published, read_log, read_published};

/// More than this is no list of palettes, bytes.
const LARGEST: usize = 20_000_000;

/// Reads the file called `name`; a log is read for the table of the file called `table`.
///
/// # Errors
/// A sentence that begins with the file's name when it is neither, or says nothing of that table.
pub fn read_file(name: &str, bytes: &[u8], table: &str) -> Result<Vec<Published>, String> {
    let because = |why: String| format!("{name}: {why}");
    if bytes.len() > LARGEST {
        return Err(because(format!(
            "It has more than {} MB, and a list of published palettes has few. Choose that list.",
            LARGEST / 1_000_000
        )));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| because("It is not text in UTF-8. Save it as UTF-8, or choose another file.".into()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    if text.is_empty() {
        return Err(because("It is empty. Choose a list of published palettes.".into()));
    }
    if text.starts_with("filepath:") {
        return read_log(text, table).map_err(because);
    }
    if text.starts_with(['[', '{']) {
        return read_published(text).map_err(because);
    }
    Err(because(
        "It is neither a JSON list of published palettes, each with name, values, c and lambda_published, nor \
            the authors' log of runs, whose lines begin with “filepath:”."
            .into(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"[{"name":"p","values":["wit"],"c":[0.5],"lambda_published":[1.5]}]"#;
    const LOG: &str = "filepath: results/t.json, c Levels: 1, values: ['wit'], optimized lambda: 0.125\n";

    #[test]
    fn lists_and_logs_are_told_apart() {
        let with_mark = format!("\u{feff}\n{LIST}");
        assert_eq!(read_file("p.json", with_mark.as_bytes(), "t.json").expect("a list")[0].name, "p");
        assert_eq!(read_file("log.txt", LOG.as_bytes(), "t.json").expect("a log").len(), 1);
        // The same table saved in another form, or under a name of its own in this session.
        for name in ["t.csv", "t (2)", "t"] {
            assert_eq!(read_file("log.txt", LOG.as_bytes(), name).expect("a log").len(), 1, "{name}");
        }
    }

    #[test]
    fn wrong_files_are_refused_with_their_name_and_what_to_do() {
        let refused = |bytes: &[u8]| read_file("x.json", bytes, "u.json").expect_err("a refusal");
        assert!(refused(b"").contains("empty"));
        assert!(refused(b"wit,care\n1,2\n").contains("neither"));
        assert!(refused(&[0xff, 0xfe, 0x41]).contains("UTF-8"));
        assert!(refused(b"{\"values\": []}").contains("list of published palettes"));
        assert!(refused(LOG.as_bytes()).contains("no run on u.json"));
        let twice = LIST.replace("[\"wit\"]", "[\"wit\",\"wit\"]").replace("[0.5]", "[0.5,1]");
        assert!(refused(twice.replace("[1.5]", "null").as_bytes()).contains("twice"));
        for bytes in [&b""[..], b"wit", b"[]", b"[1]"] {
            let why = refused(bytes);
            assert!(why.starts_with("x.json: ") && why.ends_with('.'), "{why}");
        }
    }
}
