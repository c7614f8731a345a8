"""Ticketing: numbers, queue order, windows and boards.

Owns tickets with their history, windows and who sits at them, numbers of the day, calls with their reasons.
Hears departments, zones, queues, windows, items, hours, calendar and closures from the catalogue, and works on these
copies while it is away; hears of extended sessions and of withdrawn tokens from appointments. Keeps the phones of
visitors, sealed. Asks identity who may follow an evaluation up. Publishes `ticketing.ticket.*`, `ticketing.window.*`,
`ticketing.evaluation.*` and `ticketing.token.renewed`.
"""
