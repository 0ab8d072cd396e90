//! Kinds of weights.

/// How a tensor's numbers are written, of the kinds that are read, by the format's own numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "the format's own names")]
#[repr(u32)]
pub enum Kind {
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q2_K = 10,
    Q3_K = 11,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    /// Blocks of 32: an f16 scale and 4-bit places in a fixed list of 16 steps.
    IQ4_NL = 20,
    BF16 = 30,
}

const READ: [Kind; 14] = [
    Kind::F32,
    Kind::F16,
    Kind::Q4_0,
    Kind::Q4_1,
    Kind::Q5_0,
    Kind::Q5_1,
    Kind::Q8_0,
    Kind::Q2_K,
    Kind::Q3_K,
    Kind::Q4_K,
    Kind::Q5_K,
    Kind::Q6_K,
    Kind::IQ4_NL,
    Kind::BF16,
];

/// Names of all kinds, by the format's own numbers; what is empty was never used or is no longer.
const NAMES: [&str; 40] = [
    "F32", "F16", "Q4_0", "Q4_1", "", "", "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
    "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8",
    "I16", "I32", "I64", "F64", "IQ1_M", "BF16", "Q4_0_4_4", "Q4_0_4_8", "Q4_0_8_8", "TQ1_0", "TQ2_0", "",
    "", "", "MXFP4",
];

impl Kind {
    /// The kind of this number in the format, or else a name for it.
    pub(crate) fn of(number: u32) -> Result<Self, String> {
        READ.into_iter().find(|kind| *kind as u32 == number).ok_or_else(|| {
            let name = NAMES.get(number as usize).filter(|name| !name.is_empty());
            name.map_or_else(|| format!("number {number}"), |name| (*name).to_owned())
        })
    }

    /// Numbers of a block, and its bytes.
    pub fn block(self) -> (u64, u64) {
        match self {
            Kind::F32 => (1, 4),
            Kind::F16 | Kind::BF16 => (1, 2),
            Kind::Q4_0 | Kind::IQ4_NL => (32, 18),
            Kind::Q4_1 => (32, 20),
            Kind::Q5_0 => (32, 22),
            Kind::Q5_1 => (32, 24),
            Kind::Q8_0 => (32, 34),
            Kind::Q2_K => (256, 84),
            Kind::Q3_K => (256, 110),
            Kind::Q4_K => (256, 144),
            Kind::Q5_K => (256, 176),
            Kind::Q6_K => (256, 210),
        }
    }

    /// Its name in the format.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_their_numbers() {
        for kind in READ {
            assert_eq!(Kind::of(kind as u32), Ok(kind));
            assert_eq!(kind.name(), format!("{kind:?}"));
        }
        assert_eq!(Kind::of(39), Err("MXFP4".into()));
        assert_eq!(Kind::of(4), Err("number 4".into()));
    }
}
