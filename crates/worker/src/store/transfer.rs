//! One file over the network: a transfer that stalls is told of, and begun again from where it stood.

use super::network::{self, Interrupted, Transfer};
use super::progress::Progress;
use crate::task_error::TaskError;
use js_sys::{Reflect, Uint8Array};
use palette_weights::WeightsError;
use palette_weights::manifest::{ModelFile, Shard};
use wasm_bindgen::prelude::*;
use web_sys::ReadableStreamDefaultReader;

/// Times in a row that a transfer may stall without a byte in between.
const MOST_STALLS: u32 = 3;

/// The whole of a shard, not verified.
pub(super) async fn shard(
    progress: &mut Progress<'_>,
    model: &ModelFile,
    shard: &Shard,
) -> Result<Vec<u8>, TaskError> {
    let mut bytes = Vec::with_capacity(shard.bytes as usize);
    let mut stalls = 0;
    loop {
        let before = bytes.len();
        match attempt(progress, model, shard, &mut bytes).await {
            Ok(()) => return Ok(bytes),
            Err(Interrupted::Ended(error)) => return Err(error),
            Err(Interrupted::Stalled) => {}
        }
        stalls = if bytes.len() > before { 1 } else { stalls + 1 };
        if stalls >= MOST_STALLS {
            return Err(TaskError::Failed(format!(
                "The transfer of the weights file {} stalled: nothing has come for {} seconds, {MOST_STALLS} \
                    times in a row. What had arrived before is kept. Check the connection and try again.",
                shard.file,
                network::STALLED
            )));
        }
    }
}

/// Adds to `bytes` what is missing.
async fn attempt(
    progress: &mut Progress<'_>,
    model: &ModelFile,
    shard: &Shard,
    bytes: &mut Vec<u8>,
) -> Result<(), Interrupted> {
    let transfer = Transfer::new(Some(progress.work));
    let response = {
        let mut tell = |seconds| progress.is_waiting(seconds, &model.name);
        network::fetch(&shard.file, bytes.len(), &transfer, &mut tell).await?
    };
    if response.status() != network::PARTIAL && !bytes.is_empty() {
        // The server sends it from the start.
        progress.take_back(bytes.len() as u64, &model.name);
        bytes.clear();
    }
    let broken = || {
        Interrupted::Ended(TaskError::Failed(format!(
            "The transfer of the weights file {} broke off. What had arrived before is kept; try again.",
            shard.file
        )))
    };
    let reader: ReadableStreamDefaultReader =
        response.body().ok_or_else(broken)?.get_reader().unchecked_into();
    loop {
        let part = {
            let mut tell = |seconds| progress.is_waiting(seconds, &model.name);
            transfer.watch(reader.read(), &mut tell).await?.map_err(|_| broken())?
        };
        progress.work.go_on()?;
        if Reflect::get(&part, &"done".into()).map_err(|_| broken())?.is_truthy() {
            return Ok(());
        }
        let chunk: Uint8Array = Reflect::get(&part, &"value".into()).map_err(|_| broken())?.unchecked_into();
        let start = bytes.len();
        let length = chunk.length() as usize;
        if (start + length) as u64 > shard.bytes {
            return Err(TaskError::from(WeightsError::Corrupt { file: shard.file.clone() }).into());
        }
        bytes.resize(start + length, 0);
        chunk.copy_to(&mut bytes[start..]);
        progress.add(length as u64, &model.name, false);
    }
}
