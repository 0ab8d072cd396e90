//! How a person says a target, and the levels that it means on a given table.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::quantile::quantile;

/// How a level is said.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Level {
    /// This level, in the value's own unit.
    At(f64),
    /// The base mean and so much more; less where it is negative.
    Base(f64),
    /// The base mean and so many base standard deviations more.
    BaseSd(f64),
    /// The larger of the base mean and the `q`-quantile of the base rewards (the MAP paper's HHH-80% is
    /// `0.8`), `0 ≤ q ≤ 1`.
    Quantile(f64),
    /// The `q`-quantile of the base rewards itself, even where it lies below the mean.
    PlainQuantile(f64),
    /// The base mean.
    Maintain,
    /// The base mean and ln(1 + κ) more, `κ > -1`: for a log-probability, a factor of 1 + κ in the
    /// probability.
    LogGain(f64),
}

impl Level {
    /// The level in the value's own unit, for the base rewards `column` with base mean `mean` and base standard
    /// deviation `sd`. (They are given because prompts with different numbers of answers weigh alike when solved
    /// per prompt.)
    pub fn on(self, column: &[f64], mean: f64, sd: f64) -> f64 {
        match self {
            Level::At(c) => c,
            Level::Base(delta) => mean + delta,
            Level::BaseSd(share) => mean + share * sd,
            Level::Quantile(q) => quantile(column, q).max(mean),
            Level::PlainQuantile(q) => quantile(column, q),
            Level::Maintain => mean,
            Level::LogGain(kappa) => mean + kappa.ln_1p(),
        }
    }

    /// Whether the level is said from the base mean: on other prompts it is so much above what those give
    /// anyway.
    pub fn is_relative(self) -> bool {
        matches!(self, Level::Base(_) | Level::BaseSd(_) | Level::Maintain | Level::LogGain(_))
    }
}

/// A target for one value: where its realised level must lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// Not constrained.
    Off,
    AtLeast(Level),
    AtMost(Level),
    Exactly(Level),
    /// From the first to the second, both included.
    Between(Level, Level),
}

impl Target {
    /// At least the base mean: what a value has that nobody set.
    pub const MAINTAIN: Target = Target::AtLeast(Level::Maintain);

    /// The lowest and the highest level that the target allows, on the base rewards `column` with base mean
    /// `mean` and base standard deviation `sd`; equal for `Exactly`.
    pub fn bounds(self, column: &[f64], mean: f64, sd: f64) -> (Option<f64>, Option<f64>) {
        let [low, high] = self.levels().map(|level| level.map(|level| level.on(column, mean, sd)));
        (low, high)
    }

    /// How the lowest and the highest level are said.
    pub fn levels(self) -> [Option<Level>; 2] {
        match self {
            Target::Off => [None, None],
            Target::AtLeast(level) => [Some(level), None],
            Target::AtMost(level) => [None, Some(level)],
            Target::Exactly(level) => [Some(level), Some(level)],
            Target::Between(low, high) => [Some(low), Some(high)],
        }
    }
}

/// A target that holds on the answers of one group of prompts only, beside the overall one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupTarget {
    pub group: String,
    /// Name of the value.
    pub value: String,
    pub target: Target,
}

/// A palette: a target for each value by name. A value that is not named is maintained.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Palette {
    pub targets: BTreeMap<String, Target>,
    /// In the order of group and value, at most one for each pair: [`Palette::set_on_group`] keeps it so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_groups: Vec<GroupTarget>,
}

impl Palette {
    /// The target of the value called `name`.
    pub fn target(&self, name: &str) -> Target {
        self.targets.get(name).copied().unwrap_or(Target::MAINTAIN)
    }

    /// The target of `value` on `group`, where there is one.
    pub fn on_group(&self, group: &str, value: &str) -> Option<Target> {
        self.place(group, value).ok().map(|at| self.on_groups[at].target)
    }

    /// Sets the target of `value` on `group`, in the place of one that it had there.
    pub fn set_on_group(&mut self, group: &str, value: &str, target: Target) {
        match self.place(group, value) {
            Ok(at) => self.on_groups[at].target = target,
            Err(at) => {
                self.on_groups.insert(at, GroupTarget { group: group.into(), value: value.into(), target });
            }
        }
    }

    /// Takes the target of `value` on `group` away.
    pub fn remove_on_group(&mut self, group: &str, value: &str) {
        if let Ok(at) = self.place(group, value) {
            self.on_groups.remove(at);
        }
    }

    /// Takes the targets on groups of `other` over.
    pub fn extend_on_groups(&mut self, other: Vec<GroupTarget>) {
        for GroupTarget { group, value, target } in other {
            self.set_on_group(&group, &value, target);
        }
    }

    fn place(&self, group: &str, value: &str) -> Result<usize, usize> {
        self.on_groups.binary_search_by(|t| (t.group.as_str(), t.value.as_str()).cmp(&(group, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_say_a_level_means_what_it_says() {
        let column = [0.0, 0.0, 0.0, 10.0];
        let on = |level: Level| level.on(&column, 2.5, 4.0);
        assert_eq!(on(Level::At(-3.0)), -3.0);
        assert_eq!(on(Level::Base(-0.5)), 2.0);
        assert_eq!(on(Level::BaseSd(0.25)), 3.5);
        assert_eq!(on(Level::Quantile(0.5)), 2.5);
        assert_eq!(on(Level::PlainQuantile(0.5)), 0.0);
        assert_eq!(on(Level::Quantile(1.0)), 10.0);
        assert_eq!(on(Level::Maintain), 2.5);
        assert!((on(Level::LogGain(0.25)) - 2.5 - 1.25f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn bounds_of_every_target() {
        let of = |target: Target| target.bounds(&[1.0, 3.0], 2.0, 1.0);
        assert_eq!(of(Target::Off), (None, None));
        assert_eq!(of(Target::MAINTAIN), (Some(2.0), None));
        assert_eq!(of(Target::AtMost(Level::Base(0.5))), (None, Some(2.5)));
        assert_eq!(of(Target::Exactly(Level::PlainQuantile(0.25))), (Some(1.5), Some(1.5)));
        assert_eq!(of(Target::Between(Level::Base(-1.0), Level::At(7.0))), (Some(1.0), Some(7.0)));
    }

    #[test]
    fn targets_on_groups_stay_in_order_and_unique() {
        let mut palette = Palette::default();
        assert_eq!(palette.target("humor"), Target::MAINTAIN);
        palette.set_on_group("b", "humor", Target::Off);
        palette.set_on_group("a", "wit", Target::Off);
        palette.set_on_group("a", "humor", Target::Off);
        palette.set_on_group("b", "humor", Target::MAINTAIN);
        let order: Vec<_> = palette.on_groups.iter().map(|t| (t.group.as_str(), t.value.as_str())).collect();
        assert_eq!(order, [("a", "humor"), ("a", "wit"), ("b", "humor")]);
        assert_eq!(palette.on_group("b", "humor"), Some(Target::MAINTAIN));
        palette.remove_on_group("a", "wit");
        assert_eq!((palette.on_groups.len(), palette.on_group("a", "wit")), (2, None));
    }
}
