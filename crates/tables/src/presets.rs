//! Palettes with a name: the paper's, and a few of ours. Each finds its values in a table by what they are usually
//! called there.

use crate::{Level, Palette, SampleSet, Target};

/// A palette to begin with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    pub name: &'static str,
    /// What it asks for, in a sentence.
    pub about: &'static str,
    asks: Asks,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Asks {
    /// These of some values, each under one of the names that it is known by; the others are maintained.
    Of(&'static [(Known, Target)]),
    /// The same of every value.
    OfAll(Target),
}

/// A value as tables call it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Known {
    name: &'static str,
    also: &'static [&'static str],
}

const HUMOR: Known = Known { name: "humor", also: &["humour"] };
const HELPFUL: Known = Known { name: "helpful", also: &["helpfulness", "gpt2-helpful"] };
const HARMLESS: Known = Known { name: "harmless", also: &["harmlessness", "gpt2-harmless"] };
const POSITIVE: Known = Known { name: "positive", also: &["positivity"] };

const fn at_least_quantile(q: f64) -> Target {
    Target::AtLeast(Level::Quantile(q))
}

const fn lifted(sd: f64) -> Target {
    Target::AtLeast(Level::BaseSd(sd))
}

macro_rules! hhh {
    ($q:expr) => {
        Asks::Of(&[
            (HUMOR, at_least_quantile($q)),
            (HELPFUL, at_least_quantile($q)),
            (HARMLESS, at_least_quantile($q)),
        ])
    };
}

/// All presets: the paper's palettes on humor, helpful and harmless at a quantile of the base answers, then ours.
pub const PRESETS: [Preset; 9] = [
    Preset {
        name: "HHH-50",
        about: "The paper's: humor, helpful and harmless at their 50% quantiles, or the mean where that is larger.",
        asks: hhh!(0.5),
    },
    Preset { name: "HHH-60", about: "The paper's: the same at the 60% quantiles.", asks: hhh!(0.6) },
    Preset { name: "HHH-70", about: "The paper's: the same at the 70% quantiles.", asks: hhh!(0.7) },
    Preset { name: "HHH-80", about: "The paper's: the same at the 80% quantiles.", asks: hhh!(0.8) },
    Preset {
        name: "As good as it was",
        about: "Every value stays at least at its base mean; nothing more is asked.",
        asks: Asks::OfAll(Target::MAINTAIN),
    },
    Preset {
        name: "Everything a little better",
        about: "Every value 0.2 standard deviations above its base mean.",
        asks: Asks::OfAll(lifted(0.2)),
    },
    Preset {
        name: "Funnier",
        about: "Humor half a standard deviation above its base mean, the rest as good as it was.",
        asks: Asks::Of(&[(HUMOR, lifted(0.5))]),
    },
    Preset {
        name: "Safe and kind",
        about: "Harmless and positive half a standard deviation above their base means, the rest as good as it was.",
        asks: Asks::Of(&[(HARMLESS, lifted(0.5)), (POSITIVE, lifted(0.5))]),
    },
    Preset {
        name: "Helpful first",
        about: "Helpful at its 80% quantile, the rest as good as it was.",
        asks: Asks::Of(&[(HELPFUL, at_least_quantile(0.8))]),
    },
];

impl Preset {
    /// The palette on this set.
    ///
    /// # Errors
    /// The names of values that it asks for and the set does not have.
    pub fn on(&self, set: &SampleSet) -> Result<Palette, Vec<&'static str>> {
        let all = |target| set.values.iter().map(|value| (value.name.clone(), target)).collect();
        let asks = match self.asks {
            Asks::OfAll(target) => return Ok(Palette { targets: all(target), ..Palette::default() }),
            Asks::Of(asks) => asks,
        };
        let mut palette = Palette { targets: all(Target::MAINTAIN), ..Palette::default() };
        let mut missing = Vec::new();
        for (known, target) in asks {
            match known.in_set(set) {
                Some(name) => drop(palette.targets.insert(name, *target)),
                None => missing.push(known.name),
            }
        }
        if missing.is_empty() { Ok(palette) } else { Err(missing) }
    }
}

impl Known {
    /// What the set calls it, by the first of its names that some value has.
    fn in_set(self, set: &SampleSet) -> Option<String> {
        let called = |name: &str| set.values.iter().find(|value| value.name.eq_ignore_ascii_case(name));
        std::iter::once(&self.name)
            .chain(self.also)
            .find_map(|name| called(name))
            .map(|value| value.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    fn set(names: &[&str]) -> SampleSet {
        let value =
            |name: &&str| Value { name: (*name).into(), unit: String::new(), measured: String::new() };
        SampleSet {
            name: "s".into(),
            about: String::new(),
            values: names.iter().map(value).collect(),
            prompts: Vec::new(),
            answers: Vec::new(),
            prompt_weights: Vec::new(),
        }
    }

    #[test]
    fn the_papers_palettes_are_those_of_its_tables() {
        let set = set(&["humor", "gpt2-helpful", "gpt2-harmless", "diversity", "coherence", "perplexity"]);
        let palette = PRESETS[3].on(&set).expect("it has the values");
        for name in ["humor", "gpt2-helpful", "gpt2-harmless"] {
            assert_eq!(palette.target(name), Target::AtLeast(Level::Quantile(0.8)));
        }
        for name in ["diversity", "coherence", "perplexity"] {
            assert_eq!(palette.target(name), Target::MAINTAIN);
        }
    }

    #[test]
    fn what_a_set_lacks_is_named() {
        let set = set(&["Humour", "score"]);
        assert_eq!(PRESETS[0].on(&set), Err(vec!["helpful", "harmless"]));
        let funnier = PRESETS[6].on(&set).expect("it has humor by another name");
        assert_eq!(funnier.target("Humour"), Target::AtLeast(Level::BaseSd(0.5)));
        assert!(PRESETS[4].on(&set).is_ok() && PRESETS[5].on(&set).is_ok());
    }
}
