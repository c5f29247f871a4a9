"""The lineage questions: one ``.rq`` file each, with a header that says what it asks.

The header is TOML behind ``#+``. What a parameter means stands once, in ``parameters.toml``.

>>> question("phase").required
('force',)
>>> [name for name in names() if name.startswith("phase")]
['phase', 'phase-history']
"""

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from peelgraph.resources import Project, current

#: characters of a wrong name that are repeated, and how many right ones are listed
_LONGEST, _MANY = 80, 30

#: what serves only to leave out what later documents say: the ``OPTIONAL`` that gathers it as
#: ``?hidden``, and each line that looks it up there
_HIDING = re.compile(
    r"^( *)OPTIONAL \{\n\1  SELECT .* AS \?hidden\)\n(?:\1  .*\n)*\1\}\n|^.*\?hidden.*\n", re.M
)

#: what a query begins with from which that is taken out
_OF_ALL = "# Over all that is known: asked with 'known', the query also hides what came later.\n"


class UnknownName(LookupError):
    """A name that does not exist, with the nearest that do."""

    def __init__(self, what: str, name: str, known: list[str]) -> None:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        more = f" and {len(known) - _MANY:,} more" if len(known) > _MANY else ""
        there = f"There are: {', '.join(known[:_MANY])}{more}."
        hint = f"Did you mean {_either(near)}?" if near else there
        shown = name if len(name) <= _LONGEST else name[:_LONGEST] + "…"
        super().__init__(f"There is no {what} '{shown}'. {hint}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its type, and what the type needs to be checked."""

    name: str
    type: Literal["day", "thing", "concept", "token"]
    help: str
    example: str
    kinds: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    scheme: str = ""
    choices: tuple[str, ...] = ()
    default: str = ""

    @property
    def variable(self) -> str:
        """The variable that the value enters a query by.

        >>> parameter("force").variable
        'askForce'
        """
        return f"ask{self.name[:1].upper()}{self.name[1:]}"


@dataclass(frozen=True, slots=True)
class Question:
    """A question: what it asks, what it needs, what it returns.

    :param of_all: the query where ``known`` is not restricted; it has the same rows, sooner
    """

    name: str
    summary: str
    question: str
    parameters: tuple[Parameter, ...]
    required: tuple[str, ...]
    columns: dict[str, str]
    several: tuple[str, ...]
    sparql: str
    of_all: str

    def as_object(self) -> dict[str, object]:
        """Return what the JSON form of the list says."""
        return {
            "name": self.name,
            "summary": self.summary,
            "question": self.question,
            "parameters": [
                {
                    "name": each.name,
                    "type": each.type,
                    "required": each.name in self.required,
                    "help": each.help,
                    "example": each.example,
                }
                for each in self.parameters
            ],
            "columns": self.columns,
        }


def names() -> list[str]:
    """Return the names of all questions, in order."""
    return sorted(_files(current()))


def question(name: str) -> Question:
    """Return the question called *name*.

    :raises UnknownName: there is none; the message suggests the nearest
    """
    return _question(current(), name)


def _files(project: Project) -> dict[str, Path]:
    """Return the file of each question; a project's own takes the place of one of that name."""
    return {
        file.stem: file for each in project.layers for file in sorted(each.questions.glob("*.rq"))
    }


@cache
def _question(project: Project, name: str) -> Question:
    files = _files(project)
    if name not in files:
        raise UnknownName("question", name, sorted(files))
    text = files[name].read_text(encoding="utf-8")
    lines = text.splitlines()
    header = tomllib.loads("\n".join(line[2:] for line in lines if line.startswith("#+")))
    required = tuple(header.get("required", ()))
    sparql = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
    of_all, hides = _HIDING.subn("", sparql)
    return Question(
        name=name,
        summary=header["summary"],
        question=header["question"],
        parameters=tuple(parameter(each) for each in header["parameters"]),
        required=required,
        columns=dict(header["columns"]),
        several=tuple(header.get("several", ())),
        sparql=sparql,
        of_all=_OF_ALL + of_all if hides else sparql,
    )


def parameter(name: str) -> Parameter:
    """Return the parameter called *name*.

    :raises KeyError: there is none
    """
    return _parameters(current())[name]


@cache
def _parameters(project: Project) -> dict[str, Parameter]:
    files = [each.questions / "parameters.toml" for each in project.layers]
    texts = [file.read_text(encoding="utf-8") for file in files if file.is_file()]
    return {
        name: _parameter(name, **fields)
        for text in texts
        for name, fields in tomllib.loads(text).items()
    }


def _parameter(name: str, **fields: Any) -> Parameter:
    for key in ("kinds", "prefer", "choices"):
        fields[key] = tuple(fields.get(key, ()))
    return Parameter(name=name, **fields)


def _either(options: list[str]) -> str:
    quoted = [f"'{option}'" for option in options]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
