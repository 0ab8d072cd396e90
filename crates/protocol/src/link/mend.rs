//! What mails, chats and web pages make of a link's fragment, undone: its pairs as they were written. Only
//! what this page never writes is taken for a trace of them, so a link that is whole comes out as it is.

use super::field::FIELDS;
use super::percent;
use super::tracking::is_tracking;
use palette_tables::is_unseen;

/// How often a fragment may have been encoded.
const DEEPEST: usize = 5;

/// A key and its text, both still percent-encoded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub key: String,
    pub text: String,
}

/// The pairs of a fragment.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    pub pairs: Vec<Pair>,
    /// Whether it ends in `…`: whatever passed it on may have cut it there.
    pub cut: bool,
    /// Whether there was another link behind this one.
    pub another: bool,
}

pub(super) fn pairs(fragment: &str) -> Pairs {
    // Browsers keep what follows these signs to themselves.
    let text = fragment.split(":~:").next().unwrap_or_default();
    let text: String = text.chars().filter(|c| !is_unseen(*c) && !matches!(c, '\n' | '\r' | '\t')).collect();
    let text = decoded(without_entities(text.trim()));
    let (text, another) = one_of_several(&text);
    let (text, cut) = without_ellipsis(text.trim_start_matches(['#', '?', '&', '/', '!', ' ']));
    let text = without_quoted_printable(text);
    let pairs = split(&text).into_iter().flat_map(|part| pairs_in(part, 0)).collect();
    Pairs { pairs, cut, another }
}

/// Undoes an encoding of the whole: then no `=` stands bare.
fn decoded(mut text: String) -> String {
    for _ in 0..DEEPEST {
        let whole = !text.contains(['=', '&']) && holds_encoded(&text, "3D");
        let Some(once) = whole.then(|| percent::decode(&text)).flatten() else { break };
        text = without_entities(once.trim());
    }
    text
}

/// Whether `text` holds the escape of these hexadecimal digits, encoded once or more often.
fn holds_encoded(text: &str, digits: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let unfolded = upper.replace("%25", "%");
    upper.contains(&format!("%{digits}")) || unfolded.replace("%25", "%").contains(&format!("%{digits}"))
}

/// `&amp;`, `&#38;` and the like as what they stand for, also where that was done twice.
fn without_entities(text: &str) -> String {
    const NAMED: [(&str, &str); 10] = [
        ("amp", "&"),
        ("lt", "<"),
        ("gt", ">"),
        ("quot", "\""),
        ("apos", "'"),
        ("nbsp", " "),
        ("equals", "="),
        ("rdquo", "”"),
        ("hellip", "…"),
        ("shy", ""),
    ];
    let mut text = text.to_owned();
    for _ in 0..DEEPEST {
        let mut read = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let mut any = false;
        while let Some(at) = rest.find('&') {
            read.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let name = after.split(';').next().filter(|name| name.len() < after.len() && name.len() <= 8);
            let stands_for = name.and_then(|name| {
                let lower = name.to_ascii_lowercase();
                let known = NAMED.iter().find(|(known, _)| *known == lower);
                known.map(|(_, sign)| (*sign).to_owned()).or_else(|| numbered(&lower))
            });
            match (name, stands_for) {
                (Some(name), Some(sign)) => {
                    read.push_str(&sign);
                    rest = &after[name.len() + 1..];
                    any = true;
                }
                _ => {
                    read.push('&');
                    rest = after;
                }
            }
        }
        read.push_str(rest);
        text = read;
        if !any {
            break;
        }
    }
    text
}

/// `#38` or `#x26`.
fn numbered(name: &str) -> Option<String> {
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    let sign = char::from_u32(code)?;
    Some(if is_unseen(sign) { String::new() } else { sign.to_string() })
}

/// A fragment with a whole address in it, or the same link twice: the link itself. A bare `#` is never
/// written.
fn one_of_several(text: &str) -> (&str, bool) {
    let mut links: Vec<&str> =
        text.split('#').map(str::trim).filter(|part| split(part).into_iter().any(is_pair)).collect();
    links.dedup();
    (links.first().copied().unwrap_or(text), links.len() > 1)
}

/// `=3D` for `=`, and a lone `=` at the end of every line, as mail writes them.
fn without_quoted_printable(text: &str) -> String {
    let signs: Vec<usize> = text.match_indices('=').map(|(at, _)| at).collect();
    let is_quoted = |at: &usize| text[at + 1..].get(..2).is_some_and(|next| next.eq_ignore_ascii_case("3D"));
    let quoted = signs.iter().filter(|at| is_quoted(at)).count();
    // The version is never 3D…; without one, all pairs must look so.
    let version = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("v=3D"));
    if quoted == 0 || !(version || quoted == signs.len()) {
        return text.to_owned();
    }
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        read.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.get(..2).filter(|next| next.eq_ignore_ascii_case("3D")).map(|_| &rest[2..])
        {
            read.push('=');
            rest = after;
        }
    }
    read + rest
}

/// The text before a closing `…` or `...`.
fn without_ellipsis(text: &str) -> (&str, bool) {
    let bare = text.trim_end_matches([' ', ')', ']', '>', '"', '”']);
    for sign in ["…", "...", "%E2%80%A6", "%e2%80%a6"] {
        if let Some(before) = bare.strip_suffix(sign) {
            return (before.trim_end_matches('.'), true);
        }
    }
    (text, false)
}

/// The parts between `&`, and before a `?` that something else was added behind.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in text.split('&') {
        let mut start = 0;
        for (at, _) in part.match_indices('?') {
            if is_pair(&part[at + 1..]) {
                parts.push(&part[start..at]);
                start = at + 1;
            }
        }
        parts.push(&part[start..]);
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// The pairs in what stands between two `&`: more than one where those were encoded.
fn pairs_in(part: &str, depth: usize) -> Vec<Pair> {
    let pair = |key: &str, text: &str| vec![Pair { key: key.to_owned(), text: text.to_owned() }];
    let part = part.trim();
    if part.contains('=') {
        return at_encoded_ands(part)
            .into_iter()
            .map(|part| {
                let (key, text) = part.split_once('=').unwrap_or((part, ""));
                Pair { key: key.to_owned(), text: text.to_owned() }
            })
            .collect();
    }
    if depth < DEEPEST
        && let Some(once) = percent::decode(part)
        && once != part
    {
        let several = split(&once).len() > 1 && split(&once).into_iter().all(is_pair);
        if several || (!once.contains('=') && holds_encoded(&once, "3D")) {
            return split(&once).into_iter().flat_map(|part| pairs_in(part, depth + 1)).collect();
        }
    }
    match part.to_ascii_uppercase().find("%3D") {
        Some(at) => pair(&part[..at], &part[at + 3..]),
        None => pair(part, ""),
    }
}

/// Splits at every `%26` that a known key and a bare `=` follow.
fn at_encoded_ands(part: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, sign) in part.match_indices("%26") {
        let mut next = at + sign.len();
        for amp in ["amp;", "amp%3B", "amp%3b"] {
            if part[next..].starts_with(amp) {
                next += amp.len();
            }
        }
        // Before the pair's own `=` it belongs to a name.
        if part[start..at].contains('=') && is_pair(&part[next..]) {
            parts.push(&part[start..at]);
            start = next;
        }
    }
    parts.push(&part[start..]);
    parts
}

/// Whether a text begins with a key that is known, and `=`.
fn is_pair(text: &str) -> bool {
    let key = text.split(['&', '%']).next().unwrap_or_default().split_once('=').map(|(key, _)| key.trim());
    key.is_some_and(|key| is_key(key) || is_tracking(key)) || begins_a_target(text)
}

/// A target's name may be encoded.
fn begins_a_target(text: &str) -> bool {
    let start = text.trim_start().get(..2).is_some_and(|start| start.eq_ignore_ascii_case("t."));
    start && text.split('&').next().is_some_and(|pair| pair.contains('='))
}

/// Whether this is a key of a link, in whatever case.
pub(super) fn is_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key == "v" || FIELDS.iter().any(|field| field.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "v=1&seed=42&k=16&t.harmless=keep&t.a%26b%3Dc=0.25&t.humor=q80";

    fn read(text: &str) -> Vec<(String, String)> {
        pairs(text).pairs.into_iter().map(|pair| (pair.key, pair.text)).collect()
    }

    #[test]
    fn pairs_come_out_as_they_were_written() {
        let good = read(GOOD);
        assert_eq!(good.len(), 6);
        assert_eq!(good[4], ("t.a%26b%3Dc".to_owned(), "0.25".to_owned()));
        let whole = percent::encode(GOOD);
        for mangled in [
            format!("#{GOOD}"),
            format!("##{GOOD}"),
            GOOD.replace('&', "&amp;"),
            GOOD.replace('&', "&amp;amp;"),
            GOOD.replace('&', "&#38;"),
            GOOD.replace('&', "&#x26;"),
            GOOD.replace('=', "=3D"),
            GOOD.replace('&', "&amp;").replace('=', "=3D"),
            GOOD.replace("harmless", "harm=less")
                .replace("=k", "=3Dk")
                .replace("v=1", "v=3D1")
                .replace("seed=", "seed=3D")
                .replace("&k=", "&k=3D")
                .replace("c=0", "c=3D0")
                .replace("r=q", "r=3Dq"),
            whole.clone(),
            whole.to_lowercase().replace("%3dc", "%3Dc"),
            percent::encode(&whole),
            format!("{whole}#:~:text=some"),
            format!("{GOOD}:~:text=some"),
            format!("https://example.org/#{GOOD}"),
            GOOD.replace("&t", "&\u{200b}t"),
            GOOD.replace("&k", "\n&k"),
        ] {
            let lower: Vec<_> =
                read(&mangled).into_iter().map(|(k, t)| (k.replace("%3d", "%3D"), t)).collect();
            assert_eq!(lower, good, "{mangled}");
        }
        assert_eq!(read(&GOOD.replace("&k=", "%26k=")), good);
        assert!(pairs("t.humor=q8…").cut && pairs("t.humor=q80...)").cut && !pairs("t.humor=q80.").cut);
        assert_eq!(read("t.humor=q80?fbclid=x").len(), 2);
    }

    #[test]
    fn no_text_panics() {
        for text in ["", "#", "&", "=", "%", "&#;", "&#x110000;", "é&é;=é", "=3", "=3é", "v=3é", "t.", "…"]
        {
            let _ = pairs(text);
        }
    }
}
