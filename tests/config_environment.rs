//! Environment to configuration: every variable, every way it can be wrong.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::time::Duration;

use dlt::config::{Config, InitialLevels, LocalPrint, LogMode, Warning};
use dlt::types::{AppId, ContextId, Level, OverflowMode};
use proptest::prelude::*;

fn read(variables: &[(&str, &str)]) -> (Config, Vec<Warning>) {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    Config::from_lookup(|name| variables.get(name).map(OsString::from), false)
}

fn quietly(variable: &str, value: &str) -> Config {
    let (config, warnings) = read(&[(variable, value)]);
    assert!(warnings.is_empty(), "{warnings:?}");
    config
}

fn with_warning(variable: &str, value: &str) -> (Config, String) {
    let (config, warnings) = read(&[(variable, value)]);
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    (config, warning.to_string())
}

#[test]
fn an_empty_environment_gives_the_defaults_without_a_warning() {
    let (config, warnings) = read(&[]);
    assert_eq!((config.clone(), warnings), (Config::default(), Vec::new()));
    assert_eq!(config.pipe_dir, Path::new("/tmp"));
    assert_eq!(config.ring_slots, 16_384);
    assert_eq!(config.message_size_max, 1390);
    assert_eq!(config.overflow_mode, OverflowMode::DropNewest);
    assert_eq!(config.overflow_timeout, Duration::from_millis(100));
    assert!(config.extended_header_for_non_verbose && config.listen_to_daemon);
}

#[test]
fn overflow_modes_have_numbers_and_names() {
    for (value, mode) in [
        ("0", OverflowMode::Overwrite),
        ("overwrite", OverflowMode::Overwrite),
        ("1", OverflowMode::DropNewest),
        ("drop", OverflowMode::DropNewest),
        ("2", OverflowMode::Block),
        ("BLOCK", OverflowMode::Block),
    ] {
        assert_eq!(quietly("DLT_USER_OVERFLOW_MODE", value).overflow_mode, mode, "{value}");
    }
    let (config, warning) = with_warning("DLT_USER_OVERFLOW_MODE", "3");
    assert_eq!(config, Config::default());
    assert_eq!(
        warning,
        "DLT_USER_OVERFLOW_MODE=\"3\": not one of 0 or overwrite, 1 or drop, 2 or block, \
         default used"
    );
}

#[test]
fn the_timeout_is_at_most_a_minute() {
    let timeout = |config: Config| config.overflow_timeout.as_millis();
    assert_eq!(timeout(quietly("DLT_USER_TIMEOUT_MS", "0")), 0);
    assert_eq!(timeout(quietly("DLT_USER_TIMEOUT_MS", "60000")), 60_000);
    assert_eq!(timeout(with_warning("DLT_USER_TIMEOUT_MS", "60001").0), 60_000);
    assert_eq!(timeout(with_warning("DLT_USER_TIMEOUT_MS", "-1").0), 100);
    assert_eq!(timeout(with_warning("DLT_USER_TIMEOUT_MS", "soon").0), 100);
}

#[test]
fn the_buffer_size_becomes_a_power_of_two_of_slots() {
    let slots = |value| quietly("DLT_USER_BUFFER_MAX", value).ring_slots;
    assert_eq!(slots("3000"), 1024);
    assert_eq!(slots("131072"), 1024);
    assert_eq!(slots("131073"), 2048);
    assert_eq!(slots("500000"), 4096);
    assert_eq!(slots("2097152"), 16_384);
    for (value, expected) in [("0", 16_384), ("-5", 16_384), ("2MB", 16_384)] {
        assert_eq!(with_warning("DLT_USER_BUFFER_MAX", value).0.ring_slots, expected, "{value}");
    }
    let (config, warning) = with_warning("DLT_USER_BUFFER_MAX", "99999999999999999999999");
    assert_eq!(config.ring_slots, 1 << 23);
    assert!(warning.ends_with("too large, 1073741824 used"), "{warning}");
}

#[test]
fn buffer_minimum_and_step_are_checked_and_change_nothing() {
    for variable in ["DLT_USER_BUFFER_MIN", "DLT_USER_BUFFER_STEP"] {
        assert_eq!(quietly(variable, "50000"), Config::default());
        assert_eq!(with_warning(variable, "0").0, Config::default());
        assert_eq!(with_warning(variable, "many").0, Config::default());
    }
}

#[test]
fn a_message_size_that_would_silence_the_logger_is_not_taken() {
    let size = |config: Config| config.message_size_max;
    assert_eq!(size(quietly("DLT_LOG_MSG_BUF_LEN", "42")), 42);
    assert_eq!(size(quietly("DLT_LOG_MSG_BUF_LEN", "65535")), 65_535);
    assert_eq!(size(with_warning("DLT_LOG_MSG_BUF_LEN", "65536").0), 65_535);
    for value in ["41", "0", "-1", "abc", ""] {
        assert_eq!(size(with_warning("DLT_LOG_MSG_BUF_LEN", value).0), 1390, "{value}");
    }
}

#[test]
fn the_librarys_own_log_is_set_by_number() {
    assert_eq!(quietly("DLT_LOG_LEVEL", "7").own_log.level, Some(7));
    assert_eq!(with_warning("DLT_LOG_LEVEL", "8").0.own_log.level, None);
    assert_eq!(with_warning("DLT_LOG_LEVEL", "debug").0.own_log.level, None);
    let modes =
        [LogMode::Console, LogMode::Syslog, LogMode::File, LogMode::Stderr, LogMode::Dropped];
    for (number, mode) in modes.into_iter().enumerate() {
        assert_eq!(quietly("DLT_LOG_MODE", &number.to_string()).own_log.mode, Some(mode));
    }
    assert_eq!(with_warning("DLT_LOG_MODE", "5").0.own_log.mode, None);
    let file = quietly("DLT_LOG_FILENAME", "/x/y").own_log.filename;
    assert_eq!(file.as_deref(), Some(Path::new("/x/y")));
}

#[test]
fn a_base_directory_of_1023_characters_is_taken_and_a_longer_one_is_not() {
    let longest = "x".repeat(1023);
    assert_eq!(quietly("DLT_PIPE_DIR", &longest).pipe_dir, Path::new(&longest));
    assert_eq!(with_warning("DLT_PIPE_DIR", &"x".repeat(1024)).0, Config::default());
    assert_eq!(with_warning("DLT_PIPE_DIR", "").0, Config::default());
}

#[test]
fn a_privileged_process_takes_no_paths_from_its_environment() {
    let (config, warnings) = Config::from_lookup(|_| Some("/etc/evil".into()), true);
    assert_eq!(config.pipe_dir, Path::new("/tmp"));
    assert_eq!(config.own_log.filename, None);
    let refused: Vec<_> = warnings
        .iter()
        .filter(|warning| warning.problem == dlt::config::Problem::Privileged)
        .map(|warning| warning.variable)
        .collect();
    assert_eq!(refused, ["DLT_PIPE_DIR", "DLT_LOG_FILENAME"]);
}

#[test]
fn local_print_modes_are_exact_names() {
    for (value, mode) in [
        ("AUTOMATIC", LocalPrint::Automatic),
        ("FORCE_ON", LocalPrint::ForceOn),
        ("FORCE_OFF", LocalPrint::ForceOff),
    ] {
        assert_eq!(quietly("DLT_LOCAL_PRINT_MODE", value).local_print, mode);
    }
    assert_eq!(with_warning("DLT_LOCAL_PRINT_MODE", "force_on").0.local_print, LocalPrint::Unset);
    assert!(LocalPrint::Unset.prints(true) && !LocalPrint::Unset.prints(false));
    assert!(LocalPrint::ForceOn.prints(false));
    assert!(!LocalPrint::ForceOff.prints(true) && !LocalPrint::Automatic.prints(true));
}

#[test]
fn the_switches_are_read_as_libdlt_reads_them() {
    let extended = |value| {
        quietly("DLT_DISABLE_EXTENDED_HEADER_FOR_NONVERBOSE", value).extended_header_for_non_verbose
    };
    assert!(!extended("1"));
    assert!(extended("0") && extended(""));
    for value in ["11", "true", "x"] {
        let (config, _) = with_warning("DLT_DISABLE_EXTENDED_HEADER_FOR_NONVERBOSE", value);
        assert!(config.extended_header_for_non_verbose);
    }
    assert!(!quietly("DLT_DISABLE_INJECTION_MSG_AT_USER", "").listen_to_daemon);
    assert!(!quietly("DLT_DISABLE_INJECTION_MSG_AT_USER", "0").listen_to_daemon);
}

fn initial(text: &str) -> InitialLevels {
    InitialLevels::parse(text.as_bytes(), |item| panic!("{}", item.escape_ascii()))
}

fn level(levels: &InitialLevels, app: &str, context: &str) -> Option<Level> {
    levels.level_for(AppId::new(app.as_bytes()), ContextId::new(context.as_bytes()))
}

#[test]
fn the_item_that_says_more_wins_and_among_equals_the_first() {
    let levels = initial("::1;:CTX:2;APP::3;APP:CTX:4;APP:CTX:5;");
    assert_eq!(level(&levels, "APP", "CTX"), Some(Level::Info));
    assert_eq!(level(&levels, "APP", "OTHR"), Some(Level::Warn));
    assert_eq!(level(&levels, "OTHR", "CTX"), Some(Level::Error));
    assert_eq!(level(&levels, "OTHR", "OTHR"), Some(Level::Fatal));
    assert_eq!(level(&initial("APP:CTX:4"), "APP", "C"), None);
    assert_eq!(level(&initial("APP::4"), "", "CTX"), None);
}

#[test]
fn names_are_accepted_in_every_item() {
    let levels = initial("A::Debug;B::warn;C::WARNING;D::off;E::default;F::-1;G::6");
    let expected = [
        ("A", Level::Debug),
        ("B", Level::Warn),
        ("C", Level::Warn),
        ("D", Level::Off),
        ("E", Level::Default),
        ("F", Level::Default),
        ("G", Level::Verbose),
    ];
    for (app, wanted) in expected {
        assert_eq!(level(&levels, app, "X"), Some(wanted), "{app}");
    }
}

#[test]
fn items_that_are_not_understood_are_told_and_left_out() {
    let text = "::-;APPLE::4;::7;A:B;A:B:4:5;::loud;X::3";
    let (config, warnings) = read(&[("DLT_INITIAL_LOG_LEVEL", text)]);
    let told: Vec<_> = warnings.iter().map(|warning| warning.value.as_slice()).collect();
    let invalid: Vec<_> = text.split(';').take(6).map(str::as_bytes).collect();
    assert_eq!(told, invalid);
    assert_eq!(level(&config.initial_levels, "X", "Y"), Some(Level::Warn));
    assert_eq!(level(&config.initial_levels, "Y", "Y"), None);
}

#[test]
fn an_empty_list_leaves_logging_on() {
    assert!(quietly("DLT_INITIAL_LOG_LEVEL", "").initial_levels.is_empty());
    assert!(quietly("DLT_INITIAL_LOG_LEVEL", ";;").initial_levels.is_empty());
}

proptest! {
    #[test]
    fn no_environment_makes_it_fail(value in prop::collection::vec(1_u8.., 0..80)) {
        let (config, warnings) =
            Config::from_lookup(|_| Some(OsString::from_vec(value.clone())), false);
        prop_assert!(config.ring_slots.is_power_of_two() && config.ring_slots >= 1024);
        prop_assert!(config.message_size_max >= 42);
        for warning in warnings {
            prop_assert!(warning.to_string().is_ascii());
        }
    }
}
