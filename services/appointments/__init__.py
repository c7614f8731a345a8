"""Appointments: slots made of weekly plans, places in them, and who holds, books and comes.

Owns slot plans, slots, appointments with their history, and the personal data in them: sealed, hashed where it is
compared, masked in every answer, erased 90 days after the end. Asks ticketing for a ticket at check-in. Hears
departments, items, hours and the calendar from the catalogue, and ticketing's tickets. Publishes
`appointments.appointment.*`.
"""
