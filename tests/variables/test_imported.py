"""What of a Python file opens its imports: pieces that are looked for first hide nothing from the expressions."""

from __future__ import annotations

import pytest

from fr_check.core.text import Text
from fr_check.variables import imported

_OPENING = (
    *("importlib.import_module(a)", "import_module(a)", "__import__(a)", "import_string(a)", "load_module(a)"),
    *("find_spec(a)", "pkgutil.walk_packages()", "runpy.run_path(a)", "entry_points()", "pkg.iter_entry_points(a)"),
    *("stevedore", "app.autodiscover_tasks()", "autodiscover()", "exec(a)", "execfile(a)", "eval(a)", "a = eval"),
    *("subprocess.run(a)", "os.system(a)", "os.popen(a)", "os.execvp(a)", "os.spawnl(a)", "create_subprocess_shell(a)"),
    *("INSTALLED_APPS = a", "DJANGO_SETTINGS_MODULE", "sys.path.append(a)"),
    *("Celery(include=['a'])", "imports = ('a',)", "plugins=[a]", "extensions = 'a'"),
)
_KNOWN = (
    *("session.execute(a)", "executor", "retrieval", "evaluate()", "my_exec(a)", "os.stat(a)", "reimports = ['a']"),
    *("include_router(a)", "include = a", "plugins", "important_"),
)


@pytest.mark.parametrize("line", _OPENING)
def test_what_opens_is_seen_wherever_it_stands(line: str):
    for source in (line, f"import a\n    {line}\n", f"x.execute(a)\nretrieval_\n{line}"):
        assert not imported._statements(Text(source, "a.py"))[1]


@pytest.mark.parametrize("line", _KNOWN)
def test_what_only_looks_like_it_does_not(line: str):
    assert imported._statements(Text(f"import a\n{line}\n", "a.py"))[1]


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ('run("app.main:app")', "app.main"),
        ("run('main:create_app()', reload=True)", "main"),
        ('wsgi_app = "a.b:wsgi"', "a.b"),
        ('{"a":"b"}', None),
        ("x['a']: 'app'", None),
    ],
)
def test_an_application_that_is_named_is_imported(line: str, module: str | None):
    (statements, _), _ = imported._statements(Text(f"import os\n{line}\n", "a.py"))
    assert {name for name, *_ in statements} - {"os"} == ({module} if module else set())
