//! A client for everything that a provider serves.

use tfplugin::transport::{Attached, MAX_MESSAGE_BYTES};
use tfplugin_proto::go_plugin::grpc_broker_client::GrpcBrokerClient;
use tfplugin_proto::go_plugin::grpc_controller_client::GrpcControllerClient;
use tfplugin_proto::go_plugin::grpc_stdio_client::GrpcStdioClient;
use tfplugin_proto::tfplugin6::provider_client::ProviderClient;
use tonic::transport::Channel;
use tonic_health::pb::health_client::HealthClient;

use crate::connect::{Trust, connect};
use crate::failure::Failure;
use crate::handshake::Handshake;

/// One connection to a provider, with a client for each service on it.
#[derive(Clone, Debug)]
pub struct Client {
    /// The provider itself: every RPC of the protocol.
    pub provider: ProviderClient<Channel>,
    /// Ends the process.
    pub controller: GrpcControllerClient<Channel>,
    /// What the process prints.
    pub stdio: GrpcStdioClient<Channel>,
    /// Further connections.
    pub broker: GrpcBrokerClient<Channel>,
    /// Whether it serves.
    pub health: HealthClient<Channel>,
    pub(crate) channel: Channel,
}

impl Client {
    /// On a connection that [`connect`] has made.
    #[must_use]
    pub fn new(channel: Channel) -> Self {
        Self {
            provider: ProviderClient::new(channel.clone())
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_MESSAGE_BYTES),
            controller: GrpcControllerClient::new(channel.clone()),
            stdio: GrpcStdioClient::new(channel.clone()),
            broker: GrpcBrokerClient::new(channel.clone()),
            health: HealthClient::new(channel.clone()),
            channel,
        }
    }

    /// To a provider that is served inside this process.
    ///
    /// # Errors
    ///
    /// When no connection is made.
    pub async fn attach(attached: &Attached) -> Result<Self, Failure> {
        let handshake = Handshake {
            network: attached.network().to_owned(),
            address: attached.address().to_owned(),
            certificate: None,
        };
        Ok(Self::new(connect(&handshake, Trust::Plain).await?))
    }
}
