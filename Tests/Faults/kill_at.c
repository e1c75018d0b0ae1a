/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ends the program that it is loaded into (LD_PRELOAD) at a chosen change of an archive, as a SIGKILL then would.
 *
 * KILL_AT=N ends it instead of the N-th change, from 1, of a file with .h5 in its name; KILL_TORN=1 after half of the
 * pages of that change. Without KILL_AT the number of changes is written to the file that KILL_COUNT names. Whenever the
 * program looks at a clock, 2 s more have passed, so that every run hands over what it has after every row.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static long changes, looks;

static int is_archive(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strstr(path, ".h5") != NULL;
}

static ssize_t (*real_pwrite(void))(int, const void *, size_t, off64_t) {
  return (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
}

static void end(void) {
  kill(getpid(), SIGKILL);
  pause();
}

/* Whether this change is the last; bytes is NULL for a change of the length. */
static void count(int file, const void *bytes, size_t size, off64_t start) {
  if (!is_archive(file)) return;
  long number = __atomic_add_fetch(&changes, 1, __ATOMIC_SEQ_CST);
  const char *at = getenv("KILL_AT");
  if (!at || number != atol(at)) return;
  if (bytes && getenv("KILL_TORN")) {
    off64_t half = (start + (off64_t)size / 2) / 4096 * 4096;
    if (half > start) real_pwrite()(file, bytes, half - start, start);
  }
  end();
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t start) {
  count(file, bytes, size, start);
  return real_pwrite()(file, bytes, size, start);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t start) { return pwrite64(file, bytes, size, start); }

ssize_t write(int file, const void *bytes, size_t size) {
  ssize_t (*real)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  count(file, NULL, 0, 0);
  return real(file, bytes, size);
}

int ftruncate64(int file, off64_t size) {
  int (*real)(int, off64_t) = (int (*)(int, off64_t))dlsym(RTLD_NEXT, "ftruncate64");
  count(file, NULL, 0, 0);
  return real(file, size);
}

int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

int clock_gettime(clockid_t clock, struct timespec *now) {
  int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, now);
  if (result == 0 && clock != CLOCK_REALTIME) {
    now->tv_sec += 2 * __atomic_add_fetch(&looks, 1, __ATOMIC_SEQ_CST);
  }
  return result;
}

__attribute__((destructor)) static void tell(void) {
  const char *path = getenv("KILL_COUNT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", changes);
  fclose(file);
}
