//! Opening a file of prompts.

use crate::app::format::count;
use crate::app::state::Page;
use crate::app::state::answers::prompts::{LARGEST_FILE, list_of, too_large};
use crate::client::CallError;
use gloo_file::File;
use leptos::prelude::*;
use palette_protocol::calls::ReadPrompts;

/// Replaces the prompts by those in the file. The error is a sentence.
pub async fn open(page: Page, file: File) -> Result<(), String> {
    let name = file.name();
    if file.size() as f64 > LARGEST_FILE {
        return Err(too_large(&name));
    }
    // A worker has the readers of files, so that the page need not carry them.
    let call = ReadPrompts { name: name.clone(), file: AsRef::<web_sys::File>::as_ref(&file).into() };
    let read = match page.store.with_value(|store| store.call(call)).await.map_err(CallError::message) {
        Ok(read) => read,
        Err(message) => return message.map_or(Ok(()), Err),
    };
    let list = list_of(&name, &read)?;
    page.answers.groups.update(|groups| groups.extend(list.groups));
    page.answers.replace_prompts(&list.prompts);
    let repeated = match list.repeated {
        0 => String::new(),
        n => format!(" {} left out.", count(n, "repeated prompt")),
    };
    page.notify(format!("{} from {name}.{repeated}", count(list.prompts.len(), "prompt")));
    Ok(())
}
