//! The page of MAP Palette: decide how much of each human value a language model should show, and see what
//! that costs.

#![allow(
    unreachable_pub,
    reason = "an application: nothing in it is for others, and components are made by a macro"
)]

pub mod app;
mod chart;
mod client;
mod locks;
