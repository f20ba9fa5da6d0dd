#pragma once
#include <stddef.h>

/// How a transfer ended.
typedef enum {
  TRANSFER_COMPLETE,     ///< the server has sent everything it meant to
  TRANSFER_CUT,          ///< the connection ended or stood still before that; more may come from where it stopped
  TRANSFER_NO_RESUME,    ///< the server sends files from their beginning alone
  TRANSFER_STOPPED,      ///< the receiver wanted no more
  TRANSFER_UNREACHABLE,  ///< no server of that name, or it does not answer
  TRANSFER_REFUSED,      ///< the server answered with an error, see `status`
  TRANSFER_FAILED,       ///< anything else
  TRANSFER_NO_LIBRARY,   ///< libcurl is not installed
} TransferEnd;

typedef struct {
  long status;        ///< of HTTP; 0 where no answer came
  char message[256];  ///< what libcurl said, empty where all went well
} TransferReport;

/// Takes bytes as they come; anything but `count` ends the transfer.
typedef size_t (*TransferReceive)(const void *bytes, size_t count, void *context);
/// Asked several times a second; anything but 0 ends the transfer.
typedef int (*TransferIsCancelled)(void *context);

/// Gets `url` (http, https, file) from byte `start` on, following redirections. Ends after 10 s without an answer,
/// after 10 s of less than 512 bytes a second, and after 10 redirections. libcurl is loaded here and not with the program, which starts faster without it.
TransferEnd transfer_get(
    const char *url, long long start, TransferReceive receive, TransferIsCancelled is_cancelled, void *context,
    TransferReport *report);
