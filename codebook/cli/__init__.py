"""The command line, with one module per command.

In each, `declare_arguments` adds the command's arguments to its parser, and `run` executes the
command and returns the exit code.
"""
