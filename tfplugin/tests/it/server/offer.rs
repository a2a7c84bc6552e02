//! What a provider offers: mistakes in it are named when a host asks for the schema.

use tfplugin::model::validators::length;
use tfplugin::model::{Diagnostics, Model, Value};
use tfplugin::{
    Configure, Create, Cx, DataSource, Delete, Ephemeral, EphemeralResource, Function, FunctionError, List,
    ListResource, Listing, Opened, Provider, Read, Registry, Resource, Signature, Variadic,
};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_testing::Core;

pub(super) type Make = fn() -> Registry<()>;

/// A provider of whatever the test puts into it.
pub(super) struct Offer(pub(super) Make);

impl Provider for Offer {
    const ADDRESS: &'static str = "registry.terraform.io/example/offer";
    const VERSION: &'static str = "0.0.0";
    type Config = ();
    type Data = ();

    fn registry(&self) -> Registry<()> {
        (self.0)()
    }

    async fn configure(&self, _: &Cx<()>, _: Configure<()>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// A function with the given number of names for its two arguments.
struct Named(usize);

impl Function for Named {
    const NAME: &'static str = "named";
    type Arguments = (String, Variadic<String>);
    type Output = String;

    fn signature(&self) -> Signature {
        assert!(self.0 != 9, "signature");
        (0..self.0).fold(Signature::new("Named"), |signature, number| {
            signature.parameter(format!("text_{number}"), "A text.")
        })
    }

    fn call(&self, (text, _): Self::Arguments) -> Result<String, FunctionError> {
        Ok(text)
    }
}

struct Swapped;

impl Function for Swapped {
    const NAME: &'static str = "swapped";
    type Arguments = (Variadic<String>, String);
    type Output = String;

    fn signature(&self) -> Signature {
        Signature::new("Swapped")
            .parameter("texts", "Texts.")
            .parameter("text", "A text.")
    }

    fn call(&self, (_, text): Self::Arguments) -> Result<String, FunctionError> {
        Ok(text)
    }
}

/// Its default does not pass its own check.
#[derive(Clone, Model)]
struct Impossible {
    #[tf(default = "", validate(length(1..)))]
    name: Value<String>,
}

struct Impossibles;

impl DataSource for Impossibles {
    const TYPE: &'static str = "offer_impossible";
    type Data = ();
    type Model = Impossible;

    async fn read(&self, _: &Cx<()>, config: Impossible) -> Result<Impossible, Diagnostics> {
        Ok(config)
    }
}

/// Something that has no identity.
struct Nameless;

impl Resource for Nameless {
    const TYPE: &'static str = "offer_nameless";
    type Data = ();
    type Model = ();
    type Identity = ();

    async fn create(&self, _: &Cx<(), ()>, _: Create<()>) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn read(&self, _: &Cx<(), ()>, _: Read<()>) -> Result<Option<()>, Diagnostics> {
        Ok(None)
    }

    async fn delete(&self, _: &Cx<(), ()>, _: Delete<()>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

struct AllNameless;

impl ListResource for AllNameless {
    type Resource = Nameless;
    type Config = ();

    async fn list(&self, _: &Cx<()>, _: List<()>, _: &mut Listing<Nameless>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

async fn refusal(registry: Make) -> String {
    match Core::in_process(Offer(registry)).await {
        Ok(_) => panic!("the provider was loaded"),
        Err(failure) => failure.to_string(),
    }
}

#[tokio::test]
async fn a_name_that_is_used_twice_is_refused() {
    let refused = refusal(|| Registry::new().function(Named(2)).function(Named(2))).await;
    assert!(refused.contains("Two functions of the same name"), "{refused}");
}

#[tokio::test]
async fn a_function_names_each_argument_and_ends_with_the_variadic_one() {
    let wrong: [Make; 3] = [
        || Registry::new().function(Named(1)),
        || Registry::new().function(Named(3)),
        || Registry::new().function(Swapped),
    ];
    for registry in wrong {
        let refused = refusal(registry).await;
        assert!(refused.contains("Function defined wrongly"), "{refused}");
    }
    let core = Core::in_process(Offer(|| Registry::new().function(Named(2)))).await;
    let called = core.expect("loaded").call("named", &[Value::string("a")]).await;
    assert_eq!(called, Ok(Value::string("a")));
}

#[tokio::test]
async fn moves_are_offered_only_where_a_resource_has_some() {
    let core = Core::in_process(Offer(Registry::new)).await.expect("loaded");
    let metadata = core.rpc().get_metadata(proto::get_metadata::Request {}).await;
    let capabilities = metadata.expect("metadata").into_inner().server_capabilities;
    assert!(!capabilities.expect("capabilities").move_resource_state);
}

#[tokio::test]
async fn a_panic_while_offering_is_a_diagnostic() {
    let refused = refusal(|| Registry::new().function(Named(9))).await;
    assert!(refused.contains("The provider crashed"), "{refused}");
    let refused = refusal(|| panic!("registry")).await;
    assert!(refused.contains("The provider crashed"), "{refused}");
}

#[tokio::test]
async fn a_schema_that_contradicts_itself_is_named() {
    let refused = refusal(|| Registry::new().data_source(Impossibles)).await;
    assert!(
        refused.contains("`offer_impossible`") && refused.contains("`name`"),
        "{refused}"
    );
}

#[tokio::test]
async fn what_can_be_listed_is_a_resource_with_identity() {
    let wrong: [(Make, &str); 3] = [
        (
            || Registry::new().list_resource(AllNameless),
            "there is no resource of that name",
        ),
        (
            || Registry::new().resource(Nameless).list_resource(AllNameless),
            "the resource has no identity",
        ),
        (
            || Registry::new().list_resource(AllNameless).list_resource(AllNameless),
            "Two list resources of the same name",
        ),
    ];
    for (registry, problem) in wrong {
        let refused = refusal(registry).await;
        assert!(
            refused.contains(problem) && refused.contains("`offer_nameless`"),
            "{refused}"
        );
    }
}

/// Its attribute is one that the language takes for its own.
#[derive(Clone, Model)]
struct Counted {
    #[tf(optional)]
    count: Value<i64>,
}

struct Counts;

impl EphemeralResource for Counts {
    const TYPE: &'static str = "offer_counts";
    type Data = ();
    type Model = Counted;

    async fn open(&self, _: &Cx<(), Ephemeral>, config: Counted) -> Result<Opened<Counted>, Diagnostics> {
        Ok(config.into())
    }
}

#[tokio::test]
async fn an_attribute_that_would_never_reach_the_provider_is_named() {
    let refused = refusal(|| Registry::new().ephemeral_resource(Counts)).await;
    assert!(
        refused.contains("`offer_counts`") && refused.contains("`count` is a name that the language keeps"),
        "{refused}"
    );
    let refused = refusal(|| Registry::new().ephemeral_resource(Counts).ephemeral_resource(Counts)).await;
    assert!(
        refused.contains("Two ephemeral resources of the same name"),
        "{refused}"
    );
}
