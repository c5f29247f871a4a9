"""Checking finds whatever disagrees with the source, and coverage whatever nobody recorded."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from peelgraph.cli.evidence import evidence
from peelgraph.evidence.check import check
from peelgraph.evidence.record import parse_record, read_record
from peelgraph.evidence.source import Source, find_source
from peelgraph.evidence.weave import weave
from peelgraph.resources import SHIPPED

TEXT = "A letter\nOne is good.\u00a0Two is better.\nWithin a week, they should:\n• try;\n"
DIGEST = sha256(TEXT.encode()).hexdigest()
RECORD = f"""@base <https://w3id.org/peelgraph/id/document/letter> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix peel: <https://w3id.org/peelgraph/ontology#> .
@prefix recommendation: <https://w3id.org/peelgraph/id/recommendation/> .

<> a peel:SourceDocument ;
    dcterms:identifier "letter.txt" ;
    dcterms:license <https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/> ;
    foaf:page <https://example.org/letter> ;
    peel:digest "{DIGEST}" .

recommendation:a a peel:Recommendation ;
    peel:wording "One is good. Two is better."@en ;
    peel:timeLimit "Within a week" ;
    peel:evidence "One is good. Two is better.", "Within a week, they should:", "try;" .

<#skip-1> a peel:Passage ; peel:notEvidence true ; peel:reason "heading"@en ;
    peel:evidence "A letter" .
"""


def woven() -> str:
    source = Source(Path("letter.txt"), TEXT, DIGEST)
    return weave(parse_record(Path("letter.ttl"), RECORD), source).text


WOVEN = woven()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "letter.txt").write_bytes(TEXT.encode())
    (tmp_path / "letter.ttl").write_text(WOVEN, encoding="utf-8")
    return tmp_path


def run(folder: Path, command: str, *options: str) -> Result:
    arguments = [command, "--sources", str(folder), str(folder / "letter.ttl"), *options]
    return CliRunner().invoke(evidence, arguments)


def test_a_woven_record_is_clean(folder: Path) -> None:
    result = run(folder, "check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 record; 4 passages verified, 0 problems.\n"


WRONG = [
    (f'peel:digest "{DIGEST}"', 'peel:digest "00"', ":8: The document has the digest 00"),
    ("oa:start 0 ;", "oa:start 1 ;", ":19: <#char=0,8>: The selector's"),
    ("<#char=0,8> a", "<#char=0,800> a", "Lies outside the document"),
    ("<#char=0,8> a", "<#char=a> a", "must be <#char=START,END>"),
    ("oa:hasSource <>", "oa:hasSource <#x>", "oa:hasSource must be the document"),
    ('peel:reason "heading"@en ; ', "", "without a peel:reason"),
    ("peel:notEvidence true ; ", "", "Nothing refers to it"),
    ('peel:linkStart "A letter"', 'peel:linkStart "letter"', "peel:linkStart and peel:linkEnd"),
    (' ; peel:linkStart "A letter"', "", "peel:linkStart is missing"),
    ("    foaf:page <https://example.org/letter> ;\n", "", "only for open documents"),
    ('peel:wording "One is good.', 'peel:wording "One was good.', ":14: peel:wording of recomm"),
    ('peel:timeLimit "Within a week"', 'peel:timeLimit "In a week"', "peel:timeLimit of recomm"),
    ("peel:evidence <#char=", 'peel:evidence "A letter", <#char=', ":17:19: A passage is still"),
    ("peel:evidence <#char=", "peel:evidence <#char=0,8>, <#char=", "declared as no evidence"),
    ("peel:evidence <#char=", "peel:evidence <#char=1,8>, <#char=", "no line that describes it"),
    ("peel:evidence <#char=", "peel:evidence foaf:page, <#char=", "is no passage of this record"),
    ("a peel:SourceDocument", "a peel:Document", "Is no record"),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG)
def test_what_disagrees_is_found_with_its_line(
    folder: Path, old: str, new: str, message: str
) -> None:
    assert old in WOVEN
    (folder / "letter.ttl").write_text(WOVEN.replace(old, new, 1), encoding="utf-8")
    result = run(folder, "check")
    assert result.exit_code == 1
    assert message in result.stdout


def test_the_digest_of_each_passage_is_verified(folder: Path) -> None:
    digests = re.findall(r'peel:digest "([0-9a-f]{64})"', WOVEN)
    assert len(digests) == 5
    for digest in digests[1:]:
        text = WOVEN.replace(digest, digest[::-1])
        (folder / "letter.ttl").write_text(text, encoding="utf-8")
        result = run(folder, "check")
        assert (result.exit_code, result.stdout.count("peel:digest is not that")) == (1, 1)


def test_wording_must_stand_within_one_passage(folder: Path) -> None:
    text = RECORD.replace('"One is good. Two is better.",', '"One is good.", "Two is better.",')
    (folder / "letter.ttl").write_text(text, encoding="utf-8")
    assert run(folder, "weave").exit_code == 0
    assert "in none of its passages" in run(folder, "check").stdout


def test_missing_sources_are_named_and_skipped(folder: Path) -> None:
    (folder / "letter.txt").unlink()
    result = run(folder, "check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "The source letter.txt of letter.ttl is not in" in result.stderr
    assert "1 skipped for want of its source" in result.stderr
    assert run(folder, "coverage").exit_code == 0
    assert run(folder, "weave").exit_code == 1


def test_a_source_under_another_name_is_found_by_its_digest(folder: Path) -> None:
    (folder / "letter.txt").rename(folder / "renamed.txt")
    assert "4 passages verified" in run(folder, "check").stderr


def test_a_source_is_looked_for_within_its_folder_only(folder: Path) -> None:
    (folder / "inner").mkdir()
    assert find_source(folder / "inner", "../letter.txt", None) is None


@pytest.mark.parametrize("command", ["weave", "check", "coverage"])
def test_what_cannot_be_read_ends_with_2(folder: Path, command: str) -> None:
    def status(content: bytes | None) -> tuple[int, str]:
        file = folder / "letter.ttl"
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        result = run(folder, command)
        return result.exit_code, result.stderr

    code, message = status(WOVEN.encode() + b"\n<> peel:x .")
    assert (code, "letter.ttl:24:" in message) == (2, True)
    assert status(b"\xff")[0] == 2
    assert status(None)[0] == 2
    assert run(folder, command, "--nonsense").exit_code == 2
    assert CliRunner().invoke(evidence, [command]).exit_code == 2


def test_weaving_writes_the_file_and_then_leaves_it(folder: Path) -> None:
    file = folder / "letter.ttl"
    file.write_text(RECORD, encoding="utf-8")
    file.chmod(0o640)
    result = run(folder, "weave", "--check")
    assert (result.exit_code, file.read_text(encoding="utf-8")) == (1, RECORD)
    result = run(folder, "weave")
    assert result.exit_code == 0
    assert "1 changed: 4 passages woven from words, 0 no longer used." in result.stderr
    assert file.read_text(encoding="utf-8") == WOVEN
    assert file.stat().st_mode & 0o777 == 0o640
    before = file.stat().st_mtime_ns
    assert run(folder, "weave", "--check").exit_code == 0
    assert run(folder, "weave").exit_code == 0
    assert file.stat().st_mtime_ns == before
    assert sorted(path.name for path in folder.iterdir()) == ["letter.ttl", "letter.txt"]


def test_nothing_is_written_while_any_file_is_wrong(folder: Path) -> None:
    (folder / "letter.ttl").write_text(RECORD, encoding="utf-8")
    other = folder / "other.ttl"
    other.write_text(RECORD.replace('"try;"', '"cry;"'), encoding="utf-8")
    result = run(folder, "weave", str(other))
    assert result.exit_code == 1
    assert re.search(r"other\.ttl:17:\d+: The words are not in letter\.txt", result.stdout)
    assert "nothing was written" in result.stderr
    assert (folder / "letter.ttl").read_text(encoding="utf-8") == RECORD


def test_coverage_counts_and_lists(folder: Path) -> None:
    result = run(folder, "coverage")
    assert result.exit_code == 0
    assert result.stdout == (
        "letter: 5 of 5 sentences (100.0 %): 4 evidence, 1 declared as no evidence\n"
    )
    (folder / "letter.ttl").write_text(RECORD.replace(', "try;"', ""), encoding="utf-8")
    result = run(folder, "coverage")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == ["  letter.txt:4: try;"]
    assert run(folder, "coverage", "--fail-under", "80").exit_code == 0
    assert run(folder, "coverage", "--fail-under", "80.1").exit_code == 1


def test_coverage_as_json(folder: Path) -> None:
    (folder / "letter.ttl").write_text(RECORD.replace(', "try;"', ""), encoding="utf-8")
    answer = json.loads(run(folder, "coverage", "--format", "json").stdout)
    assert answer == {
        "documents": [
            {
                "record": "letter",
                "source": "letter.txt",
                "sentences": 5,
                "evidence": 3,
                "notEvidence": 1,
                "percent": 80.0,
                "uncovered": [{"line": 4, "start": 67, "end": 71, "text": "try;"}],
            }
        ],
        "missing": [],
    }


def test_coverage_of_another_text_is_no_coverage(folder: Path) -> None:
    (folder / "letter.txt").write_bytes(TEXT.encode() + b"\n")
    result = run(folder, "coverage")
    assert result.exit_code == 1
    assert "made from another text" in result.stderr


RECORDS = sorted(SHIPPED.records.glob("*.ttl"))


@pytest.mark.parametrize("file", RECORDS, ids=lambda file: file.stem)
def test_shipped_records_agree_with_their_sources(file: Path, sources: Path) -> None:
    record = read_record(file)
    source = find_source(sources, record.identifier, record.digest)
    assert source is not None
    assert [str(problem) for problem in check(record, source).problems] == []


def test_the_shipped_records_cover_all_sentences(sources: Path) -> None:
    result = CliRunner().invoke(evidence, ["coverage", "--sources", str(sources)])
    assert result.exit_code == 0, result.stdout + result.stderr
    assert f"{len(RECORDS)} documents measured; 0 below 100 %." in result.stderr
