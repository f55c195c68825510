"""The commands of mathematics that take arguments, or change what follows: what each makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.text.mathematics.tree import Alphabet


def _by_name(table: Mapping[str, str]) -> dict[str, str]:
    """Turn a table of values with the commands that have each into one of commands."""
    return {name: value for value, names in table.items() for name in names.split()}


ALPHABETS: dict[str, Alphabet] = _by_name(  # type: ignore[assignment]
    {
        "upright": "mathrm mathup symup symrm upright textnormal",
        "bold": "mathbf symbf symbfup",
        "italic": "mathit symit mathnormal",
        "bold-italic": "boldsymbol bm pmb mathbfit symbfit bold",
        "sans": "mathsf symsf",
        "mono": "mathtt symtt",
        "calligraphic": "mathcal symcal",
        "script": "mathscr symscr",
        "blackboard": "mathbb symbb mathds",
        "fraktur": "mathfrak symfrak frak",
    }
)
"""The alphabet in which a command sets its argument."""
SWITCHES: dict[str, Alphabet] = _by_name(  # type: ignore[assignment]
    {
        "upright": "rm rmfamily normalfont upshape",
        "bold": "bf bfseries",
        "italic": "it itshape sl em mit",
        "sans": "sf sffamily",
        "mono": "tt ttfamily",
        "calligraphic": "cal",
        "bold-italic": "boldmath",
    }
)
"""The alphabet in which what follows is set, up to the end of the group."""
TEXTS: dict[str, Alphabet] = _by_name(  # type: ignore[assignment]
    {
        "upright": "text textrm textnormal textup mbox hbox textmd textsc intertext shortintertext",
        "italic": "textit textsl emph",
        "bold": "textbf",
        "sans": "textsf",
        "mono": "texttt",
    }
)
"""The letters of words within a formula, by the command that holds them."""
RAISED_TEXTS = frozenset({"textsuperscript", "textsubscript"})

Size = Literal["display", "text", "script"]
SIZES: dict[str, Size] = {
    "displaystyle": "display",
    "textstyle": "text",
    "scriptstyle": "script",
    "scriptscriptstyle": "script",
}
FRACTIONS: dict[str, Literal["", "display", "text"]] = {
    "frac": "",
    "dfrac": "display",
    "tfrac": "text",
    "cfrac": "display",
}
BINOMIALS: dict[str, Literal["", "display", "text"]] = {"binom": "", "dbinom": "display", "tbinom": "text"}
SLASHED = frozenset({"nicefrac", "sfrac", "flatfrac"})
INFIXES: dict[str, tuple[bool, tuple[str, str]]] = {
    "over": (True, ("", "")),
    "atop": (False, ("", "")),
    "choose": (False, ("(", ")")),
    "brack": (False, ("[", "]")),
    "brace": (False, ("lbrace", "rbrace")),
}
"""Whether there is a line, and the brackets, of what parts its group into one above the other."""

ACCENT_COMMANDS: dict[str, str] = {
    "wideparen": "overline",
    "Hat": "hat",
    "Bar": "bar",
    "Tilde": "tilde",
    "Vec": "vec",
    "Dot": "dot",
    "Ddot": "ddot",
    "underbar": "underline",
}
"""Other names of accents."""
STACKS: dict[str, Literal["above", "below"]] = {"overset": "above", "stackrel": "above", "underset": "below"}
LONG_ARROWS: dict[str, str] = {
    "xrightarrow": "to",
    "xleftarrow": "leftarrow",
    "xleftrightarrow": "leftrightarrow",
    "xRightarrow": "Rightarrow",
    "xLeftarrow": "Leftarrow",
    "xLeftrightarrow": "Leftrightarrow",
    "xmapsto": "mapsto",
    "xhookrightarrow": "hookrightarrow",
    "xhookleftarrow": "hookleftarrow",
    "xrightleftharpoons": "rightleftharpoons",
}
"""The arrow that has words above it, and in brackets below it."""
FENCES: dict[str, tuple[str, str]] = {
    "abs": ("|", "|"),
    "norm": ("Vert", "Vert"),
    "bra": ("langle", "|"),
    "ket": ("|", "rangle"),
    "braket": ("langle", "rangle"),
    "ceil": ("lceil", "rceil"),
    "floor": ("lfloor", "rfloor"),
    "set": ("lbrace", "rbrace"),
    "expval": ("langle", "rangle"),
}
"""What encloses the argument of commands that many packages define."""
Side = Literal["", "open", "close", "middle"]
_SIDES: dict[str, Side] = {"": "", "l": "open", "r": "close", "m": "middle"}
DELIMITER_SIZES: dict[str, tuple[int, Side]] = {
    f"{size}{letter}": (number, side)
    for number, size in enumerate(("big", "Big", "bigg", "Bigg"), 1)
    for letter, side in _SIDES.items()
}

SPACES: dict[str, int] = {
    ",": 3, "thinspace": 3, ":": 4, ">": 4, "medspace": 4, ";": 5, "thickspace": 5, " ": 6, "\n": 6, "space": 6,
    "nobreakspace": 6, "enspace": 9, "enskip": 9, "quad": 18, "qquad": 36, "hfill": 18, "hfil": 18, "!": -3,
    "negthinspace": -3, "negmedspace": -4, "negthickspace": -5, "/": 0, "-": 0, "allowbreak": 0,
}  # fmt: skip
"""Eighteenths of an em that a command leaves empty."""
MEASURED_SPACES = frozenset({"hspace", "hskip", "kern", "mkern", "mskip", "mspace"})
UNITS = {
    "em": 18,
    "ex": 8,
    "mu": 1,
    "pt": 1.8,
    "mm": 5.1,
    "cm": 51,
    "in": 130,
    "pc": 21.6,
    "bp": 1.8,
    "sp": 0,
}
"""Eighteenths of an em in each unit of length."""
WIDEST_SPACE = 180
WIDEST_BACK = 18
"""More would print one part of a text over another."""

IGNORED = frozenset(
    [
        "notag",
        "nonumber",
        "displaylimits",
        "limits",
        "nolimits",
        "strut",
        "mathstrut",
        "hline",
        "hfilneg",
        "relax",
        "noindent",
        "centering",
        "nolinebreak",
        "nobreak",
        "null",
        "protect",
        "unboldmath",
        "tiny",
        "scriptsize",
        "footnotesize",
        "small",
        "normalsize",
        "large",
        "Large",
        "LARGE",
        "huge",
        "Huge",
        "break",
        "linebreak",
        "newline",
        "bigskip",
        "medskip",
        "smallskip",
    ]
)
"""Commands that say nothing of the formula."""
IGNORED_WITH_ARGUMENT = frozenset({"label", "color", "vphantom", "vspace", "cline"})
TRANSPARENT = frozenset(
    [
        "mathop",
        "mathrel",
        "mathbin",
        "mathord",
        "mathinner",
        "mathpunct",
        "mathopen",
        "mathclose",
        "smash",
        "mathclap",
        "mathllap",
        "mathrlap",
        "ensuremath",
        "rlap",
        "llap",
    ]
)
"""Commands whose argument stands for itself."""
PHANTOMS = frozenset({"phantom", "hphantom"})
BOXES = frozenset({"boxed", "fbox", "framebox", "Aboxed"})

WORDS: dict[str, str] = {
    "AA": "Å", "aa": "å", "AE": "Æ", "ae": "æ", "O": "Ø", "o": "ø", "OE": "Œ", "oe": "œ", "ss": "ß", "L": "Ł",
    "l": "ł", "pounds": "£", "textsterling": "£", "copyright": "©", "texteuro": "€", "euro": "€", "texttrademark": "™",
    "textregistered": "®", "textcent": "¢", "textyen": "¥", "yen": "¥", "textperthousand": "‰", "permil": "‰",
    "perthousand": "‰", "textquotedblleft": "“", "textquotedblright": "”", "textquoteleft": "‘", "textquoteright": "’",
    "textendash": "–", "textemdash": "—", "textasciitilde": "~", "textasciicircum": "^", "LaTeX": "LaTeX", "TeX": "TeX",
    "guillemotleft": "«", "guillemotright": "»", "angstrom": "Å", "textunderscore": "_", "and": "and", "textless": "<",
    "textgreater": ">",
}  # fmt: skip
"""Commands that are a sign of text."""
TEXT_ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
}
"""The mark that an escaped sign puts on the next letter of words."""
LETTER_ACCENTS = {"c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a"}

MACROS: dict[str, str] = {
    "bmod": r"\;\operatorname{mod}\;",
    "mod": r"\quad\operatorname{mod}\;",
    "argmax": r"\operatorname*{arg max}",
    "argmin": r"\operatorname*{arg min}",
    "Tr": r"\operatorname{Tr}",
    "tr": r"\operatorname{tr}",
    "sgn": r"\operatorname{sgn}",
    "sign": r"\operatorname{sign}",
    "rank": r"\operatorname{rank}",
    "diag": r"\operatorname{diag}",
    "erf": r"\operatorname{erf}",
    "Var": r"\operatorname{Var}",
    "Cov": r"\operatorname{Cov}",
    "varlimsup": r"\overline{\lim}",
    "varliminf": r"\underline{\lim}",
    "varinjlim": r"\operatorname*{inj lim}",
    "varprojlim": r"\operatorname*{proj lim}",
    "arcsec": r"''",
    "arcmin": r"'",
    "farcs": r".''",
    "farcm": r".'",
    "fdg": r".\degree",
    "micro": r"\mathrm{\mu}",
    "textmu": r"\mathrm{\mu}",
    "upmu": r"\mathrm{\mu}",
    "celsius": r"\degree\mathrm{C}",
    "ohm": r"\mathrm{\Omega}",
    "Msun": r"M_{\odot}",
    "msun": r"M_{\odot}",
    "Lsun": r"L_{\odot}",
    "Rsun": r"R_{\odot}",
    "sun": r"\odot",
    "earth": r"\oplus",
    "dd": r"\mathrm{d}",
    "differentialD": r"\mathrm{d}",
    "slash": "/",
    **{
        name: rf"\mathbb{{{name[0]}}}"
        for name in ["R", "N", "Z", "Q", "C", "RR", "NN", "ZZ", "QQ", "CC", "FF", "PP", "EE"]
    },
    "kk": r"\mathbb{k}",
    "reals": r"\mathbb{R}",
}
"""What authors' commands stand for that many packages define alike."""
GREEK_CAPITALS_IN_ITALICS: dict[str, str] = dict(
    zip(
        [
            "varGamma",
            "varDelta",
            "varTheta",
            "varLambda",
            "varXi",
            "varPi",
            "varSigma",
            "varUpsilon",
            "varPhi",
            "varPsi",
            "varOmega",
        ],
        "ΓΔΘΛΞΠΣΥΦΨΩ",
        strict=True,
    )
)

GridKind = Literal[
    "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "cases", "rcases", "array",
    "substack", "align", "alignat", "gather", "split", "multline", "eqnarray",
]  # fmt: skip
_KINDS: tuple[GridKind, ...] = get_args(GridKind)
GRIDS: dict[str, GridKind] = {
    **{kind: kind for kind in _KINDS},
    **{f"{kind}*": kind for kind in _KINDS},
    "aligned": "align",
    "flalign": "align",
    "flalign*": "align",
    "alignedat": "alignat",
    "gathered": "gather",
    "multlined": "multline",
    "subarray": "substack",
    "dcases": "cases",
    "drcases": "rcases",
    "tabular": "array",
    "darray": "array",
}
"""The kind of grid that an environment is."""
WITH_COLUMNS = frozenset({"array", "tabular", "alignat", "alignat*", "alignedat", "subarray", "darray"})
"""Environments with an argument that says what their columns are."""
IN_DISPLAY_SIZE = frozenset({"dcases", "drcases", "darray"})
PLAIN_ENVIRONMENTS = frozenset({"equation", "equation*", "displaymath", "math", "subequations"})
"""Environments that hold a formula and nothing besides."""
ON_DISPLAY = frozenset(
    {"equation", "displaymath", "align", "alignat", "flalign", "gather", "multline", "eqnarray"}
)
"""Environments that are mathematics on display without dollars around them; each may have a star."""
