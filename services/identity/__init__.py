"""Identity: who may do what, and the tokens that say so.

Owns: accounts, kiosk devices with enrolment codes, visitors' one-time codes, signing keys, revocations, audit trail.
Hears: catalogue.window.published (the windows a clerk may sign in at), trail.staff.acted (what the staff do elsewhere).
Publishes: identity.token.revoked, identity.account.revoked, identity.account.published, identity.otp.requested,
identity.trail.ended (where the trail ends, for notifications to keep).

In production staff come from an OIDC issuer, whose tokens the gateway verifies; the accounts here are those of
the local start and of halls without one. Kiosks and visitors get their tokens here in either case.
"""
