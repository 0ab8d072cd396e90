//! Why two targets cannot both be had, in words.

use crate::app::format::{drafts, isolated, number};
use palette_study::WhyNotReport;

/// What stands in the way.
pub(super) fn verdict(report: &WhyNotReport) -> String {
    report.stands_in_the_way(isolated)
}

/// The proof: `In no mix of answers does 0.60·humor + 0.40·harmless exceed 1.31; the palette asks for 1.52.`
pub(super) fn proof(report: &WhyNotReport) -> Option<String> {
    let proof = report.proof.as_ref()?;
    let (best, asked) = told_apart(proof.best, proof.asked);
    Some(format!(
        "In no mix of answers does {} exceed {best}; the palette asks for {asked}.",
        proof.direction.weighted_sum(number, isolated)
    ))
}

/// Two numbers with as many figures as tell them apart.
fn told_apart(best: f64, asked: f64) -> (String, String) {
    let short = (number(best), number(asked));
    if short.0 != short.1 {
        return short;
    }
    let minus = |text: String| text.replace('-', "−");
    let long = (3..12).map(|places| (minus(format!("{best:.places$}")), minus(format!("{asked:.places$}"))));
    long.into_iter().find(|(best, asked)| best != asked).unwrap_or(short)
}

/// How far both can go together, and what that costs.
pub(super) fn prices(report: &WhyNotReport) -> String {
    let held = if report.held == 1.0 {
        "With the other targets held as asked".to_owned()
    } else {
        format!(
            "With the other targets held at {}% of their way, as far as they can be",
            percent(report.held)
        )
    };
    let Some(edge) = report.edge else {
        return format!("{held}, both can go beyond 150% of the way from the base to what is asked.");
    };
    let last = report.prices.last().filter(|price| price.share > 0.0).map_or(String::new(), |price| {
        format!(
            "; just before the edge that costs {} nats, {} drafts",
            number(price.kl),
            drafts(price.drafts)
        )
    });
    let all = report
        .edge_of_all
        .filter(|all| (all - edge).abs() > 5e-4)
        .map_or(String::new(), |all| format!(" All targets scaled alike go {}%.", percent(all)));
    format!("{held}, both can go {}% of the way from the base to what is asked{last}.{all}", percent(edge))
}

fn percent(share: f64) -> String {
    let text = format!("{:.1}", 100.0 * share);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use palette_study::{PairedTarget, PriceOnTheWay, Verdict, WhyNotProof};

    fn report() -> WhyNotReport {
        let target = |name: &str| PairedTarget {
            name: name.into(),
            value: name.into(),
            group: None,
            base: 0.0,
            standard_deviation: 1.0,
            lower: Some(1.5),
            upper: None,
        };
        WhyNotReport {
            verdict: Verdict::Unreachable,
            pair: [target("humor"), target("harmless")],
            targets: Vec::new(),
            pair_possible: false,
            others: Vec::new(),
            others_alone: false,
            proof: Some(WhyNotProof {
                direction: [("humor".to_owned(), 0.6), ("harmless".to_owned(), -0.4)].into_iter().collect(),
                asked: 1.5204,
                best: 1.31,
                asked_sd: 1.0,
                best_sd: 0.5,
            }),
            held: 1.0,
            edge: Some(0.82),
            edge_of_all: Some(0.7),
            prices: vec![PriceOnTheWay {
                share: 0.8,
                levels: [1.0; 2],
                kl: 1.2,
                drafts: 3.3,
                lambda: [1.0; 2],
            }],
            answers_meeting_both: 0,
            answers: 9,
            nearest: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn what_stands_in_the_way_is_said() {
        let mut found = report();
        assert!(verdict(&found).contains("humor and harmless exclude each other"));
        assert_eq!(
            proof(&found).as_deref(),
            Some(
                "In no mix of answers does 0.60·humor − 0.40·harmless exceed 1.31; the palette asks for 1.52."
            )
        );
        assert_eq!(
            prices(&found),
            "With the other targets held as asked, both can go 82% of the way from the base to what is asked; \
                just before the edge that costs 1.20 nats, 4 drafts. All targets scaled alike go 70%."
        );
        (found.pair_possible, found.others) = (true, vec!["fluent".into()]);
        assert!(verdict(&found).contains("it is fluent beside them that makes it impossible"));
        found.others_alone = true;
        assert!(verdict(&found).contains("fluent is out of reach without them"));
        assert_eq!(told_apart(1.0, 1.0004), ("1.0000".to_owned(), "1.0004".to_owned()));
        (found.held, found.edge) = (0.5, None);
        assert!(prices(&found).starts_with("With the other targets held at 50% of their way"));
    }
}
