//! How each value is measured, as `rewards.json` beside the page tells.

use serde::Deserialize;

const VERSION: u32 = 1;

#[derive(Deserialize)]
struct File {
    version: u32,
    rewards: Vec<Measured>,
}

/// How one value is measured, and how well.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Measured {
    pub name: String,
    #[serde(default)]
    pub unit: String,
    /// The quality measured, and by what form of function.
    #[serde(default)]
    pub what: String,
    #[serde(default)]
    pub form: String,
    #[serde(default)]
    pub held_out: Vec<HeldOut>,
    pub ceiling: Option<Ceiling>,
    /// Texts that it rewards wrongly.
    #[serde(default)]
    pub fooled_by: Vec<Fooled>,
    #[serde(default)]
    pub limits: Vec<String>,
}

/// A figure on data that was not trained on.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct HeldOut {
    pub task: String,
    pub metric: String,
    pub figure: f64,
    /// 95%.
    pub interval: Option<[f64; 2]>,
    pub rows: Option<u64>,
    pub baseline: Option<Baseline>,
}

/// A figure that needs no model at all.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Baseline {
    pub name: String,
    pub figure: f64,
    /// 95% interval of the difference.
    pub beats_by: Option<[f64; 2]>,
}

/// The best that is known to be possible.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Ceiling {
    pub figure: f64,
    #[serde(default)]
    pub of: String,
    #[serde(default)]
    pub gap: String,
}

/// A text that is rewarded wrongly.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Fooled {
    #[serde(default)]
    pub prompt: String,
    pub text: String,
    pub reward: f64,
    /// Of the built-in sample set.
    pub median: f64,
    #[serde(default)]
    pub why: String,
}

/// Reads the file. The error is a clause without a full stop.
pub fn read(text: &str) -> Result<Vec<Measured>, String> {
    let file: File = serde_json::from_str(text).map_err(|error| format!("the file is damaged ({error})"))?;
    if file.version == VERSION {
        Ok(file.rewards)
    } else {
        Err(format!("the file is of version {}, and this page reads version {VERSION}", file.version))
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_not_said_is_left_out_and_what_is_unknown_ignored() {
        let text = r#"{"version":1,"made":"today","rewards":[{"name":"diverse","ceiling":null,"held_out":[
            {"task":"t","metric":"AUC","figure":0.9,"interval":[0.8,1],"rows":5,"baseline":null},
            {"task":"u","metric":"AUC","figure":1}]}]}"#;
        let rewards = read(text).unwrap();
        assert_eq!(rewards[0].held_out[0].interval, Some([0.8, 1.0]));
        assert_eq!(rewards[0].held_out[1].baseline, None);
        assert_eq!(rewards[0].ceiling, None);
    }

    #[test]
    fn a_damaged_file_and_another_version_are_told() {
        assert!(read("{").unwrap_err().contains("damaged"));
        assert!(read(r#"{"version":2,"rewards":[]}"#).unwrap_err().contains("version 2"));
    }
}
