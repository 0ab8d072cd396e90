//! What there is to say of a palette on a table, typed: each report stands beside what makes it. Their serde
//! form is the command's JSON, whose keys stay.

mod batch;
mod by_name;
mod certificate;
mod definition;
mod drafts;
mod interactions;
mod notes;
mod palette;
mod palettes_study;
mod plane;
mod plane_prices;
mod ranges;
mod repair;
mod sequences;
mod target_price;
mod trust;
mod why_not;

pub use batch::{BatchReport, BatchRow, BatchValue};
pub use by_name::ByName;
pub use certificate::CertificateReport;
pub use definition::{RewardDefinition, RewardTerm};
pub(crate) use drafts::choices;
pub use drafts::{Drafted, DraftedValue, DraftsError, DraftsQuestion, FEWEST_PROMPTS};
pub use interactions::{
    Interaction, InteractionRow, InteractionsReport, InteractionsStudy, MOST_INTERACTING,
};
pub use palette::{Attained, AttainedLevel, Ending, GroupReport, Report, ScaledBack, Solved, ValueReport};
pub use palettes_study::{ShapeReport, ShapeRow, ShapeStudy};
pub use plane::{PlaneLine, PlaneReport, PlaneStudy, PlaneValue};
pub use plane_prices::{PlanePrices, PlanePricesStudy, PriceContour};
pub use ranges::{RangeOfValue, RangesReport};
pub use repair::{EasedRepair, Moved, RepairReport, RepairedTarget};
pub use sequences::{Joint, SequenceRound, Sequences};
pub use target_price::{LevelPrice, TargetPriceReport, TargetPriceStudy, Way};
pub use trust::{Trust, TrustStudy, TrustedValue};
pub use why_not::{NearAnswer, PairedTarget, PriceOnTheWay, WhyNotProof, WhyNotReport, WhyNotStudy};

use map_align::{Assessment, Bounds, EDGE, Solution, Verdict};

/// The weights that meet a palette: of its solution, or on the edge those that come closest, as far as
/// floating point goes. `None` out of reach.
fn closest(found: &Assessment) -> Option<&Solution> {
    match found.verdict {
        Verdict::Reachable => Some(&found.solution),
        Verdict::Edge => found.limit.as_ref().filter(|s| s.kkt_residual <= EDGE),
        Verdict::Unreachable => None,
    }
}

/// A target as one number: the bound, the lower one of a range.
fn target(bounds: &Bounds) -> Option<f64> {
    bounds.lower.or(bounds.upper)
}
