//! The values that the page itself measures.

use palette_tables::values::USUAL_VALUES;

/// Whether the page measures the value `name` on new answers, and tells how in Models.
pub fn is_own_value(name: &str) -> bool {
    USUAL_VALUES.iter().any(|value| value.name == name)
}
