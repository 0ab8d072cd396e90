//! The keys of a link: one declaration each for reading and writing.

use super::drawing::{read_number, read_prompts, read_topics, read_whole, write_prompts, write_topics};
use super::teaching::{THEMES, read_lesson, read_shown, write_shown};
use super::{LinkState, View, Words};
use palette_study::Pooling;
use palette_tables::Target;
use palette_tables::spec::{read_level, read_range};

pub(super) struct Field {
    pub key: &'static str,
    /// `None` when there is nothing to say.
    pub write: fn(&LinkState) -> Option<String>,
    /// Whether any text can stand there: then nothing in it can be taken for a trace of what passed the link
    /// on.
    pub free: bool,
    /// The error says why, without a full stop.
    pub read: fn(&mut LinkState, &str) -> Result<(), String>,
}

const VIEWS: [(&str, View); 6] = [
    ("compose", View::Compose),
    ("answers", View::Answers),
    ("studies", View::Studies),
    ("data", View::Data),
    ("models", View::Models),
    ("learn", View::Learn),
];
const POOLINGS: [(&str, Pooling); 2] = [("pooled", Pooling::Pooled), ("per-prompt", Pooling::PerPrompt)];

const WORDS: [(&str, Words); 2] = [("plain", Words::Plain), ("exact", Words::Exact)];

const CALIBRATES: [(&str, bool); 2] = [("half", true), ("no", false)];
const EMBEDS: [(&str, bool); 4] = [("yes", true), ("1", true), ("no", false), ("0", false)];
const LAMBDAS: [(&str, bool); 2] = [("composed", true), ("drafts", false)];

pub(super) const FIELDS: &[Field] = &[
    Field {
        key: "view",
        write: |s| (s.view != View::Compose).then(|| name_of(&VIEWS, s.view)),
        free: false,
        read: |s, text| put(&mut s.view, named(&VIEWS, text)?),
    },
    Field {
        key: "lesson",
        write: |s| s.lesson.clone().filter(|_| s.view == View::Learn),
        free: false,
        // It stands behind the view, which need not be said beside it.
        read: |s, text| {
            s.lesson = Some(read_lesson(text)?);
            put(&mut s.view, View::Learn)
        },
    },
    Field {
        key: "embed",
        write: |s| s.embed.then(|| "yes".to_owned()),
        free: false,
        read: |s, text| put(&mut s.embed, named(&EMBEDS, text)?),
    },
    Field {
        key: "show",
        write: |s| s.show.as_ref().map(write_shown),
        free: false,
        read: |s, text| put(&mut s.show, Some(read_shown(text)?)),
    },
    Field {
        key: "theme",
        write: |s| s.theme.map(|theme| name_of(&THEMES, theme)),
        free: false,
        read: |s, text| put(&mut s.theme, Some(named(&THEMES, text)?)),
    },
    Field {
        key: "set",
        write: |s| s.set.clone(),
        free: true,
        read: |s, text| put(&mut s.set, (!text.is_empty()).then(|| text.into())),
    },
    Field {
        key: "answers",
        write: |s| s.pooling.map(|p| name_of(&POOLINGS, p)),
        free: false,
        read: |s, text| put(&mut s.pooling, Some(named(&POOLINGS, text)?)),
    },
    Field {
        key: "prompt",
        write: |s| s.prompt.map(|p| (p + 1).to_string()),
        free: false,
        read: |s, text| match text.parse::<usize>() {
            Ok(p) if p >= 1 => put(&mut s.prompt, Some(p - 1)),
            _ => Err("the prompt must be a whole number from 1".into()),
        },
    },
    Field {
        key: "seed",
        write: |s| s.seed.map(|s| s.to_string()),
        free: false,
        read: |s, text| {
            put(
                &mut s.seed,
                Some(text.parse().map_err(|_| "the seed must be a whole number from 0".to_string())?),
            )
        },
    },
    Field {
        key: "hold",
        write: |s| s.hold.map(|share| format!("{}", (share * 1e8).round() / 1e6)),
        free: false,
        read: |s, text| put(&mut s.hold, Some(read_number(text.trim_end_matches('%'), 50.0, 99.0)? / 100.0)),
    },
    Field {
        key: "calibrate",
        write: |s| s.calibrate.then(|| "half".to_owned()),
        free: false,
        read: |s, text| put(&mut s.calibrate, named(&CALIBRATES, text)?),
    },
    Field {
        key: "lambda",
        write: |s| s.as_composed.then(|| "composed".to_owned()),
        free: false,
        read: |s, text| put(&mut s.as_composed, named(&LAMBDAS, text)?),
    },
    Field {
        key: "words",
        write: |s| s.words.map(|words| name_of(&WORDS, words)),
        free: false,
        read: |s, text| put(&mut s.words, Some(named(&WORDS, text)?)),
    },
    Field {
        key: "k",
        write: |s| written(s.drawing.answers),
        free: false,
        read: |s, text| put(&mut s.drawing.answers, Some(read_whole(text, 1, 64)?)),
    },
    Field {
        key: "tokens",
        write: |s| written(s.drawing.max_tokens),
        free: false,
        read: |s, text| put(&mut s.drawing.max_tokens, Some(read_whole(text, 1, 256)?)),
    },
    Field {
        key: "temperature",
        write: |s| written(s.drawing.temperature),
        free: false,
        read: |s, text| put(&mut s.drawing.temperature, Some(read_number(text, 0.0, 2.0)?)),
    },
    Field {
        key: "topk",
        write: |s| written(s.drawing.top_k),
        free: false,
        read: |s, text| put(&mut s.drawing.top_k, Some(read_whole(text, 0, 50_000)?)),
    },
    Field {
        key: "topp",
        write: |s| written(s.drawing.top_p),
        free: false,
        read: |s, text| put(&mut s.drawing.top_p, Some(read_number(text, 0.01, 1.0)?)),
    },
    Field {
        key: "system",
        write: |s| s.drawing.system.clone(),
        free: true,
        read: |s, text| put(&mut s.drawing.system, Some(text.into())),
    },
    Field {
        key: "topic",
        write: |s| write_topics(&s.drawing.topics),
        free: false,
        read: |s, text| put(&mut s.drawing.topics, read_topics(text)?),
    },
    Field {
        key: "prompts",
        write: |s| write_prompts(&s.drawing.prompts),
        free: true,
        read: |s, text| put(&mut s.drawing.prompts, read_prompts(text)?),
    },
];

fn written(number: Option<impl ToString>) -> Option<String> {
    number.map(|number| number.to_string())
}

fn put<T>(place: &mut T, value: T) -> Result<(), String> {
    *place = value;
    Ok(())
}

fn name_of<T: PartialEq + Copy>(names: &[(&str, T)], value: T) -> String {
    names.iter().find(|(_, v)| *v == value).map(|(n, _)| n.to_string()).unwrap_or_default()
}

fn named<T: Copy>(names: &[(&str, T)], text: &str) -> Result<T, String> {
    let known = || names.iter().map(|(n, _)| *n).collect::<Vec<_>>().join(", ");
    names
        .iter()
        .find(|(n, _)| *n == text)
        .map(|(_, v)| *v)
        .ok_or_else(|| format!("it must be one of {}", known()))
}

/// `off`; a level for at least; `max:` and a level for at most, `is:` and a level for exactly; `A..B` for a
/// range.
pub(super) fn write_target(target: Target) -> String {
    match target {
        Target::Off => "off".into(),
        Target::AtLeast(level) => level.to_string(),
        Target::AtMost(level) => format!("max:{level}"),
        Target::Exactly(level) => format!("is:{level}"),
        Target::Between(low, high) => format!("{low}..{high}"),
    }
}

/// The inverse of [`write_target`].
pub(super) fn read_target(text: &str) -> Result<Target, String> {
    if text == "off" {
        return Ok(Target::Off);
    }
    if let Some(level) = text.strip_prefix("max:") {
        return read_level(level).map(Target::AtMost);
    }
    if let Some(level) = text.strip_prefix("is:") {
        return read_level(level).map(Target::Exactly);
    }
    read_range(text).unwrap_or_else(|| read_level(text).map(Target::AtLeast))
}
