"""Write the reference pages in ``docs/reference/`` from their sources, or check them (``--check``).

Terms come from the ontology and the schemes, shapes from ``shapes/``, questions from their headers,
commands from their help texts.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from peelgraph.cli import cli
from peelgraph.questions import names, question
from peelgraph.reference import rules, said, schemes, terms
from peelgraph.reference.terms import Term

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "reference"
_NOTE = "This page is made by `tools/reference.py`; change its sources, not the page.\n"


def vocabulary() -> Iterator[str]:
    """Yield the page of classes and properties."""
    every = terms.terms(said.ontology(), rules.rules(said.shapes(), said.ontology()))
    yield "# Vocabulary\n"
    yield _NOTE
    for heading, kind in (("Classes", "class"), ("Properties", "property")):
        yield f"## {heading}\n"
        for term in every:
            if term.kind == kind:
                yield from _term(term)


def _term(term: Term) -> Iterator[str]:
    yield f"### `peel:{term.name}`\n"
    yield f"{term.definition}\n"
    facts = [
        f"- {label}: {', '.join(f'`{each.name}`' for each in values)}"
        for label, values in (("under", term.under), ("of", term.of), ("to", term.to))
        if values
    ]
    facts += [f"- {text}" for text in term.notes]
    facts += [f"- Example: {text}" for text in term.examples]
    if term.rules:
        facts.append(f"- governed by: {', '.join(f'`{each.name}`' for each in term.rules)}")
    if facts:
        yield "\n".join(facts) + "\n"


def concept_schemes() -> Iterator[str]:
    """Yield the page of concept schemes."""
    yield "# Concept schemes\n"
    yield _NOTE
    for scheme in schemes.schemes(said.ontology()):
        yield f"## {scheme.title}\n"
        yield f"{scheme.description}\n"
        table = ["| concept | label | definition |", "|---|---|---|"]
        for concept in scheme.concepts:
            cells = [f"`{concept.name}`", concept.label, concept.definition]
            table.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
        yield "\n".join(table) + "\n"


def shapes() -> Iterator[str]:
    """Yield the page of shapes: what each demands, and what to do where it is broken."""
    yield "# Shapes\n"
    yield _NOTE
    yield "Examples that conform and that do not lie in `shapes/examples/`, one folder a shape.\n"
    for part in rules.parts(said.shapes(), said.ontology()):
        yield f"## {part.title}\n"
        yield f"{part.description}\n"
        table = ["| shape | severity | demands | what to do |", "|---|---|---|---|"]
        for rule in part.rules:
            cells = [f"`peelsh:{rule.name}`", rule.severity, rule.words, rule.message]
            table.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
        yield "\n".join(table) + "\n"


def questions() -> Iterator[str]:
    """Yield the page of questions."""
    yield "# Questions\n"
    yield _NOTE
    yield "Each is a command (`peelgraph ask NAME`) and an address (`/questions/NAME`).\n"
    for asked in map(question, names()):
        yield f"## {asked.name}\n"
        yield f"{asked.question}\n"
        rows = ["| parameter | takes | meaning |", "|---|---|---|"]
        for each in asked.parameters:
            takes = {"day": "a day", "concept": f"a concept of `{each.scheme}:`"}.get(each.type)
            takes = takes or " or ".join(each.choices or each.kinds or ("a thing",))
            needed = " (required)" if each.name in asked.required else ""
            default = f" Default: {each.default}." if each.default else ""
            rows.append(f"| `{each.name}`{needed} | {takes} | {_cell(each.help + default)} |")
        yield "\n".join(rows) + "\n"
        rows = ["| column | meaning |", "|---|---|"]
        rows += [f"| `{name}` | {_cell(text)} |" for name, text in asked.columns.items()]
        yield "\n".join(rows) + "\n"


def commands() -> Iterator[str]:
    """Yield the page of commands, each with its help text."""
    yield "# Commands\n"
    yield _NOTE
    for path, command in _walk(cli, ("peelgraph",)):
        if path[:2] == ("peelgraph", "ask") and len(path) > 2:
            continue
        context = click.Context(command, info_name=" ".join(path), terminal_width=88)
        yield f"## {' '.join(path)}\n"
        yield f"```text\n{command.get_help(context)}\n```\n"


def _walk(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _walk(below, (*path, name))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES: dict[str, Callable[[], Iterable[str]]] = {
    "commands": commands,
    "questions": questions,
    "schemes": concept_schemes,
    "shapes": shapes,
    "vocabulary": vocabulary,
}


def main() -> int:
    """Write or check every page, and return the exit status."""
    check = "--check" in sys.argv[1:]
    stale = []
    OUT.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        file = OUT / f"{name}.md"
        text = "\n".join(page())
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            stale.append(file)
            if not check:
                file.write_text(text, encoding="utf-8")
    for file in stale:
        print(f"{'not current' if check else 'written'}: {file.relative_to(ROOT)}")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
