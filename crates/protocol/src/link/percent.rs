//! Percent-encoding that leaves readable what a fragment may hold (RFC 3986).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All but letters, digits and `-._~:,/`; so `=`, `&`, `#` and `%` never stand bare.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b',')
    .remove(b'/');

pub(super) fn encode(text: &str) -> String {
    // Browsers hide what follows these three signs from the page.
    utf8_percent_encode(text, ENCODED).to_string().replace(":~:", ":%7E:")
}

/// The inverse; `None` for a broken escape or bytes that are not UTF-8.
pub(super) fn decode(text: &str) -> Option<String> {
    let is_escape = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    // The library would leave a broken escape as it stands.
    if !text.split('%').skip(1).all(is_escape) {
        return None;
    }
    percent_decode_str(text).decode_utf8().ok().map(String::from)
}
