//! Taking typed values out of a TOML table, and noting everything that is wrong on the way.

use super::{Document, Fault, Faults, suggestion};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;
use toml::Spanned;
use toml::de::{DeInteger, DeString, DeTable, DeValue};

/// A table being read. Keys are taken one by one; [`Reader::finish`] complains of what is left.
pub struct Reader<'a> {
    document: &'a Document,
    table: DeTable<'a>,
    /// Dotted name of the table, empty at the top.
    name: String,
    span: Range<usize>,
    taken: Vec<&'static str>,
    faults: Rc<RefCell<Faults>>,
}

/// A value that holds no others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scalar {
    /// A string, which may be empty.
    Text(String),
    Number(i64),
    /// True or false.
    Truth(bool),
}

impl Scalar {
    /// What a command line means: a number, true or false if it says so, else a string.
    pub fn of(text: &str) -> Scalar {
        match (text.parse(), text) {
            (Ok(number), _) => Scalar::Number(number),
            (_, "true") => Scalar::Truth(true),
            (_, "false") => Scalar::Truth(false),
            _ => Scalar::Text(text.to_owned()),
        }
    }
}

pub struct Item<'a> {
    /// The key alone.
    pub key: String,
    /// The dotted key from the top of the file.
    pub path: String,
    pub key_span: Range<usize>,
    pub span: Range<usize>,
    value: DeValue<'a>,
}

impl<'a> Item<'a> {
    fn new(name: &str, key: Spanned<DeString<'a>>, value: Spanned<DeValue<'a>>) -> Item<'a> {
        let (key_span, span) = (key.span(), value.span());
        let key = key.into_inner().into_owned();
        let path = match name {
            "" => key.clone(),
            name => format!("{name}.{key}"),
        };
        Item {
            key,
            path,
            key_span,
            span,
            value: value.into_inner(),
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn top(
        document: &'a Document,
        table: DeTable<'a>,
        faults: Rc<RefCell<Faults>>,
    ) -> Reader<'a> {
        Reader {
            document,
            table,
            name: String::new(),
            span: 0..0,
            taken: Vec::new(),
            faults,
        }
    }

    /// Notes a fault at a place in the file.
    pub fn fault(&mut self, span: Range<usize>, message: String, help: Option<String>) {
        self.faults.borrow_mut().push(|| {
            let fault = Fault::at(self.document, span, message);
            match help {
                Some(help) => fault.help(help),
                None => fault,
            }
        });
    }

    /// Notes a name that is none of those that are known. They may be many, and so may such faults: the
    /// nearest one is looked for only if the fault is told.
    pub fn unknown<'n>(
        &mut self,
        span: Range<usize>,
        message: String,
        name: &str,
        known: impl IntoIterator<Item = &'n str> + Clone,
    ) {
        self.faults.borrow_mut().push(|| {
            let fault = Fault::at(self.document, span, message);
            fault.help(suggestion(name, known))
        });
    }

    /// Notes what is wrong with another file that this one needs.
    pub fn adopt(&mut self, faults: Faults) {
        self.faults.borrow_mut().extend(faults);
    }

    /// The file that is being read.
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// The line, from 1, of a place in the file.
    pub fn line(&self, span: &Range<usize>) -> usize {
        self.document.position(span.start).0
    }

    /// Whether every key was taken.
    pub(crate) fn is_used_up(&self) -> bool {
        self.table.is_empty()
    }

    /// Where the table begins.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub fn take(&mut self, key: &'static str) -> Option<Item<'a>> {
        self.taken.push(key);
        let (key, value) = self.table.remove_entry(key)?;
        Some(Item::new(&self.name, key, value))
    }

    /// Takes whatever keys are left, in the order of the file.
    pub(crate) fn take_all(&mut self) -> Vec<Item<'a>> {
        let table = std::mem::take(&mut self.table);
        let mut items: Vec<_> = table
            .into_iter()
            .map(|(key, value)| Item::new(&self.name, key, value))
            .collect();
        items.sort_by_key(|item| item.key_span.start);
        items
    }

    fn wrong_type(&mut self, item: &Item<'_>, wanted: &str) {
        let found = item.value.type_str();
        let message = format!("`{}` must be {wanted}, found {found}", item.path);
        self.fault(item.span.clone(), message, None);
    }

    /// The item as a string that is not empty.
    pub fn string(&mut self, item: Item<'a>) -> Option<String> {
        match &item.value {
            DeValue::String(text) if text.trim().is_empty() => {
                let message = format!("`{}` must not be empty", item.path);
                self.fault(item.span, message, None);
                None
            }
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong_type(&item, "a string");
                None
            }
        }
    }

    /// The item as a whole number within a range.
    pub fn number(&mut self, item: &Item<'_>, range: RangeInclusive<u32>) -> Option<u32> {
        let DeValue::Integer(number) = &item.value else {
            self.wrong_type(item, "a whole number");
            return None;
        };
        match whole(number).and_then(|number| u32::try_from(number).ok()) {
            Some(number) if range.contains(&number) => Some(number),
            _ => {
                let (low, high) = (range.start(), range.end());
                let message = format!(
                    "`{}` must be from {low} to {high}, found {number}",
                    item.path
                );
                self.fault(item.span.clone(), message, None);
                None
            }
        }
    }

    /// The item as true or false.
    pub fn boolean(&mut self, item: &Item<'_>) -> Option<bool> {
        match item.value {
            DeValue::Boolean(value) => Some(value),
            _ => {
                self.wrong_type(item, "true or false");
                None
            }
        }
    }

    /// The item as a string, a whole number, or true or false.
    pub fn scalar(&mut self, item: &Item<'_>) -> Option<Scalar> {
        match &item.value {
            DeValue::String(text) => Some(Scalar::Text(text.to_string())),
            DeValue::Integer(number) => {
                let scalar = whole(number).map(Scalar::Number);
                if scalar.is_none() {
                    let message = format!("`{}` must fit in 64 bits, found {number}", item.path);
                    self.fault(item.span.clone(), message, None);
                }
                scalar
            }
            DeValue::Boolean(truth) => Some(Scalar::Truth(*truth)),
            _ => {
                self.wrong_type(item, "a string, a whole number, true or false");
                None
            }
        }
    }

    /// The item as a list, each element as an item under the same key.
    pub fn list(&mut self, item: Item<'a>) -> Option<Vec<Item<'a>>> {
        let DeValue::Array(values) = item.value else {
            self.wrong_type(&item, "a list");
            return None;
        };
        let element = |(index, value): (usize, Spanned<DeValue<'a>>)| Item {
            key: item.key.clone(),
            path: format!("{}[{index}]", item.path),
            key_span: item.key_span.clone(),
            span: value.span(),
            value: value.into_inner(),
        };
        Some(values.into_iter().enumerate().map(element).collect())
    }

    /// The item as a list of strings, none of them twice.
    pub(crate) fn strings(&mut self, item: Item<'a>) -> Option<Vec<String>> {
        self.set(item, |table, item| table.string(item))
    }

    /// The item as one of a set of names.
    pub fn one_of<T>(
        &mut self,
        item: Item<'a>,
        names: &[&str],
        from_name: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let (path, span) = (item.path.clone(), item.span.clone());
        let name = self.string(item)?;
        let found = from_name(&name);
        if found.is_none() {
            let message = format!("`{path}`: there is no `{name}`");
            self.unknown(span, message, &name, names.iter().copied());
        }
        found
    }

    /// The item as a list in which nothing may be twice: whoever writes that means something else.
    pub fn set<T: PartialEq>(
        &mut self,
        item: Item<'a>,
        mut read: impl FnMut(&mut Self, Item<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut values = Vec::new();
        for item in self.list(item)? {
            let (path, span) = (item.path.clone(), item.span.clone());
            let Some(value) = read(self, item) else {
                continue;
            };
            match values.contains(&value) {
                true => {
                    let message = format!("`{path}` is there already");
                    self.fault(span, message, Some("name each once".to_owned()));
                }
                false => values.push(value),
            }
        }
        Some(values)
    }

    /// Whether an item is a table, for keys with a short and a long form.
    pub(crate) fn is_table(item: &Item<'_>) -> bool {
        matches!(item.value, DeValue::Table(_))
    }

    pub fn text<'i>(item: &'i Item<'_>) -> Option<&'i str> {
        match &item.value {
            DeValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether an item is a list of nothing.
    pub(crate) fn is_empty_list(item: &Item<'_>) -> bool {
        matches!(&item.value, DeValue::Array(values) if values.is_empty())
    }

    /// Reads the item as a table.
    pub fn table<T>(
        &mut self,
        item: Item<'a>,
        read: impl FnOnce(&mut Reader<'a>) -> Option<T>,
    ) -> Option<T> {
        let DeValue::Table(table) = item.value else {
            self.wrong_type(&item, "a table");
            return None;
        };
        let mut reader = Reader {
            document: self.document,
            table,
            name: item.path,
            span: item.key_span,
            taken: Vec::new(),
            faults: Rc::clone(&self.faults),
        };
        let result = read(&mut reader);
        reader.finish();
        result
    }

    /// Takes a key that has to be there.
    pub fn required(&mut self, key: &'static str) -> Option<Item<'a>> {
        let item = self.take(key);
        if item.is_none() {
            let of = match self.name.as_str() {
                "" => "the file".to_owned(),
                name => format!("`{name}`"),
            };
            let message = format!("{of} has no `{key}`");
            self.fault(
                self.span.clone(),
                message,
                Some(format!("add `{key} = ...`")),
            );
        }
        item
    }

    /// Complains of every key that nobody took.
    pub(super) fn finish(mut self) {
        let taken = std::mem::take(&mut self.taken);
        for item in self.take_all() {
            let message = format!("unknown key `{}`", item.path);
            let known = taken.iter().copied();
            self.unknown(item.key_span, message, &item.key, known);
        }
    }
}

/// The number, if it has 64 bits at most.
fn whole(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let document = Document::new("x.toml", "a = [1_0, 0xA, 0b1010, 0o12, +10, 10]\nb = -0\n");
        let numbers = document.parse(|reader| {
            let zero = reader.required("b")?;
            assert_eq!(reader.number(&zero, 0..=1), Some(0));
            let list = reader.required("a")?;
            let items = reader.list(list)?;
            items.iter().map(|item| reader.scalar(item)).collect()
        });
        let numbers: Vec<_> = numbers.expect("numbers");
        let are_ten = numbers.iter().all(|number| *number == Scalar::Number(10));
        assert!(are_ten && numbers.len() == 6, "{numbers:?}");
    }

    #[test]
    fn a_number_of_more_than_64_bits_is_told() {
        let document = Document::new("x.toml", "a = 9223372036854775808\n");
        let read = document.parse(|reader| {
            let item = reader.required("a")?;
            reader.scalar(&item)
        });
        let told = read.expect_err("too large").to_string();
        assert!(
            told.contains("`a` must fit in 64 bits, found 9223372036854775808"),
            "{told}"
        );
        assert!(told.contains("x.toml:1:5"), "{told}");
    }

    #[test]
    fn names_are_compared_only_for_faults_that_are_told() {
        let document = Document::new("x.toml", "");
        let compared = Cell::new(0);
        let known = ["near"].into_iter();
        let known = known.inspect(|_| compared.set(compared.get() + 1));
        let result = document.parse(|reader| {
            for _ in 0..1_000 {
                reader.unknown(0..0, "no such name".to_owned(), "nearby", known.clone());
            }
            Some(())
        });
        let told = result.expect_err("a thousand faults");
        let help = "did you mean `near`?";
        assert_eq!(told.to_string().matches(help).count(), told.iter().count());
        assert_eq!(compared.get(), told.iter().count());
    }
}
