//! The answers of a class: every verdict is solved again, none is taken from a sheet.

use crate::check::{Check, Tried};
use crate::facts::Facts;
use crate::lesson::{Lesson, Task};
use crate::sheet::{Answer, Asked, Sheet, TaskSheet};
use palette_study::compose::Composer;
use palette_tables::SampleSet;
use palette_tables::csv_text::Writer;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file that should be an answer sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// Its name.
    pub file: String,
    pub text: String,
}

/// What became of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    Right,
    Wrong,
    NotTried,
    /// On a table that is not here.
    NotChecked,
}

/// The class at a glance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Class {
    pub lessons: Vec<LessonResults>,
    /// Files that were left out, each with a sentence that says why.
    pub left_out: Vec<(String, String)>,
}

/// The answers to one lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LessonResults {
    pub id: String,
    pub title: String,
    /// In the order of the lesson.
    pub tasks: Vec<TaskResults>,
    /// By name.
    pub pupils: Vec<Pupil>,
    /// Id of the task that most pupils missed; `None` where nobody missed any.
    pub most_missed: Option<String>,
}

/// What a class made of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskResults {
    pub id: String,
    pub title: String,
    /// So many pupils got it right.
    pub right: usize,
    /// So many tried and did not.
    pub wrong: usize,
    /// Wrong options of a choice by how many tries took them, the most frequent first.
    pub wrong_choices: Vec<(String, usize)>,
}

/// A pupil's sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pupil {
    /// As on the sheet; may be empty.
    pub name: String,
    pub file: String,
    pub right: usize,
    pub seconds: f64,
    /// One for each task of the lesson.
    pub tasks: Vec<PupilTask>,
    /// Plain sentences: another version of the lesson, a name that stands twice, a verdict that does not hold.
    pub notes: Vec<String>,
}

/// What a pupil made of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PupilTask {
    pub mark: Mark,
    pub tries: u32,
    pub seconds: f64,
    pub hints: u32,
    /// What is to be said of the last answer.
    pub says: String,
}

/// Grades sheet after sheet.
pub struct Grading {
    lessons: Vec<Arc<Lesson>>,
    built_in: Composer,
    /// Of lessons that bring a table, by their id.
    own: BTreeMap<String, Result<Composer, String>>,
    class: Class,
}

impl Grading {
    /// For these lessons, on the built-in set.
    ///
    /// # Errors
    /// A sentence when nothing can be solved on the set.
    pub fn new(lessons: Vec<Arc<Lesson>>, built_in: Arc<SampleSet>) -> Result<Self, String> {
        let built_in = Composer::new(built_in).map_err(|error| error.to_string())?;
        Ok(Grading { lessons, built_in, own: BTreeMap::new(), class: Class::default() })
    }

    /// Takes a sheet; one that cannot be graded is left out by name.
    pub fn add(&mut self, given: &Given) {
        if let Err(why) = self.graded(given) {
            self.class.left_out.push((given.file.clone(), why));
        }
    }

    fn graded(&mut self, given: &Given) -> Result<(), String> {
        let sheet = Sheet::read(&given.text)?;
        let lesson =
            self.lessons.iter().find(|lesson| lesson.id == sheet.lesson).cloned().ok_or_else(|| {
                format!(
                    "It is for the lesson “{}”, which is not here. Open that lesson's file too.",
                    sheet.lesson
                )
            })?;
        let mut notes = Vec::new();
        if sheet.version != lesson.version() {
            notes.push(
                "It was done on another version of this lesson; its answers are held against the version here."
                    .to_owned(),
            );
        }
        let mut tasks = Vec::new();
        for (task, title) in titled(&lesson) {
            let tried = sheet.task(&task.id);
            let graded = self.task(&lesson, task, tried);
            if tried.is_some_and(|tried| tried.done) && graded.mark == Mark::Wrong {
                notes.push(format!(
                    "“{title}” is marked as done on the sheet, but its last answer is not right."
                ));
            }
            tasks.push(graded);
        }
        let right = tasks.iter().filter(|task| task.mark == Mark::Right).count();
        let seconds = tasks.iter().map(|task| task.seconds).sum();
        let results = self.results(&lesson);
        for (task, summary) in lesson.tasks().zip(&mut results.tasks) {
            if let (Check::Choice(choice), Some(tried)) = (&task.check, sheet.task(&task.id)) {
                for answer in &tried.answers {
                    let option =
                        if let Answer::Choice(option) = answer { choice.options.get(*option) } else { None };
                    if let Some(option) = option.filter(|option| !option.right) {
                        summary.counts(&option.text);
                    }
                }
            }
        }
        for (task, summary) in tasks.iter().zip(&mut results.tasks) {
            summary.right += usize::from(task.mark == Mark::Right);
            summary.wrong += usize::from(task.mark == Mark::Wrong);
        }
        results.pupils.push(Pupil {
            name: sheet.name.trim().chars().take(120).collect(),
            file: given.file.clone(),
            right,
            seconds,
            tasks,
            notes,
        });
        Ok(())
    }

    fn results(&mut self, lesson: &Lesson) -> &mut LessonResults {
        let all = &mut self.class.lessons;
        let at = all.iter().position(|results| results.id == lesson.id).unwrap_or_else(|| {
            let task = |(task, title): (&Task, &str)| TaskResults {
                id: task.id.clone(),
                title: title.to_owned(),
                right: 0,
                wrong: 0,
                wrong_choices: Vec::new(),
            };
            all.push(LessonResults {
                id: lesson.id.clone(),
                title: lesson.title.clone(),
                tasks: titled(lesson).map(task).collect(),
                pupils: Vec::new(),
                most_missed: None,
            });
            all.len() - 1
        });
        &mut all[at]
    }

    fn task(&mut self, lesson: &Lesson, task: &Task, tried: Option<&TaskSheet>) -> PupilTask {
        let mut graded =
            PupilTask { mark: Mark::NotTried, tries: 0, seconds: 0.0, hints: 0, says: String::new() };
        let Some(tried) = tried else { return graded };
        graded.tries = tried.tries;
        graded.hints = tried.hints;
        graded.seconds = if tried.seconds.is_finite() { tried.seconds.clamp(0.0, 1e6) } else { 0.0 };
        let Some(answer) = tried.answers.last() else { return graded };
        match self.answer(lesson, task, answer) {
            Ok(found) => {
                graded.mark = if found.right { Mark::Right } else { Mark::Wrong };
                let says: Vec<String> = found.findings.into_iter().map(|finding| finding.says).collect();
                graded.says = says.join(" ");
            }
            Err(why) => {
                graded.mark = Mark::NotChecked;
                graded.says = why;
            }
        }
        graded
    }

    /// Solves the answer's palette and checks it. The error says why it cannot be.
    fn answer(&mut self, lesson: &Lesson, task: &Task, answer: &Answer) -> Result<Tried, String> {
        match (&task.check, answer) {
            (Check::Choice(choice), Answer::Choice(option)) => Ok(choice.check(*option)),
            (Check::Palette(check), Answer::Palette(asked)) => {
                self.solved(lesson, asked, |facts| check.check(facts))
            }
            (Check::Number(check), Answer::Number { number, on }) => {
                self.solved(lesson, on, |facts| check.check(*number, facts))
            }
            _ => Err("The answer is of another kind than the task asks for.".to_owned()),
        }
    }

    fn solved<T>(
        &mut self,
        lesson: &Lesson,
        asked: &Asked,
        look: impl FnOnce(&Facts) -> T,
    ) -> Result<T, String> {
        let composer = self.composer(lesson, asked)?;
        let palette = asked.palette();
        let solved = composer.solve(&palette, asked.pooling)?;
        Ok(look(&Facts {
            set: composer.set(),
            palette: &palette,
            pooling: asked.pooling,
            report: &solved.report,
        }))
    }

    /// What solves on the set that the answer was made on.
    fn composer(&mut self, lesson: &Lesson, asked: &Asked) -> Result<&mut Composer, String> {
        if asked.set == self.built_in.set().name {
            return Ok(&mut self.built_in);
        }
        let not_here = || format!("It was made on the table “{}”, which is not here.", asked.set);
        let table = lesson.table().ok_or_else(not_here)?;
        let own = self
            .own
            .entry(lesson.id.clone())
            .or_insert_with(|| Composer::new(table.set()?).map_err(|error| error.to_string()));
        // A file that is opened by hand is called after its name; every value must be there.
        match own {
            Ok(composer) if asked.targets.keys().all(|name| composer.set().value_index(name).is_some()) => {
                Ok(composer)
            }
            Ok(_) => Err(not_here()),
            Err(why) => Err(why.clone()),
        }
    }

    /// What there is to say of all sheets.
    pub fn finish(mut self) -> Class {
        let order = |id: &str| self.lessons.iter().position(|lesson| lesson.id == id);
        self.class.lessons.sort_by_key(|results| order(&results.id));
        for results in &mut self.class.lessons {
            results.pupils.sort_by_key(|pupil| (pupil.name.to_lowercase(), pupil.file.clone()));
            let names: Vec<String> = results.pupils.iter().map(|pupil| pupil.name.to_lowercase()).collect();
            for (pupil, name) in results.pupils.iter_mut().zip(&names) {
                let sheets = names.iter().filter(|other| *other == name).count();
                if sheets > 1 && !name.is_empty() {
                    pupil.notes.push(format!("{sheets} sheets carry this name; each is shown."));
                }
            }
            for task in &mut results.tasks {
                task.wrong_choices.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
            }
            let missed = |task: &TaskResults| results.pupils.len() - task.right;
            // Of two that were missed as often, the one that comes first.
            let most = results.tasks.iter().rev().max_by_key(|task| missed(task));
            results.most_missed = most.filter(|task| missed(task) > 0).map(|task| task.id.clone());
        }
        self.class
    }
}

impl TaskResults {
    fn counts(&mut self, option: &str) {
        match self.wrong_choices.iter_mut().find(|(text, _)| text == option) {
            Some((_, times)) => *times += 1,
            None => self.wrong_choices.push((option.to_owned(), 1)),
        }
    }
}

/// Tasks with the titles of their steps.
fn titled(lesson: &Lesson) -> impl Iterator<Item = (&Task, &str)> {
    lesson.steps.iter().filter_map(|step| Some((step.task.as_ref()?, step.title.as_str())))
}

impl Mark {
    /// As the grade book has it.
    pub fn words(self) -> &'static str {
        match self {
            Mark::Right => "right",
            Mark::Wrong => "wrong",
            Mark::NotTried => "not tried",
            Mark::NotChecked => "not checked",
        }
    }
}

impl Class {
    /// For a grade book: a row for each pupil and lesson; a column for each task.
    pub fn csv(&self) -> String {
        let most = self.lessons.iter().map(|lesson| lesson.tasks.len()).max().unwrap_or(0);
        let mut csv = Writer::default();
        let heads = ["name", "lesson", "right", "tasks", "percent", "seconds"].map(str::to_owned);
        let tasks = (1..=most).map(|number| format!("task {number}"));
        csv.row(heads.into_iter().chain(tasks).chain(["file".to_owned(), "notes".to_owned()]));
        for lesson in &self.lessons {
            for pupil in &lesson.pupils {
                let of = lesson.tasks.len();
                let percent = if of > 0 { 100.0 * pupil.right as f64 / of as f64 } else { 0.0 };
                let mut row = vec![
                    pupil.name.clone(),
                    lesson.id.clone(),
                    pupil.right.to_string(),
                    of.to_string(),
                    format!("{percent:.0}"),
                    format!("{:.0}", pupil.seconds),
                ];
                row.extend(pupil.tasks.iter().map(|task| task.mark.words().to_owned()));
                row.extend((of..most).map(|_| String::new()));
                row.extend([pupil.file.clone(), pupil.notes.join(" ")]);
                csv.row(row);
            }
        }
        csv.finish()
    }
}
