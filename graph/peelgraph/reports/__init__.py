"""What a validation found, written for whoever reads it: people, editors, forges, other tools.

Every module has one form, and a function ``written`` from an examination to text.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peelgraph.validation.finding import Examination

#: the forms, each with the ends of files that are written in it
FORMATS: dict[str, tuple[str, ...]] = {
    "text": (".txt",),
    "json": (".json",),
    "sarif": (".sarif", ".sarif.json"),
    "junit": (".xml",),
    "github": (),
    "turtle": (".ttl",),
    "jsonld": (".jsonld",),
    "ntriples": (".nt",),
    "rdfxml": (".rdf",),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a report is written.

    :param fail_on: the mildest severity that counts as failed
    :param here: the folder from which paths are shown
    :param colour: whether to colour the text
    """

    fail_on: str
    here: Path
    colour: bool = False

    def shown(self, file: Path) -> str:
        """Return a path as people of this folder write it, with ``/``."""
        file = file.resolve()
        here = self.here.resolve()
        return file.relative_to(here).as_posix() if file.is_relative_to(here) else file.as_posix()


def format_of(path: Path) -> str | None:
    """Return the form that the name of a file stands for.

    >>> format_of(Path("peelgraph.sarif")), format_of(Path("report"))
    ('sarif', None)
    """
    ends = {end: name for name, names in FORMATS.items() for end in names}
    return next((name for end, name in ends.items() if path.name.lower().endswith(end)), None)


def written(examination: "Examination", form: str, style: Style) -> str:
    """Return the report of an *examination* in a form of :data:`FORMATS`."""
    from peelgraph.reports import github, json, junit, rdf, sarif, text

    writers: dict[str, Callable[[Examination, Style], str]] = {
        "text": text.written,
        "json": json.written,
        "sarif": sarif.written,
        "junit": junit.written,
        "github": github.written,
    }
    if form in writers:
        return writers[form](examination, style)
    return rdf.written(examination, form)
