"""The questions that a page of any one thing rests on."""

import pytest

import peelgraph
from peelgraph.namespaces import ID, PEEL, SCHEME
from peelgraph.resources import SHIPPED

CONCERN = f"{ID}cause-of-concern/wmp-2023-investigations"
LETTER = f"{ID}document/hmicfrs-wmp-letter-2024-09-18"
DOCUMENTS = sorted(file.stem for file in SHIPPED.records.glob("*.ttl"))


class TestFacts:
    def test_what_is_said_of_a_cause_of_concern(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("facts", thing=CONCERN).rows
        said = {str(row["property"]).removeprefix(PEEL): row["value"] for row in rows}
        assert said["identifiedIn"] == f"{ID}inspection/wmp-2023-peel"
        assert said["attestedOpenOn"] == "2024-09-18"

    def test_what_is_inferred_says_why(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("facts", thing="decision/wmp-2024-09-scan").rows
        inferred = [row for row in rows if row["basis"] == "inferred"]
        assert [str(row["value"]) for row in inferred] == [f"{ID}hearing/wmp-2024-09-17-ppog"]
        assert all(row["why"] for row in inferred)

    def test_nothing_before_a_document_was_public(self, graph: peelgraph.Graph) -> None:
        assert not graph.ask("facts", thing=CONCERN, known="2024-09-17").rows

    def test_the_register_is_always_known(self, graph: peelgraph.Graph) -> None:
        assert graph.ask("facts", thing="force/kent", known="1990-01-01").rows


class TestMentions:
    def test_what_refers_to_a_cause_of_concern(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("mentions", thing=CONCERN).rows
        addressed = [row for row in rows if row["property"] == f"{PEEL}addresses"]
        assert {row["kind"] for row in addressed} == {"recommendation"}
        assert len(addressed) == 5

    def test_nothing_before_a_document_was_public(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("mentions", thing="body/hmicfrs", known="2024-09-17").rows
        assert rows
        assert not [row for row in rows if "2024" in str(row["mention"])]


class TestPassages:
    def test_all_that_rests_on_a_document_in_its_order(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("passages", document=LETTER).rows
        places = [(int(row["start"]), int(row["end"])) for row in rows]
        assert places == sorted(places)
        assert CONCERN in {row.get("thing") for row in rows}

    def test_a_passage_that_states_nothing_says_why(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("passages", document=LETTER).rows
        idle = [row for row in rows if "thing" not in row]
        assert idle
        assert all(row["reason"] for row in idle)

    @pytest.mark.parametrize("name", DOCUMENTS)
    def test_every_passage_of_a_record_is_there(self, graph: peelgraph.Graph, name: str) -> None:
        rows = graph.ask("passages", document=name).rows
        query = f"SELECT ?p {{ ?p a peel:Passage ; oa:hasSource document:{name} }}"
        held = {row["p"].value for row in graph.query(query)}  # type: ignore[union-attr]
        assert {row["passage"] for row in rows} == held


class TestThemes:
    def test_what_is_about_vetting(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("themes", theme="vetting").rows
        assert {row["theme"] for row in rows} == {f"{SCHEME}theme/vetting"}
        assert f"{ID}cause-of-concern/wmp-2019-vetting" in {row["thing"] for row in rows}

    def test_of_one_kind(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("themes", force="west-midlands", kind="recommendation").rows
        assert {row["kind"] for row in rows} == {"recommendation"}
