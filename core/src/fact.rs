/// Something about AWS that a plan may depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fact<T> {
    /// It was read.
    Known(T),
    /// There is no such thing, at least not yet.
    Absent,
    /// It could not be asked for, or was not.
    #[default]
    Unknown,
    /// AWS does not let the caller read it.
    Denied,
}

impl<T> Fact<T> {
    /// What was read.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Unknown | Self::Denied => None,
        }
    }
}
