"""Settings, .env.example and the secrets template name the same variables."""

from __future__ import annotations

from fr_check.core.checker import Checker
from fr_check.core.rules import load_rules
from fr_check.env_keys import facts

CHECKER = Checker(name="env-keys", load=facts.load, rules=load_rules("env_keys"))
