// What goes to the standard streams, whatever becomes of them; and the last words of the Swift runtime and of C
// libraries, which are kept for the one sentence that ends the process.
#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LAST_WORDS = 1024 };

static char last_words[LAST_WORDS];
static volatile size_t last_words_length;

static int ends_process(const char *text, size_t count) {
  static const char *const signs[] = {"Fatal error", "failed to allocate", "terminate called", "out of memory"};
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (memmem(text, count, signs[i], strlen(signs[i])) != NULL) return 1;
  return 0;
}

static ssize_t take(void *cookie, const char *text, size_t count) {
  (void)cookie;
  if (last_words_length > 0 || ends_process(text, count)) {
    size_t room = LAST_WORDS - 1 - last_words_length, kept = count < room ? count : room;
    memcpy(last_words + last_words_length, text, kept);
    last_words_length += kept;
    return (ssize_t)count;
  }
  for (size_t done = 0; done < count;) {
    ssize_t n = write(STDERR_FILENO, text + done, count - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += (size_t)n;
  }
  return (ssize_t)count;
}

void standard_streams_begin(void) {
  // A write that fails says so; it is no reason to be ended.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = take});
  if (stream == NULL) return;
  setvbuf(stream, NULL, _IONBF, 0);
  stderr = stream;
}

const char *standard_streams_last_words(void) { return last_words; }

int standard_output_finish(void) {
  errno = 0;
  int failed = fflush(stdout) != 0;
  if (!failed && !ferror(stdout)) return 0;
  return errno != 0 ? errno : EIO;
}

void end_by_broken_pipe(void) {
  signal(SIGPIPE, SIG_DFL);
  raise(SIGPIPE);
}
