//! Lessons as data: what a lesson says and asks, whether what a pupil did is right, answer sheets, and their
//! grading. Page and command read the same files by these types; what is right is decided on the solver's
//! report, never written into a lesson.

#[cfg(feature = "built-in")]
pub mod built_in;
mod check;
mod class;
mod condition;
mod facts;
mod figure;
mod index;
mod lesson;
mod link;
mod part;
mod prose;
pub mod scorm;
mod sheet;
mod text;
mod zip;

pub use check::{Check, Choice, ChoiceOption, NumberCheck, PaletteCheck, Tried};
pub use class::{Class, Given as SheetFile, Grading, LessonResults, Mark, Pupil, PupilTask, TaskResults};
pub use condition::{Condition, Finding, OfFigure, OfLambda, OfLevel, OfTarget, Sign, Span, Wants};
pub use facts::Facts;
pub use figure::{Figure, ValueFigure};
pub use index::{Entry, read_index};
pub use lesson::{Lesson, Show, Start, Step, TableOffer, Task};
pub use link::{decode, encode};
pub use part::Part;
pub use prose::{Emphasis, prose};
pub use sheet::{Answer, Asked, Sheet, TaskSheet};
pub use text::{LevelText, TargetText};
