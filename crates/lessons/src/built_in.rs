//! The lessons of `public/lessons/en`, in order.

use crate::lesson::Lesson;
use std::sync::Arc;

/// Name and text of each file.
pub const FILES: &[(&str, &str)] = &[
    ("01-one-value.json", include_str!("../../../public/lessons/en/01-one-value.json")),
    ("02-trade-offs.json", include_str!("../../../public/lessons/en/02-trade-offs.json")),
    ("03-impossible.json", include_str!("../../../public/lessons/en/03-impossible.json")),
    ("04-price.json", include_str!("../../../public/lessons/en/04-price.json")),
    ("05-weights.json", include_str!("../../../public/lessons/en/05-weights.json")),
    ("06-pooled.json", include_str!("../../../public/lessons/en/06-pooled.json")),
    ("07-one-after-another.json", include_str!("../../../public/lessons/en/07-one-after-another.json")),
    ("08-fooling.json", include_str!("../../../public/lessons/en/08-fooling.json")),
    ("09-new-questions.json", include_str!("../../../public/lessons/en/09-new-questions.json")),
    ("10-own-value.json", include_str!("../../../public/lessons/en/10-own-value.json")),
    ("11-own-data.json", include_str!("../../../public/lessons/en/11-own-data.json")),
];

/// The built-in sample set.
pub const SET: &str = include_str!("../../../public/sample-set.json");

/// All of them, read.
///
/// # Errors
/// The file and what is wrong with it; a test holds that nothing is.
pub fn lessons() -> Result<Vec<Arc<Lesson>>, String> {
    let read = |(file, text): &(&str, &str)| {
        Lesson::read(text).map(Arc::new).map_err(|problem| format!("{file}: {problem}"))
    };
    FILES.iter().map(read).collect()
}
