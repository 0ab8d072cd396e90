//! What the plane shows: two values of a table, what can be had of both, and what is asked.

use super::words;
use crate::app::actions::export;
use crate::app::format::field;
use crate::app::state::table::{Table, round_to};
use crate::app::state::{Outcome, Page};
use leptos::prelude::*;
use palette_study::{PlanePrices, PlaneReport, Pooling, Verdict};
use palette_tables::{Level, Palette, Target};
use std::sync::Arc;

/// A plane that was found, with what it holds for.
#[derive(Clone, PartialEq)]
pub(super) struct Known {
    pub(super) report: PlaneReport,
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
    pub(super) page: Page,
    pub(super) table: StoredValue<Arc<Table>>,
    /// Why there is no plane, in a sentence.
    pub(super) failure: Memo<Option<String>>,
    /// The two values, by index.
    pub(super) pair: Memo<Option<[usize; 2]>>,
    pub(super) known: Memo<Option<Known>>,
    /// The price in it, with what that holds for.
    priced: Memo<Option<(PlanePrices, Held)>>,
    /// The levels that the two targets allow.
    pub(super) bounds: Memo<[(Option<f64>, Option<f64>); 2]>,
    pub(super) axes: Memo<[[f64; 2]; 2]>,
    pub(super) dots: Memo<Vec<([f64; 2], f64)>>,
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
        let priced =
            Memo::new(move |before: Option<&Option<(PlanePrices, Held)>>| match studies.plane_prices.get() {
                Some(Ok(prices)) => page.outcome.get_untracked().map(|outcome| {
                    let (palette, names) = (outcome.palette.clone(), prices.names.clone());
                    let held = Held::new(palette, outcome.pooling, outcome.set_id, names);
                    (prices, held)
                }),
                Some(Err(_)) => None,
                None => before.cloned().flatten(),
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
            priced,
            bounds,
            axes: Memo::new(|_| [[0.0, 1.0]; 2]),
            dots: Memo::new(|_| Vec::new()),
        };
        let axes = Memo::new(move |_| [state.axis(0), state.axis(1)]);
        let dots = Memo::new(move |_| state.dots_now());
        PlaneState { axes, dots, ..state }
    }

    pub(super) fn with_table<T>(self, read: impl FnOnce(&Table) -> T) -> T {
        self.table.with_value(|table| read(table))
    }

    /// The answer to the palette on show, of this table.
    pub(super) fn outcome(self) -> Option<Arc<Outcome>> {
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

    pub(super) fn base(self, i: usize) -> f64 {
        self.with_table(|table| table.base_mean(i, self.page.pooling_in_use(table)))
    }

    /// The levels that can be had at a finite λ.
    pub(super) fn attained(self) -> Option<[f64; 2]> {
        let pair = self.pair.get()?;
        let values = self.outcome()?.report.attained()?.values;
        Some([values.get(pair[0])?.level, values.get(pair[1])?.level])
    }

    /// The plane on show, where it is one of these two values.
    pub(super) fn shown(self) -> Option<Known> {
        let names = self.pair.get()?.map(|i| self.name(i));
        let known = self.known.get()?;
        let same = known.report.values.iter().zip(&names).all(|(value, name)| value.name == *name);
        same.then_some(known)
    }

    /// The prices of these two values with the targets held that are held now.
    pub(super) fn prices(self) -> Option<PlanePrices> {
        let names = self.pair.get()?.map(|i| self.name(i));
        let (prices, held) = self.priced.get()?;
        (prices.names == names && held == self.held_now(names)).then_some(prices)
    }

    /// Saves the lines that stand here.
    pub(super) fn save_csv(self) {
        let shown = untrack(|| self.shown().map(|known| (known.report, self.prices())));
        match shown {
            Some((report, prices)) => export::plane_csv(self.page, &report, prices.as_ref()),
            None => self.page.notify("The plane is still being worked out. Try again in a moment."),
        }
    }

    fn held_now(self, names: [String; 2]) -> Held {
        self.with_table(|table| {
            Held::new(self.page.palette.get(), self.page.pooling_in_use(table), table.id, names)
        })
    }

    /// Whether the plane on show was found for other targets than those that are held now.
    pub(super) fn is_stale(self, known: &Known) -> bool {
        let Some(pair) = self.pair.get() else { return true };
        self.held_now(pair.map(|i| self.name(i))) != known.held
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
