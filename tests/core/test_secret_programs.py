"""Secrets behind no sign of their own: compared, unpacked, handed to a command; and names in other letters."""

from __future__ import annotations

import pytest

from planted import assert_shown_as_it_is, lines_that_show_it, messages_that_show_it, planted

COMPARED = [
    'if "@@" in token: pass',
    'if "@@" == token: pass',
    'assert "@@" != password',
    'x = token in ("@@", "b")',
    'x = token not in ["a", "@@"]',
    'for password in ("a", "@@"): pass',
    'x = hmac.compare_digest(token, "@@")',
    'self.assertEqual("@@", user.password)',
    'user.set_password("@@")',
    'x = token.startswith("@@")',
    'x = "@@".startswith(token)',
    'match token:\n    case "@@":\n        pass',
    'match password:\n    case "a" | "@@":\n        pass',
    'x = getpass("Password: ") or "@@"',
    'x = get_token(f(1)) if y else "@@"',
    'x = "@@" if debug else token',
    'x = token is "@@"',
    'def password(self) -> str:\n    return "@@"',
]
JAVASCRIPT = [
    'switch (token) { case "@@": x; }',
    'switch (token) {\ncase "a":\ncase "@@":\n  x;\n}',
    'if ("@@" === token) {}',
    '["@@"].includes(token)',
    'x = getToken() ?? "@@"',
    'x = token ? token : "@@"',
    'const a = { get API_TOKEN() { return "@@"; } };',
    "<input type='password' name='x' value='@@' />",
    'expect(user.password).toBe("@@")',
    'const [user, password] = ["bob", "@@"];',
]
UNPACKED = [
    'API_TOKEN, B = "@@", "y"',
    'A, B, password = f(), g(1, 2), "@@"',
    '(A, self.password) = (\n    1,\n    "@@",\n)',
    'user, password = "bob:@@".split(":")',
    'DB_PASSWORD, = ["@@"]',
    '*rest, password = "a", "b", "@@"',
]
VAGUE = [
    ("a.py", 'TOKENS=["@@"]'),
    ("a.py", 'CREDS = {"a": "@@"}'),
    ("a.py", 'KEYS = {"a": "@@"}'),
    ("a.py", 'auth = ["@@"]'),
    (".env", 'KEYS={"a":"@@"}'),
    (".env", "TOKENS=@@,@@"),
    ("a.yml", "keys: [a, @@]"),
    ("a.yml", "keys:\n  - @@\n  - a"),
    ("a.yml", "tokens: {a: @@}"),
    ("a.py", 'token: str = Field(..., examples=["@@", "b"])'),
    ("a.py", 'api_key: SecretStr = Field(description="as in @@")'),
]
STATEMENTS = [
    "SET PASSWORD FOR u = '@@'",
    "SET PASSWORD FOR 'u'@'h' = PASSWORD('@@')",
    "ALTER USER u WITH ENCRYPTED PASSWORD '@@'",
    "Alter User u Password '@@'",
    "CREATE LOGIN u WITH PASSWORD = N'@@'",
    'CREATE USER u IDENTIFIED BY "@@"',
    "CREATE USER u IDENTIFIED BY @@",
    "CREATE USER u IDENTIFIED WITH mysql_native_password AS '@@'",
]
COMMANDS = [
    "isql -U u -P @@",
    "isql -v dsn user @@",
    "psql -c 'ALTER USER u PASSWORD '\\''@@'\\'''",
    'op signin <<< "@@"',
    "sudo -S x <<E\n@@\nE",
    "docker login -u u --password-stdin <<-'E'\n\t@@\n\tE",
    "cat <<E | gh auth login --with-token\n@@\nE",
    "gh secret set X <<E\n@@",
    "chpasswd <<< 'u:@@'",
    "kinit u <<< @@",
    "vault login - <<<'@@'",
    "<<< @@ docker login --password-stdin",
    "docker login --password-stdin < <(echo @@)",
    "echo '@@|x' | docker login --password-stdin",
    "echo @@ \\\n  | docker login -u u \\\n  --password-stdin",
    "echo @@ | cryptsetup open d n",
    "cat <<< @@ | htpasswd -i f u",
    "yes @@ | passwd u",
    "docker login --password-stdin <<< $(echo @@)",
    "rsync --password-file=<(echo @@) a b",
    "gcloud secrets create x --data-file=<(echo @@)",
    "pass insert -m x <<E\n@@\nE",
    "read DB_PASSWORD < <(echo @@)",
    "DB_PASSWORD=$(cat <<E\n@@\nE\n)",
    "DB_PASSWORD='a'\\\n'@@'",
    "[ '@@' = \"$DB_PASSWORD\" ]",
    "[[ @@ == $DB_PASSWORD ]]",
    "case $DB_PASSWORD in\n  a) ;;\n  @@) x;;\nesac",
    "for DB_PASSWORD in a '@@'; do x; done",
    "perl -pi -e 's/DB_PASSWORD/@@/' x",
    "ssh-keygen -t rsa -N @@ -f x",
    "plink -pw @@ h",
    "etcdctl put /x/password @@",
    "aws ssm put-parameter --type SecureString --value @@ --name x",
    "aws ssm put-parameter --value @@ --type SecureString",
    "az keyvault secret set --name x --value @@",
    "gh variable set DB_PASSWORD --body @@",
    "netlify env:set DB_PASSWORD @@",
    "cat > ~/.pgpass <<E\nh:5432:d:u:@@\nE",
    "{\n  echo 'DB_PASSWORD<<E'\n  echo '@@'\n  echo E\n} >> $GITHUB_ENV",
]
LETTERS = [
    (".env", "\uff21\uff30\uff29\uff3f\uff34\uff2f\uff2b\uff25\uff2e=@@"),
    ("a.py", '\U0001d429\U0001d41a\U0001d42c\U0001d42c\U0001d430\U0001d428\U0001d42b\U0001d41d = "@@"'),
    ("a.py", 'p\u0430ssword = "@@"'),
    (".env", "API_T\u200bOKEN=@@"),
    (".env", "PASSW\u00d6RD=@@"),
    (".env", "PASSWO\u0308RD=@@"),
    ("a.json", '{"\\u0070assword": "@@"}'),
    ("a.yml", '"pass\\x77ord": @@'),
    ("a.sh", "run --p\u0430ssword @@"),
    ("a.md", "# \u00fcber\r\n\r\nTOK\u00c9N=@@\r\n"),
]
FILES = [
    ("a.yml", "secrets:\n  s:\n    content: @@"),
    ("a.yml", "if: ${{ '@@' == secrets.DB_PASSWORD }}"),
    ("a.yml", "if: contains(secrets.DB_PASSWORD, '@@')"),
    ("Dockerfile", "FROM a\nEnv DB_PASSWORD @@"),
    ("Makefile", "DB_PASSWORD ::= @@"),
    ("Makefile", "DB_PASSWORD = $(or $(X),@@)"),
    ("Makefile", "DB_PASSWORD := a \\\n  @@"),
    ("Makefile", "ifeq ($(DB_PASSWORD),@@)\nendif"),
    ("Makefile", "ifneq (@@,$(DB_PASSWORD))\nendif"),
    ("a.cfg", "DB_PASSWORD = %(x)s@@"),
    (".env", "DB_PASSWORD\n=@@"),
    ("a.ctmpl", '{{ with "@@" }}DB_PASSWORD={{ . }}{{ end }}'),
    ("a.ctmpl", '{{ $x := "@@" }}\n{{ $y := `b` }}\nDB_PASSWORD={{ $x | trimSpace }}\nB={{ $y }}'),
]
ALL = [
    *FILES,
    *(("a.py", written) for written in (*COMPARED, *UNPACKED)),
    *(("a.js", written) for written in JAVASCRIPT),
    *VAGUE,
    *(("a.sql", written) for written in STATEMENTS),
    *(("a.sh", written) for written in COMMANDS),
    ("a.yml", "run: mysql -e \"SET PASSWORD FOR u = '@@'\""),
    ("a.yml", "run: |\n  op signin <<E\n  @@\n  E"),
    ("a.py", 'run(["docker", "login", "--password-stdin"], input="@@")'),
    *LETTERS,
]


@pytest.mark.parametrize(("path", "written"), ALL)
def test_neither_a_line_nor_a_message_shows_it(path: str, written: str) -> None:
    text = planted(path, written)
    assert (lines_that_show_it(text), messages_that_show_it(text)) == ([], [])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", 'host, token = "localhost", None'),
        ("a.py", "token, expires = parse(header)"),
        ("a.py", 'x = ":" in token'),
        ("a.py", 'x = "access_token" in data'),
        ("a.py", 'token.startswith("Bearer ")'),
        ("a.py", 'for key in ("host", "port"): pass'),
        ("a.py", 'match kind:\n    case "a": pass'),
        ("a.py", 'assertEqual(x.status, "ok")'),
        ("a.py", 'getpass("Password: ")'),
        ("a.py", 'user.check_password(password, "utf-8")'),
        ("a.py", 'mode = "dev" if not debug else "prod"'),
        ("a.yml", "keys: [host, port]"),
        ("a.yml", "secrets:\n  - db_password\n  - api-token-v2"),
        ("a.yml", "run: docker login -u u registry.example.com"),
        ("a.sh", "for x in a b; do y; done"),
        ("a.sh", "for token in $TOKENS; do y; done"),
        ("a.sh", "env python x"),
        ("Makefile", "ifeq ($(KIND),a)\nendif"),
        ("Makefile", "DB_PASSWORD = $(X)"),
        ("a.py", 'def name(self):\n    return "x"'),
        ("a.ctmpl", '{{ $x := "host" }}\nHOST={{ $x }}'),
        ("a.ctmpl", '{{ with secret "a/b" }}DB_PASSWORD={{ .Data.x }}{{ end }}'),
        ("a.yml", "image: a:5432:b"),
        ("a.sh", "grep login <<< $x"),
        ("a.sh", "cat <<E\nhello\nE"),
        ("a.sh", "docker login <<< $TOKEN"),
        ("a.sh", 'echo "$TOKEN" | docker login --password-stdin'),
        ("a.sh", "su - postgres <<E\npsql\nE"),
        ("a.sh", "gh secret set X < file.txt"),
        ("a.sql", "ALTER USER u PASSWORD NULL"),
        ("README.md", "Say the PASSWORD in 'settings.py'"),
        ("README.md", "# \u00dcberschrift\n\n\u043a\u043b\u044e\u0447 ok"),
    ],
)
def test_what_hides_nothing_is_shown(path: str, line: str) -> None:
    assert_shown_as_it_is(path, line)
