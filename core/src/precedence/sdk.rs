use serde::Serialize;

use LinkKind::{Container, Environment, InstanceMetadata, Profile, ProfileRole, SystemProperties, WebIdentity};

/// An SDK or tool of AWS with a default chain of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "`SdkFacts::name` says it")]
pub enum Sdk {
    Boto3,
    Cli,
    Cpp,
    DotnetV3,
    DotnetV4,
    GoV1,
    GoV2,
    JavaV1,
    JavaV2,
    JsV2,
    JsV3,
    Kotlin,
    #[serde(rename = "kotlin_before_1_4")]
    KotlinBefore14,
    Php,
    Ruby,
    Rust,
}

/// A place where an SDK looks for credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Properties of the Java virtual machine.
    SystemProperties,
    /// Keys in the environment.
    Environment,
    /// A profile of the shared files that assumes a role, and nothing else of them.
    ProfileRole,
    /// The shared `config` and `credentials` files.
    Profile,
    /// A token file and a role in the environment.
    WebIdentity,
    /// An endpoint of the container, named in the environment.
    Container,
    /// The metadata of the EC2 instance.
    InstanceMetadata,
}

/// What is known of an SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SdkFacts {
    /// Its name.
    pub name: &'static str,
    /// Where it looks, in order.
    pub chain: &'static [LinkKind],
    /// Whether it skips the keys in the environment where `AWS_PROFILE` is set.
    pub profile_outdoes_environment: bool,
    /// Whether it stops with an error where a token file is named without a role.
    pub stops_without_role: bool,
    /// The first versions that accept EKS Pod Identity, one for each line of versions.
    pub pod_identity_since: &'static [&'static str],
    /// Who says so.
    pub source: &'static str,
}

const WEB_IDENTITY_FIRST: &[LinkKind] = &[Environment, WebIdentity, Profile, Container, InstanceMetadata];
const PROFILE_FIRST: &[LinkKind] = &[Environment, Profile, WebIdentity, Container, InstanceMetadata];
const JVM: &[LinkKind] = &[
    SystemProperties,
    Environment,
    WebIdentity,
    Profile,
    Container,
    InstanceMetadata,
];
const BOTOCORE: &[LinkKind] = &[
    Environment,
    ProfileRole,
    WebIdentity,
    Profile,
    Container,
    InstanceMetadata,
];

impl Sdk {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Boto3,
        Self::Cli,
        Self::Cpp,
        Self::DotnetV3,
        Self::DotnetV4,
        Self::GoV1,
        Self::GoV2,
        Self::JavaV1,
        Self::JavaV2,
        Self::JsV2,
        Self::JsV3,
        Self::Kotlin,
        Self::KotlinBefore14,
        Self::Php,
        Self::Ruby,
        Self::Rust,
    ];

    /// What is known of it. First versions are those of "Use pod identity with the AWS SDK" in the EKS User Guide, read in 2026.
    pub const fn facts(self) -> SdkFacts {
        const PLAIN: SdkFacts = SdkFacts {
            name: "",
            chain: WEB_IDENTITY_FIRST,
            profile_outdoes_environment: false,
            stops_without_role: false,
            pod_identity_since: &[],
            source: "",
        };
        match self {
            Self::Boto3 => SdkFacts {
                name: "Boto3",
                chain: BOTOCORE,
                pod_identity_since: &["1.34.41"],
                source: "botocore, credentials.py, create_credential_resolver",
                ..PLAIN
            },
            Self::Cli => SdkFacts {
                name: "AWS CLI",
                chain: BOTOCORE,
                pod_identity_since: &["1.30.0", "2.15.0"],
                source: "botocore, credentials.py, create_credential_resolver",
                ..PLAIN
            },
            Self::Cpp => SdkFacts {
                name: "SDK for C++",
                chain: PROFILE_FIRST,
                pod_identity_since: &["1.11.263"],
                source: "AWS SDK for C++ API reference, Credentials Providers; aws-sdk-cpp, AWSCredentialsProviderChain.cpp",
                ..PLAIN
            },
            Self::DotnetV3 => SdkFacts {
                name: "SDK for .NET 3",
                chain: &[WebIdentity, Profile, Environment, Container, InstanceMetadata],
                // The guide says 3.7.734.0, the number of the whole release; packages have this one.
                pod_identity_since: &["3.7.302"],
                source: "AWS SDK for .NET 3 Developer Guide, Credential and profile resolution; aws-sdk-net, FallbackCredentialsFactory.cs; \
                         aws-sdk-net discussion 3214",
                ..PLAIN
            },
            Self::DotnetV4 => SdkFacts {
                name: "SDK for .NET 4",
                pod_identity_since: &["4.0.0"],
                source: "AWS SDK for .NET 4 Developer Guide, Credential and profile resolution",
                ..PLAIN
            },
            Self::GoV1 => SdkFacts {
                name: "SDK for Go 1",
                stops_without_role: true,
                pod_identity_since: &["1.47.11"],
                source: "aws-sdk-go, session/credentials.go",
                ..PLAIN
            },
            Self::GoV2 => SdkFacts {
                name: "SDK for Go 2",
                stops_without_role: true,
                pod_identity_since: &["release-2023-11-14"],
                source: "aws-sdk-go-v2, config/resolve_credentials.go",
                ..PLAIN
            },
            Self::JavaV1 => SdkFacts {
                name: "SDK for Java 1",
                chain: &[
                    Environment,
                    SystemProperties,
                    WebIdentity,
                    Profile,
                    Container,
                    InstanceMetadata,
                ],
                pod_identity_since: &["1.12.746"],
                source: "AWS SDK for Java 1 API reference, DefaultAWSCredentialsProviderChain",
                ..PLAIN
            },
            Self::JavaV2 => SdkFacts {
                name: "SDK for Java 2",
                chain: JVM,
                pod_identity_since: &["2.21.30"],
                source: "AWS SDK for Java 2.x Developer Guide, Default credentials provider chain",
                ..PLAIN
            },
            Self::JsV2 => SdkFacts {
                name: "SDK for JavaScript 2",
                chain: &[Environment, Profile, Container, WebIdentity, InstanceMetadata],
                pod_identity_since: &["2.1550.0"],
                source: "aws-sdk-js, lib/node_loader.js",
                ..PLAIN
            },
            Self::JsV3 => SdkFacts {
                name: "SDK for JavaScript 3",
                chain: PROFILE_FIRST,
                profile_outdoes_environment: true,
                pod_identity_since: &["3.458.0"],
                source: "aws-sdk-js-v3, credential-provider-node, defaultProvider.ts",
                ..PLAIN
            },
            Self::Kotlin => SdkFacts {
                name: "SDK for Kotlin since 1.4",
                chain: JVM,
                pod_identity_since: &["1.0.1"],
                source: "AWS SDK for Kotlin Developer Guide, Credentials providers",
                ..PLAIN
            },
            Self::KotlinBefore14 => SdkFacts {
                name: "SDK for Kotlin before 1.4",
                chain: PROFILE_FIRST,
                pod_identity_since: &["1.0.1"],
                source: "AWS SDK for Kotlin Developer Guide, Credentials providers; aws-sdk-kotlin, DefaultChainCredentialsProvider.kt",
                ..PLAIN
            },
            Self::Php => SdkFacts {
                name: "SDK for PHP",
                pod_identity_since: &["3.287.1"],
                source: "AWS SDK for PHP 3 Developer Guide, Understanding the default credential provider chain",
                ..PLAIN
            },
            Self::Ruby => SdkFacts {
                name: "SDK for Ruby",
                pod_identity_since: &["3.188.0"],
                source: "aws-sdk-ruby, credential_provider_chain.rb",
                ..PLAIN
            },
            Self::Rust => SdkFacts {
                name: "SDK for Rust",
                chain: PROFILE_FIRST,
                pod_identity_since: &["release-2024-03-13"],
                source: "AWS SDK for Rust Developer Guide, Credential providers; aws-config, DefaultCredentialsChain",
                ..PLAIN
            },
        }
    }

    /// Whether two look for credentials in the same way.
    pub(super) fn looks_like(self, other: Self) -> bool {
        let way = |sdk: Self| {
            let facts = sdk.facts();
            (facts.chain, facts.profile_outdoes_environment, facts.stops_without_role)
        };
        way(self) == way(other)
    }

    /// Whether a version accepts EKS Pod Identity; `None` if the versions cannot be compared.
    pub fn accepts_pod_identity(self, version: &str) -> Option<bool> {
        let given = Version::of(version)?;
        let known: Vec<Version> = self
            .facts()
            .pod_identity_since
            .iter()
            .filter_map(|first| Version::of(first))
            .filter(|first| first.is_release == given.is_release)
            .collect();
        // Lines of versions live side by side: 1.31 of the AWS CLI is new enough, 2.14 is not.
        let own_line = known.iter().find(|first| first.parts.first() == given.parts.first());
        own_line
            .or_else(|| known.last())
            .map(|first| given.parts >= first.parts)
    }
}

struct Version {
    /// Named by a day: `release-2024-03-13`.
    is_release: bool,
    parts: Vec<u64>,
}

impl Version {
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let (is_release, numbers) = match text.strip_prefix("release-") {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('v').unwrap_or(text)),
        };
        let separator = if is_release { '-' } else { '.' };
        let parts: Option<Vec<u64>> = numbers.split(separator).map(|part| part.parse().ok()).collect();
        Some(Self {
            is_release,
            parts: parts?,
        })
    }
}

impl LinkKind {
    /// What it looks at, for people.
    pub const fn looks_at(self) -> &'static str {
        match self {
            Self::SystemProperties => {
                "the properties `aws.accessKeyId` and `aws.secretAccessKey` of the Java virtual machine"
            }
            Self::Environment => "`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`",
            Self::ProfileRole => "a profile of the shared config file that assumes a role",
            Self::Profile => "the shared config and credentials files",
            Self::WebIdentity => "`AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE`",
            Self::Container => "`AWS_CONTAINER_CREDENTIALS_FULL_URI` and `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`",
            Self::InstanceMetadata => "the instance metadata of the node",
        }
    }
}
