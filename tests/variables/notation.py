"""Little repositories in a notation of one line, as the specification of variables writes its cases.

`S«fields|options»` is app/config.py, `E«...»` .env.example, `C«...»` the services of compose.yml, `M«...»` is added to
app/main.py, `D«...»` replaces `COPY app app` in the Dockerfile, `F path«...»` is any file; `¶` ends a line.
"""

from __future__ import annotations

import re

_PIECE = re.compile(r"(?P<kind>[SECMD]|F\s+(?P<path>\S+?))«(?P<text>[^»]*)»")
_AB = 'S«a: str = "x"¶b: str = "y"» E«A=1¶B=2»'
_AK = 'S«a: str = "x"¶secret_key: str = "dev"» E«A=1¶SECRET_KEY=»'
SHORT = {"AB": _AB, "AK": _AK}
ENV = 'environment: {A: "${A:-1}"}'


def repository(line: str) -> dict[str, str]:
    """path -> text; `AB`, `AK` and `env` stand for what the specification has them stand for."""
    for name, text in SHORT.items():
        line = re.sub(rf"^{name}\b", lambda _found, text=text: text, line)
    line = re.sub(r"\benv\}", lambda _found: ENV + "}", line)
    copies, options, files = "COPY app app", 'extra="ignore"', {}
    fields, main = 'a: str = "x"', ""
    for piece in _PIECE.finditer(line):
        text = piece["text"].replace("¶", "\n")
        if piece["path"]:
            files[piece["path"]] = text + "\n"
        elif piece["kind"] == "S":
            fields = text
        elif piece["kind"] == "E":
            files[".env.example"] = text + "\n"
        elif piece["kind"] == "C":
            files["compose.yml"] = "services:\n  " + text + "\n"
        elif piece["kind"] == "M":
            main = text + "\n"
        else:
            copies = text
    extra = re.search(r"\|([^«»]+?)(?= [A-Z]«| F |$)", line)
    if extra is not None and "«" not in extra[1]:
        options += f", {extra[1].strip()}"
    if re.search(r"\|\w+=[^\n]*$", fields):  # `int | None` is no option
        fields, _, more = fields.rpartition("|")
        options += f", {more.strip()}"
    body = "".join(f"    {field}\n" for field in fields.splitlines())
    config = "from pydantic_settings import BaseSettings, SettingsConfigDict\n\n\nclass Settings(BaseSettings):\n"
    files["app/config.py"] = (
        f"{config}    model_config = SettingsConfigDict({options})\n{body}\n\nsettings = Settings()\n"
    )
    files["app/__init__.py"] = ""
    files["app/main.py"] = "from app.config import settings\n" + main
    command = 'CMD ["uvicorn", "app.main:app"]'
    files.setdefault("Dockerfile", f"FROM python:3.12\nWORKDIR /app\n{copies}\n{command}\n")
    files.setdefault(".dockerignore", ".env\n")
    return files
