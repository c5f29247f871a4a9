"""What a server can be told."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """One server's settings.

    :param snapshot: the snapshot that it serves
    :param deadline: seconds that a query may take
    :param memory: bytes of address space that a worker may take
    :param largest_request: bytes that a request's body may have
    """

    snapshot: Path
    deadline: float = 10.0
    memory: int = 4 << 30
    largest_request: int = 256 * 1024
