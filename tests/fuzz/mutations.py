"""What goes wrong with files: values of other types, fields too many or too few, bytes flipped, cut or doubled."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st
from strategies import texts

_RAW = "\ue0ff"
_NUMBERS = (
    "1e999",
    "-1e999",
    "NaN",
    "Infinity",
    "1" * 5000,
    "-0",
    "1E-400",
    "0.1" + "0" * 400 + "1",
    "9" * 20,
)
DEEP = (300, 5_000, 200_000)


def raw(text: str) -> str:
    """Mark a text that is to stand in JSON as it is, not as a string."""
    return f"{_RAW}{text}{_RAW}"


def dumps(value: Any, **options: Any) -> str:
    """Write JSON in which marked texts stand as they are."""
    parts = json.dumps(value, ensure_ascii=False, **options).split(f'"{_RAW}')
    return parts[0] + "".join(part.replace(f'{_RAW}"', "", 1) for part in parts[1:])


def odd_values() -> st.SearchStrategy[Any]:
    """Return a value that hardly any field allows."""
    names = texts() | st.sampled_from(["__proto__", "file", "sha256", ""])
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**19), 10**19),
        st.floats(),
        st.sampled_from(_NUMBERS).map(raw),
        st.sampled_from(DEEP).map(lambda depth: raw("[" * depth + "]" * depth)),
        st.sampled_from(DEEP).map(lambda depth: raw('{"a":' * depth + "1" + "}" * depth)),
        texts(),
        st.sampled_from(["", " ", "\\ud83d", "../../sentinel/precious.txt", "/etc/passwd"]),
        st.just(raw(r'"\ud83d"')),
        st.just(100_000).map(
            lambda length: "x" * length
        ),  # not written out where hypothesis names a strategy
        st.lists(st.none() | st.integers() | texts(), max_size=3),
        st.dictionaries(names, st.none() | st.integers() | texts(), max_size=3),
    )


@st.composite
def mutated(draw: st.DrawFn, value: Any, most: int = 3) -> Any:
    """Change a JSON value in a few places: another value, a field or item less, one more, one twice."""
    value = {"": json.loads(json.dumps(value))}
    for _ in range(draw(st.integers(1, most))):
        # By number: hypothesis would write out all that it chooses from, and values may be long.
        places = _places(value)
        parent, key = places[draw(st.integers(0, len(places) - 1))]
        match draw(st.sampled_from(["replace", "replace", "remove", "add", "double", "wrap"])):
            case "remove" if parent is not value:
                del parent[key]
            case "add" if isinstance(parent[key], dict):
                parent[key][draw(texts())] = draw(odd_values())
            case "add" | "double" if isinstance(parent[key], list) and parent[key]:
                parent[key] += [draw(odd_values()) if draw(st.booleans()) else parent[key][0]]
            case "double" if isinstance(parent[key], dict) and parent[key]:
                name = draw(st.sampled_from(sorted(parent[key])))
                parent[key][name] = raw(
                    f"{dumps(parent[key][name])}, {json.dumps(name)}: {dumps(draw(odd_values()))}"
                )
            case "wrap":
                parent[key] = draw(
                    st.sampled_from([[parent[key]], {"text": parent[key]}, [[parent[key]] * 3]])
                )
            case _:
                parent[key] = draw(odd_values())
    return value[""]


def _places(value: Any) -> list[tuple[Any, Any]]:
    found = []
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in keys:
        found.append((value, key))
        if isinstance(value[key], dict | list):
            found += _places(value[key])
    return found


def written(value: Any) -> bytes:
    """Write a value as the bytes of a file; half characters are left as they are."""
    return dumps(value, indent=1).encode("utf-8", "surrogatepass")


@st.composite
def mutated_bytes(draw: st.DrawFn, content: bytes, most: int = 4) -> bytes:
    """Change bytes in a few places: flipped, cut out, put in, doubled, or the whole in another encoding."""
    for _ in range(draw(st.integers(1, most))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        head, middle, tail = content[:start], content[start:end], content[end:]
        match draw(st.sampled_from(["flip", "cut", "insert", "double", "end", "many", "encode"])):
            case "flip":
                content = (
                    head + bytes(each ^ draw(st.integers(1, 255)) for each in middle[:3]) + middle[3:] + tail
                )
            case "cut":
                content = head + tail
            case "insert":
                content = head + draw(_inserted()) + middle + tail
            case "double":
                content = head + middle + middle + tail
            case "end":
                content = head
            case "many":
                content = head + middle * draw(st.sampled_from([10, 1000])) + tail
            case "encode":
                codec = draw(st.sampled_from(["utf-16", "utf-32", "utf-8-sig", "cp1252", "utf-7"]))
                content = content.decode("utf-8", "replace").encode(codec, "replace")
    return content


def _inserted() -> st.SearchStrategy[bytes]:
    signs = [
        "\0",
        "\ufeff",
        '"',
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\n",
        "\r",
        "#",
        "=",
        "@",
        "$",
        "%",
        "\x1a",
    ]
    return (
        st.binary(max_size=4)
        | st.sampled_from([sign.encode() for sign in signs])
        | texts().map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
