//! Weights in fewer bits.

use anyhow::{Result, bail};
use half::f16;

/// Numbers that share a scale in Q8_0.
const BLOCK: usize = 32;

/// Numbers as Q8_0: for every 32 an f16 scale, 127 steps to the largest, and 32 signed bytes.
///
/// # Errors
/// When rows are no multiple of 32 long.
pub(crate) fn q8_0(numbers: &[f32], row: usize) -> Result<Vec<u8>> {
    if row == 0 || !row.is_multiple_of(BLOCK) {
        bail!("rows of {row} numbers cannot be quantised; a multiple of {BLOCK} is needed");
    }
    let mut out = Vec::with_capacity(numbers.len() / BLOCK * (2 + BLOCK));
    for block in numbers.chunks_exact(BLOCK) {
        let scale = block.iter().fold(0f32, |most, x| most.max(x.abs())) / 127.0;
        let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
        out.extend(f16::from_f32(scale).to_le_bytes());
        out.extend(block.iter().map(|x| (x * inverse).round() as i8 as u8));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bits_have_127_steps_to_the_largest_of_a_block() {
        let mut numbers = [0.0; 64];
        numbers[..4].copy_from_slice(&[254.0, -254.0, 3.0, -1.0]);
        let bytes = q8_0(&numbers, 64).unwrap();
        assert_eq!(bytes[..6], [0x00, 0x40, 127, 129, 2, 255]);
        assert_eq!(bytes[34..], [0; 34]);
        assert!(q8_0(&numbers, 16).is_err());
    }
}
