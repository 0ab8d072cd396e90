//! The prompts of a job: which wait, and what became of the others.

use super::job::Ending;
use std::collections::VecDeque;

/// Workers that a prompt may lose before it is passed over.
const MOST_LOSSES: u32 = 2;

/// Prompts by their index in the job.
pub(super) struct Queue {
    waiting: VecDeque<usize>,
    /// Workers that each prompt has lost.
    losses: Vec<u32>,
    /// Prompts neither drawn nor skipped.
    left: usize,
    /// Why prompts were skipped.
    skipped: Vec<String>,
}

impl Queue {
    pub(super) fn new(prompts: usize) -> Self {
        Queue {
            waiting: (0..prompts).collect(),
            losses: vec![0; prompts],
            left: prompts,
            skipped: Vec::new(),
        }
    }

    /// The next prompt to draw.
    pub(super) fn take(&mut self) -> Option<usize> {
        self.waiting.pop_front()
    }

    /// A prompt that was taken lost its worker. It is the next one again; `false` when it must be skipped
    /// instead.
    pub(super) fn give_back(&mut self, prompt: usize) -> bool {
        self.losses[prompt] += 1;
        let again = self.losses[prompt] < MOST_LOSSES;
        if again {
            self.waiting.push_front(prompt);
        }
        again
    }

    /// A prompt that was taken is drawn, or skipped for a reason.
    pub(super) fn settle(&mut self, skipped: Option<String>) {
        self.left -= 1;
        self.skipped.extend(skipped);
    }

    /// How the job ends; `None` while prompts are left.
    pub(super) fn ending(&self) -> Option<Ending> {
        let all_skipped = self.skipped.len() == self.losses.len();
        match self.skipped.first() {
            _ if self.left > 0 => None,
            Some(reason) if all_skipped => Some(Ending::Failed(reason.clone())),
            _ => Some(Ending::Finished),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_whose_worker_died_is_the_next_one_and_skipped_the_second_time() {
        let mut queue = Queue::new(3);
        assert_eq!((queue.take(), queue.take()), (Some(0), Some(1)));
        assert!(queue.give_back(0));
        assert_eq!(queue.take(), Some(0));
        assert!(!queue.give_back(0));
        assert_eq!((queue.take(), queue.take()), (Some(2), None));
    }

    #[test]
    fn a_job_has_failed_when_every_prompt_was_skipped() {
        let ending = |skipped: [Option<&str>; 2]| {
            let mut queue = Queue::new(2);
            assert_eq!(queue.ending(), None);
            skipped.into_iter().for_each(|reason| queue.settle(reason.map(str::to_owned)));
            queue.ending()
        };
        assert_eq!(ending([None, None]), Some(Ending::Finished));
        assert_eq!(ending([Some("Too long."), None]), Some(Ending::Finished));
        assert_eq!(ending([Some("Too long."), Some("Lost.")]), Some(Ending::Failed("Too long.".into())));
    }
}
