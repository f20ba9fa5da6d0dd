#pragma once
#include <stddef.h>
#include <termios.h>

/// What poll reported; a set of bits.
enum {
  TERMINAL_INPUT = 1,   ///< bytes wait on the terminal
  TERMINAL_WOKEN = 2,   ///< a worker or a signal handler called wake_post
  TERMINAL_GONE = 4,    ///< the other side of the terminal has closed
  TERMINAL_CLEAR = 8,   ///< the rest of a frame can be written
};

/// An eventfd that interrupts terminal_poll; −1 when the system has no more descriptors.
int wake_open(void);
/// Callable from any thread and from signal handlers.
void wake_post(int wake);
/// Waits for the terminal, for room for more of a frame where `frames` is not −1, or for wake_post, at most
/// `milliseconds` (−1: for ever). SIGTSTP is let through here alone:
/// ncurses leaves and enters its screen inside the handler, which must not happen in the middle of a frame.
int terminal_poll(int terminal, int frames, int wake, int milliseconds);
/// A TIOCGWINSZ that imports into Swift; 0 when the size is known.
int terminal_size(int terminal, int *rows, int *columns);
/// Pixels of a cell, as the same call says them; 0 when it does.
int terminal_cell(int terminal, int *width, int *height);

/// From now on no write that fails ends the process (SIGPIPE, SIGXFSZ), and what is said on the C library's standard
/// error before the process is ended is kept instead of written.
void standard_streams_begin(void);
/// What was kept, empty where nothing was; callable from signal handlers.
const char *standard_streams_last_words(void);
/// Writes what is left of standard output; 0, or the errno of what was lost of it, now or earlier.
int standard_output_finish(void);
/// Ends the process as a filter ends whose reader has gone.
void end_by_broken_pipe(void);
/// How many files may be open at once, at most `wanted`; the soft limit is raised where that is allowed.
int open_files_allowed(int wanted);
/// Bytes of address space that this process may still have; −1 where there is no limit.
long long address_space_left(void);
/// Ends the process with the sentence and the status of missing memory.
_Noreturn void end_by_missing_memory(void);

/// Remembers the modes of `terminal` and from now on restores them, leaves the alternate screen and switches mouse
/// reports off on every way out of the process: crashes, exit, signals. To be called before the first escape
/// sequence is written. `output` and `frames` are the descriptors that ncurses and whole frames are written to, `wake`
/// is posted by SIGINT, SIGTERM, SIGHUP, SIGWINCH and SIGCONT. Call it on the thread that shows the frames. 0, or −1
/// with errno.
int crash_guard_begin(int terminal, int output, int frames, int wake);
/// From now on a crash prints one sentence and ends the process with status 70, 69 where memory was wanting, or as the Swift runtime ends it where
/// SWIFT_BACKTRACE is set: for programs without a screen, and until crash_guard_begin.
void crash_guard_begin_without_screen(void);
/// To be called after ncurses has installed its handlers of SIGTSTP and SIGWINCH, which are called by ours.
/// `leave` and `enter` are written when the process is stopped and continued; they must live for ever.
void crash_guard_follow_suspension(void);
/// Leaves the screen to the shell and stops the process, as ^Z does elsewhere; returns once it is continued. To be
/// called on the thread that shows the frames, between two of them.
void crash_guard_suspend(void);
void crash_guard_set_modes(const char *enter, const char *leave);
/// What takes pictures from the terminal, written wherever the screen is left; it must live for ever.
void crash_guard_set_farewell(const char *text);
/// Everything printed from now on goes to an unnamed file, as long as it would have gone to a terminal.
int crash_guard_capture_output(void);
/// Restores the terminal at once unless that has been done; safe in signal handlers.
void crash_guard_restore(void);
/// Ends the guard without touching the terminal, which has been restored or is gone: handlers and output are as
/// before, and what was printed meanwhile is shown (its last 4 kB) when `report` is not 0.
void crash_guard_end(int report);
/// Gives the calling thread a stack of its own for signal handlers, without which the overflow of its stack ends
/// the process before any handler can run. Released when the thread ends. 0, or −1 with errno. In programs that link
/// CProtectedThreads every thread but the first has one from its start.
int crash_guard_protect_thread(void);
/// Lowers the priority of the calling thread by five, once; with processors enough for all that changes nothing.
void background_thread(void);

/// SIGINT, SIGTERM or SIGHUP, once it has arrived; else 0.
int crash_guard_ending_signal(void);
/// 1 once after the process was continued; 2 when it was stopped behind the back of ncurses.
int crash_guard_was_continued(void);

/// A file in memory that takes what ncurses writes for a frame; −1 when there is no memory or descriptor for it.
int frame_open_capture(void);
/// Lets `output` lead into the file. 0, or −1 where it leads to the terminal as before.
int frame_begin(int capture, int output);
/// Lets `output` lead to the terminal again, and says how many bytes the file holds.
long frame_end(int capture, int output, int terminal);
/// Takes the bytes out of the file, which is empty then.
long frame_take(int capture, char *bytes, long count);
/// The same frame in fewer bytes: looks that are selected already are left out, those that follow each other become
/// one sequence, and a blank keeps the foreground. A frame begins and ends with plain looks, as ncurses leaves
/// them. `compact` has room for `count` + 64 bytes.
long frame_compact(const char *bytes, long count, char *compact);
/// Writes as much as the terminal takes at once: 0 where it takes nothing now, −1 where it is gone.
long frame_write(int terminal, const char *bytes, long count);
/// Waits until the terminal takes more bytes; 0 when time has passed.
int frame_wait(int terminal, int milliseconds);
