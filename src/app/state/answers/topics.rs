//! Built-in prompts on one topic.

/// Prompts of a built-in set that was fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    /// Name in links.
    pub key: String,
    /// Name for people.
    pub name: String,
    pub prompts: Vec<String>,
}
