//! A bounded cache: two generations, so that what is used stays and nothing is counted on every read.

use std::collections::BTreeMap;

/// Keeps at most twice `generation` values.
#[derive(Debug)]
pub(crate) struct Cache<K, V> {
    young: BTreeMap<K, V>,
    old: BTreeMap<K, V>,
    generation: usize,
}

impl<K: Ord + Clone, V: Clone> Cache<K, V> {
    /// Builds an empty cache whose generations hold so many values each.
    pub(crate) fn new(generation: usize) -> Self {
        Self {
            young: BTreeMap::new(),
            old: BTreeMap::new(),
            generation,
        }
    }

    /// Returns a value, and keeps it longer.
    pub(crate) fn get(&mut self, key: &K) -> Option<V> {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = self.old.remove_entry(key)?;
        self.put(key, value.clone());
        Some(value)
    }

    /// Takes a value in; the older generation goes when the younger is full.
    pub(crate) fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.generation {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }

    /// Forgets one value.
    pub(crate) fn remove(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_bounded_and_keeps_what_is_used() {
        let mut cache = Cache::new(4);
        for number in 0..100 {
            cache.put(number, number);
            assert_eq!(cache.get(&0), Some(0), "after {number}");
            assert!(cache.young.len() + cache.old.len() <= 8);
        }
        assert_eq!(cache.get(&50), None);
        cache.remove(&0);
        assert_eq!(cache.get(&0), None);
    }

    #[test]
    fn the_newest_value_wins_over_an_older_generation() {
        let mut cache = Cache::new(2);
        cache.put(1, 'a');
        cache.put(2, 'b');
        cache.put(3, 'c');
        cache.put(1, 'd');
        assert_eq!(cache.get(&1), Some('d'));
        cache.remove(&1);
        assert_eq!(cache.get(&1), None);
    }
}
