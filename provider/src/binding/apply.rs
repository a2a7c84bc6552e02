//! Creating, changing and deleting.

use std::time::{Duration, SystemTime};

use pod_identity_core::binding::{
    self, Action, Binding, BindingTimeouts, ClusterFacts, Desired, Fact, FactRequest, FormerRole, LeftRoles, Occupants,
    OnExisting, Previous, RoleRequest, Start, Step,
};
use pod_identity_core::ids::{BindingKey, ClusterName, Region};
use tfmodel::timeouts::Timeout;
use tfmodel::{Diagnostic, Diagnostics, Model, Path, Value};
use tfplugin::Cx;
use tokio::time::{Instant, sleep};

use super::claim::Claim;
use super::execute::{Execution, Made};
use super::observe::{self, Present, SeenAssociation, SeenRole};
use super::{existing_key, facts, key_of};
use crate::cloud::{Cloud, ClusterRef};
use crate::session::{Connected, Session};

/// Between looks at a trust policy that may be about to change.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Enough for every wait and retry of one binding, several times.
const TIME_LIMIT: Duration = Duration::from_secs(600);

pub(super) async fn create<C: Cloud>(
    cx: &Cx<Session<C>, Binding>,
    config: &Binding,
    planned: &Binding,
) -> Result<Binding, Diagnostics> {
    let aws = cx.data()?.required()?;
    let mut settled = settle(cx, aws, None, config, planned).await?;
    let key = key_of(&settled)?;
    let _alone = aws.lock(format!("binding {key}")).await;

    let mut claim = Claim::new(&key)?;
    let desired = Desired::of(&settled, &claim.tags())?;
    let (role, association) = tokio::try_join!(
        role_to_use(aws, &desired, None),
        observe::association_for(aws, &key, [&settled], None)
    )?;
    let unique_id = role.as_ref().map(|seen| seen.unique_id.clone());
    let existing = Occupants {
        role: role.map(SeenRole::found),
        association: association.map(SeenAssociation::found),
        ..Occupants::default()
    };
    let start = Start::from(existing, &desired, on_existing(&settled))?;
    let steps = binding::reconcile(&start.observed, &desired)?;
    binding::tell(&mut settled, &steps);
    cx.report(start.resumed());

    // From the first write on, whatever happens, the state knows what was made.
    if desired.mode.uses_pod_identity() && start.observed.association.is_none() {
        claim.expect_association();
    }
    claim.set_unsettled(Some(SystemTime::now()));
    claim.store(cx);
    let cluster = observe::cluster_of(&key);
    let limit = limit(&settled, |limits| &limits.create);
    let mut execution = Execution::new(cx, aws, &key, &cluster, claim.clone(), &start.observed, limit)?;
    let mut association = present_association(&start, &desired);
    let outcome = execution
        .run(&steps, |made| {
            record(made, &mut claim, &mut association);
            claim.store(cx);
            cx.checkpoint(&complete(&settled, association.as_ref()));
        })
        .await;
    let Err(mut problems) = outcome else {
        claim.set_unsettled(execution.unsettled_since());
        tell_missing_agent(cx, aws, &cluster, &steps).await;
        tell_external_id(cx, &settled, execution.external_id.as_deref());
        take_over(&mut claim, &start, unique_id.as_deref());
        claim.store(cx);
        return Ok(complete(&settled, association.as_ref()));
    };
    // What was taken over goes back to what it was, and does not count as this binding's: the state of a failed create is deleted by the
    // next apply.
    match execution.roll_back().await {
        Ok(()) => cx.forget_checkpoint(),
        Err(remaining) => {
            claim.set_unsettled(execution.unsettled_since());
            claim.store(cx);
            cx.checkpoint(&complete(&settled, association.as_ref()));
            problems.extend(remaining);
        }
    }
    Err(problems)
}

pub(super) async fn update<C: Cloud>(
    cx: &Cx<Session<C>, Binding>,
    prior: &Binding,
    config: &Binding,
    planned: &Binding,
) -> Result<Binding, Diagnostics> {
    let aws = cx.data()?.required()?;
    let key = existing_key(aws, prior)?;
    let mut settled = settle(cx, aws, Some(prior), config, planned).await?;
    let _alone = aws.lock(format!("binding {key}")).await;

    let mut claim = match Claim::load(cx) {
        Some(claim) => claim,
        None => Claim::new(&key)?,
    };
    catch_up(cx, aws, &claim).await?;
    let desired = Desired::of(&settled, &claim.tags())?;
    let role = role_to_use(aws, &desired, Some(&claim)).await?;
    let unique_id = role.as_ref().map(|seen| seen.unique_id.clone());
    let association = observe::association_for(aws, &key, [prior, &settled], Some(&claim)).await?;
    let mut former = former(aws, &desired, prior, &claim).await?;
    if desired.previous != Previous::Kept {
        let owned = former.iter_mut().filter(|former| former.owned);
        observe::ask_for_users(aws, &key, Some(&claim), owned.map(|former| &mut former.role)).await?;
    }
    let existing = Occupants {
        role: role.map(SeenRole::found),
        association: association.map(SeenAssociation::found),
        is_given: binding::is_given(prior, &desired),
        former,
    };
    let mut start = Start::from(existing, &desired, on_existing(&settled))?;
    if desired.owned.is_none() {
        start.observed.released = observe::released(aws, &desired.role_name, &claim).await?;
    }
    let left = LeftRoles::of(claim.left_roles(), &start.observed, &desired);
    let steps = binding::reconcile(&start.observed, &desired)?;
    binding::tell(&mut settled, &steps);
    cx.report(start.resumed());
    if desired.mode.uses_pod_identity() && start.observed.association.is_none() {
        claim.expect_association();
    }
    claim.set_left_roles(left.meanwhile);
    if !steps.is_empty() {
        claim.set_unsettled(Some(SystemTime::now()));
    }
    claim.store(cx);

    let cluster = observe::cluster_of(&key);
    let limit = limit(&settled, |limits| &limits.update);
    let mut execution = Execution::new(cx, aws, &key, &cluster, claim.clone(), &start.observed, limit)?;
    let mut association = present_association(&start, &desired);
    // A failure leaves the prior state: the next refresh finds what was done, since private state knows whose it is.
    let outcome = execution
        .run(&steps, |made| {
            record(made, &mut claim, &mut association);
            claim.store(cx);
        })
        .await;
    if !steps.is_empty() {
        claim.set_unsettled(execution.unsettled_since());
        claim.store(cx);
    }
    outcome?;
    claim.set_left_roles(left.then);
    if settled.role.is_null() {
        // A role that is no longer this binding's is left to whoever takes it.
        claim.release_role(&desired.role_name);
    }
    tell_missing_agent(cx, aws, &cluster, &steps).await;
    tell_external_id(cx, &settled, execution.external_id.as_deref());
    for step in &steps {
        if let Action::DeleteRole { name } = &step.action
            && *name != desired.role_name
        {
            claim.release_role(name);
        }
    }
    take_over(&mut claim, &start, unique_id.as_deref());
    claim.set_association(association.as_ref().map(|(id, _)| id.as_str()));
    claim.store(cx);
    Ok(complete(&settled, association.as_ref()))
}

pub(super) async fn delete<C: Cloud>(cx: &Cx<Session<C>, Binding>, prior: &Binding) -> Result<(), Diagnostics> {
    let aws = cx.data()?.required()?;
    let key = existing_key(aws, prior)?;
    let _alone = aws.lock(format!("binding {key}")).await;
    let claim = Claim::load(cx);
    if let Some(claim) = &claim {
        catch_up(cx, aws, claim).await?;
    }
    let Present { mut observed, not_ours } = observe::existing(aws, &key, prior, claim.as_ref()).await?;
    cx.report(not_ours);
    let writes_trust = prior.role.is_known() || prior.manage_trust_policy == Value::Known(true);
    let present = prior.role_name.known().filter(|_| writes_trust);
    observed
        .former
        .extend(observe::left(aws, present, claim.as_ref()).await?);
    let present = observed.role.iter_mut().filter(|_| prior.role.is_known());
    let former = observed.former.iter_mut().filter(|former| former.owned);
    let owned = present.chain(former.map(|former| &mut former.role));
    observe::ask_for_users(aws, &key, claim.as_ref(), owned).await?;
    let steps = binding::delete(&observed, prior)?;
    let claim = match claim {
        Some(claim) => claim,
        None => Claim::new(&key)?,
    };
    let cluster = observe::cluster_of(&key);
    let limit = limit(prior, |limits| &limits.delete);
    let mut execution = Execution::new(cx, aws, &key, &cluster, claim, &observed, limit)?;
    execution.run(&steps, |_| {}).await
}

/// An apply that follows another one at once would read what was there before it, and rely on what is not in effect yet.
async fn catch_up<C: Cloud>(
    cx: &Cx<Session<C>, Binding>,
    aws: &Connected<C>,
    claim: &Claim,
) -> Result<(), Diagnostics> {
    if let Some(left) = claim.unsettled_for(aws.propagation_wait, SystemTime::now()) {
        cx.unless_stopped(sleep(left)).await?;
    }
    Ok(())
}

/// The plan, completed with what is so now.
async fn settle<C: Cloud>(
    cx: &Cx<Session<C>, Binding>,
    aws: &Connected<C>,
    prior: Option<&Binding>,
    config: &Binding,
    planned: &Binding,
) -> Result<Binding, Diagnostics> {
    let settings = &cx.data()?.settings;
    let needed = binding::facts_needed(prior, config, &facts::caller(aws), settings);
    // What is there under the binding's names is read once nobody else works on them.
    let request = FactRequest {
        role: needed.role.filter(|role| matches!(role, RoleRequest::Given(_))),
        association: None,
        ..needed
    };
    let mut facts = facts::fetch(aws, &request, facts::Age::Fresh, None).await?;
    let settled = binding::settle(prior, config, planned, &facts, settings)?;
    if let Some((region, name)) = &request.cluster
        // An issuer of before stands where nobody may ask for it now.
        && settled.oidc_issuer.is_unknown()
    {
        return Err(no_issuer(region, name, &facts.cluster));
    }
    // Whoever manages the role may have written its trust policy a moment ago.
    let deadline = Instant::now() + aws.propagation_wait;
    loop {
        let refusals = binding::refusals(prior, config, &facts, settings);
        if refusals.is_empty() {
            return Ok(settled);
        }
        if Instant::now() >= deadline || cx.unless_stopped(sleep(LOOK_AGAIN)).await.is_err() {
            return Err(refusals);
        }
        facts = facts::fetch(aws, &request, facts::Age::Fresh, None).await?;
    }
}

/// IRSA trusts the issuer of the cluster, which only the cluster can tell.
fn no_issuer(region: &Region, name: &ClusterName, cluster: &Fact<ClusterFacts>) -> Diagnostics {
    let (summary, detail) = match cluster {
        Fact::Denied => (
            "The cluster's OIDC issuer may not be read",
            format!(
                "IRSA needs the OIDC issuer of cluster `{name}`, and the credentials in use may not call `eks:DescribeCluster`. Allow it, or set \
                 `oidc_issuer`."
            ),
        ),
        Fact::Absent | Fact::Unknown | Fact::Known(_) => (
            "The cluster does not exist",
            format!(
                "IRSA needs the OIDC issuer of cluster `{name}`, and there is no such cluster in region `{region}`. If this configuration makes \
                 it, refer to its resource in `cluster_name`, so that it is made first."
            ),
        ),
    };
    Diagnostic::error(summary, detail)
        .at(Path::attribute("cluster_name"))
        .into()
}

/// The role of the name that the binding wants, if it writes to it.
async fn role_to_use<C: Cloud>(
    aws: &Connected<C>,
    desired: &Desired,
    claim: Option<&Claim>,
) -> Result<Option<SeenRole>, Diagnostics> {
    if !desired.writes_trust {
        return Ok(None);
    }
    let name = &desired.role_name;
    match (&desired.owned, observe::role(aws, name, claim).await?) {
        (None, Some(seen)) if seen.role.arn != desired.role_arn => Err(another_role(desired, &seen)),
        (None, None) => Err(Diagnostic::error(
            "The role does not exist",
            format!(
                "There is no role `{name}`, and `manage_trust_policy` asks to change its trust policy. Make the role first, or describe it in \
                 `role` to have this binding make it.",
            ),
        )
        .at(Path::attribute("role_arn"))
        .into()),
        (_, seen) => Ok(seen),
    }
}

fn on_existing(settled: &Binding) -> OnExisting {
    settled.on_existing.known().copied().unwrap_or(OnExisting::Fail)
}

/// What was adopted is the binding's own from now on.
fn take_over(claim: &mut Claim, start: &Start, unique_id: Option<&str>) {
    if let (Some(role), Some(unique_id)) = (start.observed.role.as_ref().filter(|_| start.takes_role), unique_id) {
        claim.add_role(&role.name, unique_id);
    }
    if let Some(association) = start.observed.association.as_ref().filter(|_| start.takes_association) {
        claim.set_association(Some(&association.id));
    }
}

/// Id and ARN of the association that is there and stays.
fn present_association(start: &Start, desired: &Desired) -> Option<(String, String)> {
    let present = start.observed.association.as_ref();
    let present = present.filter(|_| desired.mode.uses_pod_identity())?;
    Some((present.id.clone(), present.arn.clone()))
}

/// IAM finds roles by name, in the account of the credentials and under whatever path.
fn another_role(desired: &Desired, seen: &SeenRole) -> Diagnostics {
    Diagnostic::error(
        "The role is not the one that `role_arn` names",
        format!(
            "`role_arn` is `{}`, and the role of that name in the account of the credentials is `{}`. Nothing was changed. Correct `role_arn`, or, if \
             the role is in another account, set `manage_trust_policy = false` and write `trust_policy` into it there.",
            desired.role_arn, seen.role.arn
        ),
    )
    .at(Path::attribute("role_arn"))
    .into()
}

/// Roles that the binding was for before, its own and, where it kept statements in them, others'.
async fn former<C: Cloud>(
    aws: &Connected<C>,
    desired: &Desired,
    prior: &Binding,
    claim: &Claim,
) -> Result<Vec<FormerRole>, Diagnostics> {
    let mut former = observe::former(aws, Some(&desired.role_name), Some(claim)).await?;
    let kept_statements = prior.role.is_null() && prior.manage_trust_policy == Value::Known(true);
    let left = prior
        .role_name
        .known()
        .filter(|name| kept_statements && **name != desired.role_name);
    if let Some(name) = left {
        let seen = observe::role(aws, name, None).await?;
        let seen = seen.filter(|seen| observe::is_of_state(&seen.role, prior));
        former.extend(seen.map(|seen| FormerRole {
            role: seen.role,
            owned: false,
            mode: prior.mode_in_effect(),
        }));
    }
    let left = observe::left(aws, Some(&desired.role_name), Some(claim)).await?;
    let is_known = |name: &str| former.iter().any(|known| known.role.name == name);
    let left: Vec<FormerRole> = left.into_iter().filter(|one| !is_known(&one.role.name)).collect();
    former.extend(left);
    Ok(former)
}

/// Notes what was made, for private state and for the binding's own attributes.
fn record(made: Made<'_>, claim: &mut Claim, association: &mut Option<(String, String)>) {
    match made {
        Made::Role(role) => claim.add_role(&role.name, &role.unique_id),
        Made::Association(made) => {
            claim.set_association(Some(&made.id));
            *association = Some((made.id.clone(), made.arn.clone()));
        }
    }
}

/// A plan looks for the agent before the apply that may make it.
async fn tell_missing_agent<C: Cloud>(
    cx: &Cx<Session<C>, Binding>,
    aws: &Connected<C>,
    at: &ClusterRef,
    steps: &[Step],
) {
    let is_new = |step: &Step| matches!(step.action, Action::CreateAssociation { .. });
    if steps.iter().any(is_new) && aws.lacks_agent(at).await {
        cx.warn(
            "The association is made, and the cluster has no EKS Pod Identity agent",
            format!(
                "Cluster `{}` has no add-on `eks-pod-identity-agent` and does not run in EKS Auto Mode. Pods with an association are told to ask an \
                 agent on their node, and get no credentials without it. Install it, for instance with `pod_identity_agent`; if it was installed \
                 without EKS, it does not show, and nothing is wrong.",
                at.name
            ),
        );
    }
}

/// The target role has to ask for what EKS really sends.
fn tell_external_id<D, M: Model>(cx: &Cx<D, M>, settled: &Binding, said: Option<&str>) {
    let (Some(planned), Some(said)) = (settled.external_id.known(), said) else {
        return;
    };
    if said == planned {
        return;
    }
    let what_now = if BindingKey::is_external_id(said) {
        "The next plan has it in `external_id` and `target_trust_policy`; write it into the trust policy of the target role."
    } else {
        "It does not have the form that EKS documents, so `external_id` stays as it was planned. Should the target role refuse the pods, write this one \
         into its trust policy."
    };
    cx.warn(
        "EKS sends another external id than it documents",
        format!("`{planned}` was expected, and EKS says that it sends `{said}` to the target role. {what_now}"),
    );
}

fn complete(settled: &Binding, association: Option<&(String, String)>) -> Binding {
    binding::complete(settled, association.map(|(id, arn)| (id.as_str(), arn.as_str())))
}

fn limit(binding: &Binding, of: impl Fn(&BindingTimeouts) -> &Value<Timeout>) -> Duration {
    let limits = binding.timeouts.known();
    limits.map_or(TIME_LIMIT, |limits| of(limits).or_default(TIME_LIMIT))
}
