//! What the model leaves out.

/// What no verdict says anything about.
pub const NOT_MODELLED: &[&str] = &[
    "Anything beyond the bounds: a scenario allows a handful of stimuli in a few tabs.",
    "Templates, which are other cache keys; more than one organisation.",
    "Answers with 4xx and 401, being offline, retries.",
    "The back/forward cache.",
    "Two lifetimes that overlap inside the 5 s in which a token counts as about to expire.",
    "Distances in time: instants are ordinals, only before and after matter.",
    "Signatures: tokens are decoded, never verified.",
];
