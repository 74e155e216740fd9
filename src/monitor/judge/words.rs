//! What lines say, in words.

use crate::freshness::Stamps;
use crate::monitor::entry::{Entry, Kind, OrgSeen, RealToken};
use crate::monitor::record::FindingEvent;

pub(super) fn org(org: &OrgSeen) -> String {
    match org {
        OrgSeen::Unknown => "an unknown organisation".to_owned(),
        OrgSeen::Personal => "no organisation".to_owned(),
        OrgSeen::Named(name) => format!("organisation {name}"),
    }
}

pub(super) fn stamps(of: Stamps) -> RealToken {
    RealToken {
        oiat: of.oiat,
        iat: of.iat,
        ..RealToken::default()
    }
}

pub(super) fn event(entry: &Entry) -> FindingEvent {
    let token = entry.token.as_ref();
    let token = token.map_or_else(String::new, |token| format!(" {token}"));
    let said = match entry.kind {
        Kind::Opened => "is opened".to_owned(),
        Kind::Closed => "is closed".to_owned(),
        Kind::Cached => format!("caches{token}"),
        Kind::Removed => "removes its cache entry".to_owned(),
        Kind::Pending => "waits for an answer with nothing to read".to_owned(),
        Kind::Posted => format!("posts{token}"),
        Kind::Received => format!("receives{token}"),
        Kind::Cookie => format!("writes the cookie{token}"),
        Kind::CookieRemoved => "removes the cookie".to_owned(),
        Kind::Read => format!("reads{token} from its cache"),
        Kind::Returned => format!("gives the page{token}"),
        Kind::Rejected => "fails a call of the page".to_owned(),
        Kind::Requested => {
            let forced = if entry.forced {
                ", not from a copy"
            } else {
                ""
            };
            let seed = entry
                .parent
                .map(|parent| format!(", seeded with {}", stamps(parent)));
            format!("asks for a token{forced}{}", seed.unwrap_or_default())
        }
        Kind::Answered => format!("is answered{token}"),
        Kind::SigningOut => "signs out".to_owned(),
        Kind::SignedIn => "is signed in".to_owned(),
        Kind::SignedOut => "is signed out".to_owned(),
        Kind::Switched => format!("is in {}", org(&entry.place_org)),
        Kind::Seen => "is there".to_owned(),
        Kind::Lost => format!("lost {} lines", entry.count),
    };
    FindingEvent {
        place: entry.place,
        tab: entry.tab.to_string(),
        at: entry.at,
        said,
    }
}
