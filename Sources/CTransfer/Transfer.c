#include "CTransfer.h"

#define CURL_DISABLE_DEPRECATION
#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
  __typeof__(curl_global_init) *global_init;
  __typeof__(curl_easy_init) *init;
  __typeof__(curl_easy_setopt) *setopt;
  __typeof__(curl_easy_perform) *perform;
  __typeof__(curl_easy_getinfo) *getinfo;
  __typeof__(curl_easy_cleanup) *cleanup;
  __typeof__(curl_easy_strerror) *strerror;
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
  *(void **)&curl.strerror = dlsym(library, "curl_easy_strerror");
  is_loaded = curl.global_init && curl.strerror && curl.init && curl.setopt && curl.perform && curl.getinfo && curl.cleanup &&
              curl.global_init(CURL_GLOBAL_ALL) == 0;
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

static int progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  Receiver *receiver = context;
  return receiver->is_cancelled(receiver->context);
}

static TransferEnd meaning(CURLcode code, long status) {
  switch (code) {
    case CURLE_OK: return TRANSFER_COMPLETE;
    case CURLE_COULDNT_RESOLVE_PROXY: case CURLE_COULDNT_RESOLVE_HOST: case CURLE_COULDNT_CONNECT:
      return TRANSFER_UNREACHABLE;
    case CURLE_OPERATION_TIMEDOUT: return status == 0 ? TRANSFER_UNREACHABLE : TRANSFER_CUT;
    case CURLE_PARTIAL_FILE: case CURLE_GOT_NOTHING: case CURLE_SEND_ERROR: case CURLE_RECV_ERROR:
    case CURLE_HTTP2_STREAM: return TRANSFER_CUT;
    case CURLE_RANGE_ERROR: case CURLE_BAD_DOWNLOAD_RESUME: return TRANSFER_NO_RESUME;
    case CURLE_WRITE_ERROR: case CURLE_ABORTED_BY_CALLBACK: return TRANSFER_STOPPED;
    // 416: nothing lies from that byte on.
    case CURLE_HTTP_RETURNED_ERROR: return status == 416 ? TRANSFER_NO_RESUME : TRANSFER_REFUSED;
    default: return TRANSFER_FAILED;
  }
}

// Where distributions keep the certificates of authorities: a libcurl that came with the program knows one place alone.
static const char *authorities(void) {
  static const char *const places[] = {
      "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};
  const char *chosen = getenv("CURL_CA_BUNDLE");
  if (!chosen || !*chosen) chosen = getenv("SSL_CERT_FILE");
  if (chosen && *chosen) return chosen;
  for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    if (access(places[i], R_OK) == 0) return places[i];
  return NULL;
}

TransferEnd transfer_get(
    const char *url, long long start, TransferReceive to, TransferIsCancelled is_cancelled, void *context,
    TransferReport *report) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  memset(report, 0, sizeof *report);
  pthread_once(&once, load);
  CURL *handle = is_loaded ? curl.init() : NULL;
  if (!handle) return TRANSFER_NO_LIBRARY;
  Receiver receiver = {to, is_cancelled, context};
  curl.setopt(handle, CURLOPT_URL, url);
  curl.setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS | CURLPROTO_FILE));
  curl.setopt(handle, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
  curl.setopt(handle, CURLOPT_USERAGENT, "boundaryscope");
  curl.setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl.setopt(handle, CURLOPT_FAILONERROR, 1L);
  curl.setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl.setopt(handle, CURLOPT_CONNECTTIMEOUT, 10L);
  curl.setopt(handle, CURLOPT_MAXREDIRS, 10L);
  curl.setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 512L);
  curl.setopt(handle, CURLOPT_LOW_SPEED_TIME, 10L);
  curl.setopt(handle, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)start);
  curl.setopt(handle, CURLOPT_WRITEFUNCTION, receive);
  curl.setopt(handle, CURLOPT_WRITEDATA, &receiver);
  curl.setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl.setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
  curl.setopt(handle, CURLOPT_XFERINFODATA, &receiver);
  curl.setopt(handle, CURLOPT_ERRORBUFFER, report->message);
  const char *trusted = authorities();
  if (trusted) curl.setopt(handle, CURLOPT_CAINFO, trusted);
  CURLcode code = curl.perform(handle);
  curl.getinfo(handle, CURLINFO_RESPONSE_CODE, &report->status);
  // The buffer must not be written to once it is the caller's.
  curl.setopt(handle, CURLOPT_ERRORBUFFER, NULL);
  curl.cleanup(handle);
  if (code != CURLE_OK && report->message[0] == 0)
    snprintf(report->message, sizeof report->message, "%s", curl.strerror(code));
  return meaning(code, report->status);
}
