//! `palette verify`: whether a folder that is served holds exactly what the build wrote.

use crate::numeric::BadInput;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The list that the build writes beside what it lists.
const MANIFEST: &str = "manifest-sha256.json";
const FORMAT: &str = "map-palette-dist-1";
/// More than any list that a build writes.
const LARGEST_MANIFEST: u64 = 16 << 20;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The built page: the folder `dist`, or a copy of it.
    dist: PathBuf,
    /// The list to check against, from a source that you trust; without it the folder's own
    /// manifest-sha256.json, which shows damage but not forgery.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Manifest {
    format: String,
    /// By path relative to the folder, with forward slashes.
    files: BTreeMap<String, Listed>,
}

#[derive(Deserialize)]
struct Listed {
    bytes: u64,
    /// In lower-case hex.
    sha256: String,
}

/// One difference between folder and list.
#[derive(Debug, PartialEq, Eq)]
enum Difference {
    Missing(String),
    Altered(String),
    Additional(String),
}

/// Prints what differs; `true` when nothing does.
pub(crate) fn run(arguments: Arguments) -> Result<bool, BadInput> {
    let Arguments { dist, manifest } = arguments;
    if !dist.is_dir() {
        return Err(bad(format!("{} is no folder. Name the folder of a built page.", dist.display())));
    }
    let place = manifest.unwrap_or_else(|| dist.join(MANIFEST));
    let text = read_manifest(&place)?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| {
        bad(format!("{} is not a list of files that a build wrote: {error}.", place.display()))
    })?;
    if manifest.format != FORMAT {
        return Err(bad(format!(
            "{} has the format “{}”; this command reads “{FORMAT}”. Use the command of the same version as \
            the page.",
            place.display(),
            manifest.format
        )));
    }
    let differences = compare(&dist, &manifest)?;
    for difference in &differences {
        match difference {
            Difference::Missing(file) => println!("missing: {file}"),
            Difference::Altered(file) => println!("altered: {file}"),
            Difference::Additional(file) => println!("additional: {file}"),
        }
    }
    let (files, digest) = (manifest.files.len(), hex(&Sha256::digest(&text)));
    if differences.is_empty() {
        println!(
            "{}: all {files} files are as they were built. SHA-256 of the list: {digest}",
            dist.display()
        );
    } else {
        println!(
            "{}: {} differences from the {files} files that were built. Copy the whole build again.",
            dist.display(),
            differences.len()
        );
    }
    Ok(differences.is_empty())
}

fn read_manifest(place: &Path) -> Result<Vec<u8>, BadInput> {
    let unread = |error: io::Error| {
        bad(format!(
            "{} cannot be read ({error}). scripts/build writes it; a page of an older build has none.",
            place.display()
        ))
    };
    let mut text = Vec::new();
    File::open(place)
        .and_then(|file| file.take(LARGEST_MANIFEST + 1).read_to_end(&mut text))
        .map_err(unread)?;
    if text.len() as u64 > LARGEST_MANIFEST {
        return Err(bad(format!("{} is too large for a list of files.", place.display())));
    }
    Ok(text)
}

/// Sorted by kind, then by name.
fn compare(dist: &Path, manifest: &Manifest) -> Result<Vec<Difference>, BadInput> {
    let mut found = Vec::new();
    files_in(dist, "", &mut found)
        .map_err(|error| bad(format!("{} cannot be read: {error}.", dist.display())))?;
    found.sort();
    let mut differences = Vec::new();
    for (name, listed) in &manifest.files {
        if found.binary_search(name).is_err() {
            differences.push(Difference::Missing(name.clone()));
        } else if !is_as_listed(&dist.join(name), listed)
            .map_err(|error| bad(format!("{name} cannot be read: {error}.")))?
        {
            differences.push(Difference::Altered(name.clone()));
        }
    }
    let additional = found.into_iter().filter(|name| name != MANIFEST && !manifest.files.contains_key(name));
    differences.extend(additional.map(Difference::Additional));
    Ok(differences)
}

/// Regular files and links under `folder`, by path relative to the first call's, with forward slashes.
fn files_in(folder: &Path, before: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        // A link to a folder counts as a file: what lies behind it is not part of what was built.
        if entry.file_type()?.is_dir() {
            files_in(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.push(name);
        }
    }
    Ok(())
}

fn is_as_listed(file: &Path, listed: &Listed) -> io::Result<bool> {
    if fs::metadata(file)?.len() != listed.bytes {
        return Ok(false);
    }
    let mut hash = Sha256::new();
    io::copy(&mut File::open(file)?, &mut hash)?;
    Ok(hex(&hash.finalize()) == listed.sha256)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bad(sentence: String) -> BadInput {
    BadInput::from(sentence)
}
