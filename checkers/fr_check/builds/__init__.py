"""Image builds: which program they build, in which stage, with which arguments and files of variables."""
