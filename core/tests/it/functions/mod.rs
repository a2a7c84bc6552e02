mod policies;
mod target;
mod trust_policy;

use tfmodel::Value;

const SESSION_POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;

fn argument(more: &[(&str, Value)]) -> Value {
    let mut all = vec![
        ("account_id", Value::string("111122223333")),
        ("region", Value::string("eu-west-1")),
        ("cluster_name", Value::string("main")),
        ("namespace", Value::string("prod")),
        ("service_account", Value::string("api")),
    ];
    all.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    all.extend(more.iter().cloned());
    Value::object(all)
}
