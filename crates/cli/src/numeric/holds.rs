//! A palette for one of k drafts in words, and how a confidence is said.

use super::print;
use palette_study::{Drafted, Verdict};

/// A confidence in percent, as a share.
pub(super) fn confidence(text: &str) -> Result<f64, String> {
    let number = palette_tables::number::parse(text.trim().trim_end_matches('%').trim_end());
    match number {
        Ok(percent) if (50.0..=99.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("a confidence must be 50 to 99 percent, such as 90".into()),
    }
}

pub(super) fn in_words(drafted: &Drafted) -> String {
    let rows: Vec<Vec<String>> = (drafted.values.iter().chain(&drafted.on_groups))
        .map(|v| {
            let mut row = vec![v.name.clone(), print::maybe(v.realised), print::maybe(v.lambda)];
            row.extend(drafted.hold.map(|_| print::maybe(v.margin)));
            row
        })
        .collect();
    let mut header = vec!["value", "realised", "λ"];
    header.extend(drafted.hold.map(|_| "margin"));
    let hold = drafted.hold.map_or(String::new(), |hold| {
        format!(
            ", each target to hold on {} new prompts with {:.0}% confidence",
            hold.prompts,
            100.0 * hold.confidence
        )
    });
    let without = drafted
        .hold
        .and(drafted.kl_without_margin)
        .map_or(String::new(), |kl| format!(" ({} without the margins)", print::number(kl)));
    let mut text = format!(
        "\nChoosing one of {} drafts ({} groups of {} prompts, {} answers left over){hold}: {}, {} of at most {} \
            nats{without}.\n",
        drafted.k,
        drafted.groups,
        drafted.prompts,
        drafted.left_out,
        print::verdict(drafted.verdict),
        print::maybe(drafted.kl),
        print::number(drafted.largest_kl),
    );
    if drafted.verdict != Verdict::Reachable {
        text += &match drafted.enough {
            Some(k) => format!("{k} drafts reach it.\n"),
            None => "No number of drafts that the prompts have reaches it.\n".to_owned(),
        };
        if let Some(nearest) = &drafted.nearest {
            let moved = nearest.iter().filter_map(|moved| {
                let at = moved.group.as_ref().map_or(String::new(), |group| format!("@{group}"));
                let name = &drafted.values.get(moved.value)?.name;
                Some(format!("{name}{at} {}", print::bounds(moved.lower, moved.upper)))
            });
            text += &format!(
                "The nearest palette that {} drafts reach: {}.\n",
                drafted.k,
                moved.collect::<Vec<_>>().join(", ")
            );
        }
    }
    if let Some(prompts) = drafted.deciding_prompts {
        text += &format!("About {prompts} new prompts would tell whether it holds.\n");
    }
    text + &print::table(&header, &rows)
}
