use super::model::{Container, EnvValue, Reference};

/// What a container's environment says of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Variable<'a> {
    /// It is not set, or empty, which SDKs take for the same.
    Absent,
    /// It is set.
    Set(&'a EnvValue),
    /// Each of these may set it, and nobody can see whether it does; the first that does wins.
    Unclear(Vec<Origin<'a>>),
}

/// What may set a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// The container itself.
    Value(&'a EnvValue),
    /// All of a Secret or ConfigMap.
    All(&'a Reference),
}

/// Kept, because they say where credentials are, and hold none.
pub(super) const KEPT: &[&str] = &[
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_PROFILE",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "NO_PROXY",
    "no_proxy",
];

impl Container {
    /// What the environment says of a variable.
    ///
    /// An entry of `env` outdoes those before it and all of `envFrom`; a reference that is optional and leads nowhere sets nothing. See
    /// <https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/>.
    pub fn variable(&self, name: &str) -> Variable<'_> {
        let mut origins = Vec::new();
        for entry in self.env.iter().rev().filter(|entry| entry.name == name) {
            let may_lead_nowhere = matches!(&entry.value, EnvValue::Key { of, .. } if of.optional);
            if may_lead_nowhere {
                origins.push(Origin::Value(&entry.value));
                continue;
            }
            return match &entry.value {
                EnvValue::Empty if origins.is_empty() => Variable::Absent,
                EnvValue::Empty => Variable::Unclear(origins),
                value if origins.is_empty() => Variable::Set(value),
                value => {
                    origins.push(Origin::Value(value));
                    Variable::Unclear(origins)
                }
            };
        }
        let all = self.env_from.iter().rev().filter(|all| {
            name.strip_prefix(all.prefix.as_str())
                .is_some_and(|rest| !rest.is_empty())
        });
        origins.extend(all.map(|all| Origin::All(&all.of)));
        if origins.is_empty() {
            Variable::Absent
        } else {
            Variable::Unclear(origins)
        }
    }

    /// Whether `env` has an entry of that name, whatever its value.
    pub fn names(&self, name: &str) -> bool {
        self.env.iter().any(|entry| entry.name == name)
    }
}

impl Variable<'_> {
    /// Its text, if the pod shows it.
    pub fn text(&self) -> Option<&str> {
        match self {
            Variable::Set(EnvValue::Text(text)) => Some(text),
            Variable::Set(_) | Variable::Absent | Variable::Unclear(_) => None,
        }
    }

    /// Whether it is certainly not set.
    pub fn is_absent(&self) -> bool {
        *self == Variable::Absent
    }
}
