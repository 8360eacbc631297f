"""dockerfile-args: public frontend variables reach every image build."""

from fr_check.core.checker import Checker
from fr_check.core.rules import load_rules
from fr_check.dockerfile_args import loading

CHECKER = Checker(name="dockerfile-args", load=loading.load, rules=load_rules("dockerfile_args"))
