"""Manifests: the counts that a record must meet, so that a half-read source cannot pass.

Beside ``{record}.ttl`` lies ``{record}.toml`` with two tables, ``[exactly]`` and ``[at-least]``,
that give for classes, by their local names, how many things the record describes.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from peelgraph.evidence.problem import Problem

__all__ = ["Problem", "check_manifest"]

EXACTLY, AT_LEAST = "exactly", "at-least"
_TABLE = re.compile(r"\s*\[\s*[\"']?([^\"'\]]*?)[\"']?\s*\]")
_KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*=")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def check_manifest(
    path: Path, counts: Mapping[str, int], known_classes: Collection[str]
) -> list[Problem]:
    """Return what is wrong with the manifest at *path*, or with the record it speaks of.

    :param counts: how many things of each class, by its local name, the record's own graph has
    :param known_classes: the local names of all classes of the vocabulary
    """
    try:
        text = path.read_bytes().decode("utf-8")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        message = "The record has no manifest; write one that says how much it must hold."
        return [Problem(path, None, message)]
    except OSError as error:
        return [Problem(path, None, f"Cannot be read: {error.strerror}.")]
    except UnicodeDecodeError:
        return [Problem(path, None, "Is not UTF-8 text.")]
    except tomllib.TOMLDecodeError as error:
        return [_not_toml(path, text, str(error))]
    lines = _lines(text)
    return [
        Problem(path, lines.get(key), message)
        for key, message in _problems(tables, counts, known_classes)
    ]


def _problems(
    tables: Mapping[str, object], counts: Mapping[str, int], known: Collection[str]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Return each problem with the table and the key (or no key) that it is about."""
    if not any(tables.get(table) for table in (EXACTLY, AT_LEAST)):
        yield ("", ""), f"Demands nothing; give counts under [{EXACTLY}] or [{AT_LEAST}]."
    for table, demands in tables.items():
        if table not in (EXACTLY, AT_LEAST) or not isinstance(demands, dict):
            yield (table, ""), f"Has {table!r}; only [{EXACTLY}] and [{AT_LEAST}] are understood."
            continue
        for name, demand in demands.items():
            if message := _wrong(table, name, demand, counts, known):
                yield (table, name), message
    exactly, at_least = tables.get(EXACTLY), tables.get(AT_LEAST)
    if isinstance(exactly, dict) and isinstance(at_least, dict):
        for name in exactly.keys() & at_least.keys():
            yield (AT_LEAST, name), f"{name} stands in both tables; keep one."


def _wrong(
    table: str, name: str, demand: object, counts: Mapping[str, int], known: Collection[str]
) -> str | None:
    if name not in known:
        near = get_close_matches(name, sorted(known), n=1)
        return f"{name} is no class of the vocabulary{f'; perhaps {near[0]}' if near else ''}."
    if not isinstance(demand, int) or isinstance(demand, bool) or demand < 0:
        return f"{name} must be a whole number from 0, not {demand!r}."
    count = counts.get(name, 0)
    if table == EXACTLY and count != demand:
        return f"Exactly {demand} {name} expected; the record has {count}."
    if table == AT_LEAST and count < demand:
        return f"At least {demand} {name} expected; the record has {count}."
    return None


def _not_toml(path: Path, text: str, message: str) -> Problem:
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else len(text.splitlines())
    column = int(place[2]) if place and place[2] else None
    return Problem(path, line, f"Is not TOML: {_PLACE.sub('', message)}.", column)


def _lines(text: str) -> dict[tuple[str, str], int]:
    r"""Return the line of each table and of each key in it.

    >>> _lines("[exactly]\nDecision = 1\n")
    {('exactly', ''): 1, ('exactly', 'Decision'): 2}
    """
    lines: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if opened := _TABLE.match(line):
            table = opened[1]
            lines.setdefault((table, ""), number)
        elif key := _KEY.match(line):
            lines.setdefault((table, key[1]) if table else (key[1], ""), number)
    return lines
