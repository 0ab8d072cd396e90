//! The forward pass against a plain one in float64 that knows nothing of it: biases, scaled positions,
//! Qwen2's order of rotary pairs, odd widths, tied embeddings.

#[path = "support/gguf.rs"]
mod gguf;
#[path = "support/open.rs"]
mod open;

use gguf::{Chance, File, Measures, TINY, as_iq4_nl, count, f32_tensor, number, text, vector};
use open::open;

/// A file, and what of its description a plain pass needs to know.
struct Model {
    file: File,
    m: Measures,
    /// Pairs are (i, i + half), not neighbours.
    halves: bool,
    divisor: f64,
    factors: Vec<f64>,
}

fn model(m: Measures) -> Model {
    Model { file: File::new(m), m, halves: false, divisor: 1.0, factors: Vec::new() }
}

impl Model {
    fn add_biases(&mut self, parts: &[&str]) {
        let chance = &mut Chance(99);
        for l in 0..self.m.layers {
            for part in parts {
                let outputs = self.file.tensor(&format!("blk.{l}.{part}.weight")).dimensions[1] as usize;
                self.file.tensors.push(vector(chance, &format!("blk.{l}.{part}.bias"), outputs, 0.3));
            }
        }
    }

    fn numbers(&self, name: &str) -> Option<&[f32]> {
        self.file.tensors.iter().find(|t| t.name == name).map(|t| t.numbers.as_slice())
    }

    /// x · Wᵀ + b.
    fn product(&self, name: &str, x: &[f64]) -> Vec<f64> {
        let weights = self.numbers(&format!("{name}.weight")).expect("the matrix");
        let mut y: Vec<f64> = weights
            .chunks_exact(x.len())
            .map(|row| row.iter().zip(x).map(|(w, x)| f64::from(*w) * x).sum())
            .collect();
        if let Some(bias) = self.numbers(&format!("{name}.bias")) {
            y.iter_mut().zip(bias).for_each(|(y, b)| *y += f64::from(*b));
        }
        y
    }

    fn norm(&self, name: &str, x: &[f64]) -> Vec<f64> {
        let scale = 1.0 / (x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64 + 1e-5).sqrt();
        let gains = self.numbers(&format!("{name}.weight")).expect("the norm");
        x.iter().zip(gains).map(|(x, g)| x * scale * f64::from(*g)).collect()
    }

    fn turn(&self, x: &mut [f64], position: usize) {
        let d = self.m.width / self.m.heads;
        for head in x.chunks_exact_mut(d) {
            for i in 0..d / 2 {
                let factor = self.divisor * self.factors.get(i).copied().unwrap_or(1.0);
                let angle = position as f64 * 10_000f64.powf(-2.0 * i as f64 / d as f64) / factor;
                let (a, b) = if self.halves { (i, i + d / 2) } else { (2 * i, 2 * i + 1) };
                let (x, y) = (head[a], head[b]);
                head[a] = x * angle.cos() - y * angle.sin();
                head[b] = x * angle.sin() + y * angle.cos();
            }
        }
    }

    /// log p of every token after the first.
    fn log_probabilities(&self, tokens: &[u32]) -> Vec<f64> {
        let (width, d) = (self.m.width, self.m.width / self.m.heads);
        let embedding = self.numbers("token_embd.weight").expect("the embedding");
        let mut stream: Vec<Vec<f64>> = tokens
            .iter()
            .map(|t| embedding[*t as usize * width..][..width].iter().map(|x| f64::from(*x)).collect())
            .collect();
        for l in 0..self.m.layers {
            let name = |part: &str| format!("blk.{l}.{part}");
            let (mut keys, mut values) = (Vec::new(), Vec::new());
            for (position, x) in stream.iter_mut().enumerate() {
                let h = self.norm(&name("attn_norm"), x);
                let (mut q, mut k) = (self.product(&name("attn_q"), &h), self.product(&name("attn_k"), &h));
                self.turn(&mut q, position);
                self.turn(&mut k, position);
                keys.push(k);
                values.push(self.product(&name("attn_v"), &h));
                let mut attended = vec![0.0; q.len()];
                for head in 0..self.m.heads {
                    let at = head / (self.m.heads / self.m.kv_heads) * d;
                    let scores: Vec<f64> = keys
                        .iter()
                        .map(|k: &Vec<f64>| {
                            let dot: f64 = (0..d).map(|i| q[head * d + i] * k[at + i]).sum();
                            (dot / (d as f64).sqrt()).exp()
                        })
                        .collect();
                    let total: f64 = scores.iter().sum();
                    for (score, v) in scores.iter().zip(&values) {
                        for i in 0..d {
                            attended[head * d + i] += score / total * v[at + i];
                        }
                    }
                }
                let added = self.product(&name("attn_output"), &attended);
                x.iter_mut().zip(added).for_each(|(x, a)| *x += a);
                let h = self.norm(&name("ffn_norm"), x);
                let (gate, up) = (self.product(&name("ffn_gate"), &h), self.product(&name("ffn_up"), &h));
                let gated: Vec<f64> = gate.iter().zip(up).map(|(g, u)| g / (1.0 + (-g).exp()) * u).collect();
                let added = self.product(&name("ffn_down"), &gated);
                x.iter_mut().zip(added).for_each(|(x, a)| *x += a);
            }
        }
        let head = if self.numbers("output.weight").is_some() { "output" } else { "token_embd" };
        let of = |x: &Vec<f64>, next: u32| {
            let logits = self.product(head, &self.norm("output_norm", x));
            let total: f64 = logits.iter().map(|x| x.exp()).sum();
            logits[next as usize] - total.ln()
        };
        stream.iter().zip(&tokens[1..]).map(|(x, next)| of(x, *next)).collect()
    }
}

/// Compares, and gives what was found.
fn agree(model: &Model, what: &str) -> Vec<f64> {
    let chance = &mut Chance(5);
    let tokens: Vec<u32> = (0..40).map(|_| 3 + chance.below(29) as u32).collect();
    let opened = open(&model.file.bytes()).unwrap_or_else(|e| panic!("{what}: {e}"));
    let found = opened.log_probabilities(&tokens[..1], &tokens[1..]).expect("a forward pass");
    let expected = model.log_probabilities(&tokens);
    for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert!((found - expected).abs() < 3e-3, "{what}, token {i}: {found}, expected {expected}");
    }
    found
}

/// How much two models differ at most.
fn apart(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn biases_and_scaled_positions_are_those_of_the_definition() {
    let plain = agree(&model(TINY), "plain");

    let mut attention = model(TINY);
    attention.add_biases(&["attn_q", "attn_k", "attn_v", "attn_output"]);
    let mut feed = model(TINY);
    feed.add_biases(&["ffn_gate", "ffn_up", "ffn_down"]);
    let mut linear = model(TINY);
    linear.file.set("llama.rope.scaling.type", text("linear")).set("llama.rope.scaling.factor", number(4.0));
    linear.divisor = 4.0;
    let mut llama3 = model(TINY);
    llama3.factors = (0..8).map(|i| [1.0, 1.0, 1.0, 1.75, 3.0, 8.0, 8.0, 8.0][i]).collect();
    let factors = llama3.factors.iter().map(|x| *x as f32).collect();
    llama3.file.tensors.push(f32_tensor("rope_freqs.weight", &[8], factors));
    let mut iq4 = model(TINY);
    for l in 0..TINY.layers {
        as_iq4_nl(iq4.file.tensor(&format!("blk.{l}.ffn_down.weight")), &mut Chance(l as u64));
    }
    for (model, what) in [
        (&attention, "attention biases"),
        (&feed, "feed-forward biases"),
        (&linear, "linear scaling"),
        (&llama3, "Llama 3's scaling"),
        (&iq4, "IQ4_NL"),
    ] {
        assert!(apart(&agree(model, what), &plain) > 0.05, "{what} changes nothing, so nothing was tested");
    }
    // The same by the older key, and by a factor without its kind.
    let by_type = agree(&linear, "linear");
    for key in ["llama.rope.scale_linear", "llama.rope.scaling.factor"] {
        let mut older = model(TINY);
        older.file.set(key, number(4.0));
        older.divisor = 4.0;
        assert_eq!(agree(&older, key), by_type, "{key}");
    }
    let mut none = model(TINY);
    none.file.set("llama.rope.scaling.type", text("none")).set("llama.rope.scaling.factor", number(4.0));
    assert_eq!(agree(&none, "no scaling"), plain);
}

#[test]
fn qwen2_turns_halves_and_may_share_its_embedding() {
    let mut qwen = model(Measures { architecture: "qwen2", ..TINY });
    qwen.halves = true;
    qwen.add_biases(&["attn_q", "attn_k", "attn_v"]);
    qwen.file.without_tensor("output.weight");
    agree(&qwen, "qwen2");
}

#[test]
fn any_even_width_of_heads_and_any_width_of_layers_are_computed() {
    for (width, heads, kv_heads, feed) in [(40, 2, 1, 44), (64, 8, 4, 172), (36, 6, 2, 33), (10, 1, 1, 1)] {
        let m = Measures { width, heads, kv_heads, feed, ..TINY };
        let mut odd = model(m);
        odd.add_biases(&["ffn_gate", "attn_output"]);
        agree(&odd, &format!("width {width}, feed {feed}"));
    }
}

#[test]
fn a_short_context_is_kept_to() {
    let mut short = model(TINY);
    short.file.set("llama.context_length", count(8));
    let opened = open(&short.file.bytes()).expect("a model");
    let said = |error: Option<palette_models::ModelError>| error.map(|e| e.to_string()).unwrap_or_default();
    assert!(said(opened.chat_tokens("abcdefghij", None).err()).contains("at most 8"));
    // A space, three letters, the end of the line.
    assert_eq!(opened.chat_tokens("abc", None).expect("tokens").len(), 5);
    assert!(open::answer(&opened, "abc", 3).is_ok());
    assert!(said(open::answer(&opened, "abc", 4).err()).contains("at most 8 in all"));
}
