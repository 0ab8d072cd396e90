//! Numbers by name that keep their order: a map in JSON.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// A number for each named column, in the order of the columns. There are as many as columns, so a name is
/// found by looking through them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ByName(Vec<(String, f64)>);

impl ByName {
    /// The number of `name`.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, number)| *number)
    }

    /// Names with their numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, number)| (name.as_str(), *number))
    }

    /// `0.60·humor − 0.40·harmless`; `number` writes the size of a weight and `called` a name. A weight of 1 is not
    /// written.
    pub fn weighted_sum(&self, number: impl Fn(f64) -> String, called: impl Fn(&str) -> String) -> String {
        let mut text = String::new();
        for (name, weight) in self.iter() {
            text += match (text.is_empty(), weight < 0.0) {
                (true, false) => "",
                (true, true) => "−",
                (false, false) => " + ",
                (false, true) => " − ",
            };
            if weight.abs() <= 1.0 - 1e-12 {
                text += &format!("{}·", number(weight.abs()));
            }
            text += &called(name);
        }
        text
    }

    /// The number of `name` to be changed, 0 and last in order where there was none.
    pub(super) fn entry(&mut self, name: String) -> &mut f64 {
        let at = self.0.iter().position(|(other, _)| *other == name).unwrap_or_else(|| {
            self.0.push((name, 0.0));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}

/// Of several numbers of one name the last counts.
impl FromIterator<(String, f64)> for ByName {
    fn from_iter<I: IntoIterator<Item = (String, f64)>>(pairs: I) -> Self {
        let mut numbers = ByName::default();
        for (name, number) in pairs {
            *numbers.entry(name) = number;
        }
        numbers
    }
}

impl Serialize for ByName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for ByName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs)
    }
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = ByName;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a map of names to numbers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ByName, A::Error> {
        let mut numbers = ByName::default();
        while let Some((name, number)) = map.next_entry()? {
            *numbers.entry(name) = number;
        }
        Ok(numbers)
    }
}
