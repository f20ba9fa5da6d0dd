#include "CBuild.h"

const char *build_commit(void) { return COMMIT; }

const char *build_compiler(void) { return __VERSION__; }
