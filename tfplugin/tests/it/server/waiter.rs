//! A provider whose answers wait when they are asked to, and that writes down what it is given beside the values.

use std::sync::{Arc, Mutex};

use tfplugin::model::plan::TypedDraft;
use tfplugin::model::{Diagnostics, Model, Value};
use tfplugin::{
    Configure, Create, Cx, DataSource, Deferral, Delete, ImportKey, Provider, Read, Registry, Resource, Update,
};
use tfplugin_proto::tfplugin6::ClientCapabilities;
use tfplugin_testing::Core;

/// Settings of the restaurant.
#[derive(Clone, Debug, Model)]
pub(super) struct Settings {
    /// Whether it is open.
    #[tf(optional)]
    open: Value<bool>,
}

/// What a module says of itself.
#[derive(Clone, Debug, Model)]
pub(super) struct Guest {
    /// Who it is.
    #[tf(optional)]
    name: Value<String>,
}

/// Another form of it, which is not registered.
#[derive(Clone, Debug, Model)]
struct Stranger {
    /// Who it is.
    #[tf(optional)]
    face: Value<String>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Model)]
pub(super) struct Order {
    /// Where it goes.
    #[tf(required, replace)]
    pub(super) table: Value<String>,
    /// How many are hungry.
    #[tf(default = 1)]
    pub(super) guests: Value<i64>,
    /// What will be served.
    #[tf(computed, keep_prior)]
    pub(super) dish: Value<String>,
}

/// What an order is known by: the kitchen's number for the dish.
#[derive(Clone, Debug, Model)]
pub(super) struct Ticket {
    /// The dish.
    #[tf(required)]
    dish: Value<String>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Waiter {
    notes: Arc<Mutex<Vec<String>>>,
}

impl Waiter {
    fn note(&self, note: String) {
        self.notes.lock().expect("notes").push(note);
    }

    /// What was written down since the last time.
    pub(super) fn notes(&self) -> Vec<String> {
        std::mem::take(&mut self.notes.lock().expect("notes"))
    }
}

/// A configured waiter, and a host that can do `this`.
pub(super) async fn waiter(this: ClientCapabilities) -> (Core, Waiter) {
    let (core, waiter) = unconfigured(this).await;
    let settings = core.provider_config("{}").expect("settings");
    core.configure(&settings).await.expect("configured");
    (core, waiter)
}

pub(super) async fn unconfigured(this: ClientCapabilities) -> (Core, Waiter) {
    let waiter = Waiter::default();
    let core = Core::in_process(waiter.clone()).await.expect("schemas");
    (core.with_capabilities(this), waiter)
}

impl Provider for Waiter {
    const ADDRESS: &'static str = "registry.terraform.io/example/waiter";
    const VERSION: &'static str = "1.0.0";
    type Config = Settings;
    type Data = ();

    fn registry(&self) -> Registry<()> {
        Registry::new()
            .resource(Orders(self.clone()))
            .data_source(Menu(self.clone()))
            .meta::<Guest>()
    }

    async fn configure(&self, cx: &Cx<()>, request: Configure<Settings>) -> Result<(), Diagnostics> {
        if request.has_unknown && cx.may_defer() {
            return Err(cx.defer(Deferral::ProviderConfigUnknown));
        }
        Ok(())
    }
}

/// Defers if the table says so: `defer plan` when it is planned.
fn serve<M>(cx: &Cx<(), M>, table: &Value<String>, moment: &str) -> Result<(), Diagnostics> {
    match table.known().and_then(|table| table.strip_prefix("defer ")) {
        Some(when) if when == moment => {
            cx.warn("The kitchen is busy", "It will take a while.");
            Err(cx.defer(Deferral::AbsentPrerequisite))
        }
        Some(_) | None => Ok(()),
    }
}

#[derive(Debug)]
struct Orders(Waiter);

type OrderCx = Cx<(), Order>;

impl Orders {
    fn note(&self, cx: &OrderCx, moment: &str) -> Result<(), Diagnostics> {
        let guest = cx.meta::<Guest>()?.and_then(|guest| guest.name.into_known());
        let beside = ["nonce", "plan"].map(|key| cx.private(key).unwrap_or_default());
        let guest = guest.unwrap_or_default();
        self.0.note(format!("{moment}: {guest}; {}", beside.join(", ")));
        Ok(())
    }
}

impl Resource for Orders {
    const TYPE: &'static str = "waiter_order";
    type Data = ();
    type Model = Order;
    type Identity = Ticket;

    async fn plan(&self, cx: &OrderCx, mut draft: TypedDraft<Order>) -> Result<TypedDraft<Order>, Diagnostics> {
        self.note(cx, "plan")?;
        serve(cx, &draft.planned.table, "plan")?;
        if draft.planned.table == Value::from("stranger") {
            cx.meta::<Stranger>()?;
        }
        if draft.planned.table == Value::from("guess") {
            draft.planned.dish = Value::from("soup");
            cx.defer(Deferral::ResourceConfigUnknown);
            return Ok(draft);
        }
        let changes = draft.prior.as_ref() != Some(&draft.planned);
        if changes && !(cx.keeps_planned_private() && cx.private("plan").is_some()) {
            let number = self.0.notes.lock().expect("notes").len();
            cx.set_private("plan", format!("plan {number}"));
        }
        Ok(draft)
    }

    async fn plan_delete(&self, cx: &OrderCx, prior: &Order) -> Result<(), Diagnostics> {
        serve(cx, &prior.table, "deletion")
    }

    async fn create(&self, cx: &OrderCx, request: Create<Order>) -> Result<Order, Diagnostics> {
        self.note(cx, "create")?;
        let table = request.planned.table.known().cloned().unwrap_or_default();
        cx.set_private("nonce", format!("nonce of {table}"));
        let made = Order {
            dish: Value::Known(format!("dish for {table}")),
            ..request.planned
        };
        cx.checkpoint(&made);
        serve(cx, &made.table, "create")?;
        Ok(made)
    }

    async fn read(&self, cx: &OrderCx, request: Read<Order>) -> Result<Option<Order>, Diagnostics> {
        self.note(cx, if request.imported { "first read" } else { "read" })?;
        serve(cx, &request.state.table, "read")?;
        let table = request.state.table.known().cloned().unwrap_or_default();
        Ok(Some(Order {
            dish: Value::Known(format!("dish for {table}")),
            ..request.state
        }))
    }

    async fn update(&self, cx: &OrderCx, request: Update<Order>) -> Result<Order, Diagnostics> {
        self.note(cx, "update")?;
        Ok(request.planned)
    }

    async fn delete(&self, cx: &OrderCx, _: Delete<Order>) -> Result<(), Diagnostics> {
        self.note(cx, "delete")
    }

    async fn import(&self, cx: &OrderCx, key: ImportKey<Ticket>) -> Result<Order, Diagnostics> {
        let table = match key {
            ImportKey::Id(table) => Value::Known(table),
            ImportKey::Identity(ticket) => ticket.dish.map(|dish| dish.replace("dish for ", "")),
        };
        serve(cx, &table, "import")?;
        Ok(Order {
            table,
            guests: Value::Known(1),
            dish: Value::Null,
        })
    }

    fn generate_config(&self, config: Order, state: &Order) -> Order {
        match state.table.known().map(String::as_str) {
            Some("shy") => Order {
                table: Value::Null,
                ..config
            },
            Some("loud") => panic!("generate_config"),
            Some("family") => Order {
                guests: state.guests.clone(),
                ..config
            },
            Some(_) | None => config,
        }
    }

    fn identity(&self, _: &OrderCx, state: &Order) -> Option<Ticket> {
        Some(Ticket {
            dish: state.dish.clone(),
        })
    }
}

/// The menu of a table.
#[derive(Clone, Debug, Model)]
struct Card {
    /// Where it lies.
    #[tf(optional)]
    table: Value<String>,
    /// Whom it is for.
    #[tf(computed)]
    guest: Value<String>,
}

#[derive(Debug)]
struct Menu(Waiter);

impl DataSource for Menu {
    const TYPE: &'static str = "waiter_menu";
    type Data = ();
    type Model = Card;

    async fn read(&self, cx: &Cx<()>, config: Card) -> Result<Card, Diagnostics> {
        self.0.note("menu".to_owned());
        serve(cx, &config.table, "menu")?;
        let guest = cx.meta::<Guest>()?.map_or(Value::Null, |guest| guest.name);
        Ok(Card { guest, ..config })
    }
}
