//! How long a provider takes to read and plan an unchanged object of 30 attributes, without the socket: run with `--release`.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::time::{Duration, Instant};

use tfplugin::model::{Diagnostics, Model, Value, msgpack};
use tfplugin::transport::Lifecycle;
use tfplugin::{Configure, Create, Cx, Delete, Provider, Read, Registry, Resource, Service};
use tfplugin_proto::tfplugin6::provider_server::Provider as _;
use tfplugin_proto::tfplugin6::{DynamicValue, plan_resource_change, read_resource};
use tonic::Request;

const ROUNDS: usize = 20_000;

/// One of several rules.
#[derive(Clone, Model)]
struct Rule {
    /// Where from.
    #[tf(required)]
    from: Value<String>,
    /// Where to.
    #[tf(required)]
    to: Value<String>,
    /// Which port.
    #[tf(optional)]
    port: Value<i64>,
}

/// As many attributes as a large resource has.
#[derive(Clone, Model)]
struct Wide {
    #[tf(required, replace)]
    name: Value<String>,
    #[tf(optional)]
    description: Value<String>,
    #[tf(optional)]
    region: Value<String>,
    #[tf(optional)]
    zone: Value<String>,
    #[tf(optional)]
    owner: Value<String>,
    #[tf(optional)]
    image: Value<String>,
    #[tf(optional)]
    policy: Value<String>,
    #[tf(optional)]
    key: Value<String>,
    #[tf(default = 1)]
    size: Value<i64>,
    #[tf(default = 2)]
    minimum: Value<i64>,
    #[tf(default = 3)]
    maximum: Value<i64>,
    #[tf(default = 4)]
    retention: Value<i64>,
    #[tf(default = 5)]
    priority: Value<i64>,
    #[tf(default = false)]
    public: Value<bool>,
    #[tf(default = true)]
    encrypted: Value<bool>,
    #[tf(default = true)]
    monitored: Value<bool>,
    #[tf(default = false)]
    protected: Value<bool>,
    #[tf(optional)]
    subnets: Value<Vec<String>>,
    #[tf(optional)]
    groups: Value<Vec<String>>,
    #[tf(optional)]
    tags: Value<BTreeMap<String, String>>,
    #[tf(optional)]
    labels: Value<BTreeMap<String, String>>,
    #[tf(optional)]
    rules: Value<Vec<Rule>>,
    #[tf(computed, keep_prior)]
    id: Value<String>,
    #[tf(computed, keep_prior)]
    arn: Value<String>,
    #[tf(computed)]
    endpoint: Value<String>,
    #[tf(computed)]
    address: Value<String>,
    #[tf(computed)]
    status: Value<String>,
    #[tf(computed)]
    version: Value<i64>,
    #[tf(computed)]
    created: Value<String>,
    #[tf(computed)]
    changed: Value<String>,
}

struct Bench;
struct Wides;

impl Provider for Bench {
    const ADDRESS: &'static str = "registry.terraform.io/example/bench";
    const VERSION: &'static str = "0.0.0";
    type Config = ();
    type Data = ();

    fn registry(&self) -> Registry<()> {
        Registry::new().resource(Wides)
    }

    async fn configure(&self, _: &Cx<()>, _: Configure<()>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

impl Resource for Wides {
    const TYPE: &'static str = "bench_wide";
    type Data = ();
    type Model = Wide;
    type Identity = ();

    async fn create(&self, _: &Cx<(), Wide>, request: Create<Wide>) -> Result<Wide, Diagnostics> {
        Ok(request.planned)
    }

    async fn read(&self, _: &Cx<(), Wide>, request: Read<Wide>) -> Result<Option<Wide>, Diagnostics> {
        Ok(Some(request.state))
    }

    async fn delete(&self, _: &Cx<(), Wide>, _: Delete<Wide>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

fn wide() -> Wide {
    let text = |text: &str| Value::from(text);
    let texts = || Value::Known((0..4).map(|number| format!("item-{number:08}")).collect());
    let pairs = || {
        Value::Known(
            (0..6)
                .map(|number| (format!("key-{number}"), format!("value-{number}")))
                .collect(),
        )
    };
    let rule = |port| Rule {
        from: text("10.0.0.0/8"),
        to: text("192.168.0.0/16"),
        port: Value::Known(port),
    };
    Wide {
        name: text("wide"),
        description: text("As many attributes as a large resource has"),
        region: text("eu-central-1"),
        zone: Value::Null,
        owner: text("platform"),
        image: text("registry.example.com/team/image:1.2.3"),
        policy: text(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#),
        key: Value::Null,
        size: Value::Known(1),
        minimum: Value::Known(2),
        maximum: Value::Known(3),
        retention: Value::Known(4),
        priority: Value::Known(5),
        public: Value::Known(false),
        encrypted: Value::Known(true),
        monitored: Value::Known(true),
        protected: Value::Known(false),
        subnets: texts(),
        groups: texts(),
        tags: pairs(),
        labels: pairs(),
        rules: Value::Known(vec![rule(80), rule(443), rule(8080)]),
        id: text("wide-0123456789"),
        arn: text("arn:aws:example:eu-central-1:111122223333:wide/0123456789"),
        endpoint: text("https://wide.example.com"),
        address: text("10.1.2.3"),
        status: text("ACTIVE"),
        version: Value::Known(7),
        created: text("2026-01-01T00:00:00Z"),
        changed: text("2026-01-02T00:00:00Z"),
    }
}

/// What the user wrote for it.
fn config(state: &Wide) -> Wide {
    let unset = || Value::Null;
    Wide {
        id: unset(),
        arn: unset(),
        endpoint: unset(),
        address: unset(),
        status: unset(),
        version: Value::Null,
        created: unset(),
        changed: unset(),
        ..state.clone()
    }
}

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    // Calls of a host begin on a worker of the runtime. From here each would have to change the thread twice.
    tokio::spawn(measure()).await?
}

async fn measure() -> Outcome<()> {
    let ty = Wide::schema().ty();
    let encoded = |wide: &Wide| {
        let msgpack = msgpack::encode(&Model::to_value(wide), &ty)?;
        Outcome::Ok(Some(DynamicValue {
            msgpack,
            json: Vec::new(),
        }))
    };
    let wide = wide();
    let (state, config) = (encoded(&wide)?, encoded(&config(&wide))?);
    let service = Service::new(Bench, Lifecycle::default());
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let read = Request::new(read_resource::Request {
            type_name: Wides::TYPE.to_owned(),
            current_state: state.clone(),
            ..read_resource::Request::default()
        });
        let begun = Instant::now();
        let read = service.read_resource(read).await?.into_inner();
        let reading = begun.elapsed();
        let plan = Request::new(plan_resource_change::Request {
            type_name: Wides::TYPE.to_owned(),
            prior_state: read.new_state.clone(),
            proposed_new_state: read.new_state,
            config: config.clone(),
            ..plan_resource_change::Request::default()
        });
        let begun = Instant::now();
        let planned = service.plan_resource_change(plan).await?.into_inner();
        times.push(reading + begun.elapsed());
        if planned.planned_state != state || !planned.diagnostics.is_empty() {
            return Err("the plan is not empty".into());
        }
    }
    times.sort();
    let at = |percent: usize| times.get(ROUNDS * percent / 100).map_or(0, Duration::as_micros);
    let attributes = Wide::schema().block.attributes.len();
    writeln!(
        std::io::stdout(),
        "read and plan of {attributes} attributes, {ROUNDS} times: median {} µs, 95th percentile {} µs",
        at(50),
        at(95),
    )?;
    Ok(())
}
