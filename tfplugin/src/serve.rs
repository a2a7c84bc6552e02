//! The whole of a provider's `main`.

use std::io::Write;
use std::process::ExitCode;

use crate::provider::Provider;
use crate::transport::{self, About};
use crate::wire::Service;

/// Serves `provider` to the host that started this process.
///
/// A person who runs the file by hand learns what it is. `--version` and `--help` print, and `-debug` serves without a host and prints how
/// to attach one.
pub fn serve<P: Provider>(provider: P) -> ExitCode {
    let about = About {
        type_name: P::ADDRESS.rsplit('/').next().unwrap_or(P::ADDRESS),
        address: P::ADDRESS,
        version: P::VERSION,
        crate_name: crate_of::<P>(),
    };
    let argument = std::env::args_os()
        .nth(1)
        .and_then(|argument| argument.into_string().ok());
    match argument.as_deref() {
        Some("--version" | "-version" | "-V") => {
            say(&format!("terraform-provider-{} {}\n", about.type_name, about.version))
        }
        Some("--help" | "-help" | "-h") => say(&transport::usage(&about)),
        _ => transport::run(&about, |lifecycle| Service::new(provider, lifecycle)),
    }
}

/// The crate that defines a type.
fn crate_of<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    name.split("::").next().unwrap_or(name)
}

fn say(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_of_a_provider_is_the_one_that_its_lines_are_logged_under() {
        struct Of<T>(std::marker::PhantomData<T>);

        assert_eq!(crate_of::<Of<tracing::Level>>(), env!("CARGO_CRATE_NAME"));
        assert!(module_path!().starts_with(crate_of::<Of<String>>()));
    }
}
