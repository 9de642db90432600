# Copyright: (c) 2026, Keelson contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local cloud's command: ``python -m localcloud up | down | run | dump | reset``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from localcloud import daemon


def main(argv: list[str]) -> int:
    arguments = _parser().parse_args(argv)
    directory: Path = arguments.directory.resolve()
    try:
        match arguments.command:
            case "run":
                daemon.run(directory, arguments.port, arguments.scale, arguments.control_plane, arguments.tied)
            case "up":
                running = daemon.up(directory, arguments.port, arguments.scale, arguments.control_plane)
                print(
                    f"The local cloud runs at {running.url} (process {running.pid}). To use it:\n\n"
                    f"    source {directory / 'env'}\n"
                )
            case "down":
                print("The local cloud is stopped." if daemon.down(directory) else "No local cloud was running.")
            case "dump":
                _dump(directory)
    except daemon.Failed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _dump(directory: Path) -> None:
    from localcloud.dump import dump

    running = daemon.Running.read(directory)
    if running is None:
        raise daemon.Failed(f"no local cloud runs for {directory}")
    json.dump(dump(running.url, running.access_key, running.secret_key), sys.stdout, indent=2, sort_keys=True)
    print()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m localcloud", description=__doc__)
    parser.add_argument(
        "--directory", type=Path, default=Path(".localcloud"), help="where it keeps its files (default .localcloud)"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("up", "start it in the background"), ("run", "serve in this process")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
        command.add_argument(
            "--scale", type=float, default=1 / 60, help="1 is AWS's own pace, 0 at once (default 1/60)"
        )
        command.add_argument(
            "--without-control-plane",
            dest="control_plane",
            action="store_false",
            default=os.environ.get("KEELSON_WITHOUT_CONTROL_PLANE") != "1",
            help="clusters have no Kubernetes API server (also KEELSON_WITHOUT_CONTROL_PLANE=1)",
        )
        if name == "run":
            command.add_argument("--tied", action="store_true", help="end with the process that started it")
    commands.add_parser("down", help="stop it and wait until it is gone")
    commands.add_parser("dump", help="print everything that exists, as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
