// What the system lets this process have, asked before anything that would trap or wait for ever without it.
#include "CTerminal.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

int open_files_allowed(int wanted) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  if (limit.rlim_cur < (rlim_t)wanted && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max < (rlim_t)wanted ? limit.rlim_max : (rlim_t)wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur < (rlim_t)wanted ? (int)limit.rlim_cur : wanted;
}

long long address_space_left(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return -1;
  long long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL) return -1;
  if (fscanf(file, "%lld", &pages) != 1) pages = 0;
  fclose(file);
  long long used = pages * sysconf(_SC_PAGESIZE);
  return used < (long long)limit.rlim_cur ? (long long)limit.rlim_cur - used : 0;
}
