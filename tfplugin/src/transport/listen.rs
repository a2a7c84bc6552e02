//! Where the host finds us: a unix socket that nobody else can reach, or a port on loopback.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use super::environment::Environment;
use super::error::StartError;

/// A network and an address in it, as handshake and reattach write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) network: &'static str,
    pub(super) address: String,
}

/// A byte stream from a host.
pub(super) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

/// Waits for connections; a socket file is gone once this is dropped.
#[derive(Debug)]
pub(super) struct Listener {
    address: Address,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix {
        listener: tokio::net::UnixListener,
        _file: unix::SocketFile,
    },
}

impl Listener {
    /// Listens where the host wants it. Needs a runtime.
    pub(super) fn bind(environment: &Environment) -> Result<Self, StartError> {
        if environment.tcp {
            Self::bind_tcp(environment)
        } else {
            Self::bind_local(environment)
        }
    }

    #[cfg(unix)]
    fn bind_local(environment: &Environment) -> Result<Self, StartError> {
        let (listener, file) = unix::bind(environment.socket_dir.as_deref(), environment.socket_group.as_deref())?;
        let address = Address {
            network: "unix",
            address: file.path().display().to_string(),
        };
        Ok(Self {
            address,
            kind: Kind::Unix { listener, _file: file },
        })
    }

    #[cfg(not(unix))]
    fn bind_local(environment: &Environment) -> Result<Self, StartError> {
        Self::bind_tcp(environment)
    }

    fn bind_tcp(environment: &Environment) -> Result<Self, StartError> {
        let ports = environment.ports.clone().unwrap_or(0..=0);
        let named = format!("127.0.0.1, ports {} to {}", ports.start(), ports.end());
        let bind = |port| {
            let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
            listener.set_nonblocking(true)?;
            let listener = TcpListener::from_std(listener)?;
            Ok((listener.local_addr()?, listener))
        };
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for port in ports {
            match bind(port) {
                Ok((at, listener)) => return Ok(Self::tcp(at, listener)),
                Err(error) => last = error,
            }
        }
        Err(StartError::Listen {
            at: named,
            source: last,
        })
    }

    fn tcp(at: SocketAddr, listener: TcpListener) -> Self {
        let address = Address {
            network: "tcp",
            address: at.to_string(),
        };
        Self {
            address,
            kind: Kind::Tcp(listener),
        }
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Socket>> {
        match &self.kind {
            Kind::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Answers are small and waited for.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            #[cfg(unix)]
            Kind::Unix { listener, .. } => Ok(Box::new(listener.accept().await?.0)),
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, DirBuilder, Permissions};
    use std::io;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
    use std::path::{Path, PathBuf};

    use rustls::crypto::aws_lc_rs;
    use tokio::net::UnixListener;

    use super::StartError;

    /// The shortest `sun_path` of the systems there are (macOS: 104), with its final NUL.
    const MAX_PATH: usize = 103;

    /// Removes the socket and, where it was made for it, its folder.
    #[derive(Debug)]
    pub(super) struct SocketFile {
        path: PathBuf,
        folder: Option<PathBuf>,
    }

    impl SocketFile {
        pub(super) fn path(&self) -> &Path {
            &self.path
        }
    }

    impl Drop for SocketFile {
        fn drop(&mut self) {
            // What somebody else has removed already is as good.
            let _ = fs::remove_file(&self.path);
            if let Some(folder) = &self.folder {
                let _ = fs::remove_dir(folder);
            }
        }
    }

    /// In a folder of the host's choice, whose protection is the host's business, or else in a
    /// new one that only we can enter.
    pub(super) fn bind(dir: Option<&Path>, group: Option<&str>) -> Result<(UnixListener, SocketFile), StartError> {
        let file = match dir {
            Some(dir) => SocketFile {
                path: dir.join(fresh_name()?),
                folder: None,
            },
            None => {
                let folder = private_folder()?;
                SocketFile {
                    path: folder.join("socket"),
                    folder: Some(folder),
                }
            }
        };
        let failed = |source| StartError::Listen {
            at: file.path.display().to_string(),
            source,
        };
        let listener = UnixListener::bind(&file.path).map_err(failed)?;
        if let Some(group) = group {
            share_with_group(&file.path, group).map_err(failed)?;
        }
        Ok((listener, file))
    }

    fn private_folder() -> Result<PathBuf, StartError> {
        let name = fresh_name()?;
        let preferred = std::env::temp_dir().join(&name);
        let fits = preferred.join("socket").as_os_str().as_bytes().len() <= MAX_PATH;
        let folder = if fits { preferred } else { Path::new("/tmp").join(name) };
        DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .map_err(|source| StartError::Listen {
                at: folder.display().to_string(),
                source,
            })?;
        Ok(folder)
    }

    fn fresh_name() -> Result<String, StartError> {
        let mut bytes = [0; 8];
        let random = aws_lc_rs::default_provider().secure_random;
        random.fill(&mut bytes).map_err(|_| StartError::Listen {
            at: "a new socket".to_owned(),
            source: io::Error::other("the operating system gives no random bytes for its name"),
        })?;
        Ok(format!("plugin{:016x}", u64::from_ne_bytes(bytes)))
    }

    fn share_with_group(socket: &Path, group: &str) -> io::Result<()> {
        let id = match group.parse() {
            Ok(id) => id,
            Err(_) => group_id(&fs::read_to_string("/etc/group")?, group)
                .ok_or_else(|| io::Error::other(format!("there is no group `{group}` (PLUGIN_UNIX_SOCKET_GROUP)")))?,
        };
        chown(socket, None, Some(id))?;
        fs::set_permissions(socket, Permissions::from_mode(0o660))
    }

    fn group_id(database: &str, group: &str) -> Option<u32> {
        database.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next()? == group).then(|| fields.nth(1)?.parse().ok())?
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[tokio::test]
        async fn the_socket_is_in_a_private_folder_and_goes_with_it() {
            let (listener, file) = bind(None, None).expect("a socket can be made");
            let folder = file.path().parent().expect("the socket is in a folder").to_owned();
            let mode = fs::metadata(&folder).expect("the folder exists").permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
            assert!(file.path().exists());
            assert!(file.path().as_os_str().len() <= MAX_PATH);
            drop((listener, file));
            assert!(!folder.exists());
        }

        #[tokio::test]
        async fn the_hosts_folder_is_used_and_left() {
            let host = private_folder().expect("a folder can be made");
            let own = fs::metadata(&host).expect("the folder exists");
            let group = std::os::unix::fs::MetadataExt::gid(&own).to_string();
            let (listener, file) = bind(Some(&host), Some(&group)).expect("a socket can be made");
            assert_eq!(file.path().parent(), Some(host.as_path()));
            let socket = fs::metadata(file.path()).expect("the socket exists");
            assert_eq!(socket.permissions().mode() & 0o777, 0o660);
            drop((listener, file));
            fs::remove_dir(&host).expect("the folder is there and empty");
        }

        #[tokio::test]
        async fn an_unknown_group_is_an_error_and_leaves_no_socket() {
            let host = private_folder().expect("a folder can be made");
            let error = bind(Some(&host), Some("no such group")).map(drop);
            let error = error.expect_err("the group does not exist").to_string();
            assert!(error.contains("there is no group `no such group`"), "{error}");
            fs::remove_dir(&host).expect("the folder is there and empty");
        }

        #[test]
        fn a_group_is_found_by_its_whole_name() {
            let database = "root:x:0:\nstaffers:x:49:\nstaff:x:50:a,b\nbad\n";
            assert_eq!(group_id(database, "staff"), Some(50));
            assert_eq!(group_id(database, "bad"), None);
            assert_eq!(group_id(database, "users"), None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(ports: Option<std::ops::RangeInclusive<u16>>) -> Environment {
        Environment {
            tcp: true,
            ports,
            ..Environment::default()
        }
    }

    fn port(listener: &Listener) -> u16 {
        let address: SocketAddr = listener.address().address.parse().expect("an address");
        assert!(address.ip().is_loopback());
        address.port()
    }

    #[tokio::test]
    async fn a_taken_port_is_passed_over_and_a_full_range_is_an_error() {
        let first = Listener::bind(&tcp(None)).expect("any port");
        assert_eq!(first.address().network, "tcp");
        let taken = port(&first);
        let error = Listener::bind(&tcp(Some(taken..=taken))).expect_err("the port is taken");
        let ports = format!("ports {taken} to {taken}");
        assert!(error.to_string().contains(&ports), "{error}");
        if let Some(end) = taken.checked_add(200) {
            let second = Listener::bind(&tcp(Some(taken..=end))).expect("one of 200 is free");
            assert!((taken + 1..=end).contains(&port(&second)));
        }
    }
}
