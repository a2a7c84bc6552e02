// Of `core`: addresses are text here, and nothing connects to them.
use core::net::IpAddr;
use std::str::FromStr;

use super::{Meaning, NotOfFormat};

impl Meaning for IpAddr {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// An IP address and the length of a prefix: `10.0.0.0/16`, `2001:DB8::/32`. Spellings of one address are the same; what stands behind
/// the prefix counts, so `10.0.0.0/8` and `10.0.0.1/8` are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cidr {
    /// The address.
    pub address: IpAddr,
    /// How many bits of it are the prefix.
    pub prefix: u8,
}

impl FromStr for Cidr {
    type Err = NotOfFormat;

    fn from_str(text: &str) -> Result<Self, NotOfFormat> {
        cidr(text).ok_or(NotOfFormat(
            "an IP address and the length of a prefix, such as `10.0.0.0/16` or `2001:db8::/32`",
        ))
    }
}

fn cidr(text: &str) -> Option<Cidr> {
    let (address, prefix) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let longest = match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    };
    let plain = prefix == "0" || (!prefix.starts_with('0') && prefix.bytes().all(|byte| byte.is_ascii_digit()));
    let prefix: u8 = prefix.parse().ok().filter(|prefix| plain && *prefix <= longest)?;
    Some(Cidr { address, prefix })
}

impl Meaning for Cidr {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}
