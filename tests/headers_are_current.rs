//! The generated headers under `include/dlt` are what cbindgen makes of the sources today.
//! `ci/generate-headers` writes them anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

use cbindgen::{Builder, Config};

/// Each generated header with the sources it is made from, relative to the crate.
const GENERATED: [(&str, &[&str]); 6] = [
    ("dlt_user", &["src/ffi/user.rs", "src/ffi/write.rs"]),
    (
        "dlt_common",
        &[
            "src/ffi/common.rs",
            "src/ffi/log_files.rs",
            "src/ffi/buffer.rs",
            "src/ffi/message.rs",
            "src/ffi/filter.rs",
            "src/ffi/file.rs",
            "src/ffi/receiver.rs",
        ],
    ),
    ("dlt_client", &["src/ffi/client.rs"]),
    ("dlt_multiple_files", &["src/ffi/multiple_files.rs"]),
    ("dlt_ng", &["src/ffi/ng.rs"]),
    ("dlt_filetransfer", &["src/ffi/filetransfer.rs"]),
];

fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn generated(name: &str, sources: &[&str]) -> String {
    let config = in_crate(&format!("include/cbindgen/{name}.toml"));
    let config = Config::from_file(&config).unwrap_or_else(|error| panic!("{error}"));
    let builder = Builder::new().with_config(config);
    let builder =
        sources.iter().fold(builder, |builder, source| builder.with_src(in_crate(source)));
    let mut text = Vec::new();
    builder.generate().unwrap_or_else(|error| panic!("{error}")).write(&mut text);
    String::from_utf8(text).unwrap()
}

#[test]
fn each_generated_header_is_what_the_sources_say() {
    for (name, sources) in GENERATED {
        let path = in_crate(&format!("include/dlt/{name}.h"));
        let wanted = generated(name, sources);
        if env::var_os("UPDATE").is_some() {
            fs::write(&path, &wanted).unwrap();
        }
        let current = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            current == wanted,
            "{} is not what the sources say: run ci/generate-headers",
            path.display()
        );
    }
}
