"""Settings classes, one for each thing pydantic-settings does with names."""

# ruff: noqa: E501 - a table of small sources reads best with one row a line

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = """\
from typing import *
from typing import ClassVar, Final
import os, sys
from pydantic import *
from pydantic_settings import *
"""


class Case(NamedTuple):
    """A module `app.config`, further modules, variables to try beside those in the source, fields without known names."""

    name: str
    source: str
    modules: Mapping[str, str] = {}
    also: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()


def case(
    name: str, body: str, *also: str, modules: Mapping[str, str] | None = None, unresolved: tuple[str, ...] = ()
) -> Case:
    return Case(name, HEAD + body, modules or {}, also, unresolved)


def simple(name: str, config: str, *fields: str) -> Case:
    lines = [f"    model_config = SettingsConfigDict({config})", *(f"    {field}" for field in fields)]
    return case(name, "class S(BaseSettings):\n" + "\n".join(lines) + "\n")


_ALIASED = ("a: str = Field('d', validation_alias='AAA')", "b: str = 'd'")
_DB = "class DB(BaseModel):\n    url: str = 'c'\n    pool_size: int = Field(9, alias='PS')\n\n"

CORPUS = [
    simple("01 validation_alias ignores the prefix", "env_prefix='APP_'", *_ALIASED),
    simple("02 so does alias", "env_prefix='APP_'", "a: str = Field('d', alias='AAA')", "b: str = 'd'"),
    simple("03 prefix target all", "env_prefix='APP_', env_prefix_target='all'", *_ALIASED),
    simple("04 prefix target alias", "env_prefix='APP_', env_prefix_target='alias'", *_ALIASED),
    simple("05 populate by name", "env_prefix='APP_', populate_by_name=True", *_ALIASED),
    simple("05 validate by name", "env_prefix='APP_', validate_by_name=True", *_ALIASED),
    simple("06 by name only", "validate_by_name=True, validate_by_alias=False", *_ALIASED),
    simple("07 validation_alias beats alias", "", "a: str = Field('d', alias='ALI', validation_alias='VAL')"),
    simple("08 serialization alias", "", "a: str = Field('d', serialization_alias='SER')"),
    simple("09 choices", "", "environment: str = Field('d', validation_alias=AliasChoices('E1', 'E2'))"),
    simple("10 path", "", "a: str = Field('d', validation_alias=AliasPath('CFG', 'x', 0))"),
    simple(
        "11 choices with a path", "", "a: str = Field('d', validation_alias=AliasChoices('AAA', AliasPath('CFG', 0)))"
    ),
    simple("12 splat", "", "a: str = Field('d', validation_alias=AliasChoices(*['Q1', 'Q2']))"),
    simple("12 keyword splat", "", "a: str = Field('d', **{'validation_alias': 'SPLAT'})"),
    simple("13 alias None", "", "a: str = Field('d', validation_alias=None)"),
    simple("15 case-sensitive", "case_sensitive=True", "red: str = 'd'", "b: str = Field('d', alias='Blue')"),
    case("16 nested without delimiter", _DB + "class S(BaseSettings):\n    db: DB\n", "DB__URL", "URL"),
    case(
        "17 18 nested with delimiter and prefix",
        _DB
        + "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='APP_', env_nested_delimiter='__')\n"
        "    db: DB = DB()\n",
        "DB__URL",
        "APP_DB__URL",
        "APP_DB__PS",
        "APP_DB__POOL_SIZE",
    ),
    case(
        "19 alias of a nested model",
        _DB
        + "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='APP_', env_nested_delimiter='__')\n"
        "    db: DB = Field(DB(), validation_alias='DATABASE')\n",
        "DATABASE__URL",
        "APP_DB__URL",
        "APP_DATABASE__URL",
    ),
    case(
        "20 choices of a nested model",
        _DB + "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter='__')\n"
        "    d: DB = Field(DB(), validation_alias=AliasChoices('ONE', 'TWO'))\n",
        "ONE__URL",
        "TWO__URL",
        "D__URL",
    ),
    case(
        "21 split limit",
        "class DB(BaseModel):\n    host_name: str = 'x'\n    port: int = 1\n\n"
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter='_', env_nested_max_split=1)\n"
        "    db: DB = DB()\n",
        "DB_HOST_NAME",
        "DB_PORT",
    ),
    case(
        "22 prefix with the delimiter in it",
        _DB
        + "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='MY_APP_', env_nested_delimiter='_')\n"
        "    d: DB = DB()\n",
        "MY_APP_D_URL",
    ),
    case(
        "23 nested settings with a prefix of their own",
        "class DB(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='DB_')\n    url: str = 'c'\n\n"
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='APP_', env_nested_delimiter='__')\n"
        "    db: DB = DB()\n",
        "DB_URL",
        "APP_DB__URL",
    ),
    case(
        "24 nested settings from a factory in another module",
        "from app.db import DB\n\nclass S(BaseSettings):\n    db: DB = Field(default_factory=DB)\n",
        "URL",
        "DB",
        "DB__URL",
        modules={"app.db": HEAD + "class DB(BaseSettings):\n    url: str = 'c'\n"},
    ),
    case(
        "25 prefix of a model is ignored",
        "class DB(BaseModel):\n    model_config = ConfigDict(env_prefix='ZZ_')\n    url: str = 'x'\n\n"
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter='__')\n    db: DB = DB()\n",
        "DB__URL",
        "DB__ZZ_URL",
        "ZZ_URL",
    ),
    case(
        "26 optional nested model",
        _DB + "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter='__')\n"
        "    db: Optional[DB] = None\n",
        "DB__URL",
    ),
    case(
        "27 open key set",
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter='__')\n    d: dict[str, str] = {}\n",
        "D__FOO",
        "D__BAR__BAZ",
        "DX",
    ),
    case(
        "29 subclass prefix",
        "class B(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='B_')\n    a: str = 'd'\n\n"
        "class S(B):\n    model_config = SettingsConfigDict(env_prefix='S_')\n    c: str\n",
    ),
    case(
        "30 inherited prefix and case",
        "class B(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='B_', case_sensitive=True)\n    a: str\n\n"
        "class S(B):\n    c: str = 'd'\n",
    ),
    case(
        "31 the last base's prefix wins",
        "class A(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='A_')\n    x: str = 'd'\n\n"
        "class B(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='B_')\n    y: str = 'd'\n\n"
        "class S(A, B):\n    pass\n",
    ),
    case(
        "31 a last base without prefix resets it",
        "class A(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='A_')\n    x: str = 'd'\n\n"
        "class B(BaseSettings):\n    y: str = 'd'\n\nclass S(A, B):\n    pass\n",
    ),
    case(
        "32 unpacked configuration",
        "class A(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='A_', case_sensitive=True)\n\n"
        "class S(BaseSettings):\n    model_config = {**A.model_config, 'env_prefix': 'B_'}\n    x: str = 'd'\n",
    ),
    case(
        "32 configuration from a constant",
        "COMMON = {'env_prefix': 'C_'}\n\nclass S(BaseSettings):\n    model_config = SettingsConfigDict(**COMMON)\n    x: str = 'd'\n",
    ),
    case("33 plain dict", "class S(BaseSettings):\n    model_config = {'env_prefix': 'X_'}\n    a: str = 'd'\n"),
    case("33 ConfigDict", "class S(BaseSettings):\n    model_config = ConfigDict(env_prefix='X_')\n    a: str = 'd'\n"),
    case(
        "34 class keywords beat model_config",
        "class S(BaseSettings, env_prefix='X_'):\n    model_config = SettingsConfigDict(env_prefix='M_')\n    a: str = 'd'\n",
    ),
    case(
        "35 class Config beside an empty model_config",
        "class S(BaseSettings):\n    model_config = {}\n    a: str = 'd'\n    class Config:\n        env_prefix = 'X_'\n",
    ),
    case("35 class Config", "class S(BaseSettings):\n    a: str = 'd'\n    class Config:\n        env_prefix = 'X_'\n"),
    case("36 env= is ignored", "class S(BaseSettings):\n    a: str = Field('d', env='OTHER')\n", "OTHER"),
    case(
        "37 mixins",
        "class M(BaseModel):\n    m: str\n\nclass P:\n    p: str = 'd'\n\n"
        "class S(M, P, BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='S_')\n    s: str\n",
    ),
    case(
        "38 redeclared",
        "class B(BaseSettings):\n    a: str = Field('d', alias='OLD')\n    b: str = 'd'\n\n"
        "class S(B):\n    a: str = 'e'\n    b: str\n",
    ),
    case("40 assigned later", "class S(BaseSettings):\n    a: str\n    b: str\n    a = 'x'\n"),
    case(
        "41 annotated twice",
        "class S(BaseSettings):\n    a: str = Field('d', alias='ONE')\n    a: int = Field(1, alias='TWO')\n",
    ),
    case(
        "42 alias in Annotated",
        "Sec = Annotated[str, Field(validation_alias='VIA')]\nOther = Annotated[Sec, 'x']\n\n"
        "class S(BaseSettings):\n    a: Annotated[str, Field(validation_alias='X')] = 'd'\n    b: Sec = 'd'\n",
    ),
    case(
        "42 required through an alias",
        "Sec = Annotated[str, Field(validation_alias='VIA')]\nOther = Annotated[Sec, 'x']\n\n"
        "class S(BaseSettings):\n    c: Other\n",
    ),
    case(
        "43 44 several Fields",
        "class S(BaseSettings):\n    a: Annotated[str, Field(validation_alias='B1')] = Field('d', validation_alias='B2')\n"
        "    b: Annotated[str, Field(validation_alias='D1'), Field(validation_alias='D2')] = 'd'\n"
        "    c: Annotated[str, Field(validation_alias='KEPT')] = Field('d', description='x')\n",
    ),
    case(
        "45 alias within Optional",
        "class S(BaseSettings):\n    a: Optional[Annotated[str, Field(validation_alias='INNER')]] = 'd'\n",
    ),
    case("46 default in Annotated", "class S(BaseSettings):\n    a: Annotated[Optional[str], Field(default='cd')]\n"),
    case(
        "47 what is no field",
        "class S(BaseSettings):\n    '''Required:\n        database_url: the url\n    '''\n"
        "    A: ClassVar[str] = 'x'\n    _x: int = 1\n    _y: str = PrivateAttr('z')\n    c: str = 'd'\n"
        "    @property\n    def p(self) -> str:\n        pairs: dict[str, str] = {}\n        return ''\n"
        "    @computed_field\n    @property\n    def q(self) -> str: return ''\n"
        "    class Inner:\n        z: str = 'd'\n"
        "    @field_validator('c')\n    def check(cls, v): return v\n",
    ),
    case("48 Final", "class S(BaseSettings):\n    a: Final[str] = 'd'\n    b: Final[str]\n    c: Final = 'x'\n"),
    case(
        "50 required",
        "from pydantic_core import PydanticUndefined\nclass S(BaseSettings):\n    a: Optional[str]\n    b: str = ...\n"
        "    c: str = Field()\n    d: str = Field(...)\n    e: str = Field(default=...)\n    f: str = Field(description='x')\n"
        "    g: str = PydanticUndefined\n    h: int | None\n",
    ),
    case(
        "51 not required",
        "class S(BaseSettings):\n    a: Optional[str] = Field(None)\n    b: str = Field('d')\n    c: Optional[str] = Field(default=None)\n"
        "    d: list[str] = Field(default_factory=list)\n",
    ),
    case(
        "52 conditions",
        "TYPE_CHECKING = False\nclass S(BaseSettings):\n    if TYPE_CHECKING:\n        T: int = 1\n    else:\n        u: int = 1\n"
        "    if sys.platform != 'none':\n        k: str = 'd'\n    try:\n        t: str = 'd'\n    except ValueError:\n        pass\n",
    ),
    case(
        "53 constants",
        "CON = 'CONST'\nPFX = 'P_'\nclass Names:\n    A = 'FROM_CLASS'\n\n"
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix=f'{PFX}X_')\n    _own = 'OWN'\n"
        "    a: str = Field('d', validation_alias=CON)\n    b: str = Field('d', validation_alias='CON' 'CAT')\n"
        "    c: str = Field('d', validation_alias=f'{PFX}C')\n    d: str = Field('d', validation_alias=PFX + 'D')\n"
        "    e: str = Field('d', validation_alias=Names.A)\n    f: str = Field('d', validation_alias=_own)\n"
        "    g: str = Field('d', validation_alias='low'.upper())\n    h: str = 'd'\n",
    ),
    case(
        "54 alias generators",
        "def gen(name: str) -> str:\n    '''A name.'''\n    return 'G_' + name.upper()\n\n"
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='P_', alias_generator=gen)\n"
        "    a: str = 'd'\n    b: str = Field('d', alias='B2')\n\n"
        "class L(BaseSettings):\n    model_config = SettingsConfigDict(alias_generator=lambda n: f'L_{n}')\n    a: str = 'd'\n\n"
        "class U(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='P_', alias_generator=str.upper)\n    a_b: str = 'd'\n\n"
        "class A(BaseSettings):\n    model_config = SettingsConfigDict(alias_generator=AliasGenerator(validation_alias=lambda n: 'V' + n))\n"
        "    a: str = 'd'\n\n"
        "from pydantic.alias_generators import to_camel\n"
        "class C(BaseSettings):\n    model_config = SettingsConfigDict(alias_generator=to_camel)\n    some_name: str = 'd'\n",
    ),
    case(
        "64 no environment",
        "class S(BaseSettings):\n    a: str = 'd'\n"
        "    @classmethod\n    def settings_customise_sources(cls, settings_cls, init_settings, env_settings, dotenv_settings, file_secret_settings):\n"
        "        return (init_settings,)\n",
    ),
    case(
        "64 the environment first",
        "class S(BaseSettings):\n    a: str = 'd'\n"
        "    @classmethod\n    def settings_customise_sources(cls, settings_cls, init_settings, env_settings, dotenv_settings, file_secret_settings):\n"
        "        return env_settings, init_settings\n",
    ),
    case(
        "66 generic base and module names",
        "import pydantic as p\nimport pydantic_settings as ps\nT = TypeVar('T')\n\n"
        "class B(ps.BaseSettings, Generic[T]):\n    x: T\n    y: str = p.Field('d', validation_alias=p.AliasChoices('Y1'))\n\n"
        "class S(B[int]):\n    z: str = 'd'\n",
    ),
    case(
        "67 two fields, one variable",
        "class S(BaseSettings):\n    a: str = Field('d', alias='K')\n    b: str = Field('d', alias='K')\n",
    ),
    case(
        "68 excluded fields",
        "class S(BaseSettings):\n    a: str = Field('d', exclude=True)\n    b: str = Field('d', deprecated=True)\n",
    ),
    case("69 odd names", "class S(BaseSettings):\n    a: str = Field('d', alias='MY-KEY.x')\n"),
    case(
        "strings as annotations",
        "class S(BaseSettings):\n    a: \"Annotated[str, Field(validation_alias='X')]\" = 'd'\n    b: 'int'\n",
    ),
    case(
        "a helper that returns Field",
        "def secret(alias, default=None, *, vault=True):\n    return Field(default=default, validation_alias=alias, json_schema_extra={'vault': vault})\n\n"
        "class S(BaseSettings):\n    a: str = secret('HELPED', 'd')\n    b: str = secret(alias='OTHER', default=...)\n",
    ),
    case(
        "a helper that cannot be followed",
        "def secret(n):\n    if n:\n        return Field('d', validation_alias=n)\n    return Field('e')\n\nclass S(BaseSettings):\n    a: str = secret('X')\n",
        unresolved=("a",),
    ),
    case(
        "aliases from the environment",
        "class S(BaseSettings):\n    a: str = Field('d', validation_alias=os.environ.get('N', 'X'))\n    b: str = 'd'\n",
        unresolved=("a",),
    ),
    case(
        "a constant that changes",
        "K = 'ONE'\nif sys.argv:\n    K = 'TWO'\nclass S(BaseSettings):\n    a: str = Field('d', validation_alias=K)\n",
        unresolved=("a",),
    ),
    case(
        "other modules, absolute, relative and through a package",
        "from app.base import Base as B\nfrom .names import KEY\nfrom app import names as n\n"
        "class S(B):\n    a: str = Field('d', validation_alias=KEY)\n    b: str = Field('d', validation_alias=n.OTHER)\n",
        modules={
            "app.mixin": HEAD + "class Mixin(BaseModel):\n    mixed: str = 'd'\n",
            "app.base": HEAD + "from app.mixin import *\n\nclass Base(Mixin, BaseSettings):\n"
            "    model_config = SettingsConfigDict(env_prefix='BASE_')\n    inherited: str\n",
            "app.names": "KEY = 'FROM_NAMES'\nOTHER = KEY + '_2'\n",
        },
    ),
    case(
        "several classes",
        "class Db(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='DB_')\n    url: str\n\n"
        "class Web(BaseSettings):\n    port: int = 80\n",
    ),
    case("the call's own prefix", "class S(BaseSettings):\n    a: str = 'd'\n\nclass T(S):\n    b: str = 'd'\n"),
    case(
        "a field that becomes a class variable",
        "class B(BaseSettings):\n    a: str = 'd'\n    b: str = 'd'\n\nclass S(B):\n    a: ClassVar[str] = 'x'\n",
    ),
    case(
        "a class inside a function",
        "PRE = 'PRE_'\ndef make(alias='unknown'):\n    from pydantic_settings import BaseSettings as Base\n    KEY = 'LOCAL'\n"
        "    class Parent(Base):\n        model_config = SettingsConfigDict(env_prefix=PRE)\n        p: str\n"
        "    class S(Parent):\n        a: str = Field('d', validation_alias=KEY)\n        b: str = Field('d', validation_alias=alias)\n"
        "    return S\nS = make()\n",
        unresolved=("b",),
    ),
    case("secrets", "class S(BaseSettings):\n    a: SecretStr = SecretStr('x')\n    b: SecretStr\n"),
    case(
        "diamond",
        "class A(BaseSettings):\n    x: str = Field('a', alias='XA')\n\nclass B(A):\n    x: str = Field('b', alias='XB')\n\n"
        "class C(A):\n    y: str = 'd'\n\nclass S(B, C):\n    z: str\n",
    ),
]
