//! One transformer layer: attention and feed-forward, each after an RMS norm, each added to the stream.

use super::super::ModelError;
use super::super::linear::{Linear, vector};
use super::super::tensors::Tensors;
use super::super::vector::{add_scaled, dot, softmax};
use super::Row;
use super::cache::Cache;

pub(super) struct Shape {
    pub heads: usize,
    pub kv_heads: usize,
    pub head_width: usize,
    pub width: usize,
    pub epsilon: f32,
    pub rope_base: f32,
}

pub(super) struct Layer {
    attention_norm: Vec<f32>,
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    feed_norm: Vec<f32>,
    gate: Linear,
    up: Linear,
    down: Linear,
}

impl Layer {
    pub(super) fn new(tensors: &mut Tensors, l: usize) -> Result<Self, ModelError> {
        let mut take = |name: &str| tensors.take(&format!("blk.{l}.{name}.weight"));
        Ok(Layer {
            attention_norm: vector(&take("attn_norm")?)?,
            query: Linear::new(take("attn_q")?)?,
            key: Linear::new(take("attn_k")?)?,
            value: Linear::new(take("attn_v")?)?,
            output: Linear::new(take("attn_output")?)?,
            feed_norm: vector(&take("ffn_norm")?)?,
            gate: Linear::new(take("ffn_gate")?)?,
            up: Linear::new(take("ffn_up")?)?,
            down: Linear::new(take("ffn_down")?)?,
        })
    }

    /// x [rows, width] is changed in place; keys and values of `rows` enter the cache. `turns`: see [`turns`], for every row.
    pub(super) fn forward(&self, shape: &Shape, rows: &[Row], turns: &[Vec<(f32, f32)>], x: &mut [f32], cache: &mut Cache, l: usize) {
        let h = rms_norm(x, &self.attention_norm, shape.epsilon);
        let mut q = self.query.forward(&h);
        let mut k = self.key.forward(&h);
        let v = self.value.forward(&h);
        let (q_width, kv_width) = (shape.heads * shape.head_width, shape.kv_heads * shape.head_width);
        for (i, row) in rows.iter().enumerate() {
            rope(&mut q[i * q_width..(i + 1) * q_width], &turns[i]);
            let k = &mut k[i * kv_width..(i + 1) * kv_width];
            rope(k, &turns[i]);
            cache.store(l, row.position, row.sample, k, &v[i * kv_width..(i + 1) * kv_width]);
        }
        let mut attended = vec![0.0; q.len()];
        let mut scores = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            let seen = cache.seen(l, row.position, row.sample);
            attend(shape, &q[i * q_width..(i + 1) * q_width], seen, &mut attended[i * q_width..(i + 1) * q_width], &mut scores);
        }
        add_scaled(x, 1.0, &self.output.forward(&attended));

        let h = rms_norm(x, &self.feed_norm, shape.epsilon);
        let mut gate = self.gate.forward(&h);
        let up = self.up.forward(&h);
        for (g, u) in gate.iter_mut().zip(&up) {
            *g = *g / (1.0 + (-*g).exp()) * u;
        }
        add_scaled(x, 1.0, &self.down.forward(&gate));
    }
}

/// Attention of one token: q [heads × head width] over what it has seen.
fn attend(shape: &Shape, q: &[f32], seen: [(&[f32], &[f32]); 2], out: &mut [f32], scores: &mut Vec<f32>) {
    let (d, kv_width) = (shape.head_width, shape.kv_heads * shape.head_width);
    let scale = 1.0 / (d as f32).sqrt();
    for (head, (q, out)) in q.chunks_exact(d).zip(out.chunks_exact_mut(d)).enumerate() {
        // Several query heads share one key-value head.
        let at = head / (shape.heads / shape.kv_heads) * d;
        scores.clear();
        for (keys, _) in seen {
            scores.extend(keys.chunks_exact(kv_width).map(|k| dot(q, &k[at..at + d]) * scale));
        }
        softmax(scores);
        let mut p = scores.iter();
        for (_, values) in seen {
            for (v, p) in values.chunks_exact(kv_width).zip(&mut p) {
                add_scaled(out, *p, &v[at..at + d]);
            }
        }
    }
}

/// Cosine and sine of the rotary angles at `position`: position · base^(−2i / head width) for every pair i.
pub(super) fn turns(position: usize, shape: &Shape) -> Vec<(f32, f32)> {
    let d = shape.head_width as f64;
    let angle = |i: usize| position as f64 * f64::from(shape.rope_base).powf(-2.0 * i as f64 / d);
    (0..shape.head_width / 2).map(|i| (angle(i).cos() as f32, angle(i).sin() as f32)).collect()
}

/// Rotary position: pair (2i, 2i + 1) of every head turns by its angle.
fn rope(x: &mut [f32], turns: &[(f32, f32)]) {
    for head in x.chunks_exact_mut(2 * turns.len()) {
        for (pair, (c, s)) in head.chunks_exact_mut(2).zip(turns) {
            let (a, b) = (pair[0], pair[1]);
            pair[0] = a * c - b * s;
            pair[1] = a * s + b * c;
        }
    }
}

/// x / √(mean x² + ε) · g for every row of x [rows, width].
pub(super) fn rms_norm(x: &[f32], g: &[f32], epsilon: f32) -> Vec<f32> {
    let mut y = Vec::with_capacity(x.len());
    for row in x.chunks_exact(g.len()) {
        let scale = 1.0 / (dot(row, row) / row.len() as f32 + epsilon).sqrt();
        y.extend(row.iter().zip(g).map(|(x, g)| x * scale * g));
    }
    y
}
