//! Numbers as people read them.

/// A true minus sign, as wide as the plus.
const MINUS: &str = "−";

/// A level with its sign: three significant figures but no more than needed, e.g. `+0.69`, `−2.04`, `+13.2`.
pub fn level(x: f64) -> String {
    signed(x, true)
}

/// A number without a plus sign, e.g. `0.55`.
pub fn number(x: f64) -> String {
    signed(x, false)
}

/// A small change with its sign: two significant figures, written out down to a hundred thousandth, e.g.
/// `+0.0019`.
pub fn small(x: f64) -> String {
    let size = x.abs();
    if !(1e-5..0.1).contains(&size) {
        return if size < 1e-5 { level(0.0) } else { level(x) };
    }
    let decimals = (1.0 - size.log10().floor()) as usize;
    let sign = if x < 0.0 { MINUS } else { "+" };
    format!("{sign}{size:.decimals$}")
}

fn signed(x: f64, plus: bool) -> String {
    if !x.is_finite() {
        return "–".to_owned();
    }
    let size = x.abs();
    let text = if size != 0.0 && !(0.005..1e6).contains(&size) {
        // Very small and very large numbers keep two figures rather than becoming 0.00 or a wall of digits.
        format!("{size:.1e}")
    } else {
        let decimals = if size < 10.0 {
            2
        } else if size < 100.0 {
            1
        } else {
            0
        };
        format!("{size:.decimals$}")
    };
    let sign = if x < 0.0 {
        MINUS
    } else if plus {
        "+"
    } else {
        ""
    };
    format!("{sign}{text}")
}

/// A number for an input field: plain digits, at most `decimals` after the point, no trailing zeros.
pub fn field(x: f64, decimals: usize) -> String {
    if !x.is_finite() {
        return String::new();
    }
    let text = format!("{x:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A share as whole percent; a small one as `<1%`.
pub fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.005 {
        return "<1%".to_owned();
    }
    // What rounds to none has no sign.
    let whole = (100.0 * share).round() + 0.0;
    if whole < 0.0 { format!("−{}%", -whole) } else { format!("{whole}%") }
}

/// The text of answer `j` as it is shown: with an ellipsis where it stops before a sentence does, and for an answer
/// without text its number.
pub fn text_or_number(text: &str, j: usize) -> String {
    let text = text.trim_end();
    if text.is_empty() {
        return format!("answer {} (the table has no text)", j + 1);
    }
    let last = text.trim_end_matches(['"', '\'', '”', '’', '»', ')', '*', '_']).chars().next_back();
    let ends = last.is_none_or(|last| {
        let stops = matches!(last, '.' | '!' | '?' | '…' | ':' | '。' | '！' | '？' | '؟' | '।');
        // An emoji or another sign is no half word.
        stops || !(last.is_alphanumeric() || matches!(last, ',' | ';' | '-' | '–' | '—' | '(' | '“' | '‘'))
    });
    if ends { text.to_owned() } else { format!("{text} …") }
}

/// What is said of a transfer from which nothing has come for so many seconds.
pub fn nothing_comes(seconds: u32) -> String {
    format!("nothing has come for {seconds} seconds; it is tried again soon")
}

/// A size in megabytes (10⁶ bytes).
pub fn megabytes(bytes: u64) -> String {
    let mb = bytes as f64 / 1e6;
    if mb < 10.0 { format!("{mb:.1} MB") } else { format!("{mb:.0} MB") }
}

/// A size in kilobytes (10³ bytes) up to a megabyte, then in megabytes.
pub fn kilobytes(bytes: u64) -> String {
    if bytes < 1_000_000 { format!("{} kB", bytes.div_ceil(1000)) } else { megabytes(bytes) }
}

/// A size in gigabytes (10⁹ bytes); a small one in megabytes.
pub fn gigabytes(bytes: f64) -> String {
    if bytes < 1e9 { megabytes(bytes as u64) } else { format!("{:.1} GB", bytes / 1e9) }
}

/// A time as people say it: `10 s`, `3 min`, `1 h 20 min`. Never less than a second.
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "an unknown time".to_owned();
    }
    let minutes = (seconds / 60.0).round();
    if seconds < 55.0 {
        // Finer than five seconds would only flicker.
        let whole = if seconds > 15.0 { (seconds / 5.0).ceil() * 5.0 } else { seconds.ceil().max(1.0) };
        format!("{whole:.0} s")
    } else if minutes < 60.0 {
        format!("{:.0} min", minutes.max(1.0))
    } else {
        let (hours, rest) = ((minutes / 60.0).floor(), minutes % 60.0);
        if rest == 0.0 { format!("{hours:.0} h") } else { format!("{hours:.0} h {rest:.0} min") }
    }
}

/// Drafts that a palette needs, whole: `2`, `39`, `10^12`. `None` when there is no sensible number.
pub fn drafts(drafts: f64) -> String {
    // A hair above a whole number is rounding, not another draft.
    let whole = (drafts - 1e-9).ceil().max(1.0);
    if !whole.is_finite() {
        "beyond counting".to_owned()
    } else if whole < 1e5 {
        format!("{whole:.0}")
    } else {
        format!("10^{:.0}", whole.log10().ceil())
    }
}

/// `a`, `a and b`, `a, b and c`; beyond `most` names the rest is counted.
pub fn list(names: &[String], most: usize) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        _ if names.len() > most => format!("{} and {} more", names[..most].join(", "), names.len() - most),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

/// A name within a sentence: what cannot be seen is written out, and letters from right to left turn nothing
/// else around.
pub fn isolated(name: &str) -> String {
    let name = palette_protocol::visible(name);
    if name.is_ascii() { name.into_owned() } else { format!("\u{2068}{name}\u{2069}") }
}

/// `1 answer`, `2 answers`.
pub fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_was_cut_says_so() {
        assert_eq!(text_or_number("It is blue because", 0), "It is blue because …");
        assert_eq!(text_or_number("Well, then", 0), "Well, then …");
        assert_eq!(text_or_number("She said \"yes.\" ", 0), "She said \"yes.\"");
        assert_eq!(text_or_number("Why not?", 0), "Why not?");
        assert_eq!(text_or_number("Have fun 🎉", 0), "Have fun 🎉");
        assert_eq!(text_or_number("  ", 4), "answer 5 (the table has no text)");
    }

    #[test]
    fn levels() {
        assert_eq!(level(0.694), "+0.69");
        assert_eq!(level(-2.04), "−2.04");
        assert_eq!(level(1234.5), "+1234");
        assert_eq!(level(0.0), "+0.00");
        assert_eq!(level(0.00012), "+1.2e-4");
        assert_eq!(number(f64::NAN), "–");
    }

    #[test]
    fn small_changes() {
        assert_eq!(small(0.00194), "+0.0019");
        assert_eq!(small(-0.0233), "−0.023");
        assert_eq!(small(0.42), "+0.42");
        assert_eq!(small(-1e-9), "+0.00");
        assert_eq!(small(f64::NAN), "–");
    }

    #[test]
    fn fields() {
        assert_eq!(field(0.6900, 3), "0.69");
        assert_eq!(field(-0.0001, 2), "0");
        assert_eq!(field(120.0, 0), "120");
    }

    #[test]
    fn shares() {
        assert_eq!(
            [0.5, 0.004, 0.0, -0.001, -0.36, 1.294].map(percent),
            ["50%", "<1%", "0%", "0%", "−36%", "129%"]
        );
    }

    #[test]
    fn draft_counts() {
        assert_eq!(drafts(1.0), "1");
        assert_eq!(drafts(1.8), "2");
        assert_eq!(drafts(2.0 + 1e-12), "2");
        assert_eq!(drafts(3.2e11), "10^12");
        assert_eq!(drafts(f64::INFINITY), "beyond counting");
    }

    #[test]
    fn durations() {
        assert_eq!(duration(0.0), "1 s");
        assert_eq!(duration(10.0), "10 s");
        assert_eq!(duration(41.0), "45 s");
        assert_eq!(duration(57.0), "1 min");
        assert_eq!(duration(170.0), "3 min");
        assert_eq!(duration(4800.0), "1 h 20 min");
        assert_eq!(duration(3590.0), "1 h");
        assert_eq!(kilobytes(17_200), "18 kB");
        assert_eq!(kilobytes(1_720_000), "1.7 MB");
        assert_eq!(gigabytes(6.3e8), "630 MB");
        assert_eq!(gigabytes(2.21e9), "2.2 GB");
    }

    #[test]
    fn lists() {
        let names: Vec<String> = ["a", "b", "c", "d"].map(String::from).to_vec();
        assert_eq!(list(&names[..1], 4), "a");
        assert_eq!(list(&names[..3], 4), "a, b and c");
        assert_eq!(list(&names, 2), "a, b and 2 more");
    }
}
