//! What cargo cannot say in Cargo.toml: the name under which programs find the shared library, the
//! C shim for what Rust cannot define, and the date for dlt_get_version().

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // The library that this one replaces, by the name that programs carry.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libdlt.so.2");
    // A thread lives in the library: it must not be unmapped by dlclose.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo:rustc-env=DLT_NG_BUILD_DATE={}", date(seconds()));
    #[cfg(feature = "capi")]
    compile_shim();
}

#[cfg(feature = "capi")]
fn compile_shim() {
    println!("cargo:rerun-if-changed=src/ffi/shim.c");
    println!("cargo:rerun-if-changed=src/ffi/receiving.c");
    cc::Build::new()
        .file("src/ffi/shim.c")
        .file("src/ffi/receiving.c")
        .std("c99")
        // What a program's function throws, and a cancelled thread, goes through.
        .flag("-fexceptions")
        .flag("-fvisibility=hidden")
        .warnings(true)
        .extra_warnings(true)
        .compile("dlt_shim");
    println!("cargo:rerun-if-changed=src/ffi/calling.c");
    cc::Build::new()
        .file("src/ffi/calling.c")
        .std("gnu99")
        .flag("-fno-exceptions")
        .flag("-fno-unwind-tables")
        .flag("-fno-asynchronous-unwind-tables")
        .flag("-fvisibility=hidden")
        .warnings(true)
        .extra_warnings(true)
        .compile("dlt_calling");
}

/// Seconds since 1970; of SOURCE_DATE_EPOCH for builds that are to be the same each time.
fn seconds() -> u64 {
    let epoch = env::var("SOURCE_DATE_EPOCH").ok();
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    epoch.and_then(|seconds| seconds.trim().parse().ok()).unwrap_or_else(now)
}

/// As C's __DATE__ and __TIME__: "Jan  1 1970 00:00:00".
fn date(seconds: u64) -> String {
    let (mut year, mut day) = (1970, seconds / 86_400);
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    while day >= 365 + u64::from(leap(year)) {
        day -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(' ');
    let mut month = "";
    for (length, name) in lengths.into_iter().zip(names) {
        month = name;
        if day < length {
            break;
        }
        day -= length;
    }
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{month} {:2} {year} {hour:02}:{minute:02}:{second:02}", day + 1)
}
