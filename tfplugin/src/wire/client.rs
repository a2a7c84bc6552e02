//! What a host can do, and answers that wait for a later round.

use tfplugin_proto::tfplugin6 as proto;

use crate::call::Client;
use crate::deferral::Deferral;

/// Hosts that say nothing can do nothing of it.
pub(super) fn client(sent: Option<proto::ClientCapabilities>) -> Client {
    let sent = sent.unwrap_or_default();
    Client {
        may_defer: sent.deferral_allowed,
        keeps_planned_private: sent.store_planned_private,
        takes_write_only: sent.write_only_attributes_allowed,
        takes_computed_blocks: sent.computed_blocks_allowed,
    }
}

pub(super) fn deferred(deferral: Option<Deferral>) -> Option<proto::Deferred> {
    use proto::deferred::Reason;

    let reason = match deferral? {
        Deferral::ResourceConfigUnknown => Reason::ResourceConfigUnknown,
        Deferral::ProviderConfigUnknown => Reason::ProviderConfigUnknown,
        Deferral::AbsentPrerequisite => Reason::AbsentPrereq,
    };
    Some(proto::Deferred { reason: reason.into() })
}
