//! The records of a delimited text: cells in quotation marks may hold anything, line breaks too.

use memchr::{memchr, memchr3};
use std::borrow::Cow;

/// Reads records one by one. Lines without anything are passed over.
#[derive(Clone)]
pub(super) struct Records<'a> {
    text: &'a str,
    delimiter: u8,
    at: usize,
    line: usize,
}

/// A quotation mark that opens in this line and is not closed where its cell ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct OpenQuote {
    pub line: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, delimiter: u8, line: usize) -> Self {
        Records { text, delimiter, at: 0, line }
    }

    /// Share of the text that is read.
    pub(super) fn share(&self) -> f64 {
        self.at as f64 / self.text.len().max(1) as f64
    }

    /// Puts the next record into `cells` and gives the line that it begins in; `None` at the end.
    pub(super) fn next(&mut self, cells: &mut Vec<Cow<'a, str>>) -> Result<Option<usize>, OpenQuote> {
        self.record(cells, |_| {})
    }

    /// The same, and into `marks` whether each of the cells stands in quotation marks.
    pub(super) fn marked(
        &mut self,
        cells: &mut Vec<Cow<'a, str>>,
        marks: &mut Vec<bool>,
    ) -> Result<Option<usize>, OpenQuote> {
        marks.clear();
        self.record(cells, |first| marks.push(first == Some(b'"')))
    }

    /// Reads a record; `see` is told the first byte of each cell.
    fn record(
        &mut self,
        cells: &mut Vec<Cow<'a, str>>,
        mut see: impl FnMut(Option<u8>),
    ) -> Result<Option<usize>, OpenQuote> {
        cells.clear();
        let bytes = self.text.as_bytes();
        while let Some(b'\n' | b'\r') = bytes.get(self.at) {
            self.end_line();
        }
        if self.at >= bytes.len() {
            return Ok(None);
        }
        let line = self.line;
        loop {
            see(bytes.get(self.at).copied());
            cells.push(self.cell()?);
            match bytes.get(self.at) {
                Some(b) if *b == self.delimiter => self.at += 1,
                Some(_) => {
                    self.end_line();
                    return Ok(Some(line));
                }
                None => return Ok(Some(line)),
            }
        }
    }

    /// Steps over one line break.
    fn end_line(&mut self) {
        let bytes = self.text.as_bytes();
        self.at += if bytes[self.at..].starts_with(b"\r\n") { 2 } else { 1 };
        self.line += 1;
    }

    /// The cell that begins here, up to the delimiter, line break or end after it.
    fn cell(&mut self) -> Result<Cow<'a, str>, OpenQuote> {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) == Some(&b'"') {
            return self.quoted(self.at).ok_or(OpenQuote { line: self.line });
        }
        // A blank before the mark, as people write it; where no cell comes of that the mark is a sign like
        // others.
        if bytes.get(self.at) == Some(&b' ') && self.delimiter != b' ' {
            let blanks = bytes[self.at..].iter().take_while(|b| **b == b' ').count();
            if bytes.get(self.at + blanks) == Some(&b'"')
                && let Some(cell) = self.clone().quoted(self.at + blanks)
                && !cell.contains(['\n', '\r'])
            {
                return self.quoted(self.at + blanks).ok_or(OpenQuote { line: self.line });
            }
        }
        let rest = &bytes[self.at..];
        let length = memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        let cell = &self.text[self.at..self.at + length];
        self.at += length;
        Ok(Cow::Borrowed(cell))
    }

    /// The cell in quotation marks that opens at `open`; `None` where it does not end as one.
    fn quoted(&mut self, open: usize) -> Option<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let mut from = open + 1;
        let mut doubled: Option<String> = None;
        let close = loop {
            let mark = from + memchr(b'"', &bytes[from..])?;
            if bytes.get(mark + 1) != Some(&b'"') {
                break mark;
            }
            doubled.get_or_insert_default().push_str(&self.text[from..=mark]);
            from = mark + 2;
        };
        let mut end = close + 1;
        while bytes.get(end) == Some(&b' ') && self.delimiter != b' ' {
            end += 1;
        }
        if bytes.get(end).is_some_and(|b| *b != self.delimiter && *b != b'\n' && *b != b'\r') {
            return None;
        }
        let inside = &bytes[open + 1..close];
        let breaks = inside.iter().filter(|b| **b == b'\n').count();
        let returns = inside.iter().enumerate();
        let lone = returns.filter(|(i, b)| **b == b'\r' && inside.get(i + 1) != Some(&b'\n')).count();
        self.line += breaks + lone;
        self.at = end;
        Some(match doubled {
            None => Cow::Borrowed(&self.text[open + 1..close]),
            Some(mut text) => {
                text.push_str(&self.text[from..close]);
                Cow::Owned(text)
            }
        })
    }
}
