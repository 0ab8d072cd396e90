//! One question about a sample set, asked until an answer fits it: the answer must be about that set and that
//! question, and few attempts are enough.

use super::CallError;
use palette_protocol::{OnSet, SetKey, fingerprint};
use serde::Serialize;

/// Workers that a question may lose.
const MOST_LOSSES: u32 = 2;
/// Answers to something else that are dropped, and times that the set is given.
const MOST_UNFIT: u32 = 3;

/// What was tried to get one question answered.
pub(super) struct Attempts {
    on: SetKey,
    asked: u64,
    must_give: bool,
    losses: u32,
    unfit: u32,
    given: u32,
}

impl Attempts {
    /// For a call about this set.
    pub(super) fn of<C: Serialize>(on: SetKey, call: &C) -> Self {
        Attempts { on, asked: fingerprint(call), must_give: false, losses: 0, unfit: 0, given: 0 }
    }

    /// The reply, where it is one to this question; `None` when it must be asked again.
    pub(super) fn hear<T>(&mut self, reply: OnSet<T>) -> Result<Option<T>, CallError> {
        self.must_give = false;
        match reply {
            OnSet::Held { on, asked, reply } if (on, asked) == (self.on, self.asked) => Ok(Some(reply)),
            OnSet::Held { .. } if self.unfit + 1 < MOST_UNFIT => {
                self.unfit += 1;
                Ok(None)
            }
            OnSet::NotHeld if self.given < MOST_UNFIT => {
                self.must_give = true;
                self.given += 1;
                Ok(None)
            }
            OnSet::Held { .. } => Err(CallError::Failed(
                "The solver answered for another sample set or another palette, so its answers are not \
                    shown. Reload the page; the address keeps your palette."
                    .to_owned(),
            )),
            OnSet::NotHeld => Err(CallError::Failed(
                "The solver does not keep the sample set, so nothing can be worked out on it. Reload the \
                    page, or take a sample of the rows and open that."
                    .to_owned(),
            )),
        }
    }

    /// Whether the set must be given before the question is asked again.
    pub(super) fn must_give(&self) -> bool {
        self.must_give
    }

    /// The worker was lost over the question.
    pub(super) fn is_lost(&mut self, message: String) -> Result<(), CallError> {
        self.losses += 1;
        if self.losses < MOST_LOSSES {
            return Ok(());
        }
        Err(CallError::Lost(format!("{message} This was the second time over the same question.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: SetKey = SetKey { id: 3, content: 77 };

    fn held(on: SetKey, asked: u64) -> OnSet<u32> {
        OnSet::Held { on, asked, reply: 5 }
    }

    #[test]
    fn an_answer_that_fits_is_taken() {
        let mut attempts = Attempts::of(KEY, &"question");
        assert_eq!(attempts.hear(held(KEY, fingerprint(&"question"))), Ok(Some(5)));
    }

    #[test]
    fn an_answer_about_something_else_is_dropped_and_asked_again_a_few_times() {
        let asked = fingerprint(&"question");
        let unfit = [
            held(SetKey { id: 4, ..KEY }, asked),
            held(SetKey { content: 78, ..KEY }, asked),
            held(KEY, fingerprint(&"another")),
        ];
        for reply in unfit {
            let mut attempts = Attempts::of(KEY, &"question");
            assert_eq!(attempts.hear(reply.clone()), Ok(None));
            assert!(!attempts.must_give());
            assert_eq!(attempts.hear(held(KEY, asked)), Ok(Some(5)));
            assert_eq!(attempts.hear(reply.clone()), Ok(None));
            assert!(matches!(attempts.hear(reply), Err(CallError::Failed(_))));
        }
    }

    #[test]
    fn a_set_that_is_not_held_is_given_but_not_for_ever() {
        let mut attempts = Attempts::of(KEY, &"question");
        for _ in 0..MOST_UNFIT {
            assert_eq!(attempts.hear(OnSet::<u32>::NotHeld), Ok(None));
            assert!(attempts.must_give());
        }
        assert!(matches!(attempts.hear(OnSet::<u32>::NotHeld), Err(CallError::Failed(_))));
    }

    #[test]
    fn the_second_worker_that_is_lost_over_a_question_is_the_last() {
        let mut attempts = Attempts::of(KEY, &"question");
        assert_eq!(attempts.is_lost("It stopped.".into()), Ok(()));
        let Err(CallError::Lost(message)) = attempts.is_lost("It stopped.".into()) else {
            panic!("asked on")
        };
        assert!(message.starts_with("It stopped. "));
    }
}
