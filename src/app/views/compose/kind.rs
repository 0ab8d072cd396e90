//! The kinds of target that a strip offers.

use palette_tables::{Level, Target};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Level,
    Base,
    BaseSd,
    Quantile,
    Maintain,
    AtMost,
    Exactly,
    Between,
    Off,
    /// One that a link may bring and the strip does not offer: kept until another is chosen.
    Linked,
}

impl Kind {
    /// The kinds that are offered, with the options' values and words.
    pub const OFFERED: [(Kind, &str, &str); 9] = [
        (Kind::Level, "level", "at least level"),
        (Kind::Base, "base", "at least base +"),
        (Kind::BaseSd, "base-sd", "at least base + sd"),
        (Kind::Quantile, "quantile", "at least quantile"),
        (Kind::Maintain, "maintain", "maintain"),
        (Kind::AtMost, "at-most", "at most level"),
        (Kind::Exactly, "exactly", "exactly level"),
        (Kind::Between, "between", "between"),
        (Kind::Off, "off", "off"),
    ];

    pub fn of(target: Target) -> Kind {
        match target {
            Target::Off => Kind::Off,
            Target::AtLeast(Level::At(_)) => Kind::Level,
            Target::AtLeast(Level::Base(_)) => Kind::Base,
            Target::AtLeast(Level::BaseSd(_)) => Kind::BaseSd,
            Target::AtLeast(Level::Quantile(_)) => Kind::Quantile,
            Target::MAINTAIN => Kind::Maintain,
            Target::AtMost(Level::At(_)) => Kind::AtMost,
            Target::Exactly(Level::At(_)) => Kind::Exactly,
            Target::Between(..) => Kind::Between,
            Target::AtLeast(_) | Target::AtMost(_) | Target::Exactly(_) => Kind::Linked,
        }
    }

    /// The kind with this option value.
    pub fn named(value: &str) -> Kind {
        Kind::OFFERED.iter().find(|(_, name, _)| *name == value).map_or(Kind::Linked, |(kind, ..)| *kind)
    }

    pub fn name(self) -> &'static str {
        Kind::OFFERED.iter().find(|(kind, ..)| *kind == self).map_or("linked", |(_, name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_option_values_belong_together() {
        for (kind, name, _) in Kind::OFFERED {
            assert_eq!((Kind::named(name), kind.name()), (kind, name));
        }
        assert_eq!(Kind::named("linked"), Kind::Linked);
        assert_eq!(Kind::of(Target::AtLeast(Level::LogGain(0.1))), Kind::Linked);
        assert_eq!(Kind::of(Target::AtMost(Level::Quantile(0.1))), Kind::Linked);
        assert_eq!(Kind::of(Target::MAINTAIN), Kind::Maintain);
    }
}
