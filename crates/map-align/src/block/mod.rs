//! One block of rows in the first-level cache, and the loops over it.
//!
//! A block holds up to [`ROWS`] rows of the columns in use, each column contiguous. The loops (`kernels`) run over
//! whole vectors; rows beyond the end hold z = 0 and score −∞, so that they weigh nothing.

mod exp;
mod kernels;

pub(super) use kernels::{exponentials, first_moment, largest, moments, scores, weights};

/// Rows of a block: with seven columns it fills 16 KiB, half of a usual first-level cache.
pub(super) const ROWS: usize = 256;

pub(super) type Column = [f64; ROWS];

/// Copies of the columns of one block, for what cannot be read in place: the last rows, small groups, and
/// columns less a centre.
pub(super) struct Copies {
    pub z: Vec<Column>,
}

impl Copies {
    pub fn new(columns: usize) -> Self {
        Copies { z: vec![[0.0; ROWS]; columns] }
    }

    /// Copies `source` (at most [`ROWS`] rows), less `centre`, into column `k`.
    #[inline]
    pub fn load(&mut self, k: usize, source: &[f64], centre: f64) {
        let column = &mut self.z[k];
        for (x, s) in column.iter_mut().zip(source) {
            *x = s - centre;
        }
        column[source.len()..padded(source.len())].fill(0.0);
    }

    /// z_k −= centre_k.
    #[inline]
    pub fn centre(&mut self, k: usize, centre: f64, rows: usize) {
        self.z[k][..padded(rows)].iter_mut().for_each(|z| *z -= centre);
    }
}

/// The columns of one block of `rows` rows from `start`: read in place where the block is full, else copied.
#[inline]
pub(super) fn in_place<'a>(
    source: &[&'a [f64]],
    start: usize,
    rows: usize,
    copies: &'a mut Copies,
) -> Vec<&'a Column> {
    if rows == ROWS {
        let full =
            source.iter().map(|s| s[start..start + ROWS].try_into().ok()).collect::<Option<Vec<&Column>>>();
        if let Some(full) = full {
            return full;
        }
    }
    for (k, source) in source.iter().enumerate() {
        copies.load(k, &source[start..start + rows], 0.0);
    }
    copies.z.iter().take(source.len()).collect()
}

/// Rows rounded up to whole steps of the loops.
pub(super) fn padded(rows: usize) -> usize {
    rows.next_multiple_of(4).min(ROWS)
}
