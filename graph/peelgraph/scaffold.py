"""The scaffold of a record: what can be written before a person has read the document.

It holds what the file itself proves (name, digest), the sections of a record in the house order,
and, as comments, each sentence in the shortest notation by which a passage can be written. Only the
ends of a longer sentence are shown: a record carries no copy of its source.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from peelgraph.evidence.sentences import Sentence, sentences
from peelgraph.evidence.source import Source, plain
from peelgraph.evidence.words import Span, WordsError, words_for
from peelgraph.namespaces import DOCUMENT, PREFIXES

_SECTIONS = (
    *("who", "inspections and hearings", "judgements and findings", "follow-up items"),
    *("visits and assessments", "decisions", "responses", "figures", "statements"),
    *("recurrences", "unknowns"),
)
_USED = ("dcterms", "edtf", "peel")


@dataclass(frozen=True, slots=True)
class Scaffold:
    """The text of a new record and that of its manifest."""

    record: str
    manifest: str


def stem(name: str) -> str:
    """Return *name* as the stem of a record: lower-case letters, digits and hyphens.

    >>> stem("Réponse to PEEL 2018/19 – West Midlands.txt")
    'reponse-to-peel-2018-19-west-midlands'
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.removesuffix(".txt").lower()).strip("-")


def scaffold(source: Source, record: str, title: str, today: date) -> Scaffold:
    """Return the scaffold of *record* for a *source* that was retrieved *today*."""
    prefixes = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in _USED)
    sections = "".join(f"# --- {section} ---\n\n" for section in _SECTIONS)
    found = sentences(source.text)
    words = "".join(f"#   {s.line}: {_words(source, s)}\n" for s in found)
    text = f"""@base <{DOCUMENT}{record}> .
{prefixes}
# --- the document ---
# Add what the document proves: dcterms:type, dcterms:publisher, dcterms:license, foaf:page and its
# dates (peel:publicOn, peel:dated, peel:sentOn).

<> a peel:SourceDocument ;
    dcterms:title {_quoted(title)}@en ;
    dcterms:identifier {_quoted(source.file.name)} ;
    peel:retrievedOn "{today.isoformat()}"^^edtf:EDTF ;
    peel:digest "{source.digest}" .

{sections}# --- the sentences, by line, as words for peel:evidence; delete what is recorded ---
# One that states nothing: <#skip-1> a peel:Passage ; peel:notEvidence true ;
#   peel:reason "heading"@en ; peel:evidence "its words" .
{words}"""
    manifest = f"""# What the record must hold. Sentences to read: {len(found)}.

[exactly]
SourceDocument = 1

[at-least]
Passage = 1
"""
    return Scaffold(text, manifest)


def _words(source: Source, sentence: Sentence) -> str:
    try:
        return _quoted(words_for(source, Span(sentence.start, sentence.end)))
    except WordsError:
        text = plain(sentence.text)
        return f"(give context) {_quoted(text if len(text) < 60 else text[:40] + ' … ')}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
