"""Dispatch: service at the applicant's place, by crews on planned routes.

Owns on-site orders with their history and the personal data in them (sealed, hashed where it is compared, masked in
every answer, erased 90 days after the end), crews, and the plans of a day. Hears departments, items, hours,
closures and the calendar from the catalogue, and from cases the numbers of what was accepted at visits. Publishes
`dispatch.order.*`, `dispatch.crew.published`, `dispatch.plan.published` and `dispatch.overtime.recorded`. Asks nobody.
"""
