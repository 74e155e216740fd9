//! Everything about a call that carries no meaning, and must not decide.
//!
//! The first answer to a question is given in surroundings that read well in messages. It is confirmed
//! in others, in which all of this is different: each question has its own, made of random numbers from
//! a seed that is always the same.

use super::token::Shape;
use fastrand::Rng;
use serde::{Deserialize, Serialize};

/// The second, since the epoch, of instant 0 in the first surroundings.
const EPOCH_SECONDS: u64 = 1_800_000_000;

/// Long before the first surroundings, from 2001 on, and long after them, until 2099: where seconds have
/// ten digits, as all tokens' seconds.
const EPOCHS: [std::ops::Range<u64>; 2] =
    [1_000_000_000..1_400_000_000, 2_200_000_000..4_100_000_000];

/// The word "unsigned" in base64url.
const UNSIGNED: &str = "dW5zaWduZWQ";

/// One of the things that carry no meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Attribute {
    Subject,
    Session,
    Issuer,
    Party,
    Organisation,
    KeyId,
    Signature,
    Epoch,
    Order,
    Stack,
    Make,
    Claims,
    Shape,
    Page,
}

/// Tokens are valid from so many seconds before they are minted on, where that is not said.
const AHEAD_SECONDS: u64 = 10;

/// What is around the meaning of one question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Surroundings {
    /// `claims.sub`, of both tokens.
    pub(super) subject: String,
    /// `claims.sid`, of both tokens.
    pub(super) session: String,
    /// `claims.iss`, of both tokens.
    pub(super) issuer: String,
    /// `claims.azp`, of the tokens that have it.
    pub(super) party: String,
    /// `claims.org_id` and `claims.o.id`, of the tokens that have them.
    pub(super) organisation: String,
    /// `header.kid` of the existing and the incoming token: keys are replaced while tokens live.
    pub(super) keys: [String; 2],
    /// Likewise; no token is signed.
    pub(super) signatures: [String; 2],
    /// The second, since the epoch, of instant 0.
    pub(super) epoch: u64,
    /// The seed of the order of members in the tokens' JSON; 0 for the usual one.
    pub(super) order: u64,
    /// What the tokens are objects of.
    pub(super) shape: Shape,
    /// Whether tokens have what no model knows, as those that a server mints.
    pub(super) ships: bool,
    /// How many functions are between the engine and the script.
    pub(super) frames: u32,
    /// What the clock shows when the call begins, in milliseconds since the epoch.
    pub(super) clock: f64,
    /// Where in the sequence of chances the call begins.
    pub(super) chance: u64,
}

impl Attribute {
    /// All that differ where an answer is confirmed.
    pub(super) const CONFIRMED: [Attribute; 11] = [
        Attribute::Subject,
        Attribute::Session,
        Attribute::Issuer,
        Attribute::Party,
        Attribute::Organisation,
        Attribute::KeyId,
        Attribute::Signature,
        Attribute::Epoch,
        Attribute::Order,
        Attribute::Stack,
        Attribute::Make,
    ];

    /// What it is, after "it decides by".
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Attribute::Subject => "the subject (`claims.sub`)",
            Attribute::Session => "the session (`claims.sid`)",
            Attribute::Issuer => "the issuer (`claims.iss`)",
            Attribute::Party => "the value of the authorized party (`claims.azp`)",
            Attribute::Organisation => {
                "the organisation's name (`claims.org_id`), and not whether both have one"
            }
            Attribute::KeyId => "the key's name (`header.kid`)",
            Attribute::Signature => "the signature",
            Attribute::Epoch => "the seconds themselves, and not their order alone",
            Attribute::Order => "the order of the members in the tokens' JSON",
            Attribute::Stack => "who calls it (the stack)",
            Attribute::Make => {
                "how the tokens are made (their prototype, the order of their members)"
            }
            Attribute::Claims => "claims that no model knows (`nbf`, `jti`, `fva`, `sts`)",
            Attribute::Shape => {
                "whether a token is a resource (`jwt`), the decoded JWT (`claims`), or both at once as here"
            }
            Attribute::Page => {
                "what is around it (`window`, `document`, the depth of the stack and the like)"
            }
        }
    }
}

impl Surroundings {
    /// Those of the first answer.
    pub(super) fn first() -> Surroundings {
        let both = |text: &str| [text.to_owned(), text.to_owned()];
        Surroundings {
            subject: "user_1".to_owned(),
            session: "sess_1".to_owned(),
            issuer: "https://clerk.example.com".to_owned(),
            party: "https://app.example.com".to_owned(),
            organisation: "org_1".to_owned(),
            keys: both("ins_1"),
            signatures: both(UNSIGNED),
            epoch: EPOCH_SECONDS,
            order: 0,
            shape: Shape::Both,
            ships: false,
            frames: 0,
            clock: 1.0e12,
            chance: 0,
        }
    }

    /// Others, in which everything is different. Their tokens are from long before the first ones, or
    /// from long after them; their clock is ahead of those that are early, and behind the others.
    pub(super) fn other(random: &mut Rng, early: bool) -> Surroundings {
        let mut word = |prefix: &str| {
            let letters = random.usize(6..30);
            let word = std::iter::repeat_with(|| random.alphanumeric());
            format!("{prefix}{}", word.take(letters).collect::<String>())
        };
        let host = |word: String| format!("https://{}.example", word.to_lowercase());
        let (subject, session) = (word("user_"), word("sess_"));
        let (issuer, party) = (host(word("")), host(word("")));
        let organisation = word("org_");
        let keys = [word("ins_"), word("ins_")];
        // Whatever its length, four times as many letters are valid base64url.
        let signatures = [word(""), word("")].map(|word| word.repeat(4));
        Surroundings {
            subject,
            session,
            issuer,
            party,
            organisation,
            keys,
            signatures,
            epoch: random.u64(EPOCHS[usize::from(!early)].clone()),
            order: random.u64(1..),
            shape: match early {
                true => Shape::Instance,
                false => Shape::Both,
            },
            ships: false,
            frames: random.u32(1..6),
            clock: match early {
                true => 7.0e12 + random.f64() * 1.0e12,
                false => 3.0e11 + random.f64() * 1.0e11,
            },
            chance: random.u64(..1 << 32),
        }
    }

    /// These, but for one thing that is as in others.
    pub(super) fn with(&self, attribute: Attribute, others: &Surroundings) -> Surroundings {
        let (mut mixed, others) = (self.clone(), others.clone());
        match attribute {
            Attribute::Subject => mixed.subject = others.subject,
            Attribute::Session => mixed.session = others.session,
            Attribute::Issuer => mixed.issuer = others.issuer,
            Attribute::Party => mixed.party = others.party,
            Attribute::Organisation => mixed.organisation = others.organisation,
            Attribute::KeyId => mixed.keys = others.keys,
            Attribute::Signature => mixed.signatures = others.signatures,
            Attribute::Epoch => mixed.epoch = others.epoch,
            Attribute::Order => mixed.order = others.order,
            Attribute::Stack => mixed.frames = others.frames,
            Attribute::Claims => mixed.ships = others.ships,
            Attribute::Make | Attribute::Shape => mixed.shape = others.shape,
            // It is around the script, and not in the call.
            Attribute::Page => {}
        }
        mixed
    }

    /// From how many seconds before they are minted on tokens are valid.
    pub(super) fn ahead(&self) -> u64 {
        match self.ships {
            true => AHEAD_SECONDS,
            false => 0,
        }
    }
}
