//! What needs the models: drawing, scoring, and looking after their files.

use super::state::Shared;
use super::task::Task;
use super::task_error::TaskError;
use super::tasks::{Run, end};
use super::{drawing, store, tasks};
use palette_protocol::calls::{Delete, Draw, Fetch, Prepare, ReadHead, Score, Stored, Verify};
use palette_protocol::{Drawing, Loading, NoProgress, Prepared, Request, RequestId, Scored, Scoring, Store};
use palette_tables::{Drawn, Value};

/// Does what is asked, whether it needs the models or not, and posts how it ended.
pub(super) async fn run(shared: Shared, id: RequestId, request: Request) {
    match request {
        Request::Prepare(call) => end(shared, id, call).await,
        Request::Draw(call) => end(shared, id, call).await,
        Request::Score(call) => end(shared, id, call).await,
        Request::ReadHead(call) => end(shared, id, call).await,
        Request::Stored(call) => end(shared, id, call).await,
        Request::Fetch(call) => end(shared, id, call).await,
        Request::Verify(call) => end(shared, id, call).await,
        Request::Delete(call) => end(shared, id, call).await,
        other => tasks::run(shared, id, other).await,
    }
}

impl Run for Prepare {
    async fn run(self, task: &Task<Loading>) -> Result<Prepared, TaskError> {
        drawing::prepare(task, self.config).await
    }
}

impl Run for Draw {
    async fn run(self, task: &Task<Drawing>) -> Result<Drawn, TaskError> {
        drawing::draw(task, self).await
    }
}

impl Run for Score {
    async fn run(self, task: &Task<Scoring>) -> Result<Scored, TaskError> {
        drawing::score(task, self).await
    }
}

impl Run for ReadHead {
    async fn run(self, _: &Task<NoProgress>) -> Result<Value, TaskError> {
        drawing::read_head(&self.file)
    }
}

impl Run for Stored {
    async fn run(self, _: &Task<NoProgress>) -> Result<Store, TaskError> {
        store::stored().await
    }
}

impl Run for Fetch {
    async fn run(self, task: &Task<Loading>) -> Result<Vec<String>, TaskError> {
        store::fetch_model(task, &self.model).await
    }
}

impl Run for Verify {
    async fn run(self, task: &Task<Loading>) -> Result<Vec<String>, TaskError> {
        store::verify(task, &self.model).await
    }
}

impl Run for Delete {
    async fn run(self, _: &Task<NoProgress>) -> Result<(), TaskError> {
        store::delete(&self.model).await
    }
}
