#!/usr/bin/env python3
"""Starts a program many times in terminals that answer its questions late, in pieces, twice or never, and counts what of
the answers is left for the shell.

usage: starts.py PROGRAM [COUNT [AT ONCE]]      PROGRAM ends at the key q, as Tests/TerminalProbe does

Prints a line for each kind of terminal: starts, starts that left bytes, starts that ended with a status other than 0,
the longest time from the key to the end.
"""
import collections
import fcntl
import os
import pty
import random
import select
import sys
import termios
import threading
import time

ANSWER = (b"\x1b]11;rgb:0000/0000/0000\x1b\\\x1bP>|kitty(0.41.1)\x1b\\\x1b[6;20;10t\x1b[?62;4;22c")
KINDS = ["at once", "late", "in pieces", "late and in pieces", "only the last", "never"]


def schedule(kind, random):
    """When which bytes are answered, in seconds after the question."""
    if kind == "never":
        return []
    if kind == "only the last":
        return [(random.uniform(0, 2), b"\x1b[?62c")]
    start = 0 if kind in ("at once", "in pieces") else random.uniform(0, 2)
    if "pieces" not in kind:
        return [(start, ANSWER)]
    cuts = sorted(random.sample(range(1, len(ANSWER)), random.randint(1, 6)))
    parts = [ANSWER[a:b] for a, b in zip([0] + cuts, cuts + [len(ANSWER)])]
    times = sorted([start] + [random.uniform(start, 2) for _ in parts[1:]])
    return list(zip(times, parts))


def start(program, kind, random):
    master, slave = pty.openpty()
    process = os.fork()
    if process == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for number in range(3):
            os.dup2(slave, number)
        environment = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8", COLORTERM="truecolor")
        for name in ("TMUX", "STY", "TERM_PROGRAM", "LC_TERMINAL"):
            environment.pop(name, None)
        try:
            os.execve(program, [program], environment)
        finally:
            os._exit(127)
    quits, asked, typed, output, ended = random.uniform(0, 2.5), None, None, b"", None
    plan = schedule(kind, random)
    parts = len(plan)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        now = time.monotonic()
        if select.select([master], [], [], 0.01)[0]:
            try:
                output += os.read(master, 65536)
            except OSError:
                pass
        if asked is None and b"\x1b[c" in output:
            asked = time.monotonic()
        if asked is not None:
            while plan and now >= asked + plan[0][0]:
                os.write(master, plan.pop(0)[1])
            # No key comes between the bytes of an answer.
            if typed is None and now >= asked + quits and (not plan or len(plan) == parts):
                os.write(master, b"q")
                typed = now
        if ended is None:
            done, status = os.waitpid(process, os.WNOHANG)
            if done:
                ended = (time.monotonic(), status)
        elif not plan:
            break
    if ended is None:
        os.kill(process, 9)
        os.waitpid(process, 0)
    modes = termios.tcgetattr(slave)
    modes[3] &= ~termios.ICANON
    modes[6][termios.VMIN] = modes[6][termios.VTIME] = 0
    termios.tcsetattr(slave, termios.TCSANOW, modes)
    left = os.read(slave, 4096).replace(b"q", b"")
    os.close(master)
    os.close(slave)
    return left, ended is not None and ended[1] == 0, (ended[0] - typed) if ended and typed else 30


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    at_once = int(sys.argv[3]) if len(sys.argv) > 3 else 32
    results, lock, numbers = collections.defaultdict(list), threading.Lock(), iter(range(count))

    def work():
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            kind = KINDS[number % len(KINDS)]
            found = start(program, kind, random.Random(number))
            with lock:
                results[kind].append(found)

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{'terminal answers':20} {'starts':>7} {'left bytes':>11} {'failed':>7} {'longest end, s':>15}")
    failed = 0
    for kind in KINDS:
        found = results[kind]
        left = sum(1 for bytes, _, _ in found if bytes)
        wrong = sum(1 for _, fine, _ in found if not fine)
        failed += left + wrong
        print(f"{kind:20} {len(found):7} {left:11} {wrong:7} {max((t for _, _, t in found), default=0):15.2f}")
        for bytes, _, _ in [f for f in found if f[0]][:3]:
            print("   ", bytes)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
