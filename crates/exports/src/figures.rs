//! The pictures: every strip, and the plane of the two values that weigh most.

use palette_chart::{
    About, LIGHT, NamedStrip, Paint, PlaneChart, PlaneReach, PriceLine, StripChart, accent, bandwidth,
    density, draw_plane, draw_strips, draw_svg, even_ticks, level, strips_height, tick_axis,
};
use palette_study::compose::Composer;
use palette_study::{Base, PlaneReport, Pooling, Question, Report, Solved};
use palette_tables::values::accent_numbers;
use palette_tables::{SampleSet, visible};

/// CSS pixels across.
const WIDE: u32 = 640;
const PLANE: [u32; 2] = [520, 400];
/// Strips in one picture: of more values those with targets come first.
const MOST_STRIPS: usize = 16;
/// Dots drawn at most.
const MOST_DOTS: usize = 1500;
/// On more answers than this the lines of equal price take seconds.
const MOST_PRICED: usize = 20_000;

/// A palette solved, with what pictures of it need beside it.
pub(crate) struct Shown<'a> {
    pub(crate) set: &'a SampleSet,
    pub(crate) report: &'a Report,
    /// Share of every answer in the base distribution, and after alignment; both sum to 1.
    base: Vec<f64>,
    aligned: Vec<f64>,
    accents: Vec<usize>,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(set: &'a SampleSet, question: &Question, solved: &'a Solved) -> Result<Self, String> {
        let base = Base::of(set, question.pooling).map_err(|error| error.to_string())?.shares;
        let aligned = match question.pooling {
            Pooling::Pooled => solved.weights.clone(),
            Pooling::PerPrompt => {
                let mut of_prompt = vec![0.0; set.prompts.len()];
                set.answers.iter().zip(&base).for_each(|(answer, share)| of_prompt[answer.prompt] += share);
                set.answers
                    .iter()
                    .zip(&solved.weights)
                    .map(|(a, weight)| weight * of_prompt[a.prompt])
                    .collect()
            }
        };
        let names: Vec<String> = set.values.iter().map(|value| value.name.clone()).collect();
        Ok(Shown { set, report: &solved.report, base, aligned, accents: accent_numbers(&names) })
    }

    fn paint(&self, i: usize) -> Paint {
        Paint { accent: accent(self.accents[i]), ..LIGHT }
    }

    /// The values that have a strip, and how many have none for lack of room.
    fn with_strips(&self) -> (Vec<usize>, usize) {
        let mut all: Vec<usize> = (0..self.set.values.len()).collect();
        let left = all.len().saturating_sub(MOST_STRIPS);
        all.sort_by_key(|i| self.report.values[*i].target.is_none());
        all.truncate(MOST_STRIPS);
        all.sort_unstable();
        (all, left)
    }

    fn strip(&self, i: usize) -> NamedStrip {
        let value = &self.report.values[i];
        let rewards = self.set.column(i);
        let ends = [
            rewards.iter().copied().fold(f64::INFINITY, f64::min),
            rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        ];
        let ([low, high], _) = tick_axis(ends, value.base, value.standard_deviation);
        let targets = || value.lower.into_iter().chain(value.upper).filter(|level| level.is_finite());
        let axis = [targets().fold(low, f64::min), targets().fold(high, f64::max)];
        let curve = |shares: &[f64]| {
            let width = bandwidth(value.standard_deviation, rewards.len());
            density(&rewards, |j| shares[j], axis[0], axis[1], width)
        };
        let attained = self.report.attained().and_then(|attained| attained.values.get(i).copied());
        let beyond = |level: f64, most: f64| level > most + 1e-9 * (1.0 + most.abs());
        let lower = value.lower.or(value.upper);
        let strip = StripChart {
            axis,
            base: curve(&self.base),
            base_mean: value.base,
            aligned: Some(curve(&self.aligned)),
            realised: attained.map(|attained| attained.level),
            interval: attained.map(|attained| attained.interval),
            held_out: None,
            target: lower,
            target_upper: value.upper.filter(|upper| value.lower.is_some_and(|lower| lower != *upper)),
            too_high: value.lower.zip(value.max_reachable).is_some_and(|(level, most)| beyond(level, most)),
            too_low: value
                .upper
                .zip(value.min_reachable)
                .is_some_and(|(level, least)| beyond(-level, -least)),
        };
        let asked = match (value.lower, value.upper) {
            (None, None) => "no target".to_owned(),
            (Some(low), None) => format!("asked ≥ {}", level(low)),
            (None, Some(high)) => format!("asked ≤ {}", level(high)),
            (Some(low), Some(high)) if low == high => format!("asked {}", level(low)),
            (Some(low), Some(high)) => format!("asked {} to {}", level(low), level(high)),
        };
        let comes_out =
            attained.map_or(String::new(), |attained| format!(", realised {}", level(attained.level)));
        NamedStrip {
            name: visible(&value.name).into_owned(),
            words: format!("base {}, {asked}{comes_out}", level(value.base)),
            strip,
            ticks: even_ticks(axis).into_iter().map(|at| (at, level(at))).collect(),
            paint: self.paint(i),
        }
    }

    /// All strips as one picture.
    pub(crate) fn strips(&self) -> Result<String, String> {
        let (values, left) = self.with_strips();
        let strips: Vec<NamedStrip> = values.into_iter().map(|i| self.strip(i)).collect();
        let said: Vec<String> =
            strips.iter().map(|strip| format!("{}: {}", strip.name, strip.words)).collect();
        let without =
            if left > 0 { format!(" {left} more values have no room here.") } else { String::new() };
        let about = About {
            size: [WIDE, strips_height(strips.len())],
            ground: LIGHT.ground,
            title: "What each value is before and after, and what is asked of it",
            words: &format!(
                "Grey: the distribution over base answers. In colour: after alignment. Dashed: what is asked. The thick \
                    mark: what comes out, with its 95% interval. {}.{without}",
                said.join(". ")
            ),
        };
        drawn(draw_svg(&about, |area, unit| draw_strips(area, &strips, unit)))
    }

    /// The plane of two values with what can be had of both.
    pub(crate) fn plane(&self, plane: &PlaneReport, prices: Vec<PriceLine>) -> Result<String, String> {
        let indices = [0, 1].map(|k| self.set.value_index(&plane.values[k].name).unwrap_or(0));
        let axes = [0, 1].map(|k| {
            let value = &plane.values[k];
            let stands = [value.base, value.attained].into_iter().chain(value.lower).chain(value.upper);
            let all = plane.outline.iter().map(|point| point[k]).chain(stands).filter(|x| x.is_finite());
            let (low, high) =
                all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
            let margin = if high > low { 0.08 * (high - low) } else { 2.0 * value.standard_deviation };
            [low - margin, high + margin]
        });
        let columns = indices.map(|i| self.set.column(i));
        let stride = columns[0].len().div_ceil(MOST_DOTS).max(1);
        let all = columns[0].len() as f64;
        let dots = (0..columns[0].len()).step_by(stride).map(|j| {
            let radius = (1.8 * (self.aligned[j] * all).sqrt()).min(8.0);
            ([columns[0][j], columns[1][j]], radius)
        });
        let reach = if plane.possible {
            PlaneReach::Within {
                frontier: plane.frontier.clone(),
                bound: plane.frontier_bound.clone(),
                outline: plane.outline.clone(),
                stale: false,
            }
        } else {
            PlaneReach::Nothing
        };
        let targets = [0, 1].map(|k| {
            let value = &plane.values[k];
            let upper = value.upper.filter(|upper| value.lower != Some(*upper));
            (value.lower.into_iter().chain(upper).collect(), accent(self.accents[indices[k]]))
        });
        let chart = PlaneChart {
            axes,
            ticks: axes.map(|axis| even_ticks(axis).into_iter().map(|at| (at, level(at))).collect()),
            dots: dots.filter(|(_, radius)| *radius >= 0.25).collect(),
            reach,
            prices,
            targets,
            base: [plane.values[0].base, plane.values[1].base],
            aligned: Some([plane.values[0].attained, plane.values[1].attained]),
        };
        let [a, b] = plane.values.clone().map(|value| visible(&value.name).into_owned());
        let about = About {
            size: PLANE,
            ground: LIGHT.ground,
            title: &format!("{a} (across) and {b} (up): what both can be at once"),
            words: &plane_in_words(plane),
        };
        drawn(draw_svg(&about, |area, unit| draw_plane(area, &chart, &LIGHT, unit)))
    }
}

/// What the picture of the plane says.
pub(crate) fn plane_in_words(plane: &PlaneReport) -> String {
    let [a, b] = &plane.values;
    let most = |value: &palette_study::PlaneValue| value.max_reachable.map_or("nothing".into(), level);
    format!(
        "The base is at {} and {}, what comes out at {} and {}. With the target of the other held, {} can go up to {} \
            and {} up to {}. Hatched: proven that no mix of answers gives as much of both.",
        level(a.base),
        level(b.base),
        level(a.attained),
        level(b.attained),
        visible(&a.name),
        most(a),
        visible(&b.name),
        most(b)
    )
}

/// Lines of equal price in a plane, with their labels; none on a table so large that they take seconds.
pub(crate) fn price_lines(
    composer: &mut Composer,
    question: &Question,
    plane: &PlaneReport,
) -> Vec<PriceLine> {
    if composer.set().answers.len() > MOST_PRICED || !plane.possible {
        return Vec::new();
    }
    let names = plane.values.clone().map(|value| value.name);
    let Ok(prices) = composer.plane_prices(question, &names) else { return Vec::new() };
    let line = |contour: palette_study::PriceContour| PriceLine {
        label: format!("{} nats", contour.kl),
        pieces: contour.pieces,
    };
    prices.finish().contours.into_iter().map(line).collect()
}

/// The strips as a file of their own.
pub(crate) fn strips_alone(composer: &mut Composer, question: &Question) -> Result<String, String> {
    let solved = composer.solve(&question.palette, question.pooling)?;
    Shown::new(composer.set(), question, &solved)?.strips()
}

fn drawn<E: std::fmt::Display>(picture: Result<String, E>) -> Result<String, String> {
    picture.map_err(|error| format!("The picture could not be drawn ({error})."))
}
