// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef MAGCERT_CHDF5_SHIM_H
#define MAGCERT_CHDF5_SHIM_H
#include <hdf5.h>
#if __has_include(<H5FDdevelop.h>)
#include <H5FDdevelop.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* Swift does not import macros that are expressions: one function per constant, and nothing else. */

static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_dataset_access(void) { return H5P_DATASET_ACCESS; }
static inline hid_t chdf5_transfer(void) { return H5P_DATASET_XFER; }
static inline unsigned chdf5_exclusive(void) { return H5F_ACC_EXCL; }
static inline unsigned chdf5_read_write(void) { return H5F_ACC_RDWR; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline hsize_t chdf5_unlimited(void) { return H5S_UNLIMITED; }
static inline size_t chdf5_variable(void) { return H5T_VARIABLE; }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline hid_t chdf5_file_double(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_file_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_file_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t chdf5_default_stack(void) { return H5E_DEFAULT; }
static inline hid_t chdf5_default_list(void) { return H5P_DEFAULT; }
static inline unsigned chdf5_all_objects(void) { return H5F_OBJ_ALL; }

/* What a driver of files has that Swift cannot say: macros, a name that stays, and a file's own memory. */

struct chdf5_file {
  H5FD_t file;
  void *object;
};

static inline void chdf5_prepare_driver(H5FD_class_t *driver) {
  const H5FD_mem_t map[H5FD_MEM_NTYPES] = H5FD_FLMAP_DICHOTOMY;
  memcpy(driver->fl_map, map, sizeof map);
#ifdef H5FD_CLASS_VERSION
  driver->version = H5FD_CLASS_VERSION;
  driver->value = (H5FD_class_value_t)300; /* 256 to 511 are registered for nobody */
#endif
  driver->name = "magcert";
  driver->maxaddr = INT64_MAX;
  driver->fc_degree = H5F_CLOSE_WEAK;
}

static inline unsigned long chdf5_features(void) {
  return H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
         H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
}

static inline H5FD_t *chdf5_new_file(void *object) {
  struct chdf5_file *file = calloc(1, sizeof *file);
  if (file) file->object = object;
  return &file->file;
}

static inline void *chdf5_object(const H5FD_t *file) { return ((const struct chdf5_file *)file)->object; }
static inline void chdf5_free_file(H5FD_t *file) { free(file); }

static inline void chdf5_report(const char *reason) {
  H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_VFL, H5E_SYSERRSTR, "%s", reason);
}

#ifdef __linux__
/* The C library declares these only where its extensions are asked for, which Swift's module of it does not do. */
extern int fallocate(int file, int mode, off_t start, off_t count);
static inline int chdf5_keep_size(void) { return 1; /* FALLOC_FL_KEEP_SIZE */ }
extern int sync_file_range(int file, int64_t start, int64_t count, unsigned how);
static inline unsigned chdf5_begin_writing(void) { return 2; /* SYNC_FILE_RANGE_WRITE */ }
static inline unsigned chdf5_write_and_wait(void) { return 7; /* SYNC_FILE_RANGE_WRITE_AND_WAIT */ }
#endif

#endif
