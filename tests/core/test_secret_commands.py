"""Secrets that only the command, the statement or the call around them tells to be such."""

from __future__ import annotations

import pytest

from planted import assert_shown_as_it_is, lines_that_show_it, messages_that_show_it, planted

SHAPES = [
    ("x.sh", "kubectl create secret generic a --from-literal=x=@@"),
    ("x.sh", "vault login @@"),
    ("x.sh", "vault kv put secret/x value=@@"),
    ("x.sh", "gh secret set API_TOKEN < <(echo @@)"),
    ("x.sh", "openssl enc -k @@ -in a"),
    ("x.sh", 'gpg --passphrase-fd 0 <<< "@@"'),
    ("redis.conf", "requirepass @@"),
    ("x.sh", "zip -P @@ a.zip b"),
    ("x.sh", "unzip -P @@ a.zip"),
    ("x.sh", "7z x -p@@ a.7z"),
    ("x.sh", "ldapsearch -D cn=a -w @@"),
    ("x.sh", "smbclient //h/s -U me%@@"),
    ("x.sh", "sqlcmd -S db -U sa -P @@"),
    ("x.sh", 'sqlcmd -S db -U sa -P "@@" -C'),
    ("x.yml", 'test: /opt/mssql-tools/bin/sqlcmd -U sa -P "@@" -Q "SELECT 1"'),
    ("x.sh", "rabbitmqctl add_user me @@"),
    ("x.sh", "rabbitmqctl change_password me @@"),
    ("x.sh", "mc alias set x http://h KEY @@"),
    ("x.sh", "psql -c \"ALTER USER a PASSWORD '@@'\""),
    ("init.sql", "CREATE USER a WITH PASSWORD '@@';"),
    ("init.sql", "CREATE USER a IDENTIFIED BY '@@';"),
    ("x.sh", "keytool -storepass @@ -keypass x"),
    ("x.sh", "jarsigner -storepass @@"),
    ("x.sh", "useradd -p @@ me"),
    ("x.sh", "poetry config pypi-token.pypi @@"),
    ("x.sh", "poetry publish -u me -p @@"),
    ("x.sh", "cargo login @@"),
    ("x.sh", "fly secrets set FOO=@@"),
    ("x.sh", 'wrangler secret put API <<< "@@"'),
    ("x.sh", 'echo "@@" | wrangler secret put API_TOKEN'),
    ("x.sh", "vercel -t @@ deploy"),
    ("x.sh", "snyk auth @@"),
    ("x.sh", "codecov -t @@"),
    ("x.sh", "sonar-scanner -Dsonar.login=@@"),
    ("x.xml", "<password>@@</password>"),
    ("x.yml", "- traefik.http.middlewares.a.basicauth.users=me:@@"),
    (".env", "TEAMS=https://x.webhook.office.com/webhookb2/@@-a/IncomingWebhook/abc/def"),
    (".env", "LDAP=ldap://h ;bindpw=@@"),
    ("Dockerfile", "RUN --mount=type=secret,id=x echo @@ > /run/secrets/token"),
    ("x.py", 'HTTPBasicAuth("me", "@@")'),
    ("x.py", 'Fernet(b"@@")'),
    ("x.ts", 'jwt.sign(p, "@@")'),
    ("x.ts", 'createHmac("sha256", "@@")'),
    ("x.hcl", "token = <<EOT\n@@\nEOT"),
    ("README.md", "The password is `@@`."),
    # Pairs of a user and a password
    ("x.py", "requests.get(u, auth=('me', '@@'))"),
    ("x.py", 'client = Client(\n    auth=(\n        "me",\n        "@@",\n    )\n)'),
    ("x.py", 'Client(auth=httpx.BasicAuth("me", "@@"))'),
    ("x.py", 'smtp.login("me", "@@")'),
    ("x.py", 'create_engine(URL.create("postgresql", "me", "@@", "h"))'),
    ("x.py", 'hashlib.pbkdf2_hmac("sha256", b"@@", salt, 1)'),
    ("x.py", 'subprocess.run(["curl", "-u", "me:@@", u])'),
    # Entries, comparisons, replacements
    ("x.sh", "values[API_TOKEN]=@@"),
    ("x.yml", "run: declare -A v; v[DB_PASSWORD]=@@"),
    ("x.yml", "run: |\n  API_TOKEN=(\n    @@\n  )"),
    ("x.sh", '[ "$API_TOKEN" == @@ ] && x'),
    ("x.sh", 'case "$API_TOKEN" in @@) x;; esac'),
    ("x.sh", 'sed -i "s#__API_TOKEN__#@@#" x'),
    ("x.sh", "sed -i -e 's|@DB_PASSWORD@|@@|g' x"),
    ("x.yml", 'run: echo "::add-mask::@@"'),
    ("x.yml", 'run: echo "::set-output name=api-token::@@"'),
    # Commands, also over lines
    ("x.sh", "curl -sSLu me:@@ https://h"),
    ("x.sh", "curl --proxy-user me:@@ https://h"),
    ("x.sh", "curl -u \\\n  me:@@ https://h"),
    ("x.sh", "docker login \\\n  -u me \\\n  -p @@ h"),
    ("x.sh", "mysql -u root \\\n  -p@@ db"),
    ("x.yml", "command: >\n  redis-server --requirepass\n  @@\n"),
    ("x.yml", 'labels:\n  traefik.http.middlewares.a.basicauth.users: "me:@@"'),
    ("x.sh", "cqlsh -u me -p @@ h"),
    ("x.sh", "bcp t out f -U me -P@@"),
    ("x.sh", "redis-cli AUTH @@"),
    ("x.sh", "lftp -u me,@@ h"),
    ("x.sh", "sqlplus me/@@@db"),
    ("x.sh", "ngrok config add-authtoken @@"),
    ("x.sh", "rclone config create x s3 secret_access_key @@"),
    ("x.sh", "dotnet nuget push -k @@ x"),
    ("x.sh", 'dotnet user-secrets set "Api:Key" "@@"'),
    ("x.sh", "expect -c 'send \"@@\\r\"'"),
    ("x.sh", "docker secret create db - <<< @@"),
    ("x.sh", "echo @@ | docker secret create db -"),
    ("x.sh", "tee token.txt <<< @@"),
    ("x.sh", "base64 -d <<< @@ > key.pem"),
    # Other languages, sentences without quotes
    (".env", "DB_PASSWORT=@@"),
    (".env", "CONTRASEÑA=@@"),
    (".env", "MOT_DE_PASSE=@@"),
    (".env", "密码=@@"),
    (".env", "# the password is @@"),
    (".env", "# API_TOKEN was @@"),
]


@pytest.mark.parametrize(("path", "written"), SHAPES)
def test_neither_a_line_nor_a_message_shows_it(path: str, written: str):
    text = planted(path, written)
    assert lines_that_show_it(text) == []
    assert messages_that_show_it(text) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("x.sh", "vault login -method=github"),
        ("x.sh", "cargo login"),
        ("x.sh", "docker login ghcr.io"),
        ("x.sh", "find . | xargs -P 4 zip -r a.zip"),
        ("x.sh", "unzip -o a.zip -d out"),
        ("x.sh", "7z x -oout a.7z"),
        ("x.sh", "useradd -m -s /bin/sh me"),
        ("x.sh", "echo done > /tmp/build.log"),
        ("x.sh", 'rabbitmqctl add_user me "$RABBIT_PASSWORD"'),
        ("x.sh", "kubectl create secret generic a --from-literal=password=$DB_PASSWORD"),
        ("init.sql", "CREATE TABLE a (password text NOT NULL)"),
        ("pom.xml", "<artifactId>a-b</artifactId>"),
        ("pom.xml", "<password>${env.DB_PASSWORD}</password>"),
        ("x.hcl", "template = <<EOT\nA=1\nEOT"),
        ("README.md", "The build is `green`, and its token is documented."),
        ("x.ts", "jwt.verify(token, process.env.JWT_SECRET)"),
        ("x.py", "password = environ['smtp-password']"),
        ("x.py", 'api_token = os.getenv("smtp.token")'),
        ("x.py", "rates[api_key] = value"),
        ("x.sh", 'case "$key" in prod) x;; esac'),
        ("x.sh", "sed -i 's/key/value/' x"),
        ("x.sh", 'sed -i "s/__API_TOKEN__/$API_TOKEN/" x'),
        ("x.sh", "curl -u me https://h:80"),
        ("README.md", "The token is base64 and the key was 32 bytes."),
    ],
)
def test_what_is_no_secret_is_shown(path: str, line: str):
    assert_shown_as_it_is(path, line)
