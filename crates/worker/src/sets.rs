//! The sample sets that this worker holds, each with what was found out on it.

use std::sync::Arc;

use palette_protocol::OnSet;
use palette_study::compose::Composer;
use palette_tables::SampleSet;

use super::task_error::TaskError;

/// Rewards of all sets together, beyond which the sets that were not asked about for longest are let go. The
/// last one always stays.
const MOST_REWARDS: usize = 2_000_000;

pub(super) struct Sets {
    /// The one used last comes last.
    held: Vec<Held>,
    most_rewards: usize,
}

impl Default for Sets {
    fn default() -> Self {
        Sets { held: Vec::new(), most_rewards: MOST_REWARDS }
    }
}

struct Held {
    id: usize,
    set: Arc<SampleSet>,
    /// Made at the first question.
    composer: Option<Composer>,
}

impl Sets {
    pub(super) fn hold(&mut self, id: usize, set: Arc<SampleSet>) {
        self.held.retain(|held| held.id != id);
        self.held.push(Held { id, set, composer: None });
        let rewards = |held: &Held| held.set.answers.len() * held.set.values.len();
        let mut all: usize = self.held.iter().map(rewards).sum();
        while all > self.most_rewards && self.held.len() > 1 {
            all -= rewards(&self.held.remove(0));
        }
    }

    /// Asks about a set.
    ///
    /// # Errors
    /// When nothing can be solved on the set, and what `ask` fails with.
    pub(super) fn on<T>(
        &mut self,
        id: usize,
        ask: impl FnOnce(&mut Composer) -> Result<T, String>,
    ) -> Result<OnSet<T>, TaskError> {
        let Some(at) = self.held.iter().position(|held| held.id == id) else { return Ok(OnSet::NotHeld) };
        self.held[at..].rotate_left(1);
        let Some(Held { set, composer, .. }) = self.held.last_mut() else { return Ok(OnSet::NotHeld) };
        let composer = match composer {
            Some(composer) => composer,
            None => composer.insert(Composer::new(set.clone())?),
        };
        ask(composer).map(OnSet::Held).map_err(TaskError::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use palette_tables::{Answer, Value};

    fn set(answers: usize) -> Arc<SampleSet> {
        let value = Value { name: "a".into(), unit: String::new(), measured: String::new() };
        Arc::new(SampleSet {
            name: "made".into(),
            about: String::new(),
            values: vec![value],
            prompts: vec![String::new()],
            answers: (0..answers).map(|j| Answer::new(0, String::new(), vec![j as f64])).collect(),
            prompt_weights: Vec::new(),
        })
    }

    fn answers(sets: &mut Sets, id: usize) -> Option<usize> {
        match sets.on(id, |composer| Ok(composer.set().answers.len())) {
            Ok(OnSet::Held(answers)) => Some(answers),
            _ => None,
        }
    }

    #[test]
    fn a_set_is_found_by_its_id_and_replaced_under_it() {
        let mut sets = Sets::default();
        assert_eq!(answers(&mut sets, 1), None);
        sets.hold(1, set(3));
        sets.hold(2, set(4));
        assert_eq!((answers(&mut sets, 1), answers(&mut sets, 2)), (Some(3), Some(4)));
        sets.hold(1, set(5));
        assert_eq!(answers(&mut sets, 1), Some(5));
    }

    #[test]
    fn where_memory_is_short_the_set_used_last_stays_longest() {
        let mut sets = Sets { most_rewards: 10, ..Sets::default() };
        sets.hold(1, set(5));
        sets.hold(2, set(5));
        assert!(answers(&mut sets, 1).is_some());
        sets.hold(3, set(1));
        assert_eq!(answers(&mut sets, 2), None);
        assert!(answers(&mut sets, 1).is_some() && answers(&mut sets, 3).is_some());
        sets.hold(4, set(20));
        assert_eq!(answers(&mut sets, 4), Some(20));
        assert_eq!(answers(&mut sets, 3), None);
    }

    #[test]
    fn a_set_that_nothing_can_be_solved_on_says_so_when_it_is_asked_about() {
        let mut sets = Sets::default();
        sets.hold(1, set(0));
        assert!(matches!(sets.on(1, |_| Ok(())), Err(TaskError::Failed(_))));
    }
}
