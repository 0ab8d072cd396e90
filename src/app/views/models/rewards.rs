//! How the rewards are measured: figures on held-out data, what they do not show, and texts that fool them.

use crate::app::accent::{Accent, accents};
use crate::app::actions::models::rewards;
use crate::app::browser::frame::next_frame;
use crate::app::format::level;
use crate::app::state::models::rewards::{Ceiling, Fooled, HeldOut, Measured};
use crate::app::state::page;
use crate::app::views::try_again::TryAgain;
use leptos::prelude::*;

#[component]
pub fn RewardsCard() -> impl IntoView {
    let page = page();
    // A value that was asked for and is not here must not pull the person back another time.
    on_cleanup(move || page.measured.set(None));
    let shown = move || match page.models.rewards.get() {
        None => view! { <p role="status">"Loading the figures…"</p> }.into_any(),
        Some(Err(reason)) => view! { <TryAgain reason again=move || rewards::fetch(page) /> }.into_any(),
        Some(Ok(all)) => {
            let names: Vec<String> = all.iter().map(|one| one.name.clone()).collect();
            all.iter()
                .cloned()
                .zip(accents(&names))
                .map(|(one, accent)| view! { <Disclosure one accent /> })
                .collect_view()
                .into_any()
        }
    };
    view! {
        <section class="card wide measures" aria-labelledby="measured-title">
            <h2 id="measured-title">"How the rewards are measured"</h2>
            <p>
                "Every value is a number that a small program gives to each answer. No such number is the \
                    value itself: here is how well each works on texts it was not trained on, and what fools \
                    it."
            </p>
            {shown}
        </section>
    }
}

#[component]
fn Disclosure(one: Measured, accent: Accent) -> impl IntoView {
    let page = page();
    let place = NodeRef::<leptos::html::Details>::new();
    let head = NodeRef::<leptos::html::Summary>::new();
    let name = one.name.clone();
    Effect::new(move |_| {
        let (Some(place), Some(head)) = (place.get(), head.get()) else { return };
        if page.measured.with(|asked| asked.as_ref() != Some(&name)) {
            return;
        }
        // Once it stands in the page. What was asked for is answered only then: it runs this anew, and that would call the
        // frame off.
        next_frame(move || {
            page.measured.set(None);
            let _ = place.set_attribute("open", "");
            place.scroll_into_view();
            let _ = head.focus();
        });
    });
    let first = one.held_out.first().map(|figure| format!("{} {:.2}", figure.metric, figure.figure));
    view! {
        <details class="measure" node_ref=place data-accent=accent.number>
            <summary node_ref=head>
                <i class="badge" aria-hidden="true">
                    {accent.letters}
                </i>
                <b>{one.name.clone()}</b>
                " "
                <span class="quiet">{one.unit.clone()}</span>
                <span class="first quiet">{first}</span>
            </summary>
            <div class="told">
                {(!one.what.is_empty()).then(|| view! { <p class="what">{one.what}</p> })}
                {(!one.form.is_empty()).then(|| view! { <p class="quiet">{one.form}</p> })}
                {(!one.held_out.is_empty())
                    .then(|| view! { <Figures name=one.name.clone() figures=one.held_out /> })}
                {one
                    .ceiling
                    .map(|ceiling| {
                        view! {
                            <p>
                                <b>"Ceiling: "</b>
                                {ceiling_in_words(&ceiling)}
                            </p>
                        }
                    })}
                {(!one.limits.is_empty())
                    .then(|| {
                        view! {
                            <h3>"What it cannot tell"</h3>
                            <ul>
                                {one
                                    .limits
                                    .into_iter()
                                    .map(|limit| view! { <li>{limit}</li> })
                                    .collect_view()}
                            </ul>
                        }
                    })}
                {(!one.fooled_by.is_empty())
                    .then(|| {
                        view! {
                            <h3>"Texts that fool it"</h3>
                            <ol class="fooled">{one.fooled_by.into_iter().map(fooled).collect_view()}</ol>
                        }
                    })}
            </div>
        </details>
    }
}

#[component]
fn Figures(name: String, figures: Vec<HeldOut>) -> impl IntoView {
    view! {
        <table class="held-out">
            <caption>{format!("{name} on held-out texts, with 95% intervals")}</caption>
            <thead>
                <tr>
                    <th scope="col">"Task"</th>
                    <th scope="col">"Figure"</th>
                    <th scope="col">"Trivial baseline"</th>
                    <th scope="col">"Better by"</th>
                </tr>
            </thead>
            <tbody>{figures.into_iter().map(figure).collect_view()}</tbody>
        </table>
    }
}

fn figure(held: HeldOut) -> impl IntoView {
    let how = match held.rows {
        Some(rows) => format!("{}, {rows} rows", held.metric),
        None => held.metric.clone(),
    };
    let better = held.baseline.as_ref().map(|baseline| held.figure - baseline.figure);
    let beats = held.baseline.as_ref().and_then(|baseline| baseline.beats_by);
    view! {
        <tr>
            <th scope="row">{held.task}<small>{how}</small></th>
            <td>
                <b>{format!("{:.2}", held.figure)}</b>
                {held.interval.map(span)}
            </td>
            <td>
                {held
                    .baseline
                    .map_or_else(
                        || view! { <span class="quiet">"none"</span> }.into_any(),
                        |baseline| {
                            view! {
                                {format!("{:.2}", baseline.figure)}
                                <small>{baseline.name}</small>
                            }
                                .into_any()
                        },
                    )}
            </td>
            <td>{better.map(level)}{beats.map(span)}</td>
        </tr>
    }
}

fn span([low, high]: [f64; 2]) -> impl IntoView {
    view! { <small>{format!("{} to {}", two(low), two(high))}</small> }
}

/// Two decimals and a true minus sign.
fn two(x: f64) -> String {
    format!("{x:.2}").replace('-', "−")
}

/// The ceiling, what it is of, and the gap to it, as sentences.
fn ceiling_in_words(ceiling: &Ceiling) -> String {
    let ended =
        |text: &str| if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") };
    let mut words = format!("{:.2}", ceiling.figure);
    if !ceiling.of.is_empty() {
        words = format!("{words}, {}", ceiling.of);
    }
    words = ended(&words);
    if !ceiling.gap.is_empty() {
        words = format!("{words} {}", ended(&ceiling.gap));
    }
    words
}

fn fooled(text: Fooled) -> impl IntoView {
    view! {
        <li>
            {(!text.prompt.is_empty()).then(|| view! { <p class="quiet">{text.prompt}</p> })}
            <blockquote>{text.text}</blockquote> <p>
                <b>{level(text.reward)}</b>
                {format!("; the sample set's median is {}. {}", level(text.median), text.why)}
            </p>
        </li>
    }
}
