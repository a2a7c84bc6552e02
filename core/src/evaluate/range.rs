// Of `core`: addresses are text here, and nothing connects to them.
use core::net::IpAddr;

/// A range of IP addresses.
///
/// An address without the length of its prefix is alone in its range (IAM User Guide, condition operators).
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    network: u128,
    /// The bits that count.
    mask: u128,
    is_v6: bool,
}

impl Range {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            None => (text, None),
            Some((address, prefix)) => {
                let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
                (address, Some(prefix.parse::<u32>().ok().filter(|_| digits)?))
            }
        };
        let (network, is_v6) = bits(address)?;
        let length = if is_v6 { 128 } else { 32 };
        let free = length - prefix.unwrap_or(length).min(length);
        if prefix > Some(length) {
            return None;
        }
        let mask = u128::MAX.checked_shl(free).unwrap_or(0);
        Some(Self {
            network: network & mask,
            mask,
            is_v6,
        })
    }

    /// Whether an address is in it; `None` if the text is no address.
    pub(super) fn contains(&self, address: &str) -> Option<bool> {
        let (address, is_v6) = bits(address)?;
        Some(is_v6 == self.is_v6 && address & self.mask == self.network)
    }
}

fn bits(address: &str) -> Option<(u128, bool)> {
    match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => Some((u128::from(address.to_bits()), false)),
        IpAddr::V6(address) => Some((address.to_bits(), true)),
    }
}
