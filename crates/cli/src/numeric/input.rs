//! Files that come from outside.

use std::path::Path;

/// Input that makes no sense: a plain sentence, and exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BadInput(pub String);

impl From<String> for BadInput {
    fn from(sentence: String) -> Self {
        BadInput(sentence)
    }
}

/// The text of a file (`-` for standard input) with its name.
pub(super) fn read(path: &Path) -> Result<(String, String), BadInput> {
    use std::io::Read;
    let (name, bytes) = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().read_to_end(&mut bytes);
        ("standard input".to_owned(), read.map(|_| bytes))
    } else {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        (name, std::fs::read(path))
    };
    let bytes = bytes.map_err(|e| BadInput(format!("{} cannot be read: {e}.", path.display())))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        BadInput(format!(
            "{name} is not a text file in UTF-8. Save the table as CSV, JSON Lines or JSON in UTF-8."
        ))
    })?;
    Ok((name, text))
}
