"""Takes a variable out of every place that it stands in."""

from __future__ import annotations

from fr_check.builds.inline_edits import in_its_file
from fr_check.core.edits import UNSAFE, Edit, Fix, Refused
from fr_check.dockerfile_args.comparison.remedies import drop_argument
from fr_check.edits.dockerfile import remove_declarations
from fr_check.edits.example import remove_key
from fr_check.edits.yaml import remove_at
from fr_check.sources import dotenv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.edits import TextOf
    from fr_check.dockerfile_args.facts import Facts


def removed(facts: Facts, name: str, text_of: TextOf) -> Fix | Refused:
    """The edits of all places together; refused as a whole where one of them is left to its author."""
    edits: list[Edit] = []
    for made in (*_documented(facts, name, text_of), *_declared(facts, name, text_of), *_passed(facts, name, text_of)):
        if isinstance(made, Refused):
            return made
        edits.append(made)
    return Fix(UNSAFE, tuple(dict.fromkeys(edits)))


def _documented(facts: Facts, name: str, text_of: TextOf) -> Iterator[Edit | Refused]:
    for path, keys in facts.documented.files.items():
        if name not in keys:
            continue
        text = text_of(path)
        if text is None:
            yield Refused(f"{path}, where it stands too, is not of this working tree")
            continue
        content = text.parsed(dotenv.parse)
        for binding in content.assignments:
            if binding.key == name:
                yield remove_key(text, content, binding)


def _declared(facts: Facts, name: str, text_of: TextOf) -> Iterator[Edit | Refused]:
    for image in facts.images.found.values():
        own, others, shared = [], 0, False
        for instruction in image.dockerfile.instructions:
            named = [one for one in instruction.definitions if one.name == name]
            if named and instruction.keyword in {"ARG", "ENV"} and len(instruction.definitions) == 1:
                own.append(instruction)
            elif name in instruction.line.text:
                others += 1
                shared = shared or bool(named)
        text = text_of(image.path) if own else None
        if (own or shared) and (text is None or others):
            yield Refused(f"{image.path} sets it together with others, or uses it elsewhere")
        elif text is not None:
            made = in_its_file(image, text, (edit for edit, _ in remove_declarations(image.text, own, name)))
            yield from (made,) if isinstance(made, Refused) else made


def _passed(facts: Facts, name: str, text_of: TextOf) -> Iterator[Edit | Refused]:
    for build in facts.builds:
        passed, set_ = build.passed.get(name), build.environment.get(name)
        for location in (one.location for one in (passed, set_) if one is not None):
            text = text_of(location.path)
            if text is None:
                yield Refused(f"{location.path}, where it stands too, is not of this working tree")
            elif passed is not None and location == passed.location:
                made = drop_argument(text, build, location)
                if isinstance(made, Refused):
                    yield made
                else:
                    yield from made.edits
            else:
                yield remove_at(text, location.span)
