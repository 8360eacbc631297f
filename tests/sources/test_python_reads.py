"""Reads of the environment in Python code."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources import python_reads
from fr_check.sources.python_names import Names

READS = [
    ("import os\nos.environ['K']", ["K"]),
    ("import os\nos.environ.get('K', 'd')", ["K"]),
    ("import os\nos.environ.pop('K')\nos.environ.setdefault('L', '1')", ["K", "L"]),
    ("import os\nos.getenv('K')\nos.getenv(key='L')", ["K", "L"]),
    ("import os\nos.environb[b'K']\nos.getenvb(b'L')", ["K", "L"]),
    ("import os\nif 'K' in os.environ and 'L' not in os.environ: pass", ["K", "L"]),
    ("from os import environ as e, getenv as g\ne['K']\ng('L')", ["K", "L"]),
    ("import os as o\no.environ['K']", ["K"]),
    ("import os\nenv = os.environ\nenv['K']\nenv.get('L')", ["K", "L"]),
    ("import os\nenv = dict(os.environ)\nenv['K']\nc = os.environ.copy()\nc['L']", ["K", "L"]),
    ("import os\nclass A:\n  def __init__(self): self.env = os.environ\n  def f(self): return self.env['K']", ["K"]),
    ("def f():\n  import os\n  return os.environ['K']", ["K"]),
    ("import os\nNAME = 'K'\nos.environ[NAME]", ["K"]),
    ("import os\nfor n in ('K', 'L'): os.environ[n]", ["K", "L"]),
    ("import os\n[os.environ[n] for n in ['K', 'L']]", ["K", "L"]),
    ("import environ\nenv = environ.Env()\nenv('K')\nenv.str('L', default='x')\nenv.db()", ["K", "L", "DATABASE_URL"]),
    ("from environ import Env\nenv = Env()\nenv('K')", ["K"]),
    ("import environ\nenv = environ.Env(DEBUG=(bool, False))", ["DEBUG"]),
    ("import environ\nenv = environ.Env()\nenv.prefix = 'A_'\nenv('K')\nenv.db()", ["A_K", "A_DATABASE_URL"]),
    ("import environ\nP = 'A_'\nenv = environ.Env(D=(int, 1))\nenv.prefix = P\nenv('K')", ["D", "A_K"]),
    ("from environ import Env\nclass E(Env):\n  prefix = 'A_'\nenv = E()\nenv.int('K')", ["A_K"]),
    ("from environs import Env\nenv = Env()\nwith env.prefixed('X_'):\n  env.int('K')\nenv('L')", ["X_K", "L"]),
    ("from environs import env\nenv.read_env()\nenv.bool('K', False)", ["K"]),
    ("from decouple import config\nconfig('K', default=1, cast=int)", ["K"]),
    ("from decouple import Config, RepositoryEnv\nc = Config(RepositoryEnv('.env'))\nc('K')", ["K"]),
    ("from starlette.config import Config\nc = Config('.env', env_prefix='APP_')\nc('K', cast=bool)", ["APP_K"]),
    ("from dotenv import dotenv_values\nv = dotenv_values()\nv['K']\ndotenv_values('.env')['L']", ["K", "L"]),
    ("import click\n@click.option('--k', envvar='K')\ndef f(): pass", ["K"]),
    ("import typer\ndef f(k=typer.Option(1, envvar=['K', 'L'])): pass", ["K", "L"]),
    ("import os\nos.environ['K'] = '1'\ndel os.environ['L']", []),
    ("def test(monkeypatch): monkeypatch.setenv('K', '1')", []),
    ("d = {}\nd['K']\nd.get('L')", []),
    ("import os\nx = 'os.environ[\"K\"]'  # os.environ['L']", []),
    ("config('K')", []),
    ("import os\nget = os.environ.get\nget('K')", ["K"]),
    ("import os\ndef f(env=os.environ, *, get=os.getenv): return env['K'], get('L')", ["K", "L"]),
    ("import os\nfrom dotenv import dotenv_values\nc = {**dotenv_values('.env'), **os.environ}\nc['K']", ["K"]),
    ("import os\nc = os.environ | {'X': '1'}\nc['K']", ["K"]),
    ("import environ\nenviron.Env()('K')", ["K"]),
    ("from starlette.config import Config\nc = Config()\nc.get('K', cast=bool)", ["K"]),
    ("import os\nos.getenv('A' + '_B')", ["A_B"]),
    ("import os\nP = 'APP'\nos.getenv(f'{P}_K')\nos.getenv(P + '_' + 'L')", ["APP_K", "APP_L"]),
    ("import os\nfor n in 'K', 'L': os.getenv(f'APP_{n}')", ["APP_K", "APP_L"]),
]


@pytest.mark.parametrize(("code", "keys"), READS, ids=[code.replace("\n", "; ")[:60] for code, _ in READS])
def test_finds_reads(code: str, keys: list[str]) -> None:
    found = python_reads.parse(Text(code))
    assert [read.key for read in found.reads] == keys
    assert found.dynamic == ()
    assert python_reads.may_read(code) or not keys


@pytest.mark.parametrize(
    "code",
    [
        "import os\ndef f(name): return os.getenv(name)",
        "import os\nname = 'A'\nname = 'B'\nos.environ[name]",
        "import os\nos.environ[f'{x}_K']",
        "import os\nos.environ.get(prefix + 'K')",
        "import os\nfor n in names: os.environ[n]",
    ],
)
def test_counts_reads_whose_key_is_not_known(code: str) -> None:
    found = python_reads.parse(Text(code))
    assert (len(found.dynamic), found.reads) == (1, ())


@pytest.mark.parametrize(
    ("code", "patterns", "dynamic"),
    [
        ("import os\ndef f(x): return os.environ[f'DB_{x}_URL']", ["DB_*_URL"], 1),
        ("import os\ndef f(x): return os.environ.get('AWS_' + x)", ["AWS_*"], 1),
        ("import os\ndef f(x): return os.getenv(f'{x:>3}_KEY')", ["*_KEY"], 1),
        ("import os\ndef f(x): return os.getenv(x)", [], 1),
        ("import os\nos.getenv(" + "'a' + " * 30 + "'b')", ["a" * 20 + "*"], 1),
        ("import os\ndef f(x): return os.getenv('A' + x)", [], 1),
        ("from environs import Env\ne = Env(prefix='X_')\ndef f(n): return e(n + '_URL')", ["X_*_URL"], 1),
        ("import click\ncli(auto_envvar_prefix='APP')", ["APP_*"], 0),
        ("import click\n@click.group(context_settings={'auto_envvar_prefix': 'APP'})\ndef f(): pass", ["APP_*"], 0),
        ("import click\n@click.group(context_settings={'obj': 1})\ndef f(): pass", [], 0),
    ],
)
def test_what_is_known_of_keys_that_are_not(code: str, patterns: list[str], dynamic: int) -> None:
    found = python_reads.parse(Text(code))
    assert [pattern for pattern, _ in found.patterns] == patterns
    assert len(found.dynamic) == dynamic
    assert python_reads.may_read(code) or not patterns


@pytest.mark.parametrize(
    ("code", "optional"),
    [
        ("import os\nos.environ['K']", False),
        ("import os\nos.getenv('K')", True),
        ("import os\n'K' in os.environ", True),
        ("import environ\nenv = environ.Env()\nenv('K')", False),
        ("import environ\nenv = environ.Env()\nenv('K', default=None)", True),
        ("from decouple import config\nconfig('K')", False),
    ],
)
def test_says_whether_the_code_copes_with_an_unset_variable(code: str, optional: bool) -> None:  # noqa: FBT001
    assert [read.optional for read in python_reads.parse(Text(code)).reads] == [optional]


def test_columns_count_characters() -> None:
    found = python_reads.parse(Text("import os\né = 'ü', os.getenv('K')"))
    assert found.reads[0].span == (2, 10, 2, 24)


def test_reports_what_is_no_python() -> None:
    assert [problem.span[:2] for problem in python_reads.parse(Text("import os\nos.environ[")).problems] == [(2, 11)]


@given(st.text(max_size=200) | st.lists(st.sampled_from([code for code, _ in READS]), max_size=5).map("\n".join))
def test_never_raises(code: str) -> None:
    found = python_reads.parse(Text(code))
    assert all(read.key for read in found.reads)


@pytest.mark.parametrize(
    "code", ["(" * 100_000, "x" + ".a" * 50_000, "-" * 100_000 + "1", "a = " + "[" * 5000 + "]" * 5000]
)
def test_survives_deep_nesting(code: str) -> None:
    assert python_reads.parse(Text("import os\n" + code)).reads == ()


FRAGMENTS = [
    "import os",
    "import os as o",
    "from os import environ as e, getenv as g",
    "from environs import Env",
    "import decouple",
    "r = os.environ",
    "s = r",
    "t = Env()",
    "self.u = s",
    "r = {}",
    "NAME = 'K'",
    "o.environ['A']",
    "e.get('B')",
    "g('C')",
    "r['D']",
    "s['E']",
    "t.int('F')",
    "self.u['G']",
    "decouple.config('H')",
    "os.environ[NAME]",
    "print(1)",
    "with t.prefixed('P_'): t('I')",
    "@click.option(envvar='J')\ndef f(): pass",
    "@cache(os.environ['L'])\nclass A: pass",
    "x = [\n    y for y in z\n    if os.environ['M']\n]",
]


@st.composite
def programs(draw: st.DrawFn) -> str:
    lines = []
    for fragment in draw(st.lists(st.sampled_from(FRAGMENTS), max_size=14)):
        depth = draw(st.integers(0, 2))
        lines += [
            f"{'  ' * level}{draw(st.sampled_from(['if a:', 'def f():', 'for n in (1, 2):']))}"
            for level in range(depth)
        ]
        lines += [f"{'  ' * depth}{line}" for line in fragment.split("\n")]
    return "\n".join(lines)


@given(programs())
def test_leaving_out_statements_without_a_word_of_interest_changes_nothing(code: str) -> None:
    tree = ast.parse(code)
    whole = python_reads._Finder(Text(code), tree, Names(tree))
    whole.visit()
    found = python_reads.parse(Text(code))
    assert found.reads == tuple(sorted(whole.reads, key=lambda read: read.span))
    assert found.dynamic == tuple(sorted(whole.dynamic))
    assert python_reads.may_read(code) or not (found.reads or found.dynamic)


def parse(code: str) -> python_reads.PythonReads:
    return python_reads.parse(Text(code))


class TestNamesThatMeanSomethingElse:
    @pytest.mark.parametrize(
        "function",
        [
            "def f(servers):\n    for name, config in servers.items():\n        config.get('env')\n",
            "def f(path):\n    with open(path) as config:\n        config['env']\n",
            "def f(path):\n    config = json.load(path)\n    return config['env']\n",
            "def f(paths):\n    return [config['env'] for config in paths]\n",
            "def f(pair):\n    name, config = pair\n    return config['env']\n",
        ],
    )
    def test_a_functions_own_variable_is_no_reader_of_the_module(self, function: str) -> None:
        code = f"import json\nfrom dotenv import dotenv_values\nconfig = dotenv_values()\nA = config['A']\n{function}"
        assert [read.key for read in parse(code).reads] == ["A"]

    @pytest.mark.parametrize(
        "function",
        [
            "def f():\n    return config['B']\n",
            "def f(config):\n    return config['B']\n",
            "def f():\n    config = dotenv_values('b')\n    return config['B']\n",
            "def f():\n    global config\n    config = other()\n    return config['B']\n",
            "def f():\n    return [x for x in config['B']]\n",
        ],
    )
    def test_the_modules_reader_under_its_own_name(self, function: str) -> None:
        code = f"from dotenv import dotenv_values\nconfig = dotenv_values()\nA = config['A']\n{function}"
        assert [read.key for read in parse(code).reads] == ["A", "B"]


class TestOtherNames:
    @pytest.mark.parametrize(
        "code",
        [
            "os.getenv('NEW') or os.getenv('OLD')",
            "os.getenv('NEW', os.getenv('OLD', 'x'))",
            "int(os.getenv('NEW') or os.environ.get('OLD', '5'))",
            "(os.getenv('NEW', '').strip() or os.getenv('OLD', '')).upper()",
            "os.environ.get('NEW', default=os.environ.get('OLD'))",
        ],
    )
    def test_two_names_of_one_variable(self, code: str) -> None:
        found = {read.key: read.others for read in parse(f"import os\nX = {code}\n").reads}
        assert found == {"NEW": ("OLD",), "OLD": ("NEW",)}

    @pytest.mark.parametrize(
        "code",
        [
            "os.getenv('NEW') == '1' or os.getenv('OLD') == '1'",
            "os.getenv('NEW') and os.getenv('OLD')",
            "f(os.getenv('NEW'), os.getenv('OLD'))",
        ],
    )
    def test_two_variables(self, code: str) -> None:
        found = {read.key: read.others for read in parse(f"import os\nX = {code}\n").reads}
        assert found == {"NEW": (), "OLD": ()}


@pytest.mark.parametrize(
    ("code", "only"),
    [
        ("os.environ.setdefault('A', 'x')", "sets"),
        ("os.environ.pop('A', None)", "removes"),
        ("x = os.environ.setdefault('A', 'x')", ""),
        ("x = os.environ.pop('A')", ""),
        ("os.environ.get('A')", ""),
    ],
)
def test_what_is_done_beside_reading(code: str, only: str) -> None:
    assert [(read.key, read.only) for read in parse(f"import os\n{code}\n").reads] == [("A", only)]
