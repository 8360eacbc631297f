"""Small coverage data for the examples in the rules' manuals."""

from __future__ import annotations


def source(lines: int) -> str:
    """A module of so many statements, one a line."""
    return "".join(f"value_{number} = {number}\n" for number in range(1, lines + 1))


def lcov(path: str, hits: str, arms: str = "") -> str:
    """A record of lcov: `hits` says for each line from 1 whether it ran (`110`), `arms` the same for line 1's arms."""
    lines = "".join(f"DA:{number},{hit}\n" for number, hit in enumerate(hits, 1))
    branches = "".join(f"BRDA:1,0,{number},{hit}\n" for number, hit in enumerate(arms))
    totals = f"LF:{len(hits)}\nLH:{hits.count('1')}\n"
    if arms:
        totals += f"BRF:{len(arms)}\nBRH:{arms.count('1')}\n"
    return f"SF:{path}\n{lines}{branches}{totals}end_of_record\n"
