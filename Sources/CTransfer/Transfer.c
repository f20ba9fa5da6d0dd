#include "CTransfer.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// Numbers of curl/curl.h, which promises never to change them.
enum {
  OPTION_WRITEDATA = 10001, OPTION_URL = 10002, OPTION_ERRORBUFFER = 10010, OPTION_USERAGENT = 10018,
  OPTION_PROGRESSDATA = 10057, OPTION_WRITEFUNCTION = 20011, OPTION_PROGRESSFUNCTION = 20219,
  OPTION_LOW_SPEED_LIMIT = 19, OPTION_LOW_SPEED_TIME = 20, OPTION_NOPROGRESS = 43, OPTION_FAILONERROR = 45,
  OPTION_FOLLOWLOCATION = 52, OPTION_CONNECTTIMEOUT = 78, OPTION_NOSIGNAL = 99, OPTION_PROTOCOLS = 181,
  OPTION_REDIR_PROTOCOLS = 182, OPTION_RESUME_FROM_LARGE = 30116, INFO_RESPONSE_CODE = 0x200002,
  GLOBAL_ALL = 3, HTTP = 1, HTTPS = 2, FILES = 1024,
};
enum {
  CODE_OK = 0, CODE_RESOLVE_PROXY = 5, CODE_RESOLVE_HOST = 6, CODE_CONNECT = 7, CODE_PARTIAL = 18, CODE_HTTP = 22,
  CODE_WRITE = 23, CODE_TIMEOUT = 28, CODE_RANGE = 33, CODE_BAD_RESUME = 36, CODE_ABORTED = 42, CODE_SEND = 55,
  CODE_EMPTY = 52, CODE_RECEIVE = 56, CODE_HTTP2 = 92,
};

static struct {
  int (*global_init)(long);
  void *(*init)(void);
  int (*setopt)(void *, int, ...);
  int (*perform)(void *);
  int (*getinfo)(void *, int, ...);
  void (*cleanup)(void *);
} curl;
static int is_loaded;

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  *(void **)&curl.global_init = dlsym(library, "curl_global_init");
  *(void **)&curl.init = dlsym(library, "curl_easy_init");
  *(void **)&curl.setopt = dlsym(library, "curl_easy_setopt");
  *(void **)&curl.perform = dlsym(library, "curl_easy_perform");
  *(void **)&curl.getinfo = dlsym(library, "curl_easy_getinfo");
  *(void **)&curl.cleanup = dlsym(library, "curl_easy_cleanup");
  is_loaded = curl.global_init && curl.init && curl.setopt && curl.perform && curl.getinfo && curl.cleanup &&
              curl.global_init(GLOBAL_ALL) == 0;
}

typedef struct {
  TransferReceive receive;
  TransferIsCancelled is_cancelled;
  void *context;
} Receiver;

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
  Receiver *receiver = context;
  return receiver->receive(bytes, size * count, receiver->context);
}

static int progress(void *context, long long a, long long b, long long c, long long d) {
  Receiver *receiver = context;
  return receiver->is_cancelled(receiver->context);
}

static TransferEnd meaning(int code, long status) {
  switch (code) {
    case CODE_OK: return TRANSFER_COMPLETE;
    case CODE_RESOLVE_PROXY: case CODE_RESOLVE_HOST: case CODE_CONNECT: return TRANSFER_UNREACHABLE;
    case CODE_TIMEOUT: return status == 0 ? TRANSFER_UNREACHABLE : TRANSFER_CUT;
    case CODE_PARTIAL: case CODE_EMPTY: case CODE_SEND: case CODE_RECEIVE: case CODE_HTTP2: return TRANSFER_CUT;
    case CODE_RANGE: case CODE_BAD_RESUME: return TRANSFER_NO_RESUME;
    case CODE_WRITE: case CODE_ABORTED: return TRANSFER_STOPPED;
    // 416: nothing lies from that byte on.
    case CODE_HTTP: return status == 416 ? TRANSFER_NO_RESUME : TRANSFER_REFUSED;
    default: return TRANSFER_FAILED;
  }
}

TransferEnd transfer_get(
    const char *url, long long start, TransferReceive to, TransferIsCancelled is_cancelled, void *context,
    TransferReport *report) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  memset(report, 0, sizeof *report);
  pthread_once(&once, load);
  void *handle = is_loaded ? curl.init() : NULL;
  if (!handle) return TRANSFER_NO_LIBRARY;
  Receiver receiver = {to, is_cancelled, context};
  curl.setopt(handle, OPTION_URL, url);
  curl.setopt(handle, OPTION_PROTOCOLS, (long)(HTTP | HTTPS | FILES));
  curl.setopt(handle, OPTION_REDIR_PROTOCOLS, (long)(HTTP | HTTPS));
  curl.setopt(handle, OPTION_USERAGENT, "boundaryscope");
  curl.setopt(handle, OPTION_NOSIGNAL, 1L);
  curl.setopt(handle, OPTION_FAILONERROR, 1L);
  curl.setopt(handle, OPTION_FOLLOWLOCATION, 1L);
  curl.setopt(handle, OPTION_CONNECTTIMEOUT, 10L);
  curl.setopt(handle, OPTION_LOW_SPEED_LIMIT, 1L);
  curl.setopt(handle, OPTION_LOW_SPEED_TIME, 30L);
  curl.setopt(handle, OPTION_RESUME_FROM_LARGE, start);
  curl.setopt(handle, OPTION_WRITEFUNCTION, receive);
  curl.setopt(handle, OPTION_WRITEDATA, &receiver);
  curl.setopt(handle, OPTION_NOPROGRESS, 0L);
  curl.setopt(handle, OPTION_PROGRESSFUNCTION, progress);
  curl.setopt(handle, OPTION_PROGRESSDATA, &receiver);
  curl.setopt(handle, OPTION_ERRORBUFFER, report->message);
  int code = curl.perform(handle);
  curl.getinfo(handle, INFO_RESPONSE_CODE, &report->status);
  // The buffer must not be written to once it is the caller's.
  curl.setopt(handle, OPTION_ERRORBUFFER, NULL);
  curl.cleanup(handle);
  return meaning(code, report->status);
}
