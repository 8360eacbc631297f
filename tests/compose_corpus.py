"""Projects written at random, with distinct integers for values: what is asked of Compose and of our reader."""

from __future__ import annotations

import random
from itertools import count
from typing import TYPE_CHECKING

from compose_oracle import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("A", "B", "C", "D", "E", "F", "G", "H")
ODD = (
    "1.10", "010", "1e3", "0x10", "1_000", "yes", "true", "False", "~", ".5", "0o17", "08", "+7", "-0x1f", "1.0",
    "1e21", "1e-7", "100000.0", "0b101", "12e03", "1_0.5_0", "2001-1-1x", "null", "on", "'010'", '"1.10"', "1:30", "-1",
    "1234567.0", "0.00001234", "1e400", "-1e999", "123456789012345678901234", "..", "-", "!!str 1.10",
)  # fmt: skip
TAGS = ("", "", "", "", "!override ", "!reset ")


class Writer:
    """One project; every choice comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing secret
        self.numbers = count(1001)
        self.files: dict[str, str] = {}
        self.shell: dict[str, str] = {}
        self.repeats = False
        self.granted = self.chance(20)

    def one(self, *choices: str) -> str:
        return self.random.choice(choices)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def number(self) -> str:
        return str(next(self.numbers))

    def reference(self, depth: int = 0) -> str:
        name = self.one(*NAMES)
        kind = self.random.randrange(14)
        word = (
            self.reference(depth + 1) if depth < 2 and self.chance(25) else self.one(self.number(), self.number(), "")
        )
        if kind < 3:
            return f"${{{name}}}" if self.chance(70) else f"${name}"
        operator = self.one(":-", ":-", "-", ":+", "+") if kind < 13 else self.one(":?", "?")
        if kind == 12 and self.chance(15):
            # Fails with the outer one set, too.
            word = f"${{{self.one(*NAMES)}{self.one(':?', '?')}{self.number()}}}"
        return f"${{{name}{operator}{word}}}"

    def text(self) -> str:
        kind = self.random.randrange(10)
        if kind < 3:
            return self.number()
        if kind < 8:
            return self.reference()
        if kind == 8:
            return f"a{self.reference()}-{self.reference()}"
        return self.one("$$X", "a b", "x=y", "$${A}", "pg://u:p@h/d", "#5", "$(A)", "${A:-a:?b}", "it''s")

    def variables(self, style: str, indent: str, *, resets: bool = False) -> str:
        """`environment` or `args`: `style` is list or map."""
        names = self.random.sample(NAMES, self.random.randrange(1, 4))
        lines = []
        for name in names:
            if style == "list":
                kind = self.random.randrange(8)
                item = name if kind == 0 else f"{name}={self.text()}"
                item = f"${{{name}}}={self.number()}" if kind == 1 and self.chance(10) else item
                lines.append(f"{indent}- '{item.replace(chr(39), '')}'")
                if kind == 2:
                    self.repeats = True
                    lines.append(f"{indent}- {name}={self.number()}")
            else:
                kind = self.random.randrange(9)
                value = "" if kind == 0 else f'"{self.text()}"' if kind < 7 else self.one(*ODD)
                value = "!reset null" if kind == 1 and resets and self.chance(40) else value
                lines.append(f"{indent}{name}: {value}")
        return "\n".join(lines)

    def env_line(self, name: str) -> str:
        number = self.number()
        return self.one(
            f"{name}={number}", f"{name}={number}", f"{name}={number} # c", f"export {name}={number}",
            f"{name}='{number} ${{A}}'", f'{name}="{number}${{B:-{self.number()}}}"', f"{name}={self.reference()}",
            f"{name}=", f"{name}=''", f"{name}", f"{name}: {number}", f"{name} = {number}", f"{name}=  # c",
            f'{name}="a\\nb\\t{number}" # c', f"{name}=a#{number}",
            f'{name}="{number}" {self.one(*NAMES)}={self.number()}',
            f"{name}='it\\'s'", f'{name}="\\$A {number}"', f"{name}=$$A", f"# {name}={number}", f"{name}='a\nb'",
        )  # fmt: skip

    def raw_line(self, name: str) -> str:
        number = self.number()
        return self.one(
            f"{name}={number}", f"{name}='{number}'", f"{name}=${{A}}", f"{name}", f"{name}= {number} # c", "# c",
            f"  {name}={number}", f"{name}=",
        )  # fmt: skip

    def env_file(self, path: str, *, raw: bool = False) -> None:
        line = self.raw_line if raw else self.env_line
        lines = [line(self.one(*NAMES)) for _ in range(self.random.randrange(5))]
        self.files[path] = "".join(f"{found}\n" for found in lines)

    def env_files(self, folder: str, indent: str) -> str:
        lines = []
        for _ in range(self.random.randrange(1, 3)):
            name = self.one("e1", "e2", "d/e3")
            raw = name == "e2"
            path = f"{folder}/{name}" if folder else name
            missing = self.chance(15)
            if missing:
                name += ".none"
            elif path not in self.files:
                self.env_file(path, raw=raw)
            written = f'"${{Q:-{name}}}"' if self.chance(10) else name
            if raw or missing or self.chance(20):
                lines.append(f"{indent}- path: {written}")
                if missing or self.chance(20):
                    lines.append(f"{indent}  required: {'false' if self.chance(90) else 'true'}")
                if raw:
                    lines.append(f"{indent}  format: raw")
            else:
                lines.append(f"{indent}- {written}")
        return "\n".join(lines)

    def service(self, folder: str, *, over: bool, extends: str = "") -> str:
        """The attributes of one service; `folder` is what its env files count from."""
        lines = []
        if not over and not extends:
            lines.append(f"    image: x{self.number()}")
        if extends:
            lines.append(f"    extends: {extends}")
        tag = self.one(*TAGS) if over else ""
        if self.chance(85):
            style = self.one("list", "map", "map")
            body = "" if tag == "!reset " else "\n" + self.variables(style, "      ", resets=over and not tag)
            lines.append(f"    environment: {tag}{'null' if tag == '!reset ' else ''}{body}")
        tag = self.one(*TAGS) if over else ""
        if self.chance(50):
            body = " []" if tag == "!reset " else "\n" + self.env_files(folder, "      ")
            lines.append(f"    env_file: {tag}{body}")
        if self.chance(40):
            whole = self.one("", "", "", "!override ") if over else ""
            tag = self.one(*TAGS) if over and not whole else ""
            style = self.one("list", "map")
            args = (
                " null"
                if tag == "!reset "
                else "\n" + self.variables(style, "        ", resets=over and not tag and not whole)
            )
            lines.append(f"    build: {whole}\n      context: .\n      args: {tag}{args}")
        elif over and self.chance(5):
            lines.append("    build: !reset null")
        if self.chance(20):
            lines.append(f"    command: {self.one('echo $$A', '[a, $B]', '[a, $$C]', '[]', 'a b')}")
        if self.chance(10):
            lines.append(f"    entrypoint: {self.one('[sh, -c]', 'sh -c', '!reset null' if over else '[e]')}")
        if self.chance(10):
            lines.append(f"    working_dir: {self.one('/a', '/b')}")
        if self.chance(20):
            tag = self.one(*TAGS[2:]) if over else ""
            mounts = ", ".join(f"'{self.one('./a:/x', './b:/x:ro', '/y', './c/d:/z/')}'" for _ in range(2))
            lines.append(f"    volumes: {tag}[{'' if tag == '!reset ' else mounts}]")
        if self.chance(15):
            lines.append(f"    profiles: [{self.one('p', 'q')}]")
        lines += self.beside(over=over)
        return "\n".join(lines or ["    labels: []"])

    def beside(self, *, over: bool) -> list[str]:
        """What a service says that is no variable of its own, and may ask for some."""
        lines = []
        if self.chance(10):
            lines.append(f"    labels: {{a.b: '{self.text()}', c: $$X}}")
        if self.chance(5):
            lines.append("    develop:\n      watch:\n        - {path: ./src, action: sync, target: /src}")
        if self.chance(8):
            lines.append(f"    healthcheck:\n      test: [CMD-SHELL, 'echo {self.one('$$A', '${A:-1}', 'a')}']")
        if self.chance(5):
            tag = self.one(*TAGS[2:]) if over else ""
            ports = "null" if tag == "!reset " else "['80', '${P:-81}:82']"
            lines.append(f"    ports: {tag}{ports}")
        if self.chance(5) and self.granted:
            lines.append("    configs: [conf]\n    secrets: [{source: secret, target: /s}]")
        return lines

    def granted_by(self) -> str:
        """Top-level `configs` and `secrets`, whose contents may be variables."""
        if not self.granted:
            return ""
        content = self.one("${A:-x} $$B", "a: ${B}", "plain", "${C:+on}")
        return (
            f"configs:\n  conf:\n    content: '{content}'\nsecrets:\n  secret:\n    environment: {self.one(*NAMES)}\n"
        )

    def document(self, folder: str, services: tuple[str, ...], *, over: bool = False, head: str = "") -> str:
        anchors = ""
        if self.chance(20):
            anchors = "x-env: &env\n" + self.variables("map", "  ") + "\n"
            anchors += "x-more: &more\n" + self.variables("map", "  ") + "\n"
        lines = [f"{head}{anchors}services:"]
        for index, name in enumerate(services):
            extends = ""
            if index and self.chance(25):
                extends = services[0]
            elif self.chance(15) and not over:
                self.files.setdefault("sub/base.yml", self.base())
                up = "../" * (folder.count("/") + 1) if folder else ""
                sub, base = ("${Q:-sub}", "${Q:-b}") if self.chance(15) else ("sub", "b")
                extends = f"\n      file: {up}{sub}/base.yml\n      service: {base}"
            # What is tagged inside of what is tagged is a plain value to Compose, and `!reset null` the text "null".
            tag = "!override" if over and self.chance(5) else ""
            body = self.service(folder, over=over and not tag, extends=extends)
            if anchors and "environment:" not in body and self.chance(70):
                merged = self.one("*env", "[*env, *more]", "[*more, *env]", "{A: 1, H: '2'}")
                body += f"\n    environment:\n      <<: {merged}\n      {self.one('Z', *NAMES)}: 1"
            elif index == 1 and not extends and not over and self.chance(10):
                # The first alone: Compose never ends on an anchor of a mapping that merges itself.
                lines[-2] = lines[-2].rstrip() + " &first"
                body = f"    <<: *first\n    hostname: {name}"
            if index and self.chance(15):
                kind = self.one("[web]", "{web: {condition: service_started, required: false}}")
                body += f"\n    depends_on: {kind}"
            lines += [f"  {name}: {tag}".rstrip(), body]
        return "\n".join(lines) + "\n"

    def base(self) -> str:
        extends = ""
        if self.chance(30):
            self.files["sub/deep/c.yml"] = "services:\n  c:\n" + self.service("sub/deep", over=False) + "\n"
            extends = "\n      file: deep/c.yml\n      service: c"
        return "services:\n  b:\n" + self.service("sub", over=False, extends=extends) + "\n"

    def included(self) -> str:
        kind = self.random.randrange(4)
        head = ""
        if self.chance(25):
            self.files["inc/more/j.yml"] = self.document("inc/more", ("j",))
            self.env_file("inc/more/.env")
            head = f"include: ['{'inc/' if kind == 3 else ''}more/j.yml']\n"
        self.files["inc/i.yml"] = self.document("" if kind == 3 else "inc", ("i",), head=head)
        if self.chance(60):
            self.env_file("inc/.env")
        # One reference in a path, filled by its default: Compose fills them as it fills values.
        inc = "${Q:-inc}" if self.chance(15) else "inc"
        if kind == 1:
            self.env_file("inc/x.env")
            return f"include:\n  - path: {inc}/i.yml\n    env_file: {inc}/x.env\n"
        if kind == 2 and self.chance(50):
            self.env_file("inc/x.env")
            self.env_file("inc/y.env")
            self.files["inc/i.yml"] = self.document("", ("i",))
            files = f"[{inc}/x.env, {inc}/y.env]"
            return f"include:\n  - path: {inc}/i.yml\n    project_directory: .\n    env_file: {files}\n"
        if kind == 0 and self.chance(30):
            self.files["inc/k.yml"] = self.document("inc", ("i",), over=True)
            return f"include:\n  - path: [{inc}/i.yml, {inc}/k.yml]\n"
        if kind == 3:
            return f"include:\n  - path: {inc}/i.yml\n    project_directory: {'${Q:-.}' if inc != 'inc' else '.'}\n"
        return f"include: ['{inc}/i.yml']\n"

    def case(self) -> Case:
        """The whole project."""
        if self.chance(80):
            self.env_file(".env")
        for name in NAMES:
            if self.chance(12):
                self.shell[name] = self.one(self.number(), self.number(), "")
        head = self.included() if self.chance(25) else ""
        services = ("web", "db", "job")[: self.random.randrange(1, 4)]
        self.files["compose.yml"] = self.document("", services, head=head)
        compose = ["compose.yml"]
        self.files["compose.yml"] += self.granted_by()
        if self.chance(8):
            self.files["compose.yml"] += "---\n" + self.document("", services[:1], over=True)
            self.repeats = True
        if self.chance(45):
            path = self.one("over.yml", "d/over.yml")
            self.files[path] = self.document("", services[:2], over=True)
            compose.append(path)
            if self.chance(30):
                self.files["third.yml"] = self.document("", ("web",), over=True)
                compose.append("third.yml")
        env_files = None
        if self.chance(10):
            for path in ("v1.env", "v2.env"):
                self.env_file(path)
            env_files = ("v1.env", "v2.env")
        if env_files is None and self.chance(12):
            separator = self.one(":", ":", ",")
            chosen = f"COMPOSE_PATH_SEPARATOR={separator}\n" if separator != ":" else ""
            named = f"{chosen}COMPOSE_FILE={separator.join(compose)}\n"
            self.files[".env"] = named + self.files.get(".env", "")
            compose = []
        return Case(self.files, tuple(compose), self.shell, None, env_files, self.repeats)


def cases(number: int, first: int = 0) -> Iterator[tuple[int, Case]]:
    """`number` projects, each with its seed."""
    for seed in range(first, first + number):
        yield seed, Writer(seed).case()
