//! Fields of the forms. What is typed stays in the field; the draft hears of every change.

use leptos::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An id that no other field has.
pub fn new_id() -> String {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    format!("make-{}", LAST.fetch_add(1, Ordering::Relaxed))
}

/// A labelled field of one or more lines.
#[component]
pub fn Line(
    #[prop(into)] label: String,
    /// What stands in it at first.
    value: String,
    set: Callback<String>,
    /// Of more than one line.
    #[prop(optional)]
    rows: u32,
) -> impl IntoView {
    let id = new_id();
    let field = if rows > 1 {
        view! {
            <textarea id=id.clone() rows=rows prop:value=value on:input=move |event| set.run(event_target_value(&event))></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                type="text"
                id=id.clone()
                autocomplete="off"
                prop:value=value
                on:input=move |event| set.run(event_target_value(&event))
            />
        }
        .into_any()
    };
    view! {
        <p class="field">
            <label for=id>{label}</label>
            {field}
        </p>
    }
}

/// A labelled choice among words.
#[component]
pub fn Pick(
    #[prop(into)] label: String,
    /// Value and words of each option.
    options: Vec<(String, String)>,
    /// The value that is chosen at first.
    chosen: String,
    set: Callback<String>,
) -> impl IntoView {
    let id = new_id();
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {words}
                </option>
            }
        })
        .collect_view();
    view! {
        <p class="field">
            <label for=id.clone()>{label}</label>
            <select id=id on:change=move |event| set.run(event_target_value(&event))>
                {options}
            </select>
        </p>
    }
}

/// The lines that say something.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Paragraphs: what blank lines part.
pub fn paragraphs(text: &str) -> Vec<String> {
    let joined = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace("\r\n", "\n").split("\n\n").map(joined).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_parted() {
        assert_eq!(lines(" a \n\n b"), ["a", "b"]);
        assert_eq!(paragraphs("a\nb\n\n\n c \r\n\r\nd"), ["a b", "c", "d"]);
        assert!(paragraphs(" \n\n ").is_empty());
    }
}
