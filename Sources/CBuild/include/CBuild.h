#ifndef CBUILD_H
#define CBUILD_H

// The commit that a package was built from; empty in a checkout, which changes under its builds.
const char *build_commit(void);

// The compiler, as it names itself.
const char *build_compiler(void);

#endif
