//! What the names of columns say about them.

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Prompt,
    Answer,
    Group,
    Weight,
    PromptWeight,
}

/// Names of prompts, the better first. What is behind the bar names prompts by an id alone.
const PROMPTS: &[&str] = &[
    "prompt",
    "question",
    "instruction",
    "query",
    "prompttext",
    "questiontext",
    "userprompt",
    "inputprompt",
    "problem",
    "user",
    "input",
    "prompts",
    "questions",
    "instructions",
    "|",
    "promptid",
    "questionid",
    "instructionid",
    "queryid",
    "qid",
    "inputid",
    "problemid",
    "promptidx",
    "promptindex",
    "promptnumber",
    "promptno",
];
const ANSWERS: &[&str] = &[
    "answer",
    "generated",
    "response",
    "completion",
    "output",
    "reply",
    "generation",
    "answertext",
    "responsetext",
    "generatedtext",
    "modelanswer",
    "modelresponse",
    "modeloutput",
    "text",
];
/// Lists of answers to one prompt.
const LISTS: &[&str] = &[
    "answers",
    "responses",
    "completions",
    "outputs",
    "replies",
    "generations",
    "texts",
    "candidates",
    "samples",
];
/// Names that as often stand for something else: they count where the column is text.
const DOUBTFUL: &[&str] = &[
    "query",
    "problem",
    "user",
    "input",
    "output",
    "reply",
    "generation",
    "text",
    "prompts",
    "questions",
    "instructions",
    "texts",
    "candidates",
    "samples",
];
/// Names that are what they are without a word about it.
const PLAIN: &[&str] = &["prompt", "question", "answer", "generated", "response", "completion"];

/// Names of numbers that describe a row and reward nothing.
const BOOKKEEPING: &[&str] = &[
    "id",
    "ids",
    "idx",
    "index",
    "nr",
    "row",
    "rownumber",
    "rownum",
    "rownames",
    "line",
    "linenumber",
    "level0",
    "step",
    "globalstep",
    "trainstep",
    "epoch",
    "iteration",
    "iter",
    "seed",
    "timestamp",
    "time",
    "date",
    "datetime",
    "createdat",
    "runtime",
    "uid",
    "uuid",
    "guid",
    "hash",
    "fold",
    "temperature",
    "topp",
    "topk",
    "maxtokens",
    "maxnewtokens",
    "turn",
];

/// Letters and digits alone, in lower case.
fn key(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn place(list: &[&str], key: &str) -> Option<usize> {
    list.iter().position(|known| *known == key)
}

/// What the name says that a column is, if anything.
pub(crate) fn known(name: &str) -> Option<Name> {
    let key = key(name);
    match key.as_str() {
        "group" => Some(Name::Group),
        "weight" => Some(Name::Weight),
        "promptweight" => Some(Name::PromptWeight),
        key if place(PROMPTS, key).is_some() => Some(Name::Prompt),
        key if place(ANSWERS, key).is_some() || place(LISTS, key).is_some() => Some(Name::Answer),
        _ => None,
    }
}

/// The better of several names of prompts or answers has the smaller one.
pub(crate) fn order(name: &str) -> usize {
    let key = key(name);
    place(PROMPTS, &key)
        .or(place(ANSWERS, &key))
        .or(place(LISTS, &key).map(|at| at + 100))
        .unwrap_or(usize::MAX)
}

/// Whether a prompt is named by an id.
pub(crate) fn is_prompt_id(name: &str) -> bool {
    place(PROMPTS, &key(name)) > place(PROMPTS, "|")
}

/// Whether the name counts only where the column is text.
pub(crate) fn is_doubtful(name: &str) -> bool {
    place(DOUBTFUL, &key(name)).is_some()
}

/// Whether nothing need be said about the use of a column of this name.
pub(crate) fn is_plain(name: &str) -> bool {
    place(PLAIN, &key(name)).is_some()
}

/// Whether a list called so holds an answer each.
pub(crate) fn is_answer_list(name: &str) -> bool {
    place(LISTS, &key(name)).is_some() || place(&ANSWERS[..4], &key(name)).is_some()
}

/// Whether columns of this name number or label rows, or say when and how they were made.
pub(crate) fn is_bookkeeping(name: &str) -> bool {
    let key = key(name);
    let ending = |ending: &str| {
        let (name, lower) = (name.trim(), name.trim().to_lowercase());
        lower.ends_with(&format!("_{ending}"))
            || lower.ends_with(&format!(" {ending}"))
            || lower.ends_with(&format!("-{ending}"))
            || lower.ends_with(&format!(".{ending}"))
            || name.ends_with("Id") && ending == "id"
    };
    place(BOOKKEEPING, &key).is_some()
        || is_made_up(name)
        || ["id", "idx", "index", "uuid"].into_iter().any(ending)
}

/// Whether a program made the name up for a column that has none.
pub(crate) fn is_made_up(name: &str) -> bool {
    let key = key(name);
    name.trim().is_empty()
        || key
            .strip_prefix("unnamed")
            .is_some_and(|rest| rest.replace("level", "").bytes().all(|b| b.is_ascii_digit()))
        || name.trim().strip_prefix("...").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_columns_are() {
        for (name, what) in [
            ("Prompt", Some(Name::Prompt)),
            ("prompt_id", Some(Name::Prompt)),
            ("promptId", Some(Name::Prompt)),
            ("Model Output", Some(Name::Answer)),
            ("responses", Some(Name::Answer)),
            ("prompt_weight", Some(Name::PromptWeight)),
            ("metadata.prompt", None),
            ("humor", None),
        ] {
            assert_eq!(known(name), what, "{name}");
        }
        for name in
            ["id", "Unnamed: 0", "", "sample_id", "user id", "rowId", "_step", "index", "meta.id", "...1"]
        {
            assert!(is_bookkeeping(name), "{name}");
        }
        for name in ["humor", "valid", "candid", "length", "unnamed thing", "grid"] {
            assert!(!is_bookkeeping(name), "{name}");
        }
        assert!(is_prompt_id("question_id") && !is_prompt_id("question"));
        assert!(order("prompt") < order("question") && order("answer") < order("text"));
    }
}
