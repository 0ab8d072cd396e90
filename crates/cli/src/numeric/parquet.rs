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
    use palette_tables::{MOST_ROWS, visible};
    use parquet::basic::Compression;
    use parquet::errors::ParquetError;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{Field, List, Map, Row};
    use serde_json::Value;
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
            Ok(Err(Wrong::Codec(codec))) => Err(BadInput(format!(
                "{name} is a Parquet file compressed by {codec}, which is not read. Write it with \
                    compression=\"zstd\" or \"snappy\", or as CSV."
            ))),
            Ok(Err(Wrong::Bytes(row, column))) => Err(BadInput(format!(
                "{name}, row {row}, column {}: it holds bytes that are no text in UTF-8. Write the column as \
                    text, or leave it out; nothing was loaded.",
                visible(&column)
            ))),
            Ok(Err(Wrong::Format)) | Err(_) => Err(BadInput(format!(
                "{name} is a Parquet file that is damaged, or holds something that is not read. Write it \
                    again with its plain columns alone, or as CSV."
            ))),
        }
    }

    enum Wrong {
        TooMany,
        /// The name of a compression that is not read.
        Codec(String),
        /// The row, counted from 1, and the column of bytes that are no text.
        Bytes(usize, String),
        Format,
    }

    impl From<ParquetError> for Wrong {
        fn from(_: ParquetError) -> Self {
            Wrong::Format
        }
    }

    fn read(bytes: &[u8]) -> Result<String, Wrong> {
        let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes))?;
        let metadata = reader.metadata();
        if usize::try_from(metadata.file_metadata().num_rows()).unwrap_or(usize::MAX) > MOST_ROWS {
            return Err(Wrong::TooMany);
        }
        for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
            check(column.compression())?;
        }
        let mut lines = String::new();
        for (i, row) in reader.get_row_iter(None)?.enumerate() {
            put_row(&mut lines, &row?).map_err(|column| Wrong::Bytes(i + 1, column))?;
            lines.push('\n');
        }
        Ok(lines)
    }

    /// Refuses what the reader is not built with.
    fn check(compression: Compression) -> Result<(), Wrong> {
        match compression {
            Compression::UNCOMPRESSED
            | Compression::SNAPPY
            | Compression::GZIP(_)
            | Compression::BROTLI(_)
            | Compression::LZ4
            | Compression::LZ4_RAW
            | Compression::ZSTD(_) => Ok(()),
            Compression::LZO => Err(Wrong::Codec("LZO".into())),
        }
    }

    /// Puts a row as an object. The error is the name of a column whose bytes are no text.
    fn put_row(out: &mut String, row: &Row) -> Result<(), String> {
        put_between(out, ['{', '}'], row.get_column_iter(), |out, (name, field)| {
            put_text(out, name);
            out.push(':');
            put(out, field).map_err(|()| name.clone())
        })
    }

    /// Elements with commas between them.
    fn put_between<T, E>(
        out: &mut String,
        [open, close]: [char; 2],
        elements: impl Iterator<Item = T>,
        put: impl Fn(&mut String, T) -> Result<(), E>,
    ) -> Result<(), E> {
        out.push(open);
        for (i, element) in elements.enumerate() {
            if i > 0 {
                out.push(',');
            }
            put(out, element)?;
        }
        out.push(close);
        Ok(())
    }

    /// Puts a cell as JSON with all its digits. The library would write null for numbers that are not finite,
    /// and letters that stand for bytes for text that is not marked as such.
    fn put(out: &mut String, field: &Field) -> Result<(), ()> {
        match field {
            Field::Null => out.push_str("null"),
            Field::Bool(truth) => put_shown(out, truth),
            Field::Byte(n) => put_shown(out, n),
            Field::Short(n) => put_shown(out, n),
            Field::Int(n) => put_shown(out, n),
            Field::Long(n) => put_shown(out, n),
            Field::UByte(n) => put_shown(out, n),
            Field::UShort(n) => put_shown(out, n),
            Field::UInt(n) => put_shown(out, n),
            Field::ULong(n) => put_shown(out, n),
            Field::Float16(x) => put_number(out, f64::from(*x)),
            Field::Float(x) => put_number(out, f64::from(*x)),
            Field::Double(x) => put_number(out, *x),
            Field::Str(text) => put_text(out, text),
            Field::Bytes(bytes) => put_text(out, std::str::from_utf8(bytes.data()).map_err(|_| ())?),
            // A number with its decimals, whose digits JSON keeps; of whole ones the point stays.
            Field::Decimal(_) => out.push_str(field.to_string().trim_end_matches('.')),
            Field::Group(row) => put_row(out, row).map_err(|_| ())?,
            Field::ListInternal(list) => put_between(out, ['[', ']'], elements(list), put)?,
            Field::MapInternal(map) => put_between(out, ['{', '}'], entries(map), |out, (key, value)| {
                match key {
                    Field::Str(text) => put_text(out, text),
                    other => put_text(out, &other.to_string()),
                }
                out.push(':');
                put(out, value)
            })?,
            Field::Date(_)
            | Field::TimeMillis(_)
            | Field::TimeMicros(_)
            | Field::TimestampMillis(_)
            | Field::TimestampMicros(_) => put_text(out, &field.to_string()),
        }
        Ok(())
    }

    fn elements(list: &List) -> impl Iterator<Item = &Field> {
        list.elements().iter()
    }

    fn entries(map: &Map) -> impl Iterator<Item = (&Field, &Field)> {
        map.entries().iter().map(|(key, value)| (key, value))
    }

    fn put_shown(out: &mut String, value: &impl std::fmt::Display) {
        // A string takes whatever is written to it.
        let _ = write!(out, "{value}");
    }

    fn put_number(out: &mut String, x: f64) {
        match serde_json::Number::from_f64(x) {
            Some(number) => put_shown(out, &number),
            None if x.is_nan() => out.push_str("NaN"),
            None => out.push_str(if x > 0.0 { "Infinity" } else { "-Infinity" }),
        }
    }

    fn put_text(out: &mut String, text: &str) {
        put_shown(out, &Value::from(text));
    }
}
