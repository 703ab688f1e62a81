"""The outbox: messages owed to people, each a row first. It knows nobody but their opaque ids."""
