/** Whether somebody may assume a role. */
export interface Access {
  verdict: Verdict;
  /** Why, in sentences, the deciding ones first. Words in backticks are literals. */
  because: string[];
  /** The answer to each request; a pod that may come both ways makes two. */
  requests: AccessRequest[];
}

/** The answer to one request. */
export interface AccessRequest {
  /** Which one it is, if a pod makes it. */
  hop: Hop | null;
  verdict: Verdict;
  /** Why, in sentences. */
  because: string[];
  /** The answer to each action. */
  calls: AccessCall[];
}

/** The answer to one action. */
export interface AccessCall {
  action: string;
  verdict: Verdict;
  /** The statement that decided, counted from 0; nothing where none allows it. */
  decided_by: number | null;
  /** Each statement of the policy, in order. */
  statements: StatementMatch[];
}

/** How a statement relates to an action; `matches` is what the rest comes to. */
export interface StatementMatch {
  sid: string | null;
  effect: "Allow" | "Deny";
  matches: Truth;
  /** Whether it is about this caller. */
  principal: Truth;
  /** Whether it is about this action. */
  action: Truth;
  /** Whether its conditions hold, each on its own. */
  conditions: ConditionMatch[];
}

/** How a condition relates to an action. */
export interface ConditionMatch {
  /** As written. */
  operator: string;
  /** As written. */
  key: string;
  holds: Truth;
  /** Why, in a sentence. */
  because: string;
}

/** Who can become some roles. */
export interface AccessReport {
  roles: RoleAccess[];
  /** What nobody looked at, and may keep out somebody who is let in here. */
  not_considered: string[];
}

/** Who can become a role. */
export interface RoleAccess {
  role: string;
  /** What its trust policy says, by statement and principal. */
  statements: StatementAccess[];
  /** What its trust policy answers to each pod, for each way in which it gets credentials. */
  pods: PodAccess[];
}

/** Whom a statement is about. */
export interface StatementAccess {
  /** The statement, counted from 0. */
  statement: number;
  sid: string | null;
  effect: "Allow" | "Deny";
  /** The kind of the principal, as policies spell it; with `not ` before it where the statement is about everybody else. */
  kind: string;
  principal: string;
  /** How many conditions have to hold. */
  conditions: number;
  /** The statement in a sentence. */
  says: string;
}

/** What a trust policy answers to a pod. */
export interface PodAccess {
  mechanism: "IRSA" | "EKS Pod Identity";
  cluster_arn: string | null;
  namespace: string | null;
  service_account: string | null;
  verdict: Verdict;
  /** Why, in a sentence. */
  because: string;
}

/** What a trust policy answers: `unknown` depends on what nobody can know offline, `invalid` is no document that IAM takes. */
export type Verdict = "allow" | "deny" | "unknown" | "invalid";

/** Whether something holds; `unknown` depends on what nobody can know offline. */
export type Truth = "true" | "false" | "unknown";

/**
 * One of the requests for a role's credentials: the pod's SDK hands the service account's token to STS, EKS assumes the role of the
 * association, or EKS assumes the target role with the credentials of that role.
 */
export type Hop = "web_identity" | "association" | "target";

/** Which credentials the containers of a workload use. */
export interface Resolution {
  /** What EKS writes into pods that are made now. */
  admission: { possible: Injection[]; because: string[] };
  /** Each container, in order. */
  containers: ContainerResolution[];
  /** What is worth knowing besides. */
  notices: Notice[];
  /** What is taken for granted. */
  assumptions: string[];
}

/** What is written into a container. */
export type Injection = "pod_identity" | { irsa: { role: string | null } } | "nothing";

/** Which credentials a container uses. */
export interface ContainerResolution {
  container: string;
  /** When it runs. */
  kind: "main" | "init" | "sidecar" | "ephemeral";
  /** In the pod as it runs; nothing if only what pods are made from is known. */
  running: CredentialsAnswer | null;
  /** In a pod that is made now; nothing for containers that were added to a running pod. */
  next: CredentialsAnswer | null;
  /** When it changes, in a sentence. */
  change: string;
}

/** An answer, and the steps to it. */
export interface CredentialsAnswer {
  verdict: CredentialsVerdict;
  /** The chains that were followed. */
  cases: ChainCase[];
}

/** Which credentials a container will use. */
export type CredentialsVerdict =
  | { decided: { credentials: UsedCredentials; needs: CredentialsNeed[] } }
  | { unknown: { because: string[]; candidates: CredentialsCandidate[] } };

/** Credentials that a container can use. */
export type UsedCredentials =
  | { kind: "static_keys"; from: string }
  | { kind: "shared_file"; place: string }
  | { kind: "irsa"; role: string | null }
  | { kind: "pod_identity"; role: string | null }
  | { kind: "endpoint"; uri: string | null }
  | { kind: "node_proxy"; role: string }
  | { kind: "node_role" }
  | { kind: "nothing" };

/** Credentials that a container may use. */
export interface CredentialsCandidate {
  credentials: UsedCredentials;
  /** With which SDKs. */
  sdks: Sdk[];
  /** What must be true besides. */
  when: string[];
}

/** What must hold for chosen credentials to arrive. */
export interface CredentialsNeed {
  what: string;
  met: "no" | "unknown" | "yes";
  source: string;
}

/** A chain that was followed. */
export interface ChainCase {
  /** What it takes for granted of what EKS writes into the pod; nothing if that is known. */
  when: string | null;
  /** With which SDKs. */
  sdks: Sdk[];
  links: ChainLink[];
}

/** A link of a chain, and what came of it. */
export interface ChainLink {
  kind:
    | "system_properties"
    | "environment"
    | "profile_role"
    | "profile"
    | "web_identity"
    | "container"
    | "instance_metadata";
  looks_at: string;
  found: "present" | "absent" | "unknown";
  detail: string;
  gives: UsedCredentials[];
  needs: CredentialsNeed[];
  outcome: "wins" | "may_win" | "passed_over" | "not_reached";
}

/** Something that is worth knowing of a pod, whether or not it decides. */
export interface Notice {
  id: string;
  /** The container that it is about; nothing if it is about the pod. */
  container: string | null;
  means: string;
  source: string;
}

/** An SDK or tool of AWS with a default chain of its own. */
export type Sdk =
  | "boto3"
  | "cli"
  | "cpp"
  | "dotnet_v3"
  | "dotnet_v4"
  | "go_v1"
  | "go_v2"
  | "java_v1"
  | "java_v2"
  | "js_v2"
  | "js_v3"
  | "kotlin"
  | "kotlin_before_1_4"
  | "php"
  | "ruby"
  | "rust";

/** Which mechanism a workload should use. */
export interface Advice {
  recommendation: Recommendation;
  /** Everything that argues, the stronger first, whatever for. */
  because: AdviceReason[];
  /** What must be answered first; nothing if the recommendation stands. */
  needs: Ask[];
  /** What was not answered and taken for granted. */
  assumed: [Ask, boolean][];
  /** Which single answers would lead elsewhere. */
  would_change: { ask: Ask; answer: boolean; to: Recommendation }[];
}

export type Recommendation = "irsa" | "pod_identity" | "both" | "either" | "neither" | "unknown";

/** A rule that holds. */
export interface AdviceReason {
  rule: string;
  argues_for: "irsa" | "pod_identity" | "both" | "either" | "neither";
  weight: "may" | "should" | "must";
  reason: string;
  source: string;
}

/** Something to know about a workload. */
export type Ask =
  | "on_eks"
  | "public_issuer"
  | "on_fargate_or_windows"
  | "on_linux_nodes"
  | "recent_sdks"
  | "agent_possible"
  | "oidc_provider_possible"
  | "working_irsa"
  | "many_clusters"
  | "near_iam_limits"
  | "near_association_limit"
  | "session_tags"
  | "session_policy"
  | "separate_duties"
  | "account_pattern"
  | "chains_roles"
  | "other_account"
  | "broker"
  | "node_credentials"
  | "static_keys";
