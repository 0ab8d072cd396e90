//! How the choice of a palette shapes what can be had.

use super::card::StudyCard;
use super::set_in_words;
use super::table::{StudyTable, words};
use crate::app::format::{drafts, number, percent};
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::state::table_studies::AskedStudy;
use crate::app::views::number_field::{Limits, NumberField, Wrong, WrongNumber};
use leptos::prelude::*;
use palette_study::studies::{StudyQuestion, StudyReport};
use palette_study::{ShapeReport, ShapeRow};
use std::sync::Arc;

const SEED: u64 = 1;

#[component]
pub fn ShapeCard(table: Arc<Table>) -> impl IntoView {
    let page = page();
    let palettes = page.table_studies.shape_palettes;
    let asks = Signal::derive(move || {
        let (pooling, palettes) = (page.pooling_in_use(&table), palettes.get());
        Ok(AskedStudy {
            question: StudyQuestion::Shape { pooling, palettes, seed: SEED },
            about: format!("On {}, {palettes} random palettes a row.", set_in_words(&table, pooling)),
            table: Some(table.id),
        })
    });
    let wrong = Wrong::new();
    let take = move |(number,): (f64,)| {
        palettes.set(number as usize);
        Ok(())
    };
    view! {
        <StudyCard
            name="shape"
            question="How does the choice of a palette shape what can be had?"
            tried="Random palettes ask for 1 to 6 values, each up to 1.5 standard deviations above base; a grid \
            asks for the same level of every choice of values. Each is solved exactly."
            unit="palette"
            run=page.table_studies.shape
            asks
            shown
        >
            <label>
                "Random palettes for each number of values "
                <NumberField
                    shown=Signal::derive(move || palettes.get().to_string())
                    step=Signal::stored(50.0)
                    limits=Limits::whole(1.0, 2000.0)
                    take=Callback::new(take)
                    wrong
                />
            </label>
            <WrongNumber wrong />
        </StudyCard>
    }
}

fn shown(report: &StudyReport) -> AnyView {
    let StudyReport::Shape(report) = report else { return ().into_any() };
    view! {
        <div class="tables">
            {random(report)} {grid(report)}
        </div>
    }
    .into_any()
}

fn random(report: &ShapeReport) -> impl IntoView + use<> {
    let row = |row: &ShapeRow| {
        let quartiles = |x: Option<[f64; 3]>, shown: fn(f64) -> String| match x {
            Some([low, middle, high]) => view! {
                {shown(middle)}
                <small>{format!("{} to {}", shown(low), shown(high))}</small>
            }
            .into_any(),
            None => "–".into_any(),
        };
        view! {
            <tr>
                <th scope="row">{row.values}</th>
                <td>{percent(row.share())}</td>
                <td>{quartiles(row.kl, number)}</td>
                <td>{quartiles(row.drafts, drafts)}</td>
                <td>{quartiles(row.effective_samples, number)}</td>
            </tr>
        }
    };
    let rows = report.random.iter().map(row).collect_view();
    view! {
        <StudyTable
            label="Random palettes"
            caption="Random palettes; medians and quartiles of those within reach"
            heads=words(["values", "within reach", "KL, nats", "drafts", "effective answers"])
        >
            <tbody>{rows}</tbody>
        </StudyTable>
    }
}

/// Values against levels.
fn grid(report: &ShapeReport) -> impl IntoView + use<> {
    let mut levels: Vec<f64> = report.grid.iter().filter_map(|row| row.level).collect();
    levels.sort_unstable_by(f64::total_cmp);
    levels.dedup();
    let mut counts: Vec<usize> = report.grid.iter().map(|row| row.values).collect();
    counts.dedup();
    let at = |values: usize, level: f64| {
        report.grid.iter().find(|row| row.values == values && row.level == Some(level))
    };
    let cell = |row: Option<&ShapeRow>| match row {
        None => view! { <td>"–"</td> }.into_any(),
        Some(row) => {
            let share = row.share();
            let words = format!("{} of {}", row.reachable, row.palettes);
            view! {
                <td class="heat" style:--share=format!("{share:.3}") title=words>
                    {percent(share)}
                </td>
            }
            .into_any()
        }
    };
    let rows = counts
        .iter()
        .map(|values| {
            let cells = levels.iter().map(|level| cell(at(*values, *level))).collect_view();
            view! {
                <tr>
                    <th scope="row">{*values}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let mut heads = words(["values"]);
    heads.extend(levels.iter().map(|level| format!("+{level}").into_any()));
    let drawn = report.grid.iter().any(|row| !row.every_choice);
    view! {
        <div>
            <StudyTable
                label="Grid of palettes"
                caption="Share within reach when every value of a choice is asked for so many standard deviations above base"
                heads
                class="grid"
            >
                <tbody>{rows}</tbody>
            </StudyTable>
            {drawn.then(|| view! { <p class="hint">"Of more than 64 choices of values 64 are drawn."</p> })}
        </div>
    }
}
