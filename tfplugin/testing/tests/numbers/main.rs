//! A provider of numbers, for tests of the kinds that answer with a stream: a process of its own, with the whole framework in it.
#![expect(clippy::panic, reason = "what happens then is what a test wants to see")]

use std::process::ExitCode;

use tfplugin::model::{Diagnostic, Diagnostics, Model, Value};
use tfplugin::{
    Action, Configure, Create, Cx, Delete, Found, Invoke, List, ListResource, Listing, Progress, Provider, Read,
    Registry, Resource,
};

struct Numbers;

impl Provider for Numbers {
    const ADDRESS: &'static str = "registry.terraform.io/example/numbers";
    const VERSION: &'static str = "1.2.3";
    type Config = ();
    type Data = ();

    fn registry(&self) -> Registry<()> {
        Registry::new().resource(Number).list_resource(AllNumbers).action(Count)
    }

    async fn configure(&self, _: &Cx<()>, _: Configure<()>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// A number.
#[derive(Clone, Model)]
struct NumberModel {
    /// The number.
    #[tf(required, replace)]
    value: i64,
    /// Ten thousand letters about it.
    #[tf(computed)]
    story: Value<String>,
}

/// The number itself.
#[derive(Clone, Model)]
struct NumberIdentity {
    /// The number.
    #[tf(required)]
    value: i64,
}

/// Numbers are there without being made, and stay.
struct Number;

fn number(value: i64) -> NumberModel {
    NumberModel {
        value,
        story: Value::Known("n".repeat(10_000)),
    }
}

impl Resource for Number {
    const TYPE: &'static str = "numbers_number";
    type Data = ();
    type Model = NumberModel;
    type Identity = NumberIdentity;

    async fn create(&self, _: &Cx<(), NumberModel>, request: Create<NumberModel>) -> Result<NumberModel, Diagnostics> {
        Ok(number(request.planned.value))
    }

    async fn read(
        &self,
        _: &Cx<(), NumberModel>,
        request: Read<NumberModel>,
    ) -> Result<Option<NumberModel>, Diagnostics> {
        Ok(Some(number(request.state.value)))
    }

    async fn delete(&self, _: &Cx<(), NumberModel>, _: Delete<NumberModel>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn identity(&self, _: &Cx<(), NumberModel>, state: &NumberModel) -> Option<NumberIdentity> {
        Some(NumberIdentity { value: state.value })
    }
}

/// Which numbers, and what happens then.
#[derive(Clone, Model)]
struct Range {
    /// How many.
    #[tf(required)]
    count: i64,
    /// What happens then: `fail`, `panic` or `wait`.
    #[tf(optional)]
    then: Option<String>,
}

/// What a configuration says that happens after the last number.
async fn then(then: Option<&str>) -> Result<(), Diagnostics> {
    match then {
        Some("fail") => Err(Diagnostic::error("The numbers have run out", "There are no more.").into()),
        Some("wait") => {
            tracing::info!("waiting");
            std::future::pending().await
        }
        Some(other) => panic!("{other}"),
        None => Ok(()),
    }
}

struct AllNumbers;

/// Logs how many numbers were given, however that ended.
struct Given(i64);

impl Drop for Given {
    fn drop(&mut self) {
        tracing::info!(numbers = self.0, "the list has ended");
    }
}

impl ListResource for AllNumbers {
    type Resource = Number;
    type Config = Range;

    async fn list(&self, _: &Cx<()>, request: List<Range>, found: &mut Listing<Number>) -> Result<(), Diagnostics> {
        let mut given = Given(0);
        for value in 0..request.config.count {
            given.0 += 1;
            if given.0 == 10 {
                tracing::info!("ten numbers are given");
            }
            let identity = NumberIdentity { value };
            found
                .push(Found::new(identity, value.to_string()).object(number(value)))
                .await?;
        }
        then(request.config.then.as_deref()).await
    }
}

/// Says one number after the other.
struct Count;

impl Action for Count {
    const TYPE: &'static str = "numbers_count";
    type Data = ();
    type Model = Range;

    async fn invoke(&self, cx: &Cx<()>, request: Invoke<Range>, progress: &Progress) -> Result<(), Diagnostics> {
        for value in 0..request.config.count {
            progress.say(value.to_string());
        }
        let rest = cx.unless_stopped(then(request.config.then.as_deref())).await;
        if rest.is_err() {
            tracing::info!("the count was stopped");
        }
        rest?
    }
}

fn main() -> ExitCode {
    tfplugin::serve(Numbers)
}
