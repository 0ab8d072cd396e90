//! The table of a study: one that scrolls within its place where it is wider or longer than that.

use leptos::prelude::*;
use palette_study::Verdict;

#[component]
pub fn StudyTable(
    /// What it is of, for those who do not see it.
    #[prop(into)]
    label: String,
    #[prop(into)] caption: String,
    /// The heads of its columns.
    heads: Vec<AnyView>,
    #[prop(optional)] class: &'static str,
    /// Whether it may fill pages, and scrolls downward too.
    #[prop(optional)]
    long: bool,
    /// Its body or bodies.
    children: Children,
) -> impl IntoView {
    let (place, label) = if long {
        ("sideways long", format!("{label}, scrolls"))
    } else {
        ("sideways", format!("{label}, scrolls sideways"))
    };
    let heads = heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    view! {
        <div class=place tabindex="0" role="group" aria-label=label>
            <table class=class>
                <caption>{caption}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                {children()}
            </table>
        </div>
    }
}

/// Heads that are words.
pub fn words<'a>(heads: impl IntoIterator<Item = &'a str>) -> Vec<AnyView> {
    heads.into_iter().map(|head| head.to_owned().into_any()).collect()
}

/// A verdict within a cell.
pub fn verdict_in_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reachable => "reachable",
        Verdict::Edge => "on the edge",
        Verdict::Unreachable => "out of reach",
    }
}
