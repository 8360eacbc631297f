"""Odd Python projects, measured by coverage.py: for comparing what is read here with its own reports."""

from __future__ import annotations

import random
import subprocess
import warnings
from typing import TYPE_CHECKING

import coverage

if TYPE_CHECKING:
    from pathlib import Path

FORMS = ("json", "xml", "lcov")
# `@N` is a number of its own, `@V` a value, `@S` a character that other readers take for the end of a line.
_PARTS = (
    "def f@N(a=1,\n     *,\n     b: int = 2) -> int:\n    'Doc.'\n    return a + \\\n        b\nf@N()\n",
    "@(lambda f: f)\n@(\n    lambda f: f\n)\ndef d@N():\n    pass\n",
    "if @V:\n    @(\n        lambda f: f)\n    class D@N: pass\n",
    's = """\n@S\nx\n"""\n',
    (
        "match @V:\n    case 1:\n        m = 1\n    case [a, b]:\n        m = 2\n    case {'k': v} if v:\n"
        "        m = 3\n    case _:\n        m = 4\n"
    ),
    "match @V:\n    case (\n        1 | 2\n    ):\n        pass\n    case str():\n        pass\n",
    "if @V:  # pragma: no cover\n    x = 1\nelse:\n    x = 2\n",
    "if @V:\n    x = 1\nelse:  # pragma: no cover\n    x = 2\n",
    "for i in range(@V or 0):\n    if i: continue\n    break\nelse:\n    x = 3\n",
    "while 1:\n    try:\n        break\n    finally:\n        x = 1\n",
    "try:\n    [][0]\nexcept (IndexError,\n        KeyError):\n    x = 4\nelse:\n    x = 5\nfinally:\n    x = 6\n",
    (
        "class C@N(object,\n    metaclass=type):\n    'Doc'\n    x: int\n    def m(self): ...\n    @property\n"
        "    def p(self):\n        return (yield)\n"
    ),
    (
        "async def g@N():\n    async with a as b, \\\n            c as d:\n        await e\n    async for q in w:\n"
        "        if q: return\n    return [z async for z in k]\n"
    ),
    "with (open(__file__) as h,\n      open(__file__) as k):\n    x = 1\n",
    "x = 1; y = 2; z = 3\n",
    "if 0:\n    x = 1\n",
    "if not __debug__:\n    x = 2\nelse:\n    x = 3\n",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import q\n",
    "assert @V or True, (\n    'm'\n)\n",
    "# @S\nx = 1\n",
    "@S\n",
    "x = 'a@Sb'\ny = 2\n",
    "x = lambda: (\n    1 if @V else\n    2)\nx()\n",
    "x = [\n    i\n    for i in range(3)\n    if i\n]\n",
    "def u@N(): raise NotImplementedError\n",
    "def w@N():\n    return\n    x = 1\n",
    "class P@N:\n    def a(self) -> int:\n        ...\n    def b(self): pass\n",
    "if @V:  # pragma: no branch\n    x = 1\n",
    "def n@N(x):\n    for i in x:\n        yield i\nlist(n@N([1]))\n",
    "x = (1,\n  # c\n  2)\ndel x\n",
    "def k@N():\n    try:\n        return 1\n    finally:\n        for i in []:\n            pass\nk@N()\n",
    "if @V:\n    pass\nelif @V:\n    x = 2\nelif not @V: x = 3\n",
    "\n\n\n",
    "def z@N():\n    c = 1\n    def i():\n        nonlocal c\n        c = 2\n    i()\nz@N()\n",
    "for (a,\n     b) in [(1, 2)]:\n    pass\n",
    "def e@N():  # pragma: no cover\n    if 1:\n        return 2\n",
    "x = 1  # pragma:no cover\n",
    (
        "for _ in range(2):\n    try:\n        if @V: continue\n        x = 1\n    except Exception:\n        break\n"
        "    finally:\n        x = 2\n"
    ),
    "import contextlib\nwith contextlib.suppress(ValueError):\n    raise ValueError\nx = 2\n",
    "\fx = 5\n",
)
_CHARACTERS = ("", "\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "é", "\t", "\f  ")
_BARE = ("", "\f", "\t")
_VALUES = ("0", "1", "None", "[]")
_NAMES = ("app.py", "pkg/__init__.py", "pkg/a.py", "ns/deep/b.py", "sp ace.py", "üm.py", "pkg/__main__.py")
_RULES = (
    "",
    "exclude_also =\n    def f\n    raise Not\n",
    "exclude_lines =\n    x = 1\n",
    "exclude_lines =\n    pragma: no cover\n    if TYPE_CHECKING\n    ^\\s*\\.\\.\\.$\n    case _:\n",
    "exclude_also =\n    (?s:# c.*2)\n    else:\n    @\n",
    "partial_branches =\n    while\n",
    "partial_also =\n    for .* in\n",
    "exclude_also =\n    def \\w+\\(self\\):\\n\\s+pass\n",
    "exclude_also =\n    except\n    finally:\n",
)


def source(chance: random.Random) -> bytes:
    """A module of odd parts, with any kind of line ends, perhaps a mark of its encoding."""
    parts = []
    for number in range(chance.randint(0, 8)):
        part = chance.choice(_PARTS)
        character = chance.choice(_BARE if part == "@S\n" else _CHARACTERS)
        parts.append(part.replace("@N", str(number)).replace("@V", chance.choice(_VALUES)).replace("@S", character))
    text = "".join(parts)
    if chance.random() < 0.3:
        text = text.rstrip("\n")
    text = text.replace("\n", chance.choice(("\n", "\n", "\n", "\r\n", "\r")))
    data = (b"\xef\xbb\xbf" if chance.random() < 0.1 else b"") + text.encode()
    return data if _compiles(data) else b"x = 1\n"


def _compiles(data: bytes) -> bool:
    """Whether Python takes it, and takes it with one kind of line end, as coverage.py reads it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "source", "exec")
            compile(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\f", b" "), "source", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def measure(root: Path, seed: int) -> None:
    """Writes a project, runs some of it, and leaves the database and every report below `root`.

    At least one file holds a statement that is measured.
    """
    chance = random.Random(seed)  # noqa: S311 - a project, not a secret
    names = chance.sample(_NAMES, chance.randint(1, 4))
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(source(chance))
    # Coverage.py makes no report of nothing.
    (root / "always.py").write_text("import os\n")
    run = f"branch = {chance.choice(('true', 'false'))}\nrelative_files = {chance.choice(('true', 'false'))}\n"
    (root / ".coveragerc").write_text(f"[run]\n{run}source = {root}\n[report]\n{chance.choice(_RULES)}")
    (root / ".gitignore").write_text(".coverage\nreport.*\n")
    subprocess.run(["git", "init", "-q", root], check=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        measuring = coverage.Coverage(config_file=str(root / ".coveragerc"), data_file=str(root / ".coverage"))
        with measuring.collect():
            for name in ("always.py", *names):
                if name == "always.py" or chance.random() < 0.75:
                    _run(root / name)
        measuring.save()
        for form in FORMS:
            getattr(measuring, f"{form}_report")(outfile=str(root / f"report.{form}"))


def _run(path: Path) -> None:
    try:
        exec(  # noqa: S102 - parts that stand above
            compile(path.read_bytes(), str(path), "exec"), {"__name__": "m", "__file__": str(path)}
        )
    except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError):
        return
