"""Dates as their source gives them: what they allow, and what is no date."""

from calendar import isleap
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.edtf import EdtfError, Span, parse


@pytest.mark.parametrize(
    ("expression", "earliest", "latest"),
    [
        ("2024-09-18", date(2024, 9, 18), date(2024, 9, 18)),
        ("2023-09", date(2023, 9, 1), date(2023, 9, 30)),
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-05/2024-06", date(2024, 5, 1), date(2024, 6, 30)),
        ("2023-04-01/2024-03-31", date(2023, 4, 1), date(2024, 3, 31)),
        ("[2024-05-01..2024-09-18]", date(2024, 5, 1), date(2024, 9, 18)),
        ("[2019-06-27..]", date(2019, 6, 27), None),
        ("[..2024-09-18]", None, date(2024, 9, 18)),
        ("[2024-05..2024-09]", date(2024, 5, 1), date(2024, 9, 30)),
    ],
)
def test_an_expression_allows_the_days_from_its_first_to_its_last(
    expression: str, earliest: date | None, latest: date | None
) -> None:
    assert parse(expression) == Span(earliest, latest)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("2023-02-29", "no such day"),
        ("2024-13", "no such month"),
        ("0000", "no such year"),
        ("2018/19", "'19' is not a year"),
        ("2018-19", "no such month"),
        ("2024-06/2024-05", "end lies before the beginning"),
        ("[2024-09-18..2024-05-01]", "end lies before the beginning"),
        ("[..]", "[FIRST..LAST]"),
        ("[2024]", "[FIRST..LAST]"),
        ("2024-05/", "FIRST/LAST"),
        ("2024-05/2024-06/2024-07", "not a year"),
        ("18 September 2024", "not a year"),
        ("2024-9-18", "not a year"),
        ("2024-09-18 ", "not a year"),
        ("٢٠٢٤", "not a year"),
        ("", "not a year"),
    ],
)
def test_what_is_no_date_is_refused_with_a_plain_message(expression: str, said: str) -> None:
    with pytest.raises(EdtfError) as error:
        parse(expression)
    assert said in str(error.value)
    assert str(error.value).startswith(f"{expression}: ")


@given(st.dates())
def test_a_day_is_that_day_and_no_other(day: date) -> None:
    assert parse(day.isoformat()).day == day


@given(st.dates(), st.dates())
def test_a_range_is_read_unless_it_is_reversed(one: date, other: date) -> None:
    for expression in (f"{one}/{other}", f"[{one}..{other}]"):
        if one <= other:
            assert parse(expression) == Span(one, other)
        else:
            with pytest.raises(EdtfError):
                parse(expression)


@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_has_all_its_days(year: int, month: int) -> None:
    span = parse(f"{year:04}-{month:02}")
    assert span.earliest is not None and span.latest is not None
    lengths = [31, 29 if isleap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert (span.latest - span.earliest).days + 1 == lengths[month - 1]


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_an_error_of_ours(text: str) -> None:
    try:
        span = parse(text)
    except EdtfError:
        return
    assert span.earliest or span.latest
