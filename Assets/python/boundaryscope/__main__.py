"""The console script: the program itself takes this process's place."""
import os
import sys

from ._program import Problem, program


def main():
    try:
        path = program()
        os.execv(path, [path, *sys.argv[1:]])
    except (Problem, OSError) as problem:
        print(f"boundaryscope: {problem}", file=sys.stderr)
        sys.exit(69)


if __name__ == "__main__":
    main()
