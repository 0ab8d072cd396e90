//! Every built-in lesson is done once, on the sets that it is done on, by the solver that the page asks; and done
//! wrongly once.

#![cfg(feature = "built-in")]

use palette_lessons::{
    Answer, Asked, Check, Class, Facts, Grading, Lesson, Mark, Sheet, SheetFile, TargetText, Task,
};
use palette_lessons::{Entry, built_in, read_index};
use palette_study::Pooling;
use palette_study::compose::Composer;
use palette_tables::{Palette, SampleSet};
use std::sync::Arc;

/// What a pupil composes for a task: targets in place of those that the lesson starts with.
struct Done {
    lesson: &'static str,
    task: &'static str,
    pooled: bool,
    right: &'static [(&'static str, &'static str)],
    /// One that is not what the task asks for.
    wrong: &'static [(&'static str, &'static str)],
}

const fn done(
    lesson: &'static str,
    task: &'static str,
    right: &'static [(&'static str, &'static str)],
    wrong: &'static [(&'static str, &'static str)],
) -> Done {
    Done { lesson, task, pooled: false, right, wrong }
}

const DONE: &[Done] = &[
    done("one-value", "funnier", &[("humor", "q75")], &[("humor", "q70")]),
    done("trade-offs", "falls", &[("humor", "q80")], &[("humor", "q75")]),
    done(
        "trade-offs",
        "both",
        &[("humor", "q75"), ("helpful", "keep")],
        &[("humor", "q75"), ("helpful", "off")],
    ),
    done(
        "impossible",
        "greedy",
        &[("humor", "q95"), ("helpful", "q95")],
        &[("humor", "q70"), ("helpful", "q70")],
    ),
    done(
        "impossible",
        "best",
        &[("humor", "q95"), ("helpful", "q95")],
        &[("humor", "q70"), ("helpful", "q70")],
    ),
    done(
        "impossible",
        "repair",
        &[("humor", "q70"), ("helpful", "q65")],
        &[("humor", "q95"), ("helpful", "q95")],
    ),
    done("price", "between", &[("humor", "q84")], &[("humor", "q60")]),
    done("price", "drafts", &[("humor", "q90")], &[("humor", "q60")]),
    done("weights", "read", &[], &[("humor", "q80")]),
    done(
        "weights",
        "zero",
        &[("humor", "off"), ("helpful", "q70")],
        &[("helpful", "q70"), ("coherent", "off")],
    ),
    done("pooled", "per-prompt", &[], &[("humor", "q80")]),
    Done { lesson: "pooled", task: "pooled", pooled: true, right: &[], wrong: &[("humor", "q80")] },
    done(
        "one-after-another",
        "three",
        &[("humor", "q65"), ("helpful", "q65"), ("harmless", "q65")],
        &[("humor", "q65"), ("helpful", "keep"), ("harmless", "q65")],
    ),
    done("fooling", "extreme", &[("humor", "q92")], &[("humor", "q75")]),
    done(
        "fooling",
        "guard",
        &[("humor", "q80"), ("helpful", "keep"), ("coherent", "keep"), ("fluent", "keep")],
        &[("humor", "q80"), ("helpful", "keep")],
    ),
    done("new-questions", "ess", &[], &[("humor", "q80")]),
    done("new-questions", "safer", &[("humor", "q60")], &[("humor", "q90")]),
    done("own-value", "open", &[], &[]),
    done(
        "own-value",
        "disagree",
        &[("polite", "off"), ("short", "off"), ("polite_model", "q80")],
        &[("polite_model", "q80")],
    ),
    done("own-data", "open", &[], &[]),
    done(
        "own-data",
        "menu",
        &[("tasty", "7"), ("healthy", "6.5"), ("cheap", "keep")],
        &[("tasty", "7"), ("healthy", "5"), ("cheap", "off")],
    ),
    done(
        "own-data",
        "most",
        &[("tasty", "7"), ("healthy", "7"), ("cheap", "keep")],
        &[("tasty", "6.5"), ("healthy", "7"), ("cheap", "keep")],
    ),
];

fn set() -> Arc<SampleSet> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/sample-set.json");
    let text = std::fs::read_to_string(path).expect("the built-in set");
    Arc::new(serde_json::from_str(&text).expect("a sample set"))
}

fn lesson(id: &str) -> Arc<Lesson> {
    built_in::lessons().expect("lessons").into_iter().find(|lesson| lesson.id == id).expect(id)
}

fn palette(lesson: &Lesson, set: &SampleSet, changes: &[(&str, &str)]) -> Palette {
    let mut palette = lesson.start.palette_on(set);
    for (name, text) in changes {
        let TargetText(target) = TargetText::try_from((*text).to_owned()).expect(text);
        palette.targets.insert((*name).to_owned(), target);
    }
    palette
}

/// What the task's check says of a palette, with the number that its report holds where a number is asked for.
fn tried(task: &Task, composer: &mut Composer, palette: &Palette, pooling: Pooling) -> (bool, String) {
    let report = composer.solve(palette, pooling).expect("a report").report;
    let facts = Facts { set: composer.set(), palette, pooling, report: &report };
    let tried = match &task.check {
        Check::Palette(check) => check.check(&facts),
        Check::Number(check) => {
            let number = check.of.of(&facts).unwrap_or(f64::MAX);
            // As the page writes it.
            let number = (number * 100.0).round() / 100.0;
            let far = check.check(number + 10.0 * (1.0 + number.abs()), &facts);
            assert!(!far.right, "{}: a number that is far off passes", task.id);
            check.check(number, &facts)
        }
        Check::Choice(_) => panic!("{} is a choice", task.id),
    };
    let says: Vec<String> = tried.findings.into_iter().map(|finding| finding.says).collect();
    (tried.right, says.join(" "))
}

/// The set that a task is done on: the lesson's own table once it offers one.
fn set_of(lesson: &Lesson, built_in: &Arc<SampleSet>) -> Arc<SampleSet> {
    lesson.table().map_or_else(|| built_in.clone(), |table| Arc::new(table.set().expect("a table")))
}

#[test]
fn every_task_can_be_done_and_done_wrongly() {
    let set = set();
    let mut built_in_set = Composer::new(set.clone()).expect("a composer");
    for lesson in built_in::lessons().expect("lessons") {
        let mut own = Composer::new(set_of(&lesson, &set)).expect("a composer");
        for task in lesson.tasks() {
            if let Check::Choice(choice) = &task.check {
                let right = (0..choice.options.len()).filter(|i| choice.check(*i).right).count();
                assert_eq!(right, 1, "{} {}", lesson.id, task.id);
                continue;
            }
            let done = DONE
                .iter()
                .find(|done| done.lesson == lesson.id && done.task == task.id)
                .unwrap_or_else(|| panic!("{} {} has no solution here", lesson.id, task.id));
            let pooling = if done.pooled { Pooling::Pooled } else { Pooling::PerPrompt };
            let right = palette(&lesson, own.set(), done.right);
            let (is_right, says) = tried(task, &mut own, &right, pooling);
            assert!(is_right, "{} {}: {says}", lesson.id, task.id);
            // A task to open a table is done wrongly on the built-in set.
            let (wrong, says) = if done.wrong.is_empty() && lesson.table().is_some() {
                let start = palette(&lesson, &set, &[]);
                tried(task, &mut built_in_set, &start, pooling)
            } else {
                let wrong = palette(&lesson, own.set(), done.wrong);
                tried(task, &mut own, &wrong, pooling)
            };
            assert!(!wrong, "{} {} passes what is wrong: {says}", lesson.id, task.id);
            assert!(says.ends_with('.') && says.len() > 20, "{says}");
        }
    }
}

#[test]
fn the_list_of_lessons_is_that_of_the_files() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/lessons/en");
    let index = read_index(&std::fs::read_to_string(format!("{path}/index.json")).expect("the list"))
        .expect("a list");
    let lessons = built_in::lessons().expect("lessons");
    let expected: Vec<Entry> = built_in::FILES
        .iter()
        .zip(&lessons)
        .map(|((file, _), lesson)| Entry {
            file: (*file).to_owned(),
            id: lesson.id.clone(),
            title: lesson.title.clone(),
            minutes: lesson.minutes,
            teaches: lesson.teaches.clone(),
            tasks: lesson.tasks().count(),
        })
        .collect();
    assert_eq!(index, expected);
    assert!(lessons.len() >= 10);
    let mut files: Vec<_> = std::fs::read_dir(path)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| name != "index.json")
        .collect();
    files.sort();
    assert_eq!(files, built_in::FILES.iter().map(|(file, _)| *file).collect::<Vec<_>>());
}

#[test]
fn lessons_start_on_palettes_that_can_be_had() {
    let set = set();
    for lesson in built_in::lessons().expect("lessons") {
        let mut composer = Composer::new(set.clone()).expect("a composer");
        let start = lesson.start.palette_on(&set);
        let pooling = lesson.start.pooling.unwrap_or(Pooling::PerPrompt);
        let report = composer.solve(&start, pooling).expect("a report").report;
        assert_eq!(report.verdict, palette_study::Verdict::Reachable, "{}", lesson.id);
        let known = |name: &String| set.value_index(name).is_some();
        assert!(lesson.show.lanes.iter().chain(&lesson.show.locked).all(known), "{}", lesson.id);
        assert!((2..=4).contains(&lesson.tasks().count()), "{}", lesson.id);
        for task in lesson.tasks() {
            assert!(!task.hints.is_empty() && !task.done.is_empty(), "{} {}", lesson.id, task.id);
        }
    }
}

#[test]
fn a_lesson_is_read_strictly_and_written_as_it_was() {
    for (file, text) in built_in::FILES {
        let lesson = Lesson::read(text).expect(file);
        let again = Lesson::read(&lesson.text()).expect(file);
        assert_eq!((again.version(), &again), (lesson.version(), &lesson));
    }
    let text = built_in::FILES[0].1;
    let cases = [
        (text.replace("\"minutes\"", "\"minuets\""), "minuets"),
        (text.replace("\"q75\"", "\"q175\""), "q0 to q100"),
        (text.replace("\"id\": \"one-value\"", "\"id\": \"One value\""), "small letters"),
        (text.replace("\"right\": true", "\"right\": false"), "Exactly one option"),
        (text.replace("\"lesson\": 1", "\"lesson\": 2"), "format 2"),
        (text.replace("\"verdict\": \"reachable\"", "\"verdict\": \"fine\""), "fine"),
        ("{}".to_owned(), "missing field"),
        ("prompt,answer\n".to_owned(), "no lesson"),
    ];
    for (text, words) in cases {
        let problem = Lesson::read(&text).expect_err(words);
        assert!(problem.contains(words) && problem.ends_with('.'), "{problem}");
    }
}

fn sheet(name: &str, answers: Vec<(&str, Answer, bool)>) -> Sheet {
    let lesson = lesson("impossible");
    let mut sheet = Sheet { name: name.to_owned(), ..Sheet::empty(&lesson.id, &lesson.version()) };
    for (task, answer, done) in answers {
        let task = sheet.task_mut(task);
        task.add(answer, done);
        task.seconds += 30.0;
    }
    sheet
}

fn file(name: &str, sheet: &Sheet) -> SheetFile {
    SheetFile { file: name.to_owned(), text: sheet.text() }
}

fn class(files: &[SheetFile]) -> Class {
    let mut grading = Grading::new(built_in::lessons().expect("lessons"), set()).expect("grading");
    files.iter().for_each(|file| grading.add(file));
    grading.finish()
}

#[test]
fn sheets_are_solved_again_and_not_believed() {
    let set = set();
    let impossible = lesson("impossible");
    let asked = |humor: &str, helpful: &str| {
        let palette = palette(&impossible, &set, &[("humor", humor), ("helpful", helpful)]);
        Asked::of(&set.name, &palette, Pooling::PerPrompt)
    };
    let mut composer = Composer::new(set.clone()).expect("a composer");
    let greedy = asked("q95", "q95");
    let report = composer.solve(&greedy.palette(), Pooling::PerPrompt).expect("a report").report;
    let best = report.certificate.expect("a proof").best;
    let ada = sheet(
        "Ada",
        vec![
            ("greedy", Answer::Palette(asked("q70", "q70")), false),
            ("greedy", Answer::Palette(greedy.clone()), true),
            ("best", Answer::Number { number: (best * 100.0).round() / 100.0, on: greedy.clone() }, true),
            ("repair", Answer::Palette(asked("q70", "q65")), true),
        ],
    );
    // Says that all is done; nothing is.
    let bob = sheet(
        "Bob",
        vec![
            ("greedy", Answer::Palette(asked("q70", "q70")), true),
            ("best", Answer::Number { number: 1e6, on: greedy.clone() }, true),
            ("repair", Answer::Choice(0), true),
        ],
    );
    let mut old = sheet("ada", Vec::new());
    old.version = "0".repeat(16);
    let mut far = greedy;
    far.set = "somewhere else".to_owned();
    let foreign = sheet("Cyd", vec![("greedy", Answer::Palette(far), true)]);
    let mut unknown = sheet("Dan", Vec::new());
    unknown.lesson = "not-here".to_owned();
    let class = class(&[
        file("ada.json", &ada),
        file("bob.json", &bob),
        SheetFile { file: "cut.json".to_owned(), text: ada.text()[..200].to_owned() },
        SheetFile { file: "lesson.json".to_owned(), text: built_in::FILES[0].1.to_owned() },
        file("old.json", &old),
        file("foreign.json", &foreign),
        file("unknown.json", &unknown),
    ]);
    let left: Vec<&str> = class.left_out.iter().map(|(file, _)| file.as_str()).collect();
    assert_eq!(left, ["cut.json", "lesson.json", "unknown.json"]);
    assert!(class.left_out.iter().all(|(_, why)| why.ends_with('.')), "{:?}", class.left_out);
    let [results] = class.lessons.as_slice() else { panic!("one lesson: {:?}", class.lessons) };
    let marks = |name: &str, file: &str| -> Vec<Mark> {
        let pupil = results.pupils.iter().find(|pupil| pupil.name == name && pupil.file == file).expect(file);
        pupil.tasks.iter().map(|task| task.mark).collect()
    };
    assert_eq!(marks("Ada", "ada.json"), [Mark::Right; 3]);
    assert_eq!(marks("Bob", "bob.json"), [Mark::Wrong, Mark::Wrong, Mark::NotChecked]);
    assert_eq!(marks("Cyd", "foreign.json"), [Mark::NotChecked, Mark::NotTried, Mark::NotTried]);
    let notes =
        |file: &str| results.pupils.iter().find(|pupil| pupil.file == file).expect(file).notes.join(" ");
    assert!(notes("ada.json").contains("2 sheets carry this name"));
    assert!(notes("old.json").contains("another version"));
    assert!(notes("bob.json").contains("not right"));
    assert_eq!(results.most_missed.as_deref(), Some("greedy"));
    let csv = class.csv();
    assert_eq!(csv.lines().count(), 5, "{csv}");
    assert!(csv.contains("Ada,impossible,3,3,100,120,right,right,right,ada.json"), "{csv}");
}

#[test]
fn wrong_choices_are_counted() {
    let lesson = lesson("one-value");
    let sheets: Vec<SheetFile> = [2, 2, 1]
        .iter()
        .enumerate()
        .map(|(i, option)| {
            let mut sheet = Sheet::empty(&lesson.id, &lesson.version());
            sheet.task_mut("grey-hill").add(Answer::Choice(*option), false);
            file(&format!("{i}.json"), &sheet)
        })
        .collect();
    let class = class(&sheets);
    let choices = &class.lessons[0].tasks[0].wrong_choices;
    assert_eq!(choices.iter().map(|(_, times)| *times).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(choices[0].0, "How many people laughed");
}

#[test]
fn a_package_names_its_files_and_its_address() {
    let package =
        palette_lessons::scorm::package("one-value", "One & only", "https://a.example/#v=1&lesson=x", &[])
            .expect("a package");
    let text = String::from_utf8_lossy(&package);
    for words in
        ["<schemaversion>1.2</schemaversion>", "One &amp; only", "https://a.example/#v=1&amp;lesson=x"]
    {
        assert!(text.contains(words), "{words}");
    }
    assert!(palette_lessons::scorm::package("a", "A", "javascript:alert(1)", &[]).is_err());
}
