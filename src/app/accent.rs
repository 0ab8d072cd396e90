//! One colour and a few letters for every value, so that each can be told apart by either.

use palette_tables::values::accent_numbers;
use std::collections::HashSet;

/// How a value is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    /// Number of the accent, from 1: by `data-accent` the style sheet knows its colour, and that of text on
    /// it.
    pub number: usize,
    /// Two or three letters or figures of the name, which no other value of the set has.
    pub letters: String,
}

/// Accents of all values of a set. The same names in the same order always get the same accents.
pub fn accents(names: &[String]) -> Vec<Accent> {
    let numbers = accent_numbers(names);
    let labels = labels(names);
    numbers.into_iter().zip(labels).map(|(number, letters)| Accent { number, letters }).collect()
}

/// A short label for each name: no two are alike whatever their case, and each is made of its own name where that can
/// be. A name that is the only one with its first two letters has those; where several have the same, what tells them
/// apart is found later in the name.
fn labels(names: &[String]) -> Vec<String> {
    let words: Vec<Vec<Vec<char>>> = names.iter().map(|name| words(name)).collect();
    let first: Vec<String> = words.iter().map(|words| first_two(words)).collect();
    let mut taken = HashSet::new();
    let mut labels = vec![String::new(); names.len()];
    let alone = |i: usize| first.iter().filter(|other| folded(other) == folded(&first[i])).count() == 1;
    for i in (0..names.len()).filter(|i| alone(*i) && !first[*i].is_empty()) {
        taken.insert(folded(&first[i]));
        labels[i] = first[i].clone();
    }
    for i in 0..names.len() {
        if labels[i].is_empty() {
            let shared = shared_beginning(&words[i], &words, i);
            let mut offered = candidates(&words[i], shared);
            let label = offered.find(|label| !label.is_empty() && !taken.contains(&folded(label)));
            let label = label.unwrap_or_else(|| numbered(&first[i], &taken));
            taken.insert(folded(&label));
            labels[i] = label;
        }
    }
    labels
}

/// The runs of letters and the runs of figures in a name.
fn words(name: &str) -> Vec<Vec<char>> {
    let mut words: Vec<Vec<char>> = Vec::new();
    let mut before: Option<char> = None;
    for c in name.chars() {
        if c.is_alphanumeric() {
            let goes_on = before.is_some_and(|before| {
                before.is_alphanumeric()
                    && before.is_numeric() == c.is_numeric()
                    && !(before.is_lowercase() && c.is_uppercase())
            });
            match words.last_mut().filter(|_| goes_on) {
                Some(word) => word.push(c),
                None => words.push(vec![c]),
            }
        }
        before = Some(c);
    }
    words
}

/// The first two letters or figures of a name.
fn first_two(words: &[Vec<char>]) -> String {
    written(words.iter().flatten().copied().take(2))
}

/// How many characters of the name at `i` some other name begins with as well.
fn shared_beginning(name: &[Vec<char>], all: &[Vec<Vec<char>>], i: usize) -> usize {
    let letters = |words: &[Vec<char>]| -> Vec<String> {
        words.iter().flatten().map(|c| c.to_lowercase().collect()).collect()
    };
    let own = letters(name);
    let alike = |other: &Vec<Vec<char>>| own.iter().zip(&letters(other)).take_while(|(a, b)| a == b).count();
    all.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, other)| alike(other)).max().unwrap_or(0)
}

/// What may stand for a name, the best first; `shared` characters of its beginning tell nothing.
fn candidates(words: &[Vec<char>], shared: usize) -> impl Iterator<Item = String> {
    let letters: Vec<char> = words.iter().flatten().copied().collect();
    let first = letters.first().copied();
    let initials = written(words.iter().filter_map(|word| word.first().copied()).take(3));
    // The first letter with what begins to differ.
    let differs = |from: usize, many: usize| {
        let tail = letters.get(from..).unwrap_or_default().iter().copied().take(many);
        written(first.into_iter().filter(|_| from > 0).chain(tail))
    };
    let last = words.last().map(|word| written(first.into_iter().chain(word.iter().copied().take(2))));
    let mut all = vec![differs(shared, 1), differs(shared, 2)];
    all.extend(last.filter(|_| words.len() > 1));
    all.push(initials);
    all.extend((1..letters.len()).map(|at| differs(at, 1)));
    all.extend((1..letters.len()).map(|at| differs(at, 2)));
    all.into_iter().filter(|label| label.chars().count() > 1)
}

/// The letters of a name and a number, for names that no letters tell apart.
fn numbered(first: &str, taken: &HashSet<String>) -> String {
    let letter: String = first.chars().take(1).collect();
    let free = (1..).map(|n| format!("{letter}{n}")).find(|label| !taken.contains(&folded(label)));
    free.unwrap_or_default()
}

fn folded(label: &str) -> String {
    label.to_lowercase()
}

/// The first character large, the others small.
fn written(chars: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for (i, c) in chars.enumerate() {
        if i == 0 {
            text.extend(c.to_uppercase());
        } else {
            text.extend(c.to_lowercase());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use palette_tables::values::ACCENTS;

    fn of(names: &[&str]) -> Vec<Accent> {
        accents(&names.iter().map(|name| name.to_string()).collect::<Vec<_>>())
    }

    fn letters(names: &[&str]) -> Vec<String> {
        let letters: Vec<String> = of(names).into_iter().map(|mark| mark.letters).collect();
        let alike: HashSet<String> = letters.iter().map(|label| folded(label)).collect();
        assert_eq!(alike.len(), names.len(), "no two are alike: {letters:?}");
        letters
    }

    #[test]
    fn known_values_keep_their_colour_and_others_take_what_is_left() {
        let marks = of(&["score", "humor", "helpful"]);
        assert_eq!(marks[1].number, 1);
        assert_eq!(marks[2].number, 2);
        assert_eq!(marks[0].number, 3);
        assert_eq!(marks[0].letters, "Sc");
    }

    #[test]
    fn equal_beginnings_are_told_apart_by_what_differs() {
        assert_eq!(letters(&["reward_a", "reward_b"]), ["Ra", "Rb"]);
        assert_eq!(letters(&["reward/helpfulness", "reward/humour", "reward/safety"]), ["Re", "Ru", "Rs"]);
        assert_eq!(letters(&["gpt2-score", "gpt4-score", "toxicity"]), ["G2", "G4", "To"]);
        assert_eq!(letters(&["v1", "v2", "v10"])[..2], ["V1", "V2"]);
    }

    #[test]
    fn every_label_is_of_its_name_and_none_is_empty() {
        let names = ["Humour", "humor", "HUMORLESS", "h", "ü", "Ü2", "…", "—", "正直", "正直さ", "a b", "ab"];
        for (label, name) in letters(&names).iter().zip(names) {
            assert!(!label.is_empty() && label.chars().count() <= 3, "{label} for {name}");
            let first = name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_lowercase().to_string());
            assert!(first.is_none_or(|first| label.to_lowercase().starts_with(&first)), "{label} for {name}");
        }
    }

    #[test]
    fn two_hundred_values_all_get_one() {
        let names: Vec<String> = (0..200).map(|i| format!("v{i}")).collect();
        assert!(accents(&names).iter().all(|mark| (1..=ACCENTS).contains(&mark.number)));
        letters(&names.iter().map(String::as_str).collect::<Vec<_>>());
        letters(&vec!["same"; 40]);
    }
}
