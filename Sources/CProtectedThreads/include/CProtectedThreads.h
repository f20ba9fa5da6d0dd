#pragma once

// To be linked is all that it takes: every thread that is started from then on has a stack of its own for signal
// handlers, without which the overflow of its stack ends the process before any handler can run.
