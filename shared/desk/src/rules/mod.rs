//! What the operator laid down, at hand: the book in force, its changes, what surrounds a ticket, past tickets.

pub(crate) mod book;
mod book_change;
mod for_tickets;
mod past_tickets;
mod surroundings;

pub use past_tickets::{Again, PastNumbers, Seen};
