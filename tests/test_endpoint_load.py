"""The requests that ``benchmarks/endpoint.py`` takes for new ones are new."""

from itertools import islice

from endpoint import FAST, fresh

ADDRESS = "http://127.0.0.1:1/sparql"


def test_a_new_query_recurs_neither_in_its_round_nor_in_another() -> None:
    workload = fresh(FAST)
    rounds = [list(islice(workload(ADDRESS), 3)) for _ in range(2)]
    assert len({request for each in rounds for request in each}) == 6
