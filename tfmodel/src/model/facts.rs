use crate::schema::Usage;

/// What can be checked about a model's types before there is any value.
///
/// `#[derive(Model)]` asserts on these, so that a schema that the host refuses does not compile. Because the facts of a model contain those
/// of its fields, a model that contains itself does not compile either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Null is one of its values.
    pub null: bool,
    /// It is a number.
    pub number: bool,
    /// Blocks occur in it.
    pub blocks: bool,
    /// A configuration must set something in it.
    pub required: bool,
    /// Something in it comes from the configuration only.
    pub configured: bool,
    /// Write-only attributes occur in it.
    pub write_only: bool,
    /// It is, or holds, a value of any type.
    pub dynamic: bool,
    /// A set in it holds write-only attributes.
    pub write_only_in_set: bool,
    /// A collection in it holds values of any type.
    pub dynamic_in_collection: bool,
}

impl Facts {
    /// A value that is never null and holds nothing special.
    pub const NONE: Self = Self {
        null: false,
        number: false,
        blocks: false,
        required: false,
        configured: false,
        write_only: false,
        dynamic: false,
        write_only_in_set: false,
        dynamic_in_collection: false,
    };

    /// A value of any type.
    pub const DYNAMIC: Self = Self {
        dynamic: true,
        ..Self::NONE
    };

    /// A number.
    pub const NUMBER: Self = Self {
        number: true,
        ..Self::NONE
    };

    /// The same, or null.
    #[must_use]
    pub const fn or_null(self) -> Self {
        Self { null: true, ..self }
    }

    /// A list or map of these.
    #[must_use]
    pub const fn collected(self) -> Self {
        Self {
            null: false,
            number: false,
            dynamic_in_collection: self.dynamic || self.dynamic_in_collection,
            ..self
        }
    }

    /// A set of these.
    #[must_use]
    pub const fn in_set(self) -> Self {
        Self {
            write_only_in_set: self.write_only || self.write_only_in_set,
            ..self.collected()
        }
    }

    /// The same as one value, in which no attribute has options of its own.
    ///
    /// # Panics
    /// When write-only attributes occur in it; meant for constants, where that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn in_one_value(self) -> Self {
        assert!(
            !self.write_only,
            "only attributes can be write-only, and an object type has none: use the model itself"
        );
        Self {
            required: false,
            ..self
        }
    }

    /// An object of these and of one attribute more.
    #[must_use]
    pub const fn with_attribute(self, field: Self, usage: Usage) -> Self {
        Self {
            required: self.required || matches!(usage, Usage::Required),
            configured: self.configured || !usage.is_computed(),
            ..self.with(field)
        }
    }

    /// An object of these and of one write-only attribute more.
    #[must_use]
    pub const fn with_write_only(self, field: Self, usage: Usage) -> Self {
        Self {
            write_only: true,
            ..self.with_attribute(field, usage)
        }
    }

    /// An object of these and of one nested block more.
    #[must_use]
    pub const fn with_block(self, field: Self) -> Self {
        Self {
            configured: true,
            ..self.with_computed_block(field)
        }
    }

    /// An object of these and of one computed block more.
    #[must_use]
    pub const fn with_computed_block(self, field: Self) -> Self {
        Self {
            blocks: true,
            ..self.with(field)
        }
    }

    const fn with(self, field: Self) -> Self {
        Self {
            null: self.null,
            number: false,
            blocks: self.blocks || field.blocks,
            required: self.required,
            configured: self.configured,
            write_only: self.write_only || field.write_only,
            dynamic: self.dynamic || field.dynamic,
            write_only_in_set: self.write_only_in_set || field.write_only_in_set,
            dynamic_in_collection: self.dynamic_in_collection || field.dynamic_in_collection,
        }
    }

    /// Refuses a type that cannot be an attribute.
    ///
    /// # Panics
    /// When it cannot; meant for constants, where that is a compile error.
    #[track_caller]
    pub const fn check_attribute(self, usage: Usage) {
        assert!(
            self.null || matches!(usage, Usage::Required),
            "null is a value of every attribute that is not required: use `Option<_>` or `Value<_>`"
        );
        assert!(
            !self.blocks,
            "a model with blocks in it can only be a block: add `block` to `#[tf(…)]`"
        );
        assert!(
            !(self.write_only && matches!(usage, Usage::Computed)),
            "write-only attributes are set by the configuration, which never sets anything in a computed attribute: add `optional`"
        );
        self.check();
    }

    /// Refuses a type that cannot be calculated with.
    ///
    /// # Panics
    /// When it cannot; meant for constants, where that is a compile error.
    #[track_caller]
    pub const fn check_number(self) {
        assert!(self.number, "sums and products are of numbers");
    }

    /// Refuses a type that cannot be a block. A group may be left out and is an object all the same.
    ///
    /// # Panics
    /// When it cannot; meant for constants, where that is a compile error.
    #[track_caller]
    pub const fn check_block(self, group: bool) {
        assert!(
            !(self.required && group),
            "a model alone is a block that may be left out, so nothing in it can be required: use `Option<_>`"
        );
        self.check();
    }

    /// Refuses a type that cannot be a computed block.
    ///
    /// # Panics
    /// When it cannot; meant for constants, where that is a compile error.
    #[track_caller]
    pub const fn check_computed_block(self) {
        assert!(
            self.null,
            "a computed block is null where the configuration leaves it out: use `Value<_>`"
        );
        assert!(
            !self.configured,
            "the provider must be able to set all of a computed block: make every attribute and block in it computed"
        );
        self.check();
    }

    #[track_caller]
    const fn check(self) {
        assert!(
            !self.write_only_in_set,
            "a set cannot hold write-only attributes: use a list or a map"
        );
        assert!(
            !self.dynamic_in_collection,
            "a collection cannot hold values of any type: use one `Dynamic` for the whole collection"
        );
    }
}
