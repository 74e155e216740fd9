//! A token as a script sees it, and the calls that are made of tokens.

use super::protocol::Pair;
use super::seconds::{At, Seconds};
use super::surroundings::Surroundings;
use crate::freshness::{Org, TokenView};
use base64_simd::URL_SAFE_NO_PAD;
use rustc_hash::FxBuildHasher;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;
use std::hash::BuildHasher;

/// How long a token lives, in seconds.
pub(super) const LIFETIME_SECONDS: u64 = 60;

/// What a token is an object of, in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Shape {
    /// A resource and the decoded JWT at once, so that a function written for either runs.
    Both,
    /// The same, of a class and not by itself.
    Instance,
    /// A resource with the decoded JWT in it.
    Resource,
    /// The decoded JWT.
    Decoded,
}

/// Enough for the claims with the token in them, in bytes.
const OBJECT_BYTES: usize = 1024;

/// What the engine makes a token of, anew for each call.
#[derive(Debug)]
pub(super) struct Presented {
    token: TokenView,
    /// Seconds since the epoch.
    oiat: Option<u64>,
    iat: Option<u64>,
    /// The compact JWS.
    pub(super) raw: String,
    /// The decoded JWT, as JSON.
    pub(super) jwt: String,
}

/// Two tokens that a script decides between, and what is around them.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) existing: Presented,
    pub(super) incoming: Presented,
    pub(super) shape: Shape,
    pub(super) frames: u32,
    pub(super) clock: f64,
    pub(super) chance: u64,
    /// The time that the script is told, in seconds since the epoch.
    pub(super) now: Option<u64>,
}

impl Call {
    /// The call that asks for a decision between two tokens.
    pub(super) fn new(pair: &Pair, at: At, around: &Surroundings) -> Call {
        let seconds = Seconds::new(pair, around.epoch, at.distance);
        Call {
            existing: Presented::new(pair.0, 0, &seconds, around),
            incoming: Presented::new(pair.1, 1, &seconds, around),
            shape: around.shape,
            frames: around.frames,
            clock: around.clock,
            chance: around.chance,
            now: at.now.map(|now| around.epoch + now),
        }
    }
}

impl Presented {
    /// The token with these stamps, as a server would have written it. `place` is 0 for the existing
    /// one and 1 for the incoming one.
    fn new(token: TokenView, place: usize, seconds: &Seconds, around: &Surroundings) -> Presented {
        let (oiat, iat) = (token.oiat, token.iat);
        let (oiat, iat) = (oiat.map(|at| seconds.of(at)), iat.map(|at| seconds.of(at)));
        let mut header = vec![
            ("alg", json!("RS256")),
            ("kid", json!(around.keys[place])),
            ("typ", json!("JWT")),
        ];
        header.extend(oiat.map(|oiat| ("oiat", json!(oiat))));
        let mut claims = vec![
            ("iss", json!(around.issuer)),
            ("sid", json!(around.session)),
            ("sub", json!(around.subject)),
            ("v", json!(u64::from(token.format) + 1)),
        ];
        if let Some(iat) = iat {
            claims.push(("iat", json!(iat)));
            claims.push(("nbf", json!(iat - around.ahead())));
            claims.push(("exp", json!(iat + LIFETIME_SECONDS)));
        }
        if token.org != Org::PERSONAL {
            claims.push(("org_id", json!(around.organisation)));
            if token.format > 0 {
                claims.push(("o", json!({ "id": around.organisation })));
            }
        }
        if has_azp(token) {
            claims.push(("azp", json!(around.party)));
        }
        if around.ships {
            header.push(("cat", json!("cl_B7d4PD111AAA")));
            // One token, one name.
            let TokenView { format, org, .. } = token;
            let name = FxBuildHasher.hash_one((oiat, iat, format, org.number()));
            claims.push(("jti", json!(format!("{name:016x}"))));
            claims.push(("fva", json!([0, -1])));
            claims.push(("sts", json!("active")));
        }
        if around.order != 0 {
            let mut random = fastrand::Rng::with_seed(around.order.wrapping_add(place as u64));
            random.shuffle(&mut header);
            random.shuffle(&mut claims);
        }
        let encoded = |members: &[_]| URL_SAFE_NO_PAD.encode_to_string(object(members));
        let (encoded_header, encoded_claims) = (encoded(&header), encoded(&claims));
        let signature = around.signatures[place].as_str();
        let raw = format!("{encoded_header}.{encoded_claims}.{signature}");
        claims.push(("__raw", json!(raw)));
        let encoded = [
            ("header", json!(encoded_header)),
            ("payload", json!(encoded_claims)),
            ("signature", json!(signature)),
        ];
        let parts = [object(&encoded), object(&header), object(&claims)];
        let [encoded, header, claims] = parts;
        let jwt = format!("{{\"encoded\":{encoded},\"header\":{header},\"claims\":{claims}}}");
        Presented {
            token,
            oiat,
            iat,
            raw,
            jwt,
        }
    }
}

/// A JSON object with its members in this order.
fn object(members: &[(&str, Value)]) -> String {
    let mut text = Vec::with_capacity(OBJECT_BYTES);
    text.push(b'{');
    for (name, value) in members {
        let before = if text.len() == 1 { "\"" } else { ",\"" };
        for part in [before, name, "\":"] {
            text.extend_from_slice(part.as_bytes());
        }
        // Writing to memory does not fail, and is quicker than `Display`: scripts are asked often.
        let _ = serde_json::to_writer(&mut text, value);
    }
    text.push(b'}');
    String::from_utf8_lossy(&text).into_owned()
}

/// Whether the claim is there, as it is from format 1 on.
fn has_azp(token: TokenView) -> bool {
    token.format > 0
}

/// The two tokens of a question as they are first presented, a line each.
pub(super) fn question(pair: &Pair, at: At) -> String {
    Call::new(pair, at, &Surroundings::first()).to_string()
}

impl fmt::Display for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stamp = |stamp: Option<u64>| match stamp {
            Some(stamp) => stamp.to_string(),
            None => "absent".to_owned(),
        };
        let (oiat, iat) = (stamp(self.oiat), stamp(self.iat));
        write!(f, "{}: header.oiat {oiat}, claims.iat {iat}", self.token)?;
        match has_azp(self.token) {
            true => write!(f, ", claims.azp present"),
            false => Ok(()),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  existing: {}", self.existing)?;
        writeln!(f, "  incoming: {}", self.incoming)?;
        match self.now {
            Some(now) => writeln!(f, "  now: {now}"),
            None => Ok(()),
        }
    }
}
