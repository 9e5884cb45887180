"""Shows papers to judges that others made (called by scripts/lanes/35-paper): escpost prints each to a picture and
refuses unknown bytes, zxing-cpp reads the codes back from it and from Barrow's own picture."""

import subprocess
import sys
from pathlib import Path

import zxingcpp
from PIL import Image

# escpost's printers of the same paper.
PRINTERS = {"58mm": "NT-5890K", "80mm": "TM-T20II"}


def codes(picture: Path) -> set[str]:
    image = Image.open(picture).convert("L")
    large = image.resize((image.width * 2, image.height * 2), Image.NEAREST)
    return {code.text for code in zxingcpp.read_barcodes(large)}


def faults(escpost: str, job: Path, out: Path) -> list[str]:
    printer = PRINTERS[job.stem.rsplit("-", 1)[1]]
    printed = out / f"{job.stem}.png"
    command = [escpost, "render", str(job), "--format", "binary", "--profile", printer, "--non-interactive", "--no-antialias", "-o", str(printed)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        return [f"{job.stem}: escpost refuses it: {result.stderr.strip()}"]
    # An EAN-13 that begins with 0 is a UPC-A: scanners name either.
    wanted = {code for code in job.with_suffix(".codes").read_text().split("\n") if code}
    found = []
    for what, picture in (("printed", printed), ("drawn", job.with_suffix(".png"))):
        read = codes(picture)
        missing = {code for code in wanted if code not in read and f"0{code}" not in read}
        found += [f"{job.stem}: {code} can't be read from what was {what}" for code in sorted(missing)]
    return found


def main(escpost: str, papers: Path, out: Path) -> int:
    jobs = sorted(papers.glob("*.bin"))
    found = [fault for job in jobs for fault in faults(escpost, job, out)]
    print("\n".join(found) or f"{len(jobs)} papers printed by escpost, every code read back twice")
    return 1 if found or not jobs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
