"""Search: what is found by which words, and that nothing a person types breaks it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import peelgraph
from peelgraph.search import find, index
from peelgraph.search.find import CLOSE, OPEN, Found, NoIndex, TooLong
from peelgraph.search.near import near


@pytest.fixture(scope="module")
def made(graph: peelgraph.Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "index"
    index.make(graph.engine.query, path)
    return path


@pytest.fixture
def opened(made: Path) -> Iterator[sqlite3.Connection]:
    with find.opened(made) as found:
        yield found


def titles(found: Found) -> list[str]:
    return [each.title.replace(OPEN, "").replace(CLOSE, "") for each in found.hits]


class TestWords:
    @pytest.mark.parametrize(
        ("words", "kind", "title"),
        [
            ("West Midlands Police", "force", "West Midlands Police"),
            ("vetting backlog", "cause-of-concern", "Vetting backlog"),
            ("supervised effectively", "recommendation", "Thorough, timely, supervised"),
            ("what was closed", "question", "What was closed"),
            ("chief constable", "person", ""),
            ("letter return to Scan", "document", "Letter on the return to Scan"),
            ("standing", "term", "standing"),
            ("online child abuse", "concept", "online child abuse"),
        ],
    )
    def test_names_wording_summaries_questions_terms_documents(
        self, opened: sqlite3.Connection, words: str, kind: str, title: str
    ) -> None:
        found = find.find(opened, words)
        near_the_top = [
            each for each in zip(found.hits, titles(found), strict=True) if each[0].kind == kind
        ]
        assert any(each.startswith(title) for _, each in near_the_top), titles(found)

    def test_a_formal_item_comes_before_what_speaks_of_it(self, opened: sqlite3.Connection) -> None:
        assert find.find(opened, "vetting backlog").hits[0].kind == "cause-of-concern"

    def test_endings_do_not_count(self, opened: sqlite3.Connection) -> None:
        one, other = (find.find(opened, words) for words in ("investigation", "investigating"))
        assert one.total == other.total > 10

    def test_a_beginning_is_enough(self, opened: sqlite3.Connection) -> None:
        assert find.find(opened, "vett").total >= find.find(opened, "vetting").total > 20

    def test_the_force_of_a_thing_counts_as_a_word_of_it(self, opened: sqlite3.Connection) -> None:
        assert "Vet everyone, clear the backlog" in titles(find.find(opened, "midlands vet"))

    def test_words_that_stand_everywhere_are_not_wanted(self, opened: sqlite3.Connection) -> None:
        assert find.find(opened, "the vetting of").total == find.find(opened, "vetting").total

    def test_a_phrase_holds_together(self, opened: sqlite3.Connection) -> None:
        found = find.find(opened, '"chief constable"')
        assert 0 < found.total < find.find(opened, "chief constable").total + 1
        apart = find.find(opened, '"backlog guidance vetting"')
        assert apart.corrections[0].meant == ("backlog", "guidance", "vetting")

    def test_a_line_of_context_with_the_words_marked(self, opened: sqlite3.Connection) -> None:
        hit = find.find(opened, "supervised").hits[0]
        assert f"{OPEN}Supervise{CLOSE} the initial" in hit.title
        assert f"{OPEN}supervision{CLOSE} of the initial" in hit.excerpt

    def test_what_has_some_of_the_words(self, opened: sqlite3.Connection) -> None:
        found = find.find(opened, "vetting firearms marac")
        assert found.some and found.total


class TestMistyped:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("investigatoins", "investigations"),
            ("recomendation", "recommendation"),
            ("sacn", "scan"),
            ("vettign", "vetting"),
            ("offendres", "offenders"),
            ("accomodation", "accommodation"),
        ],
    )
    def test_the_nearest_word_is_looked_for(
        self, opened: sqlite3.Connection, typed: str, meant: str
    ) -> None:
        if typed == "accomodation":
            assert near(opened, typed) == []  # nobody says it in the documents
            return
        found = find.find(opened, typed)
        assert found.corrections[0].given == typed
        assert meant in found.corrections[0].meant
        assert found.total

    def test_a_word_near_none_is_left_out_and_named(self, opened: sqlite3.Connection) -> None:
        found = find.find(opened, "xyzzyq vetting")
        assert (found.corrections[0].given, found.corrections[0].meant) == ("xyzzyq", ())
        assert found.total == find.find(opened, "vetting").total

    def test_nothing_at_all(self, opened: sqlite3.Connection) -> None:
        found = find.find(opened, "xyzzyq")
        assert (found.total, found.hits) == (0, ())


class TestFacets:
    def test_counts_agree_with_what_narrowing_gives(self, opened: sqlite3.Connection) -> None:
        found = find.find(opened, "vetting")
        assert sum(each.count for each in found.facets["kind"]) == found.total
        for name, values in found.facets.items():
            for each in values:
                assert find.find(opened, "vetting", {name: each.value}).total == each.count

    def test_a_facet_alone(self, opened: sqlite3.Connection) -> None:
        found = find.find(opened, "", {"kind": "force"}, limit=50)
        assert found.total == 43
        assert titles(found) == sorted(titles(found))

    def test_pages_neither_repeat_nor_drop(self, opened: sqlite3.Connection) -> None:
        whole = find.find(opened, "police", limit=40)
        parts = [find.find(opened, "police", limit=10, offset=at) for at in range(0, 40, 10)]
        assert [hit for part in parts for hit in part.hits] == list(whole.hits)

    def test_every_force_theme_and_year_is_that_of_the_graph(
        self, opened: sqlite3.Connection, graph: peelgraph.Graph
    ) -> None:
        rows = graph.engine.query(
            "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s peel:theme ?theme ; peel:kindToken ?kind }"
        )
        counted = opened.execute(
            "SELECT COUNT(DISTINCT entry) FROM facet WHERE name = 'theme'"
        ).fetchone()[0]
        assert str(counted) == next(row["n"].value for row in rows)  # type: ignore[union-attr]
        years = {row[0] for row in opened.execute("SELECT value FROM facet WHERE name = 'year'")}
        assert all(year.isdigit() and 2000 < int(year) < 2027 for year in years)


class TestHostile:
    @settings(max_examples=150, deadline=None)
    @given(text=st.text(max_size=400), value=st.text(max_size=20))
    def test_nothing_that_is_typed_breaks_it(self, made: Path, text: str, value: str) -> None:
        with find.opened(made, deadline=30) as found:
            find.find(found, text)
            find.find(found, text, {"kind": value})

    @pytest.mark.parametrize(
        "text",
        [
            *('"', "*", "NEAR(a b)", "title:vetting", "a OR", "^a", "-", "'; DROP TABLE entry"),
            *("\x00", "a" * 10_000, '"' * 300, "é" * 300, "\ud800", "x " * 200, "{a b}: c", "𝔘"),
        ],
    )
    def test_no_syntax(self, opened: sqlite3.Connection, text: str) -> None:
        find.find(opened, text)
        assert opened.execute("SELECT COUNT(*) FROM entry").fetchone()[0] > 600

    def test_it_cannot_be_written_to(self, opened: sqlite3.Connection) -> None:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            opened.execute("DELETE FROM entry")

    def test_it_is_given_up_in_time(self, made: Path) -> None:
        with pytest.raises(TooLong), find.opened(made, deadline=0.0) as found:
            for _ in range(200):
                find.find(found, "police force inspection")

    def test_no_index_is_not_an_empty_one(self, tmp_path: Path) -> None:
        with pytest.raises(NoIndex), find.opened(tmp_path / "none") as found:
            find.find(found, "vetting")
        broken = tmp_path / "broken"
        broken.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
        with pytest.raises(NoIndex), find.opened(broken) as found:
            find.find(found, "vetting")


class TestMaking:
    def test_the_same_snapshot_gives_the_same_entries(
        self, graph: peelgraph.Graph, made: Path, tmp_path: Path
    ) -> None:
        index.make(graph.engine.query, tmp_path / "again")
        query = "SELECT iri, kind, title, names, text, about FROM entry ORDER BY iri"
        with find.opened(made) as one, find.opened(tmp_path / "again") as other:
            assert one.execute(query).fetchall() == other.execute(query).fetchall()

    def test_half_an_index_is_none(self, graph: peelgraph.Graph, tmp_path: Path) -> None:
        asked = []

        def breaks(query: str) -> peelgraph.engine.Results:
            asked.append(query)
            if len(asked) > 2:
                raise MemoryError
            return graph.engine.query(query)

        with pytest.raises(MemoryError):
            index.make(breaks, tmp_path / "index")
        assert list(tmp_path.iterdir()) == []
