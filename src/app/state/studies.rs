//! Findings on the palette on show: nothing of them outlives that palette.

use crate::client::clock;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use palette_study::lab::Setting;
use palette_study::{
    Drafted, EasedRepair, PlanePrices, PlaneReport, Sequences, TargetPriceReport, Trust, WhyNotReport,
};

/// `None` until it is there; the error is a sentence.
pub type Found<T> = Option<Result<T, String>>;

/// One thing to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Study {
    Repairs,
    /// The palette for the drafts that are to be drawn.
    Plan,
    Drafts,
    Sequences,
    Trust,
    /// What two values can be at once.
    Plane,
    /// What they cost.
    PlanePrices,
    WhyNot,
    /// What one target costs along its lane.
    Price,
    /// Several solvers.
    Lab,
}

impl Study {
    /// How long a palette has rested before this is asked about it, milliseconds: a handle on its way must
    /// not be held up.
    pub fn rest(self) -> f64 {
        match self {
            Study::Repairs => 160.0,
            Study::Plan | Study::Drafts | Study::Sequences | Study::Plane | Study::WhyNot | Study::Price => {
                250.0
            }
            Study::PlanePrices => 400.0,
            Study::Trust | Study::Lab => 500.0,
        }
    }
}

/// All of it, for the outcome on show. Copies share it.
#[derive(Clone, Copy)]
pub struct Studies {
    /// For a palette that is not reachable.
    pub repairs: RwSignal<Found<Vec<EasedRepair>>>,
    /// For a reachable palette.
    pub trust: RwSignal<Found<Trust>>,
    /// How many resamples of how many are done, while they are drawn.
    pub resampled: RwSignal<Option<(usize, usize)>>,
    /// The palette for the drafts that are to be drawn, with the margins that it takes to hold on new prompts.
    pub plan: RwSignal<Found<Drafted>>,
    pub drafts: RwSignal<Found<Drafted>>,
    pub sequences: RwSignal<Found<Sequences>>,
    pub lab: RwSignal<Found<Setting>>,
    pub plane: RwSignal<Found<PlaneReport>>,
    pub plane_prices: RwSignal<Found<PlanePrices>>,
    pub price: RwSignal<Found<TargetPriceReport>>,
    /// For a palette that is out of reach.
    pub why_not: RwSignal<Found<WhyNotReport>>,
    pub prices_open: RwSignal<bool>,
    pub price_open: RwSignal<bool>,
    pub drafts_open: RwSignal<bool>,
    pub sequences_open: RwSignal<bool>,
    pub lab_open: RwSignal<bool>,
    pub plane_open: RwSignal<bool>,
    pub why_not_open: RwSignal<bool>,
    /// The two values of the plane; `None` leaves them to what weighs most.
    pub plane_values: RwSignal<Option<[String; 2]>>,
    /// The value, or `VALUE@GROUP`, whose price is told; likewise.
    pub price_of: RwSignal<Option<String>>,
    /// The two targets to ask about; likewise.
    pub why_not_pair: RwSignal<Option<[String; 2]>>,
    /// Drafts to choose from.
    pub k: RwSignal<usize>,
    /// The question at work.
    pub in_flight: StoredValue<InFlight, LocalStorage>,
}

/// The request at work.
#[derive(Default)]
pub struct InFlight {
    /// Counts what was asked: a reply to anything but the request at work is stale.
    pub last_ticket: u32,
    pub at_work: Option<(u32, Study)>,
    /// When the outcome came.
    pub since: f64,
    pub timer: Option<Timeout>,
}

impl Studies {
    pub fn new() -> Self {
        Studies {
            repairs: RwSignal::new(None),
            trust: RwSignal::new(None),
            resampled: RwSignal::new(None),
            plan: RwSignal::new(None),
            drafts: RwSignal::new(None),
            sequences: RwSignal::new(None),
            lab: RwSignal::new(None),
            plane: RwSignal::new(None),
            plane_prices: RwSignal::new(None),
            price: RwSignal::new(None),
            why_not: RwSignal::new(None),
            prices_open: RwSignal::new(false),
            price_open: RwSignal::new(false),
            drafts_open: RwSignal::new(false),
            sequences_open: RwSignal::new(false),
            lab_open: RwSignal::new(false),
            plane_open: RwSignal::new(true),
            why_not_open: RwSignal::new(false),
            plane_values: RwSignal::new(None),
            price_of: RwSignal::new(None),
            why_not_pair: RwSignal::new(None),
            k: RwSignal::new(16),
            in_flight: StoredValue::new_local(InFlight::default()),
        }
    }

    /// Forgets what was found: another outcome comes.
    pub fn clear(self) {
        self.in_flight.update_value(|in_flight| {
            in_flight.at_work = None;
            in_flight.since = clock::milliseconds();
        });
        forget(self.repairs);
        forget(self.trust);
        forget(self.resampled);
        self.clear_plan();
        forget(self.drafts);
        forget(self.sequences);
        forget(self.lab);
        forget(self.plane);
        forget(self.plane_prices);
        forget(self.price);
        forget(self.why_not);
    }

    /// What is found out of `study` is not wanted any more.
    fn call_off(self, of: Study) {
        self.in_flight.update_value(|in_flight| {
            in_flight.at_work = in_flight.at_work.filter(|(_, study)| *study != of);
        });
    }

    /// Forgets the plan: something else is to be drawn.
    pub fn clear_plan(self) {
        self.call_off(Study::Plan);
        forget(self.plan);
    }

    /// Shows the plane of these values from now on.
    pub fn show_plane_of(self, values: Option<[String; 2]>) {
        self.call_off(Study::Plane);
        self.call_off(Study::PlanePrices);
        forget(self.plane);
        forget(self.plane_prices);
        self.plane_values.set(values);
    }

    /// Tells the price of this target from now on.
    pub fn price(self, of: Option<String>) {
        self.call_off(Study::Price);
        forget(self.price);
        self.price_of.set(of);
    }

    /// Asks about these targets from now on.
    pub fn ask_why_not(self, pair: Option<[String; 2]>) {
        self.call_off(Study::WhyNot);
        forget(self.why_not);
        self.why_not_pair.set(pair);
    }

    /// Studies the choice among `k` drafts from now on.
    pub fn choose_among(self, k: usize) {
        self.call_off(Study::Drafts);
        forget(self.drafts);
        self.k.set(k);
    }
}

/// Empties a signal; says so only to those who saw something in it.
pub fn forget<T: Send + Sync + 'static>(signal: RwSignal<Option<T>>) {
    if signal.with_untracked(Option::is_some) {
        signal.set(None);
    }
}
