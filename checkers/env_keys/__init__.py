"""Settings, .env.example and the secrets template name the same variables."""

from __future__ import annotations

from checkers.core.model import Checker
from checkers.env_keys import (
    commented_key,
    default_drift,
    duplicate_key,
    facts,
    ignored_env_argument,
    invalid_example_value,
    leaked_secret,
    lost_secrets,
    read_outside_settings,
    required_but_unrendered,
    setting_without_default,
    unconsumed_secret,
    undocumented_setting,
    unknown_example_key,
    unparsable_example,
    unparsable_settings,
    unportable_line,
    unrendered_secret,
    unresolvable_alias,
    untyped_setting,
)

CHECKER = Checker(
    name="env-keys",
    summary="Settings, .env.example and the secrets template name the same variables.",
    load=facts.load,
    rules=(
        unconsumed_secret.RULE,
        undocumented_setting.RULE,
        unknown_example_key.RULE,
        unrendered_secret.RULE,
        untyped_setting.RULE,
        setting_without_default.RULE,
        unparsable_settings.RULE,
        unparsable_example.RULE,
        leaked_secret.RULE,
        lost_secrets.RULE,
        duplicate_key.RULE,
        default_drift.RULE,
        invalid_example_value.RULE,
        read_outside_settings.RULE,
        required_but_unrendered.RULE,
        unresolvable_alias.RULE,
        ignored_env_argument.RULE,
        commented_key.RULE,
        unportable_line.RULE,
    ),
)
