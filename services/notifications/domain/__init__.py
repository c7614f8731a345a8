"""Rules of messages: their texts, when they are due, and how often they are tried."""
