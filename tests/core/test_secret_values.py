"""Where secret values stand, in every format and shape, also where the syntax is broken; and what is none."""

from __future__ import annotations

import pytest

from fr_check.core.secrecy import Mask, masked_line, shown
from fr_check.core.text import Text

# A token, one without signs, and a plain word.
C, J, W = "c4n4ry-7Xq9-Zk2m", "c4n4ry7Xq9Zk2m", "canarybird"
CASES = [
    (".env.example", f"DB_PASSWORD=correct(horse){C}\n"),
    (".env.example", f"DB_PASSWORD={J}(horse)battery\n"),
    (".env.example", f"DATABASE_URL=postgres://u:pa$w0rd{C}@h/db\n"),
    (".env.example", f"DATABASE_URL=postgres://u:{C}<x\"y'z/w@h/db\n"),
    (".env.example", f"DATABASE_URL=postgres://u:p@{C}@h/db\n"),
    (".env.example", f"DATABASE_URL='postgres://u:p\"q{C}@h/db'\n"),
    (".env.example", f"API_TOKEN='a''{C}'\n"),
    (".env.example", f"API_TOKEN='a' '{C}'\n"),
    (".env.example", f"dbPassword={W}\nDBPASSWORD={W}\n"),
    (".env.example", f"SECRET_KEY=\\\n{C}\nX=1\n"),
    (".env.example", f"SECRET_KEY=a\\\n{W}\\\n{C}\nX=1\n"),
    (
        ".env.example",
        f"PRIVATE_KEY=-----BEGIN RSA PRIVATE KEY-----\n{C}\nMIIB{J}==\n-----END RSA PRIVATE KEY-----\nX=1\n",
    ),
    (".env.example", f"PRIVATE_KEY=-----BEGIN RSA PRIVATE KEY-----\n{C}\nMIIB{J}==\nX=1\n"),
    (".env.example", f'PRIVATE_KEY="-----BEGIN RSA PRIVATE KEY-----\n{C}\nMIIB{J}==\nX=1\n'),
    (".env.example", f'API_KEY="a\n{W} b\n{C}\n"\n'),
    (".env.example", f"{C}\nX=1\n"),
    (".env.example", f"API_KEY: {C}\n"),
    (".env.example", f"API_KEY = {C} # {W}\n"),
    (".env.example", f"export API_KEY={W} {C}\n"),
    (".env.example", f"API_KEY={{{{ .x }}}}{C}\n"),
    (".env.example", f"API_KEY=${{X}}{C}${{Y:-{W}}}\n"),
    (".env.example", f"API_KEY=${{X:-{W}}}\n"),
    (".env.example", f"API_KEY=${{X{C}\n"),
    ("a.py", f'x: str = Field(\n    default=SecretStr("{C}"),\n'),
    ("a.py", f'api_key: str = """a\n{W}\n{C}"""\n'),
    ("a.py", f'api_key = "a" "{C}"\n'),
    ("a.py", f'api_key = ("a"\n  "{C}"\n  f"{W}")\n'),
    ("a.py", f'api_key = b"{C}"\n'),
    ("a.py", f'api_key: bytes = rb"{C}"\n'),
    ("a.py", f'api_key = "a" \\\n  "{C}"\n'),
    ("a.py", f"api_key = {C}\n"),
    ("a.py", f'api_key = "{C}\n'),
    ("a.py", f"api_key = '{C}\n"),
    ("a.py", f'api_key = """{C}\n'),
    ("a.py", f'api_key: str = Field(default="{C}", description="x"\n'),
    ("a.py", f'api_key: str = os.getenv("API_KEY", "{J.upper()}")\n'),
    ("a.py", f'os.environ["API_KEY"] = "{C}"\n'),
    ("a.py", f'os.environ.setdefault("API_KEY", "{C}")\n'),
    ("a.py", f'x = os.getenv("API_KEY", default="{C}")\n'),
    ("a.py", f'd = {{"api_key": "{C}", "x": "y"}}\n'),
    ("a.py", f'd = {{"api_key":\n "{C}", "x": "y"}}\n'),
    ("a.py", f'api_keys = "a", "{C}"\n'),
    ("a.py", f'api_keys = ["a", "{C}"]\n'),
    ("a.py", f'connect(password="{C}", name="x")\n'),
    ("a.py", f'SMTP = dict(dbPassword="{C}")\n'),
    ("a.py", f'api_key = x or "{C}"\n'),
    ("a.ts", f'const apiKey = process.env.API_KEY || "{C}";\n'),
    ("a.ts", f"const apiKey = `{W}\n{C}`;\n"),
    ("a.ts", f'const o = {{ apiKey: "{C}", b: 1 }};\n'),
    ("a.json", f'{{"a": {{"dbPassword": "{C}"}}}}\n'),
    ("a.toml", f"api_key = '''\n{C}'''\n"),
    ("a.toml", f"api_key = {C}\n"),
    ("a.yml", f"API_KEY: |\n  {W}\n  {C}\nB: 1\n"),
    ("a.yml", f"a:\n  API_KEY: >-\n    {C}\n  B: 1\n"),
    ("a.yml", f"a:\n  - API_KEY: |\n      {C}\n    B: 1\n"),
    ("a.yml", f"a:\n  API_KEY: {W}\n    {C}\n  B: 1\n"),
    ("a.yml", f'a:\n  API_KEY: "x\n    {C}"\n  B: 1\n'),
    ("a.yml", f"a:\n  API_KEY: 'x''{C}'\n"),
    ("a.yml", f'a:\n  API_KEY: "x"{C}\n'),
    ("a.yml", f"a:\n  API_KEY:\n    - {C}\n"),
    ("a.yml", f"a:\n  API_KEYS: [a, {C}]\n"),
    ("a.yml", f"a:\n  API_KEYS:\n  - {C}\n"),
    ("a.yml", f"a: {{API_KEY: {C}, b: c}}\n"),
    ("a.yml", f"a:\n - API_KEY={C}\n - 'API_KEY={W} {C}'\n"),
    ("a.yml", f"a:\n - API_KEY={W}\n   {C}\n"),
    ("a.yml", f"command: x --password {C}\n"),
    ("a.yml", f"command: [x, --password, {C}]\n"),
    ("a.yml", f"command:\n  - --password\n  - {C}\n"),
    ("a.yml", f"command: curl -H 'Authorization: Bearer {C}'\n"),
    ("a.yml", f"command: curl -H 'Authorization: Basic {C}'\n"),
    ("a.yml", f"command: curl -u me:{C} x\n"),
    ("a.yml", f"API_KEY: !!str {C}\n"),
    ("a.yml", f"API_KEY: &a {C}\n"),
    ("a.yml", f"API_KEY: ${{API_KEY:-{C}}}\n"),
    ("a.yml", f"API_KEY: ${{API_KEY:-${{B:-{C}}}}}\n"),
    ("a.yml", f"API_KEY: ${{{{ secrets.X }}}}{C}\n"),
    ("a.yml", f"API_KEY: ${{{{ secrets.X || '{C}' }}}}\n"),
    ("a.yml", f"db_password:\n  value: {C}\n"),
    ("a.yml", f"- name: API_KEY\n  value: {C}\n"),
    ("a.yml", f'run: |\n  export API_KEY="{W} {C}" && x\n'),
    ("a.yml", f'run: |\n  API_KEY="{W}\n  {C}" x\n'),
    ("Dockerfile", f"ENV API_KEY {C} x\n"),
    ("Dockerfile", f"ENV API_KEY {W} \\\n  {C}\n"),
    ("Dockerfile", f"ENV A=b API_KEY={C} D=e\n"),
    ("Dockerfile", f'ARG API_KEY="{W} {C}"\n'),
    ("Dockerfile", f"ARG API_KEY={W}\\ {C}\n"),
    ("Dockerfile", f'CMD ["x", "--password", "{C}"]\n'),
    ("Dockerfile", f"RUN x --password={C} y\n"),
    ("run.sh", f"API_KEY=a'b'\"{C}\" x\n"),
    ("run.sh", f"API_KEY=$'{C}' x\n"),
    ("run.sh", f"API_KEY=$(echo {C})\n"),
    ("Makefile", f"API_KEY := {C}\n"),
    ("setup.cfg", f"[a]\npassword = x\n  {C}\n"),
    (".gitmodules", f"[submodule]\n url = https://u:{C}@h/x\n"),
    (".gitmodules", f"[submodule]\n url = https://{C}@github.com/x\n"),
    ("secrets.ctmpl", f'API_KEY={{{{ with secret "a" }}}}{{{{ .Data.x }}}}{{{{ else }}}}{C}{{{{ end }}}}\n'),
    ("secrets.ctmpl", f'API_KEY={{{{ or .x "{C}" }}}}\n'),
    ("secrets.ctmpl", f"API_KEY={{{{ or .x `{C}` }}}}\n"),
    ("secrets.ctmpl", f"API_KEY={C}{{{{ .x }}\n"),
    ("README.md", f"export API_KEY={C}\n"),
    ("", f"API_KEY='{C}'x"),
]
SHOWN = [
    ("a.py", 'api_key: str = ""'),
    ("a.py", "api_key: str | None = None"),
    ("a.py", 'api_key: SecretStr = Field(default=..., alias="API_KEY")'),
    ("a.py", 'api_key = os.environ["API_KEY"]'),
    ("a.py", "api_key: Optional[SecretStr] = None  # set in Vault"),
    ("a.py", "api_key: bool = False"),
    ("a.py", "api_key: str = Field(...)"),
    ("a.yml", "API_KEY:"),
    ("a.yml", "API_KEY: ''"),
    ("a.yml", "API_KEY: ${API_KEY}"),
    ("a.yml", "API_KEY: ${API_KEY:-}"),
    ("a.yml", "AUTH_PORT: 8080"),
    ("a.yml", "secrets:\n  db_password:\n    file: ./x.txt"),
    ("a.yml", "secrets: inherit"),
    ("a.yml", "    secrets:\n      - db_password"),
    ("a.yml", "url: http://localhost:3000/@x/y"),
    ("a.yml", "image: docker://a:b@sha256:0123"),
    ("a.yml", "REDIS_URL: redis://:${P}@h:6379/0"),
    ("a.py", 'u = f"postgres://{user}:{password}@{host}"'),
    ("a.yml", "run: docker build --secret id=npm,src=x ."),
    (".env", "API_KEY="),
    (".env", 'API_KEY=""'),
    (".env", "SECRET_PORT=8080"),
    (".env", "FOO\nexport BAR\nfoo_bar"),
    ("a.py", 'alias=AliasChoices("API_KEY", "OTHER_KEY")'),
    ("a.py", "def get_token(self, key: str) -> str:\n    return x"),
    ("a.py", 'class Token:\n    """Some doc."""'),
    ("Dockerfile", "ARG API_KEY\nENV API_KEY=$API_KEY\nENV API_KEY=${API_KEY}"),
    ("x.sh", 'docker build --build-arg API_KEY="$API_KEY" .'),
]


def masked(text: Text) -> str:
    return "".join(f"{masked_line(text, number)}\n" for number in range(1, text.line_count + 1))


@pytest.mark.parametrize(("path", "string"), CASES)
def test_a_value_is_masked_to_its_end(path: str, string: str):
    out = masked(Text(string, path))
    assert not [canary for canary in (C, J, J.upper(), W) if canary in out]
    assert "***" in out


@pytest.mark.parametrize(("path", "string"), SHOWN)
def test_what_hides_nothing_is_shown(path: str, string: str):
    assert masked(Text(string, path)).rstrip("\n") == string


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("`API_KEY` is documented; write `API_KEY=` into .env.example",) * 2,
        ("API_KEY: nothing reads it",) * 2,
        ("pass `--build-arg API_KEY=VALUE`",) * 2,
        ("use a token, or basic authentication",) * 2,
        ("`API_KEY=${API_KEY}` reads `$API_KEY`",) * 2,
        ("the default is `hunter2`", "the default is `***`"),
        ("the default is `hunter2...`", "the default is `***...`"),
        ("`API_KEY=abc` stands there", "`API_KEY=***` stands there"),
        ("rotate password='abc' (#3)", "rotate password='***' (#3)"),
        ("deploy with --token abc123", "deploy with --token ***"),
        ("send Bearer abc12345", "send Bearer ***"),
        ("cannot reach https://me:abc@example.org/x", "cannot reach https://me:***@example.org/x"),
    ],
)
def test_messages_quote_no_value(message: str, told: str):
    mask = Mask([Text("API_SECRET=hunter2\nUSER=postgres\nPASSWORD=postgres\n", ".env")])
    mask.narrow([message])
    assert mask(message) == told


def test_a_password_that_is_also_something_else_is_no_reason_to_hide_that():
    mask = Mask([Text("USER=postgres\nPASSWORD=postgres\n", ".env")])
    mask.narrow(["service `postgres`"])
    assert mask("service `postgres`") == "service `postgres`"


def test_values_are_shown_by_their_name():
    assert shown("PORT", "8080") == "8080"
    assert shown("API_KEY", "8081abc") == "***"
    assert shown("API_KEY", "${OTHER}abc") == "${OTHER}***"
    assert shown("DATABASE_URL", "postgres://u:p@w/x'y@h/db") == "postgres://u:***@h/db"
    assert shown("API_KEY", "") == ""
