//! The open questions of the paper, each asked of a table step by step, so that whoever waits is told how far
//! it is and can give up.
//!
//! One more study is a type that is done in [`Steps`], a question in [`StudyQuestion`] and a report in
//! [`StudyReport`]: the worker and the page's cards go by these three.

use crate::compose::Composer;
use crate::lab::{Lab, LabStudy};
use crate::paper::{PaperReport, PaperStudy, Published};
use crate::scaling::{Instruments, ScalingQuestion, ScalingReport, ScalingStudy};
use crate::transfer::{Transfer, TransferStudy};
use crate::{InteractionsReport, InteractionsStudy, Pooling, Question, ShapeReport, ShapeStudy};
use palette_tables::{Palette, SampleSet};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many steps of how many are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub done: usize,
    pub total: usize,
}

impl Progress {
    /// Whether nothing is left.
    pub fn is_done(self) -> bool {
        self.done >= self.total
    }
}

/// A study of a table, with all that it takes beside the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StudyQuestion {
    /// So many random palettes for each number of values, drawn by the seed, and the grid.
    Shape { pooling: Pooling, palettes: usize, seed: u64 },
    /// Interactions of these values (of all that vary, where none is named) at so many nats.
    Interactions { pooling: Pooling, values: Vec<String>, kl: f64 },
    /// The palette on each group of prompts, choosing one of the first `k` answers to each (of as many as all have),
    /// and with the λ of every other group; with `beside` another set's groups too.
    Transfer { palette: Palette, k: Option<usize>, beside: bool },
    /// Time and memory on synthetic tables; about no table.
    Scaling(ScalingQuestion),
    /// Several solvers on this palette, on parts of the table and with some of its targets.
    Lab { question: Question },
    /// What was published of palettes on this table.
    Paper { published: Vec<Published> },
}

/// Makes the enum of all reports, and says what they have in common.
macro_rules! reports {
    ($($study:ident($report:ty),)*) => {
        /// What a study found.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum StudyReport {
            $($study($report),)*
        }

        impl StudyReport {
            /// What one sees, in sentences.
            pub fn sentences(&self) -> &[String] {
                match self { $(StudyReport::$study(report) => &report.sentences,)* }
            }

            /// What must be known beside it, in sentences.
            pub fn notes(&self) -> &[String] {
                match self { $(StudyReport::$study(report) => &report.notes,)* }
            }

            /// Its numbers as a table with a header.
            pub fn csv(&self) -> String {
                match self { $(StudyReport::$study(report) => report.csv(),)* }
            }

            /// The report alone, as the command writes it.
            ///
            /// # Errors
            /// As of writing JSON.
            pub fn json(&self) -> Result<String, serde_json::Error> {
                match self { $(StudyReport::$study(report) => serde_json::to_string_pretty(report),)* }
            }
        }
    };
}

reports! {
    Shape(ShapeReport),
    Interactions(InteractionsReport),
    Transfer(Transfer),
    Lab(Lab),
    Scaling(ScalingReport),
    Paper(PaperReport),
}

/// A study at work.
pub trait Steps {
    fn progress(&self) -> Progress;

    /// Does one more step; nothing when all are done.
    ///
    /// # Errors
    /// A sentence when the study cannot go on.
    fn step(&mut self) -> Result<(), String>;

    /// What was found.
    fn report(self: Box<Self>) -> StudyReport;
}

impl StudyQuestion {
    /// Whether it looks at another set beside the table.
    pub fn looks_beside(&self) -> bool {
        matches!(self, StudyQuestion::Transfer { beside: true, .. })
    }

    /// Begins the study of a set; `beside` is another one, for a study that looks at two, and `instruments` are for
    /// what is measured.
    ///
    /// # Errors
    /// A sentence when it makes no sense on this set.
    pub fn begin(
        &self,
        set: &Arc<SampleSet>,
        beside: Option<&SampleSet>,
        instruments: Instruments,
    ) -> Result<Box<dyn Steps>, String> {
        let composer = |pooling| Composer::prepared(set.clone(), pooling).map_err(|error| error.to_string());
        Ok(match self {
            StudyQuestion::Shape { pooling, palettes, seed } => {
                Box::new(composer(*pooling)?.shape_study(*pooling, *palettes, *seed)?)
            }
            StudyQuestion::Interactions { pooling, values, kl } => {
                Box::new(composer(*pooling)?.interactions_study(*pooling, values, *kl)?)
            }
            StudyQuestion::Lab { question } => {
                let study = composer(question.pooling)?.lab(question)?;
                Box::new(TimedLab { study, seconds: instruments.seconds })
            }
            StudyQuestion::Transfer { palette, k, .. } => {
                Box::new(TransferStudy::new(set, beside, palette, *k)?)
            }
            StudyQuestion::Scaling(question) => Box::new(ScalingStudy::new(question.clone(), instruments)?),
            StudyQuestion::Paper { published } => {
                Box::new(composer(Pooling::Pooled)?.paper_study(published.clone())?)
            }
        })
    }
}

impl Steps for ShapeStudy {
    fn progress(&self) -> Progress {
        ShapeStudy::progress(self)
    }

    fn step(&mut self) -> Result<(), String> {
        ShapeStudy::step(self);
        Ok(())
    }

    fn report(self: Box<Self>) -> StudyReport {
        StudyReport::Shape(ShapeStudy::report(*self))
    }
}

impl Steps for InteractionsStudy {
    fn progress(&self) -> Progress {
        InteractionsStudy::progress(self)
    }

    fn step(&mut self) -> Result<(), String> {
        InteractionsStudy::step(self)
    }

    fn report(self: Box<Self>) -> StudyReport {
        StudyReport::Interactions(InteractionsStudy::report(*self))
    }
}

impl Steps for TransferStudy {
    fn progress(&self) -> Progress {
        TransferStudy::progress(self)
    }

    fn step(&mut self) -> Result<(), String> {
        TransferStudy::step(self)
    }

    fn report(self: Box<Self>) -> StudyReport {
        StudyReport::Transfer(TransferStudy::report(*self))
    }
}

/// The lab with the clock that it is timed by.
struct TimedLab {
    study: LabStudy,
    seconds: fn() -> f64,
}

impl Steps for TimedLab {
    fn progress(&self) -> Progress {
        self.study.progress()
    }

    fn step(&mut self) -> Result<(), String> {
        self.study.step(&self.seconds);
        Ok(())
    }

    fn report(self: Box<Self>) -> StudyReport {
        StudyReport::Lab(self.study.finish(&self.seconds))
    }
}

impl Steps for ScalingStudy {
    fn progress(&self) -> Progress {
        ScalingStudy::progress(self)
    }

    fn step(&mut self) -> Result<(), String> {
        ScalingStudy::step(self)
    }

    fn report(self: Box<Self>) -> StudyReport {
        StudyReport::Scaling(ScalingStudy::report(*self))
    }
}

impl Steps for PaperStudy {
    fn progress(&self) -> Progress {
        PaperStudy::progress(self)
    }

    fn step(&mut self) -> Result<(), String> {
        PaperStudy::step(self);
        Ok(())
    }

    fn report(self: Box<Self>) -> StudyReport {
        StudyReport::Paper(PaperStudy::report(*self))
    }
}
