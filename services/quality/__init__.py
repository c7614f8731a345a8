"""Quality: what staff record of the quality of service.

Owns commendations with their changes, rules, awards and fixed rankings of the assessment, meetings of window heads and
what was agreed there. Hears the departments, the commendations of files that statistics took in or took back, and what
statistics kept of all this before it was a service of its own. Asks statistics for the figures of a quarter. Publishes
`quality.commendation.*`.
"""
