// Starts the program of a tarball or a wheel with the C library that came with it, so that the system's own, older,
// newer or of another kind, does not matter. Linked statically.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char root[PATH_MAX];

// A path within the installation, in memory that lasts.
static char *within(const char *place) {
  char *path = malloc(strlen(root) + strlen(place) + 2);
  if (!path) _exit(70);
  sprintf(path, "%s/%s", root, place);
  return path;
}

// Terminals that the system does not describe are looked for here after it; fonts are the same on every machine, so that
// a page has the same bytes. What the user chose stays.
static void set_places(void) {
  char *terminals = within("share/boundaryscope/terminfo");
  char *list = malloc(strlen(terminals) + 64);
  if (!list) _exit(70);
  sprintf(list, "/etc/terminfo:/lib/terminfo:/usr/share/terminfo:%s", terminals);
  setenv("TERMINFO_DIRS", list, 0);
  setenv("FONTCONFIG_FILE", within("share/boundaryscope/fonts/fonts.conf"), 0);
}

int main(int count, char **arguments) {
  ssize_t length = readlink("/proc/self/exe", root, sizeof root - 1);
  for (int level = 0; level < 2 && length > 0; level++) {
    root[length] = 0;
    char *slash = strrchr(root, '/');
    length = slash ? slash - root : 0;
  }
  root[length > 0 ? length : 0] = 0;
  set_places();
  char **words = calloc((size_t)count + 7, sizeof *words);
  if (!words) return 70;
  int n = 0;
  words[n++] = within("lib/boundaryscope/ld.so");
  words[n++] = "--library-path";
  words[n++] = within("lib/boundaryscope");
  words[n++] = "--argv0";
  words[n++] = "boundaryscope";
  words[n++] = within("lib/boundaryscope/boundaryscope");
  for (int i = 1; i < count; i++) words[n++] = arguments[i];
  execv(words[0], words);
  fprintf(stderr, "boundaryscope: %s cannot be started (%s): unpack the whole archive, bin, lib and share side by side\n",
          words[0], strerror(errno));
  return 70;
}
