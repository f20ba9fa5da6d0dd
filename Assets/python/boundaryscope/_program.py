"""Where the program is, and running it."""
import os
import pathlib
import shutil
import subprocess
import sys


class Problem(RuntimeError):
    """What went wrong, in one sentence, and the exit status that the program ended with."""

    def __init__(self, sentence, status=70):
        super().__init__(sentence)
        self.status = status


def program():
    """The path of the program: `BOUNDARYSCOPE_PROGRAM`, the one in this package, else the one on the PATH."""
    chosen = os.environ.get("BOUNDARYSCOPE_PROGRAM")
    if chosen:
        if not os.access(chosen, os.X_OK):
            raise Problem(f"BOUNDARYSCOPE_PROGRAM is '{chosen}', which cannot be run", 66)
        return chosen
    packed = pathlib.Path(__file__).parent / "program" / "bin" / "boundaryscope"
    if packed.exists():
        return str(packed)
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        found = shutil.which("boundaryscope", path=folder or os.curdir)
        # The console script of this package lies on the PATH, too, and would call itself.
        if found and pathlib.Path(found).resolve().open("rb").read(4) == b"\x7fELF":
            return found
    raise Problem("the program is neither in this package nor on the PATH: install the wheel, or set BOUNDARYSCOPE_PROGRAM", 66)


def version():
    """The package's version; "0" where the module is used from a checkout."""
    from importlib import metadata
    try:
        return metadata.version("boundaryscope")
    except metadata.PackageNotFoundError:
        return "0"


def run(words, capture=False, needs_terminal=False):
    """Runs the program with words of the command line; what it printed where `capture` says so."""
    if needs_terminal and not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stdout__.isatty()):
        raise Problem("the explorer needs a terminal and this process has none: run the script from one, or call report()", 69)
    done = subprocess.run([program(), *map(str, words)], stdout=subprocess.PIPE if capture else None,
                          stderr=None if needs_terminal else subprocess.PIPE, text=True, encoding="utf-8")
    if done.returncode != 0 and not (needs_terminal and done.returncode == 130):
        sentence = (done.stderr or "").strip().removeprefix("boundaryscope: ")
        raise Problem(sentence or f"the program ended with status {done.returncode}", done.returncode)
    return done.stdout if capture else None
