//! Identities of objects that live on, with and without the right to change.

use tfplugin::model::{Diagnostics, Model, Value};
use tfplugin::{Configure, Create, Cx, Delete, Provider, Read, Registry, Resource, Update};
use tfplugin_testing::Core;
use tfplugin_testing::core::{Applied, ResourceType, State};

use super::told;

const NOT_ALLOWED: &str = "The provider returned an identity that is not allowed";

/// A label.
#[derive(Clone, Debug, Model)]
struct Label {
    /// What it says.
    #[tf(required)]
    text: Value<String>,
    /// How it looks.
    #[tf(computed)]
    color: Value<String>,
}

/// What identifies a label: what it says and how it looks.
#[derive(Clone, Debug, Model)]
struct LabelIdentity {
    /// What it says.
    #[tf(required)]
    text: Value<String>,
    /// How it looks.
    #[tf(optional)]
    color: Value<String>,
}

struct Labels;

impl Provider for Labels {
    const ADDRESS: &'static str = "registry.terraform.io/example/label";
    const VERSION: &'static str = "1.0.0";
    type Config = ();
    type Data = ();

    fn registry(&self) -> Registry<()> {
        Registry::new().resource(Sticky::<false>).resource(Sticky::<true>)
    }

    async fn configure(&self, _: &Cx<()>, _: Configure<()>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

struct Sticky<const MAY_CHANGE: bool>;

fn red(label: Label) -> Label {
    Label {
        color: Value::from("red"),
        ..label
    }
}

impl<const MAY_CHANGE: bool> Resource for Sticky<MAY_CHANGE> {
    const TYPE: &'static str = if MAY_CHANGE { "label_loose" } else { "label_fixed" };
    type Data = ();
    type Model = Label;
    type Identity = LabelIdentity;
    const IDENTITY_MAY_CHANGE: bool = MAY_CHANGE;

    async fn create(&self, _: &Cx<(), Label>, request: Create<Label>) -> Result<Label, Diagnostics> {
        Ok(red(request.planned))
    }

    /// Whoever asks finds that somebody else took the question mark away.
    async fn read(&self, _: &Cx<(), Label>, request: Read<Label>) -> Result<Option<Label>, Diagnostics> {
        let text = request.state.text.map(|text| text.trim_end_matches('?').to_owned());
        Ok(Some(Label {
            text,
            color: request.state.color,
        }))
    }

    async fn update(&self, _: &Cx<(), Label>, request: Update<Label>) -> Result<Label, Diagnostics> {
        Ok(red(request.planned))
    }

    async fn delete(&self, _: &Cx<(), Label>, _: Delete<Label>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn identity(&self, _: &Cx<(), Label>, state: &Label) -> Option<LabelIdentity> {
        Some(LabelIdentity {
            text: state.text.clone(),
            color: state.color.clone(),
        })
    }
}

async fn labels(type_name: &str) -> ResourceType {
    let core = Core::in_process(Labels).await.expect("schemas");
    core.configure(&core.provider_config("{}").expect("settings"))
        .await
        .expect("configured");
    core.resource(type_name).expect("a resource")
}

async fn apply(labels: &ResourceType, state: &State, text: &str) -> Applied {
    let config = labels.config(&format!(r#"{{"text": "{text}"}}"#)).expect("config");
    let plan = labels.plan(state, &config).await.expect("plan");
    labels.apply(&plan).await.expect("an answer")
}

fn text(state: &State) -> Option<&str> {
    state.identity.as_ref()?.get("text")?.as_str()
}

#[tokio::test]
async fn an_identity_that_may_not_change_stays_and_is_kept_when_the_provider_errs() {
    let labels = labels("label_fixed").await;
    let made = apply(&labels, &State::default(), "why?")
        .await
        .success()
        .expect("created");
    let changed = apply(&labels, &made, "because").await;
    assert_eq!(told(&changed.diagnostics)[0].0, NOT_ALLOWED);
    assert_eq!(text(&changed.state), Some("why?"));
    let read = labels.read(&made).await.expect_err("refused");
    assert_eq!(told(&read)[0].0, NOT_ALLOWED);
}

#[tokio::test]
async fn an_identity_that_may_change_follows_the_object() {
    let labels = labels("label_loose").await;
    let made = apply(&labels, &State::default(), "why?")
        .await
        .success()
        .expect("created");
    let read = labels.read(&made).await.expect("read");
    assert_eq!(text(&read), Some("why"));
    let changed = apply(&labels, &made, "because").await.success().expect("changed");
    assert_eq!(text(&changed), Some("because"));
}

#[tokio::test]
async fn what_is_planned_has_a_known_identity_or_none() {
    for type_name in ["label_fixed", "label_loose"] {
        let labels = labels(type_name).await;
        let new = labels.config(r#"{"text": "why"}"#).expect("config");
        let plan = labels.plan(&State::default(), &new).await.expect("plan");
        assert_eq!(plan.planned.identity, None, "its color is only known once it is there");

        let made = apply(&labels, &State::default(), "why")
            .await
            .success()
            .expect("created");
        let config = labels.config(r#"{"text": "because"}"#).expect("config");
        let plan = labels.plan(&made, &config).await.expect("plan");
        // Its color is unknown, so the plan cannot tell another one.
        assert_eq!(plan.planned.identity, made.identity);

        // Written by a version of the provider that had no identity, and not refreshed since.
        let old = State {
            identity: None,
            ..made.clone()
        };
        let plan = labels.plan(&old, &config).await.expect("plan");
        assert_eq!(plan.planned.identity, None);
        let changed = labels
            .apply(&plan)
            .await
            .expect("an answer")
            .success()
            .expect("changed");
        assert_eq!(text(&changed), Some("because"));
        assert_eq!(text(&labels.read(&old).await.expect("read")), Some("why"));
    }
}
