//! All that a worker can be asked.

use crate::columns;
use crate::{
    Aligned, Call, DrawConfig, Drawing, HeadFile, Imported, Importing, Loading, NoProgress, OnSet, Prepared,
    Previewed, Resampled, Scored, Scoring, SetKey, Store, Studied,
};
use palette_lessons::{Class, SheetFile};
use palette_shelf::Failure;
use palette_study::align::AskedTarget;
use palette_study::away::{Away, Form, Taken};
use palette_study::compare::{CompareQuestion, Comparison};
use palette_study::lab::Setting;
use palette_study::paper::Published;
use palette_study::studies::{Progress, StudyQuestion};
use palette_study::{
    Drafted, DraftsQuestion, EasedRepair, PlanePrices, PlaneReport, Question, Sequences, Solved,
    TargetPriceReport, WhyNotReport,
};
use palette_tables::import::Role;
use palette_tables::prompts::Prompt;
use palette_tables::{Drawn, SampleSet, Sampling, Value};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// Makes the enum that carries them all, and says of each what it is answered with.
macro_rules! calls {
    ($($(#[$doc:meta])* $call:ident -> $reply:ty, $progress:ty;)*) => {
        /// Any request.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub enum Request {
            $($(#[$doc])* $call($call),)*
        }
        $(
            impl Call for $call {
                type Reply = $reply;
                type Progress = $progress;
            }
            impl From<$call> for Request {
                fn from(call: $call) -> Self {
                    Request::$call(call)
                }
            }
        )*
    };
}

calls! {
    Import -> Previewed, Importing;
    Take -> Imported, NoProgress;
    Use -> (), NoProgress;
    Reopen -> Imported, NoProgress;
    /// Needs no turn, as [`Stored`]. `None` where the set is not held.
    Keep -> Option<Result<(), Failure>>, NoProgress;
    /// A newer one overtakes an older one that still waits, which then is cancelled.
    Solve -> OnSet<Solved>, NoProgress;
    Repairs -> OnSet<Vec<EasedRepair>>, NoProgress;
    /// Is cancelled as soon as anything else is asked.
    Trust -> OnSet<palette_study::Trust>, Resampled;
    Drafts -> OnSet<Drafted>, NoProgress;
    Sequential -> OnSet<Sequences>, NoProgress;
    SolverLab -> OnSet<Setting>, NoProgress;
    /// Is cancelled as soon as anything else is asked.
    Plane -> OnSet<PlaneReport>, NoProgress;
    /// Likewise.
    PricesInPlane -> OnSet<PlanePrices>, NoProgress;
    /// Likewise.
    PriceOfTarget -> OnSet<TargetPriceReport>, NoProgress;
    /// Likewise.
    WhyNot -> OnSet<WhyNotReport>, NoProgress;
    Compare -> OnSet<Comparison>, NoProgress;
    TakeAway -> OnSet<Away>, NoProgress;
    /// For a worker of its own: it brings its table.
    Study -> Studied, Progress;
    Grade -> Class, NoProgress;
    Prepare -> Prepared, Loading;
    Draw -> Drawn, Drawing;
    Align -> Aligned, NoProgress;
    Score -> Scored, Scoring;
    ReadHead -> Value, NoProgress;
    ReadPublished -> Vec<Published>, NoProgress;
    ReadPrompts -> Vec<Prompt>, NoProgress;
    /// Needs no turn: it is answered while another request is at work.
    Stored -> Store, NoProgress;
    Fetch -> Vec<String>, Loading;
    Verify -> Vec<String>, Loading;
    Delete -> (), NoProgress;
}

/// Read a reward table from a file, and keep it until [`Take`] asks for it or another is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Import {
    /// The file's name.
    pub name: String,
    /// The `File` itself: only the worker reads it.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: JsValue,
    /// Roles of columns by name, in place of those that are found.
    pub roles: Vec<(String, Role)>,
    /// Names that targets mention: doubtful columns called so are values.
    pub chosen: Vec<String>,
}

/// Give the table that was read last, and hold it for questions about the set of this id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Take {
    pub set_id: usize,
}

/// Hold this sample set for questions about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Use {
    pub key: SetKey,
    #[serde(with = "columns")]
    pub set: Arc<SampleSet>,
}

/// Check a set that this browser kept, as if it came from a file, and hold it for questions about `set_id`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reopen {
    pub set_id: usize,
    /// What it was kept as.
    pub name: String,
    pub source: Source,
    /// Its [`crate::stored::fingerprint`] when it was kept, where that is known.
    pub fingerprint: Option<String>,
}

/// Where a kept set is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Source {
    /// Here: what [`crate::stored::unpack`] reads. Goes through as it is.
    Given(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue),
    /// In the browser's database of this name, where [`Keep`] or the page has put it.
    Kept { database: String, key: String },
}

/// Keep a sample set that is held in the browser's database, packed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Keep {
    pub on: SetKey,
    /// Name of the database, and the key among its tables.
    pub database: String,
    pub key: String,
}

/// Solve a palette.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Solve {
    pub on: SetKey,
    pub question: Question,
}

/// Work out repairs of a palette; with a budget in nats also the nearest palette at that price.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Repairs {
    pub on: SetKey,
    pub question: Question,
    pub budget: Option<f64>,
}

/// Bootstrap a palette, and judge it on held-out prompts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trust {
    pub on: SetKey,
    pub question: Question,
    pub resamples: usize,
    /// Random halves for the held-out levels.
    pub splits: usize,
    pub seed: u64,
}

/// Solve a palette for choosing one of `k` drafts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Drafts {
    pub on: SetKey,
    pub question: Question,
    pub drafts: DraftsQuestion,
}

/// Align to one value after another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sequential {
    pub on: SetKey,
    pub question: Question,
    pub rounds: usize,
}

/// Solve a palette by several solvers, each timed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SolverLab {
    pub on: SetKey,
    pub question: Question,
}

/// Trace what two values can be at once; without names those with the largest λ.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plane {
    pub on: SetKey,
    pub question: Question,
    pub values: Option<[String; 2]>,
}

/// Trace lines of equal price in the plane of two values, by name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PricesInPlane {
    pub on: SetKey,
    pub question: Question,
    pub values: [String; 2],
}

/// Work out what one target costs along its lane, by the name of a value or `VALUE@GROUP`; without a name that of the
/// largest λ.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PriceOfTarget {
    pub on: SetKey,
    pub question: Question,
    pub of: Option<String>,
}

/// Make a file to take away of a palette.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeAway {
    pub on: SetKey,
    pub question: Question,
    pub form: Form,
    pub taken: Taken,
}

/// Work out why two targets, by name, cannot both be had; without names those that weigh most in the proof.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WhyNot {
    pub on: SetKey,
    pub question: Question,
    pub pair: Option<[String; 2]>,
}

/// Solve a palette by every method, each choosing among the same drafts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Compare {
    pub on: SetKey,
    pub question: Question,
    pub compare: CompareQuestion,
    #[serde(with = "columns")]
    pub drafts: Arc<SampleSet>,
}

/// Study a table, step by step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Study {
    pub question: StudyQuestion,
    /// Without answers where the study is about none.
    #[serde(with = "columns")]
    pub set: Arc<SampleSet>,
    /// Another set to look at; without answers where there is none.
    #[serde(with = "columns")]
    pub beside: Arc<SampleSet>,
}

/// Grade answer sheets: solve every palette in them again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grade {
    /// The built-in set.
    #[serde(with = "columns")]
    pub set: Arc<SampleSet>,
    /// Texts of lessons.
    pub lessons: Vec<String>,
    pub sheets: Vec<SheetFile>,
}

/// Load what drawing and scoring needs, from the cache where it is there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Prepare {
    pub config: DrawConfig,
}

/// Draw and score answers to one prompt; the worker must be prepared.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draw {
    pub prompt: String,
    pub sampling: Sampling,
}

/// Pick one draft of each prompt, and measure what comes of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Align {
    #[serde(with = "columns")]
    pub drafts: Arc<SampleSet>,
    /// For every value by name: λ in nats per unit.
    pub lambda: Vec<(String, f64)>,
    pub asked: Vec<AskedTarget>,
    /// Solve again on so many of the prompts, and judge on the others.
    pub calibrate: Option<usize>,
    /// With which confidence it is to hold there, for `calibrate`.
    pub confidence: Option<f64>,
    pub seed: u64,
}

/// Reward every answer of a set by one more head.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Score {
    #[serde(with = "columns")]
    pub set: Arc<SampleSet>,
    pub head: HeadFile,
}

/// Say what value a head file adds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadHead {
    pub file: HeadFile,
}

/// Read the prompts in a file, in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadPrompts {
    /// The file's name.
    pub name: String,
    /// The `File` itself: only the worker reads it.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: JsValue,
}

/// Read a file of published palettes, or a log of runs on the table of this name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadPublished {
    /// The file's name.
    pub name: String,
    /// The `File` itself: only the worker reads it.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: JsValue,
    pub table: String,
}

/// Say which model files the cache holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stored {}

/// Bring what is missing of a model into the cache, without making anything of it. The reply is plain
/// sentences about how that went.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fetch {
    pub model: String,
}

/// Check every cached file of a model against its SHA-256, and drop those that fail. The reply names these.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Verify {
    pub model: String,
}

/// Delete the cached files of a model.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Delete {
    pub model: String,
}
