//! A file's bytes as text, in the encoding that they have.

use crate::error::ImportError;
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Larger files are not read, in bytes.
pub const MOST_BYTES: usize = 1 << 30;

/// A file as text.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded<'a> {
    /// Without a byte-order mark.
    pub text: Cow<'a, str>,
    /// What is to be said about the encoding, where it is not plain UTF-8.
    pub note: Option<String>,
}

/// Reads the file called `name` as text: UTF-8, UTF-16 with a byte-order mark, or else Windows-1252, which is
/// noted. No letter is ever replaced.
///
/// # Errors
/// When it is no text, or its letters cannot be told.
pub fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<Decoded<'a>, ImportError> {
    if bytes.len() > MOST_BYTES {
        return Err(ImportError(format!(
            "{name} is larger than 1 GB. Take a sample of its rows and open that."
        )));
    }
    if let Some(advice) = other_format(bytes) {
        return Err(ImportError(format!("{name} is {advice}.")));
    }
    if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(ImportError(format!("{name} is text in UTF-32, which is not read. Save it in UTF-8.")));
    }
    if let [0xff, 0xfe, rest @ ..] = bytes {
        return utf16(name, rest, UTF_16LE);
    }
    if let [0xfe, 0xff, rest @ ..] = bytes {
        return utf16(name, rest, UTF_16BE);
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    if bytes.contains(&0) {
        let even = bytes.iter().step_by(2).filter(|b| **b == 0).count();
        let odd = bytes.iter().skip(1).step_by(2).filter(|b| **b == 0).count();
        let half = bytes.len() / 2;
        return Err(ImportError(if half > 1 && (even * 10 >= half * 7) != (odd * 10 >= half * 7) {
            format!("{name} seems to be text in UTF-16 without the mark that says so. Save it in UTF-8.")
        } else {
            format!("{name} is not a text file. Save it as plain text in UTF-8: CSV, JSON Lines or JSON.")
        }));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let note = text.contains('\u{fffd}').then(|| {
                format!(
                    "{name} holds the sign � in the place of letters that were lost before it came here. \
                        Where prompts differ in such letters alone they are taken for one."
                )
            });
            Ok(Decoded { text: Cow::Borrowed(text), note })
        }
        Err(error) => windows_1252(name, bytes, error.valid_up_to()),
    }
}

fn utf16<'a>(
    name: &str,
    bytes: &[u8],
    encoding: &'static encoding_rs::Encoding,
) -> Result<Decoded<'a>, ImportError> {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if !text.contains('\0') => Ok(Decoded {
            text: Cow::Owned(text.into_owned()),
            note: Some(format!("{name} is text in UTF-16 and was read as that.")),
        }),
        _ => Err(ImportError(format!(
            "{name} begins like text in UTF-16, but holds something else or half a character. Save it in UTF-8."
        ))),
    }
}

/// What is not UTF-8 from the byte `wrong` on.
fn windows_1252<'a>(name: &str, bytes: &'a [u8], wrong: usize) -> Result<Decoded<'a>, ImportError> {
    let line = bytes[..wrong].iter().filter(|b| **b == b'\n').count() + 1;
    // Signs of UTF-8 elsewhere: then this is a damaged or mixed file, and no encoding fits all of it.
    let valid = bytes.utf8_chunks().map(|chunk| chunk.valid().chars().filter(|c| !c.is_ascii()).count());
    let invalid = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    // Two bytes of a longer character at the very end: the file was cut there.
    let cut = bytes.utf8_chunks().last().is_some_and(|chunk| chunk.invalid().len() > 1);
    if valid.sum::<usize>() > invalid || cut {
        return Err(ImportError(format!(
            "{name}, line {line}: a letter there is not UTF-8, though the rest is. The file is damaged or \
                was put together of parts in different encodings. Save it again in UTF-8; nothing was loaded."
        )));
    }
    // Five bytes mean nothing in Windows-1252, and control characters are in no text.
    let strange = |b: &u8| matches!(b, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d | 0x01..=0x08 | 0x0e..=0x1f);
    if let Some(at) = bytes.iter().position(strange) {
        let line = bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
        return Err(ImportError(format!(
            "{name} is not a text file in UTF-8 or Windows-1252 (line {line} holds the byte {:#04x}). Save \
                it as plain text in UTF-8.",
            bytes[at]
        )));
    }
    let text = WINDOWS_1252
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| ImportError(format!("{name} is not a text file. Save it as plain text in UTF-8.")))?;
    Ok(Decoded {
        text: Cow::Owned(text.into_owned()),
        note: Some(format!(
            "{name} is not in UTF-8 and was read as Windows-1252, as spreadsheets write it. If letters look \
                wrong, save it in UTF-8."
        )),
    })
}

/// What a file that is no text is, with what to do, where its beginning says so.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    let holds = |needle: &[u8]| {
        let start = &bytes[..bytes.len().min(4096)];
        start.windows(needle.len()).any(|part| part == needle)
    };
    Some(if begins(b"PAR1") {
        "a Parquet file, which is not read here. Write it as CSV or JSON Lines: in pandas \
            df.to_json(\"rewards.jsonl\", orient=\"records\", lines=True)"
    } else if begins(b"PK") && (holds(b"xl/") || holds(b"[Content_Types]") || holds(b"opendocument")) {
        "a spreadsheet and not a text file. Save the sheet as CSV (UTF-8) and open that"
    } else if begins(b"PK") {
        "an archive and not a text file. Unpack it and open the table in it"
    } else if begins(&[0xd0, 0xcf, 0x11, 0xe0]) {
        "an old spreadsheet and not a text file. Save the sheet as CSV (UTF-8) and open that"
    } else if begins(&[0x1f, 0x8b]) {
        "compressed (gzip) and not a text file. Unpack it, for example with gunzip, and open the table in it"
    } else if begins(&[0x28, 0xb5, 0x2f, 0xfd]) {
        "compressed (Zstandard) and not a text file. Unpack it, for example with unzstd, and open the table in it"
    } else if begins(b"BZh") && bytes.get(4..10) == Some(b"1AY&SY".as_slice()) {
        "compressed (bzip2) and not a text file. Unpack it, for example with bunzip2, and open the table in it"
    } else if begins(&[0xfd, b'7', b'z', b'X', b'Z']) || begins(b"7z\xbc\xaf\x27\x1c") {
        "compressed and not a text file. Unpack it and open the table in it"
    } else if begins(b"SQLite format 3\0") {
        "a SQLite database and not a text file. Export the table as CSV, for example with sqlite3 -header -csv"
    } else if begins(b"ARROW1") || begins(b"FEA1") {
        "an Arrow file, which is not read. Write it as CSV or JSON Lines, for example with pandas"
    } else if begins(b"\x93NUMPY") {
        "a NumPy array and not a text file. Write it as CSV with a line of names, for example with pandas"
    } else if begins(b"GGUF") {
        "a language model and not a table. Models are opened where answers are generated"
    } else if begins(&[0xff, 0xd8, 0xff]) || begins(b"\x89PNG") || begins(b"GIF8") {
        "a picture and not a text file. Save the table itself as CSV (UTF-8)"
    } else if begins(b"%PDF") {
        "a PDF and not a text file. Save the table itself as CSV (UTF-8)"
    } else if matches!(bytes, [0x80, 2..=5, b'}' | b']' | b'c' | 0x95 | b'(', ..]) {
        "a Python pickle and not a text file. Write the table as CSV or JSON Lines, for example with pandas"
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_that_can_be_told_is_read() {
        let plain = decode("t", "né 1".as_bytes()).expect("UTF-8");
        assert_eq!((plain.text.as_ref(), plain.note), ("né 1", None));
        assert_eq!(decode("t", b"\xef\xbb\xbfa").expect("a mark").text, "a");
        let old = decode("t", b"n\xe9 \x93x\x94 \x80").expect("Windows-1252");
        assert_eq!(old.text, "né “x” €");
        assert!(old.note.is_some_and(|note| note.contains("Windows-1252")));
        let wide = |big: bool| -> Vec<u8> {
            let units = "\u{feff}né 😀".encode_utf16();
            units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        for big in [true, false] {
            let bytes = wide(big);
            let read = decode("t", &bytes).expect("UTF-16");
            assert_eq!(read.text, "né 😀");
            assert!(read.note.is_some_and(|note| note.contains("UTF-16")));
            // Without its mark.
            let said = decode("t", &bytes[2..bytes.len() - 4]).expect_err("no mark").to_string();
            assert!(said.contains("UTF-16 without the mark"), "{said}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_what_to_do() {
        for (bytes, words) in [
            (b"PAR1\x15\x04".as_slice(), "Parquet"),
            (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml", "spreadsheet"),
            (b"PK\x03\x04\x14\0\x06\0data.csv", "archive"),
            (b"\x1f\x8b\x08", "gunzip"),
            (b"SQLite format 3\0", "SQLite"),
            (b"\x00\x01\x02\x03", "not a text file"),
            (b"\xff\xfe\0\0a\0\0\0", "UTF-32"),
            (b"\xff\xfea", "half a character"),
            (b"\xff\xfe\x00\xd8a\0", "half a character"),
            (b"na\xc3\xafve caf\xc3\xa9\nna\xefve", "line 2"),
            (b"abc\n\x81\n", "line 2"),
        ] {
            let said = decode("t", bytes).expect_err(words).to_string();
            assert!(said.contains(words) && said.ends_with('.'), "{said}");
        }
    }
}
