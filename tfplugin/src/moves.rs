//! Taking over the state of an object from another resource type, of this provider or another.

mod origin;

use std::fmt;
use std::marker::PhantomData;

use tfmodel::json::{self, Node};
use tfmodel::{Diagnostic, Diagnostics, Model, Path, Type, Value, encoding};

pub use self::origin::Origin;
use crate::bug;
use crate::private::Private;

/// What a resource can take over by a `moved` block, and how.
///
/// The other type is a model that names the attributes of interest; what else its state holds is ignored, at any depth. Hosts call this
/// before they configure the provider, so there is nothing to work with but the state. What only the provider can find out is left null
/// for the read that follows.
///
/// ```
/// # use tfplugin::{Moves, Origin, Source};
/// # use tfplugin::model::{self as tfmodel, Model, Value};
/// #[derive(Clone, Model)]
/// struct Volume {
///     #[tf(required)]
///     id: String,
///     #[tf(optional)]
///     size: Option<i64>,
/// }
///
/// #[derive(Clone, Model)]
/// struct Disk {
///     #[tf(required)]
///     name: Value<String>,
///     #[tf(optional)]
///     gigabytes: Value<i64>,
/// }
///
/// fn moves() -> Moves<Disk> {
///     Moves::new().from(Origin::new("example/cloud", "cloud_volume"), |source: Source<Volume>| {
///         Ok(Disk {
///             name: source.state.id.into(),
///             gigabytes: source.state.size.into(),
///         })
///     })
/// }
/// # moves();
/// ```
pub struct Moves<M> {
    ways: Vec<Way>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Moves<M> {
    /// Nothing can be taken over.
    pub const fn new() -> Self {
        Self {
            ways: Vec::new(),
            model: PhantomData,
        }
    }

    /// Takes over what has `origin` and fits the model `S`. Where several ways fit, the first that does not [decline](Moved::declined) is
    /// taken. The result is the object, or [`Moved`] if there is more to say.
    #[must_use]
    pub fn from<S: Model, R: Into<Moved<M>>>(
        mut self,
        origin: Origin,
        take: impl Fn(Source<S>) -> Result<R, Diagnostics> + Send + Sync + 'static,
    ) -> Self {
        let ty = S::schema().ty();
        let run = move |foreign: &Foreign| match foreign.read::<S>(&ty) {
            Ok(source) => Ok(take(source)?.into().attempt()),
            Err(misfit) => Ok(Attempt::Misfit(misfit)),
        };
        self.ways.push(Way {
            origin,
            run: Box::new(run),
        });
        self
    }

    pub(crate) fn into_ways(self) -> Vec<Way> {
        self.ways
    }
}

impl<M: Model> Default for Moves<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M> fmt::Debug for Moves<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ways.iter().map(|way| &way.origin)).finish()
    }
}

/// An object of another resource type that is to become one of this type.
#[derive(Clone, Debug)]
pub struct Source<S> {
    /// Its state, as far as the model names it.
    pub state: S,
    foreign: Foreign,
}

impl<S> Source<S> {
    /// The provider it comes from: `registry.terraform.io/hashicorp/aws`.
    pub fn provider(&self) -> &str {
        &self.foreign.provider
    }

    /// Its type: `aws_eks_pod_identity_association`.
    pub fn type_name(&self) -> &str {
        &self.foreign.type_name
    }

    /// The version of the schema that its state follows.
    pub const fn version(&self) -> i64 {
        self.foreign.version
    }

    /// Its whole state, for what no model can express.
    pub fn json(&self) -> &Node {
        &self.foreign.state
    }

    /// What identifies it there, as far as the model names it; `None` if the host knows of nothing.
    ///
    /// # Errors
    /// When the model does not fit.
    pub fn identity<I: Model>(&self) -> Result<Option<I>, Diagnostics> {
        let Some(identity) = &self.foreign.identity else {
            return Ok(None);
        };
        let value = encoding::json::decode_named(identity, &I::schema().ty())
            .map_err(|error| bug::undecodable("identity of the moved object", error.path, &error.problem))?;
        I::from_value(&value, &Path::root()).map(Some)
    }

    /// What this provider stored beside the state under `key`, if the object is one of its own.
    pub fn private(&self, key: &str) -> Option<String> {
        Private::decode(&self.foreign.private).ok()?.get(key)
    }

    /// What its provider stored beside the state, in a form that only that provider knows.
    pub fn private_bytes(&self) -> &[u8] {
        &self.foreign.private
    }
}

/// The object that another one became.
#[derive(Clone, Debug)]
pub struct Moved<M> {
    state: Option<M>,
    private: Private,
    reported: Diagnostics,
}

impl<M: Model> Moved<M> {
    /// This object. What is not known of it is null, and the read that follows completes it.
    pub fn to(state: M) -> Self {
        Self {
            state: Some(state),
            ..Self::declined()
        }
    }

    /// None: this way does not apply to the object after all, and the next one may.
    pub fn declined() -> Self {
        Self {
            state: None,
            private: Private::default(),
            reported: Diagnostics::new(),
        }
    }

    /// Stores a value beside the state. Keys that begin with a dot belong to the framework.
    #[must_use]
    pub fn with_private(mut self, key: &str, value: impl Into<String>) -> Self {
        if key.starts_with('.') {
            self.reported.extend(bug::reserved_private_key(key));
        } else {
            self.private.set(key, &value.into());
        }
        self
    }

    /// Tells the user something that does not stop the move.
    #[must_use]
    pub fn with_warning(mut self, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        self.reported.push(Diagnostic::warning(summary, detail));
        self
    }

    fn attempt(self) -> Attempt {
        match self.state {
            Some(state) => Attempt::Taken {
                state: state.to_value(),
                private: self.private,
                reported: self.reported,
            },
            None => Attempt::Declined,
        }
    }
}

impl<M: Model> From<M> for Moved<M> {
    fn from(state: M) -> Self {
        Self::to(state)
    }
}

/// One way to take over an object.
pub(crate) struct Way {
    pub(crate) origin: Origin,
    run: Box<Take>,
}

type Take = dyn Fn(&Foreign) -> Result<Attempt, Diagnostics> + Send + Sync;

impl Way {
    pub(crate) fn attempt(&self, foreign: &Foreign) -> Result<Attempt, Diagnostics> {
        if self
            .origin
            .covers(&foreign.provider, &foreign.type_name, foreign.version)
        {
            (self.run)(foreign)
        } else {
            Ok(Attempt::Declined)
        }
    }
}

/// How a way went.
pub(crate) enum Attempt {
    Taken {
        state: Value,
        private: Private,
        reported: Diagnostics,
    },
    Declined,
    /// The state does not fit the model that the way is for.
    Misfit(Diagnostics),
}

/// An object as its host stored it, from any provider.
#[derive(Clone, Debug)]
pub(crate) struct Foreign {
    pub(crate) provider: String,
    pub(crate) type_name: String,
    pub(crate) version: i64,
    pub(crate) state: Node,
    pub(crate) identity: Option<Node>,
    pub(crate) private: Vec<u8>,
}

impl Foreign {
    /// Parses what the host sent as `what`.
    pub(crate) fn parse(what: &str, bytes: &[u8]) -> Result<Node, Diagnostics> {
        let unreadable = |problem: &str| bug::undecodable(what, Path::root(), problem);
        let text = std::str::from_utf8(bytes).map_err(|_| unreadable("the JSON text is not UTF-8"))?;
        json::parse(text).map_err(|error| unreadable(&error.to_string()))
    }

    fn read<S: Model>(&self, ty: &Type) -> Result<Source<S>, Diagnostics> {
        let value = encoding::json::decode_named(&self.state, ty)
            .map_err(|error| Diagnostics::from(Diagnostic::error(error.problem, "").at(error.path)))?;
        Ok(Source {
            state: S::from_value(&value, &Path::root())?,
            foreign: self.clone(),
        })
    }
}
