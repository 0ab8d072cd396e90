//! Whatever stands after the `#`, reading it ends, and what was understood is written so that it is read
//! again. `MAP_PALETTE_FUZZ_CASES` says how many cases are tried.

use palette_protocol::link::{read, write};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

fn config(usual: u32) -> Config {
    let told = std::env::var("MAP_PALETTE_FUZZ_CASES").ok().and_then(|n| n.parse().ok());
    Config {
        cases: told.unwrap_or(usual),
        rng_seed: if told.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) },
        failure_persistence: None,
        ..Config::default()
    }
}

const PIECES: [&str; 34] = [
    "v=1",
    "&",
    "&amp;",
    "=",
    "t.",
    "humor",
    "@",
    "q80",
    "base%2B0.3",
    "0.3..1e15",
    "..",
    "%",
    "%2",
    "%e2%88%92",
    "%ff",
    "off",
    "keep",
    "set=",
    "answers=pooled",
    "answers=",
    "view=",
    "draw",
    "seed=",
    "hold=90",
    "calibrate=half",
    "lambda=composed",
    "base+0.5sd",
    "9999999999999999999999",
    "-1",
    ">=",
    "+",
    ".",
    "utm_source=x",
    "#",
];

fn fragment() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        5 => prop::sample::select(PIECES.to_vec()).prop_map(String::from),
        1 => "[a-z0-9.%=&-]{1,5}",
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(config(20_000))]

    #[test]
    fn reading_ends_and_what_was_understood_is_written(text in fragment()) {
        let (state, left_out) = read(&text);
        prop_assert!(left_out.iter().all(|sentence| sentence.ends_with('.')));
        let (again, nothing) = read(&write(&state));
        prop_assert!(nothing.is_empty(), "{:?}", nothing);
        prop_assert_eq!(write(&again), write(&state));
    }
}
