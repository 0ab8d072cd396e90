//! What this browser keeps of the models: looking, loading ahead, checking, deleting.

use super::loads::{Loads, NO_CACHE, bytes_of};
use super::network::address;
use super::{cache, network};
use crate::task::Task;
use crate::task_error::TaskError;
use palette_protocol::{Loading, Store, StoredModel};
use palette_weights::manifest::ModelFile;

/// What the cache holds of each model.
pub(crate) async fn stored() -> Result<Store, TaskError> {
    let cache = cache::open().await;
    let mut models = Vec::new();
    for model in network::manifest(None).await?.models {
        let (mut stored_bytes, mut stored_shards) = (0, 0);
        if let Some(cache) = &cache {
            for shard in &model.shards {
                if cache::find(cache, &address(&shard.file)?).await.is_some() {
                    stored_bytes += shard.bytes;
                    stored_shards += 1;
                }
            }
        }
        let (bytes, shards) = (bytes_of(&model), model.shards.len());
        let ModelFile { id, name, licence, source, .. } = model;
        models.push(StoredModel { id, name, licence, source, bytes, stored_bytes, shards, stored_shards });
    }
    Ok(Store { models, keeps: cache.is_some() })
}

/// Brings what is missing of a model into the cache. The notes say when it could not be kept.
pub(crate) async fn fetch_model(task: &Task<Loading>, model: &str) -> Result<Vec<String>, TaskError> {
    let report = |loading| task.report(loading);
    let mut loads = Loads::start(&task.work, &report, &[model], 0).await?;
    if loads.cache.is_none() {
        return Err(TaskError::Failed(NO_CACHE.into()));
    }
    loads.fetch(model).await?;
    Ok(loads.end().await)
}

/// Checks every cached shard of a model, and drops those that fail; returns their names.
pub(crate) async fn verify(task: &Task<Loading>, model: &str) -> Result<Vec<String>, TaskError> {
    let report = |loading| task.report(loading);
    let mut loads = Loads::start(&task.work, &report, &[model], 0).await?;
    let Some(cache) = loads.cache.take() else { return Err(TaskError::Failed(NO_CACHE.into())) };
    let model = loads.manifest.model(model)?.clone();
    let mut broken = Vec::new();
    for shard in &model.shards {
        let url = address(&shard.file)?;
        if let Some(response) = cache::find(&cache, &url).await
            && cache::body(&response).await.is_none_or(|bytes| shard.verify(&bytes).is_err())
        {
            cache::drop_kept(&cache, &url).await;
            broken.push(shard.file.clone());
        }
        task.work.go_on()?;
        loads.progress.add(shard.bytes, &model.name, true);
    }
    Ok(broken)
}

/// Deletes the cached files of a model, and those of earlier versions.
pub(crate) async fn delete(model: &str) -> Result<(), TaskError> {
    let Some(cache) = cache::open().await else { return Err(TaskError::Failed(NO_CACHE.into())) };
    let manifest = network::manifest(None).await?;
    for shard in &manifest.model(model)?.shards {
        if !cache::drop_kept(&cache, &address(&shard.file)?).await {
            return Err(TaskError::Failed(
                "The browser refused to delete the cached models. Clear the site's data in its settings."
                    .into(),
            ));
        }
    }
    cache::evict_stale(&cache, &manifest).await;
    Ok(())
}
