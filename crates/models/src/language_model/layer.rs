//! One transformer layer: attention and feed-forward, each after an RMS norm, each added to the stream.

use super::super::ModelError;
use super::super::dispatch::multiversion;
use super::super::kernel::Activations;
use super::super::linear::Linear;
use super::super::ops::{add, add_weighted, dot, softmax, swiglu};
use super::super::tensors::Tensors;
use super::Row;
use super::cache::{Cache, SIDE_BY_SIDE, Seen};

pub(super) struct Shape {
    pub heads: usize,
    pub kv_heads: usize,
    pub head_width: usize,
    pub width: usize,
    pub epsilon: f32,
    pub rope_base: f32,
    /// What every rotary frequency is divided by.
    pub rope_divisor: f64,
    /// What each rotary frequency is divided by beside that, [head width / 2]; empty for 1.
    pub rope_factors: Vec<f32>,
    /// Whether rotary pairs are a number of a head's first half and one of its second, not neighbours.
    pub rope_halves: bool,
}

/// A matrix, and what is added to its product: a number for every output, or nothing.
struct Product {
    weights: Linear,
    bias: Vec<f32>,
}

impl Product {
    fn new(tensors: &mut Tensors, name: &str) -> Result<Self, ModelError> {
        let weights = tensors.matrix(&format!("{name}.weight"))?;
        let bias = tensors.optional(&format!("{name}.bias"), weights.outputs())?;
        Ok(Product { weights, bias })
    }

    fn forward(&self, x: &mut Activations, y: &mut Vec<f32>) {
        self.weights.forward(x, y);
        if !self.bias.is_empty() {
            for row in y.chunks_exact_mut(self.bias.len()) {
                add(row, &self.bias);
            }
        }
    }
}

pub(super) struct Layer {
    attention_norm: Vec<f32>,
    query: Product,
    key: Product,
    value: Product,
    output: Product,
    feed_norm: Vec<f32>,
    gate: Product,
    up: Product,
    down: Product,
}

/// Buffers of a forward pass, used again at every step.
#[derive(Default)]
pub(super) struct Workspace {
    /// The stream, [rows, width].
    pub x: Vec<f32>,
    pub activations: Activations,
    /// Cosine and sine of every row's rotary angles, [rows, head width / 2].
    pub rotations: Vec<(f32, f32)>,
    h: Vec<f32>,
    q: Vec<f32>,
    k: Vec<f32>,
    v: Vec<f32>,
    attended: Vec<f32>,
    added: Vec<f32>,
    gate: Vec<f32>,
    up: Vec<f32>,
    scores: Vec<f32>,
    /// [rows, vocabulary].
    pub logits: Vec<f32>,
}

impl Layer {
    pub(super) fn new(tensors: &mut Tensors, l: usize, shape: &Shape) -> Result<Self, ModelError> {
        let name = |part: &str| format!("blk.{l}.{part}");
        let (q_width, kv_width) = (shape.heads * shape.head_width, shape.kv_heads * shape.head_width);
        let layer = Layer {
            attention_norm: tensors.vector(&name("attn_norm.weight"))?,
            query: Product::new(tensors, &name("attn_q"))?,
            key: Product::new(tensors, &name("attn_k"))?,
            value: Product::new(tensors, &name("attn_v"))?,
            output: Product::new(tensors, &name("attn_output"))?,
            feed_norm: tensors.vector(&name("ffn_norm.weight"))?,
            gate: Product::new(tensors, &name("ffn_gate"))?,
            up: Product::new(tensors, &name("ffn_up"))?,
            down: Product::new(tensors, &name("ffn_down"))?,
        };
        let feed = layer.gate.weights.outputs();
        let shapes = [
            (&layer.query, shape.width, q_width),
            (&layer.key, shape.width, kv_width),
            (&layer.value, shape.width, kv_width),
            (&layer.output, q_width, shape.width),
            (&layer.gate, shape.width, feed),
            (&layer.up, shape.width, feed),
            (&layer.down, feed, shape.width),
        ];
        let fit = shapes
            .iter()
            .all(|(m, inputs, outputs)| m.weights.inputs() == *inputs && m.weights.outputs() == *outputs);
        if !fit || layer.attention_norm.len() != shape.width || layer.feed_norm.len() != shape.width {
            return Err(ModelError::Format(format!("the tensors of layer {l} do not fit together")));
        }
        Ok(layer)
    }

    /// The stream w.x [rows, width] is changed in place; keys and values of `rows` enter the cache.
    pub(super) fn forward(
        &self,
        shape: &Shape,
        rows: &[Row],
        w: &mut Workspace,
        cache: &mut Cache,
        l: usize,
    ) {
        rms_norm(&w.x, &self.attention_norm, shape.epsilon, &mut w.h);
        w.activations.set(&w.h, shape.width);
        self.query.forward(&mut w.activations, &mut w.q);
        self.key.forward(&mut w.activations, &mut w.k);
        self.value.forward(&mut w.activations, &mut w.v);
        let (q_width, kv_width) = (shape.heads * shape.head_width, shape.kv_heads * shape.head_width);
        for (i, (row, rotations)) in
            rows.iter().zip(w.rotations.chunks_exact(shape.head_width / 2)).enumerate()
        {
            let rope = if shape.rope_halves { rope_halves } else { rope };
            rope(&mut w.q[i * q_width..(i + 1) * q_width], rotations);
            let k = &mut w.k[i * kv_width..(i + 1) * kv_width];
            rope(k, rotations);
            cache.store(l, row.position, row.sample, k, &w.v[i * kv_width..(i + 1) * kv_width]);
        }
        w.attended.clear();
        w.attended.resize(w.q.len(), 0.0);
        for (i, row) in rows.iter().enumerate() {
            let seen = cache.seen(l, row.position, row.sample);
            attend(
                shape,
                &w.q[i * q_width..(i + 1) * q_width],
                seen,
                &mut w.attended[i * q_width..(i + 1) * q_width],
                &mut w.scores,
            );
        }
        w.activations.set(&w.attended, q_width);
        self.output.forward(&mut w.activations, &mut w.added);
        add(&mut w.x, &w.added);

        rms_norm(&w.x, &self.feed_norm, shape.epsilon, &mut w.h);
        w.activations.set(&w.h, shape.width);
        self.gate.forward(&mut w.activations, &mut w.gate);
        self.up.forward(&mut w.activations, &mut w.up);
        swiglu(&mut w.gate, &w.up);
        w.activations.set(&w.gate, self.down.weights.inputs());
        self.down.forward(&mut w.activations, &mut w.added);
        add(&mut w.x, &w.added);
    }
}

/// Attention of one token: q [heads × head width] over what it has seen, into `out`.
fn attend(shape: &Shape, q: &[f32], seen: [Seen; 2], out: &mut [f32], scores: &mut Vec<f32>) {
    let (d, width) = (shape.head_width, shape.kv_heads * shape.head_width);
    let scale = 1.0 / (d as f32).sqrt();
    for (head, (q, out)) in q.chunks_exact(d).zip(out.chunks_exact_mut(d)).enumerate() {
        // Several query heads share one key-value head.
        let at = head / (shape.heads / shape.kv_heads) * d;
        scores.clear();
        for run in seen {
            let end = scores.len() + run.tokens;
            for block in run.keys.chunks_exact(width * SIDE_BY_SIDE) {
                scores.extend(
                    dot_keys(q, &block[at * SIDE_BY_SIDE..(at + d) * SIDE_BY_SIDE]).map(|s| s * scale),
                );
            }
            // Places of a block that no token has taken yet.
            scores.truncate(end);
        }
        softmax(scores);
        let mut p = scores.as_slice();
        for run in seen {
            let (now, rest) = p.split_at(run.tokens);
            p = rest;
            add_weighted(out, now, run.values, width, at);
        }
    }
}

multiversion! {
    /// Products of q [head width] with eight keys [head width][8], in four sums each.
    fn dot_keys(q: &[f32], keys: &[f32]) -> [f32; SIDE_BY_SIDE] {
        let mut sums = [[0f32; SIDE_BY_SIDE]; 4];
        let (quads, rest) = q.as_chunks::<4>();
        let (blocks, last) = keys.as_chunks::<{ 4 * SIDE_BY_SIDE }>();
        for (q, keys) in quads.iter().zip(blocks) {
            for (j, sums) in sums.iter_mut().enumerate() {
                for i in 0..SIDE_BY_SIDE {
                    sums[i] += q[j] * keys[j * SIDE_BY_SIDE + i];
                }
            }
        }
        for (q, keys) in rest.iter().zip(last.as_chunks::<SIDE_BY_SIDE>().0) {
            for i in 0..SIDE_BY_SIDE {
                sums[0][i] += q * keys[i];
            }
        }
        let [a, b, c, d] = sums;
        let mut all = [0.0; SIDE_BY_SIDE];
        for (i, all) in all.iter_mut().enumerate() {
            *all = (a[i] + c[i]) + (b[i] + d[i]);
        }
        all
    }
}

/// Adds the cosine and sine of the rotary angles at `position`: position · base^(−2i / head width) / factor
/// for every pair i, the factor being what scaling makes it.
pub(super) fn add_rotations(position: usize, shape: &Shape, rotations: &mut Vec<(f32, f32)>) {
    let d = shape.head_width as f64;
    for i in 0..shape.head_width / 2 {
        let factor = shape.rope_divisor * shape.rope_factors.get(i).copied().map_or(1.0, f64::from);
        let angle = position as f64 * libm::pow(f64::from(shape.rope_base), -2.0 * i as f64 / d) / factor;
        rotations.push((libm::cos(angle) as f32, libm::sin(angle) as f32));
    }
}

/// Rotary position: pair (2i, 2i + 1) of every head turns by its angle.
fn rope(x: &mut [f32], rotations: &[(f32, f32)]) {
    for head in x.chunks_exact_mut(2 * rotations.len()) {
        for (pair, (c, s)) in head.chunks_exact_mut(2).zip(rotations) {
            let (a, b) = (pair[0], pair[1]);
            pair[0] = a * c - b * s;
            pair[1] = a * s + b * c;
        }
    }
}

/// As [`rope`], of pairs (i, i + head width / 2).
fn rope_halves(x: &mut [f32], rotations: &[(f32, f32)]) {
    for head in x.chunks_exact_mut(2 * rotations.len()) {
        let (first, second) = head.split_at_mut(rotations.len());
        for ((a, b), (c, s)) in first.iter_mut().zip(second).zip(rotations) {
            (*a, *b) = (*a * c - *b * s, *a * s + *b * c);
        }
    }
}

multiversion! {
    /// x / √(mean x² + ε) · g for every row of x [rows, width], into y.
    pub(super) fn rms_norm(x: &[f32], g: &[f32], epsilon: f32, y: &mut Vec<f32>) {
        y.clear();
        for row in x.chunks_exact(g.len()) {
            let scale = 1.0 / (dot(row, row) / row.len() as f32 + epsilon).sqrt();
            y.extend(row.iter().zip(g).map(|(x, g)| x * scale * g));
        }
    }
}
