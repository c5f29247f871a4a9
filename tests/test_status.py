"""The status of an item on a day: each row of the vocabulary's table, and the cases between."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peelgraph.derivation.status import BEGINNING, END, Bounds, Status, periods, status_on

OPEN, PRESUMED, CLOSED = Status.OPEN, Status.PRESUMED_OPEN, Status.CLOSED
CANNOT_TELL, NOT_YET = Status.INDETERMINATE, Status.NOT_YET_RAISED
DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


SEPTEMBER = Bounds(raised_earliest=day("2023-09-01"), raised_latest=day("2023-09-30"))
CLOSED_ON_A_DAY = replace(
    SEPTEMBER,
    closure_recorded=True,
    closed_earliest=day("2024-09-17"),
    closed_latest=day("2024-09-17"),
)
CLOSED_SOME_DAY = replace(
    SEPTEMBER,
    closure_recorded=True,
    closed_earliest=day("2024-05-01"),
    closed_latest=day("2024-09-18"),
)


def test_raising_that_contradicts_itself_is_indeterminate_between_the_two_days() -> None:
    bounds = Bounds(raised_earliest=day("2020-06-01"), raised_latest=day("2019-05-02"))
    assert bounds.raising_contradictory
    assert status_on(bounds, day("2019-05-01")) is NOT_YET
    assert status_on(bounds, day("2019-05-02")) is CANNOT_TELL
    assert status_on(bounds, day("2020-05-31")) is CANNOT_TELL
    assert status_on(bounds, day("2020-06-01")) is PRESUMED


def test_before_the_first_day_it_is_not_yet_raised() -> None:
    assert status_on(SEPTEMBER, day("2023-08-31")) is NOT_YET


def test_between_the_first_and_the_last_day_of_raising_it_is_indeterminate() -> None:
    assert status_on(SEPTEMBER, day("2023-09-01")) is CANNOT_TELL
    assert status_on(SEPTEMBER, day("2023-09-29")) is CANNOT_TELL
    assert status_on(SEPTEMBER, day("2023-09-30")) is PRESUMED


def test_without_a_first_day_it_is_indeterminate_from_the_beginning() -> None:
    bounds = Bounds(raised_latest=day("2016-02-18"))
    assert status_on(bounds, BEGINNING) is CANNOT_TELL
    assert status_on(bounds, day("2016-02-18")) is PRESUMED


def test_without_a_last_day_of_raising_nothing_can_be_told() -> None:
    bounds = Bounds(raised_earliest=day("2019-01-01"))
    assert status_on(bounds, day("2018-12-31")) is NOT_YET
    assert status_on(bounds, day("2090-01-01")) is CANNOT_TELL


CONTRADICTORY = Bounds(
    raised_earliest=day("2019-01-01"),
    raised_latest=day("2019-01-01"),
    last_known_open=day("2020-06-30"),
    closure_recorded=True,
    closed_earliest=day("2020-06-30"),
    closed_latest=day("2020-03-01"),
    first_closure=day("2020-03-01"),
)


def test_closing_that_contradicts_itself_is_indeterminate_from_the_first_closure_on() -> None:
    assert CONTRADICTORY.closing_contradictory
    assert status_on(CONTRADICTORY, day("2020-02-29")) is OPEN
    assert status_on(CONTRADICTORY, day("2020-03-01")) is CANNOT_TELL
    assert status_on(CONTRADICTORY, day("2025-01-01")) is CANNOT_TELL


def test_a_later_closure_ends_the_contradiction() -> None:
    bounds = replace(CONTRADICTORY, last_closure=day("2021-01-15"))
    assert status_on(bounds, day("2021-01-14")) is CANNOT_TELL
    assert status_on(bounds, day("2021-01-15")) is CLOSED


def test_the_day_of_closing_counts_as_closed() -> None:
    assert status_on(CLOSED_ON_A_DAY, day("2024-09-16")) is OPEN
    assert status_on(CLOSED_ON_A_DAY, day("2024-09-17")) is CLOSED


def test_between_the_bounds_of_closing_it_is_indeterminate() -> None:
    assert status_on(CLOSED_SOME_DAY, day("2024-04-30")) is OPEN
    assert status_on(CLOSED_SOME_DAY, day("2024-05-01")) is CANNOT_TELL
    assert status_on(CLOSED_SOME_DAY, day("2024-09-17")) is CANNOT_TELL
    assert status_on(CLOSED_SOME_DAY, day("2024-09-18")) is CLOSED


def test_until_the_day_that_shows_it_open_it_is_open_and_then_presumed_so() -> None:
    bounds = replace(SEPTEMBER, last_known_open=day("2024-09-18"))
    assert status_on(bounds, day("2024-09-18")) is OPEN
    assert status_on(bounds, day("2024-09-19")) is PRESUMED


def test_a_closure_that_nothing_bounds_from_below_never_proves_it_open() -> None:
    bounds = Bounds(
        raised_latest=day("2016-02-18"), closure_recorded=True, closed_latest=day("2024-09-18")
    )
    assert status_on(bounds, day("2020-01-01")) is CANNOT_TELL
    assert status_on(bounds, day("2024-09-18")) is CLOSED


def test_a_closure_on_the_last_day_of_time_does_not_overflow() -> None:
    bounds = replace(CLOSED_SOME_DAY, closed_latest=END)
    assert periods(bounds)[-1].until == END


@pytest.mark.parametrize("bounds", [SEPTEMBER, CLOSED_ON_A_DAY, CLOSED_SOME_DAY, CONTRADICTORY])
def test_periods_name_each_stretch_once(bounds: Bounds) -> None:
    found = periods(bounds)
    assert all(one.status is not other.status for one, other in pairwise(found))


days = st.none() | st.dates(date(2019, 1, 1), date(2019, 1, 20)) | st.dates()
some_bounds = st.builds(Bounds, days, days, days, st.booleans(), days, days, days, days)


@given(some_bounds, st.dates())
@example(Bounds(), BEGINNING)
def test_periods_partition_time_and_agree_with_the_rule(bounds: Bounds, other: date) -> None:
    found = periods(bounds)
    assert found[0].from_day == BEGINNING
    assert found[-1].until == END
    for one, following in pairwise(found):
        assert one.until == following.from_day
    turning = [period.from_day for period in found]
    turning += [
        value
        for value in (getattr(bounds, name) for name in Bounds.__dataclass_fields__)
        if isinstance(value, date)
    ]
    near = {one + step for one in turning for step in (-DAY, 0 * DAY, DAY) if _within(one, step)}
    for each in near | {other}:
        if each < END:
            [period] = [period for period in found if period.from_day <= each < period.until]
            assert period.status is status_on(bounds, each)


def _within(one: date, step: timedelta) -> bool:
    return date.min.toordinal() <= one.toordinal() + step.days <= date.max.toordinal()
