//! The state of a value's strip: its target, where it is reachable, where the value stands before and after.

use super::kind::Kind;
use crate::app::format::{isolated, level};
use crate::app::state::Page;
use crate::app::state::table::{Column, Table, round_to};
use crate::app::target_words::{bounds_in_words, target_in_words};
use crate::chart::{Density, StripChart, density};
use leptos::prelude::*;
use palette_study::{AttainedLevel, Pooling, TrustedValue, ValueReport};
use palette_tables::quantile::quantile_of;
use palette_tables::{Level, Target};
use std::sync::Arc;

/// Quantile to start with when the present level says none.
const USUAL_QUANTILE: f64 = 0.7;

/// Levels that can be had with the other targets held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// The other targets alone are out of reach.
    Nothing,
    /// The lowest where it is known, and the highest.
    From(Option<f64>, f64),
}

/// The value that a strip is about. Copies share it.
#[derive(Clone, Copy)]
pub struct StripState {
    pub(super) page: Page,
    table: StoredValue<Arc<Table>>,
    index: usize,
    pub(super) target: Memo<Target>,
    /// The lowest and the highest level that the target allows now.
    pub(super) bounds: Memo<(Option<f64>, Option<f64>)>,
    /// The solver's last word on the value.
    pub(super) solved: Memo<Option<ValueReport>>,
    /// The level that can be had at a finite λ.
    pub(super) attained: Memo<Option<AttainedLevel>>,
    /// How far that can be trusted, once resampling has told.
    pub(super) trusted: Memo<Option<TrustedValue>>,
    /// Ends of the slider's way: the column's axis, stretched where a target lies beyond it.
    pub(super) axis: Memo<[f64; 2]>,
    /// The curves before and after: one pass over all answers each, so not made anew while only a handle
    /// moves.
    before: Memo<Density>,
    after: Memo<Option<Density>>,
}

impl StripState {
    pub(super) fn new(page: Page, table: Arc<Table>, index: usize) -> Self {
        let name = table.set.values[index].name.clone();
        let id = table.id;
        let table = StoredValue::new(table);
        let target = Memo::new(move |_| page.palette.with(|palette| palette.target(&name)));
        let bounds = Memo::new(move |_| {
            table.with_value(|table| table.bounds(index, target.get(), page.pooling_in_use(table)))
        });
        let solved = Memo::new(move |_| {
            page.outcome.with(|outcome| {
                outcome
                    .as_ref()
                    .filter(|outcome| outcome.set_id == id)
                    .and_then(|outcome| outcome.report.values.get(index).cloned())
            })
        });
        let attained = Memo::new(move |_| {
            page.outcome.with(|outcome| {
                let outcome = outcome.as_ref().filter(|outcome| outcome.set_id == id)?;
                outcome.report.attained()?.values.get(index).copied()
            })
        });
        let trusted = Memo::new(move |_| {
            solved.track();
            page.studies.trust.with(|trust| trust.as_ref()?.as_ref().ok()?.values.get(index).cloned())
        });
        let axis = Memo::new(move |_| {
            let [low, high] = table.with_value(|table| table.columns[index].axis);
            let (from, to) = bounds.get();
            let ends = || from.into_iter().chain(to).filter(|level| level.is_finite());
            [ends().fold(low, f64::min), ends().fold(high, f64::max)]
        });
        let curve = move |share: &dyn Fn(&Table, usize) -> f64| -> Density {
            let [low, high] = axis.get();
            table.with_value(|table| {
                let column = &table.columns[index];
                density(&column.rewards, |j| share(table, j), low, high, column.bandwidth())
            })
        };
        let before = Memo::new(move |_| {
            let pooling = table.with_value(|table| page.pooling_in_use(table));
            curve(&|table, j| table.base_share(j, pooling))
        });
        let after = Memo::new(move |_| {
            let outcome = page.outcome.get().filter(|outcome| outcome.set_id == id)?;
            Some(curve(&|table, j| table.aligned_share(j, &outcome.weights, outcome.pooling)))
        });
        StripState { page, table, index, target, bounds, solved, attained, trusted, axis, before, after }
    }

    pub(super) fn name(self) -> String {
        self.table.with_value(|table| table.set.values[self.index].name.clone())
    }

    pub(super) fn unit(self) -> String {
        self.table.with_value(|table| table.set.values[self.index].unit.clone())
    }

    pub(super) fn column<T>(self, read: impl FnOnce(&Column) -> T) -> T {
        self.table.with_value(|table| read(&table.columns[self.index]))
    }

    pub(super) fn set(self, target: Target) {
        self.page.set_target(&self.name(), target);
    }

    pub(super) fn base(self) -> f64 {
        self.table.with_value(|table| table.base_mean(self.index, self.page.pooling_in_use(table)))
    }

    pub(super) fn standard_deviation(self) -> f64 {
        self.table.with_value(|table| {
            let per_prompt = self.page.pooling_in_use(table) == Pooling::PerPrompt;
            table.columns[self.index].standard_deviations[usize::from(per_prompt)]
        })
    }

    /// The level that the handle moves: the lower end of the target, or the only one; `None` when off.
    pub(super) fn level(self) -> Option<f64> {
        let (from, to) = self.bounds.get();
        from.or(to)
    }

    /// Where the handle stands.
    pub(super) fn handle(self) -> f64 {
        self.level().unwrap_or_else(|| self.base())
    }

    /// The levels that can be had with the other targets held: nothing when those alone are out of reach,
    /// `None` before the solver has spoken. The lowest is known only where the target has an upper end.
    pub(super) fn reach(self) -> Option<Reach> {
        self.solved.with(|solved| {
            let solved = solved.as_ref()?;
            Some(match solved.max_reachable {
                Some(highest) => Reach::From(solved.min_reachable, highest),
                None => Reach::Nothing,
            })
        })
    }

    /// Whether the target asks for more than can be had beside the others.
    pub(super) fn too_high(self) -> bool {
        match (self.bounds.get().0, self.reach()) {
            // The solver's end stop is exact up to rounding.
            (Some(level), Some(Reach::From(_, highest))) => level > highest + 1e-9 * (1.0 + highest.abs()),
            _ => false,
        }
    }

    /// Whether the target asks for less than can be had beside the others.
    pub(super) fn too_low(self) -> bool {
        match (self.bounds.get().1, self.reach()) {
            (Some(level), Some(Reach::From(Some(lowest), _))) => level < lowest - 1e-9 * (1.0 + lowest.abs()),
            _ => false,
        }
    }

    /// Whether this value's own target is out of reach beside the others.
    pub(super) fn out_of_reach(self) -> bool {
        self.too_high() || self.too_low()
    }

    /// The values that keep this one from being had at all: those of which any one could be moved to set it free, the
    /// one that was moved last alone if it is among them. `None` where nothing holds it.
    pub(super) fn held_back(self) -> Option<String> {
        if self.reach() != Some(Reach::Nothing) {
            return None;
        }
        let free: Vec<String> = self.page.outcome.with(|outcome| {
            let values = outcome.iter().flat_map(|outcome| &outcome.report.values);
            values.filter(|value| value.max_reachable.is_some()).map(|value| value.name.clone()).collect()
        });
        let last = self.page.history.last_gesture().filter(|last| free.contains(last));
        let by: Vec<String> =
            last.map_or(free, |last| vec![last]).iter().map(|name| isolated(name)).collect();
        Some(if by.is_empty() { "the other targets together".to_owned() } else { by.join(" or ") })
    }

    /// Where a target that asks too much could go, in words and as a target; `None` where it does not.
    pub(super) fn nearest(self) -> Option<(String, Target)> {
        let Some(Reach::From(lowest, highest)) = self.reach() else { return None };
        let target = self.target.get();
        // Just inside: on the very edge λ has no bound.
        let inside = 0.01 * self.standard_deviation();
        if self.too_high() {
            let at = self.column(|column| column.rounded_down(highest - inside));
            return Some((format!("too far: within reach up to {}", level(at)), self.moved(target, at)));
        }
        let lowest = lowest.filter(|_| self.too_low())?;
        let at = self.column(|column| column.rounded_up(lowest + inside));
        let to = match target {
            Target::Between(low, _) => self.range_to(low, at),
            target => self.moved(target, at),
        };
        Some((format!("too far: within reach down to {}", level(at)), to))
    }

    /// How many of 100 answers of the model have less than what comes out; `None` before there is something, or
    /// where the answers are so many that counting would hold a moving handle up.
    pub(super) fn place(self) -> Option<String> {
        const MOST: usize = 200_000;
        let attained = self.attained.get()?.level;
        self.column(|column| {
            (column.rewards.len() <= MOST && column.standard_deviation > 0.0)
                .then(|| format!("{:.0}", 100.0 * quantile_of(&column.rewards, attained)))
        })
    }

    /// The part of the slider's way that is reachable, as shares of it.
    pub(super) fn open_way(self) -> [f64; 2] {
        let [low, high] = self.axis.get();
        let share = |level: f64| ((level - low) / (high - low)).clamp(0.0, 1.0);
        match self.reach() {
            None => [0.0, 1.0],
            Some(Reach::Nothing) => [0.0, 0.0],
            Some(Reach::From(lowest, highest)) => [lowest.map_or(0.0, share), share(highest)],
        }
    }

    /// The 95% interval of what comes out: over resampled prompts once those are drawn, else for the weights
    /// as they are.
    pub(super) fn interval(self) -> Option<[f64; 2]> {
        let resampled = self.trusted.with(|trusted| trusted.as_ref().and_then(|trusted| trusted.realised));
        resampled.or_else(|| self.attained.get().map(|attained| attained.interval))
    }

    /// The level on prompts that λ was not solved on, where it lies outside the interval.
    pub(super) fn held_out(self) -> Option<f64> {
        self.trusted.with(|trusted| trusted.as_ref()?.held_out_beyond())
    }

    /// How much further than asked the value is solved for, where the palette is to hold on new prompts.
    pub(super) fn margin(self) -> Option<f64> {
        if !self.page.answers.choices.holds.get() {
            return None;
        }
        let margin = self.page.studies.plan.with(|plan| match plan {
            Some(Ok(drafted)) => drafted.values.get(self.index)?.margin,
            _ => None,
        });
        margin.filter(|margin| *margin > 0.0)
    }

    /// A new place of the handle.
    pub(super) fn slide(self, to: f64) {
        let decimals = self.column(|column| column.decimals());
        let at = round_to(to, decimals);
        let target = match self.target.get_untracked() {
            // Four figures: an arrow key must move the handle even where the answers lie thin.
            Target::AtLeast(Level::Quantile(_)) => Target::AtLeast(Level::Quantile(round_to(
                self.column(|column| quantile_of(&column.rewards, to)),
                4,
            ))),
            Target::AtLeast(Level::Base(_)) => {
                Target::AtLeast(Level::Base(round_to(to - untrack(|| self.base()), decimals)))
            }
            Target::AtLeast(Level::BaseSd(_)) => {
                let sd = untrack(|| self.standard_deviation());
                let share = if sd > 0.0 { (to - untrack(|| self.base())) / sd } else { 0.0 };
                Target::AtLeast(Level::BaseSd(round_to(share, 3)))
            }
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
            Kind::BaseSd => {
                let sd = untrack(|| self.standard_deviation());
                let share = if sd > 0.0 { (at - base) / sd } else { 0.0 };
                Target::AtLeast(Level::BaseSd(round_to(share, 2)))
            }
            Kind::Quantile => Target::AtLeast(Level::Quantile(match now {
                Target::MAINTAIN | Target::Off => USUAL_QUANTILE,
                _ => round_to(self.column(|column| quantile_of(&column.rewards, at)), 2),
            })),
            Kind::Maintain => Target::MAINTAIN,
            Kind::AtMost => Target::AtMost(Level::At(fine(at))),
            Kind::Exactly => Target::Exactly(Level::At(fine(at))),
            Kind::Between => {
                // One end is known: the other one stands a standard deviation away.
                let width = self.column(|column| {
                    if column.standard_deviation > 0.0 { column.standard_deviation } else { column.step }
                });
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
    pub(super) fn in_words(self) -> String {
        let unit = self.unit();
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let said = self.target.get();
        let bounds = self.bounds.get();
        let target = match (said, bounds) {
            (Target::Off, _) => return format!("off; base {}{unit}", level(self.base())),
            (Target::MAINTAIN, (Some(at), _)) => format!("maintain, at least {}{unit}", level(at)),
            // The levels are said in numbers already.
            (
                Target::AtLeast(Level::At(_)) | Target::AtMost(Level::At(_)) | Target::Exactly(Level::At(_)),
                _,
            )
            | (Target::Between(Level::At(_), Level::At(_)), _) => format!("{}{unit}", target_in_words(said)),
            (Target::Between(..), _) => {
                format!("{}, {}{unit}", target_in_words(said), bounds_in_words(bounds))
            }
            (_, (from, to)) => {
                format!("{}, {}{unit}", target_in_words(said), from.or(to).map_or(String::new(), level))
            }
        };
        let (lowest, highest) = match self.reach() {
            None => return target,
            Some(Reach::Nothing) => return format!("{target}; the other targets alone are out of reach"),
            Some(Reach::From(lowest, highest)) => (lowest, highest),
        };
        // How far the other way would go says nothing about a target with one end.
        match (bounds.0.map(|_| highest), bounds.1.and(lowest)) {
            (Some(most), _) if self.too_high() => {
                format!("{target}; out of reach, the most is {}", level(most))
            }
            (_, Some(least)) if self.too_low() => {
                format!("{target}; out of reach, the least is {}", level(least))
            }
            (Some(most), Some(least)) => {
                format!("{target}; reachable from {} to {}", level(least), level(most))
            }
            (Some(most), None) => format!("{target}; reachable up to {}", level(most)),
            (None, Some(least)) => format!("{target}; reachable down to {}", level(least)),
            (None, None) => target,
        }
    }

    /// The chart as it should be now.
    pub(super) fn chart(self) -> StripChart {
        let (from, to) = self.bounds.get();
        StripChart {
            axis: self.axis.get(),
            base: self.before.get(),
            base_mean: self.base(),
            aligned: self.after.get(),
            realised: self.attained.get().map(|attained| attained.level),
            interval: self.interval(),
            held_out: self.held_out(),
            target: from,
            target_upper: to.filter(|upper| from != Some(*upper)),
            too_high: self.too_high(),
            too_low: self.too_low(),
        }
    }
}
