use rmp::Marker;

use crate::encoding::DecodeError;

/// The bytes not yet read. Lengths in the input are checked against them before anything is allocated.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or_else(truncated)?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.bytes.split_first_chunk().ok_or_else(truncated)?;
        self.bytes = rest;
        Ok(*taken)
    }

    pub(super) fn marker(&mut self) -> Result<Marker, DecodeError> {
        self.array().map(|[byte]| Marker::from_u8(byte))
    }

    pub(super) fn length8(&mut self) -> Result<usize, DecodeError> {
        self.array().map(|[byte]| usize::from(byte))
    }

    pub(super) fn length16(&mut self) -> Result<usize, DecodeError> {
        self.array().map(|bytes| usize::from(u16::from_be_bytes(bytes)))
    }

    pub(super) fn length32(&mut self) -> Result<usize, DecodeError> {
        let length = u32::from_be_bytes(self.array()?);
        usize::try_from(length).map_err(|_| truncated())
    }

    /// The length of an array, if `marker` starts one. Every element takes at least one byte.
    pub(super) fn array_length(&mut self, marker: Marker) -> Result<Option<usize>, DecodeError> {
        let length = match marker {
            Marker::FixArray(length) => usize::from(length),
            Marker::Array16 => self.length16()?,
            Marker::Array32 => self.length32()?,
            _ => return Ok(None),
        };
        self.at_least(length)
    }

    /// The number of entries of a map, if `marker` starts one. Every entry takes at least two bytes.
    pub(super) fn map_length(&mut self, marker: Marker) -> Result<Option<usize>, DecodeError> {
        let length = match marker {
            Marker::FixMap(length) => usize::from(length),
            Marker::Map16 => self.length16()?,
            Marker::Map32 => self.length32()?,
            _ => return Ok(None),
        };
        self.at_least(length.saturating_mul(2)).map(|_| Some(length))
    }

    fn at_least(&self, length: usize) -> Result<Option<usize>, DecodeError> {
        if self.bytes.len() < length {
            Err(truncated())
        } else {
            Ok(Some(length))
        }
    }

    /// The text, if `marker` starts a string.
    pub(super) fn text(&mut self, marker: Marker) -> Result<Option<&'a str>, DecodeError> {
        let length = match marker {
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 => self.length8()?,
            Marker::Str16 => self.length16()?,
            Marker::Str32 => self.length32()?,
            _ => return Ok(None),
        };
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes)
            .map(Some)
            .map_err(|_| DecodeError::new("a string is not UTF-8"))
    }

    /// The bytes, if `marker` starts binary data.
    pub(super) fn binary(&mut self, marker: Marker) -> Result<Option<&'a [u8]>, DecodeError> {
        let length = match marker {
            Marker::Bin8 => self.length8()?,
            Marker::Bin16 => self.length16()?,
            Marker::Bin32 => self.length32()?,
            _ => return Ok(None),
        };
        self.take(length).map(Some)
    }

    /// Code and body, if `marker` starts an extension.
    pub(super) fn extension(&mut self, marker: Marker) -> Result<Option<(i8, &'a [u8])>, DecodeError> {
        let length = match marker {
            Marker::FixExt1 => 1,
            Marker::FixExt2 => 2,
            Marker::FixExt4 => 4,
            Marker::FixExt8 => 8,
            Marker::FixExt16 => 16,
            Marker::Ext8 => self.length8()?,
            Marker::Ext16 => self.length16()?,
            Marker::Ext32 => self.length32()?,
            _ => return Ok(None),
        };
        let code = i8::from_be_bytes(self.array()?);
        Ok(Some((code, self.take(length)?)))
    }
}

fn truncated() -> DecodeError {
    DecodeError::new("the bytes end in the middle of a value")
}
