"""Go's literals: decoding strings, checking numbers, and writing them as Go's `%q` and `%#U` do."""

from __future__ import annotations

from fr_check.core.patterns import pattern

_ESCAPE = pattern(
    r"""\\(?:([abfnrtv\\"'])|([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]?))"""
)
_PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"', "'": "'"}
_SHORT = {value: "\\" + key for key, value in _PLAIN.items() if key != "'"}
_INTEGER = pattern(
    r"[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7]|(?!))*+|[1-9](?:_?[0-9]|(?!))*+)"
)
_FLOAT = pattern(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEX_FLOAT = pattern(r"[+-]?0[xX](?=\.?[0-9a-fA-F_])[0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?[pP][+-]?[0-9]+")
_LONE_UNDERSCORE = pattern(r"(?<=[0-9])_(?=[0-9])")
_LIMIT = 1 << 64
_LAST_CODE_POINT = 0x10FFFF
_LAST_BYTE = 0xFF
_SURROGATES = range(0xD800, 0xE000)


def unquote(text: str) -> str | None:
    r"""The value of a Go string literal with its quotes (`"..."` or raw); None where Go says "invalid syntax".

    Bytes written as `\xff` that are no UTF-8 become U+FFFD.
    """
    if text[0] == "`":
        return text[1:-1].replace("\r", "")
    return decode(text[1:-1], text[0])


def decode(body: str, quote: str) -> str | None:
    """The value of what stands between `quote`s; None where an escape is not Go's."""
    if "\\" not in body:
        return body
    out: list[str] = []
    raw = bytearray()
    position = 0
    for found in _ESCAPE.finditer(body):
        plain, octal, byte, short, long, wrong = found.groups()
        if wrong is not None or (plain in ('"', "'") and plain != quote):
            return None
        if found.start() > position:
            _flush(raw, out)
        out.append(body[position : found.start()])
        position = found.end()
        if octal or byte:
            value = int(octal, 8) if octal else int(byte, 16)
            if value > _LAST_BYTE:
                return None
            raw.append(value)
            continue
        _flush(raw, out)
        if plain:
            out.append(_PLAIN[plain])
        else:
            code = int(short or long, 16)
            if code > _LAST_CODE_POINT or code in _SURROGATES:
                return None
            out.append(chr(code))
    if position < len(body):
        _flush(raw, out)
    out.append(body[position:])
    _flush(raw, out)
    return "".join(out)


def _flush(raw: bytearray, out: list[str]) -> None:
    if raw:
        out.append(raw.decode("utf-8", "replace"))
        raw.clear()


def quote(text: str) -> str:
    """The text as Go's `%q` prints it."""
    out = ['"']
    for character in text:
        if character in _SHORT:
            out.append(_SHORT[character])
        elif character.isprintable():
            out.append(character)
        elif character < " " or character == "\x7f":
            out.append(f"\\x{ord(character):02x}")
        else:
            code = ord(character)
            out.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")  # noqa: PLR2004 - the basic plane
    out.append('"')
    return "".join(out)


def code_point(character: str) -> str:
    """A character as Go's `%#U` prints it: U+0040 '@'; the end of the text is -1."""
    if not character:
        return "U+FFFFFFFFFFFFFFFF"
    shown = f" '{character}'" if character.isprintable() else ""
    return f"U+{ord(character):04X}{shown}"


def integer(text: str) -> int | None:
    """The value of a Go integer constant that fits into 64 bits; None if it is something else."""
    if text.isdecimal() and text.isascii() and len(text) < 19 and (text[0] != "0" or len(text) == 1):  # noqa: PLR2004
        return int(text)  # as nearly all are: they fit, and have no base
    if not _INTEGER.fullmatch(text):
        return None
    digits = text.replace("_", "").lower()
    sign = -1 if digits[0] == "-" else 1
    digits = digits.lstrip("+-")
    if len(digits) > 80:  # noqa: PLR2004 - more digits than 64 bits have in any base
        return None
    base = {"0x": 16, "0b": 2, "0o": 8}.get(digits[:2], 8 if digits[0] == "0" and len(digits) > 1 else 10)
    value = sign * int(digits[2:] if digits[1:2].isalpha() else digits, base)
    limit = _LIMIT if text[0].isdigit() else _LIMIT >> 1
    return value if -(_LIMIT >> 1) <= value < limit else None


def number_error(text: str) -> str:
    """What Go's parser says of a number constant; empty if it is one."""
    if text[-1:] == "i":
        return ""  # imaginary: nobody writes one, and the scanner has checked its form
    if integer(text) is not None or _HEX_FLOAT.fullmatch(text):
        return ""
    text, given = _LONE_UNDERSCORE.sub("", text), text
    if not _FLOAT.fullmatch(text) or (len(text) < 400 and float(text) in (float("inf"), -float("inf"))):  # noqa: PLR2004
        return f"illegal number syntax: {quote(given)}"
    return "" if any(character in text for character in ".eEpP") else f"integer overflow: {quote(given)}"


def character_error(text: str) -> str:
    """What Go's parser says of a character constant with its quotes; empty if it is one."""
    value = decode(text[1:-1], "'")
    if value is None or not value:
        return "invalid syntax"
    return "" if len(value) == 1 else f"malformed character constant: {text}"
