//! Tables as Parquet, where that is compiled in (`--features parquet`).
#![cfg(feature = "parquet")]

mod support;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
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
    for compression in [Compression::SNAPPY, Compression::UNCOMPRESSED] {
        let file = table("rewards.parquet", compression);
        let report = solved(&file, &["humor>=0.6", "helpful>=0.5"], true);
        assert_close(&report["kl"], 0.485843904, "kl");
        assert_close(&value(&report, "humor")["lambda"], 2.87301132, "λ");
        assert!(notes(&report).contains("row_id numbers or describes the rows"), "{}", notes(&report));
    }
}

#[test]
fn parquet_that_cannot_be_read_is_refused_in_a_sentence() {
    let bytes = std::fs::read(table("whole.parquet", Compression::SNAPPY)).expect("a file");
    let cut = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cut.parquet");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("a file");
    assert!(refused(&cut, "humor>=0.6").contains("damaged"));
}
