"""The repository's words for licences and languages: an id that it does not know refuses a whole request."""

from __future__ import annotations

import re

from reportgen.base.author import CreditRole

# SPDX ids in lower case; only those that InvenioRDM ships and that texts and data are published under.
_OTHER_LICENCES = """
cc0-1.0 cc-pdm-1.0 mit mit-0 0bsd isc apache-2.0 bsd-2-clause bsd-3-clause mpl-2.0 epl-2.0 eupl-1.2 artistic-2.0
unlicense zlib odbl-1.0 odc-by-1.0 pddl-1.0 gpl-2.0-only gpl-2.0-or-later gpl-3.0-only gpl-3.0-or-later agpl-3.0-only
agpl-3.0-or-later lgpl-2.1-only lgpl-2.1-or-later lgpl-3.0-only lgpl-3.0-or-later gfdl-1.3-only gfdl-1.3-or-later
lppl-1.3c ofl-1.1 cdla-permissive-1.0 cdla-sharing-1.0
"""
LICENCES = frozenset(_OTHER_LICENCES.split()) | {
    f"cc-{terms}-{version}"
    for terms in ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
    for version in ("1.0", "2.0", "2.5", "3.0", "4.0")
}

# ISO 639-1 and ISO 639-3, joined: "aa" and "aar".
_LANGUAGES = """
aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bibis bmbam bnben bobod
brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo
esspa etest eueus fafas ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin
hohmo hrhrv hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn jvjav kakat
kgkon kikik kjkua kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin
lolao ltlit lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde nenep ngndo
nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs papan pipli plpol pspus ptpor quque rmroh rnrun
roron rurus rwkin sasan scsrd sdsnd sesme sgsag shhbs sisin skslk slslv smsmo snsna sosom sqsqi srsrp ssssw stsot
susun svswe swswa tatam tetel tgtgk ththa titir tktuk tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr
ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid yoyor zazha zhzho zuzul
"""
THREE_LETTERS = {pair[:2]: pair[2:] for pair in _LANGUAGES.split()}

ROLES = {
    CreditRole.DATA_CURATION: "datacurator",
    CreditRole.PROJECT_ADMINISTRATION: "projectmanager",
    CreditRole.SUPERVISION: "supervisor",
}
"""The words for contributors that mean what one of CRediT does; for the others there is none."""


def licence_id(licence: str) -> str | None:
    """Return the id of a licence by its SPDX id; None for one that may not be in the vocabulary."""
    return found if (found := licence.strip().lower()) in LICENCES else None


def language_id(tag: str) -> str | None:
    """Return the ISO 639-3 code of a BCP 47 tag; None where it has none."""
    primary = tag.split("-", maxsplit=1)[0].lower()
    return primary if re.fullmatch(r"[a-z]{3}", primary) else THREE_LETTERS.get(primary)
