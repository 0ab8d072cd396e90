//! The picture of the plane, and the point in it that sets both targets by pointer or keyboard.

use super::anchor::Anchor;
use super::plane_state::PlaneState;
use crate::app::format::isolated;
use crate::app::state::page;
use crate::app::views::repaint::repaint_on_resize;
use crate::app::views::save_picture::{Draw, SavePicture, keep_drawn};
use crate::chart::{PLANE_FOOT, PLANE_LEFT, Paint, draw_plane};
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::{KeyboardEvent, MouseEvent, PointerEvent};

/// Steps of a press with Shift held, and of Page Up and Page Down.
const LONG: f64 = 10.0;

#[component]
pub(super) fn Field(state: PlaneState, pair: [usize; 2]) -> impl IntoView {
    let around = NodeRef::<leptos::html::Div>::new();
    repaint_on_resize(page(), around);
    let anchor = Anchor::new(page(), around);
    let names = pair.map(|i| isolated(&state.name(i)));
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let accents = pair.map(|i| state.accent(i));
    let draw: Draw = Arc::new(move |area, unit, token| {
        let paint = Paint::from_tokens(token);
        let chart = state.chart(|at| token(&format!("--accent-{}", accents[at])));
        draw_plane(area, &chart, &paint, unit).is_ok()
    });
    let (across, up) = (state.name(pair[0]), state.name(pair[1]));
    let name = format!("{across} and {up} at once");
    let title = format!("{across} (across) and {up} (up)");
    let words = Signal::derive(move || {
        let said = [state.words(), state.hatching(), state.prices_in_words()];
        said.into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    // While it is dragged: the plane's left and top edge, width and height when it was taken, and how much the page
    // is enlarged. The verdict above grows and shrinks, and must not move the point.
    let taken = RwSignal::new(None::<[f64; 5]>);
    // A finger that lands beside the point may be about to scroll: its click sets the targets.
    let touched = StoredValue::new(false);
    let place = move || {
        let around = around.get_untracked()?;
        let place = around.get_bounding_client_rect();
        let enlarged = place.width() / f64::from(around.offset_width().max(1));
        Some([place.left(), place.top(), place.width(), place.height(), enlarged])
    };
    let go_to = move |event: &MouseEvent| {
        let Some([left, top, width, height, enlarged]) = taken.get_untracked().or_else(place) else { return };
        let margin = PLANE_LEFT * enlarged;
        let (width, height) = (width - margin, height - PLANE_FOOT * enlarged);
        if width > 0.0 && height > 0.0 {
            let x = (f64::from(event.client_x()) - left - margin) / width;
            let y = 1.0 - (f64::from(event.client_y()) - top) / height;
            anchor.hold();
            state.set_shares([x, y]);
        }
    };
    let grip = NodeRef::<leptos::html::Div>::new();
    let press = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        taken.set(place());
        if let Some(field) = around.get_untracked() {
            // Without capture the point follows as long as the pointer is above the plane.
            let _ = field.set_pointer_capture(event.pointer_id());
        }
        if let Some(grip) = grip.get_untracked() {
            let _ = grip.focus();
        }
        go_to(&event);
    };
    view! {
        <div class="plane-field">
            <span class="plane-up" aria-hidden="true">
                <bdi>{names[1].clone()}</bdi>
                " ↑"
            </span>
            <div
                class="plane-plot"
                node_ref=around
                on:pointerdown=move |event| {
                    let touch = event.pointer_type() == "touch";
                    touched.set_value(touch);
                    if !touch {
                        press(event);
                    }
                }
                on:pointermove=move |event| {
                    if taken.with_untracked(Option::is_some) {
                        go_to(&event);
                    }
                }
                on:pointerup=move |_| taken.set(None)
                on:pointercancel=move |_| taken.set(None)
                on:click=move |event| {
                    if touched.try_update_value(std::mem::take) == Some(true) {
                        go_to(&event);
                    }
                }
            >
                <Picture canvas draw=draw.clone() />
                <Grip
                    state
                    grip
                    label=format!("{} and {} at least, in the plane", names[0], names[1])
                    press
                    anchor
                />
            </div>
            <span class="plane-across" aria-hidden="true">
                <bdi>{names[0].clone()}</bdi>
                " →"
            </span>
            <SavePicture canvas name=Signal::stored(name) words draw title>
                <button type="button" class="small" on:click=move |_| state.save_csv()>
                    "Lines as CSV"
                </button>
            </SavePicture>
        </div>
    }
}

#[component]
fn Picture(canvas: NodeRef<leptos::html::Canvas>, draw: Draw) -> impl IntoView {
    let page = page();
    keep_drawn(page, canvas, draw);
    // All that the picture says stands below it in words.
    view! { <canvas node_ref=canvas aria-hidden="true"></canvas> }
}

/// The point where both targets meet.
#[component]
fn Grip(
    state: PlaneState,
    grip: NodeRef<leptos::html::Div>,
    label: String,
    press: impl Fn(PointerEvent) + Copy + 'static,
    anchor: Anchor,
) -> impl IntoView {
    let place = Memo::new(move |_| state.handle());
    let left = move || format!("calc({PLANE_LEFT}px + (100% - {PLANE_LEFT}px) * {:.4})", place.get()[0]);
    let top = move || format!("calc((100% - {PLANE_FOOT}px) * {:.4})", 1.0 - place.get()[1]);
    let key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let far = if event.shift_key() { LONG } else { 1.0 };
        let by = match event.key().as_str() {
            "ArrowRight" => [far, 0.0],
            "ArrowLeft" => [-far, 0.0],
            "ArrowUp" => [0.0, far],
            "ArrowDown" => [0.0, -far],
            "PageUp" => [0.0, LONG],
            "PageDown" => [0.0, -LONG],
            _ => return,
        };
        event.prevent_default();
        anchor.hold();
        state.step(by);
    };
    view! {
        <div
            class="grip"
            node_ref=grip
            role="slider"
            tabindex="0"
            aria-roledescription="point"
            aria-label=label
            aria-description="Arrow keys move both targets: left and right the one across, up and down the one \
            up; with Shift ten steps."
            aria-valuemin=move || state.axes()[0][0].to_string()
            aria-valuemax=move || state.axes()[0][1].to_string()
            aria-valuenow=move || state.levels()[0].to_string()
            aria-valuetext=move || state.in_words()
            style:left=left
            style:top=top
            on:keydown=key
            on:pointerdown=move |event: PointerEvent| {
                event.stop_propagation();
                press(event);
            }
        ></div>
    }
}
