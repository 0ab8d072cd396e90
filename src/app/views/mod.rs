//! The views: a folder for each view, a file for what stands around or in several of them.

pub mod answers;
mod chosen_file;
pub mod compose;
pub mod data;
pub mod drop_zone;
pub mod header;
pub mod hold;
mod how_measured;
pub mod learn;
pub mod models;
mod names;
mod no_set;
pub mod notices;
mod number_field;
mod repaint;
mod reward_bars;
mod save_picture;
pub mod studies;
pub mod title;
mod try_again;
pub mod update;
mod word;
