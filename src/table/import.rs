//! Reading a reward table.
