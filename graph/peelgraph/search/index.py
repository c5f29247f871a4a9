"""The index of a snapshot: one SQLite file, made once, then only read.

The words of a thing stand in four columns: its title, its other names, its wording and summaries,
and the labels of what it is narrowed by (kind, force, theme, year). ``found`` is an FTS5 table over
them with the Porter stemmer; ``letters`` holds every word as it is written, by its groups of three
letters, for those who mistype one (``near``).
"""

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from peelgraph.engine import Results
from peelgraph.namespaces import BASE
from peelgraph.questions import names, question
from peelgraph.search import texts, years

#: answers a query; prefixes need not be declared
Ask = Callable[[str], Results]

#: the kind of a question, which is no thing of the graph
QUESTION = "question"

_WORD = re.compile(r"[^\W_]+")
_UNWANTED = re.compile(r"[\x00-\x1f]+")

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TEMP TABLE said (iri TEXT, place TEXT, rank INTEGER, text TEXT);
CREATE TABLE entry (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  title TEXT NOT NULL,
  names TEXT NOT NULL DEFAULT '', text TEXT NOT NULL DEFAULT '',
  about TEXT NOT NULL DEFAULT '');
CREATE TABLE facet (entry INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (entry, name, value)) WITHOUT ROWID;
CREATE TABLE label (name TEXT NOT NULL, value TEXT NOT NULL, label TEXT NOT NULL,
  PRIMARY KEY (name, value)) WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, times INTEGER NOT NULL);
CREATE VIRTUAL TABLE found USING fts5 (title, names, text, about,
  content='entry', content_rowid='id',
  tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE letters USING fts5 (word, content='word', content_rowid='id',
  tokenize='trigram', detail='none');
"""
_JOIN = """
INSERT INTO facet SELECT id, 'kind', kind FROM entry;
CREATE INDEX facet_value ON facet (name, value, entry);
UPDATE entry SET names = COALESCE((SELECT GROUP_CONCAT(text, '; ') FROM (
  SELECT DISTINCT text FROM said WHERE said.iri = entry.iri AND place = 'names'
  AND text <> entry.title ORDER BY text)), '');
UPDATE entry SET text = COALESCE((SELECT GROUP_CONCAT(text, ' · ') FROM (
  SELECT text FROM said WHERE said.iri = entry.iri AND place = 'text'
  AND text <> entry.title GROUP BY text ORDER BY MIN(rank), text)), '');
UPDATE entry SET about = COALESCE((SELECT
  GROUP_CONCAT(REPLACE(COALESCE(label, value), '-', ' '), '; ')
  FROM facet LEFT JOIN label USING (name, value) WHERE facet.entry = entry.id), '');
INSERT INTO found (found) VALUES ('rebuild');
INSERT INTO found (found) VALUES ('optimize');
"""


def make(ask: Ask, path: Path) -> None:
    """Write the index of a snapshot to *path*, which is there only when it is whole.

    :raises OSError: the folder cannot be written to
    :raises sqlite3.Error: the file cannot be written
    """
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(beside)) as index:
            fill(ask, index)
            index.commit()
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def fill(ask: Ask, index: sqlite3.Connection) -> None:
    """Fill an empty database with the index of a snapshot."""
    index.executescript(_TABLES)
    index.executemany(
        "INSERT OR IGNORE INTO entry (iri, kind, title) VALUES (?, ?, ?)",
        chain(_rows(ask(texts.ENTRIES)), _questions()),
    )
    for query in (texts.TEXTS, texts.OFFICES):
        index.executemany("INSERT INTO said VALUES (?, ?, ?, ?)", _rows(ask(query)))
    index.executemany("INSERT INTO said VALUES (?, 'text', 1, ?)", _asked())
    index.execute("CREATE INDEX temp.said_of ON said (iri, place)")
    for query in texts.FACETS:
        index.executemany(
            "INSERT OR IGNORE INTO facet SELECT entry.id, ?2, ?3 FROM entry WHERE entry.iri = ?1",
            _rows(ask(query)),
        )
    years.fill(lambda query: _rows(ask(query)), index)
    index.executemany("INSERT OR IGNORE INTO label VALUES (?, ?, ?)", _rows(ask(texts.LABELS)))
    index.executescript(_JOIN)
    _words(index)
    index.executescript("DROP TABLE temp.said; ANALYZE;")


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: no capitals, no accents.

    >>> words("Don’t re-open the Café")
    ['don', 't', 're', 'open', 'the', 'cafe']
    """
    plain = text.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(each for each in apart if not unicodedata.combining(each))
    return _WORD.findall(plain)


def _words(index: sqlite3.Connection) -> None:
    times: Counter[str] = Counter()
    for row in index.execute(
        "SELECT title || ' ' || names || ' ' || text || ' ' || about FROM entry"
    ):
        times.update(words(row[0]))
    index.executemany(
        "INSERT INTO word (word, times) VALUES (?, ?)",
        sorted((word, n) for word, n in times.items() if 2 < len(word) <= 40),
    )
    index.execute("CREATE INDEX word_length ON word (LENGTH(word))")
    index.execute("INSERT INTO letters (letters) VALUES ('rebuild')")


def _questions() -> Iterable[tuple[str, str, str]]:
    return ((_address(name), QUESTION, question(name).question) for name in names())


def _asked() -> Iterable[tuple[str, str]]:
    for each in map(question, names()):
        yield _address(each.name), " ".join([f"{each.summary}.", *each.columns.values()])


def _address(name: str) -> str:
    return f"{BASE}questions/{name}"


def _rows(found: Results) -> Iterator[tuple[str, ...]]:
    """Yield rows of text, without signs that no text has."""
    assert isinstance(found, ox.QuerySolutions)
    for row in found:
        values = tuple(row)
        if all(isinstance(each, ox.NamedNode | ox.Literal) for each in values):
            yield tuple(_UNWANTED.sub(" ", each.value) for each in values)
