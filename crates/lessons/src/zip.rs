//! Zip archives without compression: what a learning platform takes, in as few lines as it takes.

/// A file with its name; names hold forward slashes and nothing but ASCII.
pub(crate) struct Packed<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
}

/// The archive of these files. The same files give the same bytes: no times are kept.
pub(crate) fn stored(files: &[Packed]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut list = Vec::new();
    for file in files {
        let offset = archive.len() as u32;
        let entry = entry(file);
        archive.extend(0x0403_4b50_u32.to_le_bytes());
        archive.extend(&entry);
        archive.extend(file.name.as_bytes());
        archive.extend(file.bytes);
        list.extend(0x0201_4b50_u32.to_le_bytes());
        // Made by version 2.0, as it is needed.
        list.extend(20u16.to_le_bytes());
        list.extend(&entry);
        // No comment, the first disk, no attributes.
        list.extend([0; 10]);
        list.extend(offset.to_le_bytes());
        list.extend(file.name.as_bytes());
    }
    let (start, length, count) = (archive.len() as u32, list.len() as u32, files.len() as u16);
    archive.extend(list);
    archive.extend(0x0605_4b50_u32.to_le_bytes());
    archive.extend([0; 4]);
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend(length.to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0; 2]);
    archive
}

/// What stands in both headers of a file: version, flags, method, time, date, CRC, sizes, length of the name.
fn entry(file: &Packed) -> Vec<u8> {
    let size = (file.bytes.len() as u32).to_le_bytes();
    let mut entry = Vec::with_capacity(26);
    // Version 2.0, no flags, stored, midnight of the first day that the format knows.
    entry.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
    entry.extend(crc32(file.bytes).to_le_bytes());
    entry.extend(size);
    entry.extend(size);
    entry.extend((file.name.len() as u16).to_le_bytes());
    entry.extend([0, 0]);
    entry
}

fn crc32(bytes: &[u8]) -> u32 {
    let table: [u32; 256] = std::array::from_fn(|i| {
        (0..8).fold(i as u32, |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 })
    });
    !bytes.iter().fold(!0u32, |crc, byte| table[((crc ^ u32::from(*byte)) & 255) as usize] ^ (crc >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
