#![no_main]

#[path = "../checks.rs"]
#[allow(dead_code)] // The other targets' checks.
mod checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| checks::token(data));
