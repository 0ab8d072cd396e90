//! Why a worker did not start: the browser tells a page only that it did not. So its files are asked for again.

use futures_util::future::{Either, select};
use gloo_net::http::Request;
use gloo_timers::future::TimeoutFuture;
use std::pin::pin;
use web_sys::{AbortController, RequestCache};

/// Milliseconds after which the answer is not waited for.
const PATIENCE: u32 = 8_000;
const TELL: &str = "Reload the page. If that does not help, tell whoever runs it; “palette verify” finds the \
    files that are not as they were built.";

/// The reason in plain sentences. `loader` is the address of the script that the worker begins with; the
/// script that it imports lies beside it.
pub(super) async fn why(loader: &str) -> String {
    let abort = AbortController::new().ok();
    let looking = async {
        for url in [loader.to_owned(), loader.replace("worker_loader.js", "worker.js")] {
            if let Some(wrong) = wrong_with(&url, abort.as_ref()).await {
                return wrong;
            }
        }
        "Its files came as they should, but did not run. The server's Content-Security-Policy, an extension or \
            a setting of this browser may keep pages from having workers (worker-src 'self' allows them); or the \
            connection broke off: reload the page."
            .to_owned()
    };
    let why = match select(pin!(looking), TimeoutFuture::new(PATIENCE)).await {
        Either::Left((why, _)) => why,
        Either::Right(_) => {
            if let Some(abort) = &abort {
                abort.abort();
            }
            "The server does not answer. Check the connection and try again.".to_owned()
        }
    };
    format!("What computes here could not start. {why}")
}

/// What is wrong with a script, in sentences.
async fn wrong_with(url: &str, abort: Option<&AbortController>) -> Option<String> {
    let name = url.rsplit('/').next().unwrap_or(url);
    let signal = abort.map(AbortController::signal);
    let request = Request::get(url).cache(RequestCache::NoCache).abort_signal(signal.as_ref());
    let Ok(response) = request.send().await else {
        return Some(format!(
            "The file {name} could not be fetched. Check the connection and try again; what is on the page stays \
                usable."
        ));
    };
    if !response.ok() {
        return Some(format!(
            "The file {name} is missing: the server answered {}. {TELL}",
            response.status()
        ));
    }
    let kind = response.headers().get("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_script = [
        "text/javascript",
        "application/javascript",
        "application/x-javascript",
        "text/ecmascript",
        "application/ecmascript",
        "text/x-javascript",
    ];
    if is_script.contains(&kind.as_str()) {
        return None;
    }
    let kind = if kind.is_empty() { "no type" } else { &kind };
    Some(format!(
        "The server sends the script {name} as {kind}, and browsers run it only as text/javascript. Whoever runs \
            the server has to set this type for .js files."
    ))
}
