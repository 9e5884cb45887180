"""Turns the WOFF2 subsets of a folder of npm packages into the TTFs that the screens use (called by scripts/fonts)."""

import sys
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib.instancer import instantiateVariableFont

# Name of the file, weight of the letters, nearest weight of Noto Sans Arabic.
TEXT = [("text-450", 450, 400), ("text-600", 600, 600), ("text-700", 700, 700), ("text-800", 800, 800)]
# What stall, cafe and shop sell or need: food, drink, plants, animals, clothes, tools, gifts, travel, signs.
EMOJI = """
☕☘☀☂☃☎☑✂✈✉✏✒✔✖✨❄❓❗❤⚓⚠⚡⚽⚾⛄⛅⛏⛰⛱⛵⛺⭐⏰⏳⌚🌀🌈🌊🌍🌐🌙🌞🌟🌡🌧🌬🌭🌮🌯🌰🌱🌲🌳🌴🌵🌶🌷🌸🌹🌺🌻🌼🌽🌾🌿🍀🍁🍂🍃🍄🍅🍆🍇🍈🍉🍊🍋🍌🍍🍎🍏
🍐🍑🍒🍓🍔🍕🍖🍗🍘🍙🍚🍛🍜🍝🍞🍟🍠🍡🍢🍣🍤🍥🍦🍧🍨🍩🍪🍫🍬🍭🍮🍯🍰🍱🍲🍳🍴🍵🍶🍷🍸🍹🍺🍻🍼🍽🍾🍿🎀🎁🎂🎃🎄🎅🎆🎈🎉🎊🎐🎒🎓🎗🎟🎠🎡🎤🎧🎨🎩🎪🎫🎬🎭🎮🎯🎲🎳🎵🎷
🎸🎹🎺🎻🎼🎽🎾🎿🏀🏆🏈🏐🏓🏕🏖🏠🏡🏥🏪🏷🏸🏺🐇🐑🐓🐔🐕🐖🐝🐟🐠🐣🐤🐦🐮🐰🐱🐴🐶🐷🐾👒👓👔👕👖👗👘👙👚👛👜👝👞👟👠👡👢👶💄💅💇💈💉💊💍💎💐💡💧💻💼💿📀📅📌📎📏📐📒📓📔📕📖📚📝📞📦📧📰📱📷📻
📿🔋🔌🔍🔑🔒🔔🔥🔦🔧🔨🔩🔪🕯🕶🖊🖌🖍🖼🗑🗝🗺🚀🚗🚚🚜🚪🚲🚿🛀🛁🛋🛍🛎🛏🛒🛠🛴🛶🛷🛹🤖🥁🥂🥃🥄🥅🥇🥊🥋🥌🥐🥑🥒🥓🥔🥕🥖🥗🥘🥙🥚🥛🥜🥝🥞🥟🥠🥡🥢🥣🥤🥥🥦🥧🥨🥩🥪🥫🥬🥭🥮🥯🥾🥿🦀🦃🦄🦆🦋🦌🦐🦑🦔🦙🦜
🦞🦪🧀🧁🧂🧃🧄🧅🧆🧇🧈🧉🧊🧋🧢🧣🧤🧥🧦🧭🧮🧯🧰🧱🧲🧳🧴🧵🧶🧷🧸🧹🧺🧻🧼🧽🩴🩹🪀🪁🪃🪄🪅🪆🪑🪒🪓🪔🪕🪙🪚🪛🪜🪞🪟🪡🪢🪣🪥🪦🪨🪴🪵🪶🫐🫑🫒🫓🫔🫕🫖🫗🫘🫙🫚🫛🩰🩱🩳🎏💌💵💳🧾🪪
"""


def main(packages: Path, out: Path) -> None:
    for name, weight, arabic in TEXT:
        text(packages, weight, arabic).save(out / f"{name}.ttf")
    latin(packages / "atkinson-hyperlegible-mono/files/atkinson-hyperlegible-mono-{}-wght-normal.woff2", {"wght": 500}).save(out / "mono-500.ttf")
    # Optical size 36 lies between the 28 of buttons and the 64 of a screen's one figure.
    latin(packages / "bricolage-grotesque/files/bricolage-grotesque-{}-standard-normal.woff2", {"wght": 800, "wdth": 100, "opsz": 36}).save(out / "figure-800.ttf")
    pictures = emoji(packages)
    pictures.save(out / "emoji-500.ttf")
    # The screens ask this list before they draw, so that nothing falls back to the system's coloured emoji.
    (out / "emoji-500.txt").write_text(" ".join(chr(c) for c in sorted(codes())) + "\n")


def latin(pattern: Path, axes: dict[str, float]) -> TTFont:
    """One static font out of the latin and the latin-ext subset, with the line measures of latin."""
    parts = [instantiateVariableFont(load(str(pattern).format(s)), axes) for s in ("latin", "latin-ext")]
    return joined(parts)


def text(packages: Path, weight: int, arabic_weight: int) -> TTFont:
    """Letters, with Arabic in the same file: mixed text then needs no fallback of the system."""
    letters = latin(packages / "atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-{}-wght-normal.woff2", {"wght": weight})
    arabic = load(packages / f"noto-sans-arabic/files/noto-sans-arabic-arabic-{arabic_weight}-normal.woff2")
    return joined([letters, arabic])


def emoji(packages: Path) -> TTFont:
    """The useful one-colour emoji of all numbered subsets."""
    wanted = codes()
    parts, found = [], set()
    for file in sorted((packages / "noto-emoji/files").glob("noto-emoji-*-500-normal.woff2")):
        font = load(file)
        here = (wanted - found) & set(font.getBestCmap())
        if here:
            parts.append(subset(font, here))
            found |= here
    missing = wanted - found
    if missing:
        sys.exit("no picture for " + " ".join(f"U+{c:X}" for c in sorted(missing)))
    return joined(parts)


def codes() -> set[int]:
    return {ord(c) for c in EMOJI if not c.isspace()}


def subset(font: TTFont, codes: set[int]) -> TTFont:
    options = Options(layout_features=[], notdef_outline=True, glyph_names=False, hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return font


def joined(parts: list[TTFont]) -> TTFont:
    """Merges fonts; the first one's size of the em and line measures hold."""
    first = parts[0]
    measures = {(t, f): getattr(first[t], f) for t, f in LINE}
    files = []
    for part in parts:
        scale_upem(part, first["head"].unitsPerEm)
        for table in ("STAT", "vhea", "vmtx", "meta", "DSIG", "fpgm", "prep", "cvt ", "gasp", "MATH", "BASE"):
            if table in part:
                del part[table]
        file = Path(sys.argv[1]) / f"part-{len(list(Path(sys.argv[1]).glob('part-*')))}.ttf"
        part.flavor = None
        part.save(file)
        files.append(str(file))
    merged = Merger().merge(files)
    for (table, field), value in measures.items():
        setattr(merged[table], field, value)
    return merged


LINE = [("hhea", "ascent"), ("hhea", "descent"), ("hhea", "lineGap"), ("OS/2", "sTypoAscender"), ("OS/2", "sTypoDescender"),
        ("OS/2", "sTypoLineGap"), ("OS/2", "usWinAscent"), ("OS/2", "usWinDescent"), ("OS/2", "fsSelection")]


def load(file: Path | str) -> TTFont:
    return TTFont(str(file))


main(Path(sys.argv[1]), Path(sys.argv[2]))
