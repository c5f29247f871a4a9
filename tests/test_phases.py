"""In which phase a force was: stated, inferred before, presumed after, and both where uncertain."""

from datetime import date
from itertools import pairwise

import pyoxigraph as ox

from peelgraph.derivation import chronicle as chronicles
from peelgraph.derivation.phases import Phase, PhaseStanding, forces, phases
from peelgraph.derivation.status import BEGINNING, END
from peelgraph.namespaces import GRAPH, ID, PREFIXES, RECORD_GRAPH, expand

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
FORCE = expand("force:west-midlands")


def told(records: dict[str, str], **others: str) -> ox.Store:
    store = ox.Store()
    texts = {RECORD_GRAPH + name: text for name, text in records.items()}
    for graph, text in (texts | {GRAPH + name: text for name, text in others.items()}).items():
        base = f"{ID}document/{graph.rpartition('/')[2]}"
        turtle = HEAD + text.replace("<>", f"<{base}>")
        store.load(turtle, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))
    return store


def known(store: ox.Store) -> list[PhaseStanding]:
    chronicle = chronicles.read(store)
    assert forces(chronicle) in ([FORCE], [])
    return phases(chronicle, FORCE)


def on(store: ox.Store, day: str, as_known: str = "9999-01-01") -> set[tuple[str, str]]:
    """Return the phases possible on a day, as known on another, each with its basis."""
    asked, at = date.fromisoformat(day), date.fromisoformat(as_known)
    return {
        (each.phase.phase.rpartition("/")[2], each.phase.basis.rpartition("/")[2])
        for each in known(store)
        if each.known_from <= at < each.known_until
        and each.phase.from_day <= asked < each.phase.until
    }


def change(name: str, to: str, effective: str = "", before: str = "", more: str = "") -> str:
    text = f"decision:{name} a peel:Decision ; peel:decides force:west-midlands ; "
    text += f"peel:outcome outcome:moved-to-phase ; peel:toPhase phase:{to} "
    text += f"; peel:effectiveOn '{effective}' " if effective else ""
    text += f"; peel:fromPhase phase:{before} " if before else ""
    return text + (f"; {more} ." if more else ".")


DATED = "<> a peel:SourceDocument ; peel:publicOn '2024-09-18' . "
LETTER = (
    DATED
    + change("engage", "engage", "2023-11-24", "scan")
    + change("scan", "scan", "2024-09-18", "engage")
)


def test_the_effect_changes_the_phase_on_its_day() -> None:
    store = told({"letter": LETTER})
    assert on(store, "2023-11-23") == {("scan", "inferred")}
    assert on(store, "2023-11-24") == {("engage", "stated")}
    assert on(store, "2024-01-01") == {("engage", "stated")}
    assert on(store, "2024-09-17") == {("engage", "stated")}
    assert on(store, "2024-09-18") == {("scan", "stated")}


def test_after_the_last_document_the_phase_is_presumed() -> None:
    assert on(told({"letter": LETTER}), "2024-09-19") == {("scan", "presumed")}


def test_the_bounds_of_a_phase_are_those_of_the_changes_around_it() -> None:
    engage = expand("phase:engage")
    [found] = [each.phase for each in known(told({"letter": LETTER})) if each.phase.phase == engage]
    start, end = date(2023, 11, 24), date(2024, 9, 18)
    stated, decision = expand("basis:stated"), expand("decision:engage")
    assert found == Phase(start, end, engage, stated, start, start, end, decision)


def test_before_the_first_change_without_a_phase_left_nothing_is_said() -> None:
    store = told({"letter": DATED + change("engage", "engage", "2023-11-24")})
    assert on(store, "2023-11-23") == set()
    assert min(each.phase.from_day for each in known(store)) == date(2023, 11, 24)


def test_the_day_of_the_decision_does_not_change_the_phase() -> None:
    text = DATED + change("engage", "engage", "2023-11-24", "scan", "peel:date '2023-11-01'")
    assert on(told({"letter": text}), "2023-11-10") == {("scan", "inferred")}


def test_an_uncertain_change_gives_a_row_for_each_possibility() -> None:
    text = DATED + change("engage", "engage", "2023-11", "scan")
    store = told({"letter": text + change("scan", "scan", "2024-09-18")})
    assert on(store, "2023-10-31") == {("scan", "inferred")}
    assert on(store, "2023-11-01") == {("scan", "inferred"), ("engage", "stated")}
    assert on(store, "2023-11-29") == {("scan", "inferred"), ("engage", "stated")}
    assert on(store, "2023-11-30") == {("engage", "stated")}


def test_without_a_day_of_effect_it_lies_between_the_decision_and_the_document() -> None:
    text = DATED + change("engage", "engage", "", "scan", "peel:date '2024-09-01'")
    store = told({"letter": text})
    assert on(store, "2024-08-31") == {("scan", "inferred")}
    assert on(store, "2024-09-10") == {("scan", "inferred"), ("engage", "assumed")}
    assert on(store, "2024-09-18") == {("engage", "assumed")}


def test_a_change_that_does_not_start_from_the_phase_before_leaves_both_possible() -> None:
    text = (
        DATED
        + change("first", "engage", "2015-01-01", "scan")
        + change("second", "engage", "2023-11-24", "scan")
    )
    store = told({"letter": text})
    assert on(store, "2020-01-01") == {("engage", "stated"), ("scan", "inferred")}
    assert on(store, "2023-11-24") == {("engage", "stated")}


def test_what_a_later_letter_tells_is_known_only_from_then() -> None:
    early = "<> a peel:SourceDocument ; peel:publicOn '2023-11-24' . "
    early += change("engage", "engage", "2023-11-24", "scan")
    late = DATED + change("scan", "scan", "2024-09-18", "engage")
    store = told({"early": early, "late": late})
    assert on(store, "2025-01-01", "2024-09-17") == {("engage", "presumed")}
    assert on(store, "2025-01-01", "2024-09-18") == {("scan", "presumed")}
    assert on(store, "2024-01-01", "2024-09-17") == {("engage", "presumed")}
    assert on(store, "2024-01-01", "2024-09-18") == {("engage", "stated")}
    assert on(store, "2024-01-01", "2023-11-23") == set()


def test_rows_cover_every_day_between_the_first_and_the_last_once_certain() -> None:
    rows = sorted(each.phase for each in known(told({"letter": LETTER})))
    assert rows[0].from_day == BEGINNING and rows[-1].until == END
    for one, other in pairwise(rows):
        assert one.until == other.from_day


def test_a_period_that_somebody_wrote_stands_as_it_is_written() -> None:
    ours = """phaseperiod:p a peel:PhasePeriod ; peel:about force:west-midlands ;
        peel:phase phase:scan ; peel:began "2018-01-01" ; peel:ended "2023-11-24" ;
        peel:basis basis:inferred ; prov:wasDerivedFrom document:letter ."""
    store = told({"letter": LETTER}, editorial=ours)
    assert on(store, "2017-12-31") == set()
    assert on(store, "2018-01-01") == {("scan", "inferred")}
    assert on(store, "2023-11-24") == {("engage", "stated")}
    assert on(store, "2020-01-01", "2024-09-17") == set()
