//! Input for the benches: reproducible, and unpredictable for a branch predictor.

use base64_simd::URL_SAFE_NO_PAD;
use freshest::freshness::{Row, Stamps};

/// SplitMix64: the same numbers in every run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Pairs of stamps (existing, incoming) in which all eight rows are equally frequent and the order
/// of the rows is random.
pub fn pairs(count: usize, random: &mut Random) -> Vec<(Stamps, Stamps)> {
    let pair = |_| {
        let row = Row::ALL[random.below(8) as usize];
        let base = 1_700_000_000 + random.below(1_000_000);
        let (existing, incoming) = row.example();
        let later = |stamps: Stamps| Stamps {
            oiat: stamps.oiat.map(|oiat| base + oiat),
            iat: stamps.iat.map(|iat| base + iat),
        };
        (later(existing), later(incoming))
    };
    (0..count).map(pair).collect()
}

/// A token of about 1 KB with the claims of a session in an organisation. The signature is filler.
pub fn session_jwt(stamps: Stamps, random: &mut Random) -> String {
    let mut header = serde_json::json!({
        "alg": "RS256",
        "cat": "cl_B7d4PD111AAA",
        "kid": "ins_2kX9mYt8QwErTyUiOpAsDfGhJkL",
        "typ": "JWT",
    });
    if let Some(oiat) = stamps.oiat {
        header["oiat"] = oiat.into();
    }
    let iat = stamps.iat.unwrap_or(0);
    let claims = serde_json::json!({
        "azp": "https://dashboard.example.com",
        "exp": iat + 60,
        "fea": "o:dashboard,o:billing,u:profile",
        "fva": [random.below(100), -1],
        "iat": iat,
        "iss": "https://clerk.example.com",
        "jti": format!("{:020x}", random.next()),
        "nbf": iat - 10,
        "o": {
            "fpm": "3,1,2",
            "id": "org_2mVZq8sTfPzYb3KcD7Ee1Hn5RxW",
            "per": "read,manage",
            "rol": "admin",
            "slg": "example-company",
        },
        "pla": "o:team_plan,u:free",
        "sid": format!("sess_{:027x}", random.next()),
        "sts": "active",
        "sub": "user_2hT5nBvCxZaSdFgHjKlPoIuYtRe",
        "v": 2,
    });
    let signature: Vec<u8> = (0..256).map(|_| random.next() as u8).collect();
    let part = |json: &serde_json::Value| URL_SAFE_NO_PAD.encode_to_string(json.to_string());
    format!(
        "{}.{}.{}",
        part(&header),
        part(&claims),
        URL_SAFE_NO_PAD.encode_to_string(signature)
    )
}
