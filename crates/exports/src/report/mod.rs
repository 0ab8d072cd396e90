//! The report: one HTML file without a script, light, that prints on A4.

mod html;
mod tables;
mod words;

use crate::figures::{Shown, plane_in_words, price_lines};
use crate::solution::{Provenance, nearest};
use html::{Html, text};
use palette_study::away::Taken;
use palette_study::compose::Composer;
use palette_study::{Question, Verdict};

const STYLE: &str = include_str!("report.css");

/// The report on `question`.
pub(crate) fn html(composer: &mut Composer, question: &Question, taken: &Taken) -> Result<String, String> {
    let plane = composer.plane(question, None).ok().map(|study| study.whole());
    let prices = plane.as_ref().map_or_else(Vec::new, |plane| price_lines(composer, question, plane));
    // The last of what is asked, so that the next palette of the page begins near it.
    let solved = composer.solve(&question.palette, question.pooling)?;
    let nearest = nearest(composer, question, &solved.report)?;
    let set = composer.set();
    let about = Provenance::of(set, question, taken)?;
    let shown = Shown::new(set, question, &solved)?;
    let report = &solved.report;

    let mut page = Html::default();
    page.open("header");
    page.add(&format!(
        "<p class=\"kind\">MAP Palette · report</p><h1>{}</h1>",
        words::verdict(report.verdict)
    ));
    page.paragraph("lead", &words::sentence(report, set.answers.len()));
    page.add(&format!(
        "<p>Sample set <strong><bdi>{}</bdi></strong>, {}</p>",
        text(&set.name),
        text(&words::shape(set))
    ));
    page.close("header");

    page.section("The palette", |page| {
        page.paragraph("", &words::what_table_says(report));
        tables::levels(page, report, &question.palette, set);
        for note in &report.notes {
            page.paragraph("note", note);
        }
    });
    page.section("What it costs", |page| {
        words::price(report).iter().for_each(|sentence| page.paragraph("", sentence));
    });
    let heading =
        if report.verdict == Verdict::Unreachable { "Why it is out of reach" } else { "How sure this is" };
    page.section(heading, |page| {
        words::proof(report).iter().for_each(|sentence| page.paragraph("", sentence));
        if let Some(proof) = &report.certificate {
            tables::direction(page, proof);
        }
    });
    if let Some(nearest) = nearest.filter(|nearest| nearest.possible) {
        page.section("The nearest palette within reach", |page| {
            page.paragraph("", &words::nearest(&nearest));
            tables::nearest(page, &nearest);
        });
    }
    let strips = shown.strips()?;
    let plane = plane.map(|found| shown.plane(&found, prices).map(|svg| (found, svg))).transpose()?;
    page.section("Pictures", |page| {
        let legend = "Each value before (grey) and after (in colour); dashed, what is asked; the thick mark, what comes \
            out, with its 95% interval.";
        page.figure(&strips, legend);
        if let Some((found, svg)) = &plane {
            let [a, b] = found.values.clone().map(|value| value.name);
            let what = format!("{a} (across) and {b} (up) at once, the other targets held; lines of equal price.");
            page.figure(svg, &format!("{what} {}", plane_in_words(found)));
        }
    });
    page.section("How it was worked out", |page| {
        words::method(report).iter().for_each(|sentence| page.paragraph("", sentence));
    });
    page.section("Where it is from", |page| tables::provenance(page, &about));
    let title = format!("{}: {} – MAP Palette", set.name, words::verdict(report.verdict));
    Ok(page.document(&title, STYLE))
}
