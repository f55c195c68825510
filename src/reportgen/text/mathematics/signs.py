"""The signs, letters, functions and accents of mathematics: their names in TeX, and their characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "ordinary", "large", "operator", "relation", "arrow", "open", "close", "punctuation", "fence"
]


@dataclass(frozen=True, slots=True)
class SignEntry:
    """A sign: the name that the tree knows it by, its character, and what it does in a formula."""

    name: str
    character: str
    kind: Kind
    tex: str


def _entries(kind: Kind, table: str) -> list[tuple[SignEntry, list[str]]]:
    r"""Read ``name:character`` with further names behind it, each a command of TeX."""
    rows = (row.split(":") for row in table.split())
    return [(SignEntry(name, character, kind, f"\\{name} "), others) for name, character, *others in rows]


_COMMANDS = [
    *_entries(
        "ordinary",
        r"""
        infty:∞ partial:∂ nabla:∇ forall:∀ exists:∃ nexists:∄ neg:¬:lnot emptyset:∅ varnothing:⌀ angle:∠
        measuredangle:∡ sphericalangle:∢ top:⊤ bot:⊥ prime:′ backprime:‵ surd:√ triangle:△ square:□:Box
        blacksquare:■ blacktriangle:▲ lozenge:◊:Diamond blacklozenge:⧫ bigstar:★ clubsuit:♣ diamondsuit:♢
        heartsuit:♡ spadesuit:♠ flat:♭ natural:♮ sharp:♯ dots:… ldots:…:dotsc:dotso:mathellipsis:textellipsis
        cdots:⋯:dotsb:dotsm:dotsi vdots:⋮ ddots:⋱ S:§ P:¶ checkmark:✓ maltese:✠ complement:∁ mho:℧
        circledR:® circledS:Ⓢ diagup:╱ diagdown:╲ triangledown:▽ blacktriangledown:▼
        """,
    ),
    *_entries(
        "large",
        r"""
        sum:∑ prod:∏ coprod:∐ int:∫:intop iint:∬ iiint:∭ iiiint:⨌ oint:∮ bigcup:⋃ bigcap:⋂ bigsqcup:⨆
        biguplus:⨄ bigvee:⋁ bigwedge:⋀ bigoplus:⨁ bigotimes:⨂ bigodot:⨀
        """,
    ),
    *_entries(
        "operator",
        r"""
        pm:± mp:∓ times:× div:÷ cdot:⋅:cdotp ast:∗ star:⋆ circ:∘ bullet:∙ cap:∩ cup:∪ uplus:⊎ sqcap:⊓ sqcup:⊔
        vee:∨:lor wedge:∧:land setminus:∖ smallsetminus:﹨ wr:≀ oplus:⊕ ominus:⊖ otimes:⊗ oslash:⊘ odot:⊙
        bigcirc:◯ dagger:†:dag ddagger:‡:ddag amalg:⨿ diamond:⋄ bigtriangleup:∆ bigtriangledown:∇
        triangleleft:◁ triangleright:▷ lhd:⊲ rhd:⊳ unlhd:⊴:trianglelefteq unrhd:⊵:trianglerighteq ltimes:⋉
        rtimes:⋊ leftthreetimes:⋋ rightthreetimes:⋌ curlyvee:⋎ curlywedge:⋏ dotplus:∔ divideontimes:⋇
        doublecap:⩀:Cap doublecup:⋓:Cup boxplus:⊞ boxminus:⊟ boxtimes:⊠ boxdot:⊡ circledast:⊛ circledcirc:⊚
        circleddash:⊝ centerdot:· intercal:⊺ barwedge:⊼ veebar:⊻ doublebarwedge:⩞
        """,
    ),
    *_entries(
        "relation",
        r"""
        le:≤:leq ge:≥:geq ne:≠:neq ll:≪ gg:≫ lll:⋘:llless ggg:⋙:gggtr approx:≈:thickapprox sim:∼:thicksim simeq:≃
        cong:≅ equiv:≡ propto:∝:varpropto in:∈ notin:∉ ni:∋:owns subset:⊂ supset:⊃ subseteq:⊆ supseteq:⊇
        subsetneq:⊊:varsubsetneq supsetneq:⊋:varsupsetneq nsubseteq:⊈ nsupseteq:⊉ sqsubset:⊏ sqsupset:⊐
        sqsubseteq:⊑ sqsupseteq:⊒ Subset:⋐ Supset:⋑ subseteqq:⫅ supseteqq:⫆ subsetneqq:⫋ supsetneqq:⫌ prec:≺ succ:≻
        preceq:⪯ succeq:⪰ preccurlyeq:≼ succcurlyeq:≽ precsim:≾ succsim:≿ precapprox:⪷ succapprox:⪸ nprec:⊀
        nsucc:⊁ leqslant:⩽ geqslant:⩾ leqq:≦ geqq:≧ lesssim:≲ gtrsim:≳ lessapprox:⪅ gtrapprox:⪆ lessgtr:≶
        gtrless:≷ lesseqgtr:⋚ gtreqless:⋛ eqslantless:⪕ eqslantgtr:⪖ nless:≮ ngtr:≯ nleq:≰ ngeq:≱ lneq:⪇ gneq:⪈
        lneqq:≨ gneqq:≩ lnsim:⋦ gnsim:⋧ lnapprox:⪉ gnapprox:⪊ nsim:≁ ncong:≇ approxeq:≊ backsim:∽ backsimeq:⋍
        asymp:≍ doteq:≐ doteqdot:≑:Doteq risingdotseq:≓ fallingdotseq:≒ circeq:≗ triangleq:≜ bumpeq:≏ Bumpeq:≎
        eqcirc:≖ models:⊨ vDash:⊨ vdash:⊢ dashv:⊣ Vdash:⊩ Vvdash:⊪ nvdash:⊬ nvDash:⊭ nVdash:⊮ perp:⟂ mid:∣ nmid:∤
        parallel:∥ nparallel:∦ shortmid:∣ shortparallel:∥ bowtie:⋈:Join smile:⌣ frown:⌢ between:≬ pitchfork:⋔
        therefore:∴ because:∵ vartriangleleft:⊲ vartriangleright:⊳ ntriangleleft:⋪ ntriangleright:⋫ lessdot:⋖
        gtrdot:⋗ multimap:⊸
        """,
    ),
    *_entries(
        "arrow",
        r"""
        to:→:rightarrow:textrightarrow leftarrow:←:gets:textleftarrow uparrow:↑ downarrow:↓ updownarrow:↕
        leftrightarrow:↔ Rightarrow:⇒ Leftarrow:⇐ Uparrow:⇑ Downarrow:⇓ Updownarrow:⇕ Leftrightarrow:⇔
        longrightarrow:⟶ longleftarrow:⟵ longleftrightarrow:⟷ Longrightarrow:⟹:implies Longleftarrow:⟸:impliedby
        Longleftrightarrow:⟺:iff mapsto:↦ longmapsto:⟼ hookrightarrow:↪ hookleftarrow:↩ rightharpoonup:⇀
        rightharpoondown:⇁ leftharpoonup:↼ leftharpoondown:↽ rightleftharpoons:⇌ leftrightharpoons:⇋ nearrow:↗
        searrow:↘ swarrow:↙ nwarrow:↖ leadsto:⇝:rightsquigarrow leftrightsquigarrow:↭ twoheadrightarrow:↠
        twoheadleftarrow:↞ rightarrowtail:↣ leftarrowtail:↢ rightrightarrows:⇉ leftleftarrows:⇇
        leftrightarrows:⇆ rightleftarrows:⇄ upuparrows:⇈ downdownarrows:⇊ nrightarrow:↛ nleftarrow:↚
        nRightarrow:⇏ nLeftarrow:⇍ nleftrightarrow:↮ nLeftrightarrow:⇎ dashrightarrow:⇢:dasharrow dashleftarrow:⇠
        curvearrowright:↷ curvearrowleft:↶ circlearrowright:↻ circlearrowleft:↺ Rrightarrow:⇛ Lleftarrow:⇚
        upharpoonright:↾:restriction upharpoonleft:↿ downharpoonright:⇂ downharpoonleft:⇃ looparrowright:↬
        looparrowleft:↫ Lsh:↰ Rsh:↱
        """,
    ),
    *_entries("open", r"langle:⟨ lfloor:⌊ lceil:⌈ lbrace:{ lgroup:⟮ lmoustache:⎰ ulcorner:⌜ llcorner:⌞"),
    *_entries("close", r"rangle:⟩ rfloor:⌋ rceil:⌉ rbrace:} rgroup:⟯ rmoustache:⎱ urcorner:⌝ lrcorner:⌟"),
    *_entries("fence", "Vert:‖"),
]

_WRITTEN: list[tuple[SignEntry, list[str]]] = [
    *((SignEntry(each, each, "operator", each), []) for each in "+/"),
    (SignEntry("-", "−", "operator", "-"), ["textminus"]),
    (SignEntry("*", "∗", "operator", "*"), ["textasteriskcentered"]),
    *((SignEntry(each, each, "relation", each), []) for each in "=<>"),
    (SignEntry(":", ":", "relation", ":"), []),
    *((SignEntry(each, each, "punctuation", each), []) for each in ",;"),
    (SignEntry("colon", ":", "punctuation", "\\colon "), []),
    *((SignEntry(each, each, "ordinary", each), []) for each in '.!?@"'),
    *((SignEntry(each, each, "ordinary", f"\\{each}"), []) for each in "%&#_$"),
    (SignEntry("backslash", "\\", "ordinary", "\\backslash "), ["textbackslash"]),
    (SignEntry("(", "(", "open", "("), ["lparen"]),
    (SignEntry(")", ")", "close", ")"), ["rparen"]),
    (SignEntry("[", "[", "open", "["), ["lbrack"]),
    (SignEntry("]", "]", "close", "]"), ["rbrack"]),
    (SignEntry("|", "|", "fence", "|"), ["vert", "textbar"]),
    (SignEntry("lvert", "|", "open", "\\lvert "), []),
    (SignEntry("rvert", "|", "close", "\\rvert "), []),
    (SignEntry("lVert", "‖", "open", "\\lVert "), []),
    (SignEntry("rVert", "‖", "close", "\\rVert "), []),
    (SignEntry("degree", "°", "ordinary", "{{}^{\\circ }}"), ["textdegree", "arcdeg"]),
    (SignEntry("coloneqq", "≔", "relation", "\\mathrel{:=}"), ["coloneq", "colonequals"]),
    (SignEntry("eqqcolon", "≕", "relation", "\\mathrel{=:}"), ["eqcolon", "equalscolon"]),
    (SignEntry("llbracket", "⟦", "open", "[\\![ "), ["lBrack"]),
    (SignEntry("rrbracket", "⟧", "close", "]\\!] "), ["rBrack"]),
]

SIGNS: dict[str, SignEntry] = {entry.name: entry for entry, _ in (*_COMMANDS, *_WRITTEN)}
"""Every sign by its name."""
COMMAND_SIGNS: dict[str, str] = {
    name: entry.name
    for entry, others in (*_COMMANDS, *_WRITTEN)
    for name in (entry.name, *others)
    if name.isalpha()
}
"""The name of a sign by each command that means it."""
_OTHER_CHARACTERS = {
    "-": "-", "–": "-", "‐": "-", "‑": "-", "*": "*", "·": "cdot", "•": "bullet", "⊥": "perp", "∤": "nmid",
    "∥": "parallel", "∣": "mid", "⊲": "triangleleft", "⊳": "triangleright", "△": "triangle", "∇": "nabla",
    "⊨": "models", ":": ":", "∶": ":", "|": "|", "〈": "langle", "〉": "rangle", "∙": "bullet", "⦁": "bullet",
    "∅": "emptyset", "√": "surd", "∕": "/", "⁄": "/", "⟂": "perp", "º": "degree", "˚": "degree", "‖": "Vert",
    "☉": "odot", "—": "-", "☆": "star", "◦": "circ", "∆": "triangle", "“": '"', "”": '"', "○": "bigcirc",
}  # fmt: skip
CHARACTER_SIGNS: dict[str, str] = {
    entry.character: entry.name for entry in reversed(SIGNS.values()) if entry.character not in '{}\\"&#$_'
} | _OTHER_CHARACTERS
"""The name of a sign by its character; braces, backslashes, the underscore and the like have a meaning of their own."""

_GREEK = (
    "alpha:α beta:β gamma:γ delta:δ epsilon:ϵ varepsilon:ε zeta:ζ eta:η theta:θ vartheta:ϑ iota:ι kappa:κ"
    " varkappa:ϰ lambda:λ mu:μ nu:ν xi:ξ pi:π varpi:ϖ rho:ρ varrho:ϱ sigma:σ varsigma:ς tau:τ upsilon:υ phi:ϕ"
    " varphi:φ chi:χ psi:ψ omega:ω digamma:ϝ Gamma:Γ Delta:Δ Theta:Θ Lambda:Λ Xi:Ξ Pi:Π Sigma:Σ Upsilon:Υ"
    " Phi:Φ Psi:Ψ Omega:Ω"
)
_OTHER_LETTERS = (
    "ell:ℓ hbar:ℏ:hslash Re:ℜ Im:ℑ wp:℘ imath:ı jmath:ȷ aleph:ℵ beth:ℶ gimel:ℷ daleth:ℸ eth:ð Bbbk:𝕜"
)
_AS_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True))
_AS_LATIN_NAMES = "Alpha Beta Epsilon Zeta Eta Iota Kappa Mu Nu Omicron Rho Tau Chi omicron"


def _letters(table: str) -> dict[str, str]:
    rows = (row.split(":") for row in table.split())
    return {name: character for first, character, *others in rows for name in (first, *others)}


COMMAND_LETTERS: dict[str, str] = {
    **_letters(_GREEK),
    **_letters(_OTHER_LETTERS),
    **dict(zip(_AS_LATIN_NAMES.split(), _AS_LATIN, strict=True)),
}
"""The letter that a command means."""
LETTER_COMMANDS: dict[str, str] = {
    letter: f"\\{name} " for name, letter in reversed(COMMAND_LETTERS.items()) if letter not in _AS_LATIN
} | {"ħ": "\\hbar ", "µ": "\\mu ", "Ω": "\\Omega ", **_AS_LATIN}
"""How TeX writes a letter that its keyboard does not have."""
CAPITAL_GREEK = frozenset("ΓΔΘΛΞΠΣΥΦΨΩ")
GREEK = frozenset(_letters(_GREEK).values()) | {"µ"}

FUNCTIONS: dict[str, str] = {
    name: name
    for name in [
        "log",
        "ln",
        "lg",
        "exp",
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "arcsin",
        "arccos",
        "arctan",
        "max",
        "min",
        "sup",
        "inf",
        "lim",
        "det",
        "dim",
        "ker",
        "hom",
        "deg",
        "gcd",
        "Pr",
        "arg",
    ]
} | {"limsup": "lim sup", "liminf": "lim inf", "injlim": "inj lim", "projlim": "proj lim"}
"""The name that each command of a function sets."""
WITH_LIMITS = frozenset({"max", "min", "sup", "inf", "lim", "det", "gcd", "Pr", "lim sup", "lim inf"})
"""The functions whose scripts stand above and below where there is room."""

ACCENTS = frozenset(
    [
        "hat",
        "bar",
        "tilde",
        "vec",
        "dot",
        "ddot",
        "dddot",
        "ddddot",
        "check",
        "breve",
        "acute",
        "grave",
        "mathring",
        "widehat",
        "widetilde",
        "overline",
        "underline",
        "overbrace",
        "underbrace",
        "overrightarrow",
        "overleftarrow",
        "overleftrightarrow",
        "underrightarrow",
        "underleftarrow",
        "underleftrightarrow",
    ]
)
"""The names of accents: marks over or under a base."""
MARKS = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "overline",
    "\u0306": "breve", "\u0307": "dot", "\u0308": "ddot", "\u030a": "mathring", "\u030c": "check",
    "\u0332": "underline",
    "\u20d7": "vec", "\u20db": "dddot", "\u20dc": "ddddot",
}  # fmt: skip
"""The accent that each combining character is."""

DELIMITERS = frozenset(
    [
        "(",
        ")",
        "[",
        "]",
        "|",
        "/",
        "langle",
        "rangle",
        "lfloor",
        "rfloor",
        "lceil",
        "rceil",
        "lbrace",
        "rbrace",
        "lgroup",
        "rgroup",
        "lmoustache",
        "rmoustache",
        "Vert",
        "backslash",
        "uparrow",
        "downarrow",
        "updownarrow",
        "Uparrow",
        "Downarrow",
        "Updownarrow",
        "lvert",
        "rvert",
        "lVert",
        "rVert",
        "ulcorner",
        "urcorner",
        "llcorner",
        "lrcorner",
        "<",
        ">",
    ]
)
"""The signs that grow with what they enclose."""
