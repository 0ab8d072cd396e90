//! Messages to the person.

use leptos::prelude::*;
use palette_protocol::visible;

/// What a message offers to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Copies a text; the button says what.
    Copy { words: &'static str, text: String },
    /// Saves a text as a file.
    Save { name: String, text: String },
    /// Leaves what an earlier visit kept, and deletes it.
    StartAfresh,
    /// A table that was kept, by its key, and is damaged.
    Damaged { key: String },
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: usize,
    pub is_error: bool,
    pub text: String,
    /// How often it came, or one of its kind.
    pub times: usize,
    /// Of its kind only the newest is shown.
    pub kind: Option<&'static str>,
    pub offer: Option<Offer>,
}

impl Notice {
    pub fn new(is_error: bool, text: &str) -> Self {
        Notice { id: 0, is_error, text: visible(text).into_owned(), times: 1, kind: None, offer: None }
    }

    /// Shows it: the same message and an older one of its kind give way to it, and news to newer news.
    pub fn show(self, notices: RwSignal<Vec<Notice>>) {
        notices.update(|all| {
            let same = |old: &Notice| old.text == self.text || (self.kind.is_some() && old.kind == self.kind);
            let times = all.iter().filter(|old| same(old)).map(|old| old.times).sum::<usize>();
            let id = all.iter().map(|notice| notice.id).max().unwrap_or(0) + 1;
            all.retain(|old| !same(old) && (self.is_error || old.is_error || old.offer.is_some()));
            all.push(Notice { id, times: times + 1, ..self });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_a_kind_become_one() {
        let owner = Owner::new();
        owner.with(|| {
            let notices = RwSignal::new(Vec::new());
            for i in 0..50 {
                let text = format!("Link {i} could not be read.");
                Notice { kind: Some("link"), ..Notice::new(true, &text) }.show(notices);
            }
            Notice::new(true, "A\u{200b}.").show(notices);
            Notice::new(true, "A\u{200b}.").show(notices);
            Notice::new(false, "News.").show(notices);
            Notice::new(false, "More news.").show(notices);
            let shown: Vec<_> = notices.get_untracked().into_iter().map(|n| (n.text, n.times)).collect();
            let wanted = [("Link 49 could not be read.", 50), ("A⟨U+200B⟩.", 2), ("More news.", 1)];
            assert_eq!(shown, wanted.map(|(text, times)| (text.to_owned(), times)));
        });
    }
}
