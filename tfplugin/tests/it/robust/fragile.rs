//! A provider whose every method does what a test asks of it: it panics, or waits until it is stopped.

use std::sync::{Arc, Mutex};

use tfplugin::model::equality::TextEquality;
use tfplugin::model::plan::TypedDraft;
use tfplugin::model::value::Dynamic;
use tfplugin::model::{Diagnostics, Model, Type, Value};
use tfplugin::{
    Configure, Create, Cx, DataSource, Delete, Function, FunctionError, ImportKey, Provider, Read, Registry, Resource,
    Signature, Update, Upgrades,
};
use tokio::sync::Notify;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Panics,
    /// It fails, and does not say why.
    GivesUp,
    /// After it recorded what exists, where it can.
    Waits,
    /// What is returned has a value that is not of its type.
    Misfits,
}

#[derive(Debug, Default)]
pub(super) struct Control {
    fault: Mutex<Option<(&'static str, Fault)>>,
    /// A method waits.
    pub(super) waiting: Notify,
}

impl Control {
    pub(super) fn set(&self, method: &'static str, fault: Fault) {
        *self.fault.lock().expect("fault") = Some((method, fault));
    }

    pub(super) fn heal(&self) {
        *self.fault.lock().expect("fault") = None;
    }

    fn is(&self, method: &str, fault: Fault) -> bool {
        *self.fault.lock().expect("fault") == Some((method, fault))
    }

    fn at(&self, method: &str) {
        assert!(!self.is(method, Fault::Panics), "{method}");
    }

    fn gives_up(&self, method: &str) -> Result<(), Diagnostics> {
        if self.is(method, Fault::GivesUp) {
            Err(Diagnostics::new())
        } else {
            Ok(())
        }
    }

    async fn within<D, M>(&self, cx: &Cx<D, M>, method: &str) -> Result<(), Diagnostics> {
        self.at(method);
        self.gives_up(method)?;
        if self.is(method, Fault::Waits) {
            self.waiting.notify_one();
            cx.unless_stopped(std::future::pending::<()>()).await?;
        }
        Ok(())
    }
}

/// A name whose comparison panics for one spelling.
#[derive(Clone, Debug, PartialEq, Model)]
#[tf(equality = TextEquality(same_name))]
pub(super) struct Name(pub(super) String);

fn same_name(a: &str, b: &str) -> bool {
    assert!(a != "incomparable" && b != "incomparable", "equal");
    a.eq_ignore_ascii_case(b)
}

/// A thing.
#[derive(Clone, Debug, PartialEq, Model)]
#[tf(version = 1)]
pub(super) struct Thing {
    /// What it is called.
    #[tf(required)]
    pub(super) name: Value<Name>,
    /// What it weighs.
    #[tf(optional)]
    pub(super) weight: Value<i64>,
    /// What it got when it was made.
    #[tf(computed, keep_prior)]
    pub(super) id: Value<String>,
    /// Anything.
    #[tf(computed, keep_prior)]
    pub(super) extra: Value<Dynamic>,
}

/// The thing before it had an id.
#[derive(Clone, Debug, Model)]
#[tf(version = 0)]
struct ThingV0 {
    /// What it is called.
    #[tf(required)]
    name: Value<String>,
}

/// Which thing it is.
#[derive(Clone, Debug, PartialEq, Model)]
#[tf(version = 1)]
pub(super) struct ThingIdentity {
    /// Its id.
    #[tf(required)]
    id: Value<String>,
}

/// Settings.
#[derive(Clone, Debug, Model)]
pub(super) struct Settings {
    /// What this configuration adds to every copy.
    #[tf(optional)]
    pub(super) suffix: Value<String>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Fragile(pub(super) Arc<Control>);

impl Provider for Fragile {
    const ADDRESS: &'static str = "registry.terraform.io/example/fragile";
    const VERSION: &'static str = "1.0.0";
    type Config = Settings;
    type Data = String;

    fn registry(&self) -> Registry<String> {
        self.0.at("registry");
        Registry::new()
            .resource(Things(Arc::clone(&self.0)))
            .data_source(Copies(Arc::clone(&self.0)))
            .function(Echo(Arc::clone(&self.0)))
    }

    fn validate(&self, _: &Settings) -> Diagnostics {
        self.0.at("provider: validate");
        Diagnostics::new()
    }

    async fn configure(&self, cx: &Cx<()>, request: Configure<Settings>) -> Result<String, Diagnostics> {
        self.0.within(cx, "configure").await?;
        Ok(request.config.suffix.into_known().unwrap_or_default())
    }
}

struct Things(Arc<Control>);

type ThingCx = Cx<String, Thing>;

impl Resource for Things {
    const TYPE: &'static str = "fragile_thing";
    type Data = String;
    type Model = Thing;
    type Identity = ThingIdentity;

    fn validate(&self, _: &Thing) -> Diagnostics {
        self.0.at("validate");
        Diagnostics::new()
    }

    async fn plan(&self, cx: &ThingCx, draft: TypedDraft<Thing>) -> Result<TypedDraft<Thing>, Diagnostics> {
        self.0.within(cx, "plan").await?;
        Ok(draft)
    }

    async fn plan_delete(&self, cx: &ThingCx, _: &Thing) -> Result<(), Diagnostics> {
        self.0.within(cx, "plan_delete").await
    }

    async fn create(&self, cx: &ThingCx, request: Create<Thing>) -> Result<Thing, Diagnostics> {
        let mut made = request.planned;
        made.id = Value::from("id-1");
        cx.checkpoint(&made);
        self.0.within(cx, "create").await?;
        made.extra = self.extra("create");
        if self.0.is("equal", Fault::Panics) {
            made.name = Value::Known(Name("incomparable".to_owned()));
        }
        Ok(made)
    }

    async fn read(&self, cx: &ThingCx, request: Read<Thing>) -> Result<Option<Thing>, Diagnostics> {
        self.0.within(cx, "read").await?;
        let mut found = request.state;
        found.id = found.id.or(Value::from("id-1"));
        found.extra = self.extra("read");
        if self.0.is("equal", Fault::Panics) {
            found.name = Value::Known(Name("incomparable".to_owned()));
        }
        Ok(Some(found))
    }

    async fn update(&self, cx: &ThingCx, request: Update<Thing>) -> Result<Thing, Diagnostics> {
        cx.checkpoint(&request.planned);
        self.0.within(cx, "update").await?;
        let mut made = request.planned;
        made.extra = self.extra("update");
        Ok(made)
    }

    async fn delete(&self, cx: &ThingCx, _: Delete<Thing>) -> Result<(), Diagnostics> {
        self.0.within(cx, "delete").await
    }

    async fn import(&self, cx: &ThingCx, _: ImportKey<ThingIdentity>) -> Result<Thing, Diagnostics> {
        self.0.within(cx, "import").await?;
        Ok(Thing {
            name: Value::Known(Name("imported".to_owned())),
            weight: Value::Null,
            id: Value::from("id-1"),
            extra: Value::Null,
        })
    }

    fn identity(&self, _: &ThingCx, state: &Thing) -> Option<ThingIdentity> {
        self.0.at("identity");
        Some(ThingIdentity { id: state.id.clone() })
    }

    fn upgrades(&self) -> Upgrades {
        self.0.at("upgrades");
        let control = Arc::clone(&self.0);
        Upgrades::new().step(move |old: ThingV0| {
            control.at("upgrades: step");
            control.gives_up("upgrades: step")?;
            Ok(Thing {
                name: old.name.map(Name),
                weight: Value::Null,
                id: Value::from("id-1"),
                extra: Value::Null,
            })
        })
    }

    fn identity_upgrades(&self) -> Upgrades {
        self.0.at("identity_upgrades");
        Upgrades::new()
    }
}

impl Things {
    fn extra(&self, method: &str) -> Value<Dynamic> {
        let value = if self.0.is(method, Fault::Misfits) {
            Value::number(1)
        } else {
            Value::string("fits")
        };
        Value::Known(Dynamic {
            ty: Type::String,
            value,
        })
    }
}

/// A text and its copy.
#[derive(Clone, Debug, Model)]
pub(super) struct Text {
    /// The text.
    #[tf(optional)]
    text: Value<String>,
    /// The same, with what the provider's configuration adds.
    #[tf(computed)]
    copy: Value<String>,
}

struct Copies(Arc<Control>);

impl DataSource for Copies {
    const TYPE: &'static str = "fragile_copy";
    type Data = String;
    type Model = Text;

    fn validate(&self, _: &Text) -> Diagnostics {
        self.0.at("data source: validate");
        Diagnostics::new()
    }

    async fn read(&self, cx: &Cx<String>, config: Text) -> Result<Text, Diagnostics> {
        let suffix = cx.data()?;
        self.0.within(cx, "data source: read").await?;
        Ok(Text {
            copy: config.text.clone().map(|text| text + suffix),
            ..config
        })
    }
}

struct Echo(Arc<Control>);

impl Function for Echo {
    const NAME: &'static str = "echo";
    type Arguments = (i64,);
    type Output = i64;

    fn signature(&self) -> Signature {
        self.0.at("signature");
        Signature::new("The same number").parameter("number", "A number.")
    }

    fn call(&self, (number,): (i64,)) -> Result<i64, FunctionError> {
        self.0.at("call");
        Ok(number)
    }
}
