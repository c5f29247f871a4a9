"""A new record begins with what the document proves, and every sentence to work through."""

import re
import tomllib
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from peelgraph.cli.record import record
from peelgraph.evidence.check import check
from peelgraph.evidence.coverage import coverage
from peelgraph.evidence.record import parse_record
from peelgraph.evidence.source import Source, read_source
from peelgraph.evidence.weave import weave
from peelgraph.manifest import check_manifest
from peelgraph.scaffold import scaffold

TEXT = (
    'A "letter"\nOne is good. Two is a good deal better than all of the others.\n• End.\n• End.\n'
)
SOURCE = Source(Path("a letter.txt"), TEXT, sha256(TEXT.encode()).hexdigest())


def new(*arguments: object) -> Result:
    return CliRunner().invoke(record, ["new", *map(str, arguments)])


def uncommented(text: str) -> str:
    """Turn the list of sentences into the evidence of one finding."""
    words = re.findall(r"^#   \d+: (\".*\")$", text, re.MULTILINE)
    return f"{text}\n<http://example.org/finding> peel:evidence {', '.join(words)} .\n"


def test_the_sentences_listed_weave_to_a_full_record() -> None:
    made = scaffold(SOURCE, "letter", "A letter", date(2026, 11, 22))
    result = weave(parse_record(Path("letter.ttl"), uncommented(made.record)), SOURCE)
    assert result.problems == ()
    assert coverage(TEXT, result.passages).evidence == 5
    assert check(parse_record(Path("letter.ttl"), result.text), SOURCE).problems == ()


def test_long_sentences_are_not_copied() -> None:
    made = scaffold(SOURCE, "letter", "A letter", date(2026, 11, 22))
    assert '#   2: "Two is a good … all of the others."' in made.record
    assert "deal better" not in made.record


def test_the_document_is_described_by_what_it_proves() -> None:
    made = scaffold(SOURCE, "letter", 'The "letter"', date(2026, 11, 22))
    found = parse_record(Path("letter.ttl"), made.record)
    assert (found.is_record, found.identifier) == (True, "a letter.txt")
    assert found.digest == SOURCE.digest
    assert 'dcterms:title "The \\"letter\\""@en' in made.record
    assert 'peel:retrievedOn "2026-11-22"^^edtf:EDTF' in made.record


def test_an_empty_record_does_not_meet_its_manifest(tmp_path: Path) -> None:
    path = tmp_path / "letter.toml"
    text = scaffold(SOURCE, "letter", "A letter", date(2026, 11, 22)).manifest
    path.write_text(text, encoding="utf-8")
    known = {"SourceDocument", "Passage"}
    assert tomllib.loads(text)["exactly"] == {"SourceDocument": 1}
    assert check_manifest(path, {"SourceDocument": 1, "Passage": 1}, known) == []
    assert check_manifest(path, {"SourceDocument": 1}, known) != []


def test_new_writes_both_files_once(tmp_path: Path) -> None:
    source = tmp_path / SOURCE.file.name
    source.write_bytes(TEXT.encode())
    result = new(source, "--into", tmp_path)
    files = [tmp_path / "a-letter.ttl", tmp_path / "a-letter.toml"]
    assert result.exit_code == 0
    assert result.stdout == "".join(f"{file}\n" for file in files)
    assert 'dcterms:title "A \\"letter\\""@en' in files[0].read_text(encoding="utf-8")
    files[0].write_text("mine", encoding="utf-8")
    files[1].unlink()
    result = new(source, "--into", tmp_path)
    assert (result.exit_code, files[1].exists()) == (1, False)
    assert "Is there already" in result.stderr
    assert files[0].read_text(encoding="utf-8") == "mine"


def test_new_names_the_record(tmp_path: Path) -> None:
    source = tmp_path / "x.txt"
    source.write_bytes(TEXT.encode())
    assert new(source, "--into", tmp_path, "--title", "PEEL 2025: A force").exit_code == 0
    assert new(source, "--into", tmp_path, "--record", "letter-2025").exit_code == 0
    names = sorted(path.name for path in tmp_path.glob("*.ttl"))
    assert names == ["letter-2025.ttl", "peel-2025-a-force.ttl"]


@pytest.mark.parametrize(
    ("content", "options", "status", "message"),
    [
        (None, [], 2, "Cannot be read"),
        (b"One\n\xff", [], 2, ":2: Is not UTF-8 text."),
        (b" \n--\n", [], 1, "Holds no words."),
        (b"One.", ["--record", "A_letter"], 2, "Try 'a-letter'"),
        (b"One.", ["--record", "../letter"], 2, "Try 'letter'"),
        (b"One.", ["--into", "nowhere"], 2, "does not exist"),
    ],
)
def test_new_says_what_is_wrong(
    tmp_path: Path, content: bytes | None, options: list[str], status: int, message: str
) -> None:
    source = tmp_path / "x.txt"
    if content is not None:
        source.write_bytes(content)
    result = new(source, "--into", tmp_path, *options)
    assert (result.exit_code, message in result.stderr) == (status, True)
    assert list(tmp_path.glob("*.t*l")) == []


@pytest.mark.parametrize("number", range(5))
def test_each_source_can_be_written_by_its_words(sources: Path, number: int) -> None:
    source = read_source(next(sources.glob(f"00{number}_*.txt")))
    made = scaffold(source, "record", "A title", date(2026, 11, 22))
    result = weave(parse_record(Path("record.ttl"), uncommented(made.record)), source)
    assert result.problems == ()
    assert coverage(source.text, result.passages).share == 100.0
