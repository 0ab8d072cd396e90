//! What this is, and the one move to begin with.

use crate::app::format::isolated;
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::views::names::Sentence;
use leptos::prelude::*;
use palette_tables::Target;
use std::sync::Arc;

#[component]
pub(super) fn Opening(table: Arc<Table>) -> impl IntoView {
    let page = page();
    // The first value that is only kept: raising it shows something. A palette that came with a link, or was changed, has
    // begun already.
    let usual = table.usual_palette();
    let kept = |i: &usize| {
        usual.target(&table.set.values[*i].name) == Target::MAINTAIN
            && table.columns[*i].standard_deviation > 0.0
    };
    let first = (0..table.columns.len()).find(kept).map(|i| table.set.values[i].name.clone());
    let move_of = move || page.palette.with(|palette| *palette == usual).then(|| first.clone()).flatten();
    view! {
        <p class="opening">
            "Choose how much of each value a language model should show, and see at once what that costs. "
            {move || {
                move_of()
                    .map(|name| {
                        let words = match name.as_str() {
                            "humor" => "Make the answers funnier: drag the dot of humor to the right.".to_owned(),
                            _ => format!("Begin with {}: drag its dot to the right.", isolated(&name)),
                        };
                        view! { <b><Sentence text=words /></b> }
                    })
            }}
        </p>
    }
}
