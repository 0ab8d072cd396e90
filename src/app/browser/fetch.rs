//! Fetching text that is served beside the page.

use gloo_net::http::Request;

/// The text at `url`, or why it could not be had (a clause without a full stop).
pub async fn fetch_text(url: &str) -> Result<String, String> {
    let response = Request::get(url)
        .send()
        .await
        .map_err(|_| "there is no connection and no copy in this browser".to_owned())?;
    if !response.ok() {
        return Err(format!("the server answered {} for {url}", response.status()));
    }
    response.text().await.map_err(|_| "the connection broke off".to_owned())
}
