//! The solution as JSON: the report that `palette solve --json` prints, with what it is about.

use crate::VERSION;
use palette_study::away::Taken;
use palette_study::compose::Composer;
use palette_study::{Question, Repair, RepairReport, Report, Verdict};
use palette_tables::command::{constraints, file_name, solve_command};
use palette_tables::{SampleSet, visible};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// What a file is about.
#[derive(Debug, Serialize)]
pub(crate) struct Provenance {
    /// Program and version.
    pub(crate) made_by: String,
    pub(crate) date: String,
    pub(crate) link: Option<String>,
    pub(crate) set: SetAbout,
    /// Every target, as the command line says it; `None` with `command_missing`.
    pub(crate) palette: Option<Vec<String>>,
    /// A command line that solves the same again on the set saved as JSON.
    pub(crate) command: Option<String>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command_missing: Option<String>,
}

/// A sample set, so that it can be told from any other.
#[derive(Debug, Serialize)]
pub(crate) struct SetAbout {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) answers: usize,
    pub(crate) prompts: usize,
    /// Of the set's JSON, which is what the page saves of it.
    pub(crate) sha256: String,
}

#[derive(Serialize)]
struct Solution {
    about: Provenance,
    #[serde(flatten)]
    report: Report,
    /// The nearest palette within reach, where this one is not.
    nearest: Option<RepairReport>,
}

pub(crate) fn json(composer: &mut Composer, question: &Question, taken: &Taken) -> Result<String, String> {
    let report = composer.solve(&question.palette, question.pooling)?.report;
    let solution = Solution {
        about: Provenance::of(composer.set(), question, taken)?,
        nearest: nearest(composer, question, &report)?,
        report,
    };
    let text = serde_json::to_string_pretty(&solution)
        .map_err(|error| format!("The solution could not be written as JSON: {error}."))?;
    Ok(text + "\n")
}

/// The nearest palette, where that of `report` is not within reach.
pub(crate) fn nearest(
    composer: &mut Composer,
    question: &Question,
    report: &Report,
) -> Result<Option<RepairReport>, String> {
    if report.verdict == Verdict::Reachable {
        return Ok(None);
    }
    composer.repair(question, &Repair::Nearest, "nearest").map(Some)
}

impl Provenance {
    pub(crate) fn of(set: &SampleSet, question: &Question, taken: &Taken) -> Result<Self, String> {
        let per_prompt = question.pooling == palette_study::Pooling::PerPrompt;
        let palette = constraints(set, &question.palette);
        let command = solve_command(set, &question.palette, per_prompt, &file_name(&set.name, "json"));
        Ok(Provenance {
            made_by: format!("MAP Palette {VERSION}"),
            date: taken.date.clone(),
            link: taken.link.clone(),
            set: SetAbout {
                name: set.name.clone(),
                about: set.about.clone(),
                answers: set.answers.len(),
                prompts: set.prompts.len(),
                sha256: sha256(set)?,
            },
            palette: palette.ok(),
            command_missing: command.as_ref().err().cloned(),
            command: command.ok(),
        })
    }

    /// Lines that say the same to people: none is broken by what a name holds.
    pub(crate) fn lines(&self) -> Vec<String> {
        let set = &self.set;
        let mut lines = vec![
            format!("Made by {} on {}.", self.made_by, self.date),
            format!(
                "Sample set: {} ({} answers, {} prompts; SHA-256 of its JSON {}).",
                one_line(&set.name),
                set.answers,
                set.prompts,
                set.sha256
            ),
        ];
        if let Some(palette) = &self.palette {
            lines.push(format!("Palette: {}.", one_line(&palette.join("; "))));
        }
        lines.extend(self.command.as_ref().map(|command| format!("Solved again by: {}", one_line(command))));
        lines.extend(self.link.as_ref().map(|link| format!("Composed at: {}", one_line(link))));
        lines
    }
}

/// A text with what cannot be seen written out, and no line break.
pub(crate) fn one_line(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// Hashes what is written.
struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn sha256(set: &SampleSet) -> Result<String, String> {
    let mut hashing = Hashing(Sha256::new());
    serde_json::to_writer(&mut hashing, set)
        .map_err(|error| format!("The sample set could not be written as JSON: {error}."))?;
    Ok(hashing.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
