"""Permalinks: the address of one answer from one snapshot, with every parameter resolved.

While the server keeps the snapshot, the address gives the same bytes. Afterwards it is gone, and
the answer says which revision gives it again.
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote_plus

from flask import abort

from peelgraph import __version__
from peelgraph.asking import Prepared
from peelgraph.engine import Engine
from peelgraph.namespaces import ID, SCHEME
from peelgraph.questions import Parameter
from peelgraph.values import BadValue
from peelserver.http.headers import absolute
from peelserver.http.problems import problem
from peelserver.state import state

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PLAIN = re.compile(r"[A-Za-z0-9_.~/:-]*")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+]{0,39}")


def arguments(prepared: Prepared) -> dict[str, str]:
    """Return every parameter of an answer as an address or a command has it, resolved."""
    by_name = {each.name: each for each in prepared.question.parameters}
    given = {key: short(by_name[key], value) for key, value in prepared.parameters.items()}
    if prepared.limit is not None:
        given["limit"] = str(prepared.limit)
    if prepared.offset:
        given["offset"] = str(prepared.offset)
    return given


def short(parameter: Parameter, value: str) -> str:
    """Return a checked value in its shortest form that means one thing only."""
    if parameter.type == "concept":
        return value.removeprefix(f"{SCHEME}{parameter.scheme}/")
    base = f"{ID}{parameter.kinds[0]}/" if len(parameter.kinds) == 1 else ID
    return value.removeprefix(base)


def address(name: str, given: dict[str, str]) -> str:
    """Return the address of a question with parameters, from the root of this server."""
    pairs = "&".join([f"{_written(key)}={_written(value)}" for key, value in given.items()])
    return f"/questions/{name}" + (f"?{pairs}" if pairs else "")


def _written(text: str) -> str:
    """Return a name or value as an address has it; most may stand there as they are."""
    return text if _PLAIN.fullmatch(text) else quote_plus(text, safe="/:")


def permalink(prepared: Prepared, digest: str) -> str:
    """Return the address under which an answer stays, whole where the server knows its own."""
    given = arguments(prepared) | {"snapshot": digest, "version": __version__}
    return absolute(address(prepared.question.name, given), state().config)


def of_form(permalink: str, output: str) -> str:
    """Return the permalink of an answer in one form, where the client is not to choose."""
    return f"{permalink}&format={output}"


def command(name: str, given: Mapping[str, str]) -> str:
    """Return the command that asks the same question in a terminal."""
    options = [part for key, value in given.items() if value for part in (f"--{key}", value)]
    return shlex.join(["peelgraph", "ask", name, *options])


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which snapshot is asked for: by digest, and by the version that made the permalink.

    The current one, if the digest is empty.
    """

    digest: str = ""
    version: str = ""

    @classmethod
    def taken_from(cls, given: dict[str, str]) -> Self:
        """Take ``snapshot`` and ``version`` out of the parameters of a request.

        :raises BadValue: one of them is none
        """
        found = cls(given.pop("snapshot", ""), given.pop("version", ""))
        if found.digest and not _DIGEST.fullmatch(found.digest):
            raise BadValue("'snapshot' takes the digest of a snapshot, 64 hexadecimal digits.")
        if found.version and not _VERSION.fullmatch(found.version):
            raise BadValue("'version' takes the version of a release, such as 0.1.0.")
        return found

    def engine(self, again: str) -> Engine:
        """Return the engine that answers for this snapshot.

        :param again: the command that asks the same, to be told where the snapshot is gone
        :raises HTTPException: the snapshot is not kept; 410
        """
        kept = state().digests()
        if not self.digest or self.digest in kept:
            return state().engine(self.digest or None)
        made = f"It was made by peelgraph {self.version}. " if self.version else ""
        abort(
            problem(
                410,
                f"This server does not keep the snapshot {self.digest}. {made}"
                "To have this answer again, check out the revision of peelgraph whose "
                "'peelgraph build' prints that digest, build it, and there run: "
                f"{again}. For an answer from the current snapshot, leave out 'snapshot'.",
                snapshot=self.digest,
                version=self.version or None,
                kept=kept,
                command=again,
            )
        )
