//! What a transfer shows, in sentences.

use super::report::{Fate, Transfer, TransferTarget, Transferred};

pub(super) fn seen(transfer: &Transfer) -> Vec<String> {
    let mut sentences = vec![alone(transfer)];
    sentences.extend(carried(transfer));
    sentences.extend(kept(transfer));
    sentences
}

/// What each group takes by itself.
fn alone(transfer: &Transfer) -> String {
    let groups = &transfer.groups;
    let mut priced: Vec<(f64, &str)> =
        groups.iter().filter_map(|group| Some((group.kl?, group.name.as_str()))).collect();
    priced.sort_by(|a, b| a.0.total_cmp(&b.0));
    let within = format!(
        "Choosing one of {} answers, the palette is within reach on {} of {} groups by themselves",
        transfer.k,
        priced.len(),
        groups.len()
    );
    match (priced.first(), priced.last()) {
        (Some((low, cheap)), Some((high, dear))) if priced.len() > 1 => {
            format!("{within}, at {low:.2} nats on {cheap} to {high:.2} nats on {dear}.")
        }
        (Some((kl, name)), _) => format!("{within}, at {kl:.2} nats on {name}."),
        _ => format!("{within}."),
    }
}

fn away(transfer: &Transfer) -> impl Iterator<Item = (&Transferred, &TransferTarget)> {
    let pairs = transfer.pairs.iter().filter(|pair| pair.from != pair.to);
    pairs.flat_map(|pair| pair.values.iter().map(move |value| (pair, value)))
}

/// How many targets a λ from elsewhere keeps.
fn carried(transfer: &Transfer) -> Option<String> {
    let asked = away(transfer).filter(|(_, value)| value.fate != Fate::NoTarget).count();
    if asked == 0 {
        return None;
    }
    let short: Vec<(&Transferred, &TransferTarget)> =
        away(transfer).filter(|(_, value)| value.fate == Fate::Short).collect();
    let name = |at: usize| transfer.groups[at].name.as_str();
    if short.is_empty() {
        let singly =
            away(transfer).filter(|(_, value)| value.interval.is_some_and(|[_, high]| high < 0.0)).count();
        let luck = (0.025 * asked as f64).ceil();
        let beside = if singly > 0 {
            format!(
                "; taken one by one, {singly} of the intervals lie below, where luck alone puts up to about {luck}"
            )
        } else {
            String::new()
        };
        return Some(format!(
            "With the λ of another group none of {asked} targets falls short by more than chance, all looked at \
                together{beside}."
        ));
    }
    let of = format!(
        "With the λ of another group {} of {asked} targets {} short by more than chance",
        short.len(),
        if short.len() == 1 { "falls" } else { "fall" }
    );
    let worst = (short.iter())
        .filter_map(|(pair, value)| Some((value.share?, value.share_interval?, *pair, *value)))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    Some(match worst {
        Some((share, [low, high], pair, value)) => format!(
            "{of}; most {} from {} to {}, which keeps {} ({} to {}) of the lift that was asked.",
            value.name,
            name(pair.from),
            name(pair.to),
            percent(share),
            percent(low),
            percent(high)
        ),
        None => {
            let (pair, value) = short[0];
            format!("{of}, such as {} from {} to {}.", value.name, name(pair.from), name(pair.to))
        }
    })
}

/// What is kept of the lifts: for each value all that is given, of all that is asked.
fn kept(transfer: &Transfer) -> Option<String> {
    let names = transfer.pairs.first()?.values.iter().map(|value| value.name.as_str());
    let shares: Vec<String> = (names.enumerate())
        .filter_map(|(i, name)| {
            let (mut given, mut asked) = (0.0, 0.0);
            for pair in transfer.pairs.iter().filter(|pair| pair.from != pair.to) {
                let value = &pair.values[i];
                if let Some(share) = value.share.filter(|share| *share != 0.0) {
                    given += value.lift.mean;
                    asked += value.lift.mean / share;
                }
            }
            (asked > 0.0).then(|| format!("{} of {name}", percent(given / asked)))
        })
        .collect();
    (!shares.is_empty())
        .then(|| format!("Of all the lift that is asked a λ from elsewhere gives {}.", shares.join(", ")))
}

fn percent(share: f64) -> String {
    // A share that rounds to none has no sign.
    let whole = (100.0 * share).round() + 0.0;
    if whole < 0.0 { format!("−{}%", -whole) } else { format!("{whole}%") }
}
