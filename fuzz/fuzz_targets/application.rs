#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| libdlt_ng_fuzz::bodies::application::input(input));
