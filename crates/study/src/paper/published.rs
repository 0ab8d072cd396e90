//! What was published of palettes, from a file: a JSON list of objects with `name`, `values` (names), `c` (a lower
//! bound for each), `lambda_published` (λ for each, or `null` where the procedure diverged) and, where it was
//! published, `mc_decoding_realized_published` (the level of each when decoded with 16 drafts). Other keys may stand
//! beside them.

use serde::{Deserialize, Serialize};

/// One palette as it was published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Published {
    pub name: String,
    /// Values with a target.
    pub values: Vec<String>,
    /// Their lower bounds, in own units.
    #[serde(rename = "c")]
    pub levels: Vec<f64>,
    /// λ of each of them, nats per unit; `None` where the procedure diverged, which the authors take for out of reach.
    #[serde(rename = "lambda_published")]
    pub lambda: Option<Vec<f64>>,
    /// Levels of each of them when decoded with 16 drafts, where they were published.
    #[serde(rename = "mc_decoding_realized_published", default)]
    pub decoded: Option<Vec<f64>>,
}

/// Reads such a list.
///
/// # Errors
/// A sentence when the text is no such list, or a palette has not as many numbers as values.
pub fn read_published(text: &str) -> Result<Vec<Published>, String> {
    let all: Vec<Published> = serde_json::from_str(text).map_err(|error| {
        format!(
            "It is no list of published palettes (line {}): each is an object with name, values, c and \
                lambda_published.",
            error.line().max(1)
        )
    })?;
    if all.is_empty() {
        return Err("It lists no palette.".into());
    }
    for palette in &all {
        let n = palette.values.len();
        let fits = |numbers: &Option<Vec<f64>>| numbers.as_ref().is_none_or(|numbers| numbers.len() == n);
        if n == 0 || palette.levels.len() != n || !fits(&palette.lambda) || !fits(&palette.decoded) {
            return Err(format!(
                "{}: c, lambda_published and the decoded levels must have a number for each of its {n} values.",
                palette.name
            ));
        }
        let again = |at: &usize| palette.values[..*at].contains(&palette.values[*at]);
        if let Some(at) = (1..n).find(again) {
            return Err(format!(
                "{} names “{}” twice. Name each value once, with the higher level.",
                palette.name, palette.values[at]
            ));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_palettes_are_read_and_what_does_not_fit_is_said() {
        let text = r#"[{"name":"both","values":["wit","care"],"c":[0.5,1],"lambda_published":[1.5,0.25],"ess":3},
            {"name":"far","values":["wit"],"c":[9],"lambda_published":null}]"#;
        let found = read_published(text).expect("palettes");
        assert_eq!((found[0].lambda.as_deref(), found[1].lambda.as_deref()), (Some(&[1.5, 0.25][..]), None));
        assert!(read_published(&text.replace("[9]", "[9,1]")).is_err_and(|why| why.starts_with("far: ")));
        assert!(read_published("[]").is_err_and(|why| why.contains("no palette")));
        assert!(read_published("{").is_err_and(|why| why.contains("line 1")));
    }
}
