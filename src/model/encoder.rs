//! The sentence encoder.
