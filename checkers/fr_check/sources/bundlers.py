"""What bundles frontends: the packages that tell of it, the commands that build, the variables that go into the page.

Sources: the guides on environment variables of Next.js, Vite, Astro, SvelteKit, Nuxt, Create React App, Gatsby,
Vue CLI, Expo, Rsbuild and ngx-env; of webpack, Rspack and Angular, which put no variable into the page by its name
alone, and of Parcel, which asks for no beginning.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Bundler(NamedTuple):
    """One bundler, or the framework around one.

    `packages` are the dependencies that tell of it, `prefixes` the beginnings of the variables that it puts into the
    page. `commands` are the subcommands that build, by program. `configs` are the beginnings of the names of its
    configuration files, `pages` files and folders that only a frontend of this kind has. `files` are the files of
    variables that a production build reads, strongest first; `{}` stands for the mode.
    """

    packages: tuple[str, ...]
    prefixes: tuple[str, ...]
    commands: Mapping[str, tuple[str, ...]]
    configs: tuple[str, ...]
    pages: tuple[str, ...]
    files: tuple[str, ...]
    label: str = "the bundler"


_MODES = (".env.{}.local", ".env.{}", ".env.local", ".env")
# Next.js and Create React App prefer what is local to what a mode says.
_LOCAL_FIRST = (".env.{}.local", ".env.local", ".env.{}", ".env")
_BUILD = ("build",)

NEXT = Bundler(
    ("next",),
    ("NEXT_PUBLIC_",),
    {
        "next": ("build", "experimental-compile"),
        "opennextjs-cloudflare": _BUILD,
        "open-next": _BUILD,
        "next-on-pages": ("",),
    },
    ("next.config.",),
    ("app", "pages", "src/app", "src/pages"),
    _LOCAL_FIRST,
    "Next.js",
)
NUXT = Bundler(
    ("nuxt", "nuxt3", "nuxt-nightly"),
    ("NUXT_PUBLIC_", "VITE_"),
    {"nuxt": ("build", "generate"), "nuxi": ("build", "generate")},
    ("nuxt.config.",),
    (),
    (".env",),
    "Nuxt",
)
ASTRO = Bundler(("astro",), ("PUBLIC_",), {"astro": _BUILD}, ("astro.config.",), (), _MODES, "Astro")
SVELTEKIT = Bundler(
    ("@sveltejs/kit",),
    ("PUBLIC_", "VITE_"),
    {"vite": _BUILD, "svelte-kit": _BUILD},
    ("svelte.config.",),
    (),
    _MODES,
    "SvelteKit",
)
GATSBY = Bundler(("gatsby",), ("GATSBY_",), {"gatsby": _BUILD}, ("gatsby-config.",), (), (".env.{}", ".env"), "Gatsby")
EXPO = Bundler(
    ("expo",),
    ("EXPO_PUBLIC_",),
    {"expo": ("export",), "eas": _BUILD},
    ("app.config.", "app.json", "metro.config."),
    (),
    _LOCAL_FIRST,
    "Expo",
)
CREATE_REACT_APP = Bundler(
    # `react-dev-utils` is what an ejected one keeps.
    ("react-scripts", "@craco/craco", "react-app-rewired", "react-dev-utils"),
    ("REACT_APP_",),
    {"react-scripts": _BUILD, "craco": _BUILD, "react-app-rewired": _BUILD},
    ("craco.config.", "config-overrides."),
    ("public/index.html",),
    _LOCAL_FIRST,
    "Create React App",
)
VUE_CLI = Bundler(
    ("@vue/cli-service",),
    ("VUE_APP_",),
    {"vue-cli-service": _BUILD},
    ("vue.config.",),
    ("public/index.html",),
    _MODES,
    "Vue CLI",
)
RSBUILD = Bundler(("@rsbuild/core",), ("PUBLIC_",), {"rsbuild": _BUILD}, ("rsbuild.config.",), (), _MODES, "Rsbuild")
ANGULAR = Bundler(("@ngx-env/builder",), ("NG_APP_",), {"ng": _BUILD}, ("angular.json",), (), _LOCAL_FIRST, "ngx-env")
# Last: most of the others bring Vite along.
VITE = Bundler(
    ("vite", "rolldown-vite"),
    ("VITE_",),
    {
        "vite": _BUILD,
        "vitepress": _BUILD,
        "electron-vite": _BUILD,
        "react-router": _BUILD,
        "remix": ("vite:build",),
        "vinxi": _BUILD,
        "vike": _BUILD,
        "vue-cli-service": _BUILD,
        "quasar": _BUILD,
        "ng": _BUILD,
    },
    ("vite.config.",),
    ("index.html",),
    _MODES,
    "Vite",
)
ANGULAR_CLI = Bundler(
    ("@angular/cli", "@angular/build", "@angular-devkit/build-angular"),
    (),
    {"ng": _BUILD},
    ("angular.json",),
    (),
    (),
    "Angular",
)
WEBPACK = Bundler(
    ("webpack",),
    (),
    {"webpack": ("",), "webpack-cli": ("",)},
    ("webpack.",),
    (),
    (),
    "webpack",
)
# https://rspack.rs/plugins/webpack/define-plugin: its configuration names what goes into the page, as webpack's does.
RSPACK = Bundler(
    ("@rspack/core", "@rspack/cli"),
    (),
    {"rspack": _BUILD},
    ("rspack.config.",),
    (),
    (),
    "Rspack",
)
# https://parceljs.org/features/node-emulation/: any `process.env.NAME` is replaced: no name tells which is public.
PARCEL = Bundler(
    ("parcel", "parcel-bundler"),
    (),
    {"parcel": _BUILD},
    (".parcelrc",),
    ("index.html", "src/index.html"),
    (),
    "Parcel",
)
ALL = (
    *(NEXT, NUXT, ASTRO, SVELTEKIT, GATSBY, EXPO, CREATE_REACT_APP, VUE_CLI, RSBUILD, ANGULAR, VITE),
    *(ANGULAR_CLI, RSPACK, PARCEL, WEBPACK),
)
PLAIN = (VITE, ANGULAR_CLI, RSPACK, PARCEL, WEBPACK)
"""What others bring along: they count where none of those builds the package."""

PREFIXES = tuple(dict.fromkeys(prefix for bundler in ALL for prefix in bundler.prefixes if prefix != "PUBLIC_"))
"""The prefixes that make a variable public whoever reads it; `PUBLIC_` alone may begin the name of any."""
COMMANDS: dict[str, tuple[str, ...]] = {}
"""The subcommands that build, by program, of all bundlers."""
for _bundler in ALL:
    for _program, _words in _bundler.commands.items():
        COMMANDS[_program] = tuple(dict.fromkeys((*COMMANDS.get(_program, ()), *_words)))

# `envPrefix: "APP_"`, `envPrefix: ["VITE_", "APP_"]`: https://vite.dev/config/shared-options#envprefix.
_ENV_PREFIX = pattern(r"\b(?:envPrefix|publicPrefix)\s*:\s*(\[[^\]]*\]|[\"'][^\"'\n]*[\"'])")
_STRING = pattern(r"[\"']([^\"'\n]+)[\"']")
_LIBRARY = pattern(r"\blib\s*:\s*\{")
_COMMENT = pattern(r"(?:^|\s)//[^\n]*|/\*(?s:.*?)\*/")


def with_packages(packages: frozenset[str]) -> tuple[Bundler, ...]:
    """The bundlers that one of the packages tells of, the most telling first."""
    return tuple(bundler for bundler in ALL if not packages.isdisjoint(bundler.packages))


def runs(script: str, bundlers: Iterable[Bundler]) -> bool:
    """Whether a package script has the words of a command that builds with one of the bundlers."""
    words = script.split()
    return any(program in words for bundler in bundlers for program in bundler.commands)


def configured_prefixes(config: str) -> tuple[str, ...]:
    """The prefixes that a configuration of Vite or SvelteKit names; none where it says nothing, or computes them."""
    found = _ENV_PREFIX.search(_COMMENT.sub(" ", config)) if "Prefix" in config else None
    return tuple(_STRING.findall(found[1])) if found else ()


def is_library(config: str) -> bool:
    """Whether a configuration of Vite builds a library (`build.lib`)."""
    return "lib" in config and _LIBRARY.search(_COMMENT.sub(" ", config)) is not None
