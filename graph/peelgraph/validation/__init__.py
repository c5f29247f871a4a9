"""Check the graph against its shapes, and say what is wrong, where, and what to do.

:func:`validate` is what other code calls; :func:`examine` also says which files cannot be read.
What the shapes demand is written in ``shapes/``, and pySHACL is the authority on what it means:
the core of SHACL is left to it, the rules in SPARQL are run by Oxigraph over the whole graph at
once, and a test holds the two ways to the same answer.
"""

from peelgraph.validation.corpus import UnreadableFileError
from peelgraph.validation.examine import examine, validate
from peelgraph.validation.finding import SEVERITIES, Examination, Finding

__all__ = [
    "SEVERITIES",
    "Examination",
    "Finding",
    "UnreadableFileError",
    "examine",
    "validate",
]
