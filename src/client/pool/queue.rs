//! The prompts of a job: which wait, and what became of the others.

use super::job::Ending;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

/// Workers that a prompt may lose before it is passed over.
const MOST_LOSSES: u32 = 2;

/// Prompts by their index in the job.
pub(super) struct Queue {
    state: RefCell<State>,
}

struct State {
    waiting: VecDeque<usize>,
    /// Workers that each prompt has lost.
    losses: Vec<u32>,
    /// Prompts neither drawn nor skipped.
    left: usize,
    /// Why prompts were skipped.
    skipped: Vec<String>,
    /// Who waits for something to change.
    wakers: Vec<Waker>,
}

impl Queue {
    pub(super) fn new(prompts: usize) -> Self {
        let state = State {
            waiting: (0..prompts).collect(),
            losses: vec![0; prompts],
            left: prompts,
            skipped: Vec::new(),
            wakers: Vec::new(),
        };
        Queue { state: RefCell::new(state) }
    }

    /// The next prompt to draw. While none waits but some are being drawn, this waits for one that is given
    /// back; `None` when all are settled.
    pub(super) async fn next(&self) -> Option<usize> {
        poll_fn(|context| {
            let mut state = self.state.borrow_mut();
            match state.waiting.pop_front() {
                None if state.left > 0 => state.wait(context),
                next => Poll::Ready(next),
            }
        })
        .await
    }

    /// How the job ends, when all prompts are settled.
    pub(super) async fn ending(&self) -> Ending {
        poll_fn(|context| {
            let mut state = self.state.borrow_mut();
            if state.left > 0 { state.wait(context) } else { Poll::Ready(state.ending()) }
        })
        .await
    }

    pub(super) fn is_settled(&self) -> bool {
        self.state.borrow().left == 0
    }

    /// A prompt that was taken lost its worker. It is the next one again; `false` when it must be skipped
    /// instead.
    pub(super) fn give_back(&self, prompt: usize) -> bool {
        let mut state = self.state.borrow_mut();
        state.losses[prompt] += 1;
        let again = state.losses[prompt] < MOST_LOSSES;
        if again {
            state.waiting.push_front(prompt);
            state.wake();
        }
        again
    }

    /// A prompt that was taken is drawn, or skipped for a reason.
    pub(super) fn settle(&self, skipped: Option<String>) {
        let mut state = self.state.borrow_mut();
        state.left -= 1;
        state.skipped.extend(skipped);
        if state.left == 0 {
            state.wake();
        }
    }
}

impl State {
    fn wait<T>(&mut self, context: &Context<'_>) -> Poll<T> {
        self.wakers.push(context.waker().clone());
        Poll::Pending
    }

    fn wake(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
    }

    fn ending(&self) -> Ending {
        let all_skipped = self.skipped.len() == self.losses.len();
        match self.skipped.first() {
            Some(reason) if all_skipped => Ending::Failed(reason.clone()),
            _ => Ending::Finished,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::pin::pin;

    #[test]
    fn a_prompt_whose_worker_died_is_the_next_one_and_skipped_the_second_time() {
        let queue = Queue::new(3);
        let take = || queue.next().now_or_never();
        assert_eq!((take(), take()), (Some(Some(0)), Some(Some(1))));
        assert!(queue.give_back(0));
        assert_eq!(take(), Some(Some(0)));
        assert!(!queue.give_back(0));
        assert_eq!((take(), take()), (Some(Some(2)), None));
    }

    #[test]
    fn who_has_nothing_to_do_waits_for_what_is_given_back_and_for_the_end() {
        let queue = Queue::new(1);
        assert_eq!(queue.next().now_or_never(), Some(Some(0)));
        let mut idle = pin!(queue.next());
        assert_eq!((&mut idle).now_or_never(), None);
        assert!(queue.give_back(0));
        assert_eq!(idle.now_or_never(), Some(Some(0)));
        assert_eq!((queue.next().now_or_never(), queue.is_settled()), (None, false));
        queue.settle(None);
        assert_eq!((queue.next().now_or_never(), queue.is_settled()), (Some(None), true));
    }

    #[test]
    fn a_job_has_failed_when_every_prompt_was_skipped() {
        let ending = |skipped: [Option<&str>; 2]| {
            let queue = Queue::new(2);
            assert_eq!(queue.ending().now_or_never(), None);
            skipped.into_iter().for_each(|reason| queue.settle(reason.map(str::to_owned)));
            queue.ending().now_or_never()
        };
        assert_eq!(ending([None, None]), Some(Ending::Finished));
        assert_eq!(ending([Some("Too long."), None]), Some(Ending::Finished));
        assert_eq!(ending([Some("Too long."), Some("Lost.")]), Some(Ending::Failed("Too long.".into())));
    }
}
