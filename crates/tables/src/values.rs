//! The values that answers are rewarded for here. Tables from elsewhere name others.

/// A value as it is usually measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsualValue {
    pub name: &'static str,
    /// Unit of its reward.
    pub unit: &'static str,
}

/// The seven values, in the order of their rewards: first those with a trained head, then what a statistic
/// measures.
pub const USUAL_VALUES: [UsualValue; 7] = [
    UsualValue { name: "humor", unit: "log-odds" },
    UsualValue { name: "helpful", unit: "log-odds" },
    UsualValue { name: "harmless", unit: "log-odds" },
    UsualValue { name: "positive", unit: "log-odds" },
    UsualValue { name: "diverse", unit: "share" },
    UsualValue { name: "coherent", unit: "cosine" },
    UsualValue { name: "fluent", unit: "nats per token" },
];

/// Colours that values are told apart by.
pub const ACCENTS: usize = 10;
/// Another name for a usual value, common in tables from elsewhere.
const ALSO_CALLED: [(&str, &str); 1] = [("harmlessness", "harmless")];

/// The colour of each of these values, numbered from 1. A usual value has its own, the first of them 1, and so on; the
/// others take those that are left in turn.
pub fn accent_numbers(names: &[String]) -> Vec<usize> {
    let taken: Vec<usize> = names.iter().filter_map(|name| own_accent(name)).collect();
    let mut free = (1..=ACCENTS).filter(|number| !taken.contains(number)).collect::<Vec<_>>();
    if free.is_empty() {
        free = (1..=ACCENTS).collect();
    }
    let mut free = free.into_iter().cycle();
    names.iter().map(|name| own_accent(name).or_else(|| free.next()).unwrap_or(1)).collect()
}

fn own_accent(name: &str) -> Option<usize> {
    let also = ALSO_CALLED.iter().find(|(other, _)| name.eq_ignore_ascii_case(other));
    let name = also.map_or(name, |(_, usual)| usual);
    USUAL_VALUES.iter().position(|value| name.eq_ignore_ascii_case(value.name)).map(|at| at + 1)
}
