//! Made-up GGUF files of tiny models, any part of which a test can change, bytes and all.
#![allow(dead_code, reason = "each test uses a part")]

use half::f16;

/// A value of a description: its type, then its bytes.
pub(crate) type Value = Vec<u8>;

fn typed(kind: u32, bytes: &[u8]) -> Value {
    [&kind.to_le_bytes(), bytes].concat()
}

pub(crate) fn count(x: u32) -> Value {
    typed(4, &x.to_le_bytes())
}

pub(crate) fn number(x: f32) -> Value {
    typed(6, &x.to_le_bytes())
}

pub(crate) fn flag(x: bool) -> Value {
    typed(7, &[u8::from(x)])
}

fn sized(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

pub(crate) fn text(text: &str) -> Value {
    typed(8, &sized(text))
}

pub(crate) fn list(kind: u32, count: usize, bytes: &[u8]) -> Value {
    typed(9, &[&kind.to_le_bytes()[..], &(count as u64).to_le_bytes(), bytes].concat())
}

pub(crate) fn texts<S: AsRef<str>>(all: &[S]) -> Value {
    list(8, all.len(), &all.iter().flat_map(|text| sized(text.as_ref())).collect::<Vec<u8>>())
}

pub(crate) fn integers(all: &[i32]) -> Value {
    list(5, all.len(), &all.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>())
}

pub(crate) fn numbers(all: &[f32]) -> Value {
    list(6, all.len(), &all.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>())
}

#[derive(Clone)]
pub(crate) struct Tensor {
    pub name: String,
    /// As files have it: the length of a row first.
    pub dimensions: Vec<u64>,
    pub kind: u32,
    pub bytes: Vec<u8>,
    /// What the bytes stand for, row by row.
    pub numbers: Vec<f32>,
    /// Where it is said to begin, if not where it does.
    pub offset: Option<u64>,
}

#[derive(Clone)]
pub(crate) struct File {
    pub version: u32,
    pub keys: Vec<(String, Value)>,
    pub tensors: Vec<Tensor>,
    pub alignment: usize,
    /// Said instead of how many there are.
    pub key_count: Option<u64>,
    pub tensor_count: Option<u64>,
}

/// The measures of a model.
#[derive(Clone, Copy)]
pub(crate) struct Measures {
    pub architecture: &'static str,
    pub width: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub feed: usize,
    pub layers: usize,
}

pub(crate) const TINY: Measures =
    Measures { architecture: "llama", width: 32, heads: 2, kv_heads: 1, feed: 64, layers: 2 };

/// Whole numbers that look random.
pub(crate) struct Chance(pub u64);

impl Chance {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

pub(crate) fn f32_tensor(name: &str, dimensions: &[usize], numbers: Vec<f32>) -> Tensor {
    Tensor {
        name: name.into(),
        dimensions: dimensions.iter().map(|d| *d as u64).collect(),
        kind: 0,
        bytes: numbers.iter().flat_map(|x| x.to_le_bytes()).collect(),
        numbers,
        offset: None,
    }
}

/// A matrix whose weights are whole steps of 8 bits, so that packing them changes nothing.
fn matrix(chance: &mut Chance, name: &str, outputs: usize, inputs: usize) -> Tensor {
    let mut numbers = Vec::with_capacity(outputs * inputs);
    for _ in 0..outputs {
        for i in 0..inputs {
            let step = if i % 32 == 0 { 127.0 } else { chance.below(255) as f32 - 127.0 };
            let sign = if chance.below(2) == 0 { 1.0 } else { -1.0 };
            numbers.push(step * sign / 512.0);
        }
    }
    f32_tensor(name, &[inputs, outputs], numbers)
}

pub(crate) fn vector(chance: &mut Chance, name: &str, length: usize, around: f32) -> Tensor {
    let numbers = (0..length).map(|_| around + (chance.below(1001) as f32 - 500.0) / 1000.0).collect();
    f32_tensor(name, &[length], numbers)
}

/// As much of a tensor's numbers as IQ4_NL has.
pub(crate) fn as_iq4_nl(tensor: &mut Tensor, chance: &mut Chance) {
    const STEPS: [f32; 16] = [
        -127.0, -104.0, -83.0, -65.0, -49.0, -35.0, -22.0, -10.0, 1.0, 13.0, 25.0, 38.0, 53.0, 69.0, 89.0,
        113.0,
    ];
    (tensor.kind, tensor.bytes) = (20, Vec::new());
    for block in tensor.numbers.as_chunks_mut::<32>().0 {
        let scale = (1 + chance.below(9)) as f32 / 1024.0;
        tensor.bytes.extend(f16::from_f32(scale).to_le_bytes());
        let places: Vec<u8> = (0..32).map(|_| chance.below(16) as u8).collect();
        tensor.bytes.extend((0..16).map(|j| places[j] | places[j + 16] << 4));
        for (x, place) in block.iter_mut().zip(places) {
            *x = scale * STEPS[usize::from(place)];
        }
    }
}

/// The words of a SentencePiece vocabulary without bytes: few, so that files are small.
pub(crate) fn few_words() -> Vec<(String, f32, i32)> {
    let mut words: Vec<(String, f32, i32)> = vec![
        ("<unk>".into(), 0.0, 2),
        ("<s>".into(), 0.0, 3),
        ("</s>".into(), 0.0, 3),
        ("▁".into(), -9.0, 1),
    ];
    words.extend(('a'..='z').map(|c| (c.to_string(), -9.0, 1)));
    words.extend([("▁t".into(), -1.0, 1), ("he".into(), -2.0, 1), ("\n".into(), -9.0, 1)]);
    words
}

/// The letters of byte-level BPE, byte by byte.
pub(crate) fn letters() -> Vec<String> {
    let mut others = 256u32..;
    (0..=255u32)
        .map(|byte| {
            let itself = matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
            let code = if itself { byte } else { others.next().expect("without end") };
            char::from_u32(code).expect("a letter").to_string()
        })
        .collect()
}

impl File {
    /// A model of these measures with a SentencePiece vocabulary.
    pub(crate) fn new(m: Measures) -> Self {
        let words = few_words();
        let keys = vec![
            ("tokenizer.ggml.model".to_owned(), text("llama")),
            ("tokenizer.ggml.tokens".into(), texts(&words.iter().map(|w| &w.0).collect::<Vec<_>>())),
            ("tokenizer.ggml.scores".into(), numbers(&words.iter().map(|w| w.1).collect::<Vec<_>>())),
            ("tokenizer.ggml.token_type".into(), integers(&words.iter().map(|w| w.2).collect::<Vec<_>>())),
            ("tokenizer.ggml.bos_token_id".into(), count(1)),
            ("tokenizer.ggml.eos_token_id".into(), count(2)),
            ("tokenizer.ggml.add_bos_token".into(), flag(false)),
        ];
        File::with(m, words.len(), keys)
    }

    /// The same with embeddings of `vocabulary` words, which are to be set.
    pub(crate) fn sized(m: Measures, vocabulary: usize) -> Self {
        let keys = File::new(m).keys.into_iter().filter(|(key, _)| key.starts_with("tokenizer."));
        File::with(m, vocabulary, keys.collect())
    }

    /// A model of these measures with a byte-level vocabulary: all bytes, then `more` (all but `usual` of
    /// them marks).
    pub(crate) fn byte_level(
        m: Measures,
        more: &[&str],
        usual: usize,
        merges: &[&str],
        pre: Option<&str>,
    ) -> Self {
        let words: Vec<String> = letters().into_iter().chain(more.iter().map(|w| (*w).to_owned())).collect();
        let kinds: Vec<i32> = (0..words.len()).map(|i| if i < 256 + usual { 1 } else { 3 }).collect();
        let mut keys = vec![
            ("tokenizer.ggml.model".to_owned(), text("gpt2")),
            ("tokenizer.ggml.tokens".into(), texts(&words)),
            ("tokenizer.ggml.token_type".into(), integers(&kinds)),
            ("tokenizer.ggml.merges".into(), texts(merges)),
        ];
        keys.extend(pre.map(|pre| ("tokenizer.ggml.pre".to_owned(), text(pre))));
        File::with(m, words.len(), keys)
    }

    fn with(m: Measures, vocabulary: usize, tokenizer: Vec<(String, Value)>) -> Self {
        let own = |name: &str| format!("{}.{name}", m.architecture);
        let head = m.width / m.heads;
        let mut keys = vec![
            ("general.architecture".to_owned(), text(m.architecture)),
            (own("embedding_length"), count(m.width as u32)),
            (own("block_count"), count(m.layers as u32)),
            (own("feed_forward_length"), count(m.feed as u32)),
            (own("attention.head_count"), count(m.heads as u32)),
            (own("attention.head_count_kv"), count(m.kv_heads as u32)),
            (own("attention.layer_norm_rms_epsilon"), number(1e-5)),
            (own("context_length"), count(2048)),
        ];
        keys.extend(tokenizer);
        let chance = &mut Chance(7);
        let mut tensors = vec![
            matrix(chance, "token_embd.weight", vocabulary, m.width),
            matrix(chance, "output.weight", vocabulary, m.width),
            vector(chance, "output_norm.weight", m.width, 1.0),
        ];
        for l in 0..m.layers {
            let name = |part: &str| format!("blk.{l}.{part}.weight");
            let kv = m.kv_heads * head;
            for (part, outputs, inputs) in [
                ("attn_q", m.width, m.width),
                ("attn_k", kv, m.width),
                ("attn_v", kv, m.width),
                ("attn_output", m.width, m.width),
                ("ffn_gate", m.feed, m.width),
                ("ffn_up", m.feed, m.width),
                ("ffn_down", m.width, m.feed),
            ] {
                tensors.push(matrix(chance, &name(part), outputs, inputs));
            }
            tensors.push(vector(chance, &name("attn_norm"), m.width, 1.0));
            tensors.push(vector(chance, &name("ffn_norm"), m.width, 1.0));
        }
        File { version: 3, keys, tensors, alignment: 32, key_count: None, tensor_count: None }
    }

    /// Puts a value in, or in place of another.
    pub(crate) fn set(&mut self, key: &str, value: Value) -> &mut Self {
        self.remove(key);
        self.keys.push((key.into(), value));
        self
    }

    pub(crate) fn remove(&mut self, key: &str) -> &mut Self {
        self.keys.retain(|(name, _)| name != key);
        self
    }

    pub(crate) fn tensor(&mut self, name: &str) -> &mut Tensor {
        self.tensors.iter_mut().find(|tensor| tensor.name == name).expect("the tensor")
    }

    pub(crate) fn without_tensor(&mut self, name: &str) -> &mut Self {
        self.tensors.retain(|tensor| tensor.name != name);
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(self.version.to_le_bytes());
        out.extend(self.tensor_count.unwrap_or(self.tensors.len() as u64).to_le_bytes());
        out.extend(self.key_count.unwrap_or(self.keys.len() as u64).to_le_bytes());
        for (key, value) in &self.keys {
            out.extend(sized(key));
            out.extend(value);
        }
        let mut offset = 0;
        for tensor in &self.tensors {
            out.extend(sized(&tensor.name));
            out.extend((tensor.dimensions.len() as u32).to_le_bytes());
            out.extend(tensor.dimensions.iter().flat_map(|d| d.to_le_bytes()));
            out.extend(tensor.kind.to_le_bytes());
            out.extend(tensor.offset.unwrap_or(offset).to_le_bytes());
            offset += tensor.bytes.len().next_multiple_of(self.alignment) as u64;
        }
        for tensor in &self.tensors {
            out.resize(out.len().next_multiple_of(self.alignment), 0);
            out.extend(&tensor.bytes);
        }
        out.resize(out.len().next_multiple_of(self.alignment), 0);
        out
    }
}
