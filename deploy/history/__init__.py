"""Makes a history of the reference hall that adds up to its annual report: `hall generate history`.

figures.py   what the report says, and what was assumed to fill it
plan.py      how many cases of which kind on which day
cases.py     the rows of a day
others.py    overtime and commendations
write.py     the files
"""
