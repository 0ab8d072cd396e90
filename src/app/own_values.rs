//! The values that the page itself measures.

/// Their names: on new answers the page measures these, and in Models it tells how.
pub const OWN_VALUES: [&str; 7] =
    ["humor", "helpful", "harmless", "positive", "diverse", "coherent", "fluent"];
