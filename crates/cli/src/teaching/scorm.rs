//! `palette scorm`: a lesson as a package for learning platforms (SCORM 1.2).

use super::{lesson_file, with_built_in};
use crate::numeric::BadInput;
use clap::Args;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use palette_lessons::{Lesson, encode, scorm};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(crate) struct Arguments {
    /// A lesson: the id of a built-in one, such as trade-offs, or a file.
    #[arg(value_name = "LESSON")]
    lesson: String,
    /// Address of the page that the package shows in a frame; the page must allow that (docs/hosting.md).
    #[arg(long, value_name = "ADDRESS", required_unless_present = "dist", conflicts_with = "dist")]
    page: Option<String>,
    /// Folder of the built page, which then goes into the package, without the models.
    #[arg(long, value_name = "FOLDER")]
    dist: Option<PathBuf>,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What of a built page a package does without: the models, what is for whoever runs a server, and the service
/// worker, which has no business on a learning platform.
const LEFT_OUT: [&str; 6] = ["weights/", "hosting/", "_headers", ".htaccess", "security.json", "sw.js"];

pub(crate) fn run(arguments: Arguments) -> Result<(), BadInput> {
    let (lesson, name) = lesson(&arguments.lesson)?;
    let (start, files) = match (&arguments.page, &arguments.dist) {
        (Some(address), _) => (address.split(['#', '?']).next().unwrap_or_default().to_owned(), Vec::new()),
        (None, Some(folder)) => ("page/index.html".to_owned(), page(folder)?),
        (None, None) => return Err(BadInput("Say where the page is, by --page or --dist.".into())),
    };
    let address = format!("{start}#v=1&view=learn&lesson={name}&embed=yes");
    let package = scorm::package(&lesson.id, &lesson.title, &address, &files)?;
    std::fs::write(&arguments.out, &package)
        .map_err(|error| BadInput(format!("{} cannot be written: {error}.", arguments.out.display())))?;
    eprintln!("{} holds “{}”, {} kB.", arguments.out.display(), lesson.title, package.len().div_ceil(1000));
    Ok(())
}

/// The lesson, and what a link calls it: one of a file travels in the link itself.
fn lesson(text: &str) -> Result<(Lesson, String), BadInput> {
    let built_in = with_built_in(Vec::new())?;
    if let Some(lesson) = built_in.iter().find(|lesson| lesson.id == text) {
        return Ok((Lesson::clone(lesson), lesson.id.clone()));
    }
    let path = Path::new(text);
    if !path.exists() {
        let ids: Vec<&str> = built_in.iter().map(|lesson| lesson.id.as_str()).collect();
        return Err(BadInput(format!(
            "There is no lesson “{text}”, and no file of that name. The built-in ones are {}.",
            ids.join(", ")
        )));
    }
    let lesson = lesson_file(path)?;
    let packed = serde_json::to_vec(&lesson).map_err(std::io::Error::from).and_then(|bytes| {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        encoder.finish()
    });
    let packed = packed.map_err(|error| format!("The lesson cannot be packed: {error}."))?;
    let name = format!("z.{}", encode(&packed));
    Ok((lesson, name))
}

/// The files of a built page.
fn page(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, BadInput> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((place, prefix)) = folders.pop() {
        let unreadable =
            |error: std::io::Error| BadInput(format!("{} cannot be read: {error}.", place.display()));
        for entry in std::fs::read_dir(&place).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
            if path.is_dir() {
                folders.push((path, format!("{name}/")));
            } else if name == "weights/manifest.json" || !LEFT_OUT.iter().any(|out| name.starts_with(out)) {
                files.push((format!("page/{name}"), std::fs::read(&path).map_err(unreadable)?));
            }
        }
    }
    if !files.iter().any(|(name, _)| name == "page/index.html") {
        return Err(BadInput(format!(
            "{} holds no built page. Build one with scripts/build.",
            folder.display()
        )));
    }
    files.sort();
    Ok(files)
}
