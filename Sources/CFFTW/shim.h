#ifndef MAGCERT_CFFTW_SHIM_H
#define MAGCERT_CFFTW_SHIM_H
#include <fftw3.h>
#endif
