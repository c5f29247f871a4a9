"""Content negotiation by the book."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelserver.http.negotiation import pick, pick_encoding
from peelserver.sparql.results import HTML, JSON, OFFERS, TURTLE, XML, choose, named

OFFERED = ["application/json", "text/csv", "text/html"]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "picked"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        (BROWSER, "text/html"),
        ("text/csv;q=0.4, text/html;q=0.5", "text/html"),
        ("text/*;q=0.5, text/html;q=0.1", "text/csv"),
        ("text/*, text/csv;q=0", "text/html"),
        ("text/csv;q=0, */*", "application/json"),
        ("text/csv;q=0", None),
        ("*/*;q=0", None),
        ("*/*;q=0, text/csv", "text/csv"),
        ("image/png", None),
        ("image/png, text/html;q=0.001", "text/html"),
        ("*/*, text/csv", "text/csv"),
        ("text/html;q=1.0, text/csv;q=1", "text/csv"),
    ],
)
def test_the_most_wanted_is_picked(accept: str | None, picked: str | None) -> None:
    assert pick(accept, OFFERED) == picked


@pytest.mark.parametrize(
    ("accept", "picked"),
    [
        ("text/csv;charset=utf-8", "text/csv"),
        ("text/csv; charset=utf-8 ; q=0.5, text/html;q=0.4", "text/csv"),
        ('text/csv;header="a,b;q=0";q=0.9, text/html;q=0.8', "text/csv"),
        ('text/csv;x="\\"";q=0.9, text/html', "text/html"),
        ("text/csv;header=absent;q=0.1, text/csv;q=0.9, text/html;q=0.5", "text/csv"),
        ("text/csv;q=0.3;ext=1, text/html;q=0.2", "text/csv"),
        ("text/csv;", "text/csv"),
    ],
)
def test_parameters_neither_match_nor_hinder(accept: str, picked: str) -> None:
    assert pick(accept, OFFERED) == picked


@pytest.mark.parametrize(
    "malformed",
    ["csv", "text/", "/csv", "text/csv;q=high", "text/csv;q=2", "text/csv;q=-1", "*/csv", "a b/c"],
)
def test_a_malformed_piece_is_skipped(malformed: str) -> None:
    assert pick(f"{malformed}, text/html;q=0.1", OFFERED) == "text/html"
    assert pick(malformed, OFFERED) == "application/json", "as if there were no header"


def test_a_lone_star_is_what_old_clients_send() -> None:
    assert pick("text/html, image/gif, *; q=.2, */*; q=.2", OFFERED) == "text/html"
    assert pick("*; q=.2, text/csv;q=.1", OFFERED) == "application/json"


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.sampled_from(OFFERED), unique=True))
def test_any_header_picks_an_offer_or_none(accept: str, offers: list[str]) -> None:
    assert pick(accept, offers) in (*offers, None)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*OFFERED, "text/*", "application/*", "*/*"]),
        st.integers(min_value=0, max_value=1000),
        min_size=1,
    ),
    st.randoms(),
)
def test_the_order_of_ranges_says_nothing(wanted: dict[str, int], random: object) -> None:
    pieces = [f"{name};q={quality / 1000:.3f}" for name, quality in wanted.items()]
    picked = pick(", ".join(pieces), OFFERED)
    assert pick(", ".join(reversed(pieces)), OFFERED) == picked

    def quality(offer: str) -> int:
        ranges = (offer, offer.partition("/")[0] + "/*", "*/*")
        return next((wanted[each] for each in ranges if each in wanted), 0)

    best = max(quality(offer) for offer in OFFERED)
    assert picked is None if best == 0 else picked is not None and quality(picked) == best


@pytest.mark.parametrize(
    ("accept", "picked"),
    [
        (None, "identity"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("deflate, br", "identity"),
        ("*", "gzip"),
        ("*;q=0", "identity"),
        ("gzip;q=0, *", "identity"),
        ("gzip;q=0.2, identity;q=0.9", "identity"),
        ("identity;q=0", "identity"),
    ],
)
def test_encodings(accept: str | None, picked: str) -> None:
    assert pick_encoding(accept) == picked


class TestForms:
    def test_a_browser_gets_a_page_of_every_kind(self) -> None:
        found = choose(BROWSER, None, tuple(OFFERS))
        assert set(found.by_kind.values()) == {HTML}

    def test_by_default_json_and_turtle(self) -> None:
        found = choose(None, None, tuple(OFFERS))
        assert found.by_kind == {"solutions": JSON, "boolean": JSON, "graph": TURTLE}

    def test_there_is_no_csv_of_a_truth_value(self) -> None:
        assert choose("text/csv", None, ("boolean",)).by_kind == {}
        assert choose("text/csv, */*;q=0.1", None, ("boolean",)).by_kind == {"boolean": JSON}

    def test_a_format_overrules_the_header(self) -> None:
        assert choose("text/csv", "xml", ("solutions",)).by_kind == {"solutions": XML}

    @pytest.mark.parametrize(
        "name",
        [
            *("json", "xml", "csv", "tsv", "turtle", "ntriples", "rdfxml", "jsonld", "html"),
            *("json-ld", "rdf+xml", "ttl", "nt", "srj", "srx", "JSON", "text/turtle"),
        ],
    )
    def test_every_name_is_a_form_of_something(self, name: str) -> None:
        assert any(media in offers for media in named(name) for offers in OFFERS.values())
