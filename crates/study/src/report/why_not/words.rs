//! What stands between two targets, in a sentence.

use super::WhyNotReport;
use map_align::Verdict;

/// Names beyond this are counted, not listed.
const NAMED: usize = 4;

impl WhyNotReport {
    /// What stands in the way, in a sentence; `called` is how a name is written.
    pub fn stands_in_the_way(&self, called: impl Fn(&str) -> String) -> String {
        let [a, b] = [0, 1].map(|at| called(&self.pair[at].name));
        let others: Vec<String> = self.others.iter().map(|name| called(name)).collect();
        let them = listed(&others);
        let verb = if others.len() == 1 { "is" } else { "are" };
        let alone = self.proof.as_ref().and_then(|proof| {
            let mut names = proof.direction.iter();
            names.next().filter(|_| names.next().is_none()).map(|(name, _)| called(name))
        });
        match (self.verdict, self.pair_possible) {
            (_, false) => match alone {
                Some(one) => format!("{one} by itself is out of reach as asked, whatever else is given up."),
                None => format!("{a} and {b} exclude each other as asked, whatever else is given up."),
            },
            (Verdict::Reachable, _) => format!("{a} and {b} are both possible, and so is the whole palette."),
            (Verdict::Edge, _) => {
                format!("{a} and {b} are possible at once; the whole palette lies on the edge.")
            }
            (Verdict::Unreachable, _) if others.is_empty() => {
                format!("{a} and {b} are possible at once; the other targets make the palette impossible.")
            }
            (Verdict::Unreachable, _) if self.others_alone => {
                format!("{a} and {b} are possible at once; {them} {verb} out of reach without them.")
            }
            (Verdict::Unreachable, _) => {
                format!("Both are possible at once; it is {them} beside them that makes it impossible.")
            }
        }
    }
}

/// `a, b and c`; `a, b, c, d and 2 more`.
fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let mut shown = names[..names.len() - more].to_vec();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    match shown.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => shown.concat(),
    }
}
