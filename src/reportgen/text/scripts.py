"""The scripts that faces of their own print: which characters they have, how they are shaped, where lines break."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

# Name; its tag in OpenType fonts where its letters must be shaped, else "-"; whether Noto has it in Serif, in
# Sans or in both; its code points. Signs that several scripts share (COMMON) stand with none.
_TABLE = """
Devanagari      dev2 both  900-950 955-963 966-97F A8E0-A8FF
Bengali         bng2 both  980-9FF
Gurmukhi        gur2 both  A00-A7F
Gujarati        gjr2 both  A80-AFF
Oriya           ory2 sans  B00-B7F
Tamil           tml2 both  B80-BFF
Telugu          tel2 both  C00-C7F
Kannada         knd2 both  C80-CFF
Malayalam       mlm2 both  D00-D7F
Sinhala         sinh both  D80-DFF 111E0-111FF
Thai            thai both  E01-E3A E40-E5B
Lao             lao  both  E80-EFF
Tibetan         tibt serif F00-FFF
Myanmar         mym2 both  1000-109F A9E0-A9FF AA60-AA7F
Khmer           khmr both  1780-17FF 19E0-19FF
Syriac          syrc sans  700-74F 860-86F
Thaana          thaa sans  780-7BF
NKo             nko  sans  7C0-7FF
Samaritan       samr sans  800-83F
Mandaic         mand sans  840-85F
Tagalog         tglg sans  1700-171F
Hanunoo         hano sans  1720-1734
Buhid           buhd sans  1740-175F
Tagbanwa        tagb sans  1760-177F
Mongolian       mong sans  1800-18AF
Limbu           limb sans  1900-194F
TaiLe           tale sans  1950-197F
NewTaiLue       talu sans  1980-19DF
Buginese        bugi sans  1A00-1A1F
TaiTham         lana sans  1A20-1AAF
Balinese        bali both  1B00-1B7F
Sundanese       sund sans  1B80-1BBF 1CC0-1CCF
Batak           batk sans  1BC0-1BFF
Lepcha          lepc sans  1C00-1C4F
SylotiNagri     sylo sans  A800-A82F
PhagsPa         phag sans  A840-A87F
Saurashtra      saur sans  A880-A8DF
KayahLi         kali sans  A900-A92F
Rejang          rjng sans  A930-A95F
Javanese        java sans  A980-A9DF
Cham            cham sans  AA00-AA5F
TaiViet         tavt sans  AA80-AADF
MeeteiMayek     mtei sans  AAE0-AAFF ABC0-ABFF
Kharoshthi      khar sans  10A00-10A5F
Manichaean      mani sans  10AC0-10AFF
PsalterPahlavi  phlp sans  10B80-10BAF
HanifiRohingya  rohg sans  10D00-10D3F
OldSogdian      sogo sans  10F00-10F2F
Sogdian         sogd sans  10F30-10F6F
Brahmi          brah sans  11000-1107F
Kaithi          kthi sans  11080-110CF
Chakma          cakm sans  11100-1114F
Mahajani        mahj sans  11150-1117F
Sharada         shrd sans  11180-111DF
Khojki          khoj both  11200-1124F
Khudawadi       sind sans  112B0-112FF
Grantha         gran both  11300-1137F
Newa            newa sans  11400-1147F
Tirhuta         tirh sans  11480-114DF
Siddham         sidd sans  11580-115FF
Modi            modi sans  11600-1165F
Takri           takr sans  11680-116CF
Ahom            ahom serif 11700-1174F
Dogra           dogr serif 11800-1184F
ZanabazarSquare zanb sans  11A00-11A4F
Soyombo         soyo sans  11A50-11AAF
Bhaiksuki       bhks sans  11C00-11C6F
Marchen         marc sans  11C70-11CBF
MasaramGondi    gonm sans  11D00-11D5F
GunjalaGondi    gong sans  11D60-11DAF
PahawhHmong     hmng sans  16B00-16B8F
Miao            plrd sans  16F00-16F9F
Duployan        dupl sans  1BC00-1BCAF
SignWriting     sgnw sans  1D800-1DAAF
NyiakengPuachueHmong hmnp serif 1E100-1E14F
Wancho          wcho sans  1E2C0-1E2FF
Adlam           adlm sans  1E900-1E95F
Armenian        -    both  530-58F FB13-FB17
Georgian        -    both  10A0-10FF 1C90-1CBF 2D00-2D2F
Ethiopic        -    both  1200-139F 2D80-2DDF AB00-AB2F
Cherokee        -    sans  13A0-13FF AB70-ABBF
CanadianAboriginal - sans  1400-167F 18B0-18FF
Ogham           -    sans  1680-169F
Runic           -    sans  16A0-16FF
OlChiki         -    sans  1C50-1C7F
Glagolitic      -    sans  2C00-2C5F 1E000-1E02F
Coptic          -    sans  2C80-2CFF 102E0-102FF
Tifinagh        -    sans  2D30-2D7F
Yi              -    sans  A000-A4CF
Lisu            -    sans  A4D0-A4FF
Vai             -    sans  A500-A63F
Bamum           -    sans  A6A0-A6FF 16800-16A3F
LinearB         -    sans  10000-1013F
Lycian          -    sans  10280-1029F
Carian          -    sans  102A0-102DF
OldItalic       -    sans  10300-1032F
Gothic          -    sans  10330-1034F
OldPermic       -    sans  10350-1037F
Ugaritic        -    sans  10380-1039F
OldPersian      -    sans  103A0-103DF
Deseret         -    sans  10400-1044F
Shavian         -    sans  10450-1047F
Osmanya         -    sans  10480-104AF
Osage           -    sans  104B0-104FF
Elbasan         -    sans  10500-1052F
CaucasianAlbanian -  sans  10530-1056F
LinearA         -    sans  10600-1077F
Cypriot         -    sans  10800-1083F
ImperialAramaic -    sans  10840-1085F
Palmyrene       -    sans  10860-1087F
Nabataean       -    sans  10880-108AF
Hatran          -    sans  108E0-108FF
Phoenician      -    sans  10900-1091F
Lydian          -    sans  10920-1093F
Meroitic        -    sans  10980-109FF
OldSouthArabian -    sans  10A60-10A7F
OldNorthArabian -    sans  10A80-10A9F
Avestan         -    sans  10B00-10B3F
InscriptionalParthian - sans 10B40-10B5F
InscriptionalPahlavi - sans 10B60-10B7F
OldTurkic       -    sans  10C00-10C4F
OldHungarian    -    sans  10C80-10CFF
Yezidi          -    serif 10E80-10EBF
Elymaic         -    sans  10FE0-10FFF
SoraSompeng     -    sans  110D0-110FF
Multani         -    sans  11280-112AF
WarangCiti      -    sans  118A0-118FF
PauCinHau       -    sans  11AC0-11AFF
TamilSupplement -    sans  11FC0-11FFF
Cuneiform       -    sans  12000-1254F
EgyptianHieroglyphs - sans 13000-1345F
AnatolianHieroglyphs - sans 14400-1467F
Mro             -    sans  16A40-16A6F
BassaVah        -    sans  16AD0-16AFF
Medefaidrin     -    sans  16E40-16E9F
Tangut          -    serif 16FE0-18AFF 18D00-18D8F
Nushu           -    sans  1B170-1B2FF
MayanNumerals   -    sans  1D2E0-1D2FF
MendeKikakui    -    sans  1E800-1E8DF
IndicSiyaqNumbers -  sans  1EC70-1ECBF
"""

COMMON = "\u0951-\u0954\u0964\u0965\u1735\u1736\u1cd0-\u1cff\ua830-\ua839"
"""Signs of several scripts, for the inside of a set: such a sign is of the script that it follows."""
INSIDE = f"{COMMON}\u0300-\u036f\u200c\u200d\u25cc\ufe00-\ufe0f"
"""What belongs to a word of a shaped script where it follows a letter of it: also marks, joiners and selectors."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script: its name in Noto's file names, its OpenType tag ('' where nothing is shaped), its code points.

    ``ranges`` are the first and last code points.
    """

    name: str
    tag: str
    kind: Literal["both", "serif", "sans"]
    ranges: tuple[tuple[int, int], ...]

    @property
    def shown(self) -> str:
        """Return the name that people write: "Tai Tham"."""
        return "".join(f" {letter}" if letter.isupper() else letter for letter in self.name).strip()

    @property
    def characters(self) -> str:
        """Return the code points for the inside of a set in a regular expression."""
        return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in self.ranges)

    @property
    def styles(self) -> tuple[str, ...]:
        """Name the styles that Noto may have, the one for running text first."""
        return ("Serif", "Sans") if self.kind == "both" else (self.kind.capitalize(),)


def _script(name: str, tag: str, kind: Literal["both", "serif", "sans"], *ranges: str) -> Script:
    ends = (each.split("-") for each in ranges)
    return Script(
        name, tag.strip("-"), kind, tuple((int(first, base=16), int(last, base=16)) for first, last in ends)
    )


SCRIPTS = tuple(_script(*row.split()) for row in _TABLE.strip().splitlines())  # type: ignore[arg-type]
SHAPED = "".join(script.characters for script in SCRIPTS if script.tag)
"""The characters of the scripts that are shaped, for the inside of a set."""
_DIVIDED = frozenset(["Armenian", "Coptic", "Ethiopic", "Georgian"])
UNDIVIDED = "".join(script.characters for script in SCRIPTS if script.name not in _DIVIDED)
"""The characters of the scripts that know no hyphen, or whose face has none, for the inside of a set."""
_RANGES = sorted((first, last, script) for script in SCRIPTS for first, last in script.ranges)
_FIRSTS = [first for first, _, _ in _RANGES]


def script_of(character: str) -> Script | None:
    """Return the script of a character; None for those of Latin, Greek, Han and all others that are not here."""
    place = bisect_right(_FIRSTS, ord(character)) - 1
    if place < 0 or ord(character) > _RANGES[place][1]:
        return None
    return _RANGES[place][2]
