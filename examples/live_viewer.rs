//! A viewer of a daemon, as `dlt-receive -a` is one: `cargo run --example live_viewer -- localhost`.
//!
//! Arguments: host (localhost), port (3490), and filters such as `NET::warn`, of which one is enough.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program may")]

use std::time::Duration;

use dlt::client::{Client, PORT, Request};
use dlt::message::{Filter, Value};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let host = arguments.next().unwrap_or_else(|| "localhost".to_owned());
    let port = arguments.next().map_or(Ok(PORT), |port| port.parse())?;
    let mut client = Client::connect(&host, port)?;
    for filter in arguments {
        client = client.keep(filter.parse::<Filter>()?);
    }

    // What the daemon knows. Messages that come before the answer are kept.
    match client.ask(&Request::GetLogInfo, Duration::from_secs(5)) {
        Ok(answer) => {
            for app in answer.applications()? {
                let contexts: Vec<_> = app
                    .contexts
                    .iter()
                    .map(|it| it.id.as_bytes().escape_ascii().to_string())
                    .collect();
                eprintln!("{}: {}", app.id.as_bytes().escape_ascii(), contexts.join(" "));
            }
        }
        Err(error) => eprintln!("which applications there are is not known: {error}"),
    }

    let mut numbers = 0_u64;
    for message in &mut client {
        let message = message?;
        println!("{message}");
        // Arguments are decoded where they lie; nothing is copied.
        let is_number = |value: &Value| matches!(value, Value::Signed(_) | Value::Unsigned(_));
        numbers += message.arguments().flatten().filter(|it| is_number(&it.value)).count() as u64;
    }
    eprintln!("the daemon has closed the connection; {numbers} numbers were seen");
    Ok(())
}
