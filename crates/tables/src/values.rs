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
