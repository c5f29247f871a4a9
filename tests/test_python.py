"""What a researcher gets from ``import peelgraph``: rows to go through, tables of pandas."""

import pandas as pd
import pytest

import peelgraph
from peelgraph.questions import UnknownName


def test_an_answer_is_gone_through_row_by_row(graph: peelgraph.Graph) -> None:
    answer = graph.ask("status", force="west-midlands", on="2024-06-01")
    assert list(answer) == list(answer.rows) and len(answer) == len(answer.rows) > 0
    assert repr(answer) == f"<Answer to 'status', {len(answer)} rows>"


def test_an_answer_becomes_a_table_with_every_column(graph: peelgraph.Graph) -> None:
    answer = graph.ask("time-to-close", force="west-midlands", on="2024-09-20")
    table = answer.to_pandas()
    assert list(table.columns) == list(answer.columns) and len(table) == len(answer)
    assert table["daysMost"].dtype == "Int64"
    assert table["daysMost"].isna().sum() == sum("daysMost" not in row for row in answer)


def test_an_answer_without_rows_is_a_table_with_its_columns(graph: peelgraph.Graph) -> None:
    table = graph.ask("closures", from_="2030-01-01").to_pandas()
    assert table.empty and "decision" in table.columns


def test_labels_name_a_column_of_things(graph: peelgraph.Graph) -> None:
    table = graph.ask("closures", force="west-midlands").to_pandas()
    assert "MARACs" in set(table["item"].map(graph.labels(table["item"])))


def test_an_analysis_becomes_a_table_too(graph: peelgraph.Graph) -> None:
    made = graph.analyse("time-to-close", force="west-midlands", on="2024-09-20")
    table = made.to_pandas()
    assert isinstance(table, pd.DataFrame) and len(table) == len(made) == len(list(made))
    assert repr(made) == f"<Analysis 'time-to-close', {len(made)} rows>"
    assert made.about.cannot


def test_an_analysis_that_there_is_not(graph: peelgraph.Graph) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'threads'"):
        graph.analyse("thread")


def test_a_graph_says_which_snapshot_it_is(graph: peelgraph.Graph) -> None:
    assert graph.digest.startswith(repr(graph).removesuffix(">").rpartition(" ")[2])
