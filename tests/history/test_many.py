"""Many repositories: each judged by itself, none lost or double, a failed one reported and the rest finished."""

from __future__ import annotations

import csv
import io
import os
import signal
import sys

import pytest
from cloudpickle import register_pickle_by_value
from distributed import LocalCluster

from building import Commit, bare, git, write_history
from fr_check.history import cluster, many, worker
from fr_check.history.run import Asked
from histories import CONFIG, UPSTREAM, commit, pointers, repository, settings, with_submodule
from running import run

EXAMPLE = {".env.example": "DEBUG=false\n"}


def small(directory, count):
    """Bare repositories of two commits each; in every third something is undocumented."""
    files = {CONFIG: settings(), **EXAMPLE}
    paths = []
    for number in range(count):
        path = bare(directory / f"r{number}.git")
        broken = {CONFIG: settings("mail_host")} if number % 3 == 0 else {"x": "x\n"}
        write_history(path, [Commit("1", "main", files), Commit("2", "main", broken)])
        paths.append(os.fspath(path))
    return paths


def listed(directory, names):
    path = directory / "list.txt"
    path.write_text("# ours\n\n" + "\n".join(names) + "\n")
    return path


def test_folders_and_addresses(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    local, _ = repository(tmp_path / "local", [commit("1", 1, {CONFIG: settings("mail_host"), **EXAMPLE})])
    top, _ = with_submodule(tmp_path / "remote", UPSTREAM, pointers(("u2", 4), ("u3", 5), ("u1", 6)))
    url = (tmp_path / "infra-parent").as_uri()
    del url
    origin = (top.parent / "origin.git").as_uri()
    names = [os.fspath(local), origin, os.fspath(tmp_path / "nowhere"), (tmp_path / "gone.git").as_uri()]
    done = run(
        "history", "--repositories", listed(tmp_path, names), "--clones", tmp_path / "clones", "--format", "json"
    )
    assert done.status == 1
    found = {one["name"]: one for one in done.json()["repositories"]}
    assert list(found) == names
    assert [one["rule"] for one in found[names[1]]["history"]["events"]] == ["rewound-pointer"]
    assert not found[names[1]]["history"]["judged"]["partly"]
    assert [one["subject"] for one in found[names[0]]["history"]["episodes"] if one["severity"] == "error"] == [
        "MAIL_HOST"
    ]
    assert "is not a folder" in found[names[2]]["failed"]
    assert "cannot be fetched" in found[names[3]]["failed"]
    again = run(
        "history", "--repositories", listed(tmp_path, names[:2]), "--clones", tmp_path / "clones", "--format", "json"
    )
    assert again.status == 0
    assert again.json()["repositories"][1] == found[names[1]]


def test_the_summary_in_every_format(tmp_path):
    names = small(tmp_path, 4)
    path = listed(tmp_path, [*names, "nowhere"])
    text = run("history", "--repositories", path, "--select", "undocumented-setting")
    assert text.status == 1
    assert "4 of 5 repositories" in text.stdout
    assert "failed nowhere: " in text.stdout
    written = run("history", "--repositories", path, "--select", "undocumented-setting", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [(row["commits"], row["open"]) for row in rows[:4]] == [("2", "1"), ("2", "0"), ("2", "0"), ("2", "1")]
    assert rows[4]["failed"]
    page = run("history", "--repositories", path, "--select", "undocumented-setting", "--format", "html").stdout
    assert "default-src 'none'" in page
    assert page.count("<tr>") == 6


def test_a_cell_is_no_formula(tmp_path):
    results = [many.Result("=HYPERLINK(1)", None, "+1")]
    (_, row) = csv.reader(io.StringIO(many.render(results, "csv")))
    assert (row[0], row[-1]) == ("'=HYPERLINK(1)", "'+1")
    assert tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scheduler", "tcp://x:1"), "--repositories"),
        (("--format", "csv"), "--repositories"),
        ((".", "--repositories", "LIST"), "exclude each other"),
        (("--repositories", "EMPTY"), "names no repository"),
    ],
)
def test_misuse(tmp_path, arguments, said):
    (tmp_path / "EMPTY").write_text("# none\n")
    path = listed(tmp_path, ["x"])
    places = {"LIST": path, "EMPTY": tmp_path / "EMPTY"}
    done = run("history", *(places.get(argument, argument) for argument in arguments))
    assert done.status == 2
    assert said in done.stderr


@pytest.fixture(scope="module")
def dask():
    """A cluster of three processes on this machine."""
    register_pickle_by_value(sys.modules[__name__])
    with LocalCluster(n_workers=3, threads_per_worker=1, processes=True, dashboard_address=":0") as local:
        local.scheduler.allowed_failures = 1
        yield local


ASKED = Asked(select=("undocumented-setting", "lowered-threshold"), store=False, jobs=1)


def by_name(names, scheduler=None):
    results = list(many.all_of(names, ASKED, None, scheduler, lambda _: None))
    assert [result.name for result in results] == list(names)
    return {result.name: (result.told and result.told._replace(repository=""), result.failure) for result in results}


def test_a_cluster_finds_what_one_machine_does(tmp_path, dask):
    names = [*small(tmp_path, 6), os.fspath(tmp_path / "nowhere")]
    assert by_name(names, dask.scheduler_address) == by_name(names)


def test_two_hundred_repositories_and_a_worker_that_is_killed(tmp_path, dask, monkeypatch):
    names = small(tmp_path, 200)
    real = cluster.Cluster._parts
    killed = []

    def parts(self, prepared):
        for count, part in enumerate(real(self, prepared)):
            if count == 20:
                victim = next(iter(dask.workers.values()))
                os.kill(victim.pid, signal.SIGKILL)
                killed.append(victim.pid)
            yield part

    monkeypatch.setattr(cluster.Cluster, "_parts", parts)
    found = by_name(names, dask.scheduler_address)
    assert killed
    assert len(found) == 200
    opened = [name for name, (told, _) in found.items() if told and told.story.at_least("error")]
    assert opened == names[::3]
    assert not [name for name, (told, failure) in found.items() if failure or told.story.partly]


def test_a_commit_that_kills_each_worker_is_not_judged_and_no_other_suffers(tmp_path, dask, monkeypatch):
    top, marks = repository(
        tmp_path, [commit(str(at), 1 + at, {CONFIG: settings(f"key_{at}"), **EXAMPLE}) for at in range(2)]
    )
    poison = marks["1"]
    monkeypatch.setattr(cluster, "judged", Poisoned(poison))
    (told, failure) = by_name([os.fspath(top)], dask.scheduler_address)[os.fspath(top)]
    assert failure is None
    assert [point.commit for point, _ in told.story.partly] == [poison]
    assert len(told.story.line.points) == 2


class Poisoned:
    """Judges, and dies of one commit."""

    def __init__(self, commit: str) -> None:
        self.commit = commit

    def __call__(self, path, points, task) -> object:
        if any(name == self.commit for name, _ in points):
            os.kill(os.getpid(), signal.SIGKILL)
        session = cluster.Session(worker.open_layout(path), task)
        try:
            return worker.judged(session, points)
        finally:
            session.close()


def test_a_worker_with_another_program_is_refused(dask, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "program", Other())
    path = listed(tmp_path, small(tmp_path, 1))
    done = run("history", "--repositories", path, "--scheduler", dask.scheduler_address)
    assert done.status == 2
    assert "another fr-check" in done.stderr


class Other:
    """Another answer in each process."""

    def __call__(self) -> str:
        return str(os.getpid())


def test_a_scheduler_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_TIMEOUT", 0.5)
    path = listed(tmp_path, small(tmp_path, 1))
    done = run("history", "--repositories", path, "--scheduler", "tcp://127.0.0.1:9")
    assert done.status == 2
    assert "no scheduler answers" in done.stderr


def test_the_clone_of_an_address_names_its_default_branch(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    path = bare(tmp_path / "up.git")
    write_history(path, [Commit("1", "trunk", {"x": "x\n"})])
    git(path, "symbolic-ref", "HEAD", "refs/heads/trunk")
    kept = tmp_path / "clones"
    done = run("history", "--repositories", listed(tmp_path, [path.as_uri()]), "--clones", kept, "--format", "json")
    assert done.status == 0
    (clone,) = kept.iterdir()
    assert git(clone, "symbolic-ref", "refs/remotes/origin/HEAD") == "refs/remotes/origin/trunk"
