//! `palette grade`: the answer sheets of a class, every palette on them solved again.

use super::{lesson_file, with_built_in};
use crate::numeric::{BadInput, print};
use clap::Args;
use palette_lessons::{Class, Grading, LessonResults, SheetFile, built_in};
use palette_tables::SampleSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Answer sheets as the page saves them, or folders of them.
    #[arg(required = true, value_name = "SHEETS")]
    sheets: Vec<PathBuf>,
    /// A lesson of your own that sheets are about; may be given many times. The built-in ones are known.
    #[arg(long = "lesson", value_name = "FILE")]
    lessons: Vec<PathBuf>,
    /// The sample set that the sheets were done on, where that is not the one built into this program.
    #[arg(long, value_name = "FILE")]
    set: Option<PathBuf>,
    /// Write a table for the grade book: a row for each pupil.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Write JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let own: Result<Vec<_>, BadInput> = arguments.lessons.iter().map(|path| lesson_file(path)).collect();
    let mut grading = Grading::new(with_built_in(own?)?, Arc::new(set(arguments.set.as_deref())?))?;
    let mut unread = Vec::new();
    for path in files(&arguments.sheets)? {
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        match std::fs::read(&path).map(String::from_utf8) {
            Ok(Ok(text)) => grading.add(&SheetFile { file, text }),
            Ok(Err(_)) => unread.push((file, "It is no text, so it is no answer sheet.".to_owned())),
            Err(error) => unread.push((file, format!("It cannot be read: {error}."))),
        }
    }
    let mut class = grading.finish();
    class.left_out.extend(unread);
    if arguments.csv {
        for (file, why) in &class.left_out {
            eprintln!("left out: {file}: {why}");
        }
        print!("{}", class.csv());
        return Ok(());
    }
    print::answer(&class, &[], arguments.json, in_words)
}

fn set(path: Option<&Path>) -> Result<SampleSet, BadInput> {
    let text = match path {
        None => built_in::SET.to_owned(),
        Some(path) => {
            let (name, bytes) = crate::numeric::input::read(path)?;
            String::from_utf8(bytes).map_err(|_| format!("{name} is no text, so it is no sample set."))?
        }
    };
    serde_json::from_str(&text).map_err(|error| {
        BadInput(format!("The sample set cannot be read: {error}. Give one that the page exported as JSON."))
    })
}

/// The files, and those in the folders, by name.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, BadInput> {
    let mut all = Vec::new();
    for path in paths {
        let unreadable =
            |error: std::io::Error| BadInput(format!("{} cannot be read: {error}.", path.display()));
        if !path.is_dir() {
            if !path.exists() {
                return Err(BadInput(format!("{} cannot be read: there is no such file.", path.display())));
            }
            all.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?.path();
            if entry.is_file() {
                inside.push(entry);
            }
        }
        inside.sort();
        all.extend(inside);
    }
    if all.is_empty() {
        return Err(BadInput(
            "There is no file in what was given. Name answer sheets or a folder of them.".into(),
        ));
    }
    Ok(all)
}

fn in_words(class: &Class) -> String {
    let mut text = String::new();
    for results in &class.lessons {
        text += &lesson(results);
    }
    for (file, why) in &class.left_out {
        text += &format!("Left out: {file}. {why}\n");
    }
    if class.lessons.is_empty() {
        text += "No sheet could be graded.\n";
    }
    text
}

fn lesson(results: &LessonResults) -> String {
    let mut heads = vec!["name"];
    heads.extend(results.tasks.iter().map(|task| task.id.as_str()));
    heads.extend(["right", "seconds"]);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for pupil in &results.pupils {
        let name = if pupil.name.is_empty() { format!("({})", pupil.file) } else { pupil.name.clone() };
        let mut row = vec![name];
        row.extend(pupil.tasks.iter().map(|task| task.mark.words().to_owned()));
        row.extend([format!("{} of {}", pupil.right, pupil.tasks.len()), format!("{:.0}", pupil.seconds)]);
        rows.push(row);
    }
    let mut text = format!("{}\n\n{}", results.title, print::table(&heads, &rows));
    if let Some(most) = &results.most_missed {
        text += &format!("\nMissed most: {most}.\n");
    }
    for task in results.tasks.iter().filter(|task| !task.wrong_choices.is_empty()) {
        for (option, times) in &task.wrong_choices {
            text += &format!("Wrong choice in {}: {times} × “{option}”\n", task.id);
        }
    }
    for pupil in &results.pupils {
        for note in &pupil.notes {
            text += &format!("{} ({}): {note}\n", pupil.name, pupil.file);
        }
    }
    text + "\n"
}
