"""What `make test-hard` says of its runs."""

import psutil

from tests import hard

REPORT = """<testsuites><testsuite>
<testcase classname="tests.unit.a" name="test_right"/>
<testcase classname="tests.unit.a" name="test_wrong"><failure message="assert 1 == 2">…</failure></testcase>
<testcase classname="tests.unit.b" name="test_without_server"><error message="no server">…</error></testcase>
</testsuite></testsuites>"""


def test_what_failed_is_named_with_its_reason_and_its_order(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    failed, tests = hard._read(report)

    said = hard.summary([hard.Run(17, tests, 61.4, failed, 1), hard.Run(18, 3, 60.0, {}, 0)])

    assert said == (
        "run 1, order 17: 3 tests in 61 s, 2 failed, exit code 1\n"
        "    tests.unit.a::test_wrong\n        assert 1 == 2\n"
        "    tests.unit.b::test_without_server\n        no server\n"
        "run 2, order 18: 3 tests in 60 s, 0 failed, exit code 0"
    )


def test_what_keeps_the_machine_busy_ends_with_the_runs():
    before = set(psutil.Process().children())
    with hard.busy(2):
        busy = set(psutil.Process().children()) - before
        assert len(busy) == 2
    assert not [process for process in busy if process.is_running()]
