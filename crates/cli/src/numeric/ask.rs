//! The arguments that the numerical jobs share: a table, a palette, and how answers compete.

use super::input::{BadInput, read};
use super::parquet::import_any;
use clap::Args;
use palette_study::compose::Composer;
use palette_study::{Pooling, Question};
use palette_tables::import::ImportOptions;
use palette_tables::spec::parse_constraint;
use palette_tables::{Palette, SampleSet, Target};
use std::path::PathBuf;

#[derive(Args, Clone)]
pub(super) struct TableArguments {
    /// Reward table: CSV, JSON in the forms that tables have, or JSON Lines, one row per answer; `-` reads
    /// standard input.
    ///
    /// Every numeric column is a value, but for row numbers and ids that no target names. `prompt`, `answer`
    /// (or `generated`), `group`, `weight` and `prompt_weight` describe the row.
    pub table: PathBuf,

    /// Let answers compete only with answers to the same prompt. Without it all answers are one group (a
    /// lower bound on the price).
    #[arg(long)]
    pub per_prompt: bool,

    /// Column that names each row's group, for targets such as `harmless@medical>=q80`. Where no target names
    /// a group, answers compete within it under --per-prompt.
    #[arg(long, value_name = "COLUMN")]
    pub group: Option<String>,
}

#[derive(Args)]
pub(super) struct TargetArguments {
    /// A target: `VALUE>=SPEC`, `VALUE<=SPEC`, `VALUE=SPEC` or `VALUE in SPEC..SPEC`, on one group
    /// `VALUE@GROUP>=SPEC`. May be given many times; values without a target are not constrained.
    ///
    /// SPEC is a level (`0.4`, `-1.2`), `base+0.3` or `base-0.3` (from the base mean), `base+0.5sd` (in standard
    /// deviations), `q80` (the larger of
    /// the base mean and the 80% quantile), `quantile80` (the quantile itself), `keep` (the base mean), or
    /// `log+0.25` (base mean + ln 1.25, for log-probabilities).
    #[arg(short, long = "target", value_name = "TARGET", allow_hyphen_values = true)]
    pub targets: Vec<String>,
}

impl TargetArguments {
    /// Whether some target names a group of prompts.
    pub(super) fn name_groups(&self) -> bool {
        let left =
            |t: &String| t.split(['<', '>', '=', '≥', '≤']).next().is_some_and(|left| left.contains('@'));
        self.targets.iter().any(left)
    }
}

/// A table and targets.
#[derive(Args)]
pub(super) struct AskTargets {
    #[command(flatten)]
    pub table: TableArguments,
    #[command(flatten)]
    pub targets: TargetArguments,
}

/// A table, targets, and the form of the answer.
#[derive(Args)]
pub(super) struct AskArguments {
    #[command(flatten)]
    pub asked: AskTargets,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

impl std::ops::Deref for AskArguments {
    type Target = AskTargets;

    fn deref(&self) -> &AskTargets {
        &self.asked
    }
}

impl AskTargets {
    /// Reads the table and the targets.
    pub(super) fn ask(&self) -> Result<Asked, BadInput> {
        self.ask_naming(&[])
    }

    /// Like [`AskTargets::ask`]; `more` are names of values that something else than a target mentions.
    pub(super) fn ask_naming(&self, more: &[String]) -> Result<Asked, BadInput> {
        let chosen = [named_values(&self.targets.targets), more.to_vec()].concat();
        let opened = self.table.open(self.targets.name_groups(), &chosen)?;
        let palette = palette(&opened.set, &self.targets.targets)?;
        let question = Question { palette, pooling: opened.pooling };
        let (composer, notes) = opened.composer()?;
        Ok(Asked { composer, question, notes })
    }
}

/// A palette on a table.
pub(super) struct Asked {
    pub composer: Composer,
    pub question: Question,
    /// What the reader of the table had to say.
    pub notes: Vec<String>,
}

/// A table that was read.
pub(super) struct Opened {
    pub set: SampleSet,
    pub pooling: Pooling,
    pub notes: Vec<String>,
}

impl TableArguments {
    /// Reads the table. `groups_named` says whether some target names a group, `chosen` are the names that
    /// targets may mean.
    pub(super) fn open(&self, groups_named: bool, chosen: &[String]) -> Result<Opened, BadInput> {
        let (name, bytes) = read(&self.table)?;
        let options =
            ImportOptions { group: self.group.clone(), chosen: chosen.to_vec(), ..ImportOptions::default() };
        let imported = import_any(&name, &bytes, &options)?;
        drop(bytes);
        let (mut set, mut notes) = (imported.set, imported.notes);
        if self.group.is_some() && !groups_named {
            if self.per_prompt {
                compete_within_groups(&mut set);
            } else {
                notes.push(
                    "--group is not used: no target names a group, and all answers are one group \
                    without --per-prompt."
                        .into(),
                );
            }
        }
        let pooling = if self.per_prompt { Pooling::PerPrompt } else { Pooling::Pooled };
        if self.per_prompt && set.prompts.len() == 1 && set.answers.len() > 1 {
            notes.push("The table names no prompts, so all answers are one group.".into());
        }
        Ok(Opened { set, pooling, notes })
    }
}

/// The names that targets may mean: a value's name may hold an `@`.
pub(super) fn named_values(targets: &[String]) -> Vec<String> {
    let read = targets.iter().filter_map(|text| parse_constraint(text).ok());
    read.flat_map(|constraint| [constraint.left, constraint.value]).collect()
}

/// Makes every group of prompts one prompt.
fn compete_within_groups(set: &mut SampleSet) {
    let mut groups: Vec<String> = Vec::new();
    let mut place = std::collections::HashMap::new();
    for answer in &mut set.answers {
        answer.prompt = *place.entry(answer.group.clone()).or_insert_with(|| {
            groups.push(answer.group.clone());
            groups.len() - 1
        });
    }
    set.prompts = groups;
    set.prompt_weights.clear();
    set.answers.sort_by_key(|a| a.prompt);
}

impl Opened {
    /// The table ready to be composed on, and what its reader had to say.
    pub(super) fn composer(self) -> Result<(Composer, Vec<String>), BadInput> {
        let composer = Composer::prepared(self.set, self.pooling).map_err(|e| BadInput(e.to_string()))?;
        Ok((composer, self.notes))
    }
}

/// Index of the value called `name` in the table; blanks and line breaks within names are alike.
pub(super) fn index(set: &SampleSet, name: &str) -> Result<usize, BadInput> {
    let alike = || {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let asked = words(name);
        let mut found = (0..set.values.len()).filter(|i| words(&set.values[*i].name) == asked);
        found.next().filter(|_| found.next().is_none())
    };
    set.value_index(name).or_else(alike).ok_or_else(|| {
        let names: Vec<&str> = set.values.iter().map(|v| v.name.as_str()).collect();
        BadInput(format!("The table has no value called “{name}”. Its values are {}.", names.join(", ")))
    })
}

/// Two names as the table has them; what is no value of it, such as `VALUE@GROUP`, stays as it was written.
pub(super) fn two_names(set: &SampleSet, option: &str, names: &[String]) -> Result<[String; 2], BadInput> {
    let name = |name: &String| {
        index(set, name.trim()).map_or_else(|_| name.trim().to_owned(), |i| set.values[i].name.clone())
    };
    match names {
        [a, b] => Ok([name(a), name(b)]),
        _ => {
            Err(BadInput(format!("{option} takes two names with a comma between them, e.g. humor,harmless.")))
        }
    }
}

/// The palette of command-line targets; values that none names are off.
pub(super) fn palette(set: &SampleSet, texts: &[String]) -> Result<Palette, BadInput> {
    let mut palette = all_off(set);
    let mut overall: std::collections::HashMap<String, Target> = Default::default();
    for text in texts {
        let constraint = parse_constraint(text)?;
        // A value may have an @ in its own name.
        let (name, group) = if index(set, &constraint.left).is_ok() {
            (constraint.left.clone(), None)
        } else {
            (constraint.value.clone(), constraint.group.clone())
        };
        let name = set.values[index(set, &name)?].name.clone();
        match group {
            None => {
                let merged = merge(&name, overall.get(&name).copied(), constraint.target)?;
                overall.insert(name.clone(), merged);
                palette.targets.insert(name, merged);
            }
            Some(group) => {
                let groups = set.groups();
                if !groups.contains(&group) {
                    return Err(BadInput(if groups.is_empty() {
                        format!(
                            "“{text}” names the group {group}, but the table has no groups. Name the column \
                                that holds them with --group."
                        )
                    } else {
                        format!(
                            "“{text}” names the group {group}, which the table does not have. Its groups are \
                                {}.",
                            groups.join(", ")
                        )
                    }));
                }
                let merged =
                    merge(&format!("{name} on {group}"), palette.on_group(&group, &name), constraint.target)?;
                palette.set_on_group(&group, &name, merged);
            }
        }
    }
    Ok(palette)
}

/// A palette that constrains nothing.
pub(super) fn all_off(set: &SampleSet) -> Palette {
    Palette {
        targets: set.values.iter().map(|v| (v.name.clone(), Target::Off)).collect(),
        ..Palette::default()
    }
}

/// Two targets of one value: a lower and an upper bound make a range, anything else is a mistake.
fn merge(name: &str, before: Option<Target>, new: Target) -> Result<Target, BadInput> {
    match (before, new) {
        (None | Some(Target::Off), new) => Ok(new),
        (Some(Target::AtLeast(a)), Target::AtMost(b)) | (Some(Target::AtMost(b)), Target::AtLeast(a)) => {
            Ok(Target::Between(a, b))
        }
        (Some(before), new) => Err(BadInput(format!(
            "{name} has two targets: {before} and {new}. Keep one, or a lower and an upper bound."
        ))),
    }
}
