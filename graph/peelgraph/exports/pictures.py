"""Pictures as files: the lineage of a thing, or the timeline of a force, as SVG and as PNG.

A PNG is drawn with a font that comes with it, so that it is the same on every machine. Letters
that this font lacks are drawn with the fonts of the machine, and that is said.
"""

import re
import struct
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from peelgraph.engine import Engine
from peelgraph.exports.model import LICENCE_TEXT, Export, Written
from peelgraph.values import BadValue

if TYPE_CHECKING:
    from peelgraph.lineage import Lineage

#: how many pixels of a PNG there are to one of the SVG, and how many it has a side at most
_SCALE, _MOST = 2.0, 12_000

_SIGNATURE = b"\x89PNG\r\n\x1a\n"

#: what the font has: Latin, Greek and Cyrillic with their punctuation
_LETTERS = re.compile(
    r"[\t\n\r\x20-\x7e\xa0-\u0377\u0384-\u052f\u2000-\u2027\u202f-\u205e\u20a0-\u20be]"
)

#: the fonts of the package that a picture may need
_FONTS = ("Roboto", "RobotoItalic", "RobotoMedium", "RobotoBold", "RobotoBoldItalic")

#: what of an SVG is no letter in the picture
_UNDRAWN = re.compile(r"<(title|desc)\b.*?</\1>|<[^>]*>", re.DOTALL)

_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)[^"]*"[^>]*?\bheight="([\d.]+)')


def svg(export: Export, engine: Engine) -> Written:
    """Return the picture of an export as SVG.

    :raises BadValue: it is neither a thing's lineage nor a force; says what to do
    """
    return Written(drawn(export, engine).encode())


def png(export: Export, engine: Engine) -> Written:
    """Return the picture of an export as PNG.

    :raises BadValue: it is neither a thing's lineage nor a force; says what to do
    """
    picture = drawn(export, engine)
    body, notes = rendered(picture)
    said = {
        "Title": export.title,
        "Description": f"{export.title}, status on {export.on}.",
        "Copyright": LICENCE_TEXT,
        "Source": export.provenance,
        "Software": "peelgraph",
    }
    return Written(_described(body, said), notes)


def drawn(export: Export, engine: Engine) -> str:
    """Return the picture of an export as the text of an SVG file.

    :raises BadValue: it is neither a thing's lineage nor a force; says what to do
    """
    if export.item is not None:
        from peelgraph.drawing import lineage as picture

        return picture.svg(part(export, engine, export.item), look="file", address=str)
    if export.force is not None:
        from peelgraph import timeline
        from peelgraph.drawing import timeline as band

        kept = {node.iri for node in export.nodes}
        years = timeline.timeline(engine, export.force, on=export.on, known=export.known)
        lanes = tuple(
            replace(lane, bars=bars)
            for lane in years.lanes
            if (bars := tuple(bar for bar in lane.bars if bar.iri in kept))
        )
        return band.svg(replace(years, lanes=lanes), look="file", address=str)
    raise BadValue(
        "A picture shows the lineage of one thing (item) or the timeline of a force (force)."
    )


def part(export: Export, engine: Engine, item: str) -> "Lineage":
    """Return the lineage of an item, as far as an export has it."""
    from peelgraph.lineage import lineage

    found = lineage(engine, item, on=export.on, known=export.known)
    kept = {node.iri for node in export.nodes}
    return replace(
        found,
        nodes=tuple(node for node in found.nodes if node.iri in kept),
        edges=tuple(edge for edge in found.edges if {edge.start, edge.end} <= kept),
    )


def rendered(picture: str) -> tuple[bytes, tuple[str, ...]]:
    """Return an SVG as PNG, and what could not be drawn as it is meant."""
    import font_roboto
    import resvg_py

    notes = []
    strange = bool(_LETTERS.sub("", _UNDRAWN.sub("", picture)))
    if strange:
        notes.append(
            "PNG: letters that its own font lacks are drawn with the fonts of this machine, as "
            "boxes where these lack them too."
        )
    size = _SIZE.search(picture)
    longest = max(map(float, size.groups())) if size else 1.0
    scale = min(_SCALE, _MOST / longest)
    if scale < _SCALE:
        notes.append(f"PNG: drawn {scale:.2f} times its size, to stay within {_MOST} pixels.")
    body = resvg_py.svg_to_bytes(
        svg_string=picture,
        zoom=scale,
        background="#ffffff",
        skip_system_fonts=not strange,
        font_files=[font_roboto.font_files[name] for name in _FONTS],
        font_family="Roboto",
        sans_serif_family="Roboto",
        serif_family="Roboto",
        monospace_family="Roboto",
    )
    return bytes(body), tuple(notes)


def _described(image: bytes, said: dict[str, str]) -> bytes:
    """Return a PNG with texts in it (iTXt, https://www.w3.org/TR/png-3/#11iTXt)."""
    assert image.startswith(_SIGNATURE)
    head = len(_SIGNATURE) + 25  # the signature, then IHDR, which is always as long
    chunks = b"".join(
        _chunk(b"iTXt", key.encode("latin-1") + b"\0\0\0en\0\0" + value.encode())
        for key, value in said.items()
    )
    return image[:head] + chunks + image[head:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
