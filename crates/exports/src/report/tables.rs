//! The tables of the report.

use super::html::{Html, text};
use super::words::{bounds, target_said};
use crate::solution::Provenance;
use palette_study::figures::figure;
use palette_study::{CertificateReport, RepairReport, Report};
use palette_tables::{Palette, SampleSet, Target};

fn maybe(x: Option<f64>) -> String {
    x.filter(|x| x.is_finite()).map_or("–".into(), figure)
}

/// A row for each value, and for each target on a group.
pub(super) fn levels(page: &mut Html, report: &Report, palette: &Palette, set: &SampleSet) {
    let attained = report.attained();
    let scaled = report.scaled_back.is_some();
    let values = report.values.iter().enumerate().map(|(i, value)| {
        let out = attained.as_ref().map(|attained| attained.values[i]);
        let interval = out.map_or("–".into(), |out| {
            format!("{} to {}", figure(out.interval[0]), figure(out.interval[1]))
        });
        vec![
            value.name.clone(),
            target_said(palette.target(&set.values[i].name)),
            bounds(value.lower, value.upper),
            figure(value.base),
            maybe(out.map(|out| out.level)),
            interval,
            maybe(value.lambda),
            maybe(value.lambda.map(|lambda| lambda * value.standard_deviation)),
            maybe(value.max_reachable),
        ]
    });
    let groups = report.groups.iter().enumerate().map(|(k, at)| {
        let target = palette.on_group(&at.group, &at.value).unwrap_or(Target::Off);
        let level = attained.as_ref().and_then(|attained| attained.groups.get(k).copied());
        vec![
            at.name.clone(),
            target_said(target),
            bounds(at.lower, at.upper),
            figure(at.base),
            maybe(level),
            "–".into(),
            maybe(at.lambda),
            "–".into(),
            "–".into(),
        ]
    });
    let realised = if scaled { "scaled back" } else { "realised" };
    page.table(
        "levels",
        "Levels in each value's own unit",
        &["value", "asked", "that is", "base", realised, "95% interval", "λ", "λ per sd", "can go up to"],
        values.chain(groups).collect::<Vec<_>>(),
    );
}

/// The direction of the proof.
pub(super) fn direction(page: &mut Html, proof: &CertificateReport) {
    let rows =
        proof.direction.iter().filter(|(_, d)| *d != 0.0).map(|(name, d)| vec![name.to_owned(), figure(d)]);
    page.table(
        "narrow",
        "The direction d, per unit of each value",
        &["value", "d"],
        rows.collect::<Vec<_>>(),
    );
}

/// What changes for the nearest palette.
pub(super) fn nearest(page: &mut Html, nearest: &RepairReport) {
    let all = nearest.values.iter().chain(&nearest.groups).filter(|target| target.asked.is_some());
    let rows = all.map(|target| {
        vec![
            target.name.clone(),
            maybe(target.asked),
            maybe(target.target),
            if target.moved == 0.0 { "as asked".into() } else { format!("{} sd", figure(target.moved)) },
            maybe(target.realised),
        ]
    });
    page.table(
        "narrow",
        "Targets before and after",
        &["value", "asked", "nearest", "moved", "realised"],
        rows.collect::<Vec<_>>(),
    );
}

/// What made it, of what, and how to have it again.
pub(super) fn provenance(page: &mut Html, about: &Provenance) {
    page.open("dl");
    let mut entry = |term: &str, markup: &str| page.add(&format!("<dt>{term}</dt><dd>{markup}</dd>"));
    entry("Made by", &text(&format!("{}, {}", about.made_by, about.date)));
    entry("Method", "MAP, Multi-Human-Value Alignment Palette, arXiv 2410.19198, ICLR 2025");
    let set = &about.set;
    entry("Sample set", &format!("<bdi>{}</bdi>", text(&set.name)));
    if !set.about.is_empty() {
        entry("Of it", &format!("<bdi>{}</bdi>", text(&set.about)));
    }
    entry("SHA-256 of its JSON", &format!("<code>{}</code>", set.sha256));
    if let Some(palette) = &about.palette {
        entry("Palette", &format!("<code>{}</code>", text(&palette.join("; "))));
    }
    match (&about.command, &about.command_missing) {
        (Some(command), _) => entry("Solved again by", &format!("<code>{}</code>", text(command))),
        (None, Some(why)) => entry("Solved again by", &text(why)),
        (None, None) => {}
    }
    if let Some(link) = &about.link {
        let shown = text(link);
        let is_web = link.starts_with("https://") || link.starts_with("http://");
        entry("Link", &if is_web { format!("<a href=\"{shown}\">{shown}</a>") } else { shown });
    }
    page.close("dl");
}
