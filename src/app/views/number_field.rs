//! A field for a number, read as people type it: a text field, since a browser's own number field drops what
//! it does not like, without a word.

use crate::app::browser::language::has_decimal_comma;
use leptos::prelude::*;
use palette_tables::number::{DecimalMark, NumberError, parse_with};
use std::sync::atomic::{AtomicUsize, Ordering};
use web_sys::{HtmlInputElement, KeyboardEvent};

/// Steps that Page Up and Page Down go at once.
const PAGE: f64 = 10.0;

/// What is wrong with what stands in a field, and by which id the sentence is found. Copies share it.
#[derive(Clone, Copy)]
pub struct Wrong {
    id: usize,
    said: RwSignal<Option<String>>,
}

impl Wrong {
    pub fn new() -> Self {
        static LAST: AtomicUsize = AtomicUsize::new(0);
        Wrong { id: LAST.fetch_add(1, Ordering::Relaxed), said: RwSignal::new(None) }
    }

    /// Whether the field holds something that was not taken.
    pub fn is_there(self) -> bool {
        self.said.with(Option::is_some)
    }

    pub fn say(self, sentence: Option<String>) {
        self.said.set(sentence);
    }

    fn id(self) -> String {
        format!("wrong-number-{}", self.id)
    }
}

/// What is wrong, beside the field that it is about.
#[component]
pub fn WrongNumber(wrong: Wrong) -> impl IntoView {
    view! {
        <span class="wrong" role="alert" id=wrong.id()>
            {move || wrong.said.get()}
        </span>
    }
}

/// The lowest and the highest number that a field takes.
#[derive(Clone, Copy, Default)]
pub struct Limits {
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub whole: bool,
}

impl Limits {
    pub fn whole(low: f64, high: f64) -> Self {
        Limits { low: Some(low), high: Some(high), whole: true }
    }

    /// The error says what it must be.
    pub fn check(self, number: f64) -> Result<(), String> {
        let within = self.low.is_none_or(|low| number >= low) && self.high.is_none_or(|high| number <= high);
        if within && (!self.whole || number.fract() == 0.0) {
            return Ok(());
        }
        let what = if self.whole { "a whole number" } else { "a number" };
        Err(match (self.low, self.high) {
            (Some(low), Some(high)) => format!("It must be {what} from {low} to {high}."),
            (Some(low), None) => format!("It must be {what} from {low}."),
            (None, Some(high)) => format!("It must be {what} up to {high}."),
            (None, None) => format!("It must be {what}."),
        })
    }

    fn held(self, number: f64) -> f64 {
        let number = self.low.map_or(number, |low| number.max(low));
        self.high.map_or(number, |high| number.min(high))
    }
}

/// The field alone: what is wrong is shown by [`WrongNumber`], the label stands around it or is `label`.
///
/// What is typed is taken at Enter and when the field is left; what cannot be read or is refused stays there
/// with the reason, and changes nothing. An empty field shows the number again, unless it may be empty.
#[component]
pub fn NumberField(
    #[prop(optional, into)] label: Option<Signal<String>>,
    /// The number as it is shown: in one form, with a decimal point.
    #[prop(into)]
    shown: Signal<String>,
    /// What an arrow key adds or takes away.
    #[prop(into)]
    step: Signal<f64>,
    #[prop(optional)] limits: Limits,
    /// Takes the number, or says in a sentence why not.
    #[prop(into)]
    take: Callback<(f64,), Result<(), String>>,
    /// Empties it where that can be.
    #[prop(optional, into)]
    empty: Option<Callback<()>>,
    wrong: Wrong,
    #[prop(optional, into)] narrow: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let field = NodeRef::<leptos::html::Input>::new();
    let now = move || shown.get().parse::<f64>().ok();
    let show_again = move |input: &HtmlInputElement| {
        wrong.say(None);
        input.set_value(&shown.get_untracked());
    };
    let offer = move |input: &HtmlInputElement, number: f64| match limits
        .check(number)
        .and_then(|()| take.run((number,)))
    {
        // Where the number did not change, no signal rewrites the field.
        Ok(()) => show_again(input),
        Err(reason) => wrong.say(Some(reason)),
    };
    let typed = move |_| {
        let Some(input) = field.get_untracked() else { return };
        let text = input.value();
        if text.trim() == shown.get_untracked() {
            return show_again(&input);
        }
        match (read(&text), empty) {
            (Ok(number), _) => offer(&input, number),
            (Err(Unread::Empty), Some(empty)) => {
                wrong.say(None);
                empty.run(());
            }
            (Err(Unread::Empty), None) => show_again(&input),
            (Err(Unread::Wrong(reason)), _) => wrong.say(Some(reason)),
        }
    };
    let key = move |event: KeyboardEvent| {
        let steps = match event.key().as_str() {
            "ArrowUp" => 1.0,
            "ArrowDown" => -1.0,
            "PageUp" => PAGE,
            "PageDown" => -PAGE,
            "Escape" => {
                if let Some(input) = field.get_untracked() {
                    show_again(&input);
                }
                return;
            }
            _ => return,
        };
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        event.prevent_default();
        let Some(input) = field.get_untracked() else { return };
        let text = input.value();
        let from = text.trim().parse().ok().or_else(|| read(&text).ok()).or_else(|| untrack(now));
        let from = from.filter(|number: &f64| number.is_finite()).unwrap_or(0.0);
        offer(&input, limits.held(stepped(from, steps, step.get_untracked())));
    };
    // Whatever changes the number elsewhere ends what is said about the text that stood there.
    Effect::new(move |before: Option<String>| {
        let shown = shown.get();
        if before.is_some_and(|before| before != shown) {
            wrong.say(None);
        }
        shown
    });
    view! {
        <input
            type="text"
            role="spinbutton"
            inputmode=if limits.whole { "numeric" } else { "decimal" }
            autocomplete="off"
            spellcheck="false"
            class="number"
            class:narrow=move || narrow.get()
            node_ref=field
            aria-label=move || label.map(|label| label.get())
            aria-valuenow=move || now().map(|number| number.to_string())
            aria-valuemin=limits.low.map(|low| low.to_string())
            aria-valuemax=limits.high.map(|high| high.to_string())
            aria-invalid=move || wrong.is_there().then_some("true")
            aria-describedby=move || wrong.is_there().then(|| wrong.id())
            disabled=move || disabled.get()
            prop:value=move || shown.get()
            on:change=typed
            on:keydown=key
        />
    }
}

enum Unread {
    Empty,
    /// A sentence.
    Wrong(String),
}

/// Reads a number as people of the browser's language write it.
fn read(text: &str) -> Result<f64, Unread> {
    let mark = if has_decimal_comma() { DecimalMark::Comma } else { DecimalMark::Point };
    parse_with(text, mark).map_err(|error| match error {
        NumberError::Empty => Unread::Empty,
        // With one digit more it can be no thousands.
        NumberError::Ambiguous { text, decimals, thousands } => Unread::Wrong(format!(
            "“{text}” could be {decimals} or {thousands}. Write {decimals}0 or {thousands}."
        )),
        error => Unread::Wrong(error.to_string()),
    })
}

/// So many steps on, without what floating point adds behind the last decimal.
fn stepped(from: f64, steps: f64, step: f64) -> f64 {
    let to = from + steps * step;
    let decimals = (10.0 - step.abs().log10().floor()).clamp(0.0, 15.0) as usize;
    format!("{to:.decimals$}").parse().unwrap_or(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_decimal() {
        assert_eq!(stepped(0.1, 1.0, 0.2), 0.3);
        assert_eq!(stepped(0.7, -10.0, 0.01), 0.6);
        assert_eq!(stepped(1e9, 1.0, 1.0), 1_000_000_001.0);
    }

    #[test]
    fn limits_are_said() {
        let limits = Limits::whole(1.0, 64.0);
        assert_eq!(limits.check(64.0), Ok(()));
        for number in [0.0, 65.0, 1.5] {
            assert_eq!(limits.check(number), Err("It must be a whole number from 1 to 64.".to_owned()));
        }
        assert_eq!(limits.held(70.0), 64.0);
        assert_eq!(Limits::default().check(-1e9), Ok(()));
    }
}
