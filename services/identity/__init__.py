"""Identity: who may do what, and the tokens that say so.

Owns: accounts, the hall's own roles, what an issuer's claims make of people, machine clients, kiosk devices with
enrolment codes,
visitors' one-time codes, signing keys, revocations, audit trail.
Hears: catalogue.window.published (the windows a clerk may sign in at), trail.staff.acted (what the staff do elsewhere).
Publishes: identity.token.revoked, identity.account.revoked, identity.account.published, identity.role.published (a role
of the hall's own), identity.otp.requested, identity.trail.ended (where the trail ends, for notifications to keep),
identity.hall.set_up (what a hall is called by its first administrator).
"""
