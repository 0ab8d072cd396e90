//! Files that come from outside.

use palette_tables::ImportError;
use palette_tables::text::MOST_BYTES;
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

impl From<ImportError> for BadInput {
    fn from(error: ImportError) -> Self {
        BadInput(error.0)
    }
}

/// A file (`-` for standard input) with its name.
pub(crate) fn read(path: &Path) -> Result<(String, Vec<u8>), BadInput> {
    use std::io::Read;
    let (name, bytes) = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        // One more than is allowed tells that there is too much.
        let read = std::io::stdin().take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes);
        ("standard input".to_owned(), read.map(|_| bytes))
    } else {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        if std::fs::metadata(path).is_ok_and(|file| file.len() > MOST_BYTES as u64) {
            return Err(BadInput(format!("{name} is larger than 1 GB. Take a sample of its rows.")));
        }
        (name, std::fs::read(path))
    };
    let bytes = bytes.map_err(|e| BadInput(format!("{} cannot be read: {}.", path.display(), reason(&e))))?;
    Ok((name, bytes))
}

/// Why a file cannot be read, as a clause.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "it may not be read by you".into(),
        std::io::ErrorKind::IsADirectory => "it is a folder".into(),
        _ => error.to_string(),
    }
}
