"""Notifications: messages to people, each cause told once.

Owns the texts, the messages with what became of them, and the times of reminders. Hears appointments, on-site
orders, tickets whose turn comes near, one-time codes, and from the catalogue the names of items and where departments
are. Asks appointments, dispatch, ticketing and identity for the phone when a message is sent; keeps it masked only.
Publishes `notifications.delivery.*`. Keeps besides where identity's trail of the staff ended, as a witness.
"""
