// Restores the terminal whatever ends the process. Everything that a handler calls is async-signal-safe: write,
// pread, dup2, tcsetattr, tcflush, tcflow, tcgetpgrp, sigaction, pthread_sigmask, raise, _dl_find_object and atomics.
#define _GNU_SOURCE
#include "CTerminal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// The end of a sequence that was cut off, of a string and of a frame, mouse and paste reports off, plain text, ASCII, all columns,
// ordinary keys, a visible cursor; the last line, for terminals without an alternate screen; the ordinary screen.
static const char restore_sequence[] =
    "\030\033\\\033[?2026l\033[?1006l\033[?1003l\033[?1002l\033[?1000l\033[?2004l\033[m\033(B\033[?7h\033[?1l\033>"
    "\033[?25h\033[999;1H\033[?1049l";

enum { LOG_TAIL = 4096, UNAVAILABLE = 69, INTERNAL_FAULT = 70, LONGEST_REASON = 160 };

static const int crash_signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT, SIGSYS};
static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

static struct sigaction previous[NSIG];
static char installed[NSIG];
static int terminal_fd = -1, output_fd = -1, frames_fd = -1, null_fd = -1, wake_fd = -1, log_fd = -1;
static int saved_output[2] = {-1, -1};  // of descriptors 1 and 2, where they were redirected to the log
static struct termios saved_modes;
static int chain_crashes;
static pid_t screen_thread;
static const char *_Atomic enter_modes = "", *_Atomic leave_modes = "";
static const char *_Atomic farewell = "";
static atomic_int armed, crashing, ending, continued, stopping;

static pid_t current_thread(void) { return (pid_t)syscall(SYS_gettid); }

static void write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t n = write(descriptor, bytes, count);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    bytes += n;
    count -= (size_t)n;
  }
}

static void write_text(int descriptor, const char *text) { write_all(descriptor, text, strlen(text)); }

/// After the end of a string that was cut off, which would swallow it.
static void write_farewell(void) {
  const char *text = atomic_load(&farewell);
  if (*text == 0) return;
  write_text(terminal_fd, "\030\033\\");
  write_text(terminal_fd, text);
}

void crash_guard_restore(void) {
  if (!atomic_exchange(&armed, 0)) return;
  // In the background the terminal belongs to the shell, which has set it to its liking.
  pid_t foreground = tcgetpgrp(terminal_fd);
  if (foreground >= 0 && foreground != getpgrp()) return;
  sigset_t block, before;
  sigemptyset(&block);
  sigaddset(&block, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &block, &before);
  // Another thread may be in the middle of a frame: the rest of it goes nowhere.
  if (null_fd >= 0) {
    dup2(null_fd, output_fd);
    dup2(null_fd, frames_fd);
  }
  tcflow(terminal_fd, TCOON);
  write_farewell();
  write_all(terminal_fd, restore_sequence, sizeof restore_sequence - 1);
  tcflush(terminal_fd, TCIFLUSH);
  tcsetattr(terminal_fd, TCSANOW, &saved_modes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void give_output_back(void) {
  for (int d = 1; d <= 2; d++) {
    if (saved_output[d - 1] < 0) continue;
    dup2(saved_output[d - 1], d);
    close(saved_output[d - 1]);
    saved_output[d - 1] = -1;
  }
}

static void show_log(void) {
  if (log_fd < 0) return;
  char text[LOG_TAIL];
  off_t end = lseek(log_fd, 0, SEEK_END);
  off_t start = end > LOG_TAIL ? end - LOG_TAIL : 0;
  ssize_t n = pread(log_fd, text, sizeof text, start);
  if (n > 0) {
    write_all(2, text, (size_t)n);
    if (text[n - 1] != '\n') write_text(2, "\n");
  }
  if (ftruncate(log_fd, 0) != 0) log_fd = -1;
}

static const char *signal_name(int signal) {
  switch (signal) {
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGABRT: return "SIGABRT";
    case SIGSYS: return "SIGSYS";
    case SIGQUIT: return "SIGQUIT";
    default: return "a signal";
  }
}

static void end_by_default(int signal) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigaction(signal, &action, NULL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, signal);
  raise(signal);
  pthread_sigmask(SIG_UNBLOCK, &one, NULL);
}

static const char missing_memory[] =
    "boundaryscope: there is not enough memory for this: fewer images (--range A..B), a smaller --memory or fewer "
    "directions take less\n";

static int lacks_memory(void) {
  const char *words = standard_streams_last_words();
  return strstr(words, "failed to allocate") || strstr(words, "bad_alloc") || strstr(words, "out of memory");
}

// What the Swift runtime says of a trap, in debug builds alone; one line of printable characters.
static void write_reason(void) {
  static const char sign[] = "Fatal error: ";
  const char *reason = strstr(standard_streams_last_words(), sign);
  if (reason == NULL) return;
  reason += sizeof sign - 1;
  size_t count = 0;
  while (count < LONGEST_REASON && (unsigned char)reason[count] >= ' ' && reason[count] != 0x7f) count++;
  write_text(2, ": ");
  for (size_t i = 0; i < count; i++)
    if ((unsigned char)reason[i] < 0x80) write_all(2, &reason[i], 1);
}

static void write_number(unsigned long number) {
  char digits[2 * sizeof number + 1];
  int at = sizeof digits - 1;
  digits[at] = 0;
  do digits[--at] = "0123456789abcdef"[number & 15];
  while ((number >>= 4) != 0);
  write_text(2, "0x");
  write_text(2, digits + at);
}

// Where it happened, for whoever mends it: the file and the place of the instruction in it, and what it touched.
static void write_place(const siginfo_t *info, const void *context) {
  // 0 and less: somebody sent it.
  if (info == NULL || info->si_code <= 0) return;
#if defined(__x86_64__)
  unsigned long place = (unsigned long)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  struct dl_find_object found;
  // Safe in a handler, unlike dladdr.
  if (_dl_find_object((void *)place, &found) == 0) {
    const char *name = strrchr(found.dlfo_link_map->l_name, '/');
    write_text(2, " in ");
    write_text(2, name != NULL ? name + 1 : "the program");
    write_text(2, " + ");
    write_number(place - (unsigned long)found.dlfo_link_map->l_addr);
  }
#endif
  if (info->si_signo != SIGSEGV && info->si_signo != SIGBUS) return;
  write_text(2, " at ");
  write_number((unsigned long)info->si_addr);
}

static void report_crash(int signal, const siginfo_t *info, const void *context) {
  if (signal == SIGQUIT) return;
  struct termios modes;
  // A line of progress may stand there.
  if (terminal_fd < 0 && tcgetattr(2, &modes) == 0) write_text(2, "\r\033[K");
  if (lacks_memory()) {
    write_text(2, missing_memory);
    return;
  }
  write_text(2, "boundaryscope: a fault of the program ended it (");
  write_text(2, signal_name(signal));
  write_place(info, context);
  write_reason();
  write_text(2, terminal_fd < 0 ? ")." : "); the terminal is as before.");
  if (!chain_crashes) write_text(2, " SWIFT_BACKTRACE=enable=yes,interactive=no shows where.");
  write_text(2, "\n");
}

static void on_crash(int signal, siginfo_t *info, void *context) {
  int thread = 0, self = (int)current_thread();
  if (!atomic_compare_exchange_strong(&crashing, &thread, self)) {
    // A fault in this handler ends the process; a second thread waits for the first to end it.
    if (thread == self) end_by_default(signal);
    for (;;) pause();
  }
  crash_guard_restore();
  give_output_back();
  show_log();
  report_crash(signal, info, context);
  struct sigaction *old = &previous[signal];
  // The handler of the Swift runtime asks questions for half a minute unless SWIFT_BACKTRACE tells it not to, and
  // it reads that variable before any code of ours runs: so it is called only if the person set the variable.
  if (chain_crashes && (old->sa_flags & SA_SIGINFO)) old->sa_sigaction(signal, info, context);
  if (signal != SIGQUIT && lacks_memory()) _exit(UNAVAILABLE);
  if (terminal_fd < 0 && signal != SIGQUIT) _exit(INTERNAL_FAULT);
  end_by_default(signal);
}

static void on_ending(int signal) {
  int before = atomic_exchange(&ending, signal);
  // A second ^C means that nobody acts on the first.
  if (before == SIGINT && signal == SIGINT) {
    crash_guard_restore();
    end_by_default(signal);
  }
  wake_post(wake_fd);
}

static void on_stop(int signal) {
  int saved = errno;
  if (current_thread() != screen_thread) {
    syscall(SYS_tgkill, getpid(), screen_thread, signal);
  } else {
    atomic_store(&stopping, 1);
    if (atomic_load(&armed)) {
      // The end of a string that was cut off, which would swallow what follows.
      write_text(terminal_fd, "\030\033\\");
      write_farewell();
      write_text(terminal_fd, leave_modes);
    }
    // Leaves the screen, stops the process, and once it continues enters the screen again.
    previous[signal].sa_handler(signal);
    if (atomic_load(&armed)) write_text(terminal_fd, enter_modes);
    atomic_store(&stopping, 0);
    atomic_store(&continued, 1);
    wake_post(wake_fd);
  }
  errno = saved;
}

static void on_continue(int signal) {
  (void)signal;
  if (atomic_load(&stopping)) return;
  atomic_store(&continued, 2);
  wake_post(wake_fd);
}

static void on_resize(int signal) {
  previous[signal].sa_handler(signal);
  wake_post(wake_fd);
}

void end_by_missing_memory(void) {
  crash_guard_restore();
  give_output_back();
  write_text(2, missing_memory);
  _exit(UNAVAILABLE);
}

static void install(int signal, struct sigaction action) {
  sigemptyset(&action.sa_mask);
  if (installed[signal]) return;
  if (sigaction(signal, NULL, &previous[signal]) != 0) return;
  // Whoever started us with a signal ignored wants that: nohup, and background jobs of plain shells.
  if (!(previous[signal].sa_flags & SA_SIGINFO) && previous[signal].sa_handler == SIG_IGN) return;
  if (sigaction(signal, &action, NULL) == 0) installed[signal] = 1;
}

static void report_crashes(void) {
  const char *asked = getenv("SWIFT_BACKTRACE");
  chain_crashes = asked != NULL && asked[0] != '\0';
  for (int i = 0; i < COUNT(crash_signals); i++)
    install(crash_signals[i], (struct sigaction){.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK});
}

void crash_guard_begin_without_screen(void) {
  crash_guard_protect_thread();
  report_crashes();
}

static void at_exit(void) {
  if (!atomic_load(&armed)) return;
  crash_guard_restore();
  give_output_back();
  show_log();
}

int crash_guard_begin(int terminal, int output, int frames, int wake) {
  static int registered;
  if (tcgetattr(terminal, &saved_modes) != 0) return -1;
  if (crash_guard_protect_thread() != 0) return -1;
  terminal_fd = fcntl(terminal, F_DUPFD_CLOEXEC, 3);
  if (terminal_fd < 0) return -1;
  null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
  output_fd = output;
  frames_fd = frames;
  wake_fd = wake;
  screen_thread = current_thread();
  atomic_store(&ending, 0);
  atomic_store(&continued, 0);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  pthread_sigmask(SIG_BLOCK, &stop, NULL);
  report_crashes();
  for (int i = 0; i < COUNT(ending_signals); i++)
    install(ending_signals[i], (struct sigaction){.sa_handler = on_ending, .sa_flags = SA_ONSTACK});
  install(SIGCONT, (struct sigaction){.sa_handler = on_continue, .sa_flags = SA_ONSTACK});
  if (!registered) registered = atexit(at_exit) == 0;
  atomic_store(&armed, 1);
  return 0;
}

static int has_plain_handler(int signal) {
  struct sigaction now;
  return sigaction(signal, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler != SIG_DFL
      && now.sa_handler != SIG_IGN;
}

void crash_guard_follow_suspension(void) {
  if (has_plain_handler(SIGTSTP)) install(SIGTSTP, (struct sigaction){.sa_handler = on_stop});
  if (has_plain_handler(SIGWINCH)) install(SIGWINCH, (struct sigaction){.sa_handler = on_resize});
}

void crash_guard_suspend(void) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  syscall(SYS_tgkill, getpid(), current_thread(), SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
  pthread_sigmask(SIG_BLOCK, &stop, NULL);
}

void crash_guard_set_farewell(const char *text) { atomic_store(&farewell, text); }

void crash_guard_set_modes(const char *enter, const char *leave) {
  atomic_store(&enter_modes, enter);
  atomic_store(&leave_modes, leave);
}

int crash_guard_capture_output(void) {
  const char *folder = getenv("TMPDIR");
  char path[4096];
  snprintf(path, sizeof path, "%s/boundaryscope-XXXXXX", folder && folder[0] ? folder : "/tmp");
  log_fd = mkostemp(path, O_APPEND | O_CLOEXEC);
  if (log_fd < 0) return -1;
  unlink(path);
  fflush(NULL);
  for (int d = 1; d <= 2; d++) {
    if (!isatty(d)) continue;
    saved_output[d - 1] = fcntl(d, F_DUPFD_CLOEXEC, 3);
    if (saved_output[d - 1] >= 0) dup2(log_fd, d);
  }
  return 0;
}

void crash_guard_end(int report) {
  if (terminal_fd < 0) return;
  atomic_store(&armed, 0);
  for (int signal = 1; signal < NSIG; signal++) {
    if (installed[signal]) sigaction(signal, &previous[signal], NULL);
    installed[signal] = 0;
  }
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
  fflush(NULL);
  give_output_back();
  if (report) show_log();
  int *ends[] = {&log_fd, &null_fd, &terminal_fd};
  for (int i = 0; i < COUNT(ends); i++) {
    if (*ends[i] >= 0) close(*ends[i]);
    *ends[i] = -1;
  }
}

int crash_guard_ending_signal(void) { return atomic_load(&ending); }
int crash_guard_was_continued(void) { return atomic_exchange(&continued, 0); }
