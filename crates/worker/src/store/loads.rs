//! Loading weights: from the cache where they are there, else from the network; verified before anything is
//! made of them.

use super::network::address;
use super::progress::Progress;
use super::{cache, network, own_file, transfer};
use crate::task::Work;
use crate::task_error::TaskError;
use palette_models::tensors::Tensors;
use palette_protocol::{Loading, OwnModel};
use palette_weights::manifest::{Manifest, ModelFile, Shard};
use web_sys::Cache;

pub(super) const NO_CACHE: &str = "This browser lets the page keep no files (a private window, or a page \
    that is not served securely), so the models are loaded anew each time.";
const NO_ROOM: &str = "The browser has no room to keep the models; they will be loaded anew next time.";
const NO_ROOM_TO_LOAD: &str = "The browser has no room to keep this model, so loading it ahead was stopped. \
    Free some space and try again, or generate all the same: the models are then loaded anew each time.";

/// Weights being loaded for one request.
pub(crate) struct Loads<'a> {
    pub(super) manifest: Manifest,
    pub(super) cache: Option<Cache>,
    pub(super) progress: Progress<'a>,
    notes: Vec<String>,
}

impl<'a> Loads<'a> {
    /// Loading of `models` and, beside them, of `more` bytes.
    pub(crate) async fn start(
        work: &'a Work,
        report: &'a dyn Fn(Loading),
        models: &[&str],
        more: u64,
    ) -> Result<Self, TaskError> {
        let manifest = network::manifest(Some(work)).await?;
        let cache = cache::open().await;
        let mut total = more;
        for model in models {
            total += bytes_of(manifest.model(model)?);
        }
        let progress = Progress::new(work, report, total);
        Ok(Loads { manifest, cache, progress, notes: Vec::new() })
    }

    /// Loads and verifies a model, from the cache where it is there. A shard's bytes go as soon as its
    /// tensors are packed.
    pub(crate) async fn tensors(&mut self, id: &str) -> Result<Tensors, TaskError> {
        let model = self.manifest.model(id)?.clone();
        let mut tensors = Tensors::default();
        for shard in &model.shards {
            let bytes = self.shard(&model, shard).await?;
            tensors.add_shard(&bytes)?;
        }
        Ok(tensors)
    }

    /// Brings what is missing of a model into the cache.
    pub(super) async fn fetch(&mut self, id: &str) -> Result<(), TaskError> {
        let model = self.manifest.model(id)?.clone();
        for shard in &model.shards {
            let stored = match &self.cache {
                Some(cache) => cache::find(cache, &address(&shard.file)?).await.is_some(),
                None => false,
            };
            if stored {
                self.progress.add(shard.bytes, &model.name, true);
            } else {
                self.shard(&model, shard).await?;
                // What cannot be kept is not worth loading for later.
                if self.notes.iter().any(|note| note == NO_ROOM) {
                    return Err(TaskError::Failed(NO_ROOM_TO_LOAD.into()));
                }
            }
        }
        Ok(())
    }

    /// A model from the person's disk.
    pub(crate) async fn own(&mut self, own: &OwnModel) -> Result<Tensors, TaskError> {
        own_file::read(&mut self.progress, own).await
    }

    /// Plain sentences about how loading went.
    pub(crate) async fn end(mut self) -> Vec<String> {
        match &self.cache {
            Some(cache) => cache::evict_stale(cache, &self.manifest).await,
            None if network::is_carried() => {}
            None => self.notes.push(NO_CACHE.into()),
        }
        self.notes
    }

    /// One verified shard. A cached copy that fails its check is dropped and fetched again.
    async fn shard(&mut self, model: &ModelFile, shard: &Shard) -> Result<Vec<u8>, TaskError> {
        let url = address(&shard.file)?;
        if let Some(cache) = &self.cache
            && let Some(response) = cache::find(cache, &url).await
        {
            let bytes = cache::body(&response).await;
            self.progress.work.go_on()?;
            if let Some(bytes) = bytes
                && shard.verify(&bytes).is_ok()
            {
                self.progress.add(shard.bytes, &model.name, true);
                return Ok(bytes);
            }
            self.notes.push(format!("The stored copy of {} was damaged; it was fetched again.", shard.file));
            cache::drop_kept(cache, &url).await;
        }
        let bytes = transfer::shard(&mut self.progress, model, shard).await?;
        shard.verify(&bytes)?;
        if let Some(cache) = &self.cache {
            let note = NO_ROOM.to_string();
            if !cache::keep(cache, &url, &bytes).await && !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        Ok(bytes)
    }
}

/// Size of all files of a model.
pub(super) fn bytes_of(model: &ModelFile) -> u64 {
    model.shards.iter().map(|shard| shard.bytes).sum()
}
