"""Sources for Node's tools of which half is covered: two functions of four, with their branches."""

from __future__ import annotations

PARTS = ["used", "useful", "unused", "useless"]
BODY = "".join(f"%sfunction {name}(a) {{\n  return a ? 1 : 2\n}}\n" for name in PARTS)
MODULE = BODY.replace("%s", "export ")
COMMON = BODY.replace("%s", "") + "module.exports = { used, useful, unused, useless }\n"
VITEST_TEST = (
    "import { test, expect } from 'vitest'\nimport { used, useful } from './src/half.js'\n"
    "test('half', () => { expect(used(1) + useful(0)).toBe(3) })\n"
)
JEST_TEST = (
    "const { used, useful } = require('./src/half.js')\ntest('half', () => { expect(used(1) + useful(0)).toBe(3) })\n"
)
PROGRAM = "const { used, useful } = require('./src/half.js')\nused(1)\nuseful(0)\n"
