"""What an overflow of a stack inside the running explorer leaves of the terminal.

usage: overflow.py BOUNDARYSCOPE
Nothing in the explorer recurses deeply, so the overflow is made from outside: while it computes, the stack pointer of
one of its threads is put beyond the end of that thread's stack (ptrace), as if calls had filled it. A thread that sleeps
throughout, as OpenBLAS's own do, touches no stack and proves nothing. Needs Linux on x86-64 and Python alone.
"""
import ctypes, fcntl, os, pty, select, signal, struct, sys, tempfile, termios, time

ATTACH, DETACH, GET, SET, STACK_POINTER, ALL = 16, 17, 12, 13, 19, 0x40000000
trace = ctypes.CDLL(None, use_errno=True).ptrace
trace.argtypes, trace.restype = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p], ctypes.c_long


def call(request, thread, address=None):
    if trace(request, thread, None, address) == -1:
        sys.exit(f'ptrace: {os.strerror(ctypes.get_errno())}')


class Explorer:
    def __init__(self, program):
        self.text, self.ended = b'', 0
        environment = dict(os.environ, TERM='xterm-256color', LC_ALL='C.UTF-8', XDG_CACHE_HOME=tempfile.mkdtemp(),
                           SWIFT_BACKTRACE='enable=no')
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(program, [program, 'explore'], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 120, 0, 0))
        self.modes = termios.tcgetattr(self.fd)

    def run(self, seconds, until=None):
        """Reads for so long, or until a text has come."""
        end, start = time.time() + seconds, len(self.text)
        while time.time() < end and not (until and until in self.text[start:]):
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    part = os.read(self.fd, 65536)
                except OSError:
                    return
                if not part:
                    return
                self.text += part

    def status(self):
        """Of the process once it has ended, else 0."""
        self.ended = self.ended or os.waitpid(self.pid, os.WNOHANG)[1]
        return self.ended

    def threads(self):
        names = {}
        for thread in sorted(map(int, os.listdir(f'/proc/{self.pid}/task'))):
            names[thread] = open(f'/proc/{self.pid}/task/{thread}/comm').read().strip()
        return names

    def overflow(self, thread):
        call(ATTACH, thread)
        os.waitpid(thread, ALL)
        registers = (ctypes.c_ulonglong * 27)()
        call(GET, thread, ctypes.addressof(registers))
        registers[STACK_POINTER] = self.end_of_stack(thread, registers[STACK_POINTER])
        call(SET, thread, ctypes.addressof(registers))
        call(DETACH, thread)

    def wakes(self, thread):
        """How often a thread has been put to sleep so far; nothing once it is gone."""
        try:
            lines = open(f'/proc/{self.pid}/task/{thread}/status').readlines()
        except OSError:
            return None
        return next((int(line.split()[1]) for line in lines if line.startswith('voluntary_ctxt_switches')), None)

    def end_of_stack(self, thread, pointer):
        """Below the stack that holds the pointer, in its guard page; the main thread's grows to 8 MB.

        So far below that the variables of the function that sleeps lie in the guard page too: its loop would otherwise
        go on with what it finds in the last bytes of the stack.
        """
        for line in open(f'/proc/{self.pid}/maps'):
            low, high = (int(end, 16) for end in line.split()[0].split('-'))
            if low <= pointer < high:
                return high - (8 << 20) - (1 << 16) if thread == self.pid else low - 2048

    def left_on(self):
        on = lambda mode, end=b'h': self.text.rfind(b'\x1b[?%d' % mode + end)
        left = [mode for mode in (1049, 1002, 1006, 2004) if on(mode) > on(mode, b'l')]
        return left + ([25] if on(25, b'l') > on(25) else [])


def main():
    program, failed, place, count = sys.argv[1], 0, 0, 1
    while place < count:
        explorer = Explorer(program)
        explorer.run(30, b'UAP')
        os.write(explorer.fd, b'3\r')
        explorer.run(3)
        names = explorer.threads()
        count = len(names)
        if place >= count:
            break
        thread = list(names)[place]
        explorer.overflow(thread)
        explorer.run(2)  # a wait that the detaching restarts within the kernel counts as one more sleep
        asleep = explorer.wakes(thread)
        os.write(explorer.fd, b'2')
        explorer.run(10, b'ended it')
        end = time.time() + 10
        while time.time() < end and not explorer.status():
            time.sleep(0.01)
        status = explorer.status()
        good = explorer.left_on() == [] and termios.tcgetattr(explorer.fd) == explorer.modes
        good = good and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSEGV
        if not status and asleep is not None and explorer.wakes(thread) == asleep:
            print(f'thread {place} ({names[thread]}): slept throughout, so that nothing came of it')
        else:
            failed += not good
            print(f'thread {place} ({names[thread]}): '
                  f'{"restored" if good else f"NOT restored: modes {explorer.left_on()}"}, status {status}')
        if not status:
            os.kill(explorer.pid, signal.SIGKILL)
            os.waitpid(explorer.pid, 0)
        place += 1
    sys.exit(failed > 0)


main()
