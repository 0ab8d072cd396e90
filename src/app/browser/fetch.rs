//! Fetching text that is served beside the page.

use futures_util::future::{Either, select};
use gloo_net::http::Request;
use gloo_timers::future::TimeoutFuture;
use std::pin::pin;
use web_sys::AbortController;

/// Milliseconds that a file beside the page may take: those are small.
const PATIENCE: u32 = 30_000;

/// The text at `url`, or why it could not be had (a clause without a full stop).
pub async fn fetch_text(url: &str) -> Result<String, String> {
    let abort = AbortController::new().ok();
    let signal = abort.as_ref().map(AbortController::signal);
    let text = async {
        let response = Request::get(url)
            .abort_signal(signal.as_ref())
            .send()
            .await
            .map_err(|_| "there is no connection and no copy in this browser".to_owned())?;
        if !response.ok() {
            return Err(format!("the server answered {} for {url}", response.status()));
        }
        response.text().await.map_err(|_| "the connection broke off".to_owned())
    };
    match select(pin!(text), TimeoutFuture::new(PATIENCE)).await {
        Either::Left((text, _)) => text,
        Either::Right(_) => {
            if let Some(abort) = abort {
                abort.abort();
            }
            Err(format!("it had not arrived after {} seconds", PATIENCE / 1000))
        }
    }
}
