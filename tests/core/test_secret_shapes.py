"""Secrets of many shapes, in the files that people keep them in: none is shown, in an excerpt or in a message."""

from __future__ import annotations

import pytest

from fr_check.core.secrecy import masked_line
from fr_check.core.text import Text
from planted import assert_shown_as_it_is, lines_that_show_it, messages_that_show_it, planted

SHAPES = [
    # Addresses
    (".env", "DATABASE_URL=postgresql://app:@@@db1:5432,db2:5433/app?target_session_attrs=any\n"),
    (".env", "MONGO_URL=mongodb://app:@@@a:27017,b:27017/?replicaSet=rs0\n"),
    (".env", "JDBC=jdbc:sqlserver://h:1433;databaseName=x;user=sa;password=@@;encrypt=true\n"),
    (".env", "STORAGE=DefaultEndpointsProtocol=https;AccountName=x;AccountKey=@@==;EndpointSuffix=core.windows.net\n"),
    (".env", "AMQP=amqp://guest:p%40@@%2F@h:5672/%2f\n"),
    (".env", "BROKER=redis://@@@h:6379/0\n"),
    (".env", "CALLBACK=https://h/x?a=1&access_token=@@&b=2\n"),
    (".env", "CALLBACK=https://h/x?se=2030&sig=@@\n"),
    (".env", "CALLBACK=https://h/x?jwt=eyJhbGciOiJIUzI1NiJ9.eyJ@@.@@\n"),
    (".env", "HOOK=https://hooks.slack.com/services/T00000000/B00000000/@@\n"),
    (".env", "HOOK=https://discord.com/api/webhooks/123456789/@@\n"),
    (".gitmodules", '[submodule "a"]\n\tpath = a\n\turl = https://@@@h/a.git\n'),
    ("Dockerfile", "FROM a\nRUN pip install --extra-index-url https://@@@h/simple x\n"),
    ("Dockerfile", 'FROM a\nRUN git config url."https://@@:x-oauth-basic@h/".insteadOf https://h/\n'),
    # Texts inside values
    (".env", 'HEADERS={"Authorization": "Basic dXNlcjp@@=="}\n'),
    (".env", 'CFG={"db": {"password": "@@", "host": "x"}}\n'),
    ("compose.yml", "services:\n  a:\n    environment:\n      CFG: '{\"password\":\"@@\"}'\n"),
    (".env", 'API_SECRET="line one\n@@ two\nend"\n'),
    (".env", "# API_SECRET=@@\n"),
    (".env", "MY_PW=@@\n"),
    # YAML
    ("compose.yml", 'services:\n  a:\n    environment: {B: x, "API_TOKEN": "@@", C: y}\n'),
    ("compose.yml", 'services:\n  a:\n    command: ["--password","@@"]\n'),
    ("compose.yml", "services:\n  a:\n    command:\n      - --requirepass\n      - @@\n"),
    ("compose.yml", 'services:\n  a:\n    build:\n      args: ["API_TOKEN=@@"]\n'),
    ("compose.yml", 'services:\n  a:\n    healthcheck:\n      test: ["CMD", "mysqladmin", "-p@@", "ping"]\n'),
    ("compose.yml", "services:\n  a:\n    healthcheck:\n      test: redis-cli -a @@ ping\n"),
    ("compose.yml", 'services:\n  a:\n    healthcheck:\n      test: ["CMD", "redis-cli", "-a", "@@", "ping"]\n'),
    ("compose.yml", 'services:\n  a:\n    environment:\n      API_TOKEN: "a\\\n        @@"\n'),
    ("k8s.yaml", "env:\n  - value: @@\n    name: DB_PASSWORD\n"),
    ("k8s.yaml", 'env: [{"value": "@@", "name": "DB_PASSWORD"}]\n'),
    ("k8s.yaml", "kind: Secret\nstringData:\n  anything: @@\n"),
    ("w.yml", "jobs:\n  a:\n    steps:\n      - with:\n          env: |\n            API_TOKEN=@@\n            B=x\n"),
    ("w.yml", "on: push\njobs:\n  a:\n    steps:\n      - with:\n          args: --token @@ --x\n"),
    ("w.yml", "on: push\njobs:\n  a:\n    steps:\n      - run: echo '@@' | gh auth login --with-token\n"),
    # Scripts
    ("Dockerfile", "FROM a\nRUN <<EOF\nexport API_TOKEN=@@\nEOF\n"),
    ("Dockerfile", "FROM a\nCOPY <<EOF /x\n[db]\npassword = @@\nEOF\n"),
    ("Dockerfile", "FROM a\nRUN --mount=type=secret,id=x API_TOKEN=@@ make\n"),
    ("Dockerfile", "FROM a\nRUN npm config set //registry.npmjs.org/:_authToken @@\n"),
    ("Dockerfile", "FROM a\nRUN echo 'x:@@' | chpasswd\n"),
    ("Dockerfile", "FROM a\nRUN sshpass -p '@@' ssh h\n"),
    ("a.sh", "read -r API_TOKEN <<EOF\n@@\nEOF\n"),
    ("a.sh", "mysql -u root -p@@ db\n"),
    (".netrc", "machine h login u password @@\n"),
    # Programs and configuration
    ("a.py", 'os.environ["API_TOKEN"]="@@"\n'),
    # An expression that goes on over lines without a bracket
    ("a.ts", "const API_TOKEN = 'a' +\n  '@@';\n"),
    ("a.ts", "const API_TOKEN = 'a'\n  + '@@';\n"),
    ("a.ts", "const apiToken = process.env.A ??\n  '@@';\n"),
    ("a.js", "const API_TOKEN = process.env.A\n  || '@@'\n"),
    ("a.js", "const API_TOKEN = x\n  ? 'a'\n  : '@@';\n"),
    ("a.py", 'x = {"a": call(API_TOKEN):"@@"}\n'),
    ("a.ts", 'headers["X-Api-Token"]||="@@"\n'),
    ("config.py", 'class S(BaseSettings):\n    api_key: str = f"@@-{x}"\n'),
    ("config.py", 'class S(BaseSettings):\n    api_key: str = "ab" + "@@"\n'),
    ("config.py", 'class S(BaseSettings):\n    api_key: str = Field(\n        "x",\n        examples=[\n            "@@",\n        ],\n    )\n'),  # noqa: E501
    ("config.py", 'class S(BaseSettings):\n    x: SecretStr = SecretStr(\n        "@@"\n    )\n'),
    ("config.py", "class S(BaseSettings):\n    api_key: str = @@Ab12()\n"),
    ("a.toml", '[x]\npassword = """\none\nmore @@"""\n'),
    ("a.toml", '[x.password]\nvalue = "@@"\n'),
    ("a.tf", 'variable "db_password" {\n  type = string\n  default = "@@"\n}\n'),
    ("bake.hcl", 'variable "API_TOKEN" {\n  default = "@@"\n}\n'),
    ("a.json", '{"auth": {"token":\n "@@"}}\n'),
    ("a.ts", "const apiKey = `a\n@@`;\n"),
    # Names in other letters, values of one word, texts in texts
    (".env", "ДБ_PASSWORD=@@\n"),
    (".env", 'X="Bearer @@"\n'),
    ("compose.yml", "services:\n  a:\n    environment:\n      X: 'Basic @@'\n"),
    ("config.py", 'class S(BaseSettings):\n    dbconf: str = Field("{\\"password\\": \\"@@\\"}")\n'),
    ("a.tf", 'x = "{\\"client_secret\\": \\"@@\\"}"\n'),
    (".env", "X='{'\\''client_secret'\\'': '\\''@@'\\''}'\n"),
    (".env", "JDBC=jdbc:oracle:thin:app/@@@//h:1521/x\n"),
    (".env", "X=postgres://app:a b @@@h/db\n"),
    ("Dockerfile", "FROM a\nARG MSSQL=Server=h;Uid=u;Pwd=@@;\n"),
    ("compose.yml", "services:\n  a:\n    environment:\n      A: ${MSSQL:-Server=h;Uid=u;Pwd=@@;}\n"),
    # Commands
    *(
        ("w.yml", f"on: push\njobs:\n  a:\n    steps:\n      - run: {command}\n")
        for command in (
            *("curl -uuser:@@ https://h", "http -a user:@@ h", "http --auth=user:@@ h", "setx API_TOKEN @@"),
            *('x.ps1; [Environment]::SetEnvironmentVariable("API_TOKEN", "@@")', "jq --arg password @@ -n x"),
            *("printf 'API_TOKEN=%s\\n' @@ > .env", "gh auth login --with-token <<< @@"),
            *("twine upload -u u -p @@ dist/x",),
            *("poetry config http-basic.x user @@", "htpasswd -nbB user @@", "htpasswd -bc file user @@"),
            *("x --auth-token @@", "openssl rsa -passin pass:@@", 'make; : "${API_TOKEN:=@@}"'),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("path", "written"), SHAPES)
def test_no_line_shows_it(path: str, written: str):
    assert lines_that_show_it(planted(path, written)) == []


# A fault of the YAML above is told of its keys, and what programs say in lists may be anything.
QUOTED = [shape for shape in SHAPES if "examples" not in shape[1] and "anything" not in shape[1]]


@pytest.mark.parametrize(("path", "written"), QUOTED)
def test_no_message_quotes_the_line(path: str, written: str):
    assert messages_that_show_it(planted(path, written)) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (".gitmodules", "\turl = ssh://git@github.com/a/b.git"),
        (".gitmodules", "\turl = https://deploy@h/a.git"),
        (".env", "DATABASE_URL=postgres://app_user1@h/db"),
        ("a.tf", 'variable "region" { default = "eu-west-1" }'),
        ("k8s.yaml", "  - {value: blue, name: COLOR}"),
        ("Dockerfile", "RUN npm config set registry https://r.example/"),
        ("Dockerfile", "RUN echo 'deb x' | tee /etc/apt/sources.list"),
        ("a.sh", "mkdir -p /srv/data && cp -a x y"),
        ("a.toml", '[tool.auth]\nvalue = "oidc"'),
    ],
)
def test_what_is_no_secret_is_shown(path: str, line: str):
    assert_shown_as_it_is(path, line)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.yml", "x: {SECRET_KEY: null}"),
        ("a.yml", "x: {SECRET_KEY: '', API_TOKEN: ~, b: c}"),
        ("a.yml", "x: [{API_KEY: null }, {b: c}]  # d"),
        ("a.yml", "- {name: API_KEY, value: null}"),
        ("a.yml", "environment: {API_KEY: ${API_KEY:-}, B: c}"),
        ("a.ctmpl", 'SMTP_PASSWORD={{ index .Data.data "SMTP-PASSWORD" | trimSpace }}'),
        ("a.ctmpl", 'SMTP_PASSWORD={{ index $x.Data "mail" "smtp.password" }}'),
        ("a.yml", "SMTP_PASSWORD: ${{ secrets['smtp-password'] }}"),
    ],
)
def test_names_and_nothing_are_no_values(path: str, line: str) -> None:
    assert_shown_as_it_is(path, line)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.yml", "x: {API_KEY: ab}@@}"),
        ("a.yml", "x: {a: b, API_KEY: @@, c: d}"),
        ("a.yml", "x: [{API_KEY: @@}, {b: c}]"),
        ("a.yml", "x: {API_KEY: ${A:-@@}, b: c}"),
        ("a.yml", "- {name: API_KEY, value: @@}"),
        ("a.ctmpl", 'SMTP_PASSWORD={{ index .Data.data "a-b" | default "@@-x" }}'),
        ("a.ctmpl", 'SMTP_PASSWORD={{ or (index .Data.data "a-b") "@@-x" }}'),
        ("a.yml", "SMTP_PASSWORD: ${{ secrets['a-b'] || '@@-x' }}"),
    ],
)
def test_values_beside_names_are_masked(path: str, line: str) -> None:
    text = planted(path, line)
    assert (lines_that_show_it(text), messages_that_show_it(text)) == ([], [])


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("k8s.yaml", "kind: Secret\nstringData:\n  x: @@\n"),
        ("a.sh", "echo @@ | base64 -d > key.pem\n"),
        ("a.sh", "printf '@@' | base64 --decode\n"),
        ("a.yml", "run: curl -b 'session=@@' https://h\n"),
        ("a.sh", "curl https://h --cookie sid=@@\n"),
    ],
)
def test_what_a_command_or_a_kind_tells_to_be_secret(path: str, written: str) -> None:
    text = planted(path, written)
    assert (lines_that_show_it(text), messages_that_show_it(text)) == ([], [])


def test_what_stands_behind_a_comma_and_is_no_key_is_masked() -> None:
    assert lines_that_show_it(planted("a.yml", "x: {API_KEY: ab,@@}")) == []


def test_literals_of_one_action_cost_their_number() -> None:
    """What stands before each of them is looked at nearby, not from the start of the action."""
    text = Text("API_KEY={{ " + '"a-b" ' * 40_000 + "}}\n", "a.ctmpl")
    assert masked_line(text, 1).count("***") >= 1
