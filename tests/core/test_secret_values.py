"""Where secret values stand, in every format and shape, also where the syntax is broken; and what is none."""

from __future__ import annotations

import pytest

from effort import LINEAR, growth
from fr_check.core.secrecy import Mask, masked_line, shown
from fr_check.core.text import Text

# A token, one without signs, a plain word, and one more.
C, J, W, Z = "c4n4ry-7Xq9-Zk2m", "c4n4ry7Xq9Zk2m", "canarybird", "zq7-CANARY.x9Lm"
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
    ("run.sh", f"read API_KEY <<< {W}\n"),
    ("run.sh", f"IFS= read -rs DB_PASSWORD <<<'{W}'\n"),
    ("run.sh", f'mapfile -t TOKENS <<< "{C}"\n'),
    ("a.yml", f"run: read API_KEY <<< {W}\n"),
    ("Dockerfile", f"RUN read -r API_KEY <<< {W}\n"),
    ("run.sh", f"docker login --password-stdin <<< {W}\n"),
    ("run.sh", f"printf -v API_KEY '%s' {W}\n"),
    ("run.sh", f"API_KEY[0]={W}\n"),
    ("run.sh", f"TOKENS=(a {W}\n  {C})\n"),
    ("run.sh", f"setenv API_KEY {W}\n"),
    ("run.sh", f"set -x API_KEY {W}\n"),
    ("run.sh", f"gh secret set API_KEY --body {W}\n"),
    ("run.sh", f"aws configure set aws_secret_access_key {W}\n"),
    ("a.json", f'{{"name": "API_KEY", "value": "{W}"}}\n'),
    ("a.ts", f"vi.stubEnv('API_KEY', '{C}')\n"),
    (".env.example", f"# API_KEY='{W}\n# {C}'\n"),
    (".env.example", f"API_KEY= # {W}\n"),
    ("compose.yml", f"    API_KEY: ${{API_KEY:?x}}{W}\n"),
    ("README.md", f"export API_KEY={C}\n"),
    ("", f"API_KEY='{C}'x"),
    (
        "docker-compose.yml",
        f"services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD={Z}\n      POSTGRES_PASSWORD: {Z}\n",
    ),
    ("docker-compose.yml", f"    environment: {{ POSTGRES_PASSWORD: '{Z}' }}\n"),
    ("docker-compose.yml", f"    environment: [ 'POSTGRES_PASSWORD={Z}', X=1 ]\n"),
    ("docker-compose.yml", f'    command: ["--requirepass", "{Z}"]\n'),
    ("docker-compose.yml", f"    command: redis-server --requirepass {Z}\n"),
    ("docker-compose.yml", f"    command: mysql -p{Z}\n"),
    ("docker-compose.yml", f"    command: psql postgresql://u:{Z}@h/db\n"),
    ("docker-compose.yml", f"    healthcheck:\n      test: mysqladmin ping -u root --password={Z}\n"),
    ("docker-compose.yml", f'x: &k\n  API_KEY: &a "{Z}"\n'),
    ("docker-compose.yml", f"    ? API_KEY\n    : {Z}\n"),
    ("docker-compose.yml", f'    "API_KEY" : {Z}\n'),
    ("docker-compose.yml", f"    API_KEY:  \n      {Z}\n"),
    ("docker-compose.yml", f"    API_KEY: >\n\n      {Z}\n"),
    ("docker-compose.yml", f"    API_KEY: |2\n        {Z}\n"),
    ("docker-compose.yml", f"    API_KEY: !reset {Z}\n"),
    ("docker-compose.yml", f"    secrets:\n      db_password:\n        content: {Z}\n"),
    ("docker-compose.yml", f"    headers: 'X-Api-Key: {Z}'\n"),
    ("docker-compose.yml", f"    cmd: export FOO=1 API_KEY={Z}; run\n"),
    ("ci.yml", f"      run: echo '{Z}' | docker login -u x --password-stdin\n"),
    ("ci.yml", f"      run: docker login -u x -p {Z}\n"),
    ("ci.yml", f"      env:\n        TOKEN: ghs_{Z}\n"),
    (
        "ci.yml",
        f"        with:\n          token: {Z}\n          build-args: |\n            API_KEY={Z}\n            A=b\n",
    ),
    ("ci.yml", f'        with:\n          secrets: |\n            "api_key={Z}"\n'),
    ("a.py", f"class S:\n    api_key: Annotated[str, Field(min_length=3)] = '{Z}'\n"),
    ("a.py", f"class S:\n    model_config = SettingsConfigDict(secret_key='{Z}')\n"),
    ("a.py", f"api_key: str = 'a' + '{Z}'\n"),
    ("a.py", f"api_key: str = f'{{x}}{Z}'\n"),
    ("a.py", f"api_key: str = Field(default_factory=lambda: '{Z}')\n"),
    ("a.py", f"api_key: str = os.environ.get('X') or '{Z}'\n"),
    ("a.py", f"api_key = base64.b64decode('{Z}')\n"),
    ("a.py", f"api_key = ''.join(['{Z}', 'x'])\n"),
    ("a.py", f"setattr(x, 'api_key', '{Z}')\n"),
    ("a.py", f"x['api_key'] = '{Z}'\n"),
    ("a.py", f"if api_key == '{Z}': pass\n"),
    ("a.py", f"('API_KEY', '{Z}')\n"),
    ("a.py", f"@dataclass\nclass X:\n    password: str = field(default='{Z}')\n"),
    ("a.py", f"headers = {{'Authorization': 'Bearer {Z}'}}\n"),
    ("a.py", f"headers = {{'Authorization': f'Token {Z}'}}\n"),
    ("a.py", f"create_engine('postgresql://u:{Z}@h/db')\n"),
    ("a.py", f"password: str = '''a\n\n{Z}\n'''\n"),
    ("a.py", f"API_KEY = (  # x\n    # y\n    '{Z}'\n)\n"),
    ("a.py", f"API_KEY = '''{Z}\ndef f(): pass\n"),
    ("a.py", f"API_KEY: Final = r'{Z}'\n"),
    ("a.py", f"def f(password='{Z}'): pass\n"),
    ("a.py", f"def f(password: str = '{Z}'): pass\n"),
    ("a.ts", f"export const API_KEY: string = '{Z}' as const;\n"),
    ("a.ts", f"const {{ API_KEY = '{Z}' }} = process.env\n"),
    ("a.ts", f"process.env.API_KEY ??= '{Z}'\n"),
    ("a.ts", f"env.API_KEY ||= '{Z}'\n"),
    ("a.ts", f"z.object({{ API_KEY: z.string().default('{Z}') }})\n"),
    ("a.tsx", f'<Foo apiKey="{Z}" />\n'),
    ("a.tsx", f'<Foo apiKey={{"{Z}"}} />\n'),
    ("Dockerfile", f"ENV API_KEY='{Z}' \\\n    B=c\n"),
    ("Dockerfile", f"ENV A=1 \\\n    API_KEY={Z}\n"),
    ("Dockerfile", f"RUN --mount=type=secret,id=x echo API_KEY={Z} > .env\n"),
    ("Dockerfile", f"RUN <<EOF\nexport API_KEY={Z}\nEOF\n"),
    ("Dockerfile", f'HEALTHCHECK CMD curl -H "Authorization: Bearer {Z}" x\n'),
    ("Dockerfile", f'LABEL api_key="{Z}"\n'),
    (".env.example", f"API_KEY=`{Z}`\n"),
    (".env.example", f"  API_KEY  =  {Z}\n"),
    (".env.example", f"API_KEY={Z}=={Z}\n"),
    (".env.example", f"api.key={Z}\n"),
    (".env.example", f"#API_KEY={Z}\n"),
    (".env.example", f"# API_KEY: {Z}\n"),
    (".env.example", f'API_KEY="a\\"{Z}\n'),
    (".env.example", f"API_KEY=$(cat {Z})\n"),
    (".env.example", f"API_KEY=${{A:-x}}{Z}\n"),
    (".env.example", f"API_KEY=<{Z}>\n"),
    (".env.example", f"API_KEY=%{Z}%\n"),
    (".env.example", f"set API_KEY={Z}\n"),
    (".env.example", f"API_KEY {Z}\n"),
    (".env.example", f"REDIS_URL=redis://:{Z}@h\n"),
    (".env.example", f"REDIS_URL=redis://:{Z}%@h\n"),
    (".env.example", f"AMQP=amqps://u:{Z}#x@h/v\n"),
    (".env.example", f"AMQP=amqps://u:{Z}?x@h/v\n"),
    (".env.example", f"DSN=postgresql+asyncpg://u:{Z} x@h/v\n"),
    (".env.example", f"WEBHOOK_SECRET={Z},{Z}\n"),
    (".env.example", f"PASSWORD:{Z}\n"),
    ("pyproject.toml", f'[tool.x]\npassword = "{Z}"\ntokens = ["a", "{Z}"]\n'),
    ("pyproject.toml", f'[tool.x]\nauth = {{ password = "{Z}" }}\n'),
    ("package.json", f'{{"scripts": {{"a": "API_KEY={Z} x", "b": "x --token {Z}"}}}}\n'),
    ("Makefile", f"run:\n\tAPI_KEY='{Z}' x\n\tx --api-key {Z}\n"),
    ("Makefile", f"define API_KEY\n{Z}\nendef\n"),
    ("vault.hcl", f'token = "{Z}"\nauto_auth {{ method {{ config = {{ secret_id = "{Z}" }} }} }}\n'),
    ("vault.hcl", f"contents = <<EOT\nAPI_KEY={Z}\nEOT\n"),
    (".gitmodules", f"url = https://user:{Z}@h/x.git\n"),
    (".gitmodules", f'url = "https://oauth2:{Z}@h/x.git"\n'),
    ("README.md", f"`API_KEY={Z}`\n"),
    ("README.md", f"```\nAPI_KEY: {Z}\n```\n"),
    ("tox.ini", f"setenv =\n  API_KEY={Z}\n"),
    ("setup.cfg", f"password={Z}\n"),
    ("run.sh", f"export API_KEY={Z} B=c\n"),
    ("run.sh", f'API_KEY="$X{Z}"\n'),
    ("run.sh", f": ${{API_KEY:={Z}}}\n"),
    ("run.sh", f"API_KEY=${{1:-{Z}}}\n"),
    ("run.sh", f"cat > .env <<EOF\nAPI_KEY={Z}\nEOF\n"),
    ("run.sh", f"curl --header 'X-Token: {Z}' x\n"),
    ("run.sh", f"curl -u u:{Z} https://x\n"),
    ("run.sh", f"sshpass -p {Z} ssh x\n"),
]
SHOWN = [
    (".env.example", "DISABLE_AUTH=false  # off for the download"),
    (".env.example", "AUTH_PROVIDER=github"),
    ("compose.yml", "    SECRET_KEY: ${SECRET_KEY:?set it (openssl rand -hex 32)}"),
    ("compose.yml", "    API_KEY: '${API_KEY:?is required}'"),
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
    (".fr-check.toml", '[allow]\nglued-key = [{reason = "an old consumer"}]\n[severity]\nduplicate-key = "off"'),
    ("pyproject.toml", '[tool.fr-check.allow]\nbaked-secret = [{subject = "A", reason = "why", until = 2027-01-31}]'),
    ("Dockerfile", "ARG API_KEY\nENV API_KEY=$API_KEY\nENV API_KEY=${API_KEY}"),
    ("x.sh", 'docker build --build-arg API_KEY="$API_KEY" .'),
]


OVER_LINES = [
    ("x.toml", f'[x.api_token]\nvalue = "{C}"\n'),
    ("x.yml", f"kind: Secret\nstringData:\n  A: {C}\n"),
    (".env", f"A=1\n{C} two\nB=2\n"),
    ("Dockerfile", f"ENV API_KEY a \\\n  {C}\n"),
]


def masked(text: Text) -> str:
    return "".join(f"{masked_line(text, number)}\n" for number in range(1, text.line_count + 1))


@pytest.mark.parametrize(("path", "string"), CASES)
def test_a_value_is_masked_to_its_end(path: str, string: str):
    out = masked(Text(string, path))
    assert not [canary for canary in (C, J, J.upper(), W, Z) if canary in out]
    assert "***" in out


@pytest.mark.parametrize(("path", "string"), [*CASES, *SHOWN, *OVER_LINES])
def test_no_grammar_asks_how_a_line_ends(path: str, string: str):
    assert masked(Text(string.replace("\n", "\r\n"), path)) == masked(Text(string, path))


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
        ("`API_KEY := abc123` is no record", "`API_KEY := ***` is no record"),
        ("`API_KEY: abc123` is no record", "`API_KEY: ***` is no record"),
        ("API_KEY: 12 of 13",) * 2,
        ('the key "name" is unknown',) * 2,
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


def test_ports_and_files_are_no_secrets():
    mask = Mask([Text("API_KEY=a:9000,setup.cfg\n", ".env")])
    mask.narrow(["`http://x:9000` in setup.cfg"])
    assert mask("`http://x:9000` in setup.cfg") == "`http://x:9000` in setup.cfg"


def test_values_are_shown_by_their_name():
    assert shown("PORT", "8080") == "8080"
    assert shown("API_KEY", "8081abc") == "***"
    assert shown("API_KEY", "${OTHER}abc") == "${OTHER}***"
    assert shown("DATABASE_URL", "postgres://u:p@w/x'y@h/db") == "postgres://u:***@h/db"
    assert shown("API_KEY", "") == ""


@pytest.mark.parametrize(
    ("path", "string"),
    [
        ("a.py", 'class S(B):\n    commit: str = Field(\n        alias="X",\n        default="unknown",\n    )\n'),
        (".env", 'GREETING="hello\nyou there x1\nok"\nX=1\n'),
        (".env", "GREETING=hello \\\n  and more1 x\nX=1\n"),
    ],
)
def test_lines_of_a_value_are_judged_by_its_own_name(path: str, string: str):
    assert masked(Text(string, path)) == string


def test_what_looks_like_a_verb_of_a_format_in_a_random_text_is_a_piece_of_it():
    assert masked(Text(f"SECRET_KEY = '{C}%f=+{J}'\n", ".env.example")) == "SECRET_KEY = '***'\n"
    assert masked(Text("DATABASE_PASSWORD_URL=postgres://%s:%s@db/x\n", "a.sh")).count("%s") == 2


def test_a_quote_in_a_comment_hides_nothing_behind_the_comments():
    lines = masked(Text("# see KEY=' for it\n# more\nHOST=0.0.0.0\n# and ' here\nPORT=1\n", ".env.example"))
    assert lines.split("\n")[2:] == ["HOST=0.0.0.0", "# and ' here", "PORT=1", ""]


def test_many_values_are_masked_in_the_time_that_the_messages_take():
    def work(number: int) -> None:
        text = Text("".join(f"API_KEY_{n}=value{n}x\n" for n in range(number)), ".env")
        messages = [f"`API_KEY_{n}` is `value{n}x`" for n in range(number)]
        mask = Mask([text])
        mask.narrow(messages)
        assert {mask(message).partition(" ")[2] for message in messages} == {"is `***`"}

    assert growth(work, lambda number: number, 200, 1_600) <= LINEAR


@pytest.mark.parametrize(
    ("module", "number", "line"),
    [
        ('def f():\n    """A ?token= param."""\n    return ""\n\nA: str = "http://h:1"\n', 5, 'A: str = "http://h:1"'),
        ('"""Two\n?token= param because."""\nA = f("x")\nB = """y"""\n', 4, 'B = """y"""'),
        ("'''secret: a (b'''\nA = 'x'\n", 2, "A = 'x'"),
        ('X = f(help="the token= (of b")\nA = "x"\n', 2, 'A = "x"'),
        # Broken: nobody knows where a text ends.
        ('def f(:\n"""A ?token= param."""\nA = "x"\n', 3, '***"'),
    ],
)
def test_what_a_text_of_python_calls_a_secret_ends_with_the_text(module: str, number: int, line: str):
    assert masked_line(Text(module, "a.py"), number) == line


@pytest.mark.parametrize(
    "module",
    [
        f'URL = "https://h/?token={C}"\n',
        f'URL = "https://h/?token=" + "{C}"\n',
        f'URL = "https://h/?token=" "{C}"\n',
        f'URL = f("https://h/?token=a"\n  "{C}")\n',
        f'URL = """https://h/?token=""" + "{C}"\n',
        f'"""token: {C}"""\n',
    ],
)
def test_a_value_that_goes_on_behind_its_text_is_masked(module: str):
    text = Text(module, "a.py")
    assert C not in "\n".join(masked_line(text, number + 1) for number in range(module.count("\n")))


def test_the_name_of_a_variable_is_no_value():
    told = Mask([Text("TOKEN='S3_ENDPOINT hunter2-99'\n", "a.sh")])
    told.narrow(["`S3_ENDPOINT` hunter2-99"])
    assert told("`S3_ENDPOINT` hunter2-99") == "`S3_ENDPOINT` ***"
