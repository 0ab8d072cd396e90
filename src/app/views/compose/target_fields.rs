//! How a strip's target is said, and its numbers.

use super::kind::Kind;
use super::strip_state::StripState;
use crate::app::format::field;
use crate::app::target_words::target_in_words;
use crate::app::views::number_field::{NumberField, Wrong, WrongNumber};
use crate::app::views::word::Word;
use crate::app::words::{LOG_ODDS, QUANTILE, SD};
use leptos::prelude::*;
use palette_tables::{Level, Target};

/// A number of the target.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// The only one, in whatever way the target is said.
    Only,
    Lower,
    Upper,
}

#[component]
pub fn TargetFields(strip: StripState) -> impl IntoView {
    let name = strip.name();
    let kind = Memo::new(move |_| Kind::of(strip.target.get()));
    let between = Memo::new(move |_| kind.get() == Kind::Between);
    // Said while it lasts: it cannot be chosen again.
    let linked = move || {
        (kind.get() == Kind::Linked).then(|| {
            view! {
                <option value=Kind::Linked.name() selected=true>
                    {target_in_words(strip.target.get())}
                </option>
            }
        })
    };
    view! {
        <span class="fields">
            <select
                aria-label=format!("{name} kind of target")
                prop:value=move || kind.get().name()
                on:change=move |event| strip.say_as(Kind::named(&event_target_value(&event)))
            >
                {Kind::OFFERED
                    .map(|(own, value, words)| {
                        view! {
                            <option value=value selected=move || kind.get() == own>
                                {words}
                            </option>
                        }
                    })}
                {linked}
            </select>
            {move || {
                if between.get() {
                    view! {
                        <Amount strip kind part=Part::Lower />
                        <Amount strip kind part=Part::Upper />
                    }
                        .into_any()
                } else {
                    view! { <Amount strip kind part=Part::Only /> }.into_any()
                }
            }}
        </span>
    }
}

#[component]
fn Amount(strip: StripState, kind: Memo<Kind>, part: Part) -> impl IntoView {
    let name = strip.name();
    let by_quantile = Memo::new(move |_| kind.get() == Kind::Quantile);
    let label = move || {
        let what = match (part, kind.get()) {
            (Part::Lower, _) => return format!("{name} lower target"),
            (Part::Upper, _) => return format!("{name} upper target"),
            (Part::Only, Kind::Quantile) => "quantile",
            (Part::Only, Kind::Base) => "above base",
            (Part::Only, Kind::BaseSd) => "above base in sd",
            (Part::Only, _) => "level",
        };
        format!("{name} target {what}")
    };
    let shown = move || {
        let decimals = strip.column(|column| column.decimals());
        let fine = |level: f64| field(level, decimals + 1);
        match (part, strip.target.get()) {
            (_, Target::Off) => String::new(),
            (_, Target::AtLeast(Level::Quantile(q))) => field(100.0 * q, 1),
            (_, Target::AtLeast(Level::Base(delta))) => fine(delta),
            (_, Target::AtLeast(Level::BaseSd(share))) => field(share, 3),
            (_, Target::MAINTAIN) => strip.level().map(|level| field(level, decimals)).unwrap_or_default(),
            (Part::Upper, _) => strip.bounds.get().1.map(fine).unwrap_or_default(),
            (Part::Only | Part::Lower, _) => strip.level().map(fine).unwrap_or_default(),
        }
    };
    let value_unit = strip.unit();
    let unit = {
        let entry = move || match kind.get() {
            Kind::Quantile => Some(QUANTILE),
            Kind::BaseSd => Some(SD),
            _ if value_unit == LOG_ODDS.exact => Some(LOG_ODDS),
            _ => None,
        };
        let value_unit = strip.unit();
        move || match entry() {
            Some(entry) => view! { <Word entry short=true /> }.into_any(),
            None => value_unit.clone().into_any(),
        }
    };
    let step = move || match kind.get() {
        Kind::Quantile => 1.0,
        Kind::BaseSd => 0.05,
        _ => strip.column(|column| column.step),
    };
    let typed = move |(number,): (f64,)| {
        strip.set(match (part, strip.target.get_untracked()) {
            (_, Target::AtLeast(Level::Quantile(_))) => {
                if !(0.0..=100.0).contains(&number) {
                    return Err("A quantile must be a number from 0 to 100.".to_owned());
                }
                Target::AtLeast(Level::Quantile(number / 100.0))
            }
            (_, Target::AtLeast(Level::Base(_))) => Target::AtLeast(Level::Base(number)),
            (_, Target::AtLeast(Level::BaseSd(_))) => Target::AtLeast(Level::BaseSd(number)),
            (Part::Upper, Target::Between(low, _)) => strip.range_to(low, number),
            (_, target) => strip.moved(target, number),
        });
        Ok(())
    };
    let wrong = Wrong::new();
    view! {
        <span class="amount">
            <NumberField
                label=Signal::derive(label)
                shown=Signal::derive(shown)
                step=Signal::derive(step)
                take=Callback::new(typed)
                wrong
                narrow=Signal::derive(move || by_quantile.get())
            />
            <span class="unit">{unit}</span>
        </span>
        <WrongNumber wrong />
    }
}
