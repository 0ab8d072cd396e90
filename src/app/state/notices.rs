//! Messages to the person.

use leptos::prelude::*;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: usize,
    pub is_error: bool,
    pub text: String,
}

impl Notice {
    /// Adds a message unless it is shown already; news replaces older news.
    pub fn push(notices: RwSignal<Vec<Notice>>, is_error: bool, text: String) {
        notices.update(|all| {
            if !is_error {
                all.retain(|notice| notice.is_error);
            }
            all.retain(|notice| notice.text != text);
            let id = all.iter().map(|notice| notice.id).max().unwrap_or(0) + 1;
            all.push(Notice { id, is_error, text });
        });
    }
}
