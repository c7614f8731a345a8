#!/bin/sh
# Ciw: a schedule that keeps two windows open all day serves four people at once after each change of shift.
#
# Expected: Schedule(numbers_of_servers=[2, 2, 2], shift_end_dates=[30, 60, 400]) is a hall with two windows throughout;
#   whoever is being served when a shift ends is finished by the clerk who began (that is what "non-preemptive", the
#   default, says), and the next person is called when a window is free. So never more than two are served at once.
# Happens: at the end of a shift the next one begins with all of its servers idle, beside those of the last shift who
#   still finish. With services of 20 minutes and a queue, four people are served from minute 30 to 40 and from 60 to
#   70. A staffing study by the hour therefore has more windows than it was told, and its waits are too short. A fixed number_of_servers=2 does not do this.
# Version: Ciw 3.2.7.
# Source: https://pypi.org/project/Ciw/ (ciw/node.py, ciw/schedules.py)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ciw==3.2.7
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version
from math import inf

import ciw

MOMENTS = (25, 29, 31, 35, 45, 59, 61, 65)


def served_at_once(windows: object) -> list[int]:
    """How many are being served at each of the moments: 60 people who come at the start, 20 minutes each."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([0.1, *[0.001] * 60, inf])],
        service_distributions=[ciw.dists.Deterministic(20)],
        number_of_servers=[windows],
    )
    run = ciw.Simulation(network)
    run.simulate_until_max_time(300)
    records = run.get_all_records()
    return [sum(each.service_start_date <= at < each.service_end_date for each in records) for at in MOMENTS]


print("Ciw", version("ciw"))
print("minutes            ", *MOMENTS)
fixed = served_at_once(2)
print("two servers        ", *fixed)
shifts = served_at_once(ciw.Schedule(numbers_of_servers=[2, 2, 2], shift_end_dates=[30, 60, 400]))
print("three shifts of two", *shifts)
assert max(fixed) == 2
assert shifts == [2, 2, 4, 4, 2, 2, 4, 4]
PYTHON
