"""Starts the explorer on every kind of terminal, and says what came of it.

    python3 Tests/Golden/terminals.py .build/release/boundaryscope [--all]

For each combination of TERM, locale, size, NO_COLOR and pipes it waits for the first picture, presses keys, quits and
checks: the exit status, that a refusal is one sentence, that private modes and terminal modes are as before. Prints a
table of the combinations by outcome; exits with 1 where one fails. Pipes are tried at one size and in one locale, which
tell it, with --all at every one (810 runs, a quarter of an hour). Needs no packages.
"""
import contextlib, fcntl, itertools, os, pty, re, select, signal, struct, subprocess, sys, tempfile, termios, time

TERMS = ["xterm-256color", "tmux-256color", "screen-256color", "xterm", "linux", "vt100", "dumb", "nonsense", ""]
LOCALES = ["C", "C.UTF-8", "xx_YY.UTF-8"]
SIZES = [(1, 1), (20, 6), (80, 24), (200, 60), (500, 200)]
PIPES = ["", "stdin", "stdout"]


def read(master, seconds, until=None):
    """What the program writes within a time, or until it is quiet."""
    out, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        if not select.select([master], [], [], 0.15)[0]:
            if until is None or until(out):
                break
            continue
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        out += data
    return out


def run(program, term, locale, size, mono, pipe, home):
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    before = termios.tcgetattr(slave)
    env = {"PATH": "/usr/bin:/bin", "HOME": home, "LANG": locale, "TERM": term}
    if not term:
        del env["TERM"]
    if mono:
        env["NO_COLOR"] = "1"
    ends = [subprocess.PIPE if pipe == "stdin" else slave, subprocess.PIPE if pipe == "stdout" else slave, slave]
    def own():
        os.setsid()
        fcntl.ioctl(2, termios.TIOCSCTTY, 0)
    child = subprocess.Popen([program], stdin=ends[0], stdout=ends[1], stderr=ends[2], env=env, preexec_fn=own)
    out = read(master, 20, lambda o: len(o) > 0 or child.poll() is not None)
    first = len(out)
    if out.startswith(b"boundaryscope: "):
        # What is typed before it has ended would be echoed behind its sentence.
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(10)
    for key in [b"2", b"\x1b[A", b"\x1b[<0;3;3M", b"\x1b", b"q", b"y"]:
        if child.poll() is not None:
            break
        os.write(master, key)
        out += read(master, 0.3)
    end = time.monotonic() + 10
    while child.poll() is None and time.monotonic() < end:
        out += read(master, 0.3)
    status = child.poll()
    if status is None:
        child.send_signal(signal.SIGKILL)
        status = "hangs"
    out += read(master, 0.3)
    after = termios.tcgetattr(slave)
    os.close(master), os.close(slave)
    for end in (child.stdin, child.stdout):
        if end:
            end.close()
    return status, first, out, before == after


def judge(term, pipe, status, out, restored):
    refused = term in ("", "dumb") or pipe
    if not restored:
        return "terminal modes not restored"
    if status != (69 if refused else 0):
        return f"status {status}"
    text = out.decode("utf-8", "replace")
    if refused:
        is_sentence = len(text.strip().splitlines()) == 1 and text.startswith("boundaryscope: ")
        return None if is_sentence else f"no sentence: {text[:300]!r}"
    modes = {}
    for numbers, what in re.findall(r"\x1b\[\?([\d;]+)([hl])", text):
        for number in numbers.split(";"):
            modes[number] = what
    left_on = [m for m in ("1002", "1006", "1049", "2004") if modes.get(m) == "h"]
    return f"modes left on: {left_on}" if left_on else None


def main():
    program = os.path.abspath(sys.argv[1])
    rows, failures = {}, []
    with tempfile.TemporaryDirectory() as home:
        for term, locale, size, mono, pipe in itertools.product(TERMS, LOCALES, SIZES, [False, True], PIPES):
            if pipe and "--all" not in sys.argv and (size != (80, 24) or locale != "C.UTF-8"):
                continue
            status, first, out, restored = run(program, term, locale, size, mono, pipe, home)
            problem = judge(term, pipe, status, out, restored)
            if problem:
                failures.append((term, locale, size, mono, pipe, problem))
            row = rows.setdefault((term or "(empty)", pipe or "tty"), [0, 0, set(), 0])
            row[0] += 1
            row[1] += problem is None
            row[2].add(status)
            row[3] = max(row[3], first)
    print(f"{'TERM':16} {'ends':8} {'runs':>5} {'as wanted':>10} {'status':>8} {'first picture, bytes':>21}")
    for (term, pipe), (count, good, statuses, first) in rows.items():
        status = ",".join(map(str, sorted(statuses, key=str)))
        print(f"{term:16} {pipe:8} {count:5} {good:10} {status:>8} {first:21}")
    for failure in failures:
        print("failed:", *failure)
    sys.exit(bool(failures))


main()
