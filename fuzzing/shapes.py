"""The shapes that people write secrets in, by the kind of file that holds them."""

from __future__ import annotations

# Below a name `{n}`, a canary `{c}`, by what kind of file holds it. Doubled braces are braces.
_ENV = (
    *("{n}={c}", "{n}='{c}'", '{n}="{c}"', "{n}=a(b){c}", "{n}='a''{c}'", "{n}=\\\n{c}", "export {n}={c}", "{n} = {c}"),
    *('{n}="a\n{c}\nb"', "{n}=-----BEGIN RSA PRIVATE KEY-----\n{c}\n-----END RSA PRIVATE KEY-----", "{n}={c} # x"),
    *(
        "{n}=${{X}}{c}",
        "{n}=${{X:-{c}}}",
        "{n}={{{{ .x }}}}{c}",
        "URL=postgres://u:{c}@h/db",
        "URL=postgres://u:a$b{c}@h",
    ),
    *(
        "URL=postgres://u:a<{c}@h/db",
        'URL=postgres://u:a"{c}@h/db',
        "URL=postgres://u:a'{c}@h/db",
        "URL=http://u:a/{c}@h",
    ),
    *("URL=postgres://u:a@{c}@h/db", "{n}={c}\n{n}={c}", "{n}: {c}"),
)
_PYTHON = (
    *('{n}: str = "{c}"', "{n} = '{c}'", '{n}: SecretStr = SecretStr("{c}")', '{n}: str = Field(default="{c}")'),
    *('{n} = """a\n{c}"""', '{n} = "a" "{c}"', '{n} = ("a"\n    "{c}")', '{n} = b"{c}"', '{n} = os.getenv("X", "{c}")'),
    *(
        '{n}: str = Field(\n        default=SecretStr("{c}"),\n    )',
        'os.environ["{n}"] = "{c}"',
        'x = f("a", {n}="{c}")',
    ),
    *(
        'os.environ.get("{n}", "{c}")',
        'URL: str = "postgres://u:{c}@h/db"',
        "{n} = '''{c}'''",
        '{n} = "a" \\\n    "{c}"',
    ),
)
_YAML = (
    *("{n}: {c}", "{n}: '{c}'", '{n}: "{c}"', "{n}: |\n  a\n  {c}", "{n}: >-\n  {c}", "{n}: a\n  {c}", "- {n}={c}"),
    *("{n}: ${{{n}:-{c}}}", "command: x --password {c}", "command: [x, --password, {c}]", "run: x --token={c}"),
    *(
        "run: curl -H 'Authorization: Bearer {c}'",
        "url: https://u:{c}@h",
        "{n}: ${{{{ secrets.X }}}}{c}",
        "x: {{{n}: {c}}}",
    ),
    *("run: docker build --build-arg {n}={c} .", "{n}:\n  - {c}", "- '{n}={c}'", "run: |\n  export {n}={c}\n  x"),
)
_DOCKER = (
    *("ENV {n} {c}", "ENV {n}={c}", 'ARG {n}="{c}"', "ARG {n}={c}", "ENV A=b {n}={c}", "RUN x --password {c}"),
    *('CMD ["x", "--password", "{c}"]', "RUN {n}={c} x", "ENV {n} a \\\n  {c}", "RUN git clone https://u:{c}@h/x"),
)
_SCRIPT = (
    "{n}={c}",
    "{n}='{c}' x",
    'export {n}="{c}"',
    "{n} := {c}",
    "const {n} = '{c}';",
    '{{"{n}": "{c}"}}',
    '{n} = "{c}"',
)
_MORE_ENV = (
    *("URL=mysql+pymysql://u:{c}@h:3306/d?x=y", "URL=redis://:{c}@h/0", "URL=smtps://u%40h:{c}@h:465"),
    *("X=eyJhbGciOiJIUzI1NiJ9.eyJ1IjoiYSJ9.{c}", "X=xoxb-123456789012-{c}", "X=h;Password={c};", "{n}=base64:{c}="),
    *('{{{{ with "{c}" }}}}{n}={{{{ . }}}}{{{{ end }}}}', '{{{{ $x := "{c}" }}}}{n}={{{{ $x }}}}', "{n}\n={c}"),
    *('CONFIG={{"user": "a", "{n}": "{c}"}}', 'CONFIG=\'{{"{n}":"{c}"}}\'', "# {n}={c}", "{n}=a\\ {c}"),
)
_MORE_PYTHON = (
    *('{n} = f"{{x}}-{c}"', "{n} = 'a' + '{c}'", "{n} = 'a%s' % '{c}'", "# {n} = '{c}'", "d = {{'{n}': '{c}'}}"),
    *("x.get(u, auth=('u', '{c}'))", "x.login('u', '{c}')", "run(['curl', '-u', 'u:{c}'])"),
    *("setattr(s, '{n}', '{c}')", "({n} := '{c}')", "{n} = (\n    'a'\n    # b\n    '{c}'\n)", "d['{n}'] = '{c}'"),
    *("{n}: Annotated[str, Field(default='{c}')]", "{n}: str = Field(default_factory=lambda: '{c}')"),
    *("p.add_argument('--password', default='{c}')", "if {n} == '{c}': pass", "{n}: str = Field('{c}', min_length=3)"),
)
_PROGRAMS = (
    *("{v}, B = '{c}', 'y'", "A, {v} = f(), '{c}'", "if '{c}' in {v}: pass", "if '{c}' == {v}: pass"),
    *("match {v}:\n    case '{c}':\n        pass", "x = getpass() or '{c}'", "x = '{c}' if y else {v}"),
    *("TOKENS = ['{c}']", "CREDS = {{'a': '{c}'}}", "{v}: str = Field(examples=['{c}'])", "p\u0430ssword = '{c}'"),
    *("def password(self):\n    return '{c}'", "{v}, = ['{c}']", "x = {v} is '{c}'"),
    *("assert compare_digest({v}, '{c}')", "user.set_password('{c}')", "q = \"ALTER USER u PASSWORD '{c}'\""),
)
_COMMANDS = (
    *("- key: {n}\n  value: {c}", "run: ssh-add <(echo {c})", "run: echo '{c}' > ~/.ssh/id_rsa"),
    *("run: isql -U u -P {c}", "run: isql dsn user {c}", "run: op signin <<< {c}", "tokens: [{c}]"),
    *("run: |\n  sudo -S x <<E\n  {c}\n  E", "run: psql -c \"ALTER USER u PASSWORD '{c}'\"", "PASSW\u00d6RD: {c}"),
    *(
        "run: yes {c} | passwd u",
        "run: for {v} in a {c}; do x; done",
        "secrets:\n  s:\n    content: {c}",
        "tokens:\n- {c}",
    ),
    *(
        "run: ssh-keygen -N {c} -f x",
        "run: |\n  cat > ~/.pgpass <<E\n  h:5432:d:u:{c}\n  E",
        "if: '{c}' == secrets.{v}",
    ),
    *("run: mysql -e \"CREATE USER u IDENTIFIED BY '{c}'\"", "run: echo {c} | vault login -", '"\\x70assword": {c}'),
)
_MORE_YAML = (
    *("run: curl -H 'X-Api-Key: {c}' https://h", "run: sshpass -p {c} ssh h", "run: curl --user 'u:{c}' https://h"),
    *("run: kubectl create secret generic x --from-literal=password={c} --from-literal=b=c", "? {n}\n: {c}"),
    *("run: helm upgrade x y --set auth.password={c},b=c", "auth:\n  rootPassword: {c}\n  a: b", "- --api-key={c}"),
    *("{n}: ${{{{ secrets.A || '{c}' }}}}", "{n}: a-{c}-${{{{ github.sha }}}}", "run: docker login -u u -p {c} h"),
    *('CFG: |\n  {{"{n}": "{c}"}}', "{n}: !x |\n  a\n  {c}", "command:\n  - x\n  - --db-password\n  - {c}"),
    *("run: |\n  cat <<E > .env\n  {n}={c}\n  E", "command: >\n  x\n  --requirepass {c}\n  -p 1"),
    *("run: echo {c} | docker login --password-stdin", "run: aws configure set aws_secret_access_key {c}"),
    *("run: docker login \\\n  -u u \\\n  -p {c} h", "run: sed -i 's#__{n}__#{c}#' x", "run: echo '::add-mask::{c}'"),
    *("run: a[{v}]={c}", "run: docker secret create x - <<< {c}", "command: >\n  x\n  --requirepass\n  {c}"),
    *("x: {{a: b, {n}: {c}, d: e}}", "- {{name: {n}, value: {c}}}", "- name: {n}\n  value: {c}"),
)
_MORE_DOCKER = (
    *('ENV A=b \\\n    {n}="{c}"', 'LABEL {n}="{c}"', "RUN --mount=type=secret,id=x {n}={c} make"),
    *(
        'RUN echo "//r/:_authToken={c}" > .npmrc',
        "RUN <<E\nexport {n}={c}\nE",
        "RUN pip install -i https://u:{c}@h/s x",
    ),
)
# `{v}` is a name without a dash.
_JAVASCRIPT = (
    *("const {v} = `x-${{i}}-{c}`;", "const h = {{ 'x-api-key': `{c}` }};", "const {v} = process.env.X ?? '{c}';"),
    *(
        "const {{ {v} = '{c}' }} = process.env;",
        "f(u, {{ headers: {{ Authorization: `Bearer {c}` }} }});",
        "// {v}={c}",
    ),
    *(
        'const a = <Map {v}="{c}" />;',
        "const a = <Map {v}={{'{c}'}} b />;",
        "module.exports = {{ env: {{ {v}: '{c}' }} }};",
    ),
    *("process.env.{v} ||= '{c}';", "export const {v} = '{c}' as const;", "const {v} = 'a' +\n  '{c}';"),
)
_TOML = (
    *(
        '{n} = "{c}"',
        '{n} = """\na\n{c}\n"""',
        "{n} = '''{c}'''",
        'env = {{ {n} = "{c}", A = "b" }}',
        'env = ["{n}={c}"]',
    ),
    *('[tool.x]\n{n} = "{c}"', 'url = "https://u:{c}@h/simple"', '{n} = {{value = "{c}", unset = true}}'),
)
_INI = (
    *("{n} = {c}", "setenv =\n    {n} = {c}\n    B = c", "set_env =\n  {n}={c}", "addopts = --password {c}"),
    *("aws_access_key_id = A\naws_secret_access_key = {c}", "{n} = a\n  {c}", "url = https://u:{c}@h/a"),
)
SHAPES = (
    ((".env", ".example", ".ctmpl", ".tpl", ".properties"), (*_ENV, *_MORE_ENV)),
    ((".py",), (*_PYTHON, *_MORE_PYTHON, *_PROGRAMS)),
    ((".yml", ".yaml"), (*_YAML, *_MORE_YAML, *_COMMANDS)),
    (("ockerfile",), (*_DOCKER, *_MORE_DOCKER)),
    ((".ts", ".tsx", ".js", ".jsx", ".mjs", ".vue"), (*_SCRIPT, *_JAVASCRIPT)),
    ((".toml",), _TOML),
    ((".cfg", ".ini", ".coveragerc"), _INI),
    (("",), _SCRIPT),
)
