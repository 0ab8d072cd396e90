//! The measuring: one repetition on one size a step.

use super::growth::median;
use super::report::ScalingReport;
use super::{Instruments, ScalingQuestion, ScalingRow, Size, synthetic};
use crate::Pooling;
use crate::compose::Composer;
use crate::studies::Progress;
use palette_tables::{Level, Palette, SampleSet, Target};
use std::sync::Arc;

/// Standard deviations above base that every value is asked for, and that the first is moved by.
const ASKED: f64 = 0.3;
const MOVE: f64 = 0.01;
/// A repetition goes on for so many seconds, or so many times: clocks in browsers are coarse. Not for longer:
/// where other programs have their turns in most repetitions, the median has them too.
const LONG_ENOUGH: f64 = 0.0025;
const MOST_TIMES: usize = 40;
/// The smallest table is worked on for so many seconds before anything is measured: browsers translate code
/// again once it has run a while.
const WARM_UP: f64 = 0.5;
const MOST_WARM_UPS: usize = 1000;
/// Moves after each first verdict.
const MOVES: usize = 4;

/// Sizes, measured one repetition after another.
pub struct ScalingStudy {
    question: ScalingQuestion,
    instruments: Instruments,
    /// Last first.
    left: Vec<Size>,
    /// The table of the size at hand, and what was measured on it.
    at_hand: Option<(Arc<SampleSet>, Vec<Times>)>,
    done: Vec<ScalingRow>,
    /// Bytes before anything was made.
    before: Option<u64>,
    steps: Progress,
}

/// Seconds of one repetition.
struct Times {
    prepare: f64,
    first: f64,
    small_move: f64,
}

impl ScalingStudy {
    /// # Errors
    /// A sentence when a size makes no sense.
    pub fn new(question: ScalingQuestion, instruments: Instruments) -> Result<Self, String> {
        let mut left = question.sizes()?;
        left.reverse();
        let steps = Progress { done: 0, total: left.len() * question.repetitions };
        let before = (instruments.memory)();
        Ok(ScalingStudy { question, instruments, left, at_hand: None, done: Vec::new(), before, steps })
    }

    /// Repetitions done.
    pub fn progress(&self) -> Progress {
        self.steps
    }

    /// Measures once more; nothing when all is measured.
    ///
    /// # Errors
    /// A sentence when a table cannot be solved.
    pub fn step(&mut self) -> Result<(), String> {
        let Some(size) = self.left.last().copied() else { return Ok(()) };
        let (set, mut times) = match self.at_hand.take() {
            Some(at_hand) => at_hand,
            None => (Arc::new(synthetic::table(size, self.question.seed)), Vec::new()),
        };
        let (asked, moved) = (palette(&set, ASKED), palette(&set, ASKED + MOVE));
        if self.steps.done == 0 {
            let begun = (self.instruments.seconds)();
            let mut rounds = 0;
            while (self.instruments.seconds)() - begun < WARM_UP && rounds < MOST_WARM_UPS {
                repeat(&set, &asked, &moved, self.instruments)?;
                rounds += 1;
            }
        }
        let (measured, solved) = repeat(&set, &asked, &moved, self.instruments)?;
        times.push(measured);
        self.steps.done += 1;
        if times.len() < self.question.repetitions {
            self.at_hand = Some((set, times));
            return Ok(());
        }
        self.left.pop();
        let memory = (self.instruments.memory)().zip(self.before);
        self.done.push(ScalingRow {
            size,
            prepare: median(times.iter().map(|times| times.prepare)),
            first: median(times.iter().map(|times| times.first)),
            small_move: median(times.iter().map(|times| times.small_move)),
            memory: memory.map(|(now, before)| now.saturating_sub(before)),
            verdict: solved.report.verdict,
            kl: solved.report.kl,
            lambda: solved.report.values.iter().map(|value| value.lambda).collect(),
        });
        Ok(())
    }

    /// What was found, of the sizes that are done.
    pub fn report(self) -> ScalingReport {
        ScalingReport::new(&self.question, self.done)
    }
}

/// Every value so many standard deviations above base, the first as given.
fn palette(set: &SampleSet, first: f64) -> Palette {
    let mut palette = Palette::default();
    for (i, value) in set.values.iter().enumerate() {
        let level = if i == 0 { first } else { ASKED };
        palette.targets.insert(value.name.clone(), Target::AtLeast(Level::BaseSd(level)));
    }
    palette
}

/// Prepares, solves and moves until that has taken long enough; what it takes once.
fn repeat(
    set: &Arc<SampleSet>,
    asked: &Palette,
    moved: &Palette,
    instruments: Instruments,
) -> Result<(Times, crate::Solved), String> {
    let pooling = Pooling::PerPrompt;
    let now = instruments.seconds;
    let begun = now();
    let mut times = Times { prepare: 0.0, first: 0.0, small_move: 0.0 };
    let mut count = 0;
    loop {
        let at = now();
        let mut composer = Composer::prepared(set.clone(), pooling).map_err(|error| error.to_string())?;
        let prepared = now();
        let solved = composer.solve(asked, pooling)?;
        let first = now();
        for turn in 0..MOVES {
            composer.solve(if turn % 2 == 0 { moved } else { asked }, pooling)?;
        }
        let end = now();
        count += 1;
        times.prepare += prepared - at;
        times.first += first - prepared;
        times.small_move += (end - first) / MOVES as f64;
        if end - begun >= LONG_ENOUGH || count >= MOST_TIMES {
            let once = |total: f64| total / count as f64;
            let times = Times {
                prepare: once(times.prepare),
                first: once(times.first),
                small_move: once(times.small_move),
            };
            return Ok((times, solved));
        }
    }
}
