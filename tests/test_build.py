"""Building: the whole way from files to a snapshot, and everything that can be wrong with them."""

import shutil
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from peelgraph import build, snapshot
from peelgraph.build import BuildError
from peelgraph.namespaces import DOCUMENT, PEEL, PREFIXES, RECORD_GRAPH
from peelgraph.resources import SHIPPED, Project

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
LETTER = """<> a peel:SourceDocument ; peel:publicOn "2024-09-18"^^edtf:EDTF .
concern:c a peel:CauseOfConcern ; peel:raisedAgainst force:west-midlands ;
    peel:date "2023-09"^^edtf:EDTF .
"""
MANIFEST = "[exactly]\nCauseOfConcern = 1\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PEELGRAPH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a small project with one record, the shipped ontology and the shipped rules."""
    found = Project(tmp_path / "project")
    shutil.copytree(SHIPPED.ontology, found.ontology)
    shutil.copytree(SHIPPED.rules, found.rules)
    for folder in (found.register, found.reference, found.editorial, found.records):
        folder.mkdir(parents=True)
    (found.register / "forces.ttl").write_text(
        HEAD + 'force:west-midlands a peel:PoliceForce ; skos:prefLabel "West Midlands Police"@en .'
    )
    record(found, "letter", LETTER)
    return found


def record(project: Project, name: str, body: str, manifest: str = MANIFEST) -> Path:
    path = project.records / f"{name}.ttl"
    path.write_text(f"@base <{DOCUMENT}{name}> .\n{HEAD}{body}", encoding="utf-8")
    path.with_suffix(".toml").write_text(manifest)
    return path


def problems(project: Project) -> list[tuple[str, int | None, str]]:
    with pytest.raises(BuildError) as error:
        build.build(project)
    return [(each.file.name, each.line, each.message) for each in error.value.problems]


def test_a_build_writes_a_snapshot_named_by_its_digest(project: Project, cache: Path) -> None:
    report = build.build(project)
    assert report.path == cache / f"{report.digest}.nq"
    assert report.digest == snapshot.digest(project)
    assert report.counts["cause-of-concern"] == report.records == 1
    assert report.quads == len(report.path.read_bytes().splitlines())
    assert report.as_object()["path"] == str(report.path)


def test_the_digest_is_in_the_data(project: Project) -> None:
    report = build.build(project)
    rows = snapshot.load(report.path).query(
        f"SELECT ?digest {{ <{snapshot.SNAPSHOT}> <{PEEL}digest> ?digest }}"
    )
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["digest"].value for row in rows] == [report.digest]


def test_the_same_files_give_the_same_bytes(project: Project, tmp_path: Path) -> None:
    one = build.build(project, tmp_path / "one").path.read_bytes()
    moved = Project(tmp_path / "elsewhere")
    shutil.copytree(project.root, moved.root)
    assert build.build(moved, tmp_path / "other").path.read_bytes() == one


def test_the_shipped_files_give_the_same_bytes_twice(
    shipped_snapshot: Path, tmp_path: Path
) -> None:
    again = build.build(SHIPPED, tmp_path / "again").path.read_bytes()
    assert again == shipped_snapshot.read_bytes()
    assert b"_:" not in again.replace(b'"', b" ").partition(b" _:")[1]


def test_progress_is_told(project: Project) -> None:
    said: list[str] = []
    build.build(project, progress=lambda message, done=0, total=0: said.append(message))
    assert said[0].startswith("reading") and said[-1] == "writing"


def test_every_problem_of_every_file_is_told_and_the_old_snapshot_stays(project: Project) -> None:
    old = build.ensure(project)
    content = old.read_bytes()
    record(project, "letter", LETTER.replace("2023-09", "2023-13"))
    record(project, "another", "<> a peel:SourceDocument ; nonsense")
    found = problems(project)
    assert [name for name, _, _ in found] == ["another.ttl", "letter.ttl"]
    assert all(line for _, line, _ in found)
    assert old.read_bytes() == content
    assert list(old.parent.glob("*.nq")) == [old]


def test_a_record_that_does_not_meet_its_manifest_is_refused(project: Project) -> None:
    record(project, "letter", LETTER, "[exactly]\nCauseOfConcern = 2\n")
    [(name, line, message)] = problems(project)
    assert (name, line) == ("letter.toml", 2)
    assert "CauseOfConcern" in message


def test_a_record_without_a_manifest_is_refused(project: Project) -> None:
    (project.records / "letter.toml").unlink()
    [(name, _, message)] = problems(project)
    assert (name, "no manifest" in message) == ("letter.toml", True)


def test_a_manifest_counts_only_what_its_own_record_describes(project: Project) -> None:
    other = LETTER.replace("concern:c", "concern:d") + "concern:e a peel:CauseOfConcern ."
    record(project, "other", other, "[exactly]\nCauseOfConcern = 2\n")
    assert build.build(project).records == 2


def test_a_record_of_a_document_without_any_date_is_refused(project: Project) -> None:
    record(project, "letter", LETTER.replace("peel:publicOn", "peel:sentOn"))
    [(name, line, message)] = problems(project)
    assert (name, line) == ("letter.ttl", 1)
    assert "peel:retrievedOn" in message


def test_an_editorial_statement_that_rests_on_no_document_is_refused(project: Project) -> None:
    (project.editorial / "ours.ttl").write_text(f"{HEAD}recurrence:r a peel:Recurrence .")
    [(name, line, message)] = problems(project)
    assert name == "ours.ttl"
    assert line == HEAD.count("\n") + 1
    assert "prov:wasDerivedFrom" in message


def test_a_broken_rule_is_refused_with_its_file(project: Project) -> None:
    (project.rules / "99.rq").write_text('#+ summary = "x"\n\nCONSTRUCT { ?s ?p }')
    [(name, line, message)] = problems(project)
    assert (name, line) == ("99.rq", 3)
    assert "does not parse" in message


def test_ensure_builds_once(project: Project) -> None:
    path = build.ensure(project)
    written = path.stat().st_mtime_ns
    assert build.ensure(project) == path
    assert path.stat().st_mtime_ns == written


def test_ensure_builds_again_when_something_has_changed(project: Project) -> None:
    path = build.ensure(project)
    record(project, "letter", LETTER.replace("2023-09", "2023-10"))
    assert build.ensure(project) != path


def test_ensure_builds_again_what_is_damaged(project: Project) -> None:
    path = build.ensure(project)
    content = path.read_bytes()
    path.write_bytes(content[:-100])
    assert build.ensure(project) == path
    assert path.read_bytes() == content


def test_where_nothing_can_be_kept_the_snapshot_stays_in_memory(
    project: Project, cache: Path
) -> None:
    cache.write_text("a file where the folder should be")
    said: list[str] = []
    store, digest = build.open_store(project, lambda message, *_: said.append(message))
    assert digest == snapshot.digest(project)
    assert "stays in memory" in said[-1]
    assert set(store) == set(snapshot.load(build.ensure(project)))


def test_a_store_is_opened_from_the_cache_or_built(project: Project) -> None:
    built, _ = build.open_store(project)
    loaded, _ = build.open_store(project)
    assert set(built) == set(loaded)


def test_a_graph_as_known_on_a_day_has_only_what_was_public(project: Project) -> None:
    later = LETTER.replace("2024-09-18", "2025-01-01").replace("concern:c", "concern:d")
    record(project, "later", later)
    store = build.quads(project, date(2024, 12, 31))
    graphs = {name.value for name in store.named_graphs() if isinstance(name, ox.NamedNode)}
    assert RECORD_GRAPH + "letter" in graphs
    assert RECORD_GRAPH + "later" not in graphs
    text = "\n".join(str(quad) for quad in store)
    assert "cause-of-concern/c>" in text and "cause-of-concern/d>" not in text
