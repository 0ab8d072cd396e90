//! Hatching of what lies outside a convex region.

/// a·x + b·y ≤ c.
pub(super) type Half = [f64; 3];

/// A stroke from one point to another.
type Stroke = [[f64; 2]; 2];

/// Strokes that rise to the right, `apart` from each other across, over the part of the box `[left, top, right,
/// bottom]` that is outside at least one of `halves`. Pixels, downward.
pub(super) fn hatch_beyond(halves: &[Half], [left, top, right, bottom]: [f64; 4], apart: f64) -> Vec<Stroke> {
    let tall = bottom - top;
    let count = ((right - left + tall) / apart).ceil().max(0.0) as usize;
    let mut strokes = Vec::new();
    for k in 0..count {
        // From the bottom edge (or where that line would meet it) upward; t is the way up and to the right.
        let start = left - tall + (k as f64 + 0.5) * apart;
        let (from, to) = ((left - start).max(0.0), (right - start).min(tall));
        let place = |t: f64| [start + t, bottom - t];
        let mut take = |a: f64, b: f64| {
            if b - a > 0.5 {
                strokes.push([place(a), place(b)]);
            }
        };
        match inside(halves, start, bottom, [from, to]) {
            None => take(from, to),
            Some([enters, leaves]) => {
                take(from, enters);
                take(leaves, to);
            }
        }
    }
    strokes
}

/// The part of the way t ↦ (x + t, y − t) that lies in all `halves`, within `[from, to]`.
fn inside(halves: &[Half], x: f64, y: f64, [mut from, mut to]: [f64; 2]) -> Option<[f64; 2]> {
    for [a, b, c] in halves {
        let (slope, room) = (a - b, c - a * x - b * y);
        if slope > 0.0 {
            to = to.min(room / slope);
        } else if slope < 0.0 {
            from = from.max(room / slope);
        } else if room < 0.0 {
            return None;
        }
    }
    (from < to).then_some([from, to])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_lie_in_the_box_and_outside_the_region() {
        let halves = [[1.0, 0.0, 60.0], [0.0, -1.0, -30.0]];
        let strokes = hatch_beyond(&halves, [0.0, 0.0, 100.0, 80.0], 8.0);
        assert!(strokes.len() > 10);
        for [a, b] in &strokes {
            for t in [0.01, 0.5, 0.99] {
                let (x, y) = (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]));
                assert!((-1e-9..=100.0 + 1e-9).contains(&x) && (-1e-9..=80.0 + 1e-9).contains(&y));
                assert!(x > 60.0 || y < 30.0, "({x}, {y}) can be had");
            }
        }
        let whole: f64 = hatch_beyond(&[[0.0, 0.0, -1.0]], [0.0, 0.0, 100.0, 80.0], 8.0)
            .iter()
            .map(|[a, b]| b[0] - a[0])
            .sum();
        let beyond: f64 = strokes.iter().map(|[a, b]| b[0] - a[0]).sum();
        let share = 1.0 - 60.0 * 50.0 / 8000.0;
        assert!((beyond / whole - share).abs() < 0.05, "as much as lies outside: {}", beyond / whole);
        assert!(hatch_beyond(&[], [0.0, 0.0, 100.0, 80.0], 8.0).is_empty());
    }
}
