//! Opening a file of prompts.

use crate::app::format::count;
use crate::app::state::Page;
use crate::app::state::answers::prompt_text::{LARGEST_FILE, read_file, too_large};
use wasm_bindgen_futures::JsFuture;

/// Replaces the prompts by those in the file. The error is a sentence.
pub async fn open(page: Page, file: web_sys::File) -> Result<(), String> {
    let name = file.name();
    if file.size() > LARGEST_FILE {
        return Err(too_large(&name));
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let bytes = buffer.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec());
    let bytes =
        bytes.map_err(|_| format!("{name} could not be read. It may have been moved, or it is a folder."))?;
    let list = read_file(&name, &bytes)?;
    page.answers.replace_prompts(&list.prompts);
    let repeated = match list.repeated {
        0 => String::new(),
        n => format!(" {} left out.", count(n, "repeated prompt")),
    };
    page.notify(format!("{} from {name}.{repeated}", count(list.prompts.len(), "prompt")));
    Ok(())
}
