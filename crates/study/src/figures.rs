//! Numbers in sentences.

/// Three figures, with a true minus sign: `0.512`, `−2.04`, `1530`.
pub fn figure(x: f64) -> String {
    if x.abs() < 5e-7 {
        return "0".into();
    }
    if !(1e-4..1e9).contains(&x.abs()) {
        return format!("{x:.2e}").replace('-', "−");
    }
    let places = (2.0 - x.abs().log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{x:.places$}").replace('-', "−")
}

/// Drafts that so many nats need: at least one, a whole number.
pub fn drafts_in_words(kl: f64) -> String {
    // A hair above a whole number is rounding, not another draft.
    let whole = (kl.exp() - 1e-9).ceil().max(1.0);
    match whole {
        1.0 => "1 draft".into(),
        x if x < 1e6 => format!("{x:.0} drafts"),
        x => format!("{x:.1e} drafts"),
    }
}
