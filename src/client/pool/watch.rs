//! Looking after the workers.

use super::team::Team;
use std::time::Duration;

/// How often the workers are looked after.
const LOOK: Duration = Duration::from_secs(5);

/// A worker can vanish without a word (ended by the browser's own task manager): one that draws and has been
/// silent for long is given up.
pub(super) fn look_after(team: &Team, number: u64) {
    let team = team.clone();
    let look = move || {
        if !team.is_current(number) {
            return;
        }
        let dead = team.state().dead();
        for connection in dead {
            connection.give_up("A worker did not answer any more and was ended.");
        }
        look_after(&team, number);
    };
    leptos::prelude::set_timeout(look, LOOK);
}
