//! One file out of a zip archive: just enough of the format for archives of stored or deflated files.

use std::io::Read;

use anyhow::{Context, Result, bail};

/// The bytes of the entry whose name ends in `name`.
pub(crate) fn entry(archive: &[u8], name: &str) -> Result<Vec<u8>> {
    let u16_at = |at: usize| Some(usize::from(u16::from_le_bytes(archive.get(at..at + 2)?.try_into().ok()?)));
    let u32_at = |at: usize| Some(u32::from_le_bytes(archive.get(at..at + 4)?.try_into().ok()?) as usize);
    let find = || {
        // The end record stands in the last 64 KB; it says where the directory starts and how many entries it
        // has.
        let end = (0..=archive.len().checked_sub(22)?)
            .rev()
            .find(|at| archive[*at..].starts_with(b"PK\x05\x06"))?;
        let (count, mut at) = (u16_at(end + 10)?, u32_at(end + 16)?);
        for _ in 0..count {
            let (name_length, extra, comment) = (u16_at(at + 28)?, u16_at(at + 30)?, u16_at(at + 32)?);
            if archive.get(at + 46..at + 46 + name_length)?.ends_with(name.as_bytes()) {
                let (method, size, local) = (u16_at(at + 10)?, u32_at(at + 20)?, u32_at(at + 42)?);
                let start = local + 30 + u16_at(local + 26)? + u16_at(local + 28)?;
                return Some((method, archive.get(start..start + size)?));
            }
            at += 46 + name_length + extra + comment;
        }
        None
    };
    let (method, data) = find().with_context(|| format!("no entry {name} in the zip archive"))?;
    match method {
        0 => Ok(data.to_vec()),
        8 => {
            let mut out = Vec::new();
            flate2::read::DeflateDecoder::new(data).read_to_end(&mut out)?;
            Ok(out)
        }
        other => bail!("the zip entry {name} is packed by method {other}, which is not read here"),
    }
}
