/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The floor for writing archives: takes every dataset of an archive into memory, then writes datasets of the same
 * names, types, blocks and contents to a new file, in a plain loop of H5Dwrite with a flush after each part.
 *
 * PlainLoop ARCHIVE NEW-FILE PARTS [tuned]
 *
 * Prints the seconds from the creation of the file until it is on the disk, by the wall and of the processor. As anyone
 * would write it every call with texts clears two megabytes for its work, and every dataset keeps a megabyte of blocks;
 * tuned it does neither.
 */
#include <fcntl.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST 1000

struct column {
  char path[200];
  hid_t type, written;
  size_t size;
  hsize_t count, block;
  char *cells;
};

static struct column columns[MOST];
static char groups[MOST][200];
static int column_count, group_count, tuned;

static void check(long result, const char *what) {
  if (result >= 0) return;
  fprintf(stderr, "PlainLoop cannot %s\n", what);
  exit(2);
}

static herr_t load(hid_t file, const char *name, const H5O_info_t *information, void *unused) {
  (void)unused;
  if (name[0] == '.') return 0;
  check(column_count < MOST && group_count < MOST && strlen(name) < 200 ? 0 : -1, "take so many objects");
  if (information->type == H5O_TYPE_GROUP) {
    strcpy(groups[group_count++], name);
    return 0;
  }
  struct column *column = &columns[column_count++];
  strcpy(column->path, name);
  hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(dataset);
  hid_t list = H5Dget_create_plist(dataset);
  check(H5Sget_simple_extent_dims(space, &column->count, NULL), "read an extent");
  check(H5Pget_chunk(list, 1, &column->block), "read the size of blocks");
  column->type = H5Dget_type(dataset);
  column->size = H5Tget_size(column->type);
  column->cells = malloc(column->count * column->size + 1);
  check(H5Dread(dataset, column->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, column->cells), "read a dataset");
  H5Pclose(list);
  H5Sclose(space);
  H5Dclose(dataset);
  return 0;
}

static void create(hid_t file, struct column *column) {
  hsize_t none = 0, unlimited = H5S_UNLIMITED;
  hid_t list = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &none, &unlimited);
  check(H5Pset_chunk(list, 1, &column->block), "set the size of blocks");
  hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
  if (tuned) check(H5Pset_chunk_cache(access, 7, 2 * column->block * column->size, 1), "keep few blocks in memory");
  column->written = H5Dcreate2(file, column->path, column->type, space, H5P_DEFAULT, list, access);
  check(column->written, "create a dataset");
  H5Pclose(access);
  H5Sclose(space);
  H5Pclose(list);
}

static void append(const struct column *column, hsize_t part, hsize_t parts) {
  hsize_t start = column->count * part / parts, end = column->count * (part + 1) / parts, count = end - start;
  if (count == 0) return;
  check(H5Dset_extent(column->written, &end), "extend a dataset");
  hid_t memory = H5Screate_simple(1, &count, NULL), space = H5Dget_space(column->written);
  check(H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &count, NULL), "select a part");
  hid_t transfer = H5Pcreate(H5P_DATASET_XFER);
  if (tuned) check(H5Pset_buffer(transfer, count * column->size + 64, NULL, NULL), "set the size of the buffer");
  check(
      H5Dwrite(column->written, column->type, memory, space, transfer, column->cells + start * column->size),
      "write a part");
  H5Pclose(transfer);
  H5Sclose(space);
  H5Sclose(memory);
}

int main(int argument_count, char **arguments) {
  check(argument_count >= 4 ? 0 : -1, "work without ARCHIVE NEW-FILE PARTS");
  tuned = argument_count > 4;
  hsize_t parts = strtoull(arguments[3], NULL, 10);
  hid_t archive = H5Fopen(arguments[1], H5F_ACC_RDONLY, H5P_DEFAULT);
  check(archive, "open the archive");
  check(H5Ovisit1(archive, H5_INDEX_NAME, H5_ITER_INC, load, NULL), "visit the archive");
  H5Fclose(archive);

  struct timespec begin, end;
  clock_t ticks = clock();
  clock_gettime(CLOCK_MONOTONIC, &begin);
  hid_t file = H5Fcreate(arguments[2], H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
  check(file, "create the file");
  for (int place = 0; place < group_count; place++)
    H5Gclose(H5Gcreate2(file, groups[place], H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  for (int place = 0; place < column_count; place++) create(file, &columns[place]);
  for (hsize_t part = 0; part < parts; part++) {
    for (int place = 0; place < column_count; place++) append(&columns[place], part, parts);
    check(H5Fflush(file, H5F_SCOPE_GLOBAL), "flush");
  }
  for (int place = 0; place < column_count; place++) H5Dclose(columns[place].written);
  check(H5Fclose(file), "close the file");
  int descriptor = open(arguments[2], O_RDONLY);
  check(descriptor < 0 ? -1 : fsync(descriptor), "make the file durable");
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf(
      "%.6f %.6f\n", end.tv_sec - begin.tv_sec + 1e-9 * (end.tv_nsec - begin.tv_nsec),
      (double)(clock() - ticks) / CLOCKS_PER_SEC);
  return 0;
}
