//! A token as a script sees it, and the calls that are made of tokens.

use crate::freshness::TokenView;
use base64_simd::URL_SAFE_NO_PAD;
use rustc_hash::FxHashMap;
use serde_json::json;
use std::fmt;
use std::sync::Arc;

/// The second, since the epoch, of instant 0.
const EPOCH_SECONDS: u64 = 1_800_000_000;

/// Seconds from one instant to the next. Only their order means anything.
const INSTANT_SECONDS: u64 = 30;

/// How long a token lives, in seconds.
const LIFETIME_SECONDS: u64 = 60;

/// Every token's signature: the word "unsigned" in base64url.
pub(super) const SIGNATURE: &str = "dW5zaWduZWQ";

/// What the prelude makes a token of, anew for each call.
#[derive(Debug)]
pub(super) struct Presented {
    token: TokenView,
    /// Both parts of the JWT as JSON, and the same in base64url.
    header: String,
    claims: String,
    encoded_header: String,
    encoded_claims: String,
}

/// Two tokens that a script decides between.
#[derive(Clone, Debug)]
pub(super) struct Call {
    existing: Arc<Presented>,
    incoming: Arc<Presented>,
}

/// The tokens that occurred in calls so far: many pairs are made of few tokens.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    presented: FxHashMap<TokenView, Arc<Presented>>,
}

impl Presented {
    /// The token with these stamps, as a server would have written it.
    fn new(token: TokenView) -> Presented {
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
            claims["exp"] = seconds(iat).saturating_add(LIFETIME_SECONDS).into();
        }
        if has_azp(token) {
            claims["azp"] = "https://app.example.com".into();
        }
        let (header, claims) = (header.to_string(), claims.to_string());
        Presented {
            token,
            encoded_header: URL_SAFE_NO_PAD.encode_to_string(&header),
            encoded_claims: URL_SAFE_NO_PAD.encode_to_string(&claims),
            header,
            claims,
        }
    }

    /// In the order in which the prelude takes them.
    fn parts(&self) -> [&str; 4] {
        let encoded = (&self.encoded_header, &self.encoded_claims);
        [&self.header, &self.claims, encoded.0, encoded.1]
    }
}

impl Call {
    /// How many arguments the prelude takes for a call.
    pub(super) const PARTS: usize = 8;

    /// What the prelude makes the two tokens of.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        let tokens = [&self.existing, &self.incoming];
        tokens.into_iter().flat_map(|token| token.parts())
    }
}

impl Tokens {
    /// The call that asks for a decision between two tokens.
    pub(super) fn call(&mut self, existing: TokenView, incoming: TokenView) -> Call {
        Call {
            existing: self.presented(existing),
            incoming: self.presented(incoming),
        }
    }

    fn presented(&mut self, token: TokenView) -> Arc<Presented> {
        let presented = self.presented.entry(token);
        Arc::clone(presented.or_insert_with(|| Arc::new(Presented::new(token))))
    }
}

fn seconds(instant: u64) -> u64 {
    EPOCH_SECONDS.saturating_add(INSTANT_SECONDS.saturating_mul(instant))
}

/// Whether the claim is there, as it is from format 1 on.
fn has_azp(token: TokenView) -> bool {
    token.format > 0
}

impl fmt::Display for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: header.oiat ", self.token)?;
        match self.token.oiat {
            Some(oiat) => write!(f, "{}", seconds(oiat))?,
            None => write!(f, "absent")?,
        }
        match self.token.iat {
            Some(iat) => write!(f, ", claims.iat {}", seconds(iat))?,
            None => write!(f, ", claims.iat absent")?,
        }
        match has_azp(self.token) {
            true => write!(f, ", claims.azp present"),
            false => Ok(()),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  existing: {}", self.existing)?;
        writeln!(f, "  incoming: {}", self.incoming)
    }
}
