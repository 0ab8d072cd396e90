//! One palette by every method there is, on the same drafts of the same new prompts: what each realises, what
//! it spends, and which targets it meets.

mod comparison;
mod csv;
mod ground;
mod methods;
mod mixture;
mod weights;

pub use comparison::{
    CompareQuestion, Compared, Comparison, Method, MethodKind, Part, RandomDraw, RandomWeights, Tally,
};
