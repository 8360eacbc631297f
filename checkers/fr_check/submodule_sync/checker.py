"""submodule-sync: no pointer goes back, none goes astray."""

from fr_check.core.checker import Checker
from fr_check.core.rules import load_rules
from fr_check.submodule_sync import facts
from fr_check.submodule_sync.pointers import log as pointer_log

CHECKER = Checker(name="submodule-sync", load=facts.load, log=pointer_log.log, rules=load_rules("submodule_sync"))
