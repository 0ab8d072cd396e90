//! The paper's tables recomputed: what was published beside what is exact.

use super::card::StudyCard;
use super::table::{StudyTable, verdict_in_words, words};
use crate::app::actions::table_studies;
use crate::app::format::{count, number};
use crate::app::state::page;
use crate::app::state::table::Table;
use crate::app::state::table_studies::AskedStudy;
use crate::app::views::chosen_file::chosen_file;
use crate::app::views::names::{Name, Sentence};
use leptos::prelude::*;
use palette_study::paper::{PaperRow, PaperValue, Says};
use palette_study::studies::{StudyQuestion, StudyReport};
use std::sync::Arc;

/// Of more palettes than this only those whose verdicts differ are shown: a log has more runs than anyone reads.
const MOST_SHOWN: usize = 40;

#[component]
pub fn PaperCard(table: Arc<Table>) -> impl IntoView {
    let state = page().table_studies;
    let asks = Signal::derive(move || match state.published.get() {
        None => Err("Choose what was published of the table at hand.".to_owned()),
        Some(Err(reason)) => Err(reason),
        Some(Ok(read)) => {
            let palettes = count(read.palettes.len(), "palette");
            let about =
                format!("On “{}”, pooled as the paper does; {palettes} of “{}”.", table.set.name, read.name);
            let question = StudyQuestion::Paper { published: read.palettes };
            Ok(AskedStudy { question, about, table: Some(table.id) })
        }
    });
    let read = move || {
        state.published.with(|read| {
            let read = read.as_ref()?.as_ref().ok()?;
            Some(format!("{} of “{}”", count(read.palettes.len(), "palette"), read.name))
        })
    };
    view! {
        <StudyCard
            name="paper"
            question="Do the paper's tables hold?"
            tried="Open the reward table of the paper's authors in Data, and choose here what was published of \
            it: a JSON list of palettes or their log of runs, alignValues.txt. Every palette is solved exactly, \
            pooled as in the paper, and both stand beside one another."
            unit="palette"
            run=state.paper
            asks
            shown
        >
            <PublishedFileField />
            <p class="read" role="status" aria-label="What was published">
                {move || read().map(|text| view! { <Sentence text /> })}
            </p>
        </StudyCard>
    }
}

#[component]
fn PublishedFileField() -> impl IntoView {
    let page = page();
    let chosen = move |event: leptos::ev::Event| {
        if let Some(file) = chosen_file(&event) {
            leptos::task::spawn_local(table_studies::read_published(page, file));
        }
    };
    view! {
        <label class="pick-file">
            <span>"Published palettes from a file"</span>
            <input type="file" accept=".json,.txt,.log,text/plain,application/json" on:change=chosen />
        </label>
    }
}

fn shown(report: &StudyReport) -> AnyView {
    let StudyReport::Paper(report) = report else { return ().into_any() };
    let all = report.palettes.len();
    let shown: Vec<&PaperRow> =
        report.palettes.iter().filter(|row| all <= MOST_SHOWN || row.differs).collect();
    let left = (shown.len() < all).then(|| {
        format!(
            "Only what differs is shown: {} of {}. The files have all.",
            shown.len(),
            count(all, "palette")
        )
    });
    let bodies = shown.into_iter().map(palette).collect_view();
    view! {
        {left.map(|text| view! { <p class="note">{text}</p> })}
        <div class="tables">
            <StudyTable
                label="Palettes"
                caption="λ in nats per unit, levels in the values' units"
                heads=words([
                    "value",
                    "target",
                    "λ published",
                    "λ exact",
                    "it gives",
                    "exact gives",
                    "decoded",
                ])
                class="paper"
                long=true
            >
                {bodies}
            </StudyTable>
        </div>
    }
    .into_any()
}

fn palette(row: &PaperRow) -> impl IntoView + use<> {
    let published = match row.published {
        Says::Lambda => "published with a λ",
        Says::Diverged => "published as diverging",
    };
    let exact = verdict_in_words(row.verdict);
    let price = row.kl.map_or(String::new(), |kl| format!(" at {} nats", number(kl)));
    let differs = row.differs.then(|| view! { " "<strong class="differs">"The verdicts differ."</strong> });
    let values = row.values.iter().map(value).collect_view();
    view! {
        <tbody>
            <tr>
                <th scope="rowgroup" colspan="7" class="of-palette">
                    <Name name=row.name.clone() />
                    <span class="why">
                        {format!("{published}; {exact}{price}.")} {differs} " "
                        <Sentence text=row.why.clone() />
                    </span>
                </th>
            </tr>
            {values}
        </tbody>
    }
}

fn value(value: &PaperValue) -> impl IntoView + use<> {
    let maybe = |x: Option<f64>| x.map_or("–".to_owned(), number);
    view! {
        <tr>
            <th scope="row">
                <Name name=value.name.clone() />
            </th>
            <td>{format!("≥ {}", number(value.level))}</td>
            <td>{maybe(value.published)}</td>
            <td>{maybe(value.exact)}</td>
            <td>{maybe(value.realised_by_published)}</td>
            <td>{maybe(value.realised)}</td>
            <td>{maybe(value.decoded)}</td>
        </tr>
    }
}
