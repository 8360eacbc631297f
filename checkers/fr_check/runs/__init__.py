"""What is finally executed: one follower for workflow steps, hooks, tasks, scripts and `sh -c`, for every checker.

Whoever wants to know which commands a repository runs asks here:

- `workflows.Steps(repository, file, wanted).all()` gives every step of every workflow (called workflows and local
  actions included) with its scope, and `workflows.follow(step_run, script, follower)` what its `run` executes;
- `follower.Follower(repository, interest).follow(script, start, origin)` follows any script: of a task, a hook, a
  service of a compose file, a Dockerfile. `interest(text)` says whether a script is worth reading; a script that
  is not is passed over;
- `targets.Finder(repository).find(call, origin)` says what one call leads to.

Each item is an `Executed` (the command's words as the program gets them, the folder of the repository, environment,
shell, `chain`: the way to it with the place of each call, `excuse`: why its failure may stay unseen, with the file and
place of that) or an `Unfollowed`: a call that leads where nothing is read. `model` describes them.

How it is made: `sources/tasks/` reads what each task file hands to a shell, `walk` goes through one script (`walker`
its commands, `words` what their words become, `written` which files it has written, `effects` what a command does to
the environment, `environment` for whom that holds), `calls` tells which commands hand on, `targets` looks for what they
hand on to, `containers` does so for docker, and `follower` puts that together. `sources/shell/failures.py` knows what
becomes of a failure. What an image starts is followed by the same, with a finder that looks in the image
(`variables/launch.py`); what a RUN builds, by `builds/build_command.py`.
"""
