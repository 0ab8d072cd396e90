//! One colour and a few letters for every value, so that each can be told apart by either.

use palette_tables::values::USUAL_VALUES;

/// Number of accents in `style/tokens.css`.
const ACCENTS: usize = 10;
/// Another name for a usual value, common in tables from elsewhere.
const ALSO_CALLED: [(&str, &str); 1] = [("harmlessness", "harmless")];

/// How a value is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    /// Number of the accent, from 1: by `data-accent` the style sheet knows its colour, and that of text on
    /// it.
    pub number: usize,
    /// Two letters, or the value's number when letters would not tell it apart.
    pub letters: String,
}

/// Accents of all values of a set. The same names in the same order always get the same accents.
pub fn accents(names: &[String]) -> Vec<Accent> {
    let taken: Vec<usize> = names.iter().filter_map(|name| own_accent(name)).collect();
    let mut free = (1..=ACCENTS).filter(|number| !taken.contains(number)).collect::<Vec<_>>();
    if free.is_empty() {
        free = (1..=ACCENTS).collect();
    }
    let mut free = free.into_iter().cycle();
    let short: Vec<String> = names.iter().map(|name| two_letters(name)).collect();
    names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let alone = short.iter().filter(|other| **other == short[i]).count() == 1 && !short[i].is_empty();
            let number = own_accent(name).or_else(|| free.next()).unwrap_or(1);
            Accent { number, letters: if alone { short[i].clone() } else { (i + 1).to_string() } }
        })
        .collect()
}

/// The usual values have an accent of their own: the first of them accent 1, and so on.
fn own_accent(name: &str) -> Option<usize> {
    let also = ALSO_CALLED.iter().find(|(other, _)| name.eq_ignore_ascii_case(other));
    let name = also.map_or(name, |(_, usual)| usual);
    USUAL_VALUES.iter().position(|value| name.eq_ignore_ascii_case(value.name)).map(|at| at + 1)
}

fn two_letters(name: &str) -> String {
    let mut letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default()
        + &letters.next().map(|c| c.to_lowercase().collect::<String>()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Vec<Accent> {
        accents(&names.iter().map(|name| name.to_string()).collect::<Vec<_>>())
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
    fn equal_letters_become_numbers() {
        let marks = of(&["reward_a", "reward_b"]);
        assert_eq!((marks[0].letters.as_str(), marks[1].letters.as_str()), ("1", "2"));
    }

    #[test]
    fn two_hundred_values_all_get_one() {
        let names: Vec<String> = (0..200).map(|i| format!("v{i}")).collect();
        assert!(accents(&names).iter().all(|mark| (1..=ACCENTS).contains(&mark.number)));
    }
}
