//! Enums whose members have names in files, and sets of members: each is defined once.

use std::fmt;
use std::marker::PhantomData;

/// One of few things that are numbered from 0.
pub trait Member: Copy + 'static {
    /// All of them, in the order of their numbers.
    const MEMBERS: &'static [Self];

    fn index(self) -> usize;
}

/// A set of members. One bit each: an enum with more members than bits does not compile.
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "cluster", serde(bound = ""))]
pub struct Set<E> {
    bits: u32,
    of: PhantomData<E>,
}

impl<E: Member> Set<E> {
    /// Nothing.
    pub const NONE: Set<E> = Set::of_bits(0);

    /// Every member.
    pub const ALL: Set<E> = Set::of_bits(!0 >> (u32::BITS - Self::WIDTH));

    /// Number of bits in use.
    pub(crate) const WIDTH: u32 = {
        let members = E::MEMBERS.len();
        assert!(
            members >= 1 && members <= u32::BITS as usize,
            "too many members for a set"
        );
        members as u32
    };

    const fn of_bits(bits: u32) -> Set<E> {
        let of = PhantomData;
        Set { bits, of }
    }

    #[inline]
    fn bit(member: E) -> u32 {
        // What is in no table has no bit, so that it cannot be taken for another.
        const { assert!(Self::WIDTH <= u32::BITS) };
        1 << member.index()
    }

    #[inline]
    pub fn has(self, member: E) -> bool {
        self.bits & Set::bit(member) != 0
    }

    /// The set and one member more.
    #[must_use]
    pub fn with(self, member: E) -> Set<E> {
        Set::of_bits(self.bits | Set::bit(member))
    }

    #[must_use]
    pub fn without(self, member: E) -> Set<E> {
        Set::of_bits(self.bits & !Set::bit(member))
    }

    /// Adds a member, and says whether it is new to the set.
    pub fn insert(&mut self, member: E) -> bool {
        let before = self.bits;
        self.bits |= Set::bit(member);
        self.bits != before
    }

    /// Adds the member if the condition holds.
    #[inline]
    pub(crate) fn insert_if(&mut self, condition: bool, member: E) {
        self.bits |= u32::from(condition) << member.index();
    }

    /// What is in both sets.
    #[must_use]
    #[inline]
    pub const fn and(self, other: Set<E>) -> Set<E> {
        Set::of_bits(self.bits & other.bits)
    }

    /// What is in either set.
    #[must_use]
    #[inline]
    pub const fn or(self, other: Set<E>) -> Set<E> {
        Set::of_bits(self.bits | other.bits)
    }

    #[must_use]
    #[inline]
    pub const fn minus(self, other: Set<E>) -> Set<E> {
        Set::of_bits(self.bits & !other.bits)
    }

    /// Whether nothing is in the set.
    #[must_use]
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Number of members in the set.
    #[must_use]
    pub const fn len(self) -> usize {
        self.bits.count_ones() as usize
    }

    /// The members, in the order of their numbers.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = E> {
        let mut left = self.bits;
        std::iter::from_fn(move || {
            let next = E::MEMBERS.get(left.trailing_zeros() as usize).copied();
            left &= left.wrapping_sub(1);
            next
        })
    }
}

// By hand: a derived one would ask for the same of the members.
impl<E> Clone for Set<E> {
    #[inline]
    fn clone(&self) -> Set<E> {
        *self
    }
}

impl<E> Copy for Set<E> {}

impl<E> PartialEq for Set<E> {
    #[inline]
    fn eq(&self, other: &Set<E>) -> bool {
        self.bits == other.bits
    }
}

impl<E> Eq for Set<E> {}

impl<E> PartialOrd for Set<E> {
    fn partial_cmp(&self, other: &Set<E>) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Set<E> {
    fn cmp(&self, other: &Set<E>) -> std::cmp::Ordering {
        self.bits.cmp(&other.bits)
    }
}

impl<E> std::hash::Hash for Set<E> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bits.hash(state);
    }
}

impl<E: Member> Default for Set<E> {
    fn default() -> Set<E> {
        Set::NONE
    }
}

impl<E: Member + fmt::Debug> fmt::Debug for Set<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<E: Member> FromIterator<E> for Set<E> {
    fn from_iter<I: IntoIterator<Item = E>>(members: I) -> Set<E> {
        members.into_iter().fold(Set::NONE, Set::with)
    }
}

impl<E: Member> Extend<E> for Set<E> {
    fn extend<I: IntoIterator<Item = E>>(&mut self, members: I) {
        for member in members {
            self.insert(member);
        }
    }
}

/// Defines an enum without fields, with the list of its members and the name of each in files.
macro_rules! named {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$doc:meta])* $member:ident = $text:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility enum $name {
            $($(#[$doc])* $member,)*
        }

        impl $name {
            /// All of them, in the order of their definition.
            pub const ALL: [$name; [$($text),*].len()] = [$($name::$member),*];

            /// The name in files and on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $($name::$member => $text,)*
                }
            }

            /// The inverse of the name.
            pub fn from_name(name: &str) -> Option<$name> {
                $name::ALL.into_iter().find(|member| member.name() == name)
            }
        }

        impl $crate::named::Member for $name {
            const MEMBERS: &'static [$name] = &$name::ALL;

            #[inline]
            fn index(self) -> usize {
                self as usize
            }
        }
    };
}
pub(crate) use named;

#[cfg(test)]
mod tests {
    use super::*;

    /// As many members as there are bits.
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Most(u8);

    impl Member for Most {
        const MEMBERS: &'static [Most] = &{
            let mut all = [Most(0); 32];
            let mut at = 0;
            while at < all.len() {
                all[at] = Most(at as u8);
                at += 1;
            }
            all
        };

        fn index(self) -> usize {
            self.0.into()
        }
    }

    #[test]
    fn every_member_has_a_place_of_its_own() {
        for &one in Most::MEMBERS {
            let set = Set::NONE.with(one);
            assert_eq!(set.iter().collect::<Vec<_>>(), [one]);
            assert!(
                Most::MEMBERS
                    .iter()
                    .all(|&other| set.has(other) == (other == one))
            );
            assert!(!Set::ALL.without(one).has(one));
        }
        assert!(Set::<Most>::ALL.iter().eq(Most::MEMBERS.iter().copied()));
        assert_eq!(Set::<Most>::ALL.len(), 32);
    }

    named! {
        enum Few {
            One = "one",
            Other = "other",
        }
    }

    #[test]
    fn members_are_found_by_their_names_and_listed_in_order() {
        assert_eq!(Few::ALL.map(Few::name), ["one", "other"]);
        assert_eq!(Few::from_name("other"), Some(Few::Other));
        assert_eq!(Few::from_name("another"), None);
        let both: Set<Few> = Few::ALL.into_iter().rev().collect();
        assert_eq!(both, Set::ALL);
        assert_eq!(format!("{both:?}"), "{One, Other}");
        assert_eq!(
            both.minus(Set::NONE.with(Few::One)).iter().next(),
            Some(Few::Other)
        );
        assert!(both.without(Few::One).without(Few::Other).is_empty());
    }
}
