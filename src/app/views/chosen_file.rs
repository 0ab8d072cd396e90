//! The file that was chosen in a field.

use gloo_file::File;
use wasm_bindgen::JsCast;

/// Takes it out of the field, so that the same file can be chosen again; `None` when none was chosen.
pub fn chosen_file(event: &web_sys::Event) -> Option<File> {
    let input: web_sys::HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files().and_then(|files| files.get(0)).map(File::from);
    input.set_value("");
    file
}
