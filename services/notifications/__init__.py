"""Notifications: messages to people, each cause told once.

Owns the texts, the messages with what became of them, and the times of reminders. Hears appointments, on-site
orders, tickets whose turn comes near, one-time codes, and the names of items. Asks appointments, dispatch, ticketing
and identity for the phone when a message is sent; keeps it masked only. Publishes `notifications.delivery.*`.
"""
