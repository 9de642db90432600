# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where secrets show that should not: in bytes of any sort, in the processes of a run, in files that it leaves."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, quote_plus

_PAUSE_SECONDS = 0.02
_PART = re.compile(r"[A-Za-z0-9]{12,}")
_SPACE = re.compile(rb"\s+")


class Search:
    """Looks for secrets, by name, in all the forms that a program may give them on its way."""

    def __init__(self, **secrets: str) -> None:
        self.secrets: dict[str, str] = {}
        self._needles: list[tuple[str, str, bytes]] = []
        for name, secret in secrets.items():
            self.add(name, secret)

    def add(self, name: str, secret: str) -> None:
        assert len(secret) >= 8, f"{name} is too short to be told from other text"
        self.secrets[name] = secret
        self._needles += [(name, form, needle) for form, needle in forms(secret)]

    def find(self, where: str, data: bytes | str, *, own: str = "") -> Iterator[str]:
        """A line for each secret that is there, with the form it has.

        ``own``: the name of the secret whose place this is.
        """
        raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
        unwrapped = _SPACE.sub(b"", raw)
        told = set()
        for name, form, needle in self._needles:
            if (
                name != own
                and name not in told
                and (needle in raw or (form.startswith("base64") and needle in unwrapped))
            ):
                told.add(name)
                yield f"{where}: {name}, {form}"

    def find_in_files(self, folder: Path, since: float = 0.0) -> Iterator[str]:
        """In all files that are at least as new as ``since`` (a Unix time), and in their paths."""
        for path in folder.rglob("*"):
            with contextlib.suppress(OSError):  # gone meanwhile
                if path.is_file() and path.stat().st_mtime >= since:
                    yield from self.find(f"the name {path}", str(path))
                    yield from self.find(str(path), path.read_bytes())


def forms(secret: str) -> Iterator[tuple[str, bytes]]:
    """As it is; escaped for JSON, also twice, or as Python shows it; URL-encoded;
    in base64 wherever in a longer text it may begin.

    And its longest parts that no encoding but base64 changes.
    """
    for part in _PART.findall(secret):
        yield "a part of it", part.encode()
    once = json.dumps(secret)[1:-1]
    texts = {
        "as it is": secret,
        "JSON-escaped": once,
        "JSON-escaped but for what is not ASCII": json.dumps(secret, ensure_ascii=False)[1:-1],
        "JSON-escaped twice": json.dumps(once)[1:-1],
        "as Python shows it": repr(secret)[1:-1],
        "quoted for YAML": secret.replace("'", "''"),
        "URL-encoded": quote(secret, safe=""),
        "URL-encoded with slashes": quote(secret),
        "URL-encoded as a form": quote_plus(secret),
    }
    for form, text in texts.items():
        yield form, text.encode()
    for form in ("as it is", "JSON-escaped"):
        for begin in range(3):
            for alphabet, altchars in (("base64", b"+/"), ("base64 for URLs", b"-_")):
                yield (
                    f"{alphabet}, beginning at byte {begin} of three, {form}",
                    in_base64(texts[form].encode(), begin, altchars),
                )


def in_base64(secret: bytes, begin: int, altchars: bytes) -> bytes:
    """The characters that are the same whatever stands before it and after it."""
    encoded = base64.b64encode(b"\0" * begin + secret, altchars)
    first = -(-8 * begin // 6)
    last = 8 * (begin + len(secret)) // 6
    return encoded[first:last]


class Watch:
    """Keeps the arguments and environments of a process and all its descendants, as often as it can look."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._seen: dict[tuple[int, bytes], bytes] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    @property
    def seen(self) -> dict[str, bytes]:
        """Arguments and environment by a description of the process."""
        return {
            f"process {pid} {arguments.replace(bytes(1), b' ').decode(errors='replace')[:80]}": arguments
            + bytes(1)
            + environment
            for (pid, arguments), environment in self._seen.items()
        }

    def _look(self) -> None:
        while not self._end.wait(_PAUSE_SECONDS):
            for pid in family(self._pid):
                with contextlib.suppress(OSError):  # it has ended
                    arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
                    self._seen[pid, arguments] = Path(f"/proc/{pid}/environ").read_bytes()


def family(pid: int) -> set[int]:
    """The process and all its descendants that live."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            _state, parent, *_rest = status.read_text(errors="replace").rpartition(")")[2].split()
            children.setdefault(int(parent), []).append(int(status.parent.name))
    found, todo = {pid}, [pid]
    while todo:
        new = [child for child in children.get(todo.pop(), []) if child not in found]
        found.update(new)
        todo += new
    return found
