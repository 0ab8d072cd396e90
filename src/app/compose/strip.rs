//! A value's strip: its target, where it is reachable, and where the value stands before and after.

use super::kind::Kind;
use super::target_fields::TargetFields;
use crate::app::format::{level, number};
use crate::app::state::{Page, page};
use crate::app::table::{Table, round_to};
use crate::app::target_words::{bounds_in_words, target_in_words};
use crate::chart::{Density, Paint, StripChart, density, draw_on, draw_strip};
use crate::protocol::{SolvedValue, Verdict};
use crate::table::quantile::quantile_of;
use crate::table::{Level, Target};
use leptos::prelude::*;
use std::sync::Arc;

/// Pixels from the edge of the slider to the middle of its handle at either end.
const INSET: f64 = 9.0;
/// Quantile to start with when the present level says none.
const USUAL_QUANTILE: f64 = 0.7;

/// The value that a strip is about. Copies share it.
#[derive(Clone, Copy)]
pub struct StripState {
    page: Page,
    table: StoredValue<Arc<Table>>,
    index: usize,
    pub(super) target: Memo<Target>,
    /// The lowest and the highest level that the target allows now.
    pub(super) bounds: Memo<(Option<f64>, Option<f64>)>,
    /// What the solver said last.
    solved: Memo<Option<SolvedValue>>,
}

impl StripState {
    fn new(page: Page, table: Arc<Table>, index: usize) -> Self {
        let name = table.set.values[index].name.clone();
        let id = table.id;
        let table = StoredValue::new(table);
        let target = Memo::new(move |_| page.palette.with(|palette| palette.target(&name)));
        let bounds = Memo::new(move |_| table.with_value(|table| table.bounds(index, target.get(), page.pooling_in_use(table))));
        let solved = Memo::new(move |_| {
            page.outcome.with(|outcome| {
                outcome.as_ref().filter(|outcome| outcome.set_id == id).and_then(|outcome| outcome.solved.values.get(index).cloned())
            })
        });
        StripState { page, table, index, target, bounds, solved }
    }

    pub(super) fn name(self) -> String {
        self.table.with_value(|table| table.set.values[self.index].name.clone())
    }

    pub(super) fn unit(self) -> String {
        self.table.with_value(|table| table.set.values[self.index].unit.clone())
    }

    pub(super) fn column<T>(self, read: impl FnOnce(&crate::app::table::Column) -> T) -> T {
        self.table.with_value(|table| read(&table.columns[self.index]))
    }

    pub(super) fn set(self, target: Target) {
        self.page.set_target(&self.name(), target);
    }

    /// Ends of the slider's way: the column's axis, stretched where a target lies beyond it.
    fn axis(self) -> [f64; 2] {
        let [low, high] = self.column(|column| column.axis);
        let (from, to) = self.bounds.get();
        let ends = || from.into_iter().chain(to).filter(|level| level.is_finite());
        [ends().fold(low, f64::min), ends().fold(high, f64::max)]
    }

    fn base(self) -> f64 {
        self.table.with_value(|table| table.base_mean(self.index, self.page.pooling_in_use(table)))
    }

    /// The level that the handle moves: the lower end of the target, or the only one; `None` when off.
    pub(super) fn level(self) -> Option<f64> {
        let (from, to) = self.bounds.get();
        from.or(to)
    }

    /// Where the handle stands.
    fn handle(self) -> f64 {
        self.level().unwrap_or_else(|| self.base())
    }

    /// Largest level that can be had with the other targets held: minus infinity when those alone are out of reach,
    /// `None` before the solver has spoken.
    fn limit(self) -> Option<f64> {
        self.solved.get().map(|solved| solved.max_reachable.unwrap_or(f64::NEG_INFINITY))
    }

    /// Whether this value's own target is too high for the others.
    fn out_of_reach(self) -> bool {
        match (self.bounds.get().0, self.limit()) {
            // The solver's end stop is exact up to rounding.
            (Some(level), Some(limit)) => limit.is_finite() && level > limit + 1e-9 * (1.0 + limit.abs()),
            _ => false,
        }
    }

    /// A new place of the handle.
    fn slide(self, to: f64) {
        let decimals = self.column(|column| column.decimals());
        let at = round_to(to, decimals);
        let target = match self.target.get_untracked() {
            // Four figures: an arrow key must move the handle even where the answers lie thin.
            Target::AtLeast(Level::Quantile(_)) => {
                Target::AtLeast(Level::Quantile(round_to(self.column(|column| quantile_of(&column.rewards, to)), 4)))
            }
            Target::AtLeast(Level::Base(_)) => Target::AtLeast(Level::Base(round_to(to - untrack(|| self.base()), decimals))),
            target => self.moved(target, at),
        };
        self.set(target);
    }

    /// `target` with its handle's end at the level `at`.
    pub(super) fn moved(self, target: Target, at: f64) -> Target {
        match target {
            Target::AtMost(_) => Target::AtMost(Level::At(at)),
            Target::Exactly(_) => Target::Exactly(Level::At(at)),
            Target::Between(_, high) => self.range_from(at, high),
            Target::AtLeast(_) | Target::Off => Target::AtLeast(Level::At(at)),
        }
    }

    /// From `low` to what was the upper end; the lower end pushes that along.
    fn range_from(self, low: f64, high: Level) -> Target {
        let pushed = self.bounds.get_untracked().1.is_none_or(|high| low > high);
        Target::Between(Level::At(low), if pushed { Level::At(low) } else { high })
    }

    /// From what was the lower end to `high`, which pushes that along.
    pub(super) fn range_to(self, low: Level, high: f64) -> Target {
        let pushed = self.bounds.get_untracked().0.is_none_or(|low| low > high);
        Target::Between(if pushed { Level::At(high) } else { low }, Level::At(high))
    }

    /// Another way to say the target, meaning the same level where that can be.
    pub(super) fn say_as(self, kind: Kind) {
        let base = untrack(|| self.base());
        let fine = |x: f64| round_to(x, self.column(|column| column.decimals() + 1));
        let at = untrack(|| self.level()).unwrap_or(base);
        let now = self.target.get_untracked();
        self.set(match kind {
            Kind::Level => Target::AtLeast(Level::At(fine(at))),
            Kind::Base => Target::AtLeast(Level::Base(fine(at - base))),
            Kind::Quantile => Target::AtLeast(Level::Quantile(match now {
                Target::MAINTAIN | Target::Off => USUAL_QUANTILE,
                _ => round_to(self.column(|column| quantile_of(&column.rewards, at)), 2),
            })),
            Kind::Maintain => Target::MAINTAIN,
            Kind::AtMost => Target::AtMost(Level::At(fine(at))),
            Kind::Exactly => Target::Exactly(Level::At(fine(at))),
            Kind::Between => {
                // One end is known: the other one stands a standard deviation away.
                let width = self.column(|column| if column.standard_deviation > 0.0 { column.standard_deviation } else { column.step });
                let (low, high) = match self.bounds.get_untracked() {
                    (None, Some(high)) => (high - width, high),
                    (Some(low), Some(high)) if low < high => (low, high),
                    _ => (at, at + width),
                };
                Target::Between(Level::At(fine(low)), Level::At(fine(high)))
            }
            Kind::Off => Target::Off,
            Kind::Linked => now,
        });
    }

    /// The handle's place in words.
    fn in_words(self) -> String {
        let unit = self.unit();
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let said = self.target.get();
        let bounds = self.bounds.get();
        let target = match (said, bounds) {
            (Target::Off, _) => return format!("off; base {}{unit}", level(self.base())),
            (Target::MAINTAIN, (Some(at), _)) => format!("maintain, at least {}{unit}", level(at)),
            // The levels are said in numbers already.
            (Target::AtLeast(Level::At(_)) | Target::AtMost(Level::At(_)) | Target::Exactly(Level::At(_)), _)
            | (Target::Between(Level::At(_), Level::At(_)), _) => format!("{}{unit}", target_in_words(said)),
            (Target::Between(..), _) => format!("{}, {}{unit}", target_in_words(said), bounds_in_words(bounds)),
            (_, (from, to)) => format!("{}, {}{unit}", target_in_words(said), from.or(to).map_or(String::new(), level)),
        };
        // What can be had at most says nothing about a target that only has an upper end.
        if bounds.0.is_none() {
            return target;
        }
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
                target: self.bounds.get().0,
                target_upper: self.bounds.get().1.filter(|upper| self.bounds.get().0 != Some(*upper)),
                out_of_reach: self.out_of_reach(),
            }
        })
    }
}

#[component]
pub fn Strip(table: Arc<Table>, index: usize) -> impl IntoView {
    let page = page();
    let strip = StripState::new(page, table.clone(), index);
    let accent = table.accents[index].clone();
    let value = table.set.values[index].clone();
    let name = value.name.clone();
    let title_id = format!("value-{index}");
    let out = Memo::new(move |_| strip.out_of_reach());
    let kept = move || matches!(strip.target.get(), Target::MAINTAIN | Target::Off);
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

#[component]
fn StripCanvas(strip: StripState) -> impl IntoView {
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
fn Numbers(strip: StripState) -> impl IntoView {
    let interval =
        move || strip.solved.get().map(|solved| format!("95% interval {} to {}", level(solved.interval[0]), level(solved.interval[1])));
    view! {
        <div class="num" title=interval>
            <b><span class="visually-hidden">"realised "</span>{move || strip.solved.get().map_or("–".to_owned(), |solved| level(solved.realised))}</b>
            <span class:missed=move || strip.out_of_reach()>"target "{move || bounds_in_words(strip.bounds.get())}</span>
            <span>"base "{move || level(strip.base())}</span>
        </div>
    }
}

/// λ with its share of the largest, per standard deviation.
#[component]
fn Weight(strip: StripState) -> impl IntoView {
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
