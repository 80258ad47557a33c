//! Names of control services and of their results.

const SERVICES: [&str; 20] = [
    "set_log_level",
    "set_trace_status",
    "get_log_info",
    "get_default_log_level",
    "store_config",
    "reset_to_factory_default",
    "set_com_interface_status",
    "set_com_interface_max_bandwidth",
    "set_verbose_mode",
    "set_message_filtering",
    "set_timing_packets",
    "get_local_time",
    "use_ecu_id",
    "use_session_id",
    "use_timestamp",
    "use_extended_header",
    "set_default_log_level",
    "set_default_trace_status",
    "get_software_version",
    "message_buffer_overflow",
];

/// The name of a service that has one.
pub fn service_name(id: u32) -> Option<&'static str> {
    let index = usize::try_from(id.checked_sub(1)?).ok()?;
    SERVICES.get(index).copied()
}

/// The name of a result that has one.
pub fn status_name(status: u8) -> Option<&'static str> {
    Some(match status {
        0 => "ok",
        1 => "not_supported",
        2 => "error",
        3 => "perm_denied",
        4 => "warning",
        8 => "no_matching_context_id",
        _ => return None,
    })
}
