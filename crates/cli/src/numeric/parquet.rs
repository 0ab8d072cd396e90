//! Tables of every kind that the command reads: those of the library, and Parquet where that is compiled in.

use super::input::BadInput;
use palette_tables::import::{ImportOptions, Imported, import};

/// Reads a table.
pub(super) fn import_any(name: &str, bytes: &[u8], options: &ImportOptions) -> Result<Imported, BadInput> {
    #[cfg(feature = "parquet")]
    if bytes.starts_with(b"PAR1") {
        let lines = rows::as_json_lines(name, bytes)?;
        return Ok(import(name, lines.as_bytes(), options, &mut |_| {})?);
    }
    Ok(import(name, bytes, options, &mut |_| {})?)
}

#[cfg(feature = "parquet")]
mod rows {
    use super::BadInput;
    use bytes::Bytes;
    use palette_tables::MOST_ROWS;
    use parquet::errors::ParquetError;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use std::fmt::Write;

    /// The rows as objects, one a line, so that the columns are judged as those of any other table.
    pub(super) fn as_json_lines(name: &str, bytes: &[u8]) -> Result<String, BadInput> {
        // The reader of another library: where it fails on a damaged file without an error, that is one as
        // well.
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let read = std::panic::catch_unwind(|| read(bytes));
        std::panic::set_hook(hook);
        match read {
            Ok(Ok(lines)) => Ok(lines),
            Ok(Err(Wrong::TooMany)) => Err(BadInput(format!(
                "{name} has more than {MOST_ROWS} rows. Take a sample of its rows and open that."
            ))),
            Ok(Err(Wrong::Format(ParquetError::NYI(_)))) => Err(BadInput(format!(
                "{name} is a Parquet file compressed in a way that is not read. Write it with \
                    compression=\"snappy\", or as CSV."
            ))),
            Ok(Err(Wrong::Format(_))) | Err(_) => Err(BadInput(format!(
                "{name} is a Parquet file that is damaged, or of a kind that is not read. Write it again, \
                    with compression=\"snappy\", or as CSV."
            ))),
        }
    }

    enum Wrong {
        TooMany,
        Format(ParquetError),
    }

    impl From<ParquetError> for Wrong {
        fn from(error: ParquetError) -> Self {
            Wrong::Format(error)
        }
    }

    fn read(bytes: &[u8]) -> Result<String, Wrong> {
        let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes))?;
        if usize::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(usize::MAX) > MOST_ROWS {
            return Err(Wrong::TooMany);
        }
        let mut lines = String::new();
        for row in reader.get_row_iter(None)? {
            // A string takes whatever is written to it.
            let _ = writeln!(lines, "{}", row?.to_json_value());
        }
        Ok(lines)
    }
}
