//! The sample sets that this worker holds, each with what was found out on it.

use std::sync::Arc;

use palette_protocol::SetKey;
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
    key: SetKey,
    set: Arc<SampleSet>,
    /// Made at the first question.
    composer: Option<Composer>,
}

impl Sets {
    /// Holds a set, and gives its key.
    pub(super) fn hold(&mut self, id: usize, set: Arc<SampleSet>) -> SetKey {
        let key = SetKey::of(id, &set);
        self.held.retain(|held| held.key.id != id);
        self.held.push(Held { key, set, composer: None });
        let rewards = |held: &Held| held.set.answers.len() * held.set.values.len();
        let mut all: usize = self.held.iter().map(rewards).sum();
        while all > self.most_rewards && self.held.len() > 1 {
            all -= rewards(&self.held.remove(0));
        }
        key
    }

    /// The set of this key, where it is held.
    pub(super) fn get(&self, key: SetKey) -> Option<Arc<SampleSet>> {
        self.held.iter().find(|held| held.key == key).map(|held| held.set.clone())
    }

    /// Asks about a set; gives the key of the set that was asked about, `None` when it is not held.
    ///
    /// # Errors
    /// When nothing can be solved on the set, and what `ask` fails with.
    pub(super) fn on<T>(
        &mut self,
        key: SetKey,
        ask: impl FnOnce(&mut Composer) -> Result<T, String>,
    ) -> Result<Option<(SetKey, T)>, TaskError> {
        let Some(at) = self.held.iter().position(|held| held.key == key) else { return Ok(None) };
        self.held[at..].rotate_left(1);
        let Some(Held { key, set, composer }) = self.held.last_mut() else { return Ok(None) };
        let composer = match composer {
            Some(composer) => composer,
            None => composer.insert(Composer::new(set.clone())?),
        };
        ask(composer).map(|found| Some((*key, found))).map_err(TaskError::Failed)
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

    fn answers(sets: &mut Sets, key: SetKey) -> Option<usize> {
        let (on, answers) = sets.on(key, |composer| Ok(composer.set().answers.len())).ok()??;
        assert_eq!(on, key);
        Some(answers)
    }

    #[test]
    fn a_set_is_found_by_its_key_and_replaced_under_its_id() {
        let mut sets = Sets::default();
        assert_eq!(answers(&mut sets, SetKey::of(1, &set(3))), None);
        let [first, second] = [(1, 3), (2, 4)].map(|(id, n)| sets.hold(id, set(n)));
        assert_eq!((answers(&mut sets, first), answers(&mut sets, second)), (Some(3), Some(4)));
        let replaced = sets.hold(1, set(5));
        assert_eq!((answers(&mut sets, replaced), answers(&mut sets, first)), (Some(5), None));
    }

    #[test]
    fn another_set_under_the_same_id_is_not_the_one_asked_about() {
        let mut sets = Sets::default();
        let held = sets.hold(1, set(3));
        let mut altered = (*set(3)).clone();
        altered.answers[2].rewards[0] = 7.0;
        assert_eq!(answers(&mut sets, SetKey::of(1, &altered)), None);
        assert_eq!(answers(&mut sets, held), Some(3));
    }

    #[test]
    fn where_memory_is_short_the_set_used_last_stays_longest() {
        let mut sets = Sets { most_rewards: 10, ..Sets::default() };
        let first = sets.hold(1, set(5));
        let second = sets.hold(2, set(5));
        assert!(answers(&mut sets, first).is_some());
        let third = sets.hold(3, set(1));
        assert_eq!(answers(&mut sets, second), None);
        assert!(answers(&mut sets, first).is_some() && answers(&mut sets, third).is_some());
        let fourth = sets.hold(4, set(20));
        assert_eq!(answers(&mut sets, fourth), Some(20));
        assert_eq!(answers(&mut sets, third), None);
    }

    #[test]
    fn a_set_that_nothing_can_be_solved_on_says_so_when_it_is_asked_about() {
        let mut sets = Sets::default();
        let key = sets.hold(1, set(0));
        assert!(matches!(sets.on(key, |_| Ok(())), Err(TaskError::Failed(_))));
    }
}
