use crate::world::Timeline;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) account: String,
    pub(crate) arn: String,
    pub(crate) user_id: String,
    /// Whether the credentials are those of a role.
    pub(crate) is_session: bool,
}

/// One call, as a handler sees it.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) caller: Caller,
    pub(crate) region: String,
    pub(crate) partition: &'static str,
    pub(crate) timeline: &'a mut Timeline,
}
