//! How text becomes tokens and tokens text, as files describe it.

#[path = "support/gguf.rs"]
mod gguf;
#[path = "support/open.rs"]
mod open;

use gguf::{File, TINY, count, flag, integers, letters, list, numbers, text, texts};
use open::open;
use palette_models::language_model::LanguageModel;

/// Words of one vocabulary for all ways to split.
const WORDS: [&str; 8] = ["12", "123", "1234", "ĠĊ", "ĠĊĊ", "xyz", "Ã©", "<|endoftext|>"];
const MERGES: [&str; 6] = ["1 2", "12 3", "123 4", "Ġ Ċ", "ĠĊ Ċ", "Ã ©"];

fn file(pre: Option<&str>) -> File {
    File::byte_level(TINY, &WORDS, 7, &MERGES, pre)
}

fn model(pre: Option<&str>) -> LanguageModel {
    open(&file(pre).bytes()).unwrap_or_else(|e| panic!("{pre:?}: {e}"))
}

/// The words that a text becomes.
fn words(model: &LanguageModel, text: &str) -> Vec<String> {
    let all: Vec<String> = letters().into_iter().chain(WORDS.iter().map(|w| (*w).to_owned())).collect();
    let ids = model.encode(text).unwrap_or_else(|e| panic!("{text:?}: {e}"));
    ids.iter().map(|id| all[*id as usize].clone()).collect()
}

fn refusal(file: &File) -> String {
    open(&file.bytes()).err().map(|e| e.to_string()).expect("it was taken")
}

#[test]
fn each_family_splits_text_in_its_own_way() {
    let (gpt2, smol, llama, qwen) =
        (model(Some("gpt-2")), model(Some("smollm")), model(Some("llama-bpe")), model(Some("qwen2")));
    assert_eq!(words(&gpt2, "1234"), ["1234"]);
    assert_eq!(words(&llama, "1234"), ["123", "4"]);
    assert_eq!(words(&smol, "1234"), ["1", "2", "3", "4"]);
    assert_eq!(words(&qwen, "1234"), ["1", "2", "3", "4"]);
    // Ends of lines stay with the spaces before them, or do not.
    assert_eq!(words(&qwen, "a \n\nb"), ["a", "ĠĊĊ", "b"]);
    assert_eq!(words(&llama, "a \n\nb"), ["a", "ĠĊĊ", "b"]);
    assert_eq!(words(&smol, "a \n\nb"), ["a", "ĠĊ", "Ċ", "b"]);
    // A word that is a token, but that no merges make.
    assert_eq!(words(&llama, "xyz"), ["xyz"]);
    for other in [&gpt2, &smol, &qwen] {
        assert_eq!(words(other, "xyz"), ["x", "y", "z"]);
    }
    let mut says = file(Some("gpt-2"));
    says.set("tokenizer.ggml.ignore_merges", flag(true));
    assert_eq!(words(&open(&says.bytes()).expect("a model"), "xyz"), ["xyz"]);
    let mut says = file(Some("llama-bpe"));
    says.set("tokenizer.ggml.ignore_merges", flag(false));
    assert_eq!(words(&open(&says.bytes()).expect("a model"), "xyz"), ["x", "y", "z"]);
    // An e and its accent: Qwen composes them first, the others leave them.
    assert_eq!(words(&qwen, "e\u{301}"), ["Ã©"]);
    assert_eq!(words(&smol, "e\u{301}").len(), 3);
    for model in [&gpt2, &smol, &llama, &qwen] {
        for text in ["  Grüße, 日本 1234!\n\n\tit's\u{1f600} x", "", " ", "\n"] {
            assert_eq!(model.decode(&model.encode(text).expect("tokens")), text);
        }
        assert_eq!(words(model, "<|endoftext|>").len(), 13, "a mark can be typed");
    }
}

#[test]
fn a_file_that_does_not_say_how_it_splits_is_known_by_its_vocabulary_or_refused() {
    for pre in [None, Some("default"), Some("")] {
        let said = refusal(&file(pre));
        assert!(said.contains("tokenizer.ggml.pre") && said.contains("newer file"), "{said}");
    }
    for pre in ["deepseek-llm", "tekken", "gpt-4o", "falcon"] {
        let said = refusal(&file(Some(pre)));
        assert!(said.contains(&format!("“{pre}”")), "{said}");
    }
    let marks =
        ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"];
    let more: Vec<&str> = WORDS.iter().copied().chain(marks).collect();
    let llama = |pre| open(&File::byte_level(TINY, &more, 7, &MERGES, pre).bytes()).expect("a model");
    let (old, new) = (llama(None), llama(Some("llama-bpe")));
    assert_eq!(old.encode("1234 xyz").expect("tokens"), new.encode("1234 xyz").expect("tokens"));
    assert_eq!((old.notes().len(), new.notes().len()), (1, 0));
}

#[test]
fn marks_at_the_beginning_and_the_end_are_as_the_file_says() {
    let first = |change: &dyn Fn(&mut File)| {
        let mut file = file(Some("gpt-2"));
        change(&mut file);
        let model = open(&file.bytes()).expect("a model");
        let ids = model.chat_tokens("a", Some("")).expect("tokens");
        (ids, model.notes().len())
    };
    let a_and_end = vec![97, 10];
    assert_eq!(first(&|_| {}), (a_and_end.clone(), 0));
    let begins = |file: &mut File| {
        file.set("tokenizer.ggml.bos_token_id", count(263)).set("tokenizer.ggml.add_bos_token", flag(true));
    };
    assert_eq!(first(&begins).0, [263, 97, 10]);
    let does_not = |file: &mut File| {
        begins(file);
        file.set("tokenizer.ggml.add_bos_token", flag(false));
    };
    assert_eq!(first(&does_not).0, a_and_end);
    // No mark of an end comes between a prompt and its answer; that is said.
    let ends = |file: &mut File| {
        file.set("tokenizer.ggml.eos_token_id", count(263)).set("tokenizer.ggml.add_eos_token", flag(true));
    };
    assert_eq!(first(&ends), (a_and_end, 1));

    let mut unknown = file(Some("gpt-2"));
    unknown.set("tokenizer.ggml.add_bos_token", flag(true));
    assert!(refusal(&unknown).contains("bos_token_id"));

    // With a template: before it, unless it writes the mark itself.
    let marks = ["<|im_start|>", "<|im_end|>", "<s>"];
    let more: Vec<&str> = WORDS.iter().copied().chain(marks).collect();
    let mut chat = File::byte_level(TINY, &more, 7, &MERGES, Some("qwen2"));
    chat.set("tokenizer.chat_template", text("{{ '<|im_start|>' + message['role'] }}"));
    let ids = |file: &File| open(&file.bytes()).expect("a model").chat_tokens("a", Some("")).expect("tokens");
    let without = ids(&chat);
    assert_eq!(without[0], 264);
    chat.set("tokenizer.ggml.bos_token_id", count(266)).set("tokenizer.ggml.add_bos_token", flag(true));
    assert_eq!(ids(&chat), [&[266], &without[..]].concat());
    chat.set("tokenizer.ggml.bos_token_id", count(264));
    assert_eq!(ids(&chat), without);
    // SentencePiece's models begin with their mark where they do not say.
    let mut piece = File::new(TINY);
    piece.remove("tokenizer.ggml.add_bos_token").set("tokenizer.chat_template", text("{{ '[INST] ' }}"));
    assert!(open(&piece.bytes()).is_ok());
}

#[test]
fn an_unknown_chat_template_is_said() {
    let mut odd = file(Some("gpt-2"));
    odd.set("tokenizer.chat_template", text("{{ '<start_of_turn>' + message['role'] }}"));
    let model = open(&odd.bytes()).expect("a model");
    assert!(model.notes()[0].contains("chat template"));
    odd.set("tokenizer.chat_template", text("{{ '<|im_start|>' + message['role'] }}"));
    assert!(refusal(&odd).contains("<|im_start|>"));
}

#[test]
fn words_that_a_file_defines_stand_as_they_are() {
    let mut kinds = vec![1; 264];
    // “xyz”, which no merges make.
    kinds[261] = 4;
    let mut own = file(Some("gpt-2"));
    own.set("tokenizer.ggml.token_type", integers(&kinds));
    let model = open(&own.bytes()).expect("a model");
    assert_eq!(words(&model, "axyzb"), ["a", "xyz", "b"]);

    // SentencePiece: a space comes before each text between such words, and letters that stand for spaces in
    // the words are spaces in texts. A control token cannot be typed, nor a mark that ends an answer.
    let mut all = gguf::few_words();
    let first = all.len() as u32;
    for (word, kind) in [("ab", 4), ("abc", 4), ("▁▁", 4), ("d d", 4), ("<ctl>", 3), ("<|im_end|>", 4)] {
        all.push((word.into(), 0.0, kind));
    }
    all.extend(["<", ">", "|", "_"].map(|sign| (sign.into(), -9.0, 1)));
    let vocabulary = |file: &mut File| {
        file.set("tokenizer.ggml.tokens", texts(&all.iter().map(|w| &w.0).collect::<Vec<_>>()))
            .set("tokenizer.ggml.scores", numbers(&all.iter().map(|w| w.1).collect::<Vec<_>>()))
            .set("tokenizer.ggml.token_type", integers(&all.iter().map(|w| w.2).collect::<Vec<_>>()));
    };
    let mut own = File::sized(TINY, all.len());
    vocabulary(&mut own);
    let words = |model: &LanguageModel, text: &str| -> Vec<String> {
        let ids = model.encode(text).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        ids.iter().map(|id| all[*id as usize].0.clone()).collect()
    };
    let with = open(&own.bytes()).expect("a model");
    assert_eq!(words(&with, "the"), ["▁t", "he"]);
    assert_eq!(words(&with, "theabc"), ["▁t", "he", "abc"]);
    assert_eq!(words(&with, "abt"), ["ab", "▁t"]);
    assert_eq!(words(&with, "abab"), ["ab", "ab"]);
    assert_eq!(words(&with, "t  t"), ["▁t", "▁▁", "▁t"]);
    assert_eq!(words(&with, "td dt"), ["▁t", "d d", "▁t"]);
    assert_eq!(words(&with, "<ctl>"), ["▁", "<", "c", "t", "l", ">"]);
    assert_eq!(words(&with, "<|im_end|>").len(), 11);
    assert_eq!(with.decode(&[first + 2]), " ", "the first space of a text is not its own");
    own.set("tokenizer.ggml.add_space_prefix", flag(false));
    let without = open(&own.bytes()).expect("a model");
    assert_eq!(words(&without, "heabct"), ["he", "abc", "t"]);
    for text in ["heabct", "  ab  ", "d dd d  x", "the inn"] {
        assert_eq!(without.decode(&without.encode(text).expect("tokens")), text);
    }
}

#[test]
fn a_text_that_the_vocabulary_cannot_write_is_refused_and_not_changed() {
    let model = open(&File::new(TINY).bytes()).expect("a model");
    assert_eq!(model.decode(&model.encode("the inn").expect("tokens")), "the inn");
    let said = model.encode("the INN").err().map(|e| e.to_string()).unwrap_or_default();
    assert!(said.contains("'I'"), "{said}");
}

#[test]
fn a_tokenizer_that_contradicts_itself_is_refused() {
    for merge in ["1", "1 9", "", "1  2", "é é", " 1"] {
        let mut bad = file(Some("gpt-2"));
        bad.set("tokenizer.ggml.merges", texts(&[merge]));
        assert!(refusal(&bad).contains("merges"), "{merge:?}");
    }
    // A merge that makes of two words one that says something else cannot be; letters that stand for nothing
    // can.
    let raw: Vec<String> = (0..264).map(|i| format!("w{i}")).collect();
    let mut bad = file(Some("gpt-2"));
    bad.set("tokenizer.ggml.tokens", texts(&raw)).set("tokenizer.ggml.merges", texts::<&str>(&[]));
    assert!(refusal(&bad).contains("no letters"));
    let mut bad = file(Some("gpt-2"));
    bad.set("tokenizer.ggml.token_type", integers(&[1, 1]));
    assert!(refusal(&bad).contains("2 types"));
    let mut bad = file(Some("gpt-2"));
    bad.set("tokenizer.ggml.tokens", list(8, 1, &[1, 0, 0, 0, 0, 0, 0, 0, 0xff]));
    assert!(refusal(&bad).contains("UTF-8"));
    let mut bad = File::new(TINY);
    bad.set("tokenizer.ggml.scores", numbers(&[f32::NAN; 32]));
    assert!(refusal(&bad).contains("tokenizer.ggml.scores"));
}

#[test]
fn what_does_not_come_back_is_found_before_anything_is_drawn() {
    // A space is put before every text, and there is none.
    let mut words = gguf::few_words();
    words[3].0 = "#".into();
    let mut odd = File::new(TINY);
    odd.set("tokenizer.ggml.tokens", texts(&words.iter().map(|w| &w.0).collect::<Vec<_>>()));
    let said = refusal(&odd);
    assert!(said.contains("does not give a text back"), "{said}");
    odd.set("tokenizer.ggml.add_space_prefix", flag(false));
    let model = open(&odd.bytes()).expect("without a space it comes back");
    assert_eq!(model.decode(&model.encode("the").expect("tokens")), "the");
}
