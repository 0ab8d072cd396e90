//! A model and its state in words.

use crate::app::format::{count, megabytes};
use palette_protocol::StoredModel;

/// The purpose of a model.
pub fn purpose(id: &str) -> &'static str {
    match id {
        "language-model" => {
            "Draws the answers, a token at a time. Fluency is its own log-probability of them."
        }
        "encoder" => {
            "Turns texts into numbers: humor, helpful, harmless, positive and coherent are measured on them."
        }
        _ => "Used by this page.",
    }
}

/// How much of a model the browser holds.
pub fn stored(model: &StoredModel, damaged: Option<&[String]>, keeps: bool) -> String {
    if let Some(files) = damaged {
        let (verb, them) =
            if files.len() == 1 { ("its check and was", "it") } else { ("their check and were", "them") };
        let names = files.join(", ");
        return format!(
            "damaged: {} failed {verb} removed ({names}); load again to fetch {them}",
            count(files.len(), "file")
        );
    }
    if !keeps {
        return "not kept in this browser".to_owned();
    }
    match model.stored_shards {
        0 => "not loaded".to_owned(),
        stored if stored == model.shards => "stored in this browser".to_owned(),
        stored => format!(
            "partly stored: {stored} of {}, {}",
            count(model.shards, "file"),
            megabytes(model.stored_bytes)
        ),
    }
}

/// `about 20 s left`.
pub fn time_left(seconds: f64) -> String {
    if seconds < 5.0 {
        "a few seconds left".to_owned()
    } else if seconds < 90.0 {
        format!("about {:.0} s left", (seconds / 5.0).ceil() * 5.0)
    } else if seconds < 5400.0 {
        format!("about {:.0} min left", (seconds / 60.0).ceil())
    } else {
        format!("about {:.0} h left", (seconds / 3600.0).ceil())
    }
}

/// A size in megabytes, or in gigabytes when it is that large.
pub fn size(bytes: f64) -> String {
    if bytes < 9.995e8 { megabytes(bytes.max(0.0) as u64) } else { format!("{:.1} GB", bytes / 1e9) }
}

/// A source with its long checksums cut to what tells them apart.
pub fn short_source(source: &str) -> String {
    let short = |word: &str| match word.len() {
        40.. if word.chars().all(|c| c.is_ascii_hexdigit()) => format!("{}…", &word[..12]),
        _ => word.to_owned(),
    };
    source.split(' ').map(short).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(stored_shards: usize) -> StoredModel {
        StoredModel {
            id: "language-model".into(),
            name: "M".into(),
            licence: "Apache-2.0".into(),
            source: String::new(),
            bytes: 98_000_000,
            stored_bytes: 64_000_000,
            shards: 4,
            stored_shards,
        }
    }

    #[test]
    fn states() {
        assert_eq!(stored(&model(0), None, true), "not loaded");
        assert_eq!(stored(&model(2), None, true), "partly stored: 2 of 4 files, 64 MB");
        assert_eq!(stored(&model(4), None, true), "stored in this browser");
        assert_eq!(stored(&model(0), None, false), "not kept in this browser");
        let damaged = stored(&model(3), Some(&["a.gguf".into()]), true);
        assert_eq!(
            damaged,
            "damaged: 1 file failed its check and was removed (a.gguf); load again to fetch it"
        );
    }

    #[test]
    fn times() {
        assert_eq!(time_left(2.0), "a few seconds left");
        assert_eq!(time_left(18.0), "about 20 s left");
        assert_eq!(time_left(130.0), "about 3 min left");
    }

    #[test]
    fn checksums_are_cut() {
        let source = format!("file, SHA-256 {}", "ab".repeat(32));
        assert_eq!(short_source(&source), "file, SHA-256 abababababab…");
    }

    #[test]
    fn sizes() {
        assert_eq!(size(123e6), "123 MB");
        assert_eq!(size(12.34e9), "12.3 GB");
    }
}
