//! What a step sends, as it is written to files.

use super::event::{AboutRequest, RequestWord};
use super::{is_default, present};
use crate::cache::RequestKind;
use crate::model::Request;
use crate::vocabulary::{ModelToken, TabId};
use serde::{Deserialize, Deserializer, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostRecord {
    /// The poster.
    pub tab: u8,
    /// What it posted; `null` for "yours is out of date".
    pub token: Option<ModelToken>,
    /// The key, if it is not the personal one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub key: u8,
}

/// A request; see [`AboutRequest`]. Only one for a token may be forced or have a parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestRecord {
    pub tab: u8,
    /// The foreground fetch; `null` for a background refresh.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub fetch: Option<Option<u8>>,
    /// No request for a token, but one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestWord>,
    /// Which touch or change of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u8>,
    /// The key, if it is not the personal one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub key: u8,
    /// The organisation that it asks for, if any.
    #[serde(default, skip_serializing_if = "is_default")]
    pub org: u8,
    /// The origin has to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forced: Option<bool>,
    /// The seed.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present_token"
    )]
    pub parent: Option<Option<ModelToken>>,
}

impl RequestRecord {
    pub(super) fn new(tab: TabId, request: &Request) -> RequestRecord {
        let about = AboutRequest::new(tab, request.kind);
        let is_for_a_token = matches!(request.kind, RequestKind::Token(_));
        RequestRecord {
            tab: about.tab,
            fetch: about.fetch,
            request: about.request,
            number: about.number,
            key: match request.kind {
                RequestKind::Token(_) => request.key().number(),
                RequestKind::Touch(_)
                | RequestKind::Switch(_)
                | RequestKind::Load
                | RequestKind::End
                | RequestKind::Reload
                | RequestKind::Recheck(_) => 0,
            },
            org: request.org.number(),
            forced: is_for_a_token.then_some(request.forced),
            parent: is_for_a_token.then_some(request.parent),
        }
    }
}

/// As [`present`].
fn present_token<'de, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<Option<ModelToken>>, D::Error> {
    Option::deserialize(value).map(Some)
}
