"""Records a session of the explorer as an asciicast (version 2), which asciinema plays.

    python3 Assets/recording/record.py .build/release/boundaryscope Assets/recording/demo.session demo.cast

`gif.py` draws it for pages that play none. The session is a script as `--play` takes it; its pauses are the recording's. Needs no packages.
"""
import fcntl, json, os, pty, re, select, struct, subprocess, sys, termios, time

program, session, target = sys.argv[1:4]
size = next((m for m in map(lambda l: re.match(r"size (\d+)x(\d+)", l), open(session)) if m), None)
columns, rows = (int(size[1]), int(size[2])) if size else (120, 40)
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
env = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")


def own():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


child = subprocess.Popen([program, "--play", session], stdin=slave, stdout=slave, stderr=slave, env=env, preexec_fn=own)
os.close(slave)
start = time.monotonic()
with open(target, "w") as cast:
    header = {"version": 2, "width": columns, "height": rows, "env": {"TERM": "xterm-256color"}}
    cast.write(json.dumps(header) + "\n")
    pending = b""
    while True:
        if not select.select([master], [], [], 0.2)[0]:
            if child.poll() is not None:
                break
            continue
        try:
            pending += os.read(master, 65536)
        except OSError:
            break
        # A character that is cut in two waits for its end.
        text = pending.decode("utf-8", "ignore")
        rest = pending[len(text.encode()):] if len(pending) - len(text.encode()) < 4 else b""
        cast.write(json.dumps([round(time.monotonic() - start, 3), "o", text]) + "\n")
        pending = rest
child.wait()
