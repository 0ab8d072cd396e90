//! Kinds of weights.

use std::borrow::Cow;

use candle_core::quantized::GgmlDType;

/// How a tensor's numbers are written, of the kinds that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ggml(GgmlDType),
    /// Blocks of 32: an f16 scale and 4-bit places in a fixed list of 16 steps.
    Iq4Nl,
}

/// The steps of IQ4_NL.
const STEPS: [i8; 16] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/// Names of all kinds, by the format's own numbers; what is empty was never used or is no longer.
const NAMES: [&str; 40] = [
    "F32", "F16", "Q4_0", "Q4_1", "", "", "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
    "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8",
    "I16", "I32", "I64", "F64", "IQ1_M", "BF16", "Q4_0_4_4", "Q4_0_4_8", "Q4_0_8_8", "TQ1_0", "TQ2_0", "",
    "", "", "MXFP4",
];

impl Kind {
    /// The kind of this number in the format, or else a name for it.
    pub(super) fn of(number: u32) -> Result<Self, String> {
        use GgmlDType::{BF16, F16, F32, Q2K, Q3K, Q4_0, Q4_1, Q4K, Q5_0, Q5_1, Q5K, Q6K, Q8_0};
        Ok(Kind::Ggml(match number {
            0 => F32,
            1 => F16,
            2 => Q4_0,
            3 => Q4_1,
            6 => Q5_0,
            7 => Q5_1,
            8 => Q8_0,
            10 => Q2K,
            11 => Q3K,
            12 => Q4K,
            13 => Q5K,
            14 => Q6K,
            20 => return Ok(Kind::Iq4Nl),
            30 => BF16,
            _ => {
                let name = NAMES.get(number as usize).filter(|name| !name.is_empty());
                return Err(name.map_or_else(|| format!("number {number}"), |name| (*name).to_owned()));
            }
        }))
    }

    /// Numbers of a block, and its bytes.
    pub(super) fn block(self) -> (u64, u64) {
        match self {
            Kind::Ggml(kind) => (kind.block_size() as u64, kind.type_size() as u64),
            Kind::Iq4Nl => (32, 18),
        }
    }

    pub(super) fn name(self) -> String {
        match self {
            Kind::Ggml(kind) => format!("{kind:?}"),
            Kind::Iq4Nl => "IQ4_NL".into(),
        }
    }

    /// The same numbers in a kind that can be packed. The steps of IQ4_NL are those of Q8_0.
    pub(crate) fn packable(self, bytes: &[u8]) -> (GgmlDType, Cow<'_, [u8]>) {
        match self {
            Kind::Ggml(kind) => (kind, bytes.into()),
            Kind::Iq4Nl => {
                let mut wide = Vec::with_capacity(bytes.len() / 18 * 34);
                for block in bytes.chunks_exact(18) {
                    let (scale, places) = block.split_at(2);
                    wide.extend_from_slice(scale);
                    wide.extend(places.iter().map(|p| STEPS[usize::from(p & 15)] as u8));
                    wide.extend(places.iter().map(|p| STEPS[usize::from(p >> 4)] as u8));
                }
                (GgmlDType::Q8_0, wide.into())
            }
        }
    }
}
