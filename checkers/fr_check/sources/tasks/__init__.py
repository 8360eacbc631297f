"""Task files: text -> what each named task, recipe, environment, hook or package script hands to a shell.

One module a format, each with `parse(text) -> Tasks`, pure and total. Nothing is followed here; `fr_check.runs` does.
"""
