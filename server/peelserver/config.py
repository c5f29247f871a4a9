"""What a server can be told. Every setting has a default that is safe on the open internet."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

#: the lanes a query can be in: stored questions and pages, users' queries, and users' long ones
LANES = ("question", "fast", "slow")


#: where the world may find a server: a scheme, a host, perhaps a port; things are at its root
_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?/?")


@dataclass(frozen=True, slots=True)
class Config:
    """One server's settings.

    :param snapshot: the snapshot that it serves first
    :param host: the address to listen on
    :param port: the port; 0 for any that is free
    :param web_processes: how many processes answer HTTP
    :param deadline: seconds that a query may take
    :param fast_deadline: seconds after which a query is taken for a long one, and asked once more
        in the slow lane
    :param question_deadline: seconds that a stored question or a page may take
    :param memory: bytes that one query may take, beside what the snapshot takes
    :param workers: how many queries each web process has answered at a time, by lane
    :param queue: how many more may wait in each lane of a web process
    :param patience: seconds that one may wait for its turn
    :param merge_bound: how many triples a dataset that merges several graphs may have
    :param largest_request: bytes that a request's body may have
    :param largest_answer: bytes that the answer to a query may have
    :param cache_bytes: bytes of answers that each web process remembers
    :param rate: requests a second that one client may make for long
    :param burst: requests that one client may make at once
    :param trusted_proxies: addresses or networks whose ``Forwarded`` headers are believed
    :param base_url: where the world finds this server, if that is not where it listens
    :param keep: how many snapshots stay answerable, with the current one
    :param log_level: ``info``, ``debug`` to log whole queries, ``warning`` or ``error`` for no
        access log
    :param engine: the address of a SPARQL endpoint that answers instead of workers with a store;
        ``snapshot`` is then no file, only named by the digest
    :param queries: whether ``/sparql`` takes queries of its clients' own
    :param sources: the folder with the reader's copies of source documents, if there is one
    :param store: where a snapshot is held: ``memory``, ``disk``, or ``auto`` for what fits
    :param run: the folder for its sockets; a new one in the temporary folder, if None
    """

    snapshot: Path
    host: str = "127.0.0.1"
    port: int = 8080
    web_processes: int = 2
    deadline: float = 30.0
    fast_deadline: float = 0.5
    question_deadline: float = 10.0
    memory: int = 1 << 30
    workers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LANES, 2))
    queue: int = 32
    patience: float = 5.0
    merge_bound: int = 500_000
    largest_request: int = 256 * 1024
    largest_answer: int = 64 << 20
    cache_bytes: int = 64 << 20
    rate: float = 50.0
    burst: int = 200
    trusted_proxies: tuple[str, ...] = ()
    base_url: str | None = None
    keep: int = 3
    log_level: str = "info"
    engine: str | None = None
    queries: bool = True
    sources: Path | None = None
    store: str = "auto"
    run: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what would only show when somebody asks.

        :raises ValueError: an address is none; the message says which
        """
        if self.base_url is not None and not _ADDRESS.fullmatch(self.base_url):
            raise ValueError(
                f"'{self.base_url}' is no address of a server, such as https://graph.example."
            )
        for each in self.trusted_proxies:
            try:
                if each != "local":
                    ip_network(each, strict=False)
            except ValueError:
                raise ValueError(f"'{each}' is neither an address nor a network.") from None

    def deadline_of(self, lane: str) -> float:
        """Return the seconds that a query may take in a lane."""
        return {
            "question": self.question_deadline,
            "fast": min(self.fast_deadline, self.deadline),
            "slow": self.deadline,
        }[lane]
