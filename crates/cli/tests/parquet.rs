//! Tables as Parquet, where that is compiled in (`--features parquet`).
#![cfg(feature = "parquet")]

mod support;

use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, FloatType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use support::{assert_close, case, notes, refused, solved, value};

/// The table of the first case as Parquet, with an id for each row.
fn table(name: &str, compression: Compression) -> PathBuf {
    let text = std::fs::read_to_string(case("01-pandas-index/plain.csv")).expect("a table");
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let schema = "message rows { required int64 row_id; required binary prompt (UTF8); required double humor;
        required double helpful; }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    let file = std::fs::File::create(&path).expect("a file");
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(file, schema, properties).expect("a writer");
    let mut group = writer.next_row_group().expect("a group");
    let mut column = group.next_column().expect("a column").expect("one");
    let ids: Vec<i64> = (0..rows.len() as i64).map(|i| 1000 - i).collect();
    column.typed::<Int64Type>().write_batch(&ids, None, None).expect("written");
    column.close().expect("closed");
    let mut column = group.next_column().expect("a column").expect("one");
    let prompts: Vec<ByteArray> = rows.iter().map(|row| row[0].into()).collect();
    column.typed::<ByteArrayType>().write_batch(&prompts, None, None).expect("written");
    column.close().expect("closed");
    for at in [2, 3] {
        let mut column = group.next_column().expect("a column").expect("one");
        let rewards: Vec<f64> = rows.iter().map(|row| row[at].parse().expect("a number")).collect();
        column.typed::<DoubleType>().write_batch(&rewards, None, None).expect("written");
        column.close().expect("closed");
    }
    group.close().expect("closed");
    writer.close().expect("closed");
    path
}

#[test]
fn a_table_in_parquet_is_what_it_is_in_csv() {
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ] {
        let file = table("rewards.parquet", compression);
        let report = solved(&file, &["humor>=0.6", "helpful>=0.5"], true);
        assert_close(&report["kl"], 0.485843904, "kl");
        assert_close(&value(&report, "humor")["lambda"], 2.87301132, "λ");
        assert!(notes(&report).contains("row_id numbers or describes the rows"), "{}", notes(&report));
    }
}

#[test]
fn parquet_that_cannot_be_read_is_refused_in_a_sentence() {
    let mut bytes = std::fs::read(table("whole.parquet", Compression::SNAPPY)).expect("a file");
    let cut = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cut.parquet");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("a file");
    assert!(refused(&cut, "humor>=0.6").contains("damaged"));

    // What follows a column's path in its description is the number of its compression, 1 for Snappy and 3
    // for LZO, doubled.
    let snappy = b"humor\x15\x02";
    let at = bytes.windows(snappy.len()).position(|w| w == snappy).expect("the compression");
    bytes[at + snappy.len() - 1] = 6;
    let lzo = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lzo.parquet");
    std::fs::write(&lzo, bytes).expect("a file");
    let said = refused(&lzo, "humor>=0.6");
    assert!(said.contains("compressed by LZO") && said.contains("zstd"), "{said}");
}

/// A table of prompts in bytes that are not marked as text, and of rewards as short floats and as decimals.
fn plain(name: &str, prompts: &[&[u8]], humor: &[f32], helpful: &[i32]) -> PathBuf {
    let schema = "message rows { required binary prompt; required float humor;
        required int32 helpful (DECIMAL(6, 2)); }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    let file = std::fs::File::create(&path).expect("a file");
    let mut writer = SerializedFileWriter::new(file, schema, Arc::default()).expect("a writer");
    let mut group = writer.next_row_group().expect("a group");
    let mut column = group.next_column().expect("a column").expect("one");
    let prompts: Vec<ByteArray> = prompts.iter().map(|prompt| prompt.to_vec().into()).collect();
    column.typed::<ByteArrayType>().write_batch(&prompts, None, None).expect("written");
    column.close().expect("closed");
    let mut column = group.next_column().expect("a column").expect("one");
    column.typed::<FloatType>().write_batch(humor, None, None).expect("written");
    column.close().expect("closed");
    let mut column = group.next_column().expect("a column").expect("one");
    column.typed::<Int32Type>().write_batch(helpful, None, None).expect("written");
    column.close().expect("closed");
    group.close().expect("closed");
    writer.close().expect("closed");
    path
}

#[test]
fn cells_of_parquet_keep_what_they_hold() {
    let (why, how) = ("Why?".as_bytes(), "Wié?".as_bytes());
    let file = plain("plain.parquet", &[why, why, how, how], &[0.5, 1.5, 0.25, -1.0], &[150, -25, 300, 5]);
    let report = solved(&file, &["humor>=keep"], true);
    assert_eq!(report["prompts"], 2);
    assert_close(&value(&report, "humor")["base"], 0.3125, "float");
    assert_close(&value(&report, "helpful")["base"], 1.075, "decimals");

    let missing = plain("nan.parquet", &[why, why], &[0.5, f32::NAN], &[100, 200]);
    let said = refused(&missing, "humor>=keep");
    assert!(said.contains("NaN") && said.contains("humor"), "{said}");

    let bytes = plain("bytes.parquet", &[why, b"\xff\xfe"], &[0.5, 1.0], &[100, 200]);
    let said = refused(&bytes, "humor>=keep");
    assert!(said.contains("row 2, column prompt") && said.contains("no text in UTF-8"), "{said}");
}
