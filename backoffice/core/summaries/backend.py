"""Where Flask-Caching keeps what was computed: JSON only, so that nothing read from the cache can run.

Files under INSTANCE_PATH serve every process of one machine. With REDIS_URL, Redis serves every machine; while it is
down or hangs, asking it costs nothing and finds nothing. Both lend locks that hold across threads and processes.
"""

from __future__ import annotations

import json
import logging
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeVar

from cachelib.serializers import BaseSerializer
from flask import Flask
from flask_caching.backends import FileSystemCache, RedisCache
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import LockError, RedisError
from redis.retry import Retry

from backoffice.core.locked import locked

T = TypeVar("T")

log = logging.getLogger(__name__)

FILES = 2000  # at most; the oldest go first
LOCKS = 64  # files per kind of name; two names of a kind that share one merely take turns
ANSWER_WITHIN = 0.15  # seconds that Redis has for one answer
LEFT_ALONE = 5.0  # seconds without asking Redis after it failed to answer
CLAIM_SECONDS = 60  # a claim in Redis whose holder died ends by itself


class Json(BaseSerializer):
    """Reads and writes JSON; what is not JSON reads as None."""

    def dump(self, value: Any, f: IO[bytes], *_: Any) -> None:
        f.write(self.dumps(value))

    def load(self, f: IO[bytes]) -> Any:
        return self.loads(f.read())

    def dumps(self, value: Any, *_: Any) -> bytes:
        return json.dumps(value, separators=(",", ":")).encode()

    def loads(self, bvalue: bytes | None) -> Any:
        try:
            return None if bvalue is None else json.loads(bvalue)
        except (ValueError, RecursionError):
            log.warning("Dropped a value that is not JSON from the cache.")
            return None


class JsonFiles(FileSystemCache):
    """Files of JSON in one directory, and the locks beside it."""

    serializer = Json()

    def __init__(self, directory: Path, locks: Path, **options: Any) -> None:
        super().__init__(str(directory), **options)
        self._locks = locks
        locks.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        """Holds the lock called `name` in the block; False if another thread or process has it. Never waits.

        Names of different kinds (what stands before the colon) may be held inside each other.
        """
        path = self._locks / f"{name.partition(':')[0]}-{zlib.crc32(name.encode()) % LOCKS}.lock"
        with locked(path) as mine:
            yield mine

    @property
    def _file_count(self) -> int:
        """Counts the files: the base class keeps the number in one of them, which can be as wrong as any other."""
        with suppress(OSError):
            return sum(1 for _ in self._list_dir())
        return 0

    def _update_count(self, delta: int | None = None, value: int | None = None) -> None:
        """Has nothing to do: the files are counted when their number is wanted."""

    def _run_safely(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Calls `fn` once: the base class waits some seconds for a file that it may not read."""
        return fn(*args, **kwargs)


class JsonRedis(RedisCache):
    """JSON in Redis. A failure leaves Redis alone for some seconds, in which nothing is found and nothing is kept."""

    serializer = Json()
    _asked_again_at = 0.0

    def get(self, key: str) -> Any:
        return self._ask(super().get, None, key)

    def get_many(self, *keys: str) -> list[Any]:
        return self._ask(super().get_many, [None] * len(keys), *keys)

    def set(self, key: str, value: Any, timeout: Any = None) -> Any:
        return self._ask(super().set, False, key, value, timeout)

    def set_many(self, mapping: dict[str, Any], timeout: Any = None) -> list[Any]:
        return self._ask(super().set_many, [], mapping, timeout)

    def delete(self, key: str) -> bool:
        return self._ask(super().delete, False, key)

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        """Holds the lock called `name` in the block; False if someone has it. True without Redis. Never waits."""
        lock = self._write_client.lock(f"{self._get_prefix()}lock:{name}", timeout=CLAIM_SECONDS, thread_local=False)
        held = self._ask(lock.acquire, None, False)
        try:
            yield held is not False
        finally:
            if held:
                with suppress(LockError):  # it took longer than the claim lasts
                    self._ask(lock.release, None)

    def _ask(self, call: Callable[..., T], otherwise: T, *args: Any) -> T:
        if time.monotonic() < self._asked_again_at:
            return otherwise
        try:
            return call(*args)
        except LockError:
            raise
        except (RedisError, OSError) as error:
            self._asked_again_at = time.monotonic() + LEFT_ALONE
            log.warning("Redis does not answer (%s). Figures do without it for now.", type(error).__name__)
            return otherwise


def backend(app: Flask, config: dict[str, Any], args: list[Any], options: dict[str, Any]) -> JsonFiles | JsonRedis:
    """Returns the cache that the settings ask for; Flask-Caching calls it by its name (CACHE_TYPE)."""
    if not config["REDIS_URL"]:
        instance = Path(app.instance_path)
        return JsonFiles(instance / "cache", instance / "locks", threshold=FILES, **options)
    client = Redis.from_url(
        config["REDIS_URL"],
        socket_timeout=ANSWER_WITHIN,
        socket_connect_timeout=ANSWER_WITHIN,
        retry=Retry(NoBackoff(), 0),
    )
    return JsonRedis(client, key_prefix="backoffice:", **options)
