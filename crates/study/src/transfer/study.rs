//! Solving on every group, and what each λ does on every other.

use super::fates::judge;
use super::groups::{Groups, groups};
use super::report::{Fate, Transfer, TransferGroup, TransferTarget, Transferred};
use super::words::seen;
use crate::interval::{Estimate, student, weighted_error};
use crate::prepared::PreparedTable;
use crate::resolved::ResolvedPalette;
use crate::studies::Progress;
use crate::{Pooling, Verdict};
use map_align::{Assessment, Bounds, Problem, Ranges, VertexPool, assess, levels_by_group, tilt};
use ndarray::Array2;
use palette_tables::{Palette, SampleSet};

/// A group made ready.
struct Ready {
    name: String,
    problem: Problem,
    bounds: Vec<Bounds>,
    relative: Vec<bool>,
    found: Assessment,
    /// Level of each column on each prompt at the base.
    base: Array2<f64>,
}

impl Ready {
    fn new(set: &SampleSet, palette: &Palette) -> Result<Self, String> {
        let of = |error: String| format!("{}: {error}", set.name);
        let table = PreparedTable::new(set, Pooling::PerPrompt).map_err(|error| of(error.to_string()))?;
        let ResolvedPalette { bounds, relative, .. } =
            ResolvedPalette::new(&table, set, palette).map_err(of)?;
        let problem = table.problem;
        let found = assess(&problem, &mut VertexPool::default(), &bounds, None, Ranges::None);
        let base = levels_by_group(&problem, None);
        Ok(Ready { name: set.name.clone(), problem, bounds, relative, found, base })
    }

    fn reachable(&self) -> bool {
        self.found.verdict == Verdict::Reachable
    }

    /// For value `i`, one number for each prompt under `weights`: its level, and its lift above the base.
    fn by_prompt(&self, weights: &[f64], i: usize) -> [Vec<f64>; 2] {
        let levels = levels_by_group(&self.problem, Some(weights));
        let level: Vec<f64> = levels.column(i).to_vec();
        let lift = level.iter().zip(self.base.column(i)).map(|(level, base)| level - base).collect();
        [level, lift]
    }

    /// Mean over the prompts.
    fn over_prompts(&self, x: &[f64]) -> Estimate {
        Estimate::weighted(x, self.problem.group_weights())
    }
}

impl Transfer {
    /// All of a [`TransferStudy`] in one call.
    ///
    /// # Errors
    /// As for [`TransferStudy::new`] and its steps.
    pub fn new(
        set: &SampleSet,
        beside: Option<&SampleSet>,
        palette: &Palette,
        k: Option<usize>,
    ) -> Result<Self, String> {
        let mut study = TransferStudy::new(set, beside, palette, k)?;
        while !study.progress().is_done() {
            study.step()?;
        }
        Ok(study.report())
    }
}

/// A [`Transfer`] at work: one group a step.
pub struct TransferStudy {
    k: usize,
    palette: Palette,
    names: Vec<String>,
    /// The groups that are still to be solved, the next one last.
    waiting: Vec<SampleSet>,
    ready: Vec<Ready>,
    notes: Vec<String>,
}

impl TransferStudy {
    /// `palette` on the groups of `set` (on all of it as one group where it has none) and on those of `beside`,
    /// choosing one of the first `k` answers to each prompt; of as many as every prompt has without a `k`. What counts
    /// from the base counts from that of each group.
    ///
    /// # Errors
    /// A sentence when there are fewer than two groups.
    pub fn new(
        set: &SampleSet,
        beside: Option<&SampleSet>,
        palette: &Palette,
        k: Option<usize>,
    ) -> Result<Self, String> {
        let (Groups { sets: mut waiting, mut notes }, k) = groups(set, beside, k)?;
        let mut palette = palette.clone();
        if !palette.on_groups.is_empty() {
            palette.on_groups.clear();
            notes.push("Targets on one group are left out: the same is asked of every group here.".into());
        }
        let names = waiting
            .first()
            .map_or_else(Vec::new, |set| set.values.iter().map(|value| value.name.clone()).collect());
        waiting.reverse();
        Ok(TransferStudy { k, palette, names, waiting, ready: Vec::new(), notes })
    }

    /// Groups that are solved, of all.
    pub fn progress(&self) -> Progress {
        Progress { done: self.ready.len(), total: self.ready.len() + self.waiting.len() }
    }

    /// Solves on one more group.
    ///
    /// # Errors
    /// A sentence when the palette makes no sense on it, or asks for nothing.
    pub fn step(&mut self) -> Result<(), String> {
        let Some(set) = self.waiting.pop() else { return Ok(()) };
        let ready = Ready::new(&set, &self.palette)?;
        if ready.bounds.iter().all(Bounds::is_off) {
            return Err("The palette asks for nothing. Set a target first.".into());
        }
        self.ready.push(ready);
        Ok(())
    }

    /// What each λ does on every group that is solved.
    pub fn report(self) -> Transfer {
        let mut pairs = Vec::new();
        for (from, home) in self.ready.iter().enumerate().filter(|(_, home)| home.reachable()) {
            for (to, away) in self.ready.iter().enumerate() {
                pairs.push(carried([from, to], home, away, &self.names));
            }
        }
        judge(&mut pairs, &self.ready.iter().map(|ready| ready.problem.group_count()).collect::<Vec<_>>());
        let groups = self.ready.iter().map(alone).collect();
        let mut transfer = Transfer { k: self.k, groups, pairs, sentences: Vec::new(), notes: self.notes };
        transfer.sentences = seen(&transfer);
        transfer
    }
}

fn alone(ready: &Ready) -> TransferGroup {
    let solution = ready.reachable().then_some(&ready.found.solution);
    TransferGroup {
        name: ready.name.clone(),
        prompts: ready.problem.group_count(),
        verdict: ready.found.verdict,
        kl: solution.map(|s| s.kl),
        lambda: solution.map(|s| s.lambda.clone()),
        base: ready.base.columns().into_iter().map(|x| ready.over_prompts(&x.to_vec())).collect(),
    }
}

fn carried([from, to]: [usize; 2], home: &Ready, away: &Ready, names: &[String]) -> Transferred {
    let solution = &home.found.solution;
    let there = tilt(&away.problem, &solution.lambda);
    let value = |(i, name): (usize, &String)| -> TransferTarget {
        let Bounds { lower, upper } = away.bounds[i];
        let [levels, lifts] = away.by_prompt(&there.weights, i);
        let (level, lift) = (away.over_prompts(&levels), away.over_prompts(&lifts));
        let base = level.mean - lift.mean;
        let rooms = [lower.map(|c| level.mean - c), upper.map(|c| c - level.mean)];
        let room = rooms.into_iter().flatten().reduce(f64::min);
        // What the level (or lift) varies by: over these prompts, and over those that λ was made of.
        let which = usize::from(away.relative[i]);
        let here = [&levels, &lifts].map(|x| error(away, x))[which];
        let made = error(home, &home.by_prompt(&solution.weights, i)[which]);
        let fewest = home.problem.group_count().min(away.problem.group_count());
        let half = (from != to).then(|| student(0.975, fewest - 1) * here.hypot(made));
        let asked =
            lower.map(|c| c - base).filter(|asked| *asked > 1e-9 * away.problem.standard_deviation(i));
        TransferTarget {
            name: name.clone(),
            lower,
            upper,
            level,
            lift,
            room,
            interval: room.zip(half).map(|(room, half)| [room - half, room + half]),
            share: asked.map(|asked| lift.mean / asked),
            share_interval: asked
                .zip(half)
                .map(|(asked, half)| [(lift.mean - half) / asked, (lift.mean + half) / asked]),
            // Told once all are known.
            fate: match room {
                None => Fate::NoTarget,
                Some(_) if from == to => Fate::Home,
                Some(_) => Fate::Kept,
            },
        }
    };
    Transferred { from, to, kl: there.kl, values: names.iter().enumerate().map(value).collect() }
}

/// Standard error of the mean of `x` over the prompts of `ready`.
fn error(ready: &Ready, x: &[f64]) -> f64 {
    weighted_error(x, ready.problem.group_weights())
}
