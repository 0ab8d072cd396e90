//! The parts of Compose that a lesson or a link shows.

use serde::{Deserialize, Serialize};

/// A part of Compose by the name that lessons and links call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The strips of the values, each with its target.
    Lanes,
    Verdict,
    /// What would help, out of reach.
    Repairs,
    /// How far to trust it.
    Trust,
    /// The nearest palette at a price.
    Budget,
    /// The mix of λ.
    Weights,
    /// Two values at once.
    Plane,
    /// To hold on new prompts.
    Hold,
    WhyNot,
    Prices,
    Drafts,
    Sequence,
    Lab,
    /// Whether answers compete per prompt or pooled.
    Pooling,
    /// Undo and reset.
    Undo,
    /// Targets on groups of prompts.
    Groups,
    /// Answers before and after.
    Answers,
}

impl Part {
    /// All of them, as they stand on the page.
    pub const ALL: [Part; 17] = [
        Part::Lanes,
        Part::Verdict,
        Part::Repairs,
        Part::Trust,
        Part::Budget,
        Part::Weights,
        Part::Plane,
        Part::Hold,
        Part::WhyNot,
        Part::Prices,
        Part::Drafts,
        Part::Sequence,
        Part::Lab,
        Part::Pooling,
        Part::Undo,
        Part::Groups,
        Part::Answers,
    ];

    /// As lessons and links write it.
    pub fn name(self) -> &'static str {
        match self {
            Part::Lanes => "lanes",
            Part::Verdict => "verdict",
            Part::Repairs => "repairs",
            Part::Trust => "trust",
            Part::Budget => "budget",
            Part::Weights => "weights",
            Part::Plane => "plane",
            Part::Hold => "hold",
            Part::WhyNot => "why-not",
            Part::Prices => "prices",
            Part::Drafts => "drafts",
            Part::Sequence => "sequence",
            Part::Lab => "lab",
            Part::Pooling => "pooling",
            Part::Undo => "undo",
            Part::Groups => "groups",
            Part::Answers => "answers",
        }
    }

    /// The part of this name.
    pub fn named(name: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_files() {
        for part in Part::ALL {
            assert_eq!(serde_json::to_value(part).expect("text"), part.name());
            assert_eq!(Part::named(part.name()), Some(part));
        }
        assert_eq!(Part::named("Lanes"), None);
    }
}
