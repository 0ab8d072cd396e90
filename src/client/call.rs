//! The calls that wait for their reply: what comes from the worker finds its way by the id.

use futures_channel::{mpsc, oneshot};
use palette_protocol::{Answer, RequestId};
use std::collections::BTreeMap;

/// Why a call ended without its reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    Cancelled,
    /// What went wrong and what to do, in a plain sentence.
    Failed(String),
    /// The worker is gone, for a reason that says nothing about the call. In a plain sentence.
    Lost(String),
}

impl CallError {
    /// What to tell the person; `None` when the call was cancelled.
    pub fn message(self) -> Option<String> {
        match self {
            CallError::Cancelled => None,
            CallError::Failed(message) | CallError::Lost(message) => Some(message),
        }
    }
}

/// The two ends at which a call is waited for.
pub(super) struct Ends<R, P> {
    /// Ends before the reply comes.
    pub(super) progress: mpsc::UnboundedReceiver<P>,
    pub(super) reply: oneshot::Receiver<Result<R, CallError>>,
}

/// An answer that is not of the call's types.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// The calls to one worker, which answers by messages `M`.
pub(super) struct OpenCalls<M> {
    last_id: RequestId,
    open: BTreeMap<RequestId, Open<M>>,
}

struct Open<M> {
    listener: Box<dyn Listener<M>>,
    /// Seconds of silence that the call may need.
    allowed: u32,
}

trait Listener<M> {
    /// Passes it on; whether it was final.
    fn hear(&mut self, message: M) -> Result<bool, Unreadable>;
    fn end(&mut self, error: CallError);
}

struct Typed<R, P, D> {
    read: D,
    progress: mpsc::UnboundedSender<P>,
    reply: Option<oneshot::Sender<Result<R, CallError>>>,
}

impl<R, P, D> Typed<R, P, D> {
    /// Whoever called may have gone: then nobody hears it.
    fn finish(&mut self, result: Result<R, CallError>) {
        self.progress.close_channel();
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(result);
        }
    }
}

impl<M, R, P, D: Fn(M) -> Option<Answer<R, P>>> Listener<M> for Typed<R, P, D> {
    fn hear(&mut self, message: M) -> Result<bool, Unreadable> {
        let answer = (self.read)(message).ok_or(Unreadable)?;
        let is_final = answer.is_final();
        match answer {
            Answer::Progress(progress) => drop(self.progress.unbounded_send(progress)),
            Answer::Done(reply) => self.finish(Ok(reply)),
            Answer::Cancelled => self.finish(Err(CallError::Cancelled)),
            Answer::Failed(message) => self.finish(Err(CallError::Failed(message))),
            Answer::Lost(message) => self.finish(Err(CallError::Lost(message))),
        }
        Ok(is_final)
    }

    fn end(&mut self, error: CallError) {
        self.finish(Err(error));
    }
}

impl<M> Default for OpenCalls<M> {
    fn default() -> Self {
        OpenCalls { last_id: 0, open: BTreeMap::new() }
    }
}

impl<M: 'static> OpenCalls<M> {
    /// A call whose answers `read` understands, over which the worker may be silent for `allowed` seconds.
    pub(super) fn open<R: 'static, P: 'static>(
        &mut self,
        allowed: u32,
        read: impl Fn(M) -> Option<Answer<R, P>> + 'static,
    ) -> (RequestId, Ends<R, P>) {
        self.last_id += 1;
        let (tell, progress) = mpsc::unbounded();
        let (finish, reply) = oneshot::channel();
        let listener = Box::new(Typed { read, progress: tell, reply: Some(finish) });
        self.open.insert(self.last_id, Open { listener, allowed });
        (self.last_id, Ends { progress, reply })
    }

    /// Whether the call has not ended.
    pub(super) fn is_open(&self, id: RequestId) -> bool {
        self.open.contains_key(&id)
    }

    /// Passes an answer on. One to a call that has ended goes nowhere.
    pub(super) fn hear(&mut self, id: RequestId, message: M) -> Result<(), Unreadable> {
        if let Some(open) = self.open.get_mut(&id)
            && open.listener.hear(message)?
        {
            self.open.remove(&id);
        }
        Ok(())
    }

    pub(super) fn end(&mut self, id: RequestId, error: CallError) {
        if let Some(mut open) = self.open.remove(&id) {
            open.listener.end(error);
        }
    }

    pub(super) fn end_all(&mut self, error: &CallError) {
        for mut open in std::mem::take(&mut self.open).into_values() {
            open.listener.end(error.clone());
        }
    }

    /// Seconds of silence that the open calls allow for; `None` when there is none.
    pub(super) fn allowed_silence(&self) -> Option<u32> {
        self.open.values().map(|open| open.allowed).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Text = Option<Answer<String, u32>>;
    type TwoCalls = [(RequestId, Ends<String, u32>); 2];

    /// Messages that are answers already; `None` is unreadable.
    fn calls() -> (OpenCalls<Text>, TwoCalls) {
        let mut calls = OpenCalls::default();
        let two = [20, 50].map(|allowed| calls.open(allowed, |message: Text| message));
        (calls, two)
    }

    fn ended(ends: &mut Ends<String, u32>) -> Option<Result<String, CallError>> {
        ends.reply.try_recv().expect("the call is known")
    }

    #[test]
    fn answers_find_their_calls() {
        let (mut calls, [(a, mut to_a), (b, mut to_b)]) = calls();
        assert!(b > a);
        assert_eq!(calls.allowed_silence(), Some(50));
        assert_eq!(calls.hear(b, Some(Answer::Progress(7))), Ok(()));
        assert_eq!(calls.hear(a, Some(Answer::Done("one".into()))), Ok(()));
        assert!(!calls.is_open(a) && calls.is_open(b));
        assert_eq!((ended(&mut to_a), ended(&mut to_b)), (Some(Ok("one".into())), None));
        assert_eq!(to_b.progress.try_recv(), Ok(7));
        // What still comes to a call that has ended goes nowhere.
        assert_eq!(calls.hear(a, Some(Answer::Cancelled)), Ok(()));
        assert_eq!(calls.hear(b, Some(Answer::Failed("No.".into()))), Ok(()));
        assert_eq!(ended(&mut to_b), Some(Err(CallError::Failed("No.".into()))));
    }

    #[test]
    fn a_lost_worker_ends_all_its_calls() {
        let (mut calls, [(_, mut to_a), (b, mut to_b)]) = calls();
        calls.end(b, CallError::Cancelled);
        calls.end_all(&CallError::Lost("It is gone.".into()));
        assert_eq!(ended(&mut to_a), Some(Err(CallError::Lost("It is gone.".into()))));
        assert_eq!(ended(&mut to_b), Some(Err(CallError::Cancelled)));
        assert_eq!(calls.allowed_silence(), None);
    }

    #[test]
    fn what_cannot_be_read_is_told_and_whoever_has_gone_is_not_missed() {
        let (mut calls, [(a, to_a), (b, _to_b)]) = calls();
        drop(to_a);
        assert_eq!(calls.hear(a, Some(Answer::Progress(1))), Ok(()));
        assert!(calls.is_open(a), "the worker has still to end it");
        assert_eq!(calls.hear(a, Some(Answer::Cancelled)), Ok(()));
        assert!(!calls.is_open(a));
        assert_eq!(calls.hear(b, None), Err(Unreadable));
    }
}
