//! Kinds of designs.

use crate::named::named;

named! {
    /// What kind of design it is; tables begin with what is released.
    pub enum DesignGroup {
        /// A published version of the SDK behaves like it.
        Released = "released",
        /// Somebody suggests it.
        Proposal = "proposal",
        /// A native SDK behaves like it.
        Native = "native",
        /// It stands for all rules of its kind, good or bad.
        Family = "family",
        /// It is being worked on, or was once.
        Draft = "draft",
    }
}

impl DesignGroup {
    /// Several of its kind, as a heading.
    pub const fn heading(self) -> &'static str {
        match self {
            DesignGroup::Released => "released",
            DesignGroup::Proposal => "proposals",
            DesignGroup::Native => "native SDKs",
            DesignGroup::Family => "families",
            DesignGroup::Draft => "drafts",
        }
    }
}
