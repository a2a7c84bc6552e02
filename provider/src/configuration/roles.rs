//! Roles that the provider assumes before anything else.

use std::collections::BTreeMap;
use std::time::Duration;

use pod_identity_core::ids::RoleArn;
use pod_identity_core::policy::Document;
use tfmodel::timeouts::parse_duration;
use tfmodel::validators::{each, keys, length, matches, no_nulls, parses, satisfies, size};
use tfmodel::{Diagnostic, Diagnostics, Model, Path, Set, Value};

use super::{text, texts};
use crate::cloud::aws::{Assume, Extras, Token, With};
use crate::cloud::error::WantedRole;

/// A role to assume with the credentials so far.
#[derive(Clone, Model)]
pub(crate) struct AssumeRole {
    /// ARN of the role.
    #[tf(required, validate(parses::<RoleArn>()))]
    role_arn: Value<String>,
    /// Name of the session, which CloudTrail shows; `terraform-provider-pod` by default.
    #[tf(optional, validate(matches(SESSION_NAME, is_session_name)))]
    session_name: Value<String>,
    /// What the role's trust policy asks for as `sts:ExternalId`.
    #[tf(
        optional,
        sensitive,
        validate(matches("It has to have 2 to 1224 letters, digits or any of `_+=,.@:/-`.", is_external_id))
    )]
    external_id: Value<String>,
    /// How long the session lasts before it is renewed, from `15m` to `12h`; an hour by default, which is also the most of a role that was
    /// itself reached through a role.
    #[tf(optional, validate(satisfies(DURATION, is_session_duration)))]
    duration: Value<String>,
    /// Policy (JSON) that narrows what the session may do.
    #[tf(optional, validate(parses::<Document>()))]
    policy: Value<String>,
    /// ARNs of managed policies that narrow what the session may do.
    #[tf(optional, validate(no_nulls(), size(..=10), each(length(20..=2048))))]
    policy_arns: Value<Set<Value<String>>>,
    /// Tags of the session.
    #[tf(optional, validate(no_nulls(), size(..=50), keys(length(1..=128)), each(length(..=256))))]
    tags: Value<BTreeMap<String, Value<String>>>,
    /// Keys of `tags` that stay on sessions of roles assumed from this one.
    #[tf(optional, validate(no_nulls(), size(..=50)))]
    transitive_tag_keys: Value<Set<Value<String>>>,
    /// Who is behind the session; it cannot be changed further down a chain.
    #[tf(optional, validate(matches(SESSION_NAME, is_session_name)))]
    source_identity: Value<String>,
}

/// A role to assume with the token of an identity provider, instead of other credentials.
#[derive(Clone, Model)]
pub(crate) struct AssumeRoleWithWebIdentity {
    /// ARN of the role; else from `AWS_ROLE_ARN`.
    #[tf(optional, validate(parses::<RoleArn>()))]
    role_arn: Value<String>,
    /// Name of the session, which CloudTrail shows; else from `AWS_ROLE_SESSION_NAME`, or `terraform-provider-pod`.
    #[tf(optional, validate(matches(SESSION_NAME, is_session_name)))]
    session_name: Value<String>,
    /// The token.
    #[tf(optional, sensitive, conflicts_with(web_identity_token_file))]
    web_identity_token: Value<String>,
    /// File that holds the token, read anew for each session; else from `AWS_WEB_IDENTITY_TOKEN_FILE`.
    #[tf(optional)]
    web_identity_token_file: Value<String>,
    /// How long the session lasts before it is renewed, from `15m` to `12h`; an hour by default.
    #[tf(optional, validate(satisfies(DURATION, is_session_duration)))]
    duration: Value<String>,
    /// Policy (JSON) that narrows what the session may do.
    #[tf(optional, validate(parses::<Document>()))]
    policy: Value<String>,
    /// ARNs of managed policies that narrow what the session may do.
    #[tf(optional, validate(no_nulls(), size(..=10), each(length(20..=2048))))]
    policy_arns: Value<Set<Value<String>>>,
}

const DURATION: &str = "It has to be a length of time between `15m` and `12h`.";
const SESSION_NAME: &str = "It has to have 2 to 64 letters, digits or any of `_+=,.@-`.";

impl AssumeRole {
    /// Tags that are to be handed on have to be there.
    pub(super) fn check(&self, at: &Path) -> Option<Diagnostic> {
        let (keys, tags) = (self.transitive_tag_keys.known()?, &self.tags);
        let has = |key: &String| tags.known().is_some_and(|tags| tags.contains_key(key));
        let missing = keys.iter().filter_map(Value::known).find(|key| !has(key))?;
        (!tags.is_unknown()).then(|| {
            Diagnostic::error(
                "A transitive tag is not among the session's tags",
                format!("`transitive_tag_keys` names `{missing}`, and `tags` has no such key. Add the tag, or remove the key."),
            )
            .at(at.with_attribute("transitive_tag_keys"))
        })
    }

    pub(super) fn assume(&self, block: String) -> Assume {
        Assume {
            role: WantedRole {
                block,
                role_arn: text(&self.role_arn).unwrap_or_default(),
            },
            session_name: text(&self.session_name),
            duration: duration(&self.duration),
            policy: text(&self.policy),
            policy_arns: texts(self.policy_arns.known()),
            with: With::Credentials(Extras {
                external_id: text(&self.external_id),
                tags: self.tags().collect(),
                transitive_tag_keys: texts(self.transitive_tag_keys.known()),
                source_identity: text(&self.source_identity),
            }),
        }
    }

    fn tags(&self) -> impl Iterator<Item = (String, String)> {
        let tags = self.tags.known().into_iter().flatten();
        tags.filter_map(|(key, value)| Some((key.clone(), value.known()?.clone())))
    }
}

impl AssumeRoleWithWebIdentity {
    /// The role, with what variables say where the settings are silent.
    ///
    /// # Errors
    /// Neither names the role or its token.
    pub(super) fn assume(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Assume, Diagnostics> {
        const BLOCK: &str = "assume_role_with_web_identity";
        let or_variable =
            |value: &Value<String>, name: &str| text(value).or_else(|| variable(name).filter(|text| !text.is_empty()));
        let missing = |attribute: &str, choices: &str| -> Diagnostics {
            Diagnostic::error(
                format!("The `{BLOCK}` block says too little"),
                format!("`{BLOCK}` needs {choices}."),
            )
            .at(Path::attribute(BLOCK).with_attribute(attribute))
            .into()
        };
        let token = match text(&self.web_identity_token) {
            Some(token) => Token::Given(token),
            None => or_variable(&self.web_identity_token_file, "AWS_WEB_IDENTITY_TOKEN_FILE")
                .map(Token::File)
                .ok_or_else(|| {
                    missing(
                        "web_identity_token_file",
                        "`web_identity_token`, `web_identity_token_file` or the variable `AWS_WEB_IDENTITY_TOKEN_FILE`",
                    )
                })?,
        };
        let role_arn = or_variable(&self.role_arn, "AWS_ROLE_ARN")
            .ok_or_else(|| missing("role_arn", "`role_arn` or the variable `AWS_ROLE_ARN`"))?;
        Ok(Assume {
            role: WantedRole {
                block: format!("`{BLOCK}`"),
                role_arn,
            },
            session_name: or_variable(&self.session_name, "AWS_ROLE_SESSION_NAME"),
            duration: duration(&self.duration),
            policy: text(&self.policy),
            policy_arns: texts(self.policy_arns.known()),
            with: With::Token(token),
        })
    }
}

fn duration(value: &Value<String>) -> Option<Duration> {
    parse_duration(value.known()?)
}

#[expect(clippy::needless_pass_by_value, reason = "a validator is given the value")]
fn is_session_duration(text: String) -> bool {
    parse_duration(&text).is_some_and(|length| (900..=43_200).contains(&length.as_secs()))
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html

fn is_session_name(text: &str) -> bool {
    (2..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}

fn is_external_id(text: &str) -> bool {
    (2..=1224).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte))
}
