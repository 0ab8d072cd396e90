//! A palette as the command line that solves it again, and names of files that every system takes.

use crate::spec::parse_constraint;
use crate::{Palette, SampleSet, Target};

/// `palette solve FILE -t … ` for a POSIX shell: the targets of `palette` on `set`, which lies in `file`.
///
/// # Errors
/// A sentence where a name cannot be said in a target.
pub fn solve_command(
    set: &SampleSet,
    palette: &Palette,
    per_prompt: bool,
    file: &str,
) -> Result<String, String> {
    // A name that begins like an option is none.
    let file = if file.starts_with('-') { format!("./{file}") } else { file.to_owned() };
    let mut words = vec!["palette".to_owned(), "solve".into(), quoted(&file)];
    words.extend(per_prompt.then(|| "--per-prompt".into()));
    for said in constraints(set, palette)? {
        words.extend(["-t".to_owned(), quoted(&said)]);
    }
    Ok(words.join(" "))
}

/// Every target of `palette` on `set` as the command line says it; what is off is left out.
///
/// # Errors
/// A sentence where a name cannot be said in a target.
pub fn constraints(set: &SampleSet, palette: &Palette) -> Result<Vec<String>, String> {
    let values = set.values.iter().map(|value| (value.name.as_str(), None, palette.target(&value.name)));
    let groups = set.groups();
    let on_groups = (palette.on_groups.iter())
        .filter(|at| set.value_index(&at.value).is_some() && groups.contains(&at.group))
        .map(|at| (at.value.as_str(), Some(at.group.as_str()), at.target));
    (values.chain(on_groups))
        .filter(|(_, _, target)| *target != Target::Off)
        .map(|(value, group, target)| constraint(set, value, group, target))
        .collect()
}

fn constraint(set: &SampleSet, value: &str, group: Option<&str>, target: Target) -> Result<String, String> {
    let name = group.map_or(value.to_owned(), |group| format!("{value}@{group}"));
    let said = match target {
        Target::Off => format!("{name} off"),
        Target::AtLeast(level) => format!("{name}>={level}"),
        Target::AtMost(level) => format!("{name}<={level}"),
        Target::Exactly(level) => format!("{name}={level}"),
        Target::Between(low, high) => format!("{name} in {low}..{high}"),
    };
    // As the command reads it: what stands before the operator is a value's whole name where one is called so.
    let meant = parse_constraint(&said).is_ok_and(|read| {
        let whole = set.value_index(&read.left).is_some();
        let (read_value, read_group) = if whole { (read.left, None) } else { (read.value, read.group) };
        same(read.target, target) && read_value == value && read_group.as_deref() == group
    });
    if meant {
        return Ok(said);
    }
    Err(format!(
        "The name “{name}” cannot be said in a target of the command. Rename that column or group in the table."
    ))
}

/// Levels in percent are read as the nearest share.
fn same(a: Target, b: Target) -> bool {
    a == b || a.to_string() == b.to_string()
}

/// A word as a POSIX shell takes it for itself, whatever it holds.
pub fn quoted(word: &str) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ',' | ':' | '+' | '%');
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A name of a file that every system takes.
pub fn file_name(name: &str, ending: &str) -> String {
    /// Longest name in characters.
    const LONGEST: usize = 60;
    let safe: String =
        name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(LONGEST).collect();
    let words: Vec<&str> = safe.split('-').filter(|word| !word.is_empty()).collect();
    format!("{}.{ending}", if words.is_empty() { "sample-set".to_owned() } else { words.join("-") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answer, Level, Value};

    fn set(names: &[&str]) -> SampleSet {
        let value =
            |name: &&str| Value { name: (*name).into(), unit: String::new(), measured: String::new() };
        let answer = |group: &str| Answer {
            group: group.into(),
            ..Answer::new(0, String::new(), vec![0.0; names.len()])
        };
        SampleSet {
            name: "s".into(),
            about: String::new(),
            values: names.iter().map(value).collect(),
            prompts: vec![String::new()],
            answers: vec![answer("it's"), answer("")],
            prompt_weights: Vec::new(),
        }
    }

    fn all(names: &[&str], target: Target) -> Palette {
        Palette {
            targets: names.iter().map(|name| ((*name).to_owned(), target)).collect(),
            on_groups: Vec::new(),
        }
    }

    #[test]
    fn every_kind_of_target_is_said_and_read_again() {
        let names = ["humor", "a = b", "x in y", "p@q", "wit; rm -rf /", "$(whoami)`'\"\\"];
        let set = set(&names);
        let levels = [
            Level::At(-0.1 - 0.2),
            Level::At(1.234),
            Level::At(1e-7),
            Level::At(1e21),
            Level::Base(0.3),
            Level::Base(0.0),
            Level::BaseSd(-0.5),
            Level::Quantile(0.07),
            Level::PlainQuantile(0.625),
            Level::Maintain,
            Level::LogGain(0.25),
        ];
        for level in levels {
            let range = Target::Between(level, level);
            for target in [Target::AtLeast(level), Target::AtMost(level), Target::Exactly(level), range] {
                let mut palette = all(&names, target);
                palette.set_on_group("it's", "humor", target);
                let said = constraints(&set, &palette).unwrap_or_else(|error| panic!("{target:?}: {error}"));
                assert_eq!(said.len(), names.len() + 1, "{said:?}");
                for (said, name) in said.iter().zip(&names) {
                    let read = parse_constraint(said).expect("it is read again");
                    assert_eq!((read.left.as_str(), read.target), (*name, target), "{said}");
                }
            }
        }
    }

    #[test]
    fn what_is_off_is_left_out_and_the_shell_keeps_its_hands_off() {
        let set = set(&["wit", "it's"]);
        let palette = Palette {
            targets: [("wit".into(), Target::Off), ("it's".into(), Target::MAINTAIN)].into(),
            on_groups: Vec::new(),
        };
        assert_eq!(
            solve_command(&set, &palette, true, "-my set.json"),
            Ok(r"palette solve './-my set.json' --per-prompt -t 'it'\''s>=keep'".into())
        );
    }

    #[test]
    fn a_name_that_cannot_be_said_is_refused() {
        for name in [" blank", "humor "] {
            let error =
                constraints(&set(&[name]), &all(&[name], Target::MAINTAIN)).expect_err("it would be lost");
            assert!(error.contains(name) && error.ends_with('.'), "{error}");
        }
    }

    #[test]
    fn file_names_are_plain() {
        assert_eq!(file_name("Mine; all/of: it", "csv"), "Mine-all-of-it.csv");
        assert_eq!(file_name("“?”", "csv"), "sample-set.csv");
    }
}
