//! Many senders, one mind: a stack of boxes (R. K. Treiber, 1986) that the receiver takes whole,
//! so that no node is ever popped from under somebody and there is no ABA. For cold paths: every
//! message is a heap allocation.

use core::marker::PhantomData;
use core::ptr;

use crate::sync::atomic::{AtomicPtr, Ordering};

struct Node<T> {
    message: T,
    /// The message sent before this one.
    next: *mut Node<T>,
}

/// An unbounded queue with any number of senders. No lock: neither side waits for the other.
pub struct Inbox<T> {
    newest: AtomicPtr<Node<T>>,
    /// The pointer alone would let any `T` cross threads; a mutex asks of it what this asks.
    _owned: PhantomData<std::sync::Mutex<T>>,
}

impl<T> Inbox<T> {
    /// An inbox without messages.
    pub fn new() -> Self {
        Self { newest: AtomicPtr::new(ptr::null_mut()), _owned: PhantomData }
    }

    /// Sends `message`.
    pub fn push(&self, message: T) {
        let mut newest = self.newest.load(Ordering::Relaxed);
        let node = Box::into_raw(Box::new(Node { message, next: newest }));
        loop {
            // Release pairs with the Acquire swap in take_all: publishes the node. SeqCst, so that
            // a sender may next look whether the receiver sleeps.
            match self.newest.compare_exchange_weak(
                newest,
                node,
                Ordering::SeqCst,
                Ordering::Relaxed,
            ) {
                Ok(_) => return,
                Err(now) => newest = now,
            }
            // SAFETY: the node is not in the stack yet, so it is still ours alone.
            let node = unsafe { &mut *node };
            node.next = newest;
        }
    }

    /// Takes every message sent so far, in the order they were sent.
    pub fn take_all(&self) -> Vec<T> {
        if self.is_empty() {
            return Vec::new();
        }
        // Acquire pairs with the Release in push. Whoever swaps owns the whole chain.
        let mut next = self.newest.swap(ptr::null_mut(), Ordering::SeqCst);
        let mut messages = Vec::new();
        while !next.is_null() {
            // SAFETY: a non-null link was made by Box::into_raw in push, and the swap made the
            // chain ours; each node is visited once.
            let node = unsafe { Box::from_raw(next) };
            next = node.next;
            messages.push(node.message);
        }
        messages.reverse();
        messages
    }

    /// Whether nothing waits. SeqCst: a receiver that says it sleeps, then finds nothing here, is
    /// seen asleep by every later sender.
    pub fn is_empty(&self) -> bool {
        self.newest.load(Ordering::SeqCst).is_null()
    }
}

impl<T> Default for Inbox<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for Inbox<T> {
    fn drop(&mut self) {
        drop(self.take_all());
    }
}

impl<T> core::fmt::Debug for Inbox<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Inbox").finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn messages_come_out_in_the_order_they_went_in() {
        let inbox = Inbox::new();
        assert!(inbox.is_empty());
        for message in 0..5 {
            inbox.push(message);
        }
        assert!(!inbox.is_empty());
        assert_eq!(inbox.take_all(), [0, 1, 2, 3, 4]);
        assert_eq!(inbox.take_all(), [0; 0]);
    }

    #[test]
    fn what_was_never_taken_is_dropped_with_the_inbox() {
        let message = Arc::new(());
        let inbox = Inbox::new();
        inbox.push(Arc::clone(&message));
        inbox.push(Arc::clone(&message));
        assert_eq!(Arc::strong_count(&message), 3);
        drop(inbox);
        assert_eq!(Arc::strong_count(&message), 1);
    }

    #[test]
    fn many_senders_lose_nothing_and_keep_their_own_order() {
        const SENDERS: usize = 4;
        const EACH: usize = 5_000;
        let inbox = Inbox::new();
        let mut got: [Vec<usize>; SENDERS] = Default::default();
        std::thread::scope(|scope| {
            for sender in 0..SENDERS {
                let inbox = &inbox;
                scope.spawn(move || (0..EACH).for_each(|number| inbox.push((sender, number))));
            }
            let mut count = 0;
            while count < SENDERS * EACH {
                for (sender, number) in inbox.take_all() {
                    got[sender].push(number);
                    count += 1;
                }
                std::thread::yield_now();
            }
        });
        for numbers in got {
            assert!(numbers.iter().copied().eq(0..EACH));
        }
    }
}

#[cfg(all(loom, test))]
mod loom_tests {
    use loom::sync::Arc;
    use loom::thread;

    use super::*;

    #[test]
    fn every_message_is_taken_once_while_others_are_sent() {
        loom::model(|| {
            let inbox = Arc::new(Inbox::new());
            let senders = [[1, 2], [3, 4]].map(|messages| {
                let inbox = Arc::clone(&inbox);
                thread::spawn(move || messages.map(|message| inbox.push(message)))
            });
            let mut got = inbox.take_all();
            for sender in senders {
                sender.join().unwrap();
            }
            got.extend(inbox.take_all());
            let own = |of: [i32; 2]| got.iter().copied().filter(|got| of.contains(got)).eq(of);
            assert!(got.len() == 4 && own([1, 2]) && own([3, 4]), "{got:?}");
        });
    }
}
