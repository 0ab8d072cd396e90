//! What is taken away of a palette: files that say by themselves what they are. Page and command make the same.

mod figures;
mod report;
mod solution;
mod training;
mod weights;

use palette_study::Question;
use palette_study::away::{Away, Form, Taken};
use palette_study::compose::Composer;
use palette_tables::command::file_name;

/// The version that all of it is made by.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The file of this form for `question` on the composer's set.
///
/// # Errors
/// A sentence when the palette makes no sense on this set, or has nothing of this form.
pub fn take(composer: &mut Composer, question: &Question, form: Form, taken: &Taken) -> Result<Away, String> {
    let text = match form {
        Form::Solution => solution::json(composer, question, taken)?,
        Form::Weights => weights::csv(composer, question)?,
        Form::Trl => training::trl(composer, question, taken)?,
        Form::OpenRlhf => training::open_rlhf(composer, question, taken)?,
        Form::Verl => training::verl(composer, question, taken)?,
        Form::Strips => figures::strips_alone(composer, question)?,
        Form::Report => report::html(composer, question, taken)?,
    };
    let (what, ending) = form.file();
    Ok(Away { name: file_name(&format!("{} {what}", composer.set().name), ending), text })
}
