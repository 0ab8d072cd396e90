//! The authors' log of runs, `alignValues.txt`: a line for each, such as
//!
//! > filepath: results/T.json, c Levels: 0.100,1.000, values: ['a', 'b'], optimized lambda: 1.000,NaN
//!
//! where `NaN` alone stands for a run that diverged.

use super::published::Published;

/// The runs of a log on the table of the file called `name`, in their order. The same numbers may have been
/// saved in another form: endings do not count, nor does a number that tells sets of one name apart.
///
/// # Errors
/// A sentence when a line is no such run, or none is on that table.
pub fn read_log(text: &str, name: &str) -> Result<Vec<Published>, String> {
    let mut runs = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let (file, run) = read_line(line, number).ok_or_else(|| {
            format!(
                "Line {number} of the log is no run. A run reads “filepath: …, c Levels: …, values: […], \
                    optimized \
                    lambda: …”."
            )
        })?;
        if stem(&file) == stem(name) {
            runs.push(run);
        } else if !others.contains(&file) {
            others.push(file);
        }
    }
    if runs.is_empty() {
        let has = if others.is_empty() {
            "no runs at all".into()
        } else {
            format!("runs on {}", others.join(", "))
        };
        return Err(format!("The log has no run on {name}; it has {has}. Give the table that it names."));
    }
    Ok(runs)
}

/// A file's name without its ending, and without ` (2)` after it.
fn stem(name: &str) -> &str {
    let numbered = |name: &str| -> Option<usize> {
        let (before, number) = name.strip_suffix(')')?.rsplit_once(" (")?;
        (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(before.len())
    };
    let name = &name[..numbered(name).unwrap_or(name.len())];
    match name.rsplit_once('.') {
        Some((before, ending)) if !before.is_empty() && ending.len() <= 7 => before,
        _ => name,
    }
}

/// The name of the table's file, and the run.
fn read_line(line: &str, number: usize) -> Option<(String, Published)> {
    let rest = line.trim().strip_prefix("filepath: ")?;
    let (path, rest) = rest.split_once(", c Levels: ")?;
    let (levels, rest) = rest.split_once(", values: [")?;
    let (values, lambda) = rest.split_once("], optimized lambda: ")?;
    let numbers = |text: &str| -> Option<Vec<f64>> {
        text.split(',').map(|cell| cell.trim().parse::<f64>().ok().filter(|x| x.is_finite())).collect()
    };
    let levels = numbers(levels)?;
    let values: Vec<String> =
        values.split(',').map(|name| name.trim().trim_matches('\'').to_owned()).collect();
    let lambda = if lambda.trim() == "NaN" { None } else { Some(numbers(lambda)?) };
    let fits =
        levels.len() == values.len() && lambda.as_ref().is_none_or(|lambda| lambda.len() == values.len());
    let file = path.rsplit(['/', '\\']).next()?.to_owned();
    fits.then(|| (file, Published { name: format!("line {number}"), values, levels, lambda, decoded: None }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_read_and_those_on_other_tables_left() {
        let log = "filepath: results/t.json, c Levels: 0.5,-1.000, values: ['wit', 'care'], optimized \
            lambda: NaN\n\n\
            filepath: other.json, c Levels: 1, values: ['wit'], optimized lambda: 2.5\n\
            filepath: t.json, c Levels: 1, values: ['wit'], optimized lambda: 0.125\n";
        let runs = read_log(log, "t.json").expect("runs");
        assert_eq!((runs.len(), &runs[0].lambda, runs[0].levels[1]), (2, &None, -1.0));
        assert_eq!((runs[0].values[1].as_str(), runs[1].name.as_str()), ("care", "line 4"));
        assert_eq!(runs[1].lambda, Some(vec![0.125]));
        assert!(read_log(log, "u.json").is_err_and(|why| why.contains("t.json, other.json")));
        let short = "filepath: t.json, c Levels: 1,2, values: ['wit'], optimized lambda: 1";
        assert!(read_log(short, "t.json").is_err_and(|why| why.contains("Line 1")));
    }
}
