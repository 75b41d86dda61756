"""An administrator before an installation whose server is killed and started again: moves all students, takes it back."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.faults.installation import Installation, Server, Tables
from tests.faults.person import Answer, Person
from tests.servers import free_port

ENDS_WITHIN = 60.0  # seconds, for a job

Press = Callable[[], Answer]


@dataclass
class Office:
    """Students who all live in Leeds, or all in York, and nothing between."""

    installation: Installation
    port: int = field(default_factory=free_port)
    leeds: Tables = field(init=False)
    york: Tables = field(init=False)
    takes: float = field(init=False)  # seconds, for a move
    server: Server = field(init=False)
    _served: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Office:
        """Starts the server and does everything once without a fault."""
        self.person = Person(self.port)
        self.leeds = self.installation.rows()
        self.start()
        self.person.sign_in()
        move = self.move()
        begun = time.monotonic()
        self.settled(move())
        self.takes = time.monotonic() - begun
        self.york = self.installation.rows()
        self.settled(self.take_back()())
        assert self.installation.rows() == self.leeds != self.york
        return self

    def __exit__(self, *error: object) -> None:
        self._served.close()

    def start(self) -> None:
        """Starts the server, which was killed."""
        self._served.close()
        self.server = self._served.enter_context(self.installation.served(self.port))

    def move(self) -> Press:
        """Reviews that all move to York; returns the press of the button."""
        reviewed = self.person.review("students", "city:Leeds", **{"set-city": "York"})
        return lambda: self.person.apply("students", reviewed)

    def take_back(self) -> Press:
        """Returns the press of "Undo" of the newest operation."""
        newest = self.installation.scalar("SELECT max(id) FROM operation")
        return lambda: self.person.undo(newest)

    def operations(self) -> int:
        """Returns how many operations there are."""
        return self.installation.scalar("SELECT count(*) FROM operation")

    def settled(self, answer: Answer) -> Answer:
        """Returns the answer, or where it leads to a job, the job's page once that has ended."""
        assert answer.status == 200, answer.words
        if "/jobs/details/" not in answer.address:
            return answer
        self._wait(answer, lambda progress: not progress["open"])
        return self.person.get(urlsplit(answer.address)._replace(scheme="", netloc="").geturl())

    def wait_for_worker(self, answer: Answer) -> None:
        """Waits until a worker has begun the job that the answer leads to."""
        self._wait(answer, lambda progress: progress["state"] != "queued")

    def _wait(self, answer: Answer, is_so: Callable[[dict[str, object]], bool]) -> None:
        until = time.monotonic() + ENDS_WITHIN
        while not is_so(progress := self.progress(answer)):
            assert time.monotonic() < until, f"After {ENDS_WITHIN} s the job is still where it was: {progress}"
            time.sleep(0.01)

    def progress(self, answer: Answer) -> dict[str, object]:
        """Returns how far the job is that the answer leads to."""
        (job,) = parse_qs(urlsplit(answer.address).query)["id"]
        return self.person.get(f"/admin/jobs/progress/?id={job}").json()
