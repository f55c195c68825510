"""Texts that try to run, to break or to hide: each must come out as it was typed, or be refused by name."""

from __future__ import annotations

TEX = {
    "input": r"\input{/etc/passwd}",
    "input-bare": r"\input /etc/passwd ",
    "include": r"\include{../../etc/hosts} \verbatiminput{/etc/shadow}",
    "openin": r"\newread\r\openin\r=/etc/passwd \read\r to\l \l",
    "openout": r"\immediate\openout3=canary-out\immediate\write3{gone}",
    "write18": r"\immediate\write18{touch canary-shell}",
    "pipe": r'\input{|"touch canary-shell"}',
    "directlua": r"\directlua{os.execute('touch canary-shell') io.open('canary-lua','w')}",
    "latelua": r"\latelua{texio.write_nl(io.open('/etc/passwd'):read('a'))}",
    "hats": "^^5cinput{/etc/passwd} ^^^^005cwrite18{id} ^^M^^00",
    "hats-math": "$x^^5cinput^^7b/etc/passwd^^7d$",
    "comment": "100% of it % and the rest of the line",
    "hash": "#1 ##2 #{x}",
    "open-brace": "{ { {",
    "close-brace": "} } }",
    "crossed": "}{ \\}\\{ {}}{{}",
    "dollar": "cost $5 and $6, $ $x",
    "dollar-opens": "US $a#",
    "dollar-closes": "b$ of it",
    "display": "$$ \\int_0^1 \\nope $$ \\[ x \\nope \\] \\( y \\nope \\)",
    "end-document": r"\end{document} and after it",
    "end-table": r"\end{longtable}\\ \hline \end{tabular}",
    "begin": r"\begin{filecontents*}{canary-out}x\end{filecontents*}",
    "catcode": r"\catcode`\%=12 \catcode`\{=11",
    "csname": r"\csname input\endcsname{/etc/passwd} \expandafter\string\x",
    "loop": r"\loop\iftrue\repeat \def\x{\x}\x",
    "bomb": r"\def\x{\x\x}\x \def~{~~}~",
    "conditional": r"\iffalse \fi \else \or \ifnum0<1",
    "par": r"\par \\ \\* \newpage \vfill\eject \cr \span \omit",
    "special": r"\special{ps: showpage} \pdfliteral{Q} \pdfobj file{/etc/passwd}",
    "include-graphics": r"\includegraphics{/etc/passwd} \attachfile{/etc/passwd}",
    "tagging": r"\TagBegin{0}x\TagEnd{} \TagDest{title} \TagLink{9}{\TagURI{x}}",
    "backslashes": "\\ \\\\ \\\\\\ C:\\new\\table \\",
    "active": "~ ^ _ & | < > \" ' ` @ *",
    "cell": "a & b \\\\ c & d \\hline",
    "star": "* starred after a row",
    "bracket": "[2cm] and [x] ]",
    "tie": "a~b\\ c\\,d",
    "makeatletter": r"\makeatletter\@@end \makeatother",
    "jobname": r"\jobname \meaning\input \the\toks0 \show\x",
}

LIGATURES = {
    "dashes": "a-b a--b a---b a----b -- ---",
    "tex-quotes": "``double'' `single' ,,low'' ''",
    "guillemets": "<<left>> <one> <<< >>>",
    "inverted": "what?` no!` ?` !`",
    "letters": "fi fl ff ffi ffl office waffle affine shuffle fjord",
    "straight-quotes": "it's \"quoted\" 'so' 5'10\" rock 'n' roll",
    "commas": ",, a,,b ,,,",
}

HIDDEN = {
    "null": "nul\x00byte",
    "controls": "bell\x07 escape\x1b[31m backspace\x08 delete\x7f next\x9f",
    "marks": "\x01H1\x04id=title\x02forged\x03 \x01P\x02",
    "override": "user\u202egnp.exe\u202c end",
    "isolates": "a\u2066b\u2067c\u2068d\u2069e\u200ef\u200fg",
    "zero-width": "zero\u200bwidth\u200cnon\u200djoin\u2060er\ufeffmark",
    "soft-hyphen": "co\u00adop\u00ader\u00adate",
    "feff": "\ufeffmark first",
    "line-separators": "one\u2028two\u2029three\x85four\x0bfive\x0csix",
    "newlines": "one\ntwo\r\nthree\rfour\n\nfive\ttab",
    "spaces": "no\u00a0break thin\u2009space narrow\u202fspace em\u2003space wide\u3000space",
    "annotations": "inter\ufff9lin\ufffaear\ufffb and \u061c",
    "tags": "flag\U000e0041\U000e0042\U000e007f end",
}

UNICODE = {
    "replacement": "lost \ufffd character",
    "noncharacter": "non\ufdd0char\uffff\ufffe\U0001ffff",
    "unassigned": "none \u0378 \U000e0fff here",
    "private": "private \ue000 \uf8ff \U000f0000",
    "combining": "e\u0301 a\u0308 n\u0303 o\u0323\u0302 x\u0304\u0307 q\u0323",
    "zalgo": "Z\u0351\u036b\u0343\u036aa\u0348\u033cl\u030b\u0321g\u0354\u0359o\u0339",
    "leading-mark": "\u0301 begins with a mark",
    "emoji": "\U0001f600 \U0001f52c \u2705 \u26a0\ufe0f \u2764\ufe0f",
    "emoji-sequences": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd \U0001f1e9\U0001f1ea 1\ufe0f\u20e3",
    "alphabets": "\U0001d53c[X] \U0001d4b3 \U0001d70b \U0001d400 \U0001d7d8 \u210d",
    "symbols": "\u2200x\u2208\u211d: x\u00b2\u22650 \u2227 \u222b\u2211 \u2260 \u221a2 \u27e8a,b\u27e9 \u2192 \u21d4",
    "mixed": "Latin \u0391\u03b2\u03b3 \u041a\u0438\u0440\u0438\u043b \u4e2d\u6587 \ud55c\uad6d\uc5b4 \u05e2\u05d1\u05e8\u05d9\u05ea \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "fullwidth": "\uff26\uff35\uff2c\uff2c \ufb01 \u2160 \u00bd \u2126 \u212b",
    "surrogate-pair": "\U00010348 \U0001f30d",
}

MARKUP = {
    "script": "<script>alert(document.cookie)</script>",
    "html": "<img src=x onerror=alert(1)> &lt;b&gt; <!-- x --> &amp;",
    "markdown": "# not a heading **bold** _under_ [link](http://x.y) ![i](j.png)",
    "markdown-cite": "[@nobody] ^[note] | a | b |",
    "jinja": "((( 7*7 ))) ((* include 'x' *)) ((= gone =)) {{ 7*7 }} {% raw %}",
    "format": "{0} {n} {title!r} {} {{}} %s %d %(x)s $name ${name}",
    "sql": "'; DROP TABLE claims; --",
    "shell": "$(touch canary-shell) `touch canary-shell` ; touch canary-shell | id && id",
    "json": '{"verified": true, "a": [1, 2]} \\u0041 \\n',
    "pdf": "(paren) \\) endobj stream <</S/JavaScript>> BT ET EMC",
    "url": "https://a.b/c_d%20e?f={g}&h#i~j",
    "word": "Donaudampfschifffahrtselektrizit\u00e4tenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
    "unbroken": "0123456789abcdef" * 16,
    "questions": "what? ? ¿qué? ?? and ???",
    "punctuation": "!?.,;:'-(){}[]/\\|@#$%^&*_+=~`<>\"",
}

TEXTS = {**TEX, **LIGATURES, **HIDDEN, **UNICODE, **MARKUP}
"""Every hostile text by its name."""

URLS = {
    "percent": "https://example.org/a%20b%2Fc%",
    "hash": "https://example.org/#top#again",
    "braces": "https://example.org/{id}/}x{",
    "backslash": "https://example.org/a\\input{x}",
    "quotes": "https://example.org/\"'`<>",
    "tex": "https://example.org/$x^2_3&~b=c",
    "parentheses": "https://example.org/a)(b>>/S/JavaScript/JS(alert)",
    "unicode-host": "https://m\u00fcnchen.example/\u65e5\u672c?\u044f=\U0001f600",
    "right-to-left": "https://\u05e2\u05d1\u05e8\u05d9\u05ea.example/\u0627",
    "zero-width": "https://exam\u200bple.org/\u202egpj.exe",
    "user": "https://trusted.example@evil.example:8080/",
    "long": "https://example.org/" + "path" * 100,
    "javascript": "javascript:alert(1)",
    "file": "file:///etc/passwd",
    "data": "data:text/html,<script>alert(1)</script>",
    "no-host": "https://",
    "space": "https://example.org/a b",
    "newline": "https://example.org/a\nb",
}
"""Addresses by name; a report links to http and https only, the others are refused or printed."""

FILE_NAMES = {
    "spaces": "two  spaces .json",
    "quotes": 'it\'s "quoted".json',
    "unicode": "\u0437\u0430\u043f\u0438\u0441\u044c-\u65e5\u672c-e\u0301\U0001f600.json",
    "dash": "-rf.json",
    "newline": "line\nbreak.json",
    "tex": "\\input{x}%#$&_^~{}.json",
    "percent": "%s{0}((( x ))).json",
    "shell": "$(touch canary-shell);`id`.json",
    "hidden": ".hidden.json",
    "no-suffix": "record",
}
"""Names of record files."""

BIB_ENTRIES = r"""
@string{inst = "\input{/etc/passwd}"}
@string{self = self # self}
@preamble{"\immediate\write18{touch canary-shell}"}
@comment{ @article{ghost, title={not an entry}} }

@article{bib-input,
  author = {\input{/etc/passwd} and Mallory, Eve},
  title = {{\input{/etc/passwd}} and \write18{touch canary-shell}},
  journal = inst,
  year = {2024},
}

@misc{bib-others,
  author = {others and Ada Lovelace and others},
  title = {100\% of \& \# \_ \$ \{braces\} and $x^^5cinput$},
  year = 2024,
  url = {https://example.org/a_b%20c?d={e}&f#g},
}

@book{bib-unicode,
  author = {M{\"u}ller, J{\"o}rg and {\'E}mile Zola and {\"O}zg{\"u}r, \c{S}ule and {中村 修二}},
  title = {Über <script>alert(1)</script> {--} ``quotes'' -- dashes --- ((( 7*7 )))},
  publisher = {{\directlua{os.exit(1)}} Press},
  year = {2024},
  isbn = {978-3-16-148410-0},
}

@misc{bib-hostile-doi,
  author = {Mallory, Eve},
  title = {A DOI with TeX in it},
  doi = {10.1000/a_b%25{c}<d>(e)},
  year = {2024},
}
"""
"""Entries that a record may cite by the keys in them; none may reach the file system or a shell."""
