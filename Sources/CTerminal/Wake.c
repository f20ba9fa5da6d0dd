#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int wake_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void wake_post(int wake) {
  int saved = errno;
  uint64_t one = 1;
  // The counter can only be full, which wakes as well.
  if (write(wake, &one, sizeof one) < 0) errno = saved;
}

int terminal_poll(int terminal, int frames, int wake, int milliseconds) {
  // A negative descriptor is passed over.
  struct pollfd ends[3] = {
      {.fd = terminal, .events = POLLIN}, {.fd = wake, .events = POLLIN}, {.fd = frames, .events = POLLOUT}};
  struct timespec limit = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, NULL, &mask);
  sigdelset(&mask, SIGTSTP);
  if (ppoll(ends, 3, milliseconds < 0 ? NULL : &limit, &mask) < 0) return errno == EINTR ? TERMINAL_WOKEN : 0;
  int found = 0;
  if (ends[0].revents & POLLIN) found |= TERMINAL_INPUT;
  if (ends[0].revents & (POLLHUP | POLLERR | POLLNVAL)) found |= TERMINAL_GONE;
  if (ends[2].revents & POLLOUT) found |= TERMINAL_CLEAR;
  if (ends[1].revents & POLLIN) {
    uint64_t count;
    if (read(wake, &count, sizeof count) > 0) found |= TERMINAL_WOKEN;
  }
  return found;
}

void background_thread(void) {
  static _Thread_local int isLowered;
  if (isLowered) return;
  isLowered = 1;
  // Linux keeps a priority for each thread. Where it cannot be lowered, the thread works as before.
  id_t thread = (id_t)syscall(SYS_gettid);
  errno = 0;
  int now = getpriority(PRIO_PROCESS, thread);
  if (errno == 0) setpriority(PRIO_PROCESS, thread, now + 5);
}

int terminal_cell(int terminal, int *width, int *height) {
  struct winsize size;
  if (ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return -1;
  *width = size.ws_xpixel / size.ws_col;
  *height = size.ws_ypixel / size.ws_row;
  return *width > 0 && *height > 0 ? 0 : -1;
}

int terminal_size(int terminal, int *rows, int *columns) {
  struct winsize size;
  if (ioctl(terminal, TIOCGWINSZ, &size) != 0) return -1;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}
