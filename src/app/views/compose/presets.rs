//! Palettes to begin with, in a menu.

use crate::app::format::list;
use crate::app::state::page;
use crate::app::state::table::Table;
use leptos::prelude::*;
use palette_tables::presets::PRESETS;
use std::sync::Arc;

#[component]
pub fn Presets(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let palettes: Vec<_> = PRESETS.iter().map(|preset| preset.on(&table.set).ok()).collect();
    let options = PRESETS
        .iter()
        .enumerate()
        .map(|(i, preset)| match preset.on(&table.set) {
            Ok(_) => view! {
                <option value=i.to_string() title=preset.about>
                    {preset.name}
                </option>
            }
            .into_any(),
            Err(missing) => {
                let missing: Vec<String> = missing.into_iter().map(str::to_owned).collect();
                let why = format!("{} (this table has no value called {})", preset.name, list(&missing, 3));
                view! {
                    <option value=i.to_string() disabled=true>
                        {why}
                    </option>
                }
                .into_any()
            }
        })
        .collect_view();
    let menu = NodeRef::<leptos::html::Select>::new();
    let said = RwSignal::new(String::new());
    let choose = move |event| {
        let chosen = event_target_value(&event).parse::<usize>().ok();
        // It is a menu: what was set is seen in the strips, and can be chosen again.
        if let Some(menu) = menu.get_untracked() {
            menu.set_value("");
        }
        let Some((preset, palette)) = chosen.and_then(|i| Some((PRESETS.get(i)?, palettes.get(i)?.clone()?)))
        else {
            return;
        };
        page.change(palette, None);
        said.set(format!("{}: {}", preset.name, preset.about));
    };
    view! {
        <label class="presets">
            "Preset "
            <select node_ref=menu on:change=choose>
                <option value="" selected=true>
                    "choose…"
                </option>
                {options}
            </select>
        </label>
        <span class="visually-hidden" role="status" aria-label="Preset chosen">
            {said}
        </span>
    }
}
