"""A larger project out of the shipped one: the records of one force again and again, renamed.

Each copy has a force, people, offices, documents and items of its own, so that it is as valid as
the first; the vocabulary, the inspectorate and the other forces stay shared. The copies are alike,
which real records are not: this measures size and nothing else.
"""

import re
import shutil
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from peelgraph.namespaces import ID, KINDS, PREFIXES
from peelgraph.resources import Project

#: what stands in the register for the whole country
_SHARED = ("body:hmic", "body:hmicfrs", "body:home-office", "body:nhs", "body:ppog")
_NAME = re.compile(rf"(?<![\w:<-])({'|'.join(KINDS.values())}):([a-z0-9][a-z0-9-]*)")
_DIGEST = re.compile(r'(?<=peel:digest ")[0-9a-f]{64}(?=")')


def multiplied(project: Project, triples: int, out: Path) -> Project:
    """Write a project of at least so many *triples* to the folder *out*, and return it."""
    for name in ("ontology", "shapes"):
        shutil.copytree(project.root / name, out / name)
    for name in ("register", "reference", "editorial", "rules", "records"):
        shutil.copytree(project.root / "graph" / name, out / "graph" / name)
    larger = Project(out)
    files = [*project.records.glob("*.ttl"), *project.editorial.glob("west-*.ttl")]
    texts = {path.relative_to(project.root): path.read_text("utf-8") for path in sorted(files)}
    register = _own(project)
    own = _subjects(*texts.values(), register) - {_iri(name) for name in _SHARED}
    size = sum(_size(text) for text in (*texts.values(), register))
    count = -(-(triples - _shipped(project)) // size)
    for number in range(2, count + 2):
        for path, text in texts.items():
            renamed = _renamed(text, number, own)
            stem = f"{path.stem}-c{number}"
            (out / path).with_name(f"{stem}.ttl").write_text(renamed, "utf-8")
            manifest = (project.root / path).with_suffix(".toml")
            if manifest.exists():
                shutil.copy(manifest, (out / path).with_name(f"{stem}.toml"))
        extra = larger.register / f"copy-{number}.ttl"
        extra.write_text(_renamed(register, number, own), "utf-8")
    return larger


def _own(project: Project) -> str:
    """Return what the register says of people, offices and the one force."""
    kept = []
    for name in ("people", "offices", "forces", "local-policing-bodies", "bodies"):
        text = (project.register / f"{name}.ttl").read_text("utf-8")
        head, *blocks = re.split(r"\n(?=[a-z]+:|<)", text)
        kept += [line for line in head.splitlines() if line.startswith("@prefix")]
        kept += [
            block
            for block in blocks
            if block.startswith(("person:", "office:", "force:west-midlands", "body:west-midlands"))
        ]
    return "\n".join(dict.fromkeys(kept)) + "\n"


def _renamed(text: str, number: int, own: set[str]) -> str:
    def name(match: re.Match[str]) -> str:
        whole = match.group()
        return f"{whole}-c{number}" if _iri(whole) in own else whole

    text = _NAME.sub(name, text)
    text = re.sub(rf"(?<=@base <){re.escape(ID)}document/[^>]*", rf"\g<0>-c{number}", text)
    text = re.sub(rf"(<{re.escape(ID)}document/[a-z0-9-]+)(?=[#>])", rf"\1-c{number}", text)
    text = text.replace(f"-c{number}-c{number}", f"-c{number}")
    return _DIGEST.sub(lambda match: sha256(f"{match.group()}{number}".encode()).hexdigest(), text)


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _parsed(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, format=ox.RdfFormat.TURTLE))


def _subjects(*texts: str) -> set[str]:
    found = (quad.subject for text in texts for quad in _parsed(text))
    return {each.value for each in found if isinstance(each, ox.NamedNode)}


def _size(text: str) -> int:
    return len(_parsed(text))


def _shipped(project: Project) -> int:
    return sum(_size(path.read_text("utf-8")) for path in (project.root / "graph").rglob("*.ttl"))
