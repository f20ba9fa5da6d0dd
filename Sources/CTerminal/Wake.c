#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

int wake_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void wake_post(int wake) {
  int saved = errno;
  uint64_t one = 1;
  // The counter can only be full, which wakes as well.
  if (write(wake, &one, sizeof one) < 0) errno = saved;
}

int terminal_poll(int terminal, int wake, int milliseconds) {
  struct pollfd ends[2] = {{.fd = terminal, .events = POLLIN}, {.fd = wake, .events = POLLIN}};
  struct timespec limit = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, NULL, &mask);
  sigdelset(&mask, SIGTSTP);
  if (ppoll(ends, 2, milliseconds < 0 ? NULL : &limit, &mask) < 0) return errno == EINTR ? TERMINAL_WOKEN : 0;
  int found = 0;
  if (ends[0].revents & POLLIN) found |= TERMINAL_INPUT;
  if (ends[0].revents & (POLLHUP | POLLERR | POLLNVAL)) found |= TERMINAL_GONE;
  if (ends[1].revents & POLLIN) {
    uint64_t count;
    if (read(wake, &count, sizeof count) > 0) found |= TERMINAL_WOKEN;
  }
  return found;
}

int terminal_size(int terminal, int *rows, int *columns) {
  struct winsize size;
  if (ioctl(terminal, TIOCGWINSZ, &size) != 0) return -1;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}
