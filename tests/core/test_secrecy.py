"""No value that may be secret is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.secrecy import is_secret_name, redact


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "S3_SECRET_KEY",
        "DB_PASSWORD",
        "POSTGRES_PASSWORD",
        "API_TOKEN",
        "s3_access_key",
        "OPENROUTER_API_KEY",
        # Words that mean no secret, as parts of other words.
        *("SETTLEMENT_API_KEY", "SEATTLE_DB_PASSWORD", "THROTTLE_TOKEN", "SHUTTLE_API_KEY", "BOTTLE_SECRET"),
        *("BATTLENET_CLIENT_SECRET", "SMS_COUNTRY_SECRET", "WAVELENGTHS_TOKEN", "MILLISECONDSAPI_KEY"),
        # Written as one word, and others than the usual ones.
        *("HASHSALT", "PASSCODE", "MASTERPASS", "WEBPASS", "keystorePass", "FERNETKEY", "ENCRYPTKEY", "adminpw"),
        *("DB_CREDS", "PSK", "WIFI_PSK", "MNEMONIC", "SEED_PHRASE", "OTP_SEED", "RECOVERY_CODES", "BEARER"),
        *(
            "AUTHORIZATION",
            "\u0414\u0411_PASSWORD",
            "\uff30\uff21\uff33\uff33\uff37\uff2f\uff32\uff24",
            "\u041f\u0410\u0420\u041e\u041b\u042c",
        ),
    ],
)
def test_secret_names(name: str):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "JWT_ALGORITHM",
        "ACCESS_TOKEN_EXPIRE_MINUTES",
        "KEYBOARD",
        "PRIMARY_MODEL",
        "TOKENIZER",
        "PASSENGER",
        "MONKEY_COUNT",
        *(
            "TOKEN_TTL",
            "JWT_LIFETIME_SECONDS",
            "PASSWORD_MIN_LENGTH",
            "SESSION_COOKIE_EXPIRES",
            "KEY_COUNT",
            "API_KEY_COUNT_MAX",
        ),
        *("BYPASS", "COMPASS", "OVERPASS_URL", "RANDOM_SEED", "SEED", "CREDIT", "SACRED", "PASSTHROUGH"),
    ],
)
def test_public_names(name: str):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("SECRET_KEY=hunter2", "SECRET_KEY=***"),
        ("export API_TOKEN='a b'  # note", "export API_TOKEN='***'  # note"),
        ('        default="hunter2",', '        default="***",'),
        ("API_TOKEN: ${API_TOKEN:-hunter2}", "API_TOKEN: ${API_TOKEN:-***}"),
        ("url: http://${API_TOKEN:-hunter2}/", "url: http://${API_TOKEN:-***}/"),
        (
            'K_TOKEN={{ with .X }}{{ printf "%q" . }}{{ else }}"hunter2"{{ end }}',
            'K_TOKEN={{ with .X }}{{ printf "%q" . }}{{ else }}"***"{{ end }}',
        ),
        ("K_TOKEN={{ with .X }}{{ . }}{{ else }}ab{{ end }}", "K_TOKEN={{ with .X }}{{ . }}{{ else }}***{{ end }}"),
        ("PRIMARY_MODEL=google/gemini-3-flash-preview",) * 2,
        ('REDIS_URL="{{ printf "redis://:%s@redis:6379/0" $password }}"',) * 2,
        ("OTEL=http://platform-signoz-otel-collector:4318",) * 2,
        ("run: docker build --build-arg API_TOKEN=hunter2 .", "run: docker build --build-arg API_TOKEN=***"),
        ('S3_SECRET_KEY="a\\"b"', 'S3_SECRET_KEY="***"'),
        ("      API_TOKEN: abc", "      API_TOKEN: ***"),
        ("DATABASE_URL=postgres://u:hunter2@h/db", "DATABASE_URL=postgres://u:***@h/db"),
        ('    secret_key: str = "hunter2"', '    secret_key: str = "***"'),
        ('secret_key: str = Field(default="hunter2")', 'secret_key: str = Field(default="***")'),
        ("DEBUG=true", "DEBUG=true"),
        ("API_TOKEN: ${API_TOKEN}", "API_TOKEN: ${API_TOKEN}"),
        ("API_TOKEN: ${{ secrets.API_TOKEN }}", "API_TOKEN: ${{ secrets.API_TOKEN }}"),
        ("GITHUB=ghp_16C7e42F292c6912E7710c838347Ae178B4a", "GITHUB=***"),
        ('SECRET_KEY={{ with .Data.data.SECRET_KEY }}{{ printf "%q" . }}{{ end }}',) * 2,
        ("  uses: actions/checkout@b4ffde65f46336ab88eb53be808477a3936bae11",) * 2,
    ],
)
def test_excerpts_are_redacted(line: str, shown: str):
    assert redact(line) == shown


@given(st.text(st.sampled_from("abXY01=:'\" \\"), min_size=1, max_size=30))
def test_no_value_of_a_secret_name_survives(value: str):
    secret = "q7Z" + value.replace("\n", "")
    assert secret not in redact(f"API_SECRET={secret}")
