//! Handing a lesson out: link, code for a frame, QR code, and a package for learning platforms.

use super::Draft;
use super::fields::Pick;
use crate::app::actions::{learn, link};
use crate::app::format::count;
use crate::app::state::page;
use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// Links up to this length go through nearly everything.
const COMFORTABLE: usize = 2000;

/// What was made for handing out.
#[derive(Clone, PartialEq)]
struct Made {
    link: String,
    frame: String,
    id: String,
    title: String,
}

#[component]
pub fn Share(draft: Draft) -> impl IntoView {
    let page = page();
    let made = RwSignal::new(None::<Made>);
    let chosen = RwSignal::new(String::new());
    let theme = RwSignal::new(String::new());
    let embed = RwSignal::new(false);
    if page.learn.index.with_untracked(Option::is_none) {
        learn::fetch_index(page);
    }
    let lessons = move || {
        let mut options = vec![(String::new(), "the one that you make here".to_owned())];
        if let Some(Ok(entries)) = page.learn.index.get() {
            options.extend(entries.into_iter().map(|entry| (entry.id, entry.title)));
        }
        view! { <Pick label="Lesson" options chosen=String::new() set=Callback::new(move |id| chosen.set(id)) /> }
    };
    let make = move |_| {
        let (id, theme, embed) = (chosen.get_untracked(), theme.get_untracked(), embed.get_untracked());
        let lesson = draft.now(Clone::clone);
        leptos::task::spawn_local(async move {
            let (name, id, title) = if id.is_empty() {
                if let Some(problem) = lesson.problem() {
                    return page.notify_error(format!("The lesson is not finished. {problem}"));
                }
                let Some(name) = learn::packed(&lesson).await else {
                    return page.notify_error(
                        "This browser is too old to pack the lesson into a link. Save it as a file instead.",
                    );
                };
                (name, lesson.id, lesson.title)
            } else {
                let title = page.learn.index.with_untracked(|index| match index {
                    Some(Ok(entries)) => entries.iter().find(|e| e.id == id).map(|e| e.title.clone()),
                    _ => None,
                });
                (id.clone(), id.clone(), title.unwrap_or(id))
            };
            let theme = if theme.is_empty() { String::new() } else { format!("&theme={theme}") };
            let start = format!("{}#v=1&view=learn&lesson={name}", link::page_address());
            let framed = format!("{start}&embed=yes{theme}");
            let link = if embed { framed.clone() } else { format!("{start}{theme}") };
            let source = framed.replace('&', "&amp;");
            let frame = format!(
                "<iframe src=\"{source}\" title=\"{}\" style=\"width: 100%; height: 900px; border: 0\"></iframe>",
                title.replace('&', "&amp;").replace('"', "&quot;")
            );
            made.set(Some(Made { link, frame, id, title }));
        });
    };
    let themes =
        [("", "as the pupil has it"), ("light", "light"), ("dark", "dark"), ("projector", "for a projector")]
            .map(|(value, words)| (value.to_owned(), words.to_owned()))
            .to_vec();
    view! {
        <section class="card" aria-labelledby="share-title">
            <h2 id="share-title">"Hand it out"</h2>
            <div class="grid">
                {lessons}
                <Pick label="Theme" options=themes chosen=String::new() set=Callback::new(move |id| theme.set(id)) />
            </div>
            <label class="tick">
                <input type="checkbox" on:change=move |event| embed.set(event_target_checked(&event)) />
                <span>"The link leaves out the head of the page"</span>
            </label>
            <p class="row">
                <button type="button" class="primary" on:click=make>
                    "Make link, frame and QR code"
                </button>
            </p>
            {move || made.get().map(|made| view! { <Outputs made /> })}
        </section>
    }
}

#[component]
fn Outputs(made: Made) -> impl IntoView {
    let page = page();
    let length = made.link.chars().count();
    let says = if length <= COMFORTABLE {
        format!("The link has {}.", count(length, "character"))
    } else {
        format!(
            "The link has {}: some mail programs and chats cut links of more than {COMFORTABLE}. The file is safer.",
            count(length, "character")
        )
    };
    let (link, frame) = (made.link.clone(), made.frame.clone());
    let package = made.clone();
    let scorm = move |_| {
        let address = package.frame_address();
        learn::save_package(page, &package.id, &package.title, &address);
    };
    view! {
        <div class="handed-out">
            <p class="field">
                <label for="made-link">"Link"</label>
                <textarea id="made-link" rows="3" readonly prop:value=made.link.clone()></textarea>
            </p>
            <p role="status">{says}</p>
            <p class="field">
                <label for="made-frame">"Code for a frame (iframe)"</label>
                <textarea id="made-frame" rows="3" readonly prop:value=made.frame.clone()></textarea>
            </p>
            <p class="row">
                <button type="button" on:click=move |_| link::copy(page, link.clone(), "The link is copied.")>
                    "Copy the link"
                </button>
                <button type="button" on:click=move |_| link::copy(page, frame.clone(), "The code for a frame is copied.")>
                    "Copy the frame"
                </button>
                <button type="button" on:click=scorm>
                    "Save a SCORM package"
                </button>
            </p>
            {match QrCode::encode_text(&made.link, QrCodeEcc::Low) {
                Ok(code) => view! { <Code code /> }.into_any(),
                Err(_) => {
                    view! {
                        <p class="note">"The link is too long for a QR code. Save the lesson as a file and put that \
                        somewhere, or make it shorter."</p>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

impl Made {
    /// What a package shows in its frame.
    fn frame_address(&self) -> String {
        if self.link.contains("&embed=yes") { self.link.clone() } else { format!("{}&embed=yes", self.link) }
    }
}

/// The code as a picture, with the quiet zone that readers need.
#[component]
fn Code(code: QrCode) -> impl IntoView {
    let size = code.size();
    let dark =
        (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    let path: String = dark.map(|(x, y)| format!("M{},{}h1v1h-1z", x + 4, y + 4)).collect();
    let side = size + 8;
    view! {
        <svg
            class="qr"
            viewBox=format!("0 0 {side} {side}")
            role="img"
            aria-label="QR code of the link"
            shape-rendering="crispEdges"
        >
            <rect width=side height=side fill="#fff" />
            <path d=path fill="#000" />
        </svg>
    }
}
