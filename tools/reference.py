"""Write the reference pages in ``docs/reference/`` from their sources, or check them (``--check``).

Terms come from the ontology and the schemes, shapes from ``shapes/``, questions from their headers,
commands from their help texts.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS
from rdflib.term import Node

from peelgraph.cli import cli
from peelgraph.namespaces import PEEL, shorten
from peelgraph.questions import names, question

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "reference"
_NOTE = "This page is made by `tools/reference.py`; change its sources, not the page.\n"


def loaded(folder: Path, pattern: str) -> Graph:
    """Return the Turtle files of a folder as one graph."""
    graph = Graph()
    for file in sorted(folder.glob(pattern)):
        graph.parse(file, format="turtle")
    return graph


def said(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    """Return the values of a property as text, in order."""
    values = sorted(graph.objects(subject, predicate), key=str)
    return [
        f"`{shorten(str(value))}`" if isinstance(value, URIRef) else str(value) for value in values
    ]


def vocabulary() -> Iterator[str]:
    """Yield the page of classes and properties."""
    graph = loaded(ROOT / "ontology", "*.ttl") + loaded(ROOT / "ontology", "alignments/*.ttl")
    yield "# Vocabulary\n"
    yield _NOTE
    for heading, kinds in (
        ("Classes", (OWL.Class,)),
        ("Properties", (OWL.ObjectProperty, OWL.DatatypeProperty)),
    ):
        yield f"## {heading}\n"
        terms = {term for kind in kinds for term in graph.subjects(RDF.type, kind)}
        for term in sorted(str(each) for each in terms if str(each).startswith(PEEL)):
            yield from _term(graph, URIRef(term))


def _term(graph: Graph, term: URIRef) -> Iterator[str]:
    yield f"### `{shorten(str(term))}`\n"
    yield from (f"{text}\n" for text in said(graph, term, SKOS.definition))
    facts = [
        f"- {label}: {', '.join(values)}"
        for label, predicate in (
            ("under", RDFS.subClassOf),
            ("under", RDFS.subPropertyOf),
            ("of", RDFS.domain),
            ("to", RDFS.range),
        )
        if (values := [each for each in said(graph, term, predicate) if each.startswith("`")])
    ]
    facts += [f"- {text}" for text in said(graph, term, SKOS.scopeNote)]
    facts += [f"- Example: {text}" for text in said(graph, term, SKOS.example)]
    if facts:
        yield "\n".join(facts) + "\n"


def schemes() -> Iterator[str]:
    """Yield the page of concept schemes."""
    graph = loaded(ROOT / "ontology" / "schemes", "*.ttl")
    yield "# Concept schemes\n"
    yield _NOTE
    for scheme in sorted(graph.subjects(RDF.type, SKOS.ConceptScheme), key=str):
        title = said(graph, scheme, SKOS.prefLabel) or said(graph, scheme, DCTERMS.title)
        yield f"## {title[0]}\n"
        yield from (f"{text}\n" for text in said(graph, scheme, SKOS.definition))
        rows = ["| concept | label | definition |", "|---|---|---|"]
        for concept in sorted(graph.subjects(SKOS.inScheme, scheme), key=str):
            cells = [
                f"`{shorten(str(concept))}`",
                "; ".join(said(graph, concept, SKOS.prefLabel)),
                " ".join(said(graph, concept, SKOS.definition)),
            ]
            rows.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
        yield "\n".join(rows) + "\n"


def shapes() -> Iterator[str]:
    """Yield the page of shapes: what each demands, by the severity of breaking it."""
    graph = loaded(ROOT / "shapes", "*.ttl")
    yield "# Shapes\n"
    yield _NOTE
    yield "Examples that conform and that do not lie in `shapes/examples/`, one folder a shape.\n"
    speaking = {shape for shape in graph.subjects(SH.message, None) if isinstance(shape, URIRef)}
    rows = ["| shape | severity | what to do |", "|---|---|---|"]
    for shape in sorted(speaking, key=str):
        owners = [shape, *graph.subjects(SH.sparql, shape)]
        severity = [text for owner in owners for text in said(graph, owner, SH.severity)]
        level = severity[0].strip("`").removeprefix("sh:").lower() if severity else "violation"
        message = " ".join(said(graph, shape, SH.message))
        rows.append(f"| `{shorten(str(shape))}` | {level} | {_cell(message)} |")
    yield "\n".join(rows) + "\n"


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
    "schemes": schemes,
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
