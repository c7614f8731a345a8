"""Appointments: slots made of weekly plans, places in them, who holds, books and comes; and extended sessions.

Owns slot plans, slots, appointments with their history, and the personal data in them: sealed, hashed where it is
compared, masked in every answer, erased 90 days after the end. Owns extended sessions and the ledger of overtime. Asks
ticketing for a ticket at check-in. Hears departments, items, windows, hours, calendar and closures from the catalogue,
ticketing's tickets, which of their tokens count, and who signs in at its windows. Publishes
`appointments.appointment.*`, `appointments.session.*`, `appointments.overtime.recorded` and
`appointments.token.renewed`.
"""
