use super::Aws;
use crate::cloud::{Caller, CloudError, Service, Sts};

impl Sts for Aws {
    fn endpoint(&self) -> Option<&str> {
        self.endpoints.of(Service::Sts)
    }

    async fn caller(&self) -> Result<Caller, CloudError> {
        let answer = self
            .sts
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| self.failure(Service::Sts, "GetCallerIdentity", &error))?;
        Ok(Caller {
            account_id: answer.account().unwrap_or_default().to_owned(),
            partition: answer
                .arn()
                .and_then(|arn| arn.split(':').nth(1))
                .unwrap_or("aws")
                .to_owned(),
        })
    }
}
