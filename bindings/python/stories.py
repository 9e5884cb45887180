"""Runs the stories of tests/scenarios through Python: every command, outcome and rejection crosses as typed values.

    stories.py [FOLDER]
"""

import asyncio
import json
import pathlib
import sys

import barrow

STORIES = pathlib.Path(__file__).resolve().parents[2] / "tests" / "scenarios"
SCHEMA = "scenario.schema.json"


class Teller(barrow.Teller):
    """Sends each command as Python values, and counts them."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, till: barrow.Till, id: barrow.CommandId, command: barrow.Command) -> barrow.Outcome:
        self.sent += 1
        return asyncio.run(till.dispatch(id, command))


def stories(folder: pathlib.Path = STORIES) -> list[pathlib.Path]:
    return sorted(path for path in folder.glob("*.json") if path.name != SCHEMA)


async def run(path: pathlib.Path, teller: barrow.Teller) -> list[str]:
    """Lists what is not as the story tells, with the name of its file."""
    faults = await barrow.run_story(path.read_text(encoding="utf-8"), teller)
    return [f"{path.name}: {fault}" for fault in faults]


async def main(folder: pathlib.Path) -> int:
    teller, paths, faults = Teller(), stories(folder), []
    for path in paths:
        faults += await run(path, teller)
    print("\n".join(faults + [f"{len(paths)} stories, {teller.sent} commands, {len(faults)} faults"]))
    steps = sum(len(json.loads(path.read_text(encoding="utf-8"))["steps"]) for path in paths)
    return 0 if paths and not faults and teller.sent > steps // 2 else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else STORIES)))
