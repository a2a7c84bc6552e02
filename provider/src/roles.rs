//! All roles of the account, for whoever looks for one without knowing its name.

use crate::cloud::{Cloud, CloudError, Problem, Role};

/// Every role of the account, as far as it may be read.
#[derive(Clone, Debug)]
pub(crate) struct Roles {
    pub(crate) all: Vec<Role>,
    /// Why their tags are not known, where they are not.
    pub(crate) without_tags: Option<CloudError>,
}

/// Reads all roles, in as few calls as there are pages. Where the call that also says their tags is not allowed, the one that does not may be.
pub(crate) async fn read<C: Cloud>(cloud: &C) -> Result<Roles, CloudError> {
    match cloud.roles().await {
        Ok(all) => Ok(Roles {
            all,
            without_tags: None,
        }),
        Err(error) if *error.problem() == Problem::AccessDenied => Ok(Roles {
            all: cloud.roles_without_tags().await?,
            without_tags: Some(error),
        }),
        Err(error) => Err(error),
    }
}
