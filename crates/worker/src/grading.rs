//! Grading the answer sheets of a class, sheet by sheet: between two of them others are heard.

use super::event_loop;
use super::task::Task;
use super::task_error::TaskError;
use super::tasks::Run;
use palette_lessons::{Class, Grading, Lesson};
use palette_protocol::NoProgress;
use palette_protocol::calls::Grade;
use std::sync::Arc;

impl Run for Grade {
    async fn run(self, task: &Task<NoProgress>) -> Result<Class, TaskError> {
        let lessons: Result<Vec<_>, String> =
            self.lessons.iter().map(|text| Lesson::read(text).map(Arc::new)).collect();
        let mut grading =
            Grading::new(lessons.map_err(TaskError::Failed)?, self.set).map_err(TaskError::Failed)?;
        for sheet in &self.sheets {
            grading.add(sheet);
            event_loop::until_messages_are_in().await;
            task.work.go_on()?;
        }
        Ok(grading.finish())
    }
}
