//! Instructions chosen when the program runs, so that it is fast wherever it is installed. WebAssembly knows
//! no such choice: there they are chosen when it is compiled.

/// Whether this processor has AVX2.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(crate) fn has_avx2() -> bool {
    #[cfg(test)]
    if without::AVX2.get() {
        return false;
    }
    is_x86_feature_detected!("avx2")
}

/// Function multiversioning: compiles each function for AVX2 as well, where there can be one, and chooses at
/// every call. Both are made of the same operations in the same order, so they give the same bits. What they
/// call is compiled with them only where it is inlined.
///
/// Each is a function of its own, never inlined: browsers' compilers keep sums in registers in a small
/// function, not in a large one.
macro_rules! multiversion {
    ($(
        $(#[$attribute:meta])*
        $visibility:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block
    )*) => {$(
        $(#[$attribute])*
        #[inline(never)]
        #[allow(unsafe_code, reason = "the call of what is compiled for a processor that was asked for")]
        $visibility fn $name($($argument: $type),*) $(-> $result)? {
            #[inline(always)]
            fn body($($argument: $type),*) $(-> $result)? $body

            #[cfg(target_arch = "x86_64")]
            if $crate::dispatch::has_avx2() {
                #[target_feature(enable = "avx2")]
                fn avx2($($argument: $type),*) $(-> $result)? {
                    body($($argument),*)
                }
                // SAFETY: the processor has AVX2.
                return unsafe { avx2($($argument),*) };
            }
            body($($argument),*)
        }
    )*};
}
pub(crate) use multiversion;

/// For tests: the same work as a processor without AVX2 does it.
#[cfg(test)]
pub(crate) mod without {
    use std::cell::Cell;

    thread_local! {
        pub(super) static AVX2: Cell<bool> = const { Cell::new(false) };
    }

    /// Does `work` on this thread without AVX2.
    pub(crate) fn avx2<T>(work: impl FnOnce() -> T) -> T {
        AVX2.set(true);
        let done = work();
        AVX2.set(false);
        done
    }
}
