"""``peelgraph evidence``: weave, check and measure the passages of records."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from peelgraph.evidence.check import check
from peelgraph.evidence.coverage import Coverage, coverage
from peelgraph.evidence.problem import Problem, Unreadable
from peelgraph.evidence.record import Record, read_record
from peelgraph.evidence.source import Source, find_source, plain
from peelgraph.evidence.weave import weave
from peelgraph.evidence.writing import replace_text
from peelgraph.resources import current

_T = TypeVar("_T")
_FILES = click.argument("files", nargs=-1, type=click.Path(path_type=Path))
_SOURCES = click.option(
    "--sources",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that holds the source documents.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def evidence() -> None:
    """Weave, check and measure the passages that records point at."""


@evidence.command("weave")
@_FILES
@_SOURCES
@click.option("--check", "only", is_flag=True, help="Write nothing; say what would change.")
def weave_command(files: tuple[Path, ...], sources: Path, only: bool) -> None:
    """Turn words in records into passages.

    Reads the records FILES (all shipped records, if none are given) and their sources. A passage
    written by its words is replaced by its offsets, and the lines that describe the passages are
    written anew at the end of the file. Nothing else of a file changes, and no file changes while
    anything is wrong in any of them.

    Prints problems on standard output, as file:line:column: message, and a summary on standard
    error. Exits 0 when all is woven, 1 when words are ambiguous or absent, a source is missing or
    has changed, or (with --check) a file would change, and 2 when a file cannot be read.

    \b
    Examples:
      peelgraph evidence weave --sources ../sources
      peelgraph evidence weave --check --sources ../sources graph/records/a-letter.ttl
    """
    problems: list[Problem] = []
    changed: list[tuple[Record, str]] = []
    words = dropped = 0
    records = _records(files)
    for record in records:
        source = _source(sources, record)
        if source is None:
            problems.append(Problem(record.file, None, _missing(record, sources)))
            continue
        woven = weave(record, source)
        problems += woven.problems
        words += woven.woven
        dropped += woven.dropped
        if woven.text != record.text:
            changed.append((record, woven.text))
    _print(problems)
    if problems:
        _finish(f"{_count(len(problems), 'problem')}; nothing was written.", 1)
    for record, text in changed:
        if only:
            click.echo(f"{record.file}: would change.")
        else:
            replace_text(record.file, text)
    verb = "would change" if only else "changed"
    _finish(
        f"{_count(len(records), 'record')}, {len(changed)} {verb}: "
        f"{_count(words, 'passage')} woven from words, {dropped} no longer used.",
        1 if only and changed else 0,
    )


@evidence.command("check")
@_FILES
@_SOURCES
def check_command(files: tuple[Path, ...], sources: Path) -> None:
    """Verify every passage of records against the source documents.

    Reads the records FILES (all shipped records, if none are given). Verifies the digest of the
    document, and of each passage its offsets, the digest of its text and its words for links; that
    wording is the very wording of a passage; and that nothing is still written by its words.

    Prints problems on standard output, as file:line: message, and a summary on standard error that
    names the sources that are missing; their records are skipped. Exits 0 when nothing is wrong, 1
    when something is, and 2 when a file cannot be read.

    \b
    Examples:
      peelgraph evidence check --sources ../sources
      peelgraph evidence check --sources ../sources graph/records/a-letter.ttl
    """
    problems: list[Problem] = []
    missing: list[str] = []
    passages = 0
    records = _records(files)
    for record in records:
        source = _source(sources, record)
        if source is None and record.is_record:
            missing.append(_missing(record, sources))
            continue
        result = check(record, source)
        passages += result.passages
        problems += result.problems
    _print(problems)
    for message in missing:
        click.echo(message, err=True)
    skipped = f", {len(missing)} skipped for want of its source" if missing else ""
    _finish(
        f"{_count(len(records), 'record')}{skipped}; {_count(passages, 'passage')} verified, "
        f"{_count(len(problems), 'problem')}.",
        1 if problems else 0,
    )


@evidence.command("coverage")
@_FILES
@_SOURCES
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    default=100,
    show_default=True,
    metavar="PERCENT",
    help="The share that each document must reach.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def coverage_command(files: tuple[Path, ...], sources: Path, fail_under: float, form: str) -> None:
    """Say which sentences and bullets of the sources no passage covers.

    Reads the records FILES (all shipped records, if none are given). A sentence is covered if all
    its non-space characters lie in passages; passages still written by their words count.

    Prints for each document the figures and the sentences that are not covered, with their lines in
    the source; on standard error what is wrong, and which sources are missing. Exits 0 when every
    document reaches --fail-under, 1 when one does not or its record cannot be woven, and 2 when a
    file cannot be read.

    \b
    Examples:
      peelgraph evidence coverage --sources ../sources
      peelgraph evidence coverage --sources ../sources --format json
    """
    measured: list[tuple[Record, Source, Coverage]] = []
    missing: list[Record] = []
    problems: list[Problem] = []
    for record in _records(files):
        source = _source(sources, record)
        if source is None:
            missing.append(record)
            continue
        woven = weave(record, source)
        problems += woven.problems
        measured.append((record, source, coverage(source.text, woven.passages)))
    (_print_json if form == "json" else _print_text)(measured, missing)
    for problem in problems:
        click.echo(str(problem), err=True)
    for record in missing:
        click.echo(_missing(record, sources), err=True)
    low = [found for _, _, found in measured if found.share < fail_under]
    skipped = f", {len(missing)} skipped for want of its source" if missing else ""
    figure = f"{len(low)} below {fail_under:g} %"
    _finish(
        f"{_count(len(measured), 'document')} measured{skipped}; {figure}.",
        1 if low or problems else 0,
    )


def _print_text(measured: list[tuple[Record, Source, Coverage]], missing: list[Record]) -> None:
    for record, source, found in measured:
        covered = found.evidence + found.idle
        kinds = f"{found.evidence} evidence, {found.idle} declared as no evidence"
        whole = f"{covered} of {_count(found.total, 'sentence')} ({found.share:.1f} %)"
        click.echo(f"{record.file.stem}: {whole}: {kinds}")
        for sentence in found.uncovered:
            click.echo(f"  {source.file.name}:{sentence.line}: {plain(sentence.text)}")


def _print_json(measured: list[tuple[Record, Source, Coverage]], missing: list[Record]) -> None:
    documents: list[dict[str, Any]] = [
        {
            "record": record.file.stem,
            "source": source.file.name,
            "sentences": found.total,
            "evidence": found.evidence,
            "notEvidence": found.idle,
            "percent": round(found.share, 2),
            "uncovered": [
                {"line": s.line, "start": s.start, "end": s.end, "text": plain(s.text)}
                for s in found.uncovered
            ],
        }
        for record, source, found in measured
    ]
    answer = {"documents": documents, "missing": [record.file.stem for record in missing]}
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _records(files: Iterable[Path]) -> list[Record]:
    """Read the records; a file that cannot be read ends the command with status 2."""
    chosen = list(files) or sorted(current().records.glob("*.ttl"))
    return [_read(read_record, file) for file in chosen]


def _source(sources: Path, record: Record) -> Source | None:
    return _read(lambda folder: find_source(folder, record.identifier, record.digest), sources)


def _read(read: Callable[[Path], _T], path: Path) -> _T:
    try:
        return read(path)
    except Unreadable as error:
        click.echo(str(error.problem), err=True)
        sys.exit(2)


def _missing(record: Record, sources: Path) -> str:
    name = record.identifier or "(no dcterms:identifier)"
    return f"The source {name} of {record.file.name} is not in {sources}."


def _print(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _finish(summary: str, status: int) -> None:
    click.echo(summary, err=True)
    sys.exit(status)
