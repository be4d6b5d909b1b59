"""One pull of a model at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from a2f_ws.errors import ConfigError


@contextmanager
def alone(repo: str, *, target: Path) -> Iterator[None]:
    """Keep other pulls of a model out; the system lets go when this process ends, however it ends.

    Args:
        repo: The repository, for the message.
        target: The model's folder; the lock is a file beside it, which stays there unlocked.

    Raises:
        ConfigError: Another pull is running.
    """
    import filelock

    lock = filelock.FileLock(target.with_name(f"{target.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise ConfigError(
            f"{target}: another pull of {repo} is running; wait until it has ended"
        ) from None
    try:
        yield
    finally:
        lock.release()
