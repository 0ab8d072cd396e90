//! A small chart with logarithms on both axes: a power law is a line.

use crate::app::format::number;
use leptos::prelude::*;

/// One line of a chart; both coordinates above 0.
pub(super) struct Series {
    pub(super) name: &'static str,
    pub(super) points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 34.0;

/// What lies across, what lies up and in which unit, and up to two lines, told apart by their marks.
#[component]
pub(super) fn LogChart(across: &'static str, up: &'static str, series: Vec<Series>) -> impl IntoView {
    let all = || series.iter().flat_map(|series| series.points.iter().copied());
    let x = Scale::of(all().map(|(x, _)| x), LEFT + 8.0, WIDTH - RIGHT);
    let y = Scale::of(all().map(|(_, y)| y), HEIGHT - BOTTOM, TOP);
    let label = {
        let said = series.iter().map(|series| {
            let ends = [series.points.first(), series.points.last()].into_iter().flatten();
            let ends: Vec<String> =
                ends.map(|(x, y)| format!("{} {up} at {}", number(*y), compact(*x))).collect();
            format!("{}: {}", series.name, ends.join(", "))
        });
        format!("Time by {across}, both logarithmic. {}.", said.collect::<Vec<_>>().join("; "))
    };
    let across_ticks = x
        .ticks()
        .into_iter()
        .map(|(value, at)| {
            view! {
                <line class="rule" x1=at x2=at y1=TOP y2=HEIGHT - BOTTOM />
                <text x=at y=HEIGHT - BOTTOM + 14.0 text-anchor="middle">
                    {compact(value)}
                </text>
            }
        })
        .collect_view();
    let up_ticks = y
        .ticks()
        .into_iter()
        .map(|(value, at)| {
            view! {
                <line class="rule" x1=LEFT x2=WIDTH - RIGHT y1=at y2=at />
                <text x=LEFT - 6.0 y=at + 4.0 text-anchor="end">
                    {compact(value)}
                </text>
            }
        })
        .collect_view();
    let lines = series
        .iter()
        .enumerate()
        .map(|(i, series)| {
            let at: Vec<(f64, f64)> = series
                .points
                .iter()
                .filter(|(px, py)| *px > 0.0 && *py > 0.0)
                .map(|(px, py)| (x.at(*px), y.at(*py)))
                .collect();
            let path: Vec<String> = at.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let marks = at
                .iter()
                .map(|(x, y)| {
                    if i == 0 {
                        view! { <circle cx=*x cy=*y r="3.4" /> }.into_any()
                    } else {
                        view! { <rect x=x - 3.0 y=y - 3.0 width="6" height="6" /> }.into_any()
                    }
                })
                .collect_view();
            view! {
                <g class="line" data-accent=if i == 0 { "2" } else { "1" }>
                    <polyline points=path.join(" ") />
                    {marks}
                </g>
            }
        })
        .collect_view();
    let key = series
        .iter()
        .enumerate()
        .map(|(i, series)| {
            view! {
                <span data-accent=if i == 0 { "2" } else { "1" }>
                    <i class=if i == 0 { "mark round" } else { "mark" } aria-hidden="true"></i>
                    {series.name}
                </span>
            }
        })
        .collect_view();
    view! {
        <figure class="log-chart">
            <figcaption>
                <b>{format!("by {across}")}</b>
                {key}
            </figcaption>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=label>
                <text x=LEFT - 6.0 y="11" text-anchor="end">{up}</text>
                {across_ticks}
                {up_ticks}
                {lines}
                <text x=WIDTH - RIGHT y=HEIGHT - 4.0 text-anchor="end">{across}</text>
            </svg>
        </figure>
    }
}

/// Logarithms laid onto a stretch of the drawing.
struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    fn of(x: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let logs = x.filter(|x| *x > 0.0).map(f64::log10);
        let (low, high) =
            logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        if low > high {
            return Scale { low: 0.0, high: 1.0, from, to };
        }
        // What is nearly level must not look steep.
        let more = (0.5 * (1.0 - (high - low))).max(0.05 * (high - low));
        Scale { low: low - more, high: high + more, from, to }
    }

    fn at(&self, x: f64) -> f64 {
        self.from + (x.log10() - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// Powers of ten, with 3 between them where there is room.
    fn ticks(&self) -> Vec<(f64, f64)> {
        let powers = self.low.floor() as i32..=self.high.ceil() as i32;
        let fine = self.high - self.low < 2.6;
        let between: &[f64] = if fine { &[1.0, 3.0] } else { &[1.0] };
        let slack = 0.02 * (self.high - self.low);
        powers
            .flat_map(|power| between.iter().map(move |digit| digit * 10f64.powi(power)))
            .filter(|x| (self.low - slack..=self.high + slack).contains(&x.log10()))
            .map(|x| (x, self.at(x)))
            .collect()
    }
}

/// `0.3`, `30`, `10k`, `1M`.
fn compact(x: f64) -> String {
    let (x, unit) = if x >= 0.9995e6 {
        (x / 1e6, "M")
    } else if x >= 0.9995e3 {
        (x / 1e3, "k")
    } else {
        (x, "")
    };
    let figures = if x >= 10.0 { format!("{x:.0}") } else { format!("{x:.2}") };
    let figures =
        if figures.contains('.') { figures.trim_end_matches('0').trim_end_matches('.') } else { &figures };
    format!("{figures}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten_are_even_steps() {
        let scale = Scale::of([1e3, 1e5].into_iter(), 0.0, 200.0);
        assert!((scale.at(1e4) - 100.0).abs() < 1e-9);
        let ticks: Vec<f64> = scale.ticks().into_iter().map(|(x, _)| x.round()).collect();
        assert_eq!(ticks, [1e3, 3e3, 1e4, 3e4, 1e5]);
        let level = Scale::of([5.0, 5.0].into_iter(), 0.0, 100.0);
        assert!((level.at(5.0) - 50.0).abs() < 1e-9 && (level.high - level.low - 1.0).abs() < 1e-12);
        assert!(Scale::of(std::iter::empty(), 0.0, 1.0).at(1.0).is_finite());
    }

    #[test]
    fn numbers_are_short() {
        let all = [0.03, 0.3, 1.0, 16.0, 100.0, 1e3, 3e4, 1e6].map(compact);
        assert_eq!(all, ["0.03", "0.3", "1", "16", "100", "1k", "30k", "1M"]);
    }
}
