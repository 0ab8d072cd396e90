//! Opening a file of prompts.

use crate::app::format::count;
use crate::app::state::Page;
use crate::app::state::answers::prompts::{LARGEST_FILE, read_file, too_large};
use gloo_file::File;
use gloo_file::futures::read_as_bytes;

/// Replaces the prompts by those in the file. The error is a sentence.
pub async fn open(page: Page, file: File) -> Result<(), String> {
    let name = file.name();
    if file.size() as f64 > LARGEST_FILE {
        return Err(too_large(&name));
    }
    let bytes = read_as_bytes(&file)
        .await
        .map_err(|_| format!("{name} could not be read. It may have been moved, or it is a folder."))?;
    let list = read_file(&name, &bytes)?;
    page.answers.replace_prompts(&list.prompts);
    let repeated = match list.repeated {
        0 => String::new(),
        n => format!(" {} left out.", count(n, "repeated prompt")),
    };
    page.notify(format!("{} from {name}.{repeated}", count(list.prompts.len(), "prompt")));
    Ok(())
}
