//! Sets of properties.

use super::Property;

/// A set of properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PropertySet(u16);

impl PropertySet {
    /// No property.
    pub const NONE: PropertySet = PropertySet(0);
    /// Every property.
    pub const ALL: PropertySet = PropertySet((1 << Property::ALL.len()) - 1);

    /// Whether the property is in the set.
    pub const fn has(self, property: Property) -> bool {
        self.0 >> property as u16 & 1 == 1
    }

    /// Adds a property, and says whether it is new to the set.
    pub fn insert(&mut self, property: Property) -> bool {
        let before = self.0;
        self.0 |= 1 << property as u16;
        self.0 != before
    }

    /// Adds the property if the condition holds.
    pub fn insert_if(&mut self, condition: bool, property: Property) {
        self.0 |= u16::from(condition) << property as u16;
    }

    /// What is in both sets.
    #[must_use]
    pub const fn and(self, other: PropertySet) -> PropertySet {
        PropertySet(self.0 & other.0)
    }

    /// What is in either set.
    #[must_use]
    pub const fn or(self, other: PropertySet) -> PropertySet {
        PropertySet(self.0 | other.0)
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set as bits, for an atomic.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The inverse of [`PropertySet::bits`]; unknown bits are dropped.
    pub const fn from_bits(bits: u16) -> PropertySet {
        PropertySet(bits & PropertySet::ALL.0)
    }

    /// The properties, in the order of [`Property::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Property> {
        Property::ALL.into_iter().filter(move |&p| self.has(p))
    }
}

impl FromIterator<Property> for PropertySet {
    fn from_iter<I: IntoIterator<Item = Property>>(properties: I) -> PropertySet {
        let mut set = PropertySet::NONE;
        for property in properties {
            set.insert(property);
        }
        set
    }
}
