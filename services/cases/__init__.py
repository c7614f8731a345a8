"""Cases: business accepted at the windows and at applicants' places, with due dates in working days.

Owns cases with their history and the hall's case numbers, and joint cases, in which several departments approve one
project. Asks ticketing for the ticket a case is accepted on. Hears items, calendar and closures from the catalogue, and
works on these copies while it is away, and dispatch's visits that are done, with what was accepted there. Publishes
`cases.case.*` and `cases.joint_case.*`.
"""
