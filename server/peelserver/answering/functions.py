"""The functions that the engine knows by IRI, and what to say of one that it does not know.

>>> unknown("The custom function <http://www.w3.org/2001/XMLSchema#integr> is not supported")
"There is no function 'xsd:integr' here. Did you mean 'xsd:integer'?"
>>> unknown("Something else") is None
True
"""

import re
from difflib import get_close_matches

from peelgraph.namespaces import shorten

GEOF = "http://www.opengis.net/def/function/geosparql/"

#: GeoSPARQL functions that the engine brings along
GEOSPARQL = (
    *("area", "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "difference"),
    *("dimension", "distance", "ehContains", "ehCoveredBy", "ehCovers", "ehDisjoint", "ehEquals"),
    *("ehInside", "ehMeet", "ehOverlap", "envelope", "getSRID", "intersection", "isEmpty"),
    *("isSimple", "length", "perimeter", "rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp", "rcc8ntppi"),
    *("rcc8po", "rcc8tpp", "rcc8tppi", "relate", "sfContains", "sfCrosses", "sfDisjoint"),
    *("sfEquals", "sfIntersects", "sfOverlaps", "sfTouches", "sfWithin", "spatialDimension"),
    *("symDifference", "union"),
)

#: datatypes that a value can be cast to
CASTS = (
    *("boolean", "date", "dateTime", "dayTimeDuration", "decimal", "double", "duration", "float"),
    *("integer", "string", "time", "yearMonthDuration"),
)

_KNOWN = (*(f"xsd:{name}" for name in CASTS), *(f"geof:{name}" for name in GEOSPARQL))
_UNKNOWN = re.compile(r"The custom function <([^>]*)> is not supported")


def unknown(message: str) -> str | None:
    """Return which function there is not, if that is what the engine says, and which is near."""
    found = _UNKNOWN.search(message)
    if found is None:
        return None
    iri = found[1]
    name = f"geof:{iri.removeprefix(GEOF)}" if iri.startswith(GEOF) else shorten(iri)
    near = get_close_matches(name[:200], _KNOWN, n=1, cutoff=0.75)
    hint = (
        f"Did you mean '{near[0]}'?"
        if near
        else "Beside those of SPARQL there are casts, such as xsd:integer, and those of GeoSPARQL."
    )
    return f"There is no function '{name[:200]}' here. {hint}"
