//! Targets on groups of prompts, where the new prompts have no such group.

use palette_tables::{Palette, Target};

/// `palette` with those targets on groups that prompts of `groups` can be judged by, and for each group that there
/// is none of a sentence that says so.
pub fn targets_on(palette: &Palette, groups: &[String]) -> (Palette, Vec<String>) {
    let (known, missing): (Vec<_>, Vec<_>) =
        palette.on_groups.iter().cloned().partition(|target| groups.contains(&target.group));
    let mut names: Vec<(&str, Vec<&str>)> = Vec::new();
    for target in missing.iter().filter(|target| target.target != Target::Off) {
        match names.iter_mut().find(|(group, _)| *group == target.group) {
            Some((_, values)) => values.push(&target.value),
            None => names.push((&target.group, vec![&target.value])),
        }
    }
    let said = names.iter().map(|(group, values)| {
        format!(
            "None of the new prompts is of the group {group}, so the target of {} on {group} is left aside and the \
                rest judged: to judge it too, take prompts whose group (a column of that name in the file of \
                prompts, or the built-in topic) is {group}.",
            values.join(" and ")
        )
    });
    let said = said.collect();
    (Palette { on_groups: known, ..palette.clone() }, said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_judged_is_named_and_the_rest_stays() {
        let mut palette = Palette::default();
        palette.set_on_group("teens", "humor", Target::MAINTAIN);
        palette.set_on_group("adults", "humor", Target::MAINTAIN);
        palette.set_on_group("adults", "tact", Target::MAINTAIN);
        palette.set_on_group("nobody", "tact", Target::Off);
        let (known, said) = targets_on(&palette, &["teens".into()]);
        assert_eq!(known.on_groups.len(), 1);
        assert_eq!(known.on_group("teens", "humor"), Some(Target::MAINTAIN));
        assert_eq!(said.len(), 1);
        assert!(said[0].contains("humor and tact on adults") && said[0].ends_with('.'), "{}", said[0]);
    }
}
