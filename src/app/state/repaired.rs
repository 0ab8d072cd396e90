//! A palette with a repair's moves in it: of the same kinds of target, rounded to the side that is easier to
//! reach.

use crate::app::state::Outcome;
use crate::app::state::table::{Column, Table};
use palette_study::Moved;
use palette_tables::{Level, Palette, Target};

/// Both ends of a target, where it has them.
pub type Ends = (Option<f64>, Option<f64>);

/// Changes within this share of a level are rounding.
const SAME: f64 = 1e-9;

/// The palette of `outcome` with `moves` in it.
pub fn repaired(table: &Table, outcome: &Outcome, moves: &[Moved]) -> Palette {
    let mut palette = outcome.palette.clone();
    for moved in moves {
        let Some(value) = table.set.values.get(moved.value) else { continue };
        let now = match &moved.group {
            None => outcome.palette.target(&value.name),
            Some(group) => outcome.palette.on_group(group, &value.name).unwrap_or(Target::Off),
        };
        let Some(target) = eased(now, before(table, outcome, moved), after(table, outcome, moved)) else {
            continue;
        };
        match &moved.group {
            None => {
                palette.targets.insert(value.name.clone(), target);
            }
            Some(group) => palette.set_on_group(group, &value.name, target),
        }
    }
    palette
}

/// The ends that the moved target had.
pub fn before(table: &Table, outcome: &Outcome, moved: &Moved) -> Ends {
    match &moved.group {
        None => {
            let target = outcome.palette.target(&table.set.values[moved.value].name);
            let value = &outcome.report.values[moved.value];
            target.bounds(&table.columns[moved.value].rewards, value.base, value.standard_deviation)
        }
        Some(group) => {
            let value = &table.set.values[moved.value].name;
            let bound =
                outcome.report.groups.iter().find(|bound| bound.value == *value && bound.group == *group);
            bound.map_or((None, None), |bound| (bound.lower, bound.upper))
        }
    }
}

/// The ends that change, rounded; `None` for one that stays.
pub fn after(table: &Table, outcome: &Outcome, moved: &Moved) -> Ends {
    rounded(&table.columns[moved.value], before(table, outcome, moved), (moved.lower, moved.upper))
}

fn rounded(column: &Column, before: Ends, moved: Ends) -> Ends {
    let changed = |old: Option<f64>, new: Option<f64>| {
        new.filter(|new| old.is_none_or(|old| (new - old).abs() > SAME * (1.0 + old.abs())))
    };
    // A value that never varies is had at its one level alone.
    let varies = column.standard_deviation > 0.0;
    let down = |level: f64| if varies { column.rounded_down(level) } else { level };
    let up = |level: f64| if varies { column.rounded_up(level) } else { level };
    if moved.0 == moved.1
        && let (Some(old), Some(new)) = (before.0, changed(before.0, moved.0))
    {
        // An exact level moves as one, further the way it went.
        let to = Some(if new < old { down(new) } else { up(new) });
        return (to, to);
    }
    (changed(before.0, moved.0).map(down), changed(before.1, moved.1).map(up))
}

/// `target` with the ends that change.
fn eased(target: Target, before: Ends, after: Ends) -> Option<Target> {
    let at = |end: Option<f64>| end.map(Level::At);
    if after == (None, None) {
        return None;
    }
    Some(match target {
        Target::Off => return None,
        Target::AtLeast(_) => Target::AtLeast(at(after.0)?),
        Target::AtMost(_) => Target::AtMost(at(after.1)?),
        Target::Exactly(_) => Target::Exactly(at(after.0.or(after.1))?),
        Target::Between(low, high) => {
            let crossed =
                |low: Option<f64>, high: Option<f64>| low.zip(high).is_some_and(|(low, high)| low > high);
            let ends = (after.0.or(before.0), after.1.or(before.1));
            if crossed(ends.0, ends.1) {
                return None;
            }
            Target::Between(at(after.0).unwrap_or(low), at(after.1).unwrap_or(high))
        }
    })
}

/// A share in whole percent, rounded down: a palette just inside what is reachable.
pub fn whole_percent(share: f64) -> f64 {
    (100.0 * share - 1e-6).floor().max(0.0)
}

/// The palette with only `share` of the way from the base to it asked for.
pub fn scaled_back(table: &Table, outcome: &Outcome, share: f64) -> Palette {
    let mut palette = outcome.palette.clone();
    for (i, value) in outcome.report.values.iter().enumerate() {
        let target = outcome.palette.target(&table.set.values[i].name);
        let (base, column) = (value.base, &table.columns[i]);
        let before = target.bounds(&column.rewards, base, value.standard_deviation);
        let nearer = |level: f64| base + share * (level - base);
        // Only what asks for a way of its own: the rest holds at the base.
        let moved = (
            before.0.filter(|low| *low > base).map(nearer),
            before.1.filter(|high| *high < base).map(nearer),
        );
        let moved = if before.0 == before.1 { (moved.0.or(moved.1), moved.0.or(moved.1)) } else { moved };
        if let Some(target) = eased(target, before, rounded(column, before, moved)) {
            palette.targets.insert(table.set.values[i].name.clone(), target);
        }
    }
    palette
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::state::table::Origin;
    use palette_tables::{Answer, SampleSet, Value};

    fn column() -> Column {
        let set = SampleSet {
            name: String::new(),
            about: String::new(),
            values: vec![Value { name: "humor".into(), unit: String::new(), measured: String::new() }],
            prompts: vec![String::new()],
            answers: [0.0, 1.0, 1.5]
                .into_iter()
                .map(|reward| Answer::new(0, String::new(), vec![reward]))
                .collect(),
            prompt_weights: Vec::new(),
        };
        Table::new(1, Origin::Opened, set, Vec::new()).expect("a sound set").columns.remove(0)
    }

    fn moved(target: Target, before: Ends, to: Ends) -> Option<Target> {
        eased(target, before, rounded(&column(), before, to))
    }

    #[test]
    fn every_kind_of_target_moves_to_the_easier_side() {
        let at = Level::At;
        assert_eq!(
            moved(Target::MAINTAIN, (Some(1.0), None), (Some(0.71239), None)),
            Some(Target::AtLeast(at(0.712)))
        );
        assert_eq!(
            moved(Target::AtMost(at(0.2)), (None, Some(0.2)), (None, Some(0.71239))),
            Some(Target::AtMost(at(0.713)))
        );
        let exactly = Target::Exactly(at(1.0));
        assert_eq!(
            moved(exactly, (Some(1.0), Some(1.0)), (Some(0.71239), Some(0.71239))),
            Some(Target::Exactly(at(0.712)))
        );
        assert_eq!(
            moved(exactly, (Some(0.1), Some(0.1)), (Some(0.71239), Some(0.71239))),
            Some(Target::Exactly(at(0.713)))
        );
        let range = Target::Between(at(1.0), Level::Quantile(0.9));
        let lower = moved(range, (Some(1.0), Some(1.4)), (Some(0.71239), Some(1.4)));
        assert_eq!(lower, Some(Target::Between(at(0.712), Level::Quantile(0.9))));
        let upper = moved(
            Target::Between(Level::Maintain, at(0.2)),
            (Some(0.1), Some(0.2)),
            (Some(0.1), Some(0.71239)),
        );
        assert_eq!(upper, Some(Target::Between(Level::Maintain, at(0.713))));
    }

    #[test]
    fn what_stays_is_left_as_it_was_said() {
        assert_eq!(moved(Target::MAINTAIN, (Some(1.0), None), (Some(1.0 + 1e-13), None)), None);
        assert_eq!(moved(Target::Off, (None, None), (Some(1.0), None)), None);
    }
}
