"""Environment reads in JavaScript and TypeScript."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.javascript import optional_keys, parse, role
from fr_check.sources.javascript.tokens import NAME, REGEX, STRING, TEMPLATE, tokenize


def _reads(string, path="src/a.tsx"):
    return [(read.name, read.kind, read.inlined) for read in parse(Text(string, path)).reads]


@pytest.mark.parametrize(
    ("string", "kind", "inlined"),
    [
        ("process.env.X", "dotted", "yes"),
        ("process\n  .env // c\n  .X", "dotted", "yes"),
        ("process /* a */ . /* b */ env . X", "dotted", "yes"),
        ("`a ${process.env.X} b`", "dotted", "yes"),
        ("`a ${`b ${process.env.X}`}`", "dotted", "yes"),
        ("<a href={process.env.X}>don't {`}`} /* x */</a>", "dotted", "yes"),
        ("(process.env as any).X", "dotted", "yes"),
        ("(process.env).X", "dotted", "yes"),
        ("return ((process.env)).X", "dotted", "yes"),
        ("(process.env)['X']", "bracketed", "maybe"),
        ("process.env!.X", "dotted", "yes"),
        ("process.env.X!", "dotted", "yes"),
        ("process.env.X ||= 'a'", "dotted", "yes"),
        ("process.env.X === 'a'", "dotted", "yes"),
        ("process.env?.X", "dotted", "maybe"),
        ("process?.env.X", "dotted", "no"),
        ("globalThis.process.env.X", "dotted", "no"),
        ("process.env['X']", "bracketed", "maybe"),
        ('process.env["X"]', "bracketed", "maybe"),
        ("process.env[`X`]", "bracketed", "maybe"),
        ("process.env?.['X']", "bracketed", "maybe"),
        ("process['env'].X", "dotted", "no"),
        ("'X' in process.env", "tested", "no"),
        ("const { X } = process.env", "destructured", "no"),
        ("const { X: y = 'd', } = process.env;", "destructured", "no"),
        ("const { X }: { X?: string } = process.env", "destructured", "no"),
        ("const { env: { X } } = process", "destructured", "no"),
        ("function f({ X } = process.env) {}", "destructured", "no"),
        ("const env = process.env; env.X", "aliased", "no"),
        ("const env = process.env as Env; env['X']", "aliased", "no"),
        ("function f(env: Record<string, string | undefined> = process.env) { return env.X?.trim() }", "aliased", "no"),
        ("function f(env: { X?: string; Y?: string } = process.env) { return env.X }", "aliased", "no"),
        ("const { env } = process; env.X", "aliased", "no"),
        ("const { env: e } = process; e.X", "aliased", "no"),
        ("import { env } from 'node:process'; env.X", "aliased", "no"),
        ("const { env } = require('process'); env.X", "aliased", "no"),
        ("const env = process.env; const { X } = env", "destructured", "no"),
        ("import.meta.env.X", "dotted", "yes"),
        ("import.meta.env['X']", "bracketed", "maybe"),
        ("const { X } = import.meta.env", "destructured", "maybe"),
    ],
)
def test_reads(string, kind, inlined):
    assert _reads(string) == [("X", kind, inlined)]


@pytest.mark.parametrize(
    "string",
    [
        "// process.env.X",
        "/* process.env.X */",
        "'process.env.X'",
        "`process.env.X`",
        "`\\${process.env.X}`",
        "/process.env.X/",
        "<a>process.env.X</a>",
        "<a>{/* process.env.X */}</a>",
        "<a title='process.env.X'/>",
        "<a>it's process.env.X</a>",
        "({ NEXT_PUBLIC_X: endpoint })",
        "foo.process.env.X",
        "process.env.X = '1'",
        "delete process.env.X",
        "process.envs.X",
        "processs.env.X",
        "const env = other; env.X",
        "interface ProcessEnv { X: string }",
    ],
)
def test_no_reads(string):
    assert _reads(string) == []


@pytest.mark.parametrize(
    ("string", "kind"),
    [
        ("process.env[name]", "dynamic"),
        ("process.env[`A_${x}`]", "dynamic"),
        ("f(process.env)", "whole"),
        ("({ ...process.env })", "whole"),
        ("schema.parse(process.env)", "whole"),
        ("const { [x]: y } = process.env", "dynamic"),
        ("const env = process.env; env[x]", "dynamic"),
    ],
)
def test_reads_without_a_name(string, kind):
    read = parse(Text(string, "a.ts"))
    assert [(r.name, r.kind) for r in read.reads] == [(None, kind)]
    assert read.dynamic == 1


def test_several_in_a_pattern():
    string = "const { A, B: b, 'C': c = f(1, 2), D: { x }, ...rest } = process.env; rest.E"
    assert [name for name, _, _ in _reads(string)] == ["A", "B", "C", "D", "E"]


def test_places():
    text = Text('const a = 1;\n  const b = process\n    .env["LONG"] ?? "";\n', "a.ts")
    (read,) = parse(text).reads
    assert read.span == (3, 10, 3, 16)
    assert read.whole == (2, 13, 3, 17)
    (read,) = parse(Text("x(process.env.AB)", "a.ts")).reads
    assert (read.span, read.whole) == ((1, 15, 1, 17), (1, 3, 1, 17))


@pytest.mark.parametrize(
    "string",
    [
        "a = b / c; process.env.X / d",
        "const f = <T,>(x: T) => x; process.env.X",
        "const f = <T extends U>(x: T): Array<T> => [x]; process.env.X",
        "type F = <T>(x: T) => void; process.env.X",
        "const f = async <T,>(x: Map<string, T>) => a < b && c > d; process.env.X",
        "if (a) /[`'\"/]/.test(b); process.env.X",
        "x = a++ / 2 / `${1}`.length; process.env.X",
        "return <><A b={c => c > 1} d='>'/>text {x ? <i/> : null} <B.C {...p}>`</B.C></>, process.env.X",
        "<List<Item> items={i}>{'}'}</List>; process.env.X",
        "const s = '\\'' + \"\\\"\" + `\\``; process.env.X",
        "if (x) {}\n/a`/.test(y)\nprocess.env.X",
        "x = y ? /`/ : /'/; process.env.X",
        "for (const a of /x`/.exec(b)) {} process.env.X",
        "class A<T> { b = <T,>(x: T) => x; #c = 1; @d() e() {} } process.env.X",
        "if (a < b) {} if (c > d) {} process.env.X",
        "#!/usr/bin/env node\nprocess.env.X",
    ],
)
def test_reads_behind_what_is_hard_to_read(string):
    assert [name for name, _, _ in _reads(string)] == ["X"]


def test_plain_typescript_has_no_elements():
    assert [name for name, _, _ in _reads("const a = <any>b; process.env.X", "a.ts")] == ["X"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/app/page.tsx", "source"),
        ("src/__tests__/api.ts", "test"),
        ("src/api.test.ts", "test"),
        ("src/api.spec.jsx", "test"),
        ("e2e/login.ts", "test"),
        ("src/api.servertest.ts", "test"),
        ("src/a.stories.tsx", "story"),
        ("next.config.mjs", "config"),
        ("vite.config.ts", "config"),
        ("playwright.config.ts", "tooling"),
        ("vitest.config.mts", "tooling"),
        ("next-env.d.ts", "declaration"),
        ("src/latest.ts", "source"),
        ("src/contest/page.tsx", "source"),
    ],
)
def test_roles(path, expected):
    assert role(path) == expected


@pytest.mark.parametrize(
    ("string", "path", "client", "server"),
    [
        ("'use client'\nx", "a.tsx", True, False),
        ('// note\n/* b */\n"use server";', "a.ts", False, True),
        ("'use strict'; 'use client'", "a.js", True, False),
        ("x; 'use client'", "a.js", False, False),
        ("import 'server-only'", "a.ts", False, True),
        ("export const GET = 1", "src/app/api/x/route.ts", False, True),
        ("x", "src/pages/api/x.ts", False, True),
        ("x", "src/middleware.ts", False, True),
    ],
)
def test_where_it_runs(string, path, client, server):
    read = parse(Text(string, path))
    assert (read.client, read.server) == (client, server)


def test_next_config():
    string = "module.exports = { env: { A: process.env.B, 'C': f(1, 2), D }, images: { env: 1 } }"
    read = parse(Text(string, "apps/web/next.config.js"))
    assert [key.name for key in read.inlined_keys] == ["A", "C", "D"]
    assert read.names == {"B"}
    assert parse(Text(string, "apps/web/other.js")).inlined_keys == ()


def test_component_files():
    vue = "<template>{{ process.env.T }}</template>\n<script setup lang='ts'>\nimport.meta.env.VITE_A\n</script>\n"
    assert [(r.name, r.span.line) for r in parse(Text(vue, "a.vue")).reads] == [("VITE_A", 3)]
    astro = "---\nconst a = import.meta.env.PUBLIC_A\n---\n<p>process.env.X</p>\n"
    assert parse(Text(astro, "a.astro")).names == {"PUBLIC_A"}


def test_tokens():
    tokens = tokenize("a = /[/]/g / 1 + `b${c}d`; 'e'")
    assert tokens.texts == ["a", "=", "/[/]/g", "/", "1", "+", "`b${", "c", "}", "}d`", ";", "'e'"]
    assert [tokens.kinds[index] for index in (0, 2, 6, -1)] == [NAME, REGEX, TEMPLATE, STRING]


_PIECES = [
    "a",
    "b1",
    "'c'",
    '"d"',
    "`e`",
    "`f${g}h`",
    "/i/",
    "/[/]j/g",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "+",
    "/",
    "<",
    ">",
]
_PIECES += [
    "=>",
    "=",
    ";",
    ",",
    "?.",
    "++",
    "1",
    ".5",
    "return",
    "typeof",
    "if",
    "\n",
    " ",
    "// k\n",
    "/* l */",
    "!",
    "...",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_tokens_cover_the_text(string):
    for jsx in (False, True):
        tokens = tokenize(string, jsx=jsx)
        for text, start in zip(tokens.texts, tokens.starts, strict=True):
            assert string[start : start + len(text)] == text
        for index, partner in enumerate(tokens.match):
            assert partner < 0 or tokens.match[partner] == index


@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from([*_PIECES, "process", ".env", ".X", "<a>", "</a>", "<a ", "/>", "${", "`", "'"]),
            max_size=20,
        ).map("".join),
    )
)
def test_any_text_is_read(string):
    for path in ("a.tsx", "a.ts", "next.config.js", "a.vue"):
        text = Text("process.env.A;" + string, path)
        for read in parse(text).reads:
            assert read.whole[:2] <= read.span[:2] or read.kind == "destructured"


@pytest.mark.parametrize(
    "part",
    [
        "<a>",
        "<a>{",
        "<a ",
        "`${",
        "(",
        "{",
        "/[",
        "=/[",
        "<T>(x)=>",
        '"',
        "/*",
        "a<b>",
        "<a b='",
        "<a>{<b>}",
        "</a>",
        "process.env",
        "{env}=process",
        "const {",
    ],
)
def test_hostile_files_end(part):
    assert parse(Text("process.env.A\n;x=" + part * 30_000, "a.tsx")).reads


@pytest.mark.parametrize("part", ["<script>", "<script ", "</script>", "---\n", "/*"])
def test_hostile_component_files_end(part):
    assert parse(Text("<script>process.env.A\n</script>" + part * 50_000, "a.vue")).names == {"A"}


def test_a_large_file_is_read_in_one_pass():
    line = "function a(b,c){return b/c+`x${b}y`+d[0]&&/re/.test(b)?{a:1}:[2]};"
    tokens = tokenize(line * 5000 + "process.env.X")
    assert tokens.texts[-5:] == ["process", ".", "env", ".", "X"]
    assert len(tokens.texts) == 5000 * len(tokenize(line).texts) + 5


IMPORTS = {
    "sveltekit": ("import { PUBLIC_X } from '$env/static/public';", [("PUBLIC_X", "yes")]),
    "sveltekit-renamed": ('import { A, PUBLIC_X as x } from "$env/static/public"', [("A", "yes"), ("PUBLIC_X", "yes")]),
    "sveltekit-run-time": ("import { env } from '$env/dynamic/public'; env.PUBLIC_X;", [("PUBLIC_X", "no")]),
    "sveltekit-run-time-renamed": ("import { env as e } from '$env/dynamic/public'; e.X;", [("X", "no")]),
    "astro": ('import { PUBLIC_X } from "astro:env/client"', [("PUBLIC_X", "yes")]),
    "other-module": ("import { PUBLIC_X } from './env/static/public'", []),
    "whole-module": ("import * as env from '$env/static/public'", []),
}


@pytest.mark.parametrize(("string", "expected"), IMPORTS.values(), ids=IMPORTS.keys())
def test_modules_that_hand_out_variables(string, expected):
    assert [(read.name, read.inlined) for read in parse(Text(string, "src/a.ts")).reads] == expected


HANDLED_READS = {
    "fallback": ('const a = process.env.X || "d"', "handled"),
    "fallback-to-a-constant": ("const a = process.env.X ?? DEFAULT", "handled"),
    "empty-fallback": ('const a = process.env.X || ""', "empty"),
    "fallback-to-nothing": ("const a = process.env.X ?? undefined", "empty"),
    "fallback-to-the-own-machine": ('const a = process.env.X || "http://localhost:8000"', "local"),
    "fallback-to-a-port": ("const a = process.env.X ?? `http://127.0.0.1:${port}`", "local"),
    "held-with-another": ("const a = process.env.Y ?? process.env.X;\nif (a === undefined) stop();", "handled"),
    "vite-development": ("if (import.meta.env.DEV) { f(process.env.X) }", "development"),
    "development": ("if (process.env.NODE_ENV !== 'production') f(process.env.X);", "development"),
    "development-and-more": ("if (a && import.meta.env.DEV && b) { f(process.env.X) }", "development"),
    "development-or-more": ("if (import.meta.env.DEV || b) { f(process.env.X) }", ""),
    "development-in-front": ("const a = import.meta.env.DEV && process.env.X;", "development"),
    "development-held": (
        "const isDev = process.env.NODE_ENV === 'development';\nisDev && f(process.env.X);",
        "development",
    ),
    "development-chosen": ("const a = import.meta.env.DEV ? process.env.X : '/api';", "development"),
    "development-not-chosen": ("const a = import.meta.env.DEV ? '/api' : process.env.X;", ""),
    "production-not": ("if (!import.meta.env.PROD) { f(process.env.X) }", "development"),
    "production": ("if (import.meta.env.PROD) { f(process.env.X) }", ""),
    "not-development": ("if (!import.meta.env.DEV) { f(process.env.X) }", ""),
    "production-chosen": ("const a = import.meta.env.PROD ? '/api' : process.env.X;", "development"),
    "production-not-chosen": ("const a = import.meta.env.PROD ? process.env.X : '/api';", ""),
    "production-else": ("if (import.meta.env.PROD) { g() } else { f(process.env.X) }", "development"),
    "not-development-else": ("if (!import.meta.env.DEV) g(); else f(process.env.X);", "development"),
    "production-returns": (
        "function a() { if (process.env.NODE_ENV === 'production') return; f(process.env.X) }",
        "development",
    ),
    "production-returns-in-a-block": (
        "() => { if (import.meta.env.PROD) { return g() } f(process.env.X) }",
        "development",
    ),
    "production-returns-elsewhere": ("function a() { if (import.meta.env.PROD) return; } f(process.env.X)", ""),
    "production-goes-on": ("() => { if (import.meta.env.PROD) { g() } f(process.env.X) }", ""),
    "production-or-more": ("() => { if (import.meta.env.PROD || b) return; f(process.env.X) }", ""),
    "production-and-more": ("() => { if (b && import.meta.env.PROD) return; f(process.env.X) }", ""),
    "none": ("f(process.env.X)", ""),
    "asserted": ("f(process.env.X!)", ""),
    "in-brackets": ('const a = (process.env.X as string) || "d"', "handled"),
    "cast-to-several": ('const a = (process.env.X as string | undefined) ?? "d"', "handled"),
    "cast-alone": ("f(process.env.X as string | undefined)", ""),
    "satisfying": ('const a = process.env.X satisfies string || "d"', "handled"),
    "branch-with-a-fallback": ('const a = (typeof w !== "u" ? process.env.X : null) || "d"', "handled"),
    "other-branch-with-a-fallback": ("const a = (server() ? b() : process.env.X) ?? DEFAULT", "handled"),
    "branch-without": ('const a = (typeof w !== "u" ? process.env.X : null)', ""),
    "branch-handed-to-a-call": ('const a = f(b ? process.env.X : null) || "d"', ""),
    "number": ("const a = parseInt(process.env.X, 10) || 5", "handled"),
    "one-of-a-list": ("const a = ['1', 'on'].includes(process.env.X)", "handled"),
    "switched": ("switch (process.env.X) { case '1': f() }", "handled"),
    "comparison": ('const on = process.env.X === "true"', "handled"),
    "comparison-from-the-right": ('const on = "true" !== process.env.X', "handled"),
    "condition": ("if (process.env.X) f()", "handled"),
    "condition-at-the-end": ("if (a && process.env.X) f()", "handled"),
    "choice": ("f(process.env.X ? 1 : 2)", "handled"),
    "and": ("process.env.X && f()", "handled"),
    "negated": ("const on = !!process.env.X", "handled"),
    "boolean": ("const on = Boolean(process.env.X)", "handled"),
    "chained": ("process.env.X?.split()", "handled"),
    "destructured": ('const { X = "d" } = process.env', "handled"),
    "held": ("const id = process.env.X;\nif (!id) throw f();", "handled"),
    "held-and-used": ("const id = process.env.X;\nf(id);", ""),
    "held-member-of-another": ("const id = process.env.X;\nif (!a.id) f(id);", ""),
    "behind-what-the-page-is-given": ("const a = window.CONFIG.x || process.env.X", "handled"),
    "behind-what-the-page-may-be-given": ("const a = (window as any).CONFIG?.x ?? process.env.X", "handled"),
    "behind-what-holds-it": (
        'const given = typeof window !== "u" ? window.CONFIG || {} : {};\nf({ a: given.x || process.env.X });',
        "handled",
    ),
    "behind-another-value": ("const a = props.x || process.env.X", ""),
    "behind-the-address": ("const a = window.location.hash || process.env.X", ""),
    "handed-to-what-asks": (
        "function ok(v?: string) { if (!v) return false; return true }\nok(process.env.X)",
        "handled",
    ),
    "handed-to-what-asks-of-its-type": (
        'const text = (v: unknown): string | undefined => typeof v === "string" ? v : undefined;\ntext(process.env.X)',
        "handled",
    ),
    "handed-to-an-arrow-with-a-body": ("const ok = (v) => { return v ?? 1 };\nok(process.env.X)", "handled"),
    "handed-with-a-default": ("function text(v, or) { return v || or }\ntext(process.env.X, '/api')", "handled"),
    "handed-with-a-message": ("function need(v, m) { if (!v) throw m; return v }\nneed(process.env.X, 'X')", ""),
    "handed-as-the-second": ("function text(v, or) { return v || or }\ntext(a, process.env.X)", ""),
    "typed-as-perhaps-unset": ("export const url: string | undefined = process.env.X", "handled"),
    "typed-as-set": ("export const url: string = process.env.X", ""),
    "handed-to-what-stops": ("function need(v) { if (!v) throw f(); return v }\nneed(process.env.X)", ""),
    "handed-to-what-does-not-ask": ("function f(v) { g(v) }\nfunction h(v) { return v || 1 }\nf(process.env.X)", ""),
    "handed-to-what-calls-itself": ("function f(v) { return g(f(v)) }\nf(process.env.X)", ""),
    "handed-to-a-method": ("const ok = (v) => v ?? 1;\na.ok(process.env.X)", ""),
    "schema": ("const s = { X: z.string().optional() };\nconst e = { X: process.env.X };", "optional"),
    "schema-with-a-default": ("const s = { 'X': z.enum([1, 2]).default(1), Y: process.env.X };", "optional"),
    "schema-of-another": ("const s = { Y: z.string().optional(), X: z.string() }, e = process.env.X;", ""),
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import fs from 'fs';\nf(process.env.X);", True),
        ("import { MongoClient } from 'mongodb';\nf(process.env.X);", True),
        ("import {\n  cookies,\n} from 'next/headers';\nf(process.env.X);", True),
        ("import type { Db } from 'mongodb';\nf(process.env.X);", False),
        ("import fs from 'fs';\nexport const getServerSideProps = () => f(process.env.X);", False),
        ("import { fs } from './fs';\nf(process.env.X);", False),
        ("'use client';\nimport fs from 'fs';\nf(process.env.X);", False),
    ],
)
def test_what_imports_what_no_browser_has_is_the_servers(source: str, expected: bool) -> None:  # noqa: FBT001
    assert parse(Text(source, "src/a.ts")).server is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("const s = { X_Y: z.string().optional(), B: z.string(), c: z.any().optional() };", {"X_Y"}),
        ("const s = { X: z.string().optional() }, t = { X: z.string() };", set()),
        ("const s = { X: z.string().optional() }, t = { X: process.env.X };", {"X"}),
        ("const s = { X: z.string() };", set()),
    ],
)
def test_keys_that_each_schema_calls_optional(source: str, expected: set[str]) -> None:
    assert optional_keys(Text(source, "env.ts")) == expected


@pytest.mark.parametrize(("source", "expected"), HANDLED_READS.values(), ids=HANDLED_READS.keys())
def test_reads_that_cope_without_a_value(source, expected):
    assert [read.handled for read in parse(Text(source, "a.ts")).reads if read.name == "X"] == [expected]
