"""What the server says of itself and of its dataset: service description, VoID, DCAT.

All three are computed from the snapshot by queries, once for each snapshot.
"""

from collections.abc import Callable, Iterator
from functools import partial

import pyoxigraph as ox
from flask import Blueprint, Response

from peelserver.linkeddata import census, dump, rdf, servicedescription, vocabulary
from peelserver.linkeddata.addresses import base
from peelserver.linkeddata.dcat import dcat
from peelserver.linkeddata.representations import ENDINGS, FORM, Subject, represent
from peelserver.linkeddata.void import DATASET, void
from peelserver.state import State, state

bp = Blueprint("description", __name__)
bp.register_blueprint(dump.bp)
bp.register_blueprint(vocabulary.bp)


def describe(state: State, media: str) -> tuple[str, bytes]:
    """Return the SPARQL 1.1 Service Description as its media type and bytes.

    :param media: one of the RDF media types
    """
    where = base(state.config)
    said = servicedescription.service(census.take(state.engine()), state.config, where)
    return media, rdf.written(said, media, f"{where}/sparql#service")


def described_by(state: State) -> str:
    """Return all that a service description depends on, for the key that it is cached under."""
    return f"{state.digest()} {base(state.config)}"


@bp.get("/.well-known/void")
@bp.get(f"/.well-known/void.<{FORM}:ending>")
def well_known_void(ending: str = "") -> Response:
    """Send the VoID description of the dataset."""
    here = state()
    said = partial(void, whole=dump.has_file(here), endpoint=here.config.queries)
    return _represented("/.well-known/void", ending, said)


@bp.get("/dataset")
@bp.get(f"/dataset.<{FORM}:ending>")
def dataset(ending: str = "") -> Response:
    """Send the DCAT catalogue."""
    queries = state().config.queries

    def catalogue(found: census.Census, where: str) -> Iterator[ox.Triple]:
        return dcat(found, where, dump.measured(found.digest), endpoint=queries)

    return _represented("/dataset", ending, catalogue)


def _represented(
    path: str, ending: str, said: Callable[[census.Census, str], Iterator[ox.Triple]]
) -> Response:
    engine, where = state().engine(), base(state().config)
    subject = Subject(
        DATASET, path, engine.digest, lambda: said(census.take(engine), where), key=where
    )
    return represent(subject, ENDINGS.get(ending))
