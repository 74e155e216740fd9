//! A token as a script sees it.

use crate::freshness::Visible;
use base64_simd::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::fmt;

/// The second, since the epoch, of instant 0.
const EPOCH_SECONDS: u64 = 1_800_000_000;

/// Seconds from one instant to the next. Only their order means anything.
const INSTANT_SECONDS: u64 = 30;

/// How long a token lives, in seconds.
const LIFETIME_SECONDS: u64 = 60;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Presented {
    token: Visible,
    header: Value,
    claims: Value,
}

impl Presented {
    /// The token with these stamps, as a server would have written it.
    pub(super) fn new(token: Visible) -> Presented {
        let seconds = |instant: u64| EPOCH_SECONDS.saturating_add(INSTANT_SECONDS * instant);
        let mut header = json!({ "alg": "RS256", "kid": "ins_1", "typ": "JWT" });
        if let Some(oiat) = token.oiat {
            header["oiat"] = seconds(oiat).into();
        }
        let mut claims = json!({
            "iss": "https://clerk.example.com",
            "sid": "sess_1",
            "sub": "user_1",
            "v": u64::from(token.format) + 1,
        });
        if let Some(iat) = token.iat {
            claims["iat"] = seconds(iat).into();
            claims["nbf"] = seconds(iat).into();
            claims["exp"] = (seconds(iat) + LIFETIME_SECONDS).into();
        }
        if token.format > 0 {
            claims["azp"] = "https://app.example.com".into();
        }
        Presented {
            token,
            header,
            claims,
        }
    }

    /// What the prelude makes an object of.
    pub(super) fn json(&self) -> String {
        let encode = |text: String| URL_SAFE_NO_PAD.encode_to_string(text);
        let header = encode(self.header.to_string());
        let payload = encode(self.claims.to_string());
        let signature = encode("unsigned".to_owned());
        json!({
            "raw": format!("{header}.{payload}.{signature}"),
            "encoded": { "header": header, "payload": payload, "signature": signature },
            "header": self.header,
            "claims": self.claims,
        })
        .to_string()
    }
}

impl fmt::Display for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: header.oiat ", self.token)?;
        match self.header.get("oiat") {
            Some(oiat) => write!(f, "{oiat}")?,
            None => write!(f, "absent")?,
        }
        match self.claims.get("iat") {
            Some(iat) => write!(f, ", claims.iat {iat}")?,
            None => write!(f, ", claims.iat absent")?,
        }
        match self.claims.get("azp") {
            Some(_) => write!(f, ", claims.azp present"),
            None => Ok(()),
        }
    }
}
