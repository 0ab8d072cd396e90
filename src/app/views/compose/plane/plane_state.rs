//! What the plane shows: two values of a table, what can be had of both, and what is asked.

use super::words;
use crate::app::format::{field, level};
use crate::app::state::table::{Table, round_to};
use crate::app::state::{Outcome, Page};
use crate::chart::{PlaneChart, PlaneReach, colour, even_ticks};
use leptos::prelude::*;
use palette_study::{PlaneReport, Pooling, Verdict};
use palette_tables::{Level, Palette, Target};
use std::sync::Arc;

/// Dots drawn at most: more are a blot, and take time.
const MOST_DOTS: usize = 3000;
/// The axes go beyond what can be had by this share of it, to each side.
const AROUND: f64 = 0.4;

/// A plane that was found, with what it holds for.
#[derive(Clone, PartialEq)]
struct Known {
    report: PlaneReport,
    held: Held,
}

/// Everything that the plane of two values depends on.
#[derive(Clone, PartialEq)]
struct Held {
    /// The palette with the two values off.
    palette: Palette,
    pooling: Pooling,
    table: usize,
}

impl Held {
    fn new(mut palette: Palette, pooling: Pooling, table: usize, names: [String; 2]) -> Self {
        for name in names {
            palette.targets.insert(name, Target::Off);
        }
        Held { palette, pooling, table }
    }
}

/// Copies share it.
#[derive(Clone, Copy)]
pub(super) struct PlaneState {
    page: Page,
    table: StoredValue<Arc<Table>>,
    /// Why there is no plane, in a sentence.
    pub(super) failure: Memo<Option<String>>,
    /// The two values, by index.
    pub(super) pair: Memo<Option<[usize; 2]>>,
    known: Memo<Option<Known>>,
    /// The levels that the two targets allow.
    bounds: Memo<[(Option<f64>, Option<f64>); 2]>,
    axes: Memo<[[f64; 2]; 2]>,
    dots: Memo<Vec<([f64; 2], f64)>>,
}

impl PlaneState {
    pub(super) fn new(page: Page, table: Arc<Table>) -> Self {
        let studies = page.studies;
        let table = StoredValue::new(table);
        let index = move |name: &str| table.with_value(|table| table.set.value_index(name));
        let pair = Memo::new(move |_| {
            studies.plane_values.with(|names| {
                let [a, b] = names.as_ref()?;
                Some([index(a)?, index(b)?])
            })
        });
        let failure = Memo::new(move |_| {
            studies.plane.with(|plane| plane.as_ref().and_then(|plane| plane.as_ref().err().cloned()))
        });
        let known = Memo::new(move |before: Option<&Option<Known>>| {
            match studies.plane.get() {
                // It is about the outcome that stands now: with another it would have been forgotten.
                Some(Ok(report)) => page.outcome.get_untracked().map(|outcome| {
                    let names = report.values.clone().map(|value| value.name);
                    let held = Held::new(outcome.palette.clone(), outcome.pooling, outcome.set_id, names);
                    Known { report, held }
                }),
                Some(Err(_)) => None,
                None => before.cloned().flatten(),
            }
        });
        let bounds = Memo::new(move |_| {
            let pair = pair.get().unwrap_or_default();
            table.with_value(|table| {
                let pooling = page.pooling_in_use(table);
                pair.map(|i| {
                    let target = page.palette.with(|palette| palette.target(&table.set.values[i].name));
                    table.bounds(i, target, pooling)
                })
            })
        });
        let state = PlaneState {
            page,
            table,
            failure,
            pair,
            known,
            bounds,
            axes: Memo::new(|_| [[0.0, 1.0]; 2]),
            dots: Memo::new(|_| Vec::new()),
        };
        let axes = Memo::new(move |_| [state.axis(0), state.axis(1)]);
        let dots = Memo::new(move |_| state.dots_now());
        PlaneState { axes, dots, ..state }
    }

    fn with_table<T>(self, read: impl FnOnce(&Table) -> T) -> T {
        self.table.with_value(|table| read(table))
    }

    /// The answer to the palette on show, of this table.
    fn outcome(self) -> Option<Arc<Outcome>> {
        let id = self.with_table(|table| table.id);
        self.page.outcome.get().filter(|outcome| outcome.set_id == id)
    }

    pub(super) fn name(self, i: usize) -> String {
        self.with_table(|table| table.set.values[i].name.clone())
    }

    pub(super) fn accent(self, i: usize) -> usize {
        self.with_table(|table| table.accents[i].number)
    }

    /// The values that vary, with their names.
    pub(super) fn varying(self) -> Vec<(usize, String)> {
        self.with_table(|table| {
            let varies = |i: &usize| table.columns[*i].standard_deviation > 0.0;
            (0..table.columns.len()).filter(varies).map(|i| (i, table.set.values[i].name.clone())).collect()
        })
    }

    pub(super) fn show(self, pair: [usize; 2]) {
        self.page.studies.show_plane_of(Some(pair.map(|i| self.name(i))));
    }

    fn base(self, i: usize) -> f64 {
        self.with_table(|table| table.base_mean(i, self.page.pooling_in_use(table)))
    }

    /// The levels that can be had at a finite λ.
    fn attained(self) -> Option<[f64; 2]> {
        let pair = self.pair.get()?;
        let values = self.outcome()?.report.attained()?.values;
        Some([values.get(pair[0])?.level, values.get(pair[1])?.level])
    }

    /// The plane on show, where it is one of these two values.
    fn shown(self) -> Option<Known> {
        let names = self.pair.get()?.map(|i| self.name(i));
        let known = self.known.get()?;
        let same = known.report.values.iter().zip(&names).all(|(value, name)| value.name == *name);
        same.then_some(known)
    }

    /// Whether the plane on show was found for other targets than those that are held now.
    fn is_stale(self, known: &Known) -> bool {
        let Some(pair) = self.pair.get() else { return true };
        let now = self.with_table(|table| {
            let names = pair.map(|i| table.set.values[i].name.clone());
            Held::new(self.page.palette.get(), self.page.pooling_in_use(table), table.id, names)
        });
        now != known.held
    }

    fn axis(self, at: usize) -> [f64; 2] {
        let i = self.pair.get().unwrap_or_default()[at];
        let base = self.base(i);
        let (answers, sd) = self.with_table(|table| {
            let column = &table.columns[i];
            (column.axis, column.standard_deviation)
        });
        let shown = self.shown();
        let outline = shown.iter().flat_map(|known| &known.report.outline).map(|point| point[at]);
        let [low, high] = outline.fold([base; 2], |[low, high], x| [low.min(x), high.max(x)]);
        let margin = if high > low { AROUND * (high - low) } else { 2.0 * sd };
        // No further than there are answers, but always as far as something stands. What stands at the end takes
        // no margin: dragged along, it would push the end before it.
        let ends = [(low - margin).max(answers[0].min(low)), (high + margin).min(answers[1].max(high))];
        let (from, to) = self.bounds.get()[at];
        let stands = from.into_iter().chain(to).chain(self.attained().map(|levels| levels[at]));
        stands.filter(|x| x.is_finite()).fold(ends, |[low, high], x| [low.min(x), high.max(x)])
    }

    fn stride(self) -> usize {
        self.with_table(|table| table.set.answers.len().div_ceil(MOST_DOTS).max(1))
    }

    fn dots_now(self) -> Vec<([f64; 2], f64)> {
        let Some([a, b]) = self.pair.get() else { return Vec::new() };
        let outcome = self.outcome();
        self.with_table(|table| {
            let pooling = self.page.pooling_in_use(table);
            let all = table.set.answers.len();
            // The area stands for the weight; an answer of average weight has this radius.
            let usual = if all > 600 { 1.5 } else { 2.6 };
            (0..all)
                .step_by(self.stride())
                .map(|j| {
                    let share = match &outcome {
                        Some(outcome) => table.aligned_share(j, &outcome.weights, outcome.pooling),
                        None => table.base_share(j, pooling),
                    };
                    let radius = usual * (share * all as f64).sqrt();
                    let place = [table.columns[a].rewards[j], table.columns[b].rewards[j]];
                    (place, radius.min(8.0))
                })
                .filter(|(_, radius)| *radius >= 0.25)
                .collect()
        })
    }

    /// The chart as it should be now; `token` reads the colour of a value's accent.
    pub(super) fn chart(self, token: impl Fn(usize) -> String) -> PlaneChart {
        let axes = self.axes.get();
        let bounds = self.bounds.get();
        let pair = self.pair.get().unwrap_or_default();
        let reach = match self.shown() {
            None => PlaneReach::Unknown,
            Some(Known { report, .. }) if !report.possible => PlaneReach::Nothing,
            Some(known) => PlaneReach::Within {
                stale: self.is_stale(&known),
                frontier: known.report.frontier,
                bound: known.report.frontier_bound,
                outline: known.report.outline,
            },
        };
        let targets = [0, 1].map(|at| {
            let (from, to) = bounds[at];
            let levels = from.into_iter().chain(to.filter(|to| from != Some(*to))).collect();
            (levels, colour(&token(at)))
        });
        PlaneChart {
            axes,
            ticks: axes.map(|axis| even_ticks(axis).into_iter().map(|at| (at, level(at))).collect()),
            dots: self.dots.get(),
            reach,
            targets,
            base: pair.map(|i| self.base(i)),
            aligned: self.attained(),
        }
    }

    /// Where the two targets stand, as shares of the axes; a value that is off at its base.
    pub(super) fn handle(self) -> [f64; 2] {
        let (axes, levels) = (self.axes.get(), self.levels());
        [0, 1].map(|at| ((levels[at] - axes[at][0]) / (axes[at][1] - axes[at][0])).clamp(0.0, 1.0))
    }

    pub(super) fn axes(self) -> [[f64; 2]; 2] {
        self.axes.get()
    }

    /// The levels that the handle stands for.
    pub(super) fn levels(self) -> [f64; 2] {
        let (pair, bounds) = (self.pair.get().unwrap_or_default(), self.bounds.get());
        [0, 1].map(|at| bounds[at].0.or(bounds[at].1).unwrap_or_else(|| self.base(pair[at])))
    }

    /// Asks for at least these shares of the axes.
    pub(super) fn set_shares(self, shares: [f64; 2]) {
        let axes = self.axes.get_untracked();
        self.set([0, 1].map(|at| axes[at][0] + shares[at].clamp(0.0, 1.0) * (axes[at][1] - axes[at][0])));
    }

    /// Moves both levels by so many steps.
    pub(super) fn step(self, by: [f64; 2]) {
        let Some(pair) = self.pair.get_untracked() else { return };
        let (levels, axes) = untrack(|| (self.levels(), self.axes.get()));
        let step = pair.map(|i| self.with_table(|table| table.columns[i].step));
        self.set([0, 1].map(|at| {
            // A target beyond the axis stretches it: it ends where the answers do, not where one stands.
            let to = levels[at] + by[at] * step[at];
            if by[at] == 0.0 { levels[at] } else { to.clamp(axes[at][0], axes[at][1]) }
        }));
    }

    /// Asks for at least these levels, both in one change.
    fn set(self, levels: [f64; 2]) {
        let Some(pair) = self.pair.get_untracked() else { return };
        let mut palette = self.page.palette.get_untracked();
        self.with_table(|table| {
            for (i, level) in pair.into_iter().zip(levels) {
                let at = round_to(level, table.columns[i].decimals());
                palette.targets.insert(table.set.values[i].name.clone(), Target::AtLeast(Level::At(at)));
            }
        });
        self.page.change(palette, Some("plane"));
    }

    /// The place of the handle in words.
    pub(super) fn in_words(self) -> String {
        let Some(pair) = self.pair.get() else { return String::new() };
        let (names, bounds) = (pair.map(|i| self.name(i)), self.bounds.get());
        let verdict = self.outcome().filter(|_| !self.page.solving.get()).map(|o| o.report.verdict);
        let how = match verdict {
            Some(Verdict::Reachable) => "; within reach",
            Some(Verdict::Edge) => "; on the edge",
            Some(Verdict::Unreachable) => "; out of reach",
            None => "",
        };
        format!("{}, {}{how}", words::asked(&names[0], bounds[0]), words::asked(&names[1], bounds[1]))
    }

    /// What one sees, in sentences.
    pub(super) fn words(self) -> Option<String> {
        let pair = self.pair.get()?;
        let outcome = self.outcome()?;
        let values = pair.map(|i| outcome.report.values.get(i).cloned());
        let [Some(a), Some(b)] = values else { return None };
        let possible = self.shown().is_none_or(|known| known.report.possible);
        let back = outcome.report.scaled_back.as_ref().map(|back| back.share);
        Some(words::what_one_sees([&a, &b], self.attained()?, back, possible))
    }

    /// What hatching, line and dots mean, and how exact they are.
    pub(super) fn hatching(self) -> Option<String> {
        let known = self.shown()?;
        let dots = match self.stride() {
            1 => "Dots are answers, larger where they are likelier after alignment.".to_owned(),
            n => self.with_table(|table| {
                format!(
                    "Dots are every {n}th of {} answers, larger where they are likelier after alignment.",
                    table.set.answers.len()
                )
            }),
        };
        if !known.report.possible {
            return Some(dots);
        }
        let error = known.report.frontier_error;
        let exact = if error < 1e-6 {
            "exact".to_owned()
        } else {
            format!("exact to {} sd", field((1e3 * error).ceil() / 1e3, 3))
        };
        let corners = match known.report.frontier.len() {
            1 => "its corner can be had".to_owned(),
            n => format!("its {n} corners can be had"),
        };
        Some(format!(
            "Hatched: proven that no mix of answers gives as much of both. The line is {exact}, {corners}; the \
                thin line goes around all that can be had. {dots}"
        ))
    }
}
