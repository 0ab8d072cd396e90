//! A value's strip: its target, where it is reachable, and where the value stands before and after.

use crate::app::format::{field, level, number, percent};
use crate::app::state::{Page, page};
use crate::app::table::{Table, round_to};
use crate::chart::{Density, Paint, StripChart, density, draw_on, draw_strip};
use crate::protocol::{SolvedValue, Verdict};
use crate::table::Target;
use crate::table::quantile::quantile_of;
use leptos::prelude::*;
use std::sync::Arc;

/// Pixels from the edge of the slider to the middle of its handle at either end.
const INSET: f64 = 9.0;
/// Quantile to start with when the present level says none.
const USUAL_QUANTILE: f64 = 0.7;

/// The value that a strip is about. Copies share it.
#[derive(Clone, Copy)]
struct Strip {
    page: Page,
    table: StoredValue<Arc<Table>>,
    index: usize,
    target: Memo<Target>,
    /// The level that the target means now; `None` when off.
    level: Memo<Option<f64>>,
    /// What the solver said last.
    solved: Memo<Option<SolvedValue>>,
}

impl Strip {
    fn new(page: Page, table: Arc<Table>, index: usize) -> Self {
        let name = table.set.values[index].name.clone();
        let id = table.id;
        let table = StoredValue::new(table);
        let target = Memo::new(move |_| page.palette.with(|palette| palette.target(&name)));
        let level = Memo::new(move |_| {
            table.with_value(|table| target.get().level(&table.columns[index].rewards, table.base_mean(index, page.pooling_in_use(table))))
        });
        let solved = Memo::new(move |_| {
            page.outcome.with(|outcome| {
                outcome.as_ref().filter(|outcome| outcome.set_id == id).and_then(|outcome| outcome.solved.values.get(index).cloned())
            })
        });
        Strip { page, table, index, target, level, solved }
    }

    fn name(self) -> String {
        self.table.with_value(|table| table.set.values[self.index].name.clone())
    }

    fn unit(self) -> String {
        self.table.with_value(|table| table.set.values[self.index].unit.clone())
    }

    fn column<T>(self, read: impl FnOnce(&crate::app::table::Column) -> T) -> T {
        self.table.with_value(|table| read(&table.columns[self.index]))
    }

    fn set(self, target: Target) {
        self.page.set_target(&self.name(), target);
    }

    /// Ends of the slider's way: the column's axis, stretched where a target lies beyond it.
    fn axis(self) -> [f64; 2] {
        let [low, high] = self.column(|column| column.axis);
        let at = self.level.get().filter(|level| level.is_finite()).unwrap_or(low);
        [low.min(at), high.max(at)]
    }

    fn base(self) -> f64 {
        self.table.with_value(|table| table.base_mean(self.index, self.page.pooling_in_use(table)))
    }

    /// Where the handle stands.
    fn handle(self) -> f64 {
        self.level.get().unwrap_or_else(|| self.base())
    }

    /// Largest level that can be had with the other targets held: minus infinity when those alone are out of reach,
    /// `None` before the solver has spoken.
    fn limit(self) -> Option<f64> {
        self.solved.get().map(|solved| solved.max_reachable.unwrap_or(f64::NEG_INFINITY))
    }

    /// Whether this value's own target is too high for the others.
    fn out_of_reach(self) -> bool {
        match (self.level.get(), self.limit()) {
            // The solver's end stop is exact up to rounding.
            (Some(level), Some(limit)) => limit.is_finite() && level > limit + 1e-9 * (1.0 + limit.abs()),
            _ => false,
        }
    }

    /// A new place of the handle.
    fn slide(self, to: f64) {
        let target = match self.target.get_untracked() {
            // Four figures: an arrow key must move the handle even where the answers lie thin.
            Target::Quantile(_) => Target::Quantile(round_to(self.column(|column| quantile_of(&column.rewards, to)), 4)),
            _ => Target::Level(round_to(to, self.column(|column| column.decimals()))),
        };
        self.set(target);
    }

    /// Another way to say the target, meaning the same level where that can be.
    fn say_as(self, kind: &str) {
        let now = self.level.get_untracked();
        self.set(match kind {
            "level" => {
                let at = now.unwrap_or_else(|| untrack(|| self.base()));
                Target::Level(round_to(at, self.column(|column| column.decimals() + 1)))
            }
            "quantile" => Target::Quantile(match (self.target.get_untracked(), now) {
                (Target::Level(_), Some(at)) => round_to(self.column(|column| quantile_of(&column.rewards, at)), 2),
                _ => USUAL_QUANTILE,
            }),
            "maintain" => Target::Maintain,
            _ => Target::Off,
        });
    }

    /// The handle's place in words.
    fn in_words(self) -> String {
        let unit = self.unit();
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let target = match (self.target.get(), self.level.get()) {
            (Target::Off, _) | (_, None) => return format!("off; base {}{unit}", level(self.base())),
            (Target::Maintain, Some(at)) => format!("maintain, at least {}{unit}", level(at)),
            (Target::Quantile(q), Some(at)) => format!("at least the {} quantile, {}{unit}", percent(q), level(at)),
            (Target::Level(_), Some(at)) => format!("at least {}{unit}", level(at)),
        };
        match self.limit() {
            Some(limit) if limit == f64::NEG_INFINITY => format!("{target}; the other targets alone are out of reach"),
            Some(limit) if self.out_of_reach() => format!("{target}; out of reach, the most is {}", level(limit)),
            Some(limit) => format!("{target}; reachable up to {}", level(limit)),
            None => target,
        }
    }

    /// The chart as it should be now.
    fn chart(self) -> StripChart {
        let axis = self.axis();
        let page = self.page;
        let solved = self.solved.get();
        self.table.with_value(|table| {
            let column = &table.columns[self.index];
            let pooling = page.pooling_in_use(table);
            let width = column.bandwidth();
            let curve = |share: &dyn Fn(usize) -> f64| -> Density { density(&column.rewards, share, axis[0], axis[1], width) };
            let aligned = page.outcome.with(|outcome| {
                outcome
                    .as_ref()
                    .filter(|outcome| outcome.set_id == table.id)
                    .map(|outcome| curve(&|j| table.aligned_share(j, &outcome.solved.weights, outcome.pooling)))
            });
            StripChart {
                axis,
                base: curve(&|j| table.base_share(j, pooling)),
                base_mean: table.base_mean(self.index, pooling),
                aligned,
                realised: solved.as_ref().map(|solved| solved.realised),
                interval: solved.as_ref().map(|solved| solved.interval),
                target: self.level.get(),
                out_of_reach: self.out_of_reach(),
            }
        })
    }
}

#[component]
pub fn Strip(table: Arc<Table>, index: usize) -> impl IntoView {
    let page = page();
    let strip = Strip::new(page, table.clone(), index);
    let accent = table.accents[index].clone();
    let value = table.set.values[index].clone();
    let name = value.name.clone();
    let title_id = format!("value-{index}");
    let out = Memo::new(move |_| strip.out_of_reach());
    let kept = move || matches!(strip.target.get(), Target::Maintain | Target::Off);
    let reach = move || {
        let [low, high] = strip.axis();
        let share = strip.limit().map_or(1.0, |limit| ((limit - low) / (high - low)).clamp(0.0, 1.0));
        format!("--reach:{:.3}%", 100.0 * share)
    };
    let measured = if value.measured.is_empty() { value.name.clone() } else { format!("{}: {}", value.name, value.measured) };
    let long = name.chars().count() > 16;
    let labelled_by = title_id.clone();
    view! {
        <li class="strip" style=accent.style() aria-labelledby=labelled_by>
            <div class="who" title=measured>
                <b><i class="badge" aria-hidden="true">{accent.letters.clone()}</i><span class="name" class:long=long id=title_id>{name.clone()}</span></b>
                <TargetFields strip/>
            </div>
            <div class="plot">
                <StripCanvas strip/>
                <div class="lane" style=reach aria-hidden="true"></div>
                <input
                    type="range"
                    class="handle"
                    class:kept=kept
                    class:out=move || out.get()
                    aria-label=format!("{name} target")
                    aria-valuetext=move || strip.in_words()
                    step=strip.column(|column| column.step.to_string())
                    min=move || strip.axis()[0].to_string()
                    max=move || strip.axis()[1].to_string()
                    prop:value=move || strip.handle().to_string()
                    on:input=move |event| {
                        if let Ok(to) = event_target_value(&event).parse::<f64>() {
                            strip.slide(to);
                        }
                    }
                />
            </div>
            <Numbers strip/>
            <Weight strip/>
        </li>
    }
}

/// How the target is said, and its number.
#[component]
fn TargetFields(strip: Strip) -> impl IntoView {
    let name = strip.name();
    let kind = move || match strip.target.get() {
        Target::Level(_) => "level",
        Target::Quantile(_) => "quantile",
        Target::Maintain => "maintain",
        Target::Off => "off",
    };
    let by_quantile = Memo::new(move |_| matches!(strip.target.get(), Target::Quantile(_)));
    let shown = move || match strip.target.get() {
        Target::Quantile(q) => field(100.0 * q, 1),
        Target::Off => String::new(),
        Target::Maintain => strip.level.get().map(|level| field(level, strip.column(|column| column.decimals()))).unwrap_or_default(),
        Target::Level(level) => field(level, strip.column(|column| column.decimals() + 1)),
    };
    let label = {
        let name = name.clone();
        move || format!("{name} target {}", if by_quantile.get() { "quantile" } else { "level" })
    };
    let value_unit = strip.unit();
    let unit = move |by_quantile: bool| match (by_quantile, value_unit.is_empty()) {
        (true, true) => "%".to_owned(),
        (true, false) => format!("% · {value_unit}"),
        (false, _) => value_unit.clone(),
    };
    let step = move || if by_quantile.get() { "1".to_owned() } else { strip.column(|column| column.step.to_string()) };
    let typed = move |event: leptos::ev::Event| {
        let number = event_target_value(&event).trim().parse::<f64>().ok().filter(|number| number.is_finite());
        match number {
            Some(percent) if by_quantile.get_untracked() => strip.set(Target::Quantile((percent / 100.0).clamp(0.0, 1.0))),
            Some(level) => strip.set(Target::Level(level)),
            // What is no number changes nothing: the field shows the target again.
            None => {
                if let Some(input) =
                    event.target().and_then(|target| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlInputElement>(target).ok())
                {
                    input.set_value(&untrack(shown));
                }
            }
        }
    };
    view! {
        <span class="fields">
            <select
                aria-label=format!("{name} kind of target")
                prop:value=kind
                on:change=move |event| strip.say_as(&event_target_value(&event))
            >
                <option value="level" selected=move || kind() == "level">"at least level"</option>
                <option value="quantile" selected=move || kind() == "quantile">"at least quantile"</option>
                <option value="maintain" selected=move || kind() == "maintain">"maintain"</option>
                <option value="off" selected=move || kind() == "off">"off"</option>
            </select>
            <span class="amount">
                <input type="number" class:narrow=move || by_quantile.get() aria-label=label step=step prop:value=shown on:change=typed/>
                <span class="unit">{move || unit(by_quantile.get())}</span>
            </span>
        </span>
    }
}

#[component]
fn StripCanvas(strip: Strip) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        strip.page.repaint.track();
        let chart = strip.chart();
        let style = window().get_computed_style(&canvas).ok().flatten();
        let paint = Paint::from_tokens(|token| style.as_ref().and_then(|style| style.get_property_value(token).ok()).unwrap_or_default());
        draw_on(&canvas, |area, unit| draw_strip(area, &chart, &paint, unit, INSET));
    });
    // All that the picture says stands beside it in numbers.
    view! { <canvas node_ref=canvas aria-hidden="true"></canvas> }
}

#[component]
fn Numbers(strip: Strip) -> impl IntoView {
    let interval =
        move || strip.solved.get().map(|solved| format!("95% interval {} to {}", level(solved.interval[0]), level(solved.interval[1])));
    view! {
        <div class="num" title=interval>
            <b><span class="visually-hidden">"realised "</span>{move || strip.solved.get().map_or("–".to_owned(), |solved| level(solved.realised))}</b>
            <span class:missed=move || strip.out_of_reach()>"target "{move || strip.level.get().map_or("off".to_owned(), level)}</span>
            <span>"base "{move || level(strip.base())}</span>
        </div>
    }
}

/// λ with its share of the largest, per standard deviation.
#[component]
fn Weight(strip: Strip) -> impl IntoView {
    let page = strip.page;
    let lambda = move || strip.solved.get().and_then(|solved| solved.lambda);
    let width = move || {
        let largest = page.outcome.with(|outcome| {
            outcome.as_ref().map_or(0.0, |outcome| {
                outcome.solved.values.iter().map(|value| value.lambda.unwrap_or(0.0).abs() * value.standard_deviation).fold(0.0, f64::max)
            })
        });
        let own = strip.solved.get().map_or(0.0, |solved| solved.lambda.unwrap_or(0.0).abs() * solved.standard_deviation);
        format!("width:{:.1}%", if largest > 0.0 { 100.0 * own / largest } else { 0.0 })
    };
    let unbounded =
        move || page.outcome.with(|outcome| outcome.as_ref().is_some_and(|outcome| outcome.solved.verdict != Verdict::Reachable));
    view! {
        <div class="lam" title=move || if unbounded() { "λ has no bound here" } else { "reward weight λ, nats per unit" }>
            <b><span class="visually-hidden">"λ "</span>{move || lambda().map_or("–".to_owned(), number)}</b>
            <span class="bar" aria-hidden="true"><u style=width></u></span>
        </div>
    }
}
