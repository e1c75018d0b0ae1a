#ifndef MAGCERT_CHDF5_SHIM_H
#define MAGCERT_CHDF5_SHIM_H
#include <hdf5.h>
#endif
